"""数据来源: every layer with how sure it is and what it decides; the sources; the actors whose location nobody knows.

Comes in: the catalogue, the tables. Goes out: the sources page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.kit import cache, headline, session
from xingu_geo.doors.ui.kit.frame import link_to
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.view import place_name
from xingu_geo.doors.ui.sources import sources_view
from xingu_geo.doors.ui.sources.passport_card import confidence_legend, passport_card, sources_list
from xingu_geo.doors.ui.sources.passports import role_titles, uses_of
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.catalogue.sources import read_sources


def page() -> None:
    """The layers beside the passport of the chosen one, its columns, the list of sources, the unplaced actors."""
    lang, place, tables = session.language(), cache.place().catalogue, cache.tables()
    sources = read_sources([data_dir(), *place.folders])
    title = say("sources.title", lang, place=place_name(place, lang))
    figures = sources_view.figures(place, sources, lang)
    st.html(headline.title_line(title, figures, is_example=False, lang=lang))
    st.html(el("div", say("sources.intro", lang), cls="xg-note"))
    st.html(confidence_legend(place, lang))
    left, right = st.columns([13, 11], gap="medium")
    with left:
        role = sources_view.layers_table(place, tables, lang)
        sources_view.layers_download(place, tables, sources, lang)
    with right:
        passport, can_replace = place.passport(role), role in role_titles(tables.fields, lang)
        st.html(passport_card(passport, uses_of(role, tables, lang), sources, lang, can_replace=can_replace))
        if can_replace:
            link_to("import", say("sources.go", lang))
        sources_view.fields_box(passport, lang)
    st.html(el("div", say("sources.list_heading", lang), cls="xg-h"))
    st.html(sources_list(sources, place, tables, lang))
    sources_view.unplaced_box(place, lang)
