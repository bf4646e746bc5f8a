"""What later phases leave of a site's headroom, beside today's.

Comes in: a result, a site. Goes out: HTML, columns of a table. Must not know: widgets, how headroom is found.
"""

from __future__ import annotations

import math

import pandas as pd

from xingu_geo.doors.telling.names import element_name
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.fit import Fit, FitState
from xingu_geo.study.run.result import Result


def outlook_table(result: Result, site: str, lang: Lang) -> Markup:
    """One row for the chosen phase and each later one: headroom, whether the project fits, what binds if not."""
    measured, outlook = result.measured, result.measured.outlook
    if outlook is None or measured.site_headroom is None or measured.network is None:
        return NOTHING
    now, need = measured.site_headroom, result.brief.need("wastewater_m3_d")
    today = (measured.phase, float(now.table["headroom_m3_d"][site]), now.fit_at(site, need))
    lines = [
        el(
            "tr",
            el("td", phase.title.to(lang), title=phase.about.to(lang)),
            el("td", number(room, "m3_d"), style="text-align:right"),
            _verdict(fit, element_name(measured.network, fit.binding, lang) if fit.binding else "", lang),
        )
        for phase, room, fit in (today, *outlook.at(site, need))
    ]
    heads = (el("th", say(f"ui.outlook.{name}", lang)) for name in ("phase", "room", "verdict"))
    return el("table", el("tr", *heads), *lines, cls="xg-rules")


def short_later(result: Result) -> pd.Series[bool] | None:
    """Whether each ranked site fits today but not in every later phase; None where nothing is to come."""
    outlook, need = result.measured.outlook, result.brief.need("wastewater_m3_d")
    if outlook is None or not math.isfinite(need):
        return None
    return outlook.fits(need)["state"].reindex(result.ranking.table.index) == FitState.SHORT


def _verdict(fit: Fit, binding: str, lang: Lang) -> Markup:
    if fit.state is FitState.FITS:
        return el("td", say("ui.outlook.fits", lang), cls="xg-ok")
    if fit.state is FitState.SHORT:
        return el("td", say("ui.outlook.short", lang), title=binding, cls="xg-fail")
    return el("td", "—")
