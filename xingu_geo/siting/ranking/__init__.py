"""Ranking: combination, ranks with ties, explanation.

Comes in: a criteria matrix, weights, eligibility. Goes out: scores, ranks, reasons.
Must not know: layers, geometry, where a value came from.
"""
