"""The parts of the capacity page: figures, the elements' table, one element's upstream, the watch list.

Comes in: a network and its loads. Goes out: columns of the page. Must not know: sites, scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.column.side import groups_of, hidden_groups
from xingu_geo.doors.ui.kit import cache, headline, looks, session
from xingu_geo.doors.ui.kit.map_view import PipePaint, SitePaint
from xingu_geo.doors.ui.kit.markup import Markup, el
from xingu_geo.doors.ui.kit.notepad import bound, note, noted, taker
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.kit.sewer_view import element_names, pipe_words, upstream_of
from xingu_geo.doors.ui.kit.view import cell
from xingu_geo.doors.ui.kit.waiting import result_of
from xingu_geo.doors.ui.sewer.element_story import element_story
from xingu_geo.doors.ui.siting.parts import SitingView, section_row, sewer_column, siting_view
from xingu_geo.ground.base.figures import column_form, number, per_cent, rounded
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.spec import Study

WATCHED: Final = ("over", "at_limit", "nearly_full")
# The bands a reader may ask for, and the states each holds.
BANDS: Final = {
    "over": ("over",),
    "nearly": ("at_limit", "nearly_full"),
    "ample": ("ample",),
    "unknown": ("unknown",),
}
HEIGHT: Final = 560
ROW_HEIGHT: Final = 29
HEADER_HEIGHT: Final = 38


def capacity_title(title: str, table: pd.DataFrame, *, is_example: bool, lang: Lang) -> Markup:
    """How many elements, how many over and nearly full, and the tightest."""
    count = say("ui.cap_count", lang)
    figures = [
        (say("ui.cap_elements", lang), number(len(table)), count),
        (say("ui.cap_over", lang), number(int((table["state"] == "over").sum())), count),
        (say("ui.cap_nearly", lang), number(int(table["state"].isin(("nearly_full", "at_limit")).sum())), count),
    ]
    if table["utilisation"].notna().any():
        tightest = str(table["utilisation"].idxmax())
        share = per_cent(cell(table, tightest, "utilisation"))
        figures.append((say("ui.fig_tight", lang), element_names(table, lang)[tightest], share))
    return headline.title_line(title, figures, is_example=is_example, lang=lang)


def plain_sites(index: pd.Index[str]) -> SitePaint:
    """Sites as a quiet ground: none ranked, none coloured."""
    none = pd.Series(float("nan"), index=index)
    return SitePaint(codes=pd.Series(looks.UNKNOWN, index=index), ranks=none, scores=none)


def open_site(study: Study, lang: Lang) -> SitingView | None:
    """The selected site with its way to the outfall, where no element is looked at."""
    if session.element() or not session.selected():
        return None
    return siting_view(result_of(study, lang), lang)


def site_column(view: SitingView, lang: Lang) -> None:
    """The selected site's way to the outfall: what it carries, and its long section."""
    st.html(heading_of(cache.names(view.result.sites, lang)[view.selected]))
    sewer_column(view, lang)
    section_row(view, lang)


def pipe_paint(
    network: Network,
    table: pd.DataFrame,
    element: str,
    *,
    way: Sequence[str] = (),
    drawn: Network | None = None,
) -> PipePaint:
    """Everything that drains to the chosen element lit up, else the ``way`` of a site; the watched ones labelled.

    ``drawn`` is the network whose lines are shown where it is another, such as the one before something was tried.
    """
    lit = upstream_of(network, element) if element in network.elements else tuple(way)
    watched = table[table["state"].isin(WATCHED)].sort_values("utilisation", ascending=False).index.astype(str)
    labelled = [*dict.fromkeys([*([element] if element else []), *watched[:14]])]
    return PipePaint(drawn or network, table, lit=lit, follow=True, labelled=labelled)


