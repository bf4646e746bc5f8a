"""Ranking: weights, combination, ranks with ties, robustness, explanation.

Comes in: a criteria matrix, weights, eligibility. Goes out: scores, ranks, reasons.
Must not know: layers, geometry, where a value came from.
"""

from xingu_geo.ranking.carriers import Ranking, Scores
from xingu_geo.ranking.order import rank
from xingu_geo.ranking.scoring import score

__all__ = ["Ranking", "Scores", "rank", "score"]
