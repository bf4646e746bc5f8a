"""Two rankings side by side: how alike they are, who moved, and through which criterion.

Comes in: two results, or one and a set of weights. Goes out: a section of the page. Must not know: how moves are found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.telling.doubt_words import comparison_lines
from xingu_geo.doors.telling.result_words import criterion_titles
from xingu_geo.doors.ui.column.weights_form import is_same, preset_table, weights_of
from xingu_geo.doors.ui.defence.weights_view import preset_titles
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.notepad import bound, note, noted, taker
from xingu_geo.doors.ui.kit.waiting import result_of
from xingu_geo.ground.base.figures import column_form, rounded
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.siting.ranking.comparison import Comparison
from xingu_geo.study.run.defending import moved
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study

TOP: Final = 15
SAID: Final = 6


def compare_section(result: Result, base: Study, lang: Lang) -> None:
    """The ranking in use against the same with another set of weights, or in another phase."""
    sets = preset_table(result.measured.criteria, base.weights, result.matrix.not_assessed)
    changes: dict[str, dict[str, object]] = {f"weights.{name}": {"weights": sets[name]} for name in sets}
    others = [phase for phase in cache.tables().phases.phase if phase.id != result.study.phase]
    if result.measured.network is not None:
        changes |= {f"phase.{phase.id}": {"phase": phase.id} for phase in others}
    chosen = _chosen(changes, lang)
    kind, _, name = chosen.partition(".")
    if kind == "weights" and name in cache.presets():
        st.html(el("div", cache.presets()[name].about.to(lang), cls="xg-note"))
    if kind == "weights" and is_same(sets[name], weights_of(result.measured.criteria, session.current(), base.weights)):
        st.html(el("div", say("ui.defence.compare_same", lang), cls="xg-note"))
        return
    other = result_of(result.study.model_copy(update=changes[chosen]), lang)
    st.html(heading("ui.defence.section.compare", lang, rest=say("ui.defence.compare_key", lang)))
    moves(result, other, lang)


def _chosen(changes: Mapping[str, object], lang: Lang) -> str:
    """Which change is compared with; at first another set of weights, where there is one."""
    titles = {f"weights.{name}": title for name, title in preset_titles(lang).items()}
    titles |= {
        f"phase.{phase.id}": say("ui.defence.compare_phase", lang, phase=phase.title.to(lang))
        for phase in cache.tables().phases.phase
    }
    names = list(changes)
    if noted("compare_with", "") not in names:
        note("compare_with", value=names[2] if len(names) > 2 else names[0])
    return str(
        st.selectbox(
            say("ui.defence.compare_with", lang),
            names,
            format_func=titles.__getitem__,
            key=bound("compare_with", names[0]),
            on_change=taker("compare_with"),
            width=420,
        )
    )


def moves(before: Result, after: Result, lang: Lang) -> None:
    """How alike the two orders are, then the greatest moves with what drove them."""
    found = moved(before, after)
    if not len(found.moved) and not found.entered and not found.left:
        st.html(el("div", say("ui.defence.same_order", lang), cls="xg-note"))
        return
    if math.isfinite(found.agreement):
        st.html(el("div", el("div", comparison_lines(after, found, 0, lang)[0], cls="xg-why"), cls="xg-card"))
    table = moves_table(after, found, lang)
    if table.empty:
        st.html(el("div", say("ui.defence.compare_none", lang), cls="xg-note"))
        return
    _table(table, lang)
    lines = comparison_lines(after, found, SAID, lang)[1:]
    st.html(heading("ui.defence.greatest", lang))
    st.html(el("div", *(el("div", line, cls="xg-why") for line in lines), cls="xg-card"))


def _table(table: pd.DataFrame, lang: Lang) -> None:
    config = st.column_config
    titles = {name: say(f"ui.defence.column.{name}", lang) for name in table.columns}
    columns = {name: config.Column(title) for name, title in titles.items()}
    columns["moved"] = config.NumberColumn(titles["moved"], format="%+d", width=56)
    columns["change"] = config.NumberColumn(titles["change"], format=column_form("points", "+"), width=80)
    if "points" in titles:
        columns["points"] = config.NumberColumn(titles["points"], format=column_form("points", "+"), width=80)
    for name in ("rank_before", "rank_after"):
        columns[name] = config.NumberColumn(titles[name], width=64)
    st.dataframe(
        table,
        hide_index=True,
        row_height=29,
        height=min(480, 38 + 29 * len(table)),
        column_config=columns,
        alt=say("ui.defence.compare_alt", lang),
    )


def moves_table(after: Result, found: Comparison, lang: Lang) -> pd.DataFrame:
    """The new first ones and the greatest moves: ranks, score change, what drove it (additive methods only)."""
    ranked = found.table[found.table["rank_after"].notna()]
    names = dict.fromkeys([*ranked.index[:TOP], *found.moved.index[:TOP], *found.left[:TOP]])
    rows = found.table.loc[[site for site in found.table.index if site in names]]
    titles = criterion_titles(after)
    table = pd.DataFrame(
        {
            "name": cache.names(after.sites, lang).reindex(rows.index),
            "rank_before": rows["rank_before"].astype("Int64"),
            "rank_after": rows["rank_after"].astype("Int64"),
            "moved": rows["moved"].astype("Int64"),
            "change": rounded(rows["change"], "points"),
        }
    )
    if "driver" in rows:
        table["driver"] = [titles[name].to(lang) if name in titles else "" for name in rows["driver"].astype(str)]
        table["points"] = rounded(rows["driver_points"], "points")
    return table
