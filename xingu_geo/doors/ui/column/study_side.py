"""The left column of the pages that look at the siting study from another side: the same brief, rules and weights.

Comes in: the choices, a result where there is one. Goes out: widgets. Must not know: what the page shows.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.brief_form import brief_form, phase_form
from xingu_geo.doors.ui.column.method_note import method_note
from xingu_geo.doors.ui.column.side import layer_choice, rules_form, way_back
from xingu_geo.doors.ui.column.weights_form import weights_form, weights_of
from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.session import Choices
from xingu_geo.ground.base.say import Lang
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study


def study_top(chosen: Choices, lang: Lang) -> None:
    """The brief."""
    with st.sidebar:
        st.html(heading("ui.brief", lang))
        brief_form(cache.tables(), chosen, lang)


def study_rest(result: Result | None, chosen: Choices, base: Study, lang: Lang, *, has_map: bool) -> None:
    """Phase, hard constraints, weights, layers where there is a map, the way back."""
    tables = cache.tables()
    missing = result.matrix.not_assessed if result else ()
    with st.sidebar:
        if cache.place().has_sewers:
            phase_form(tables.phases, chosen, lang)
        st.html(heading("ui.rules_heading", lang))
        rules_form(tables.rules, result, chosen, lang)
        st.html(heading("ui.weights_heading", lang))
        weights_form(tables.criteria, weights_of(tables.criteria, chosen, base.weights), base.weights, missing, lang)
        note = method_note(chosen, lang)
        if note:
            st.html(note)
        if has_map:
            layer_choice(lang)
        way_back(base, lang)
