"""数据导入: a file comes in, the doctor reports, it takes the place of a shipped layer; one's own layers, and undo.

Comes in: an upload. Goes out: the import page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.base.say import Lang, say
from xingu_geo.ui import cache, intake_boxes, intake_form, intake_guide, intake_parts, intake_session, session
from xingu_geo.ui.intake_look import Look
from xingu_geo.ui.intake_store import Upload
from xingu_geo.ui.markup import el
from xingu_geo.ui.pages import siting
from xingu_geo.ui.parts import heading


def page() -> None:
    """Left the upload and its report, right how it is read and the layers that are one's own."""
    lang = session.language()
    st.html(intake_guide.title(cache.place(), lang))
    left, right = st.columns([13, 8], gap="large")
    with left:
        st.html(heading("ui.intake.title", lang))
        upload = intake_boxes.upload_box(lang)
        if upload is None:
            _idle(lang)
        else:
            look = intake_boxes.look_at(upload, lang)
            _examined(upload, look, lang)
    with right:
        if upload is not None:
            st.html(heading("ui.intake.reading", lang))
            intake_form.reading_boxes(upload, look, lang)
        intake_boxes.own_layers(lang)


def _idle(lang: Lang) -> None:
    report = intake_session.last_report()
    if report is None:
        st.html(el("div", say("ui.intake.intro", lang), cls="xg-note"))
        st.html(intake_guide.guide(cache.place(), cache.tables(), lang))
        return
    st.html(intake_parts.taken_box(report, lang))
    st.page_link(st.Page(siting.page, url_path="siting", default=True), label=say("ui.intake.go", lang))
    st.html(intake_parts.report_card(report, lang))


def _examined(upload: Upload, look: Look, lang: Lang) -> None:
    intake_form.role_box(upload, look, lang)
    if look.refusal is not None:
        st.html(intake_parts.refusal_box(look.refusal, lang))
        intake_form.hint_buttons(upload, look, lang)
    elif look.report is not None:
        if intake_boxes.take_button(look, lang):
            intake_boxes.take(upload, look, lang)
        st.html(intake_parts.report_card(look.report, lang))
    intake_form.column_boxes(upload, look, lang)
