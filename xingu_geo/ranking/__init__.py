"""Ranking: weights, combination, ranks with ties, robustness, explanation.

Comes in: a criteria matrix, weights, eligibility. Goes out: scores, ranks, reasons.
Must not know: layers, geometry, where a value came from.
"""

from xingu_geo.ranking.carriers import Ranking, Scores
from xingu_geo.ranking.comparison import Comparison, Standing, compare, comparison_sentence
from xingu_geo.ranking.dominance import dominated_by
from xingu_geo.ranking.explanation import Explanation, explain
from xingu_geo.ranking.order import rank
from xingu_geo.ranking.robustness import Robustness, Sampling, robustness
from xingu_geo.ranking.scoring import score
from xingu_geo.ranking.sentences import overtake_sentence, sentence
from xingu_geo.ranking.stability import move_sentence, stability_sentence
from xingu_geo.ranking.swings import swings

__all__ = [
    "Comparison",
    "Explanation",
    "Ranking",
    "Robustness",
    "Sampling",
    "Scores",
    "Standing",
    "compare",
    "comparison_sentence",
    "dominated_by",
    "explain",
    "move_sentence",
    "overtake_sentence",
    "rank",
    "robustness",
    "score",
    "sentence",
    "stability_sentence",
    "swings",
]
