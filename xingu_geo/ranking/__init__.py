"""Ranking: weights, combination, ranks with ties, robustness, explanation.

Comes in: a criteria matrix, weights, eligibility. Goes out: scores, ranks, reasons.
Must not know: layers, geometry, where a value came from.
"""

from xingu_geo.ranking.carriers import Ranking, Scores
from xingu_geo.ranking.comparison import Comparison, Standing, compare
from xingu_geo.ranking.explanation import Explanation, explain
from xingu_geo.ranking.order import rank
from xingu_geo.ranking.robustness import Robustness, Sampling, robustness
from xingu_geo.ranking.scoring import score
from xingu_geo.ranking.sentences import sentence

__all__ = [
    "Comparison",
    "Explanation",
    "Ranking",
    "Robustness",
    "Sampling",
    "Scores",
    "Standing",
    "compare",
    "explain",
    "rank",
    "robustness",
    "score",
    "sentence",
]
