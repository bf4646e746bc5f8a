"""Four ways to come by weights – example sets, an order, pairs, the data – each shown before and after, then adopted.

Comes in: a result. Goes out: a section of the page. Must not know: how weights turn into scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.column.weights_form import EQUAL, USUAL, is_same, preset_table, split_bar, weights_of
from xingu_geo.doors.ui.defence import judgements
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.markup import el, join
from xingu_geo.doors.ui.kit.notepad import bound, taker
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.figures import column_form
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.presets import group_weights, hierarchy_weights
from xingu_geo.study.run.defending import ORDERS, shares_of_data, shares_of_order
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study

WAYS: Final = ("preset", "order", "pairs", "data")
DATA: Final = ("entropy", "critic")
ADOPT: Final = "note.adopt"


def weights_section(result: Result, base: Study, lang: Lang) -> None:
    """The way, its questions, the weights before and after, and the button that puts them to use."""
    way = st.segmented_control(
        say("ui.defence.way", lang),
        WAYS,
        format_func=lambda name: say(f"ui.defence.ways.{name}", lang),
        key=bound("way", WAYS[0]),
        on_change=taker("way"),
        required=True,
    )
    now = weights_of(result.measured.criteria, session.current(), base.weights)
    left, right = st.columns([11, 10], gap="large")
    with left:
        proposed = _asked(str(way), result, now, base, lang)
    if proposed is not None:
        with right:
            _before_after(result, now, proposed, lang)


def assessed(result: Result) -> list[Criterion]:
    """The criteria the place has data for."""
    return [criterion for criterion in result.measured.criteria if criterion.id not in result.matrix.not_assessed]


def groups_of(result: Result) -> dict[str, str]:
    """The group of each assessed criterion."""
    return {criterion.id: str(criterion.group) for criterion in assessed(result)}


def group_title(group: str, lang: Lang) -> str:
    """What a group of criteria is called."""
    return texts(lang).get(f"ui.group.{group}", group)


def by_group(result: Result, shares: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """Weights of all criteria adding up to 100, from shares of groups; inside a group by the weights ``own``."""
    within: dict[str, dict[str, float]] = {}
    for name, group in groups_of(result).items():
        within.setdefault(group, {})[name] = own.get(name, 0.0)
    even = {group: held if any(held.values()) else dict.fromkeys(held, 1.0) for group, held in within.items()}
    return _in_hundred(hierarchy_weights({group: shares.get(group, 0.0) for group in even}, even))


def from_order(result: Result, places: Mapping[str, float], method: str) -> dict[str, float]:
    """Weights from the places of the groups, 1 the most important."""
    return by_group(result, shares_of_order(places, method), own_weights(result))


def from_data(result: Result, method: str) -> tuple[dict[str, float], int]:
    """Weights read off the ranked sites, and from how many of them; what nobody has a value for weighs 0."""
    weights, rows = shares_of_data(result, method)
    return _in_hundred(weights), rows


def own_weights(result: Result) -> dict[str, float]:
    """Each criterion's own default weight."""
    return {criterion.id: float(criterion.weight) for criterion in result.measured.criteria}


def _asked(way: str, result: Result, now: Mapping[str, float], base: Study, lang: Lang) -> dict[str, float] | None:
    if way == "preset":
        return _preset(result, base, lang)
    if way == "order":
        return _order(result, now, lang)
    if way == "pairs":
        groups = list(dict.fromkeys(groups_of(result).values()))
        titles = {group: group_title(group, lang) for group in groups}
        shares = judgements.pairs_form(groups, titles, group_weights_now(result, now), lang)
        return by_group(result, shares, own_weights(result))
    return _data(result, lang)


def group_weights_now(result: Result, now: Mapping[str, float]) -> dict[str, float]:
    """The summed weight of each group."""
    groups = groups_of(result)
    return group_weights({name: now[name] for name in groups}, groups)


def _preset(result: Result, base: Study, lang: Lang) -> dict[str, float]:
    table = preset_table(result.measured.criteria, base.weights, result.matrix.not_assessed)
    titles = preset_titles(lang)
    name = st.radio(
        say("ui.defence.preset", lang),
        list(table),
        format_func=titles.__getitem__,
        key=bound("preset", next(iter(table))),
        on_change=taker("preset"),
    )
    if name in cache.presets():
        st.html(el("div", cache.presets()[name].about.to(lang), cls="xg-note"))
    st.html(el("div", say("ui.defence.preset_note", lang), cls="xg-note"))
    return table[name]


