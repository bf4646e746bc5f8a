"""One sewer element's story: how full it is, its load over the phases, what drains to it, who uses it.

Comes in: a network and its loads. Goes out: a column of the page. Must not know: sites, scores.
"""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.kit import cache, looks
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.doors.ui.kit.sewer_view import element_names, pipe_words, upstream_of
from xingu_geo.ground.base.figures import Figure, number, per_cent
from xingu_geo.ground.base.inert import without_mark
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.carrying import curves, users

CURVE_SCALE: Final = 1.25
USERS_SHOWN: Final = 10
# The chip beside the title says once for all that the data are illustrative.
_ILLUSTRATIVE: Final = r"^(示意：|Illustrative: )"
_ALIGN: Final = {
    "source": "",
    "state": "white-space:nowrap",
    "mean": "text-align:right;white-space:nowrap",
    "share": "text-align:right;white-space:nowrap",
}
_CELL: Final = "width:78px;white-space:nowrap;color:#64748b"


def element_story(network: Network, table: pd.DataFrame, element: str, lang: Lang, *, is_chosen: bool) -> None:
    """The chosen element: its figures, its load over the phases, who uses it."""
    st.html(element_card(network, table, element, lang, is_chosen=is_chosen))
    if element in table.index:
        st.html(curve_bars(element, lang))
        st.html(users_table(network, element, lang))


def element_card(network: Network, table: pd.DataFrame, element: str, lang: Lang, *, is_chosen: bool = True) -> Markup:
    """One element's figures and how much drains to it; said to be the tightest where nobody chose it."""
    if element not in table.index:
        return el("div", say("ui.cap_pick", lang), cls="xg-empty")
    row: Any = table.loc[element]
    state = str(row["state"])
    colour = looks.PIPE_COLOURS[looks.PIPE_STATES.index(state)]
    above = sum(name in table.index and name != element for name in upstream_of(network, element))
    key = "ui.cap_fact_plant" if KINDS[row["kind"]].is_mean else "ui.cap_fact_peak"
    peak = say(key, lang, peak=number(row["peak_l_s"], "l_s"), capacity=Figure(row["capacity_l_s"], "l_s"))
    share = el("b", per_cent(row["utilisation"]), style=f"color:{colour}")
    facts: list[tuple[str, object]] = [
        ("load", join(share, " ", pipe_words(network, lang)[state])),
        ("peak", peak),
        ("mean", Figure(row["mean_m3_d"], "m3_d").spoken(lang)),
        ("headroom", Figure(row["headroom_m3_d"], "m3_d").spoken(lang)),
        ("above", say("ui.cap_lit" if is_chosen else "ui.cap_not_lit", lang, count=above)),
    ]
    rows = [el("tr", el("td", say(f"ui.cap_fact.{name}", lang), style=_CELL), el("td", told)) for name, told in facts]
    kind = say("ui.cap_kind", lang, kind=KINDS[row["kind"]].title.to(lang), id=element)
    head = el(
        "div",
        el("span", element_names(table, lang)[element], cls="xg-card-name"),
        el("span", kind, cls="xg-card-facts"),
        cls="xg-card-head",
    )
    hint = NOTHING if is_chosen else el("div", say("ui.cap_tightest", lang), cls="xg-note")
    return el("div", head, hint, el("table", *rows, cls="xg-rules"), cls="xg-card")


def curve_bars(element: str, lang: Lang) -> Markup:
    """The element's load in every phase, each on its own cut of the network."""
    phases = cache.tables().phases
    table = curves(cache.place())
    if element not in table.index.get_level_values("element"):
        return NOTHING
    rows = []
    for phase, row in table.xs(element, level="element").iterrows():
        named, share = phases.named(str(phase)), float(row["utilisation"])
        colour = looks.PIPE_COLOURS[looks.PIPE_STATES.index(str(row["state"]))]
        rows += [
            el("span", named.title.to(lang), title=named.about.to(lang)),
            el(
                "span",
                el("i", style=f"width:{100 * min(1.0, share / CURVE_SCALE):.1f}%;background:{colour}"),
                el("i", cls="xg-tick", style=f"left:{100 / CURVE_SCALE:.1f}%;background:#0f172a"),
                cls="xg-track",
            ),
            el("span", per_cent(share), cls="xg-points"),
        ]
    heading = _heading(say("ui.cap_curve", lang), say("ui.cap_curve_key", lang))
    return join(heading, el("div", *rows, cls="xg-bars"))


def users_table(network: Network, element: str, lang: Lang) -> Markup:
    """Who uses the element, the largest first; loads of one source, state and year are summed."""
    grouped = users_by_source(network, element, lang)
    total = float(grouped["mean_m3_d"].sum())
    rows = [_user_row(row, total, lang) for _, row in grouped.head(USERS_SHOWN).iterrows()]
    rest = grouped.iloc[USERS_SHOWN:]
    if len(rest):
        named = say("ui.cap_rest", lang, count=int(rest["count"].sum()))
        rows.append(
            _user_row({"source": named, "when": "", "mean_m3_d": rest["mean_m3_d"].sum(), "count": 1}, total, lang)
        )
    head = el("tr", *(el("th", say(f"ui.cap_user.{name}", lang), style=_ALIGN[name]) for name in _ALIGN))
    count = say("ui.cap_users_key", lang, count=int(grouped["count"].sum()))
    return join(_heading(say("ui.cap_users", lang), count), el("table", head, *rows, cls="xg-rules"))


def users_by_source(network: Network, element: str, lang: Lang) -> pd.DataFrame:
    """Mean flow [m³/d] and number of the element's loads by source, state and year, the largest first."""
    found = users(network, element)
    named = found[f"source_{lang}"].map(without_mark).str.replace(_ILLUSTRATIVE, "", regex=True)
    named = named.where(named != "", found.index.to_series())
    states = found["state"].map(lambda name: say(f"ui.cap_state.{name}", lang))
    years = found["year"].astype("Int64").astype("string").fillna("")
    table = pd.DataFrame(
        {"source": named, "when": states + " " + years.astype(object), "mean_m3_d": found["mean_m3_d"], "count": 1}
    )
    grouped = table.groupby(["source", "when"], as_index=False, sort=True).sum()
    return grouped.sort_values("mean_m3_d", ascending=False, kind="stable", ignore_index=True)


def _user_row(row: Any, total: float, lang: Lang) -> Markup:
    count, flow = int(row["count"]), float(row["mean_m3_d"])
    source = say("ui.cap_several", lang, source=row["source"], count=count) if count > 1 else row["source"]
    share = per_cent(flow / total if total > 0 else math.nan, "whole")
    cells = {"source": source, "state": row["when"], "mean": number(flow, "m3_d"), "share": share}
    return el("tr", *(el("td", cells[name], style=_ALIGN[name]) for name in _ALIGN))


def _heading(text: str, rest: str) -> Markup:
    return el("div", el("span", text), el("small", rest), cls="xg-h")
