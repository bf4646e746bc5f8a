"""The doing of the import page: the upload box, the look, taking a layer, and one's own layers with their way back.

Comes in: clicks. Goes out: the next set of own layers. Must not know: how a file is examined, how a set is kept.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.importing import found_view
from xingu_geo.doors.ui.importing.look import Look, looked
from xingu_geo.doors.ui.kit import cache, import_session
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.import_session import Key
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.sources.passports import role_titles
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.settings import UPLOAD_BYTES_MAX
from xingu_geo.study.workspace import own_layers
from xingu_geo.study.workspace.own_layers import Upload


def upload_box(lang: Lang) -> Upload | None:
    """The file that was dropped, None before."""
    st.html(found_view.box_style(lang))
    file = st.file_uploader(
        say("ui.intake.drop", lang, size=UPLOAD_BYTES_MAX // 1_000_000),
        key=Key.FILE.of(str(import_session.turn())),
        max_upload_size=UPLOAD_BYTES_MAX // 1_000_000,
        help=say("ui.intake.drop_help", lang),
    )
    return None if file is None else Upload(file.name, file.getvalue())


def look_at(upload: Upload, lang: Lang) -> Look:
    """The look at the upload; only the session's last one is kept, and none that a busy machine spoiled."""
    now, token = import_session.said(upload), import_session.token()
    key = (upload.digest, now, token)
    kept = st.session_state.get(Key.LOOK)
    if kept is None or kept[0] != key:
        with st.spinner(say("ui.intake.looking", lang)):
            found = looked(upload, now, cache.tables(), into=own_layers.folder_of(token))
        kept = (key, found)
        st.session_state[Key.LOOK] = None if found.is_passing else kept
    look: Look = kept[1]
    return look


def take_button(look: Look, lang: Lang) -> bool:
    """The button that takes the layer; it says which one gives way."""
    titles, place = role_titles(cache.tables().fields, lang), cache.place().catalogue
    roles = [layer.role for layer in look.report.layers] if look.report else []
    names = say("ui.and", lang).join(titles.get(role, role) for role in roles)
    present = [place.passport(role).confidence for role in roles if role in place]
    label = say("ui.intake.add", lang, role=names)
    if present:
        weakest = max(present, key=lambda one: one.weakness)
        label = say("ui.intake.replace", lang, role=names, confidence=say(f"confidence.{weakest}", lang))
    return st.button(safe_markdown(label), key=Key.TAKE, type="primary")


def take(upload: Upload, look: Look, lang: Lang) -> None:
    """The layer is taken and used from now on by this session, and by no other; a refusal changes nothing."""
    options, token = import_session.said(upload).options(cache.tables()), import_session.token()
    try:
        with st.spinner(say("ui.intake.taking", lang)):
            following, report = own_layers.with_layer(token, upload, role=look.role, options=options)
    except XinguError as refusal:
        st.html(found_view.refusal_box(refusal, lang))
        return
    import_session.use(following, report=report)
    st.rerun()


def own_layers_list(lang: Lang) -> None:
    """One's own layers, each with the button that takes it away, and the way back."""
    st.html(heading("ui.intake.own", lang))
    token = import_session.token()
    base = cache.shipped().catalogue
    own = own_layers.own_catalogue(token, crs=base.crs)
    if own is None:
        st.html(el("div", say("ui.intake.own_none", lang), cls="xg-note"))
    passports = [] if own is None else [own.passport(role) for role in sorted(own)]
    for passport in passports:
        role = passport.role
        text, button = st.columns([4, 1], vertical_alignment="center")
        text.html(found_view.own_line(passport, is_replacing=role in base, lang=lang))
        button.button(
            say("ui.intake.remove", lang),
            key=Key.REMOVE.of(role),
            on_click=_remove,
            args=(token, role),
            width="stretch",
        )
    if token:
        st.button(say("ui.intake.undo", lang), key=Key.UNDO, on_click=_undo, args=(token,))
        st.html(el("div", say("ui.intake.privacy", lang), cls="xg-note"))


def _remove(token: str, role: str) -> None:
    import_session.use(own_layers.without_layer(token, role=role))


def _undo(token: str) -> None:
    import_session.use(own_layers.before(token))