def preset_titles(lang: Lang) -> dict[str, str]:
    """What each set of weights is called."""
    titles = {name: say(f"ui.preset.{name}", lang) for name in (USUAL, EQUAL)}
    return titles | {name: preset.title.to(lang) for name, preset in cache.presets().items()}


def _order(result: Result, now: Mapping[str, float], lang: Lang) -> dict[str, float]:
    st.html(el("div", say("ui.defence.order_note", lang), cls="xg-note"))
    method = st.segmented_control(
        say("ui.defence.order_method", lang),
        list(ORDERS),
        format_func=lambda name: say(f"ui.defence.orders.{name}", lang),
        key=bound("order", "roc"),
        on_change=taker("order"),
        required=True,
    )
    st.html(el("div", say(f"ui.defence.orders.{method}_about", lang), cls="xg-note"))
    weights = group_weights_now(result, now)
    usual = pd.Series(weights).rank(ascending=False, method="min").astype(int)
    columns = st.columns(3)
    places = {}
    for at, group in enumerate(weights):
        name = f"place.{group}"
        places[group] = float(
            columns[at % 3].number_input(
                f"{group_title(group, lang)} · {say('ui.defence.order_place', lang)}",
                min_value=1,
                max_value=len(weights),
                key=bound(name, int(usual[group])),
                on_change=taker(name),
            )
        )
    return from_order(result, places, str(method))


def _data(result: Result, lang: Lang) -> dict[str, float] | None:
    method = st.segmented_control(
        say("ui.defence.data_method", lang),
        DATA,
        format_func=lambda name: say(f"ui.defence.data.{name}", lang),
        key=bound("data", DATA[0]),
        on_change=taker("data"),
        required=True,
    )
    st.html(el("div", say(f"ui.defence.data.{method}_about", lang), cls="xg-warn"))
    try:
        weights, rows = from_data(result, str(method))
    except XinguError as refusal:
        st.html(el("div", say("ui.defence.data_refused", lang, reason=refusal.sentence(lang)), cls="xg-warn"))
        return None
    st.html(el("div", say("ui.defence.data_rows", lang, rows=rows), cls="xg-note"))
    return weights


def _before_after(result: Result, now: Mapping[str, float], proposed: Mapping[str, float], lang: Lang) -> None:
    criteria = assessed(result)
    full = dict(now) | dict(proposed)
    bars = [
        join(el("div", say(f"ui.defence.{side}", lang), cls="xg-note"), split_bar(criteria, weights, lang))
        for side, weights in (("before", now), ("after", full))
    ]
    st.html(join(*bars))
    same = is_same(_shares(criteria, full), _shares(criteria, now))
    st.button(
        say("ui.defence.adopted" if same else "ui.defence.adopt", lang),
        type="primary",
        key=ADOPT,
        disabled=same,
        on_click=_adopt,
        args=(full,),
        width="stretch",
    )
    table = weights_table(criteria, now, full, lang)
    share = column_form("share")
    config = {
        name: st.column_config.NumberColumn(say(f"ui.defence.{name}", lang), format=form)
        for name, form in (("before", f"{share}%%"), ("after", f"{share}%%"), ("difference", column_form("share", "+")))
    }
    titles = {"criterion": say("ui.column.criterion", lang), "group": say("ui.defence.group", lang)}
    st.dataframe(
        table,
        hide_index=True,
        row_height=29,
        height=38 + 29 * len(table),
        column_config={
            "criterion": st.column_config.Column(titles["criterion"], width=190),
            "group": st.column_config.Column(titles["group"], width=90),
            **config,
        },
        alt=say("ui.defence.section.weights", lang),
    )


def weights_table(
    criteria: list[Criterion], now: Mapping[str, float], proposed: Mapping[str, float], lang: Lang
) -> pd.DataFrame:
    """Criterion, group, weight before and after in per cent of all, and the difference."""
    before, after = _shares(criteria, now), _shares(criteria, proposed)
    return pd.DataFrame(
        {
            "criterion": [criterion.title.to(lang) for criterion in criteria],
            "group": [group_title(str(criterion.group), lang) for criterion in criteria],
            "before": list(before.values()),
            "after": list(after.values()),
            "difference": [after[name] - before[name] for name in before],
        }
    )


def _shares(criteria: list[Criterion], weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights[criterion.id] for criterion in criteria)
    return {criterion.id: 100 * weights[criterion.id] / total if total else 0.0 for criterion in criteria}


def _in_hundred(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(100 * weight, 1) for name, weight in weights.items()}


def _adopt(weights: dict[str, float]) -> None:
    session.choose(weights=MappingProxyType(weights))
