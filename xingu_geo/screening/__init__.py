"""Hard rules: which sites are out, and why.

Comes in: sites, layers, a brief, headroom. Goes out: :class:`~xingu_geo.screening.eligibility.Eligibility`.
Must not know: criteria, weights, ranks.
"""
