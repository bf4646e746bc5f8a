"""What everything stands on: tools, geometry, layers with passports, the nouns of planning.

Comes in: files and the process environment. Goes out: layers in the working CRS, sites, projects, specifications.
Must not know: the wings above.
"""
