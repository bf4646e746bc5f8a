"""The left column of the pages that look at the siting study from another side: the same brief, rules and weights.

Comes in: the choices, a result where there is one. Goes out: widgets. Must not know: what the page shows.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.base.say import Lang
from xingu_geo.study.result import Result
from xingu_geo.study.spec import Study
from xingu_geo.ui import cache
from xingu_geo.ui.brief_form import brief_form, phase_form
from xingu_geo.ui.method_note import method_note
from xingu_geo.ui.parts import heading, layer_choice
from xingu_geo.ui.session import Choices
from xingu_geo.ui.side import rules_form, way_back
from xingu_geo.ui.weights_form import weights_form, weights_of


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
        if "sewer_links" in cache.place():
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
