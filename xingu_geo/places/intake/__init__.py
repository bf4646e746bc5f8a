"""Intake: a foreign file becomes a layer with a passport and a doctor's report, or is refused in one sentence.

Comes in: files that planners and water companies send. Goes out: layers in the working CRS, passports, reports.
Must not know: what a criterion, a rule or the sewer model makes of a layer.
"""
