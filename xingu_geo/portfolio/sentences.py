"""Remedies in sentences, the same in the app, the report and the command line.

Comes in: remedies, a language. Goes out: sentences. Must not know: how anything was computed.
"""

from __future__ import annotations

import math

from xingu_geo.base.say import Lang, say
from xingu_geo.portfolio.remedy import Remedy


def remedy_sentence(remedy: Remedy, lang: Lang) -> str:
    """One way out: its figure, whether it is enough alone, what it costs to build."""
    way = say(
        f"remedy.{remedy.kind.value}",
        lang,
        project=remedy.project,
        element=remedy.element,
        start=remedy.links[0].from_node if remedy.links else "–",
        figure=remedy.figure,
        percent=remedy.figure * 100,
        missing=remedy.missing_m3_d,
    )
    enough = say("remedy.enough" if remedy.is_enough else "remedy.not_enough", lang)
    known = not math.isnan(remedy.cost_10k_cny)
    cost = say("remedy.cost", lang, cost=remedy.cost_10k_cny) if known else say("remedy.cost_unknown", lang)
    return say("remedy.line", lang, way=way, enough=enough, cost=cost)
