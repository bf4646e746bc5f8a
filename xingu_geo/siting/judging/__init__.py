"""Judging: rules become eligibility, criteria become values on fixed anchors.

Comes in: rules, criteria, a context. Goes out: Eligibility, CriteriaMatrix. Must not know: weights, ranks.
"""
