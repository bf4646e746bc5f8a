"""The sewers in words and tables: how full each element is, how much each node and site can still take.

Comes in: a network, headroom. Goes out: rows and sentences. Must not know: how a flow was computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xingu_geo.doors.telling.names import element_name, element_said
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.say import Bilingual, Lang, say
from xingu_geo.sewers.network.backwater import Backwater
from xingu_geo.sewers.network.headroom import Headroom
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.phases import Phases


def fullest_first(utilisation: pd.DataFrame) -> pd.DataFrame:
    """The elements, the most loaded first, equals by id; those of unknown capacity last."""
    by_id = utilisation.sort_index()
    return by_id.sort_values("utilisation", ascending=False, kind="stable", na_position="last")


def element_lines(network: Network, utilisation: pd.DataFrame, lang: Lang) -> list[str]:
    """One sentence for each element."""
    return [
        say(
            f"capacity.element_{row['state']}",
            lang,
            element=element_said(network, str(element), str(row["kind"]), lang),
            percent=number(row["utilisation"], "share"),
            room=Figure(abs(row["headroom_m3_d"]), "m3_d"),
        )
        for element, row in utilisation.iterrows()
    ]


def headroom_line(network: Network, headroom: Headroom, node: str, lang: Lang) -> str:
    """How much more may enter at ``node``, what binds, and what would bind next."""
    row = headroom.table.loc[[node]].iloc[0].to_dict()
    room = float(row["headroom_m3_d"])
    name = element_name(network, node, lang)
    named = name if name != node else say("capacity.node_named", lang, node=node)
    if math.isnan(room):
        return say("capacity.node_unknown", lang, node=named)
    if math.isinf(room):
        return say("capacity.node_unlimited", lang, node=named)
    key = "capacity.node_room" if room >= 0 else "capacity.node_deficit"
    binding = element_name(network, str(row["binding"]), lang)
    return say(key, lang, node=named, room=Figure(abs(room), "m3_d"), binding=binding) + _next(network, row, lang)


def curve_lines(network: Network, phases: Phases, element: str, curve: pd.DataFrame, lang: Lang) -> list[str]:
    """One sentence for each phase of ``element``."""
    name = element_name(network, element, lang)
    lines = [say("capacity.curve", lang, element=name)]
    return lines + [
        say(
            "capacity.curve_phase",
            lang,
            phase=phases.named(str(phase)).title.to(lang),
            percent=number(row["utilisation"], "share"),
            room=Figure(row["headroom_m3_d"], "m3_d"),
        )
        for phase, row in curve.iterrows()
    ]


def backwater_lines(network: Network, surface: Backwater, lang: Lang) -> list[str]:
    """One sentence for each pipe that is not well, the deepest first; or that all are."""
    deep = surface.links[~surface.links["state"].isin(("ok", ""))].sort_index()
    if deep.empty:
        return [say("capacity.backwater_none", lang, count=int((surface.links["state"] == "ok").sum()))]
    return [
        say(
            "capacity.backwater_link",
            lang,
            element=element_name(network, str(link), lang),
            state=say(f"backwater.state.{row['state']}", lang),
            fill=number(row["fill"], "share", "whole"),
            limit=number(row["fill_limit"], "share", "whole"),
            drowned=Figure(row["drowned_m"], "m"),
        )
        for link, row in deep.sort_values("fill", ascending=False, kind="stable").iterrows()
    ]


def warranty(confidence: Confidence) -> Bilingual:
    """What must stand beside a verdict that rests on ``confidence``: empty unless it is illustrative only."""
    if confidence is not Confidence.ILLUSTRATIVE:
        return Bilingual("", "")
    return Bilingual(say("verdict.illustrative_only", "zh"), say("verdict.illustrative_only", "en"))


def _next(network: Network, row: Mapping[Any, Any], lang: Lang) -> str:
    following, room = str(row["binding_2"]), float(row["headroom_2_m3_d"])
    if not following:
        return ""
    return say("capacity.node_next", lang, binding=element_name(network, following, lang), room=Figure(room, "m3_d"))
