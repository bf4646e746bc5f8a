"""The frame of every page: set-up, style, language, navigation, and the one sentence for a refusal.

Comes in: nothing. Goes out: the page that was asked for. Must not know: what a page shows.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import streamlit as st

from xingu_geo.doors.ui.kit import cache, import_session, session
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.kit.view import place_name
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS, Lang, say

_STYLE: Final = Path(__file__).parent / "web" / "page.css"
# A Chinese font draws a Latin quotation mark as wide as a character.
_LATIN: Final = "<style>[data-testid=stHtml] { font-family: 'Segoe UI', 'Helvetica Neue', Arial, sans-serif }</style>"


def open_door(pages: dict[str, str]) -> None:
    """The app: ``pages`` by the last part of their address, each named by its module; the first is the front page."""
    lang = session.language()
    cache.look_again()
    st.set_page_config(page_title=say("ui.product", lang), layout="wide", initial_sidebar_state="expanded")
    st.html(_STYLE)
    if lang == "en":
        st.html(_LATIN)
    listed = [
        st.Page(_opens(page), title=say(f"ui.page.{name}", lang), url_path=name, default=place == 0)
        for place, (name, page) in enumerate(pages.items())
    ]
    st.session_state[Key.PAGES] = dict(zip(pages, listed, strict=True))
    chosen = st.navigation(listed, position="top")
    _language_switch(lang)
    import_session.keep_in_address()
    with refusals(lang):
        chosen.run()


def _opens(module: str) -> Callable[[], None]:
    """The page of ``module``, loaded when it is opened: what the first page does not need would keep it waiting."""

    def open_page() -> None:
        importlib.import_module(f"xingu_geo.doors.ui.{module}").page()

    return open_page


def link_to(page: str, label: str) -> None:
    """A link to another page by its name; none where the page stands alone."""
    if page in (pages := st.session_state.get(Key.PAGES, {})):
        st.page_link(pages[page], label=label)


def _language_switch(lang: Lang) -> None:
    """The switch at the top right; the language stays in the address, so that a link opens in it."""
    st.session_state[Key.LANG] = lang
    st.query_params[Key.LANG] = lang
    st.segmented_control(
        say("ui.language", lang),
        LANGS,
        format_func=lambda name: say("ui.language_name", name),
        required=True,
        key=Key.LANG,
        label_visibility="collapsed",
    )


def title(lang: Lang) -> str:
    """The place, and what is asked of it; a study with a name of its own says it."""
    base = cache.base_study()
    named = "" if base.title == type(base)().title else base.title.to(lang)
    return say("ui.title", lang, place=named or place_name(cache.place().catalogue, lang))


@contextmanager
def refusals(lang: Lang) -> Iterator[None]:
    """A refusal inside becomes one sentence on the page."""
    try:
        yield
    except XinguError as refusal:
        st.html(el("div", refusal.sentence(lang), cls="xg-warn"))


@contextmanager
def progress(lang: Lang, *, needed: bool) -> Iterator[Callable[[str], None]]:
    """Tells the stage under way while something long is worked out; nothing at all when it is at hand."""
    if not needed:
        yield lambda _stage: None
        return
    place = st.empty()
    with place.status(say("ui.working", lang), expanded=True) as box:
        yield lambda stage: box.update(label=say(stage, lang))
    place.empty()
