"""The conflict check: the project of the brief on the sites of the basket, together, against the sewers.

Comes in: the choices, the basket. Goes out: the ticket as HTML, text and JSON. Must not know: how a conflict is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from xingu_geo.doors.telling.names import element_said, placed_name
from xingu_geo.doors.telling.ticket_words import (
    closing_lines,
    conflict_lines,
    load_text,
    remedy_sentences,
    verdict_line,
)
from xingu_geo.doors.telling.works_words import upgrade_lines
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.exports import ticket_buttons
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.relief.ticket import Outcome
from xingu_geo.study.run.checking import Checked, Placement, cheapest_works, check
from xingu_geo.study.run.spec import Study, brief_asked

_FIGURES: Final = ("required", "available", "missing", "load")
_RIGHT: Final = "text-align:right;white-space:nowrap"
_ENOUGH: Final = "border-left:3px solid #15803d;padding-left:8px;margin-top:5px"
_PART: Final = "border-left:3px solid #e2e8f0;padding-left:8px;margin-top:5px"


def placed_sites() -> tuple[str, ...]:
    """The sites to be checked together: the basket, else the open card's."""
    chosen = session.basket() or ((session.selected(),) if session.selected() else ())
    return tuple(site for site in chosen if site in cache.sites().table.index)


def checked_sites(study: Study, sites: Sequence[str]) -> Checked:
    """The ticket of the study's project on each of ``sites``."""
    brief = brief_asked(study, cache.tables())
    placements = [Placement(brief, site) for site in sites]
    key = ("ticket", study.phase, brief.digest, tuple(sites))
    return cache.once(key, lambda: check(cache.place(), placements, phase=study.phase))


def conflict_board(study: Study, lang: Lang) -> None:
    """The verdict, the conflicts with their users, the ways out, and the ticket to take away."""
    sites = placed_sites()
    names = cache.names(cache.sites(), lang)
    title = cache.tables().types[study.project.type].title.to(lang)
    where = say("ui.and", lang).join(names[site] for site in sites)
    heading = say("ui.ticket_of", lang, project=title, sites=where) if sites else ""
    st.html(el("div", say("ui.ticket_heading", lang), el("small", heading), cls="xg-h"))
    if not sites:
        st.html(el("div", say("ui.ticket_none", lang), cls="xg-empty"))
        return
    try:
        with st.spinner(say("ui.working", lang)):
            checked = checked_sites(study, sites)
    except XinguError as refusal:
        st.html(el("div", refusal.sentence(lang), cls="xg-warn"))
        return
    left, right = st.columns([3, 2], gap="medium")
    left.html(ticket_html(checked, lang))
    if checked.ticket.conflicts:
        with left:
            _users(checked, lang)
    right.html(remedies_html(checked, lang))
    ticket_buttons(checked, lang, phase=cache.tables().phases.named(study.phase).title.to(lang))
    if checked.ticket.outcome is Outcome.CONFLICT:
        _works(study, checked, lang)


def _works(study: Study, checked: Checked, lang: Lang) -> None:
    """The cheapest works that make all of it fit, worked out when asked for."""
    digest = checked.ticket.digest
    st.button(
        say("ui.works", lang),
        key=Key.WORKS,
        on_click=lambda: st.session_state.update({Key.WORKS_OF: digest}),
        help=say("ui.works_help", lang),
    )
    if st.session_state.get(Key.WORKS_OF) != digest:
        return
    with st.spinner(say("ui.working", lang)):
        key = ("works", study.phase, digest)
        plan = cache.once(key, lambda: cheapest_works(cache.place(), checked))
    lines = upgrade_lines(checked.network, plan, lang)
    st.html(el("div", *(el("div", line, cls="xg-note") for line in lines), cls="xg-card"))


def ticket_html(checked: Checked, lang: Lang) -> Markup:
    """The verdict in colour, then the elements that cannot carry it with what they lack."""
    ticket = checked.ticket
    colour = "#b42318" if ticket.outcome is Outcome.CONFLICT else "#0f172a"
    verdict = el("div", verdict_line(ticket, lang), cls="xg-why", style=f"font-weight:600;color:{colour}")
    notes = [el("div", line, cls="xg-note") for line in closing_lines(checked, lang)]
    return el("div", verdict, _conflict_table(checked, lang) if ticket.conflicts else NOTHING, *notes, cls="xg-card")


def _conflict_table(checked: Checked, lang: Lang) -> Markup:
    heads = ("element", "required", "available", "missing", "load")
    head = el(
        "tr", *(el("th", say(f"report.{name}", lang), style=_RIGHT if name in _FIGURES else "") for name in heads)
    )
    rows = []
    for one in checked.ticket.conflicts:
        figures = [number(flow, "m3_d") for flow in (one.required_m3_d, one.available_m3_d, one.missing_m3_d)]
        named = element_said(checked.network, one.element, one.kind, lang)
        over = el("b", load_text(one), style="color:#b42318")
        rows.append(el("tr", el("td", named), *(el("td", cell, style=_RIGHT) for cell in (*figures, over))))
    return el("table", head, *rows, cls="xg-rules")


def _users(checked: Checked, lang: Lang) -> None:
    """Who uses the elements in conflict, folded away."""
    names = {discharge.id: placed_name(discharge, lang) for discharge in checked.ticket.discharges}
    with st.expander(say("ui.ticket_users", lang)):
        for conflict in checked.ticket.conflicts:
            first, *rest = conflict_lines(checked.network, conflict, names, lang)
            lines = [el("div", line, cls="xg-note") for line in rest]
            st.html(el("div", el("div", first, cls="xg-why"), *lines))


def remedies_html(checked: Checked, lang: Lang) -> Markup:
    """The ways out, each with the figure that makes it fit; those that are enough alone marked green."""
    if not checked.remedies:
        none = "ui.ticket_no_remedy" if checked.ticket.outcome is Outcome.FITS else "ui.ticket_no_way"
        return el("div", el("div", say(none, lang), cls="xg-note"), cls="xg-card")
    lines = [
        el("div", f"{place}. {sentence}", cls="xg-note", style=_ENOUGH if remedy.is_enough else _PART)
        for place, (remedy, sentence) in enumerate(
            zip(checked.remedies, remedy_sentences(checked, lang), strict=True), start=1
        )
    ]
    return el("div", el("div", say("ticket.remedies", lang), cls="xg-why"), *lines, cls="xg-card")