def pipe_legend(network: Network, table: pd.DataFrame, lang: Lang) -> Markup:
    """The strokes that occur."""
    counts = {str(state): int(count) for state, count in table["state"].value_counts().items()}
    shown = [group for group in groups_of(list(cache.place().catalogue)) if group not in hidden_groups()]
    pipes = headline.pipe_legend(counts, pipe_words(network, lang), lang)
    return headline.legend_strip(pipes, headline.base_legend(shown, lang))


def elements_table(table: pd.DataFrame, lang: Lang) -> None:
    """Every element, the fullest first; a selected row is looked at."""
    rows = element_rows(table, lang)
    shown = [str(name) for name in rows.index]
    st.session_state[Key.SHOWN_ELEMENTS] = shown
    place = [shown.index(session.element())] if session.element() in shown else []
    st.session_state[Key.ELEMENTS] = {"selection": {"rows": place}}
    named = {name: say(f"ui.cap_column.{name}", lang) for name in rows.columns}
    config = st.column_config
    st.dataframe(
        rows,
        key=Key.ELEMENTS,
        on_select=_take_element,
        selection_mode="single-row",
        hide_index=True,
        height=min(HEIGHT, HEADER_HEIGHT + ROW_HEIGHT * max(1, len(rows))),
        row_height=ROW_HEIGHT,
        alt=say("ui.cap_table_alt", lang),
        column_config={
            "name": config.TextColumn(named["name"], width=134 if lang == "zh" else 168),
            "kind": config.TextColumn(named["kind"], width=88 if lang == "zh" else 118),
            "utilisation": config.ProgressColumn(
                named["utilisation"], format=f"{column_form('share')}%%", min_value=0, max_value=130, width=110
            ),
            "headroom": config.NumberColumn(named["headroom"], format="localized", width=88),
            "mean": config.NumberColumn(named["mean"], format="localized", width=88),
        },
    )


def element_rows(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The table's rows for a reader, the fullest first."""
    ordered = table.sort_values("utilisation", ascending=False, na_position="last", kind="stable")
    return pd.DataFrame(
        {
            "name": element_names(ordered, lang),
            "kind": ordered["kind"].map(lambda kind: KINDS[kind].title.to(lang)),
            "utilisation": rounded(ordered["utilisation"], "share"),
            "headroom": rounded(ordered["headroom_m3_d"], "m3_d"),
            "mean": rounded(ordered["mean_m3_d"], "m3_d"),
        }
    )


def story_column(view: SitingView | None, network: Network, table: pd.DataFrame, element: str, lang: Lang) -> None:
    """The selected site's way; else the story of the chosen element, before any choice of the tightest one."""
    if view:
        site_column(view, lang)
        return
    known = element if element in table.index else ""
    if not known and table["utilisation"].notna().any():
        element_story(network, table, str(table["utilisation"].idxmax()), lang, is_chosen=False)
    else:
        element_story(network, table, known, lang, is_chosen=True)


def elements_filter(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The elements of the band the reader asks for, all at first; bands that are empty are not offered."""
    counts = {name: int(table["state"].isin(states).sum()) for name, states in BANDS.items()}
    offered = ["all", *(name for name in BANDS if counts[name])]
    counts["all"] = len(table)
    if noted("cap_band", "all") not in offered:
        note("cap_band", "all")
    band = st.segmented_control(
        say("ui.cap_bands", lang),
        offered,
        format_func=lambda name: say(f"ui.cap_band.{name}", lang, count=counts[name]),
        key=bound("cap_band", "all"),
        on_change=taker("cap_band"),
        required=True,
        wrap=True,
        label_visibility="collapsed",
    )
    return table if band == "all" else table[table["state"].isin(BANDS[str(band)])]


def heading_of(text: str) -> Markup:
    """A small heading."""
    return el("div", text, cls="xg-h")


def _take_element() -> None:
    rows = st.session_state[Key.ELEMENTS]["selection"]["rows"]
    shown = st.session_state.get(Key.SHOWN_ELEMENTS, [])
    if rows and rows[0] < len(shown):
        session.look_at(shown[rows[0]], follow=True)
