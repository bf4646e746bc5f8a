"""The ranking as a table: the keyboard's way to every site.

Comes in: a result, class codes. Goes out: a table whose selected row is the open card. Must not know: the map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.kit import cache, doubt_shelf, looks, session
from xingu_geo.doors.ui.kit.outlook_view import short_later
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.ground.base.figures import column_form, rounded
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.study.run.result import Result

LISTS: Final = ("ranked", "full", "hard", "unknown")
HEIGHT: Final = 330
ROWS_MAX: Final = 500
ROW_HEIGHT: Final = 29
HEADER_HEIGHT: Final = 38
# With the box before each row these fill the column at 1,500 px and nothing of it is cut.
_WIDTHS: Final[Mapping[Lang, Mapping[str, int]]] = {
    "zh": {"rank": 44, "name": 112, "area": 44, "score": 80, "gap": 58, "later": 58, "weak": 116, "reasons": 296},
    "en": {"rank": 40, "name": 160, "area": 42, "score": 50, "gap": 46, "later": 62, "weak": 106, "reasons": 258},
}
_WATER_WIDTH: Final = 120
_FIRST_WIDTH: Final = 82


def ranking_table(result: Result, codes: pd.Series[int], lang: Lang) -> None:
    """The sites of the chosen list; a selected row opens the site's card and moves the map to it."""
    listed = _chosen_list(codes, len(result.ranking.table), lang)
    whole = listed_sites(result, codes, listed)
    rows = rows_of(result, whole[part_shown(whole, lang)], listed, lang)
    shown = [str(site) for site in rows.index]
    st.session_state[Key.SHOWN_ROWS] = shown
    place = [shown.index(session.selected())] if session.selected() in shown else []
    st.session_state[Key.TABLE] = {"selection": {"rows": place}}
    st.dataframe(
        rows,
        key=Key.TABLE,
        on_select=_take_row,
        selection_mode="single-row",
        hide_index=True,
        height=min(HEIGHT, HEADER_HEIGHT + ROW_HEIGHT * max(1, len(rows))),
        row_height=ROW_HEIGHT,
        column_config=_columns(lang),
        alt=say("ui.table_alt", lang),
    )


def listed_sites(result: Result, codes: pd.Series[int], listed: str) -> pd.Index[str]:
    """The sites of ``listed`` in the order of the table: by rank, or by what is missing of the discharge."""
    if listed == "ranked":
        return result.ranking.table.index
    code = next(code for code, name in looks.OUT_STATES.items() if name == listed)
    index = codes.index[codes == code]
    return _shortfall(result, index)["missing"].sort_values(kind="stable").index if listed == "full" else index


