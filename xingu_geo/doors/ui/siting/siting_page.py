"""选址: choose a project, weigh, see colours and table change, open a parcel's card.

Comes in: the session's choices. Goes out: the main page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.side import hidden_groups
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.exports import export_buttons
from xingu_geo.doors.ui.kit.frame import title
from xingu_geo.doors.ui.kit.map_view import Paint, draw
from xingu_geo.doors.ui.kit.waiting import result_of
from xingu_geo.doors.ui.siting import parts
from xingu_geo.doors.ui.siting.ranking_table import ranking_table
from xingu_geo.ground.base.errors import XinguError


def page() -> None:
    """Left the brief, constraints and weights; centre the map; below it ranking, card, sewer check."""
    lang, base = session.language(), cache.base_study()
    chosen = session.choices(base)
    head = st.container()
    try:
        with head:
            result = result_of(chosen.study(base), lang, with_map=True)
    except XinguError:
        parts.left_column(None, chosen, base, lang)
        raise
    # The map goes out before anything else, then the card: they are what a click or a slider is waiting for.
    hidden = hidden_groups()
    view = parts.siting_view(result, lang)
    draw(result.measured.place, Paint(view.sites, view.pipes, hidden), lang=lang)
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
    parts.left_column(result, chosen, base, lang)
