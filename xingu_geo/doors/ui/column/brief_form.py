"""The project's brief: its type, its capacity, its figures, each with unit, range, source and confidence.

Comes in: the project types, the brief of the moment. Goes out: widgets. Must not know: sites, scores.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Final

import streamlit as st

from xingu_geo.doors.ui.kit import session
from xingu_geo.doors.ui.kit.session import CASES, Choices, Key
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.base.units import M2_PER_HA, unit_label
from xingu_geo.ground.planning.projects import Brief, Quantity, brief_of
from xingu_geo.places.place.tables import Tables
from xingu_geo.sewers.network.phases import Phases

SHOWN_AS: Final = MappingProxyType({"land_m2": ("ha", M2_PER_HA)})
FIRST: Final = MappingProxyType({"land": "land_m2", "floor": "floor_area_m2"})


def brief_form(tables: Tables, chosen: Choices, lang: Lang) -> None:
    """The widgets of the brief; a change is kept as a choice and can be undone."""
    types = tables.types
    st.session_state[Key.PROJECT] = chosen.project
    st.selectbox(
        say("ui.project", lang),
        list(types),
        format_func=lambda name: types[name].title.to(lang),
        key=Key.PROJECT,
        on_change=_take_project,
    )
    brief = brief_of(types, chosen.project, capacity=chosen.capacity, case=chosen.case, changes=chosen.changes)
    _capacity(brief, lang)
    _case(chosen, lang)
    plain = brief_of(types, chosen.project, capacity=chosen.capacity, case=chosen.case)
    first = [FIRST[brief.type.needs], "wastewater_m3_d"]
    named = [name for name in brief.type.quantities if name in brief.demand]
    left, right = st.columns(2)
    for column, name in zip((left, right), [name for name in first if name in named], strict=False):
        with column:
            _figure(brief, plain, name, lang)
    rest = [name for name in named if name not in first]
    if rest:
        with st.expander(say("ui.more_figures", lang, count=len(rest))):
            for name in rest:
                _figure(brief, plain, name, lang)


def _capacity(brief: Brief, lang: Lang) -> None:
    made = brief.type.capacity
    if made is None:
        return
    st.session_state[Key.CAPACITY] = float(brief.capacity)
    st.number_input(
        safe_markdown(say("ui.capacity", lang, unit=made.unit.to(lang))),
        min_value=1.0,
        step=max(1.0, made.typical / 4),
        format="%.0f",
        key=Key.CAPACITY,
        on_change=lambda: session.choose(capacity=st.session_state[Key.CAPACITY]),
    )


def _case(chosen: Choices, lang: Lang) -> None:
    st.session_state[Key.CASE] = chosen.case
    st.segmented_control(
        say("ui.case", lang),
        CASES,
        format_func=lambda case: say(f"ui.cases.{case}", lang),
        key=Key.CASE,
        required=True,
        help=say("ui.case_help", lang),
        on_change=lambda: session.choose(case=st.session_state[Key.CASE]),
    )


def phase_form(phases: Phases, chosen: Choices, lang: Lang) -> None:
    """Which year's sewers and loads hold."""
    st.session_state[Key.PHASE] = chosen.phase
    st.selectbox(
        say("ui.phase", lang),
        list(phases.ids),
        format_func=lambda name: phases.named(name).title.to(lang),
        key=Key.PHASE,
        help=safe_markdown(phases.named(chosen.phase).about.to(lang)),
        on_change=lambda: session.choose(phase=st.session_state[Key.PHASE]),
    )


def _figure(brief: Brief, plain: Brief, name: str, lang: Lang) -> None:
    quantity = brief.type.quantities[name]
    unit, scale = SHOWN_AS.get(name, (quantity.unit, 1.0))
    key = Key.FIGURE.of(name)
    shown = brief.demand[name] / scale
    st.session_state[key] = round(shown, 4)
    mark = say("ui.set_by_hand", lang) if name in brief.changed else ""
    label = texts(lang).get(f"ui.figure.{name}", name)
    st.number_input(
        safe_markdown(say("ui.figure_label", lang, name=label, unit=_unit(unit, lang), mark=mark)),
        min_value=0.0,
        step=_step(plain.demand.get(name, shown) / scale),
        format="%.2f" if shown < 20 and not float(shown).is_integer() else "%.0f",
        key=key,
        help=safe_markdown(_warrant(quantity, plain, name, lang)),
        on_change=lambda: _set_figure(name, st.session_state[key] * scale, plain.demand.get(name, math.nan)),
    )


def _unit(unit: str, lang: Lang) -> str:
    return texts(lang).get(f"ui.unit.{unit}", unit_label(unit))


def _warrant(quantity: Quantity, plain: Brief, name: str, lang: Lang) -> str:
    unit, scale = SHOWN_AS.get(name, (quantity.unit, 1.0))
    low, high = (bound / scale for bound in plain.ranges.get(name, (math.nan, math.nan)))
    return say(
        "ui.warrant",
        lang,
        low=number(round(low, 2), "given"),
        high=number(round(high, 2), "given"),
        unit=_unit(unit, lang),
        confidence=texts(lang).get(f"ui.fact.{quantity.confidence}", quantity.confidence),
        source=quantity.source,
    )


def _step(value: float) -> float:
    """A tenth of the figure, rounded to one leading digit."""
    if not value > 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value / 10))
    return float(max(size, round(value / 10 / size) * size))


def _set_figure(name: str, value: float, usual: float) -> None:
    changes = dict(session.current().changes)
    if math.isclose(value, usual, rel_tol=1e-4):
        changes.pop(name, None)
    else:
        changes[name] = value
    session.choose(changes=MappingProxyType(changes))


def _take_project() -> None:
    session.choose(project=st.session_state[Key.PROJECT], capacity=None, case="typical", changes=MappingProxyType({}))
