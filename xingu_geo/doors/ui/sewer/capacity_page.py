"""环境容量: the sewers by load, what drains to an element, who uses it, what is over, and the conflict check.

Comes in: the session's phase, element and basket. Goes out: the capacity page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.brief_form import brief_form, phase_form
from xingu_geo.doors.ui.column.side import hidden_groups, layer_choice, way_back
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.exports import network_buttons
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.map_view import Paint, draw
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.kit.sewer_view import absent_note, utilisation
from xingu_geo.doors.ui.kit.view import is_illustrative, place_name
from xingu_geo.doors.ui.sewer import capacity_parts
from xingu_geo.doors.ui.sewer.conflict import conflict_board
from xingu_geo.ground.base.say import say


def page() -> None:
    """Map of loads, table of elements by band, the chosen element's story or the site's way, the ticket."""
    lang, place, base = session.language(), cache.place(), cache.base_study()
    if absent := absent_note(place.catalogue, lang):
        st.html(absent)
        return
    chosen = session.choices(base)
    study = chosen.study(base)
    network, element = cache.network(study), session.element()
    table = utilisation(network, None)
    title = say("ui.cap_title", lang, place=place_name(place.catalogue, lang))
    example = is_illustrative(network.confidence)
    st.html(capacity_parts.capacity_title(title, table, is_example=example, lang=lang))
    view = capacity_parts.open_site(study, lang)
    way = view.path.elements if view and view.path else ()
    paint = capacity_parts.pipe_paint(network, table, element, way=way)
    ground = capacity_parts.plain_sites(cache.sites().table.index)
    draw(place, Paint(ground, paint, hidden_groups()), lang=lang, key=Key.CAPACITY_MAP)
    st.html(capacity_parts.pipe_legend(network, table, lang))
    left, right = st.columns([13, 10], gap="medium")
    with left:
        capacity_parts.elements_table(capacity_parts.elements_filter(table, lang), lang)
        network_buttons(network, lang)
    with right:
        capacity_parts.story_column(view, network, table, element, lang)
    conflict_board(study, lang)
    with st.sidebar:
        st.html(heading("ui.brief", lang))
        brief_form(cache.tables(), chosen, lang)
        phase_form(cache.tables().phases, chosen, lang)
        layer_choice(lang)
        way_back(base, lang)
