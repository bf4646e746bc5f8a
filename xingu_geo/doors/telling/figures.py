"""How a measured figure is said: with separators, digits that mean something, and its unit.

Comes in: a figure, a unit, a language. Goes out: text. Must not know: what was measured.
"""

from __future__ import annotations

import math
from typing import Final

from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import unit_label
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.siting.judging.matrix import CriteriaMatrix

_WHOLE: Final = ("count", "persons", "m2")


def figure_text(figure: float, unit: str, lang: Lang) -> str:
    """``1,250 m``, ``3.4 %`` for a share, ``1.25`` for a ratio; unknown where there is no figure.

    Examples
    --------
    >>> figure_text(1250.4, "m", "en"), figure_text(0.034, "share", "en"), figure_text(float("nan"), "m", "en")
    ('1,250 m', '3.4 %', 'unknown')
    """
    if math.isnan(figure):
        return say("figure.unknown", lang)
    if unit == "share":
        return f"{100 * figure:,.1f} %"
    digits = 0 if unit in _WHOLE or abs(figure) >= 100 else 2
    if unit == "m" and digits:
        digits = 0 if abs(figure) >= 10 else 1
    return f"{figure:,.{digits}f} {unit_label(unit, lang)}".strip()


def raw_text(matrix: CriteriaMatrix, criterion: Criterion, site_id: str, lang: Lang) -> str:
    """How one measured figure is said: ``1,250 m``, a class's label, or that it is not known."""
    if criterion.is_class:
        entry = criterion.classes.get(str(matrix.words.loc[site_id, criterion.id]))
        return entry.label.to(lang) if entry else say("figure.unknown", lang)
    return figure_text(float(matrix.raw[criterion.id][site_id]), criterion.unit, lang)


def left_out_text(matrix: CriteriaMatrix, criterion: str, lang: Lang) -> str:
    """How many features of the layer the criterion could not consider, and why; ``""`` where it considered all."""
    left_out = matrix.left_out.get(criterion, {})
    return say("left_out.join", lang).join(say(f"left_out.{reason}", lang, count=n) for reason, n in left_out.items())
