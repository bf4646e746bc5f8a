"""选址: choose a project, weigh, see colours and table change, open a parcel's card.

Comes in: the session's choices. Goes out: the main page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.base.errors import XinguError
from xingu_geo.base.say import Lang
from xingu_geo.study.result import Result
from xingu_geo.study.spec import Study
from xingu_geo.ui import cache, parts, session
from xingu_geo.ui.brief_form import brief_form
from xingu_geo.ui.exports import export_buttons
from xingu_geo.ui.frame import title
from xingu_geo.ui.map_view import show_map
from xingu_geo.ui.ranking_table import ranking_table
from xingu_geo.ui.session import Choices
from xingu_geo.ui.side import way_back


def page() -> None:
    """Left the brief, constraints and weights; centre the map; below it ranking, card, sewer check."""
    lang, base = session.language(), cache.base_study()
    chosen = session.choices(base)
    head = st.container()
    try:
        with head:
            result = parts.result_of(chosen.study(base), lang, with_map=True)
    except XinguError:
        _left(None, chosen, base, lang)
        raise
    # The map goes out before anything else, then the card: they are what a click or a slider is waiting for.
    hidden = parts.hidden_groups()
    view = parts.siting_view(result, lang)
    show_map(result.sites, result.measured.network, view.sites, view.pipes, hidden=hidden, lang=lang)
    legend = st.container()
    ranking, card, sewer = st.columns([25, 17, 14], gap="medium")
    with card:
        parts.card_column(view, lang)
    with sewer:
        parts.sewer_column(view, lang)
    head.html(parts.siting_title(view, title(lang), lang))
    legend.html(parts.siting_legend(view, hidden, lang))
    with ranking:
        ranking_table(result, view.classes.codes, lang)
        export_buttons(result, lang)
        parts.section_row(view, lang)
    parts.compare(result, lang)
    _left(result, chosen, base, lang)


def _left(result: Result | None, chosen: Choices, base: Study, lang: Lang) -> None:
    with st.sidebar:
        st.html(parts.heading("ui.brief", lang))
        brief_form(cache.tables(), chosen, lang)
        parts.left_column(result, chosen, base, lang)
        way_back(base, lang)
