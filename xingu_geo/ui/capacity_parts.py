"""The parts of the capacity page: figures, the elements' table, one element's upstream, the watch list.

Comes in: a network and its loads. Goes out: columns of the page. Must not know: sites, scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from xingu_geo.base.say import Lang, say
from xingu_geo.outputs.text import without_mark
from xingu_geo.portfolio.assessed import assessed_of
from xingu_geo.portfolio.users import users_of
from xingu_geo.sewers.curves import curves_of
from xingu_geo.sewers.network import Network, network_of
from xingu_geo.study.spec import Study
from xingu_geo.ui import cache, headline, looks, session
from xingu_geo.ui.map_view import PipePaint, SitePaint
from xingu_geo.ui.markup import NOTHING, Markup, el, join
from xingu_geo.ui.parts import SitingView, hidden_groups, result_of, section_row, sewer_column, siting_view
from xingu_geo.ui.session import Key
from xingu_geo.ui.sewer_view import element_names, pipe_words, upstream_of
from xingu_geo.ui.side import groups_of
from xingu_geo.ui.view import cell, number

WATCHED: Final = ("over", "at_limit", "nearly_full")
HEIGHT: Final = 320
CURVE_SCALE: Final = 1.25


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
        share = f"{cell(table, tightest, 'utilisation'):.0%}"
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


def pipe_paint(network: Network, table: pd.DataFrame, element: str, *, way: Sequence[str] = ()) -> PipePaint:
    """Everything that drains to the chosen element lit up, else the ``way`` of a site; the watched ones labelled."""
    lit = upstream_of(network, element) if element in network.elements else tuple(way)
    watched = table[table["state"].isin(WATCHED)].sort_values("utilisation", ascending=False).index.astype(str)
    return PipePaint(
        table, lit=lit, follow=True, labelled=[*dict.fromkeys([*([element] if element else []), *watched[:14]])]
    )


def pipe_legend(network: Network, table: pd.DataFrame, lang: Lang) -> Markup:
    """The strokes that occur."""
    counts = {str(state): int(count) for state, count in table["state"].value_counts().items()}
    shown = [group for group in groups_of(list(cache.place())) if group not in hidden_groups()]
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
        height=HEIGHT,
        row_height=29,
        alt=say("ui.cap_table_alt", lang),
        column_config={
            "name": config.TextColumn(named["name"], width=118 if lang == "zh" else 158),
            "kind": config.TextColumn(named["kind"], width=78),
            "utilisation": config.ProgressColumn(
                named["utilisation"], format="%.0f%%", min_value=0, max_value=130, width=112
            ),
            "headroom": config.NumberColumn(named["headroom"], format="localized"),
            "mean": config.NumberColumn(named["mean"], format="localized"),
            "capacity": config.NumberColumn(named["capacity"], format="localized"),
        },
    )


def element_rows(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The table's rows for a reader, the fullest first."""
    ordered = table.sort_values("utilisation", ascending=False, na_position="last", kind="stable")
    return pd.DataFrame(
        {
            "name": element_names(ordered, lang),
            "utilisation": (ordered["utilisation"] * 100).round(0),
            "headroom": ordered["headroom_m3_d"].round(0),
            "kind": ordered["kind"].map(lambda kind: say(f"ui.kind.{kind}", lang)),
            "mean": ordered["mean_m3_d"].round(0),
            "capacity": ordered["capacity_l_s"].round(0),
        }
    )


def element_card(network: Network, table: pd.DataFrame, element: str, lang: Lang) -> Markup:
    """One element's figures and how much drains to it."""
    if element not in table.index:
        return el("div", say("ui.cap_pick", lang), cls="xg-empty")
    row: Any = table.loc[element]
    facts = say(
        "ui.cap_element",
        lang,
        kind=say(f"ui.kind.{row['kind']}", lang),
        id=element,
        share=f"{row['utilisation']:.0%}",
        mean=number(float(row["mean_m3_d"])),
        peak=number(float(row["peak_l_s"])),
        capacity=number(float(row["capacity_l_s"])),
        headroom=number(float(row["headroom_m3_d"])),
    )
    above = [name for name in upstream_of(network, element) if name in table.index and name != element]
    lines = [el("div", facts, cls="xg-why"), el("div", say("ui.cap_upstream", lang, count=len(above)), cls="xg-note")]
    return el("div", el("span", element_names(table, lang)[element], cls="xg-card-name"), *lines, cls="xg-card")


