"""Remedies in sentences, the same in the app, the report and the command line.

Comes in: remedies, a language. Goes out: sentences. Must not know: how anything was computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from types import MappingProxyType
from typing import Final

from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind

DECIMALS: Final = MappingProxyType(
    {
        RemedyKind.DISCHARGE: 1,
        RemedyKind.REUSE: 3,
        RemedyKind.TIE_IN: 0,
        RemedyKind.CROSS_LINK: 1,
        RemedyKind.PUMP: 2,
        RemedyKind.PIPE: 0,
        RemedyKind.PLANT: 0,
    }
)


def remedy_sentence(remedy: Remedy, lang: Lang, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """One way out: its figure, whether it is enough alone, what it costs to build.

    ``names`` says what people call a project on its site, a node or a link, by id; without a name the id is said.
    """
    start = remedy.links[0].from_node if remedy.links else "–"
    way = say(
        f"remedy.{remedy.kind.value}",
        lang,
        project=names.get(remedy.project, remedy.project),
        element=names.get(remedy.element, remedy.element),
        start=names.get(start, start),
        figure=said_figure(remedy),
        percent=said_figure(remedy) * 100,
        missing=remedy.missing_m3_d,
    )
    enough = say("remedy.enough" if remedy.is_enough else "remedy.not_enough", lang)
    return say("remedy.line", lang, way=way, enough=enough, cost=_cost(remedy.cost_10k_cny, lang))


def _cost(cost_10k_cny: float, lang: Lang) -> str:
    if math.isnan(cost_10k_cny):
        return say("remedy.cost_unknown", lang)
    return say("remedy.cost", lang, cost=cost_10k_cny) if cost_10k_cny > 0 else say("remedy.cost_none", lang)


def said_figure(remedy: Remedy) -> float:
    """The figure as a sentence gives it, rounded to the side on which it still works."""
    digits = DECIMALS[remedy.kind]
    exact = Decimal(repr(remedy.figure))
    side = ROUND_FLOOR if remedy.kind is RemedyKind.DISCHARGE else ROUND_CEILING
    return float(exact.quantize(Decimal(1).scaleb(-digits), rounding=side)) if exact.is_finite() else remedy.figure
