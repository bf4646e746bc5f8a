"""How what was measured for a criterion is said, and what it could not consider.

Comes in: a matrix, a criterion. Goes out: text in one language. Must not know: scores, ranks.
"""

from __future__ import annotations

from xingu_geo.ground.base.figures import Figure
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.siting.judging.matrix import CriteriaMatrix


def raw_text(matrix: CriteriaMatrix, criterion: Criterion, site_id: str, lang: Lang) -> str:
    """How one measured figure is said: ``1,250 m``, a class's label, or that it is not known."""
    if criterion.is_class:
        entry = criterion.classes.get(str(matrix.words.loc[site_id, criterion.id]))
        return entry.label.to(lang) if entry else say("figure.unknown", lang)
    raw, sure = float(matrix.raw[criterion.id][site_id]), matrix.confidence.get(criterion.id)
    return Figure(raw, criterion.unit, sure).spoken(lang)


def left_out_text(matrix: CriteriaMatrix, criterion: str, lang: Lang) -> str:
    """How many features of the layer the criterion could not consider, and why; ``""`` where it considered all."""
    left_out = matrix.left_out.get(criterion, {})
    return say("left_out.join", lang).join(say(f"left_out.{reason}", lang, count=n) for reason, n in left_out.items())
