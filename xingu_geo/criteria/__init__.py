"""Criteria as data: measures, value functions with fixed anchors, the criteria matrix.

Comes in: sites, layers, a brief, headroom, ``data/criteria.toml``. Goes out: CriteriaMatrix.
Must not know: weights, ranks, rules.
"""
