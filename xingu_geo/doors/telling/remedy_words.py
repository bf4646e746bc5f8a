"""Remedies in sentences, the same in the app, the report and the command line.

Comes in: remedies, a language. Goes out: sentences. Must not know: how anything was computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR
from types import MappingProxyType
from typing import Final

from xingu_geo.ground.base.figures import Figure
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind

_ROUNDED: Final = MappingProxyType(
    {
        RemedyKind.DISCHARGE: "tenths",
        RemedyKind.REUSE: "tenths",
        RemedyKind.TIE_IN: "whole",
        RemedyKind.CROSS_LINK: "tenths",
        RemedyKind.PUMP: "hundredths",
        RemedyKind.PIPE: "whole",
        RemedyKind.PLANT: "whole",
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
        percent=said_figure(remedy).bare,
        missing=Figure(remedy.missing_m3_d, "m3_d", rule="tenths"),
    )
    enough = say("remedy.enough" if remedy.is_enough else "remedy.not_enough", lang)
    return say("remedy.line", lang, way=way, enough=enough, cost=_cost(remedy.cost_10k_cny, lang))


def _cost(cost_10k_cny: float, lang: Lang) -> str:
    if math.isnan(cost_10k_cny):
        return say("remedy.cost_unknown", lang)
    return (
        say("remedy.cost", lang, cost=Figure(cost_10k_cny, "10k_cny"))
        if cost_10k_cny > 0
        else say("remedy.cost_none", lang)
    )


def said_figure(remedy: Remedy) -> Figure:
    """The figure as a sentence gives it, rounded to the side on which it still works."""
    side = ROUND_FLOOR if remedy.kind is RemedyKind.DISCHARGE else ROUND_CEILING
    return Figure(remedy.figure, remedy.unit, rule=_ROUNDED[remedy.kind]).on_side(side)
