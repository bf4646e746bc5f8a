"""拼地: neighbouring parcels joined into the land the project needs, ranked, with the building placed on them.

Comes in: the session's study, settings of joining. Goes out: the page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.side import hidden_groups
from xingu_geo.doors.ui.column.study_side import study_rest, study_top
from xingu_geo.doors.ui.joining import assembly_view
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.map_view import Paint, draw
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.study.run.assembling import Assembled
from xingu_geo.study.run.spec import brief_asked


def page() -> None:
    """Above the settings, then the map, below it the list and the card of the chosen assembly."""
    lang, base = session.language(), cache.base_study()
    chosen = session.choices(base)
    study_top(chosen, lang)
    study = chosen.study(base)
    line = st.empty()
    assembly_view.settings(brief_asked(study, cache.tables()), lang)
    line.html(assembly_view.title(None, lang))
    found, refusal = assembly_view.searched(study, lang)
    study_rest(found.result if found else None, chosen, base, lang, has_map=True)
    line.html(assembly_view.title(found, lang))
    if found is not None:
        _found(found, lang)
    elif refusal:
        st.html(el("div", refusal, cls="xg-warn"))
    else:
        st.html(el("div", say("ui.join.idle", lang), cls="xg-empty"))
        assembly_view.run_button(study, lang)


def _found(found: Assembled, lang: Lang) -> None:
    name = assembly_view.chosen_assembly(found)
    paint, classes = assembly_view.ground_paint(found, name, lang)
    draw(cache.place(), Paint(paint, hidden=hidden_groups()), lang=lang, key=Key.ASSEMBLY_MAP)
    st.html(assembly_view.legend(found, classes, name, lang))
    if not name:
        st.html(el("div", say("ui.join.none", lang), cls="xg-empty"))
        return
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.html(heading("ui.join.list", lang))
        assembly_view.list_column(found, name, lang)
        assembly_view.downloads(found, lang)
    with right:
        assembly_view.card_column(found, name, lang)
