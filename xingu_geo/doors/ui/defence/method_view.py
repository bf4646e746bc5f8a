"""How criteria are combined and what becomes of gaps: each choice with what it assumes, and what it changes.

Comes in: a result, the choices. Goes out: a section of the page. Must not know: how a method computes.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.method_note import DEFAULT
from xingu_geo.doors.ui.defence import moves_view
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.notepad import bound
from xingu_geo.doors.ui.kit.session import Choices
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.missing import MISSING
from xingu_geo.study.run.result import Result


def method_section(result: Result, chosen: Choices, lang: Lang) -> None:
    """The method, its assumption, the risk attitude, the policy for gaps; then what differs from the weighted sum."""
    left, right = st.columns([9, 11], gap="large")
    with left:
        method_form(chosen, lang)
        missing_form(result, chosen, lang)
    with right:
        st.html(heading("ui.defence.effect", lang))
        if chosen.method == DEFAULT:
            st.html(el("div", say("ui.defence.effect_same", lang), cls="xg-note"))
            return
        try:
            plain = cache.result(result.study.model_copy(update={"method": DEFAULT}))
        except XinguError as refusal:
            st.html(el("div", refusal.sentence(lang), cls="xg-warn"))
            return
        moves_view.moves(plain, result, lang)


def method_form(chosen: Choices, lang: Lang) -> None:
    """The method with what it assumes, and the risk attitude where it has one."""
    st.selectbox(
        say("ui.defence.method", lang),
        list(METHODS),
        format_func=lambda name: METHODS[name].title.to(lang),
        key=bound_to("method", chosen.method),
        on_change=_take_method,
    )
    method = METHODS[chosen.method]
    st.html(el("div", el("div", method.about.to(lang), cls="xg-why"), cls="xg-card"))
    if method.compares:
        st.html(el("div", say("ui.defence.method_can", lang), cls="xg-warn"))
    parts = say("ui.defence.method_parts" if method.additive else "ui.defence.method_no_parts", lang)
    st.html(el("div", parts, cls="xg-note"))
    if chosen.method == "owa":
        st.slider(
            say("ui.defence.risk", lang),
            0.0,
            1.0,
            step=0.05,
            key=bound_to("risk", chosen.risk),
            help=say("ui.defence.risk_help", lang),
            on_change=lambda: session.choose(risk=float(st.session_state["note.risk"])),
        )


def missing_form(result: Result, chosen: Choices, lang: Lang) -> None:
    """What becomes of a site without a value, and how many that concerns now."""
    fills = METHODS[chosen.method].fills_gaps
    st.radio(
        say("ui.defence.missing", lang),
        MISSING,
        format_func=lambda name: say(f"ui.defence.missings.{name}", lang),
        key=bound_to("missing", chosen.missing),
        disabled=not fills,
        on_change=lambda: session.choose(missing=st.session_state["note.missing"]),
    )
    st.html(el("div", say(f"ui.defence.missings.{chosen.missing}_about", lang), cls="xg-note"))
    if not fills:
        st.html(el("div", say("ui.defence.missing_locked", lang), cls="xg-note"))
    count = int((result.ranking.unranked == "missing").sum())
    key = "ui.defence.missing_count" if count else "ui.defence.missing_none"
    st.html(el("div", say(key, lang, count=count), cls="xg-note"))


def bound_to(name: str, value: object) -> str:
    """The key of a widget that always shows ``value``, which lives in the session's choices."""
    key = bound(name, value)
    st.session_state[key] = value
    return key


def _take_method() -> None:
    name = str(st.session_state["note.method"])
    # A method whose reference is made of the candidates would let a gap help; the engine refuses that.
    session.choose(method=name, **({} if METHODS[name].fills_gaps else {"missing": "exclude"}))
