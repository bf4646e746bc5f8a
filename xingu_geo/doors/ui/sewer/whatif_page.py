"""改造推演: what the sewers would carry if something were built; on a copy, before and after.

Comes in: the session's phase, basket and tried changes. Goes out: the what-if page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.brief_form import phase_form
from xingu_geo.doors.ui.column.side import hidden_groups
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.map_view import Paint, draw
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.kit.sewer_view import absent_note, utilisation
from xingu_geo.doors.ui.kit.view import is_illustrative, place_name
from xingu_geo.doors.ui.sewer import capacity_parts, whatif_state, whatif_view
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import say


def page() -> None:
    """Left the changes; centre the map after them; below it before and after, and whether the basket then fits."""
    lang, place, base = session.language(), cache.place(), cache.base_study()
    if absent := absent_note(place.catalogue, lang):
        st.html(absent)
        return
    chosen = session.choices(base)
    study = chosen.study(base)
    before = cache.network(study)
    try:
        after = whatif_state.changed(before)
    except XinguError as refusal:
        whatif_state.take_back()
        st.html(el("div", refusal.sentence(lang), cls="xg-warn"))
        after = whatif_state.changed(before)
    table, element = utilisation(after, None), session.element()
    title = say("whatif.title", lang, place=place_name(place.catalogue, lang))
    example = is_illustrative(after.confidence)
    st.html(capacity_parts.capacity_title(title, table, is_example=example, lang=lang))
    st.html(el("div", say("whatif.about", lang), cls="xg-note"))
    whatif_view.plan_note()
    paint = capacity_parts.pipe_paint(after, table, element, drawn=before)
    ground = capacity_parts.plain_sites(cache.sites().table.index)
    draw(place, Paint(ground, paint, hidden_groups()), lang=lang, key=Key.WHATIF_MAP)
    st.html(capacity_parts.pipe_legend(after, table, lang))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        whatif_view.difference_table(before, after, lang)
    with right:
        st.html(el("div", say("whatif.verdicts", lang), cls="xg-h"))
        whatif_view.verdicts(before, after, study, lang)
    with st.sidebar:
        phase_form(cache.tables().phases, chosen, lang)
        whatif_view.change_form(after, table, element, lang)
        whatif_view.link_form(after, lang)
        whatif_view.cheapest_button(after, study, lang)
        whatif_view.steps_list(before, lang)