def part_shown(whole: pd.Index[str], lang: Lang) -> slice:
    """Which rows of a long list the table shows: those the reader leafed to, or those with a newly selected site.

    A list of thousands of rows would be sent again with every step of a slider.
    """
    if len(whole) <= ROWS_MAX:
        return slice(None)
    starts = list(range(0, len(whole), ROWS_MAX))
    chosen = session.selected()
    if st.session_state.get(Key.LEAFED_FOR) != chosen and chosen in whole:
        st.session_state[Key.LEAF] = starts[int((whole == chosen).argmax()) // ROWS_MAX]
    st.session_state[Key.LEAFED_FOR] = chosen
    if st.session_state.get(Key.LEAF) not in starts:
        st.session_state[Key.LEAF] = 0
    start = st.selectbox(
        say("ui.rows", lang),
        starts,
        format_func=lambda first: say(
            "ui.rows_shown", lang, first=first + 1, last=min(first + ROWS_MAX, len(whole)), total=len(whole)
        ),
        key=Key.LEAF,
        label_visibility="collapsed",
    )
    return slice(start, start + ROWS_MAX)


def rows_of(result: Result, index: pd.Index[str], listed: str, lang: Lang) -> pd.DataFrame:
    """One row for each site of ``index``: the ranked with their weakest point, others with why they are out."""
    sites = result.sites.table
    if listed == "ranked":
        ranked = result.ranking.table.loc[index]
        columns: dict[str, Any] = {"rank": ranked["rank"].astype(int), "score": rounded(ranked["score"], "points")}
        later = short_later(result)
        if later is None:
            columns["gap"] = rounded(ranked["score"] - result.ranking.table["score"].max(), "points")
        else:
            words = {short: say(f"ui.outlook.{'short' if short else 'fits'}", lang) for short in (True, False)}
            columns["later"] = later[index].map(words)
        tried = doubt_shelf.at_hand(result)
        if tried is not None:
            columns["first"] = tried.table["p_first"].reindex(index).fillna(0.0)
        columns["weak"] = weakest_points(result, index, lang)
    else:
        columns = _shortfall(result, index) if listed == "full" else {"reasons": _reasons(result, index, lang)}
    part = sites.loc[index]
    table = pd.DataFrame(
        {"name": cache.names(result.sites, lang)[index], "area": rounded(part["area_m2"] / M2_PER_HA, "ha"), **columns}
    )
    if "first" in table:  # the column is full without it
        table = table.drop(columns="area")
    return table[["rank", *[name for name in table if name != "rank"]]] if listed == "ranked" else table


def weakest_points(result: Result, index: pd.Index[str], lang: Lang) -> pd.Series[str]:
    """The criterion at which each site loses most points."""
    contributions = result.scores.contributions.reindex(index)
    titles = {criterion.id: criterion.title.to(lang) for criterion in result.measured.criteria}
    full = pd.Series({name: 100 * weight for name, weight in result.scores.weights.items()})
    lost = full.reindex(contributions.columns) - contributions
    if lost.empty or lost.isna().all(axis=None):
        return pd.Series("", index=index, dtype=object)
    return lost.fillna(-1).idxmax(axis="columns").map(titles)


def _shortfall(result: Result, index: pd.Index[str]) -> dict[str, pd.Series[float]]:
    """Headroom of each site, and what is missing of the project's discharge [m³/d]."""
    sewered = result.measured.site_headroom
    if sewered is None:
        return dict.fromkeys(("headroom", "missing"), pd.Series(math.nan, index=index))
    missing = sewered.fits(result.brief.need("wastewater_m3_d"))["missing_m3_d"]
    found = {"headroom": sewered.table["headroom_m3_d"], "missing": missing}
    return {name: rounded(column.reindex(index).astype(float), "m3_d") for name, column in found.items()}


def _reasons(result: Result, index: pd.Index[str], lang: Lang) -> pd.Series[str]:
    titles = {rule.id: rule.title.to(lang) for rule in result.measured.rules}
    join = say("ui.and", lang)
    words = [join.join(titles[rule] for rule in result.eligibility.reasons(str(site))) for site in index]
    missing = say("ui.missing_value", lang)
    return pd.Series([word or missing for word in words], index=index, dtype=object)


def _chosen_list(codes: pd.Series[int], ranked: int, lang: Lang) -> str:
    counts = {"ranked": ranked} | {name: int((codes == code).sum()) for code, name in looks.OUT_STATES.items()}
    open_lists = [name for name in LISTS if counts[name] or name == "ranked"]
    if st.session_state.get(Key.LISTED) not in open_lists:
        st.session_state[Key.LISTED] = "ranked"
    chosen = st.segmented_control(
        say("ui.lists", lang),
        open_lists,
        format_func=lambda name: say(f"ui.list.{name}", lang, count=counts[name]),
        key=Key.LISTED,
        required=True,
        wrap=True,
        label_visibility="collapsed",
    )
    return str(chosen)


def _columns(lang: Lang) -> dict[str, Any]:
    config, widths = st.column_config, _WIDTHS[lang]
    titles = {name: say(f"ui.column.{name}", lang) for name in (*widths, "headroom", "missing")}
    columns: dict[str, Any] = {name: config.Column(titles[name], width=width) for name, width in widths.items()}
    points = say("ui.column_points", lang)
    tenths = column_form("points")
    for name, form, tip in (("area", column_form("ha"), None), ("gap", tenths, points), ("score", tenths, points)):
        columns[name] = config.NumberColumn(titles[name], format=form, width=widths[name], help=tip)
    for name in ("headroom", "missing"):
        columns[name] = config.NumberColumn(titles[name], format="localized", width=_WATER_WIDTH)
    first = say("ui.defence.column.p_first", lang)
    columns["first"] = config.ProgressColumn(first, format="percent", min_value=0, max_value=1, width=_FIRST_WIDTH)
    if lang == "zh":  # English names leave no room for a bar
        columns["score"] = config.ProgressColumn(
            titles["score"], format=tenths, min_value=0, max_value=100, width=widths["score"], help=points
        )
    return columns


def _take_row() -> None:
    rows = st.session_state[Key.TABLE]["selection"]["rows"]
    shown = st.session_state.get(Key.SHOWN_ROWS, [])
    if rows and rows[0] < len(shown):
        session.select(shown[rows[0]], follow=True)
