"""The sewer check of one site: every element from the tie-in to the outfall, before and after the project.

Comes in: a result, a site id. Goes out: a table and HTML. Must not know: the map, widgets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from xingu_geo.doors.ui.kit import looks
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.doors.ui.kit.outlook_view import outlook_table
from xingu_geo.doors.ui.kit.sewer_view import absent_note, element_names
from xingu_geo.doors.ui.kit.view import is_illustrative
from xingu_geo.ground.base.figures import number, per_cent
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.fit import Fit, FitState
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.study.run.carrying import loads_of_elements, way_to_outfall, with_project
from xingu_geo.study.run.result import Result

SHOWN: Final = 5
SCALE: Final = 1.25


@dataclass(frozen=True, slots=True)
class SewerPath:
    """A site's way to the outfall. ``table`` (in flow order) has name, kind, before, after and headroom_m3_d."""

    site: str
    tie_in: str
    elements: tuple[str, ...]
    table: pd.DataFrame
    headroom_m3_d: float
    fit: Fit


def sewer_path(result: Result, site: str, before: pd.DataFrame, lang: Lang) -> SewerPath | None:
    """The path of ``site``, None where the place has no sewers or the site has no tie-in."""
    network, sewered = result.measured.network, result.measured.site_headroom
    if network is None or sewered is None or site not in sewered.table.index or not sewered.table.loc[site, "tie_in"]:
        return None
    row: Any = sewered.table.loc[site]
    elements = way_to_outfall(network, str(row["tie_in"]))
    after = loads_of_elements(with_project(network, result.brief, str(row["tie_in"])))
    on_way = [name for name in elements if name in before.index]
    table = pd.DataFrame(
        {
            "name": element_names(before.loc[on_way], lang),
            "kind": before.loc[on_way, "kind"],
            "before": before.loc[on_way, "utilisation"],
            "after": after.loc[on_way, "utilisation"],
            "state": after.loc[on_way, "state"],
            "headroom_m3_d": result.measured.headroom.by_element.reindex(on_way)
            if result.measured.headroom
            else math.nan,
        }
    )
    fit = sewered.fit_at(site, result.brief.need("wastewater_m3_d"))
    return SewerPath(site, str(row["tie_in"]), elements, table, float(row["headroom_m3_d"]), fit)


def sewer_html(result: Result, path: SewerPath | None, lang: Lang) -> Markup:
    """The verdict, then the tightest elements of the way, the binding one first."""
    if result.measured.network is None:
        return absent_note(result.measured.context.catalogue, lang)
    if path is None:
        return el("div", say("ui.unsewered", lang), cls="xg-empty")
    need = result.brief.need("wastewater_m3_d")
    order = path.table.sort_values("after", ascending=False, kind="stable").index.tolist()
    if path.fit.binding in order:
        order = [path.fit.binding, *(name for name in order if name != path.fit.binding)]
    parts = [_element(path, str(name), lang) for name in order[:SHOWN]]
    rest = len(order) - SHOWN
    more = el("div", say("ui.more_elements", lang, count=rest), cls="xg-note") if rest > 0 else NOTHING
    verdict = el("div", _verdict(path, need, lang), cls="xg-why")
    return el("div", verdict, outlook_table(result, path.site, lang), *parts, more, cls="xg-card")


def _verdict(path: SewerPath, need: float, lang: Lang) -> Markup:
    binding = path.table.loc[path.fit.binding, "name"] if path.fit.binding in path.table.index else path.fit.binding
    facts = {"headroom": number(path.headroom_m3_d, "m3_d"), "need": number(need, "m3_d"), "binding": binding}
    if not math.isfinite(need):
        return join(say("ui.sewer_no_need", lang, **facts))
    if path.fit.state is FitState.SHORT:
        missing = number(path.fit.missing_m3_d, "m3_d")
        return el("span", say("ui.sewer_full", lang, missing=missing, **facts), style="color:#b42318")
    if path.fit.state is not FitState.FITS:
        return join(say("ui.sewer_unknown", lang))
    key = "ui.sewer_fits_illustrative" if is_illustrative(path.fit.confidence) else "ui.sewer_fits"
    return join(say(key, lang, **facts))


def _element(path: SewerPath, name: str, lang: Lang) -> Markup:
    row: Any = path.table.loc[name]
    before, after = float(row["before"]), float(row["after"])
    colour = looks.PIPE_COLOURS[int(looks.pipe_codes(pd.Series([row["state"]])).iloc[0])]
    kind = KINDS[row["kind"]].title.to(lang)
    binding = say("ui.binding", lang) if name == path.fit.binding else ""
    head = el(
        "div",
        el("span", f"{row['name']}{binding}", title=f"{name} · {kind}"),
        el("span", per_cent(before), " → ", el("b", per_cent(after), style=f"color:{colour}")),
        cls="xg-pipe-head",
    )
    track = el(
        "div",
        el("i", style=f"width:{_share(before)};background:{colour}"),
        el("i", cls="xg-hatch", style=f"left:{_share(before)};width:{_share(after - before)}"),
        el("i", cls="xg-tick", style=f"left:{_share(1.0)}", title=say("ui.tick_full", lang)),
        cls="xg-track",
    )
    rest = say("ui.element_headroom", lang, kind=kind, id=name, headroom=number(row["headroom_m3_d"], "m3_d"))
    return el("div", head, track, el("div", rest, cls="xg-note"), cls="xg-pipe" + (" xg-binding" if binding else ""))


def _share(share: float) -> str:
    return f"{100 * max(0.0, min(1.0, share / SCALE)):.1f}%" if math.isfinite(share) else "0%"