def middle_column(view: SitingView | None, network: Network, table: pd.DataFrame, element: str, lang: Lang) -> None:
    """The selected site's way, else the chosen element."""
    if view:
        site_column(view, lang)
    else:
        element_column(network, table, element, lang)


def element_column(network: Network, table: pd.DataFrame, element: str, lang: Lang) -> None:
    """The chosen element: its figures, its load over the phases, who uses it."""
    st.html(element_card(network, table, element, lang))
    if element in table.index:
        st.html(curve_bars(element, lang))
        users_table(network, element, lang)


def curve_bars(element: str, lang: Lang) -> Markup:
    """The element's load in every phase, each on its own cut of the network."""
    phases = cache.tables().phases
    curves = cache.once("curves", lambda: curves_of(network_of(cache.place()), phases))
    if element not in curves.index.get_level_values("element"):
        return NOTHING
    rows = []
    for phase, row in curves.xs(element, level="element").iterrows():
        named, share = phases.named(str(phase)), float(row["utilisation"])
        colour = looks.PIPE_COLOURS[looks.PIPE_STATES.index(str(row["state"]))]
        rows += [
            el("span", named.title.to(lang), cls="xg-name", title=named.about.to(lang)),
            el(
                "span",
                el("i", style=f"width:{100 * min(1.0, share / CURVE_SCALE):.1f}%;background:{colour}"),
                el("i", cls="xg-tick", style=f"left:{100 / CURVE_SCALE:.1f}%;background:#0f172a"),
                cls="xg-track",
            ),
            el("span", f"{share:.0%}", cls="xg-points"),
        ]
    return join(heading_of(say("ui.cap_curve", lang)), el("div", *rows, cls="xg-bars"))


def users_table(network: Network, element: str, lang: Lang) -> None:
    """Who uses the element, in the order in which it was promised."""
    assessed = cache.once(("assessed", network.digest), lambda: assessed_of(network))
    users = users_of(assessed, element)
    source = users[f"source_{lang}"].map(without_mark)
    rows = pd.DataFrame(
        {
            "state": users["state"].map(lambda name: say(f"ui.cap_state.{name}", lang)),
            "mean": users["mean_m3_d"].round(0),
            "year": users["year"].astype("Int64"),
            "source": source.where(source != "", users.index.to_series()),
        }
    )
    config: dict[str, Any] = {name: st.column_config.Column(say(f"ui.cap_user.{name}", lang)) for name in rows.columns}
    config["mean"] = st.column_config.NumberColumn(say("ui.cap_user.mean", lang), format="localized")
    config["year"] = st.column_config.NumberColumn(say("ui.cap_user.year", lang), format="%d")
    st.html(heading_of(say("ui.cap_users", lang)))
    st.dataframe(rows, hide_index=True, height=190, row_height=29, column_config=config, alt=say("ui.cap_users", lang))


def heading_of(text: str) -> Markup:
    """A small heading."""
    return el("div", text, cls="xg-h")


def watch_list(table: pd.DataFrame, lang: Lang) -> Markup:
    """Every element over or nearly full, the fullest first."""
    watched = table[table["state"].isin(WATCHED)].sort_values("utilisation", ascending=False, kind="stable")
    if watched.empty:
        return el("div", say("ui.cap_board_empty", lang), cls="xg-empty")
    names = element_names(watched, lang)
    rows = []
    for name, row in watched.iterrows():
        colour = looks.PIPE_COLOURS[looks.PIPE_STATES.index(str(row["state"]))]
        rows.append(
            el(
                "tr",
                el("td", names[str(name)], title=name),
                el("td", say(f"ui.kind.{row['kind']}", lang)),
                el("td", el("b", f"{row['utilisation']:.0%}", style=f"color:{colour}")),
                el("td", number(float(row["headroom_m3_d"]))),
            )
        )
    columns = ("name", "kind", "utilisation", "headroom")
    head = el("tr", *(el("th", say(f"ui.cap_column.{name}", lang)) for name in columns))
    return el("table", head, join(*rows), cls="xg-rules")


def _take_element() -> None:
    rows = st.session_state[Key.ELEMENTS]["selection"]["rows"]
    shown = st.session_state.get(Key.SHOWN_ELEMENTS, [])
    if rows and rows[0] < len(shown):
        session.look_at(shown[rows[0]], follow=True)
