"""数据来源: every layer with its passport, and the actors whose location nobody knows.

Comes in: the catalogue. Goes out: the sources page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.base.say import say
from xingu_geo.outputs.text import safe_markdown
from xingu_geo.ui import cache, session
from xingu_geo.ui.markup import el
from xingu_geo.ui.passports import fields_table, passports_table, unplaced_table
from xingu_geo.ui.session import Key


def page() -> None:
    """The layers' table, one layer's passport in full, the unplaced actors."""
    lang, place = session.language(), cache.place()
    st.html(el("div", say("ui.sources_intro", lang), cls="xg-note"))
    table = passports_table(place, lang)
    config = {name: st.column_config.Column(say(f"ui.passport.{name}", lang)) for name in table.columns}
    st.dataframe(table, hide_index=True, row_height=29, column_config=config, alt=say("ui.page.sources", lang))
    roles = sorted(place)
    role = st.selectbox(
        say("ui.pick_layer", lang), roles, format_func=lambda name: place.passport(name).title.to(lang), key=Key.LAYER
    )
    passport = place.passport(role)
    facts = say("ui.passport_card", lang, about=passport.about.to(lang), lineage=passport.lineage.to(lang))
    st.html(el("div", el("div", facts, cls="xg-why"), cls="xg-card"))
    fields = fields_table(passport, lang)
    config = {name: st.column_config.Column(say(f"ui.field.{name}", lang)) for name in fields.columns}
    st.dataframe(fields, hide_index=True, row_height=29, column_config=config, alt=say("ui.fields_heading", lang))
    unplaced = unplaced_table(place, lang)
    if len(unplaced):
        st.html(el("div", say("ui.unplaced_heading", lang), cls="xg-h"))
        st.html(el("div", say("ui.unplaced_note", lang, count=len(unplaced)), cls="xg-note"))
        config = {name: st.column_config.Column(say(f"ui.unplaced.{name}", lang)) for name in unplaced.columns}
        st.dataframe(
            unplaced,
            hide_index=True,
            row_height=29,
            column_config=config,
            alt=safe_markdown(say("ui.unplaced_heading", lang)),
        )
