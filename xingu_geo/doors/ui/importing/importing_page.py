"""数据导入: a file comes in, the doctor reports, it takes the place of a shipped layer; one's own layers, and undo.

Comes in: an upload. Goes out: the import page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.importing import boxes, found_view, guide, import_form
from xingu_geo.doors.ui.importing.look import Look
from xingu_geo.doors.ui.kit import cache, import_session, session
from xingu_geo.doors.ui.kit.frame import link_to
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.study.workspace.own_layers import Upload


def page() -> None:
    """Left the upload and its report, right how it is read and the layers that are one's own."""
    lang = session.language()
    st.html(guide.title(cache.place().catalogue, lang))
    left, right = st.columns([13, 8], gap="large")
    with left:
        st.html(heading("ui.intake.title", lang))
        upload = boxes.upload_box(lang)
        if upload is None:
            _idle(lang)
        else:
            look = boxes.look_at(upload, lang)
            _examined(upload, look, lang)
    with right:
        if upload is not None:
            st.html(heading("ui.intake.reading", lang))
            import_form.reading_boxes(upload, look, lang)
        boxes.own_layers_list(lang)


def _idle(lang: Lang) -> None:
    report = import_session.last_report()
    if report is None:
        st.html(el("div", say("ui.intake.intro", lang), cls="xg-note"))
        st.html(guide.guide(cache.place().catalogue, cache.tables(), lang))
        return
    st.html(found_view.taken_box(report, cache.tables().fields, lang))
    link_to("siting", say("ui.intake.go", lang))
    st.html(found_view.report_card(report, cache.tables().fields, lang))


def _examined(upload: Upload, look: Look, lang: Lang) -> None:
    import_form.role_box(upload, look, lang)
    if look.refusal is not None:
        st.html(found_view.refusal_box(look.refusal, lang))
        import_form.hint_buttons(upload, look, lang)
    elif look.report is not None:
        if boxes.take_button(look, lang):
            boxes.take(upload, look, lang)
        st.html(found_view.report_card(look.report, cache.tables().fields, lang))
    import_form.column_boxes(upload, look, lang)
