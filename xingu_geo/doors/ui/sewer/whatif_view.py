"""What if: change a pipe, a pump, a plant, add a link, or take the cheapest works; before and after, side by side.

Comes in: a network and its changed copy. Goes out: forms, a table. Must not know: how a flow is computed.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.exchange.safe_csv import csv_text
from xingu_geo.doors.telling.names import element_name
from xingu_geo.doors.telling.ticket_words import verdict_line
from xingu_geo.doors.telling.works_words import upgrade_lines
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.sewer_view import element_names, utilisation
from xingu_geo.doors.ui.sewer import whatif_state
from xingu_geo.doors.ui.sewer.conflict import placed_sites
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.figures import Figure, column_form, number, per_cent, rounded
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.ticket import Outcome
from xingu_geo.sewers.relief.whatif import Change, NewLink
from xingu_geo.study.run.carrying import before_and_after
from xingu_geo.study.run.checking import Placement, ticket_on, works_for
from xingu_geo.study.run.spec import Study, brief_asked

HEIGHT: Final = 300
ROW_HEIGHT: Final = 29
HEADER_HEIGHT: Final = 38
TIGHTEST: Final = 8
PLAN: Final = "whatif.plan"
START: Final = "whatif.start_with"
# How one step of a figure is typed: by how much, with how many decimals.
STEPS: Final = {
    "diameter_mm": (50.0, "%.0f"),
    "velocity_max_m_s": (0.1, "%.2f"),
    "pump_duty": (1.0, "%.0f"),
    "pump_rated_l_s": (10.0, "%.1f"),
    "capacity_m3_d": (1000.0, "%.0f"),
}
LINK_DIAMETER_MM: Final = 500.0


def change_form(network: Network, table: pd.DataFrame, element: str, lang: Lang) -> None:
    """One figure of one element; the fullest element is offered first."""
    ordered = table.sort_values("utilisation", ascending=False, na_position="last", kind="stable")
    names = [str(name) for name in ordered.index]
    spoken = element_names(ordered, lang)
    place = names.index(element) if element in names else 0
    st.html(el("div", say("whatif.change", lang), cls="xg-h"))
    chosen = st.selectbox(
        say("whatif.element", lang), names, index=place, format_func=lambda name: f"{spoken[name]} · {name}"
    )
    fields = network.kind_of(chosen).figures
    field = st.selectbox(say("whatif.field", lang), fields, format_func=lambda name: say(f"whatif.of.{name}", lang))
    frame = network.nodes if chosen in network.nodes.index else network.links
    now = float(frame[field].loc[chosen])
    step, form = STEPS[field]
    value = st.number_input(
        say("whatif.value", lang, now=number(now, "given")),
        min_value=0.0,
        value=now,
        step=step,
        format=form,
        key=f"v.{chosen}.{field}.{now}",
        help=say("whatif.value_help", lang),
    )
    if st.button(say("whatif.take", lang), disabled=value == now, width="stretch", type="primary"):
        session.look_at(chosen, follow=False)
        whatif_state.add((Change(chosen, field, value),))
        st.rerun()


def link_form(network: Network, lang: Lang) -> None:
    """A pressure main between two stations or manholes, taking a share of what arrives at its start."""
    with st.expander(say("whatif.link", lang)):
        ends = [str(name) for name in network.nodes.index[network.marks.can_be_joined]]
        spoken = node_names(network, lang)
        start = st.selectbox(say("whatif.start", lang), ends, format_func=spoken.__getitem__)
        others = [name for name in ends if name != start]
        end = st.selectbox(say("whatif.end", lang), others, format_func=spoken.__getitem__)
        diameter = st.number_input(
            say("whatif.of.diameter_mm", lang), min_value=100.0, value=LINK_DIAMETER_MM, step=50.0, format="%.0f"
        )
        share = st.slider(say("whatif.share", lang), 0, 100, 50, format="%d%%") / 100
        if st.button(say("whatif.lay", lang), width="stretch"):
            whatif_state.add(whatif_state.linked(network, start, end, diameter_mm=diameter, share=share))
            st.rerun()


def cheapest_button(network: Network, study: Study, lang: Lang) -> None:
    """The cheapest works that make the basket's projects fit, taken as one step."""
    sites = placed_sites()
    if not st.button(
        say("whatif.cheapest", lang), disabled=not sites, width="stretch", help=say("whatif.cheapest_help", lang)
    ):
        return
    brief = brief_asked(study, cache.tables())
    with st.spinner(say("ui.working", lang)):
        plan = works_for(cache.place(), [Placement(brief, site) for site in sites], network)
    if plan.upgrades:
        built: list[Change | NewLink] = []
        for upgrade in plan.upgrades:
            built += [*upgrade.changes, *upgrade.links]
        whatif_state.add(tuple(built))
    st.session_state[PLAN] = upgrade_lines(network, plan, lang)
    st.rerun()


def steps_list(network: Network, lang: Lang) -> None:
    """What was tried, and the way back."""
    tried = whatif_state.steps()
    st.html(el("div", say("whatif.steps", lang, count=len(tried)), cls="xg-h"))
    if not tried:
        st.html(el("div", say("whatif.none", lang), cls="xg-empty"))
        return
    for place, step in enumerate(tried, start=1):
        st.html(el("div", f"{place}. {_said(network, step, lang)}", cls="xg-note"))
    left, right = st.columns(2)
    left.button(say("whatif.undo", lang), on_click=whatif_state.take_back, width="stretch")
    right.button(say("whatif.clear", lang), on_click=whatif_state.clear, width="stretch")


def plan_note() -> None:
    """What the cheapest works were, once."""
    plan: list[str] = st.session_state.pop(PLAN, [])
    if plan:
        st.html(el("div", *(el("div", line, cls="xg-why") for line in plan), cls="xg-card"))


def verdicts(before: Network, after: Network, study: Study, lang: Lang) -> None:
    """Whether the basket's projects fit, without the changes and with them."""
    sites = placed_sites()
    if not sites:
        st.html(el("div", say("whatif.no_sites", lang), cls="xg-empty"))
        return
    brief = brief_asked(study, cache.tables())
    changed = after.digest != before.digest
    for key, network in (("before", before), ("after", after))[: 2 if changed else 1]:
        try:
            ticket = ticket_on(cache.place(), [Placement(brief, site) for site in sites], network)
            said, good = verdict_line(ticket, lang), ticket.outcome is Outcome.FITS
        except XinguError as refusal:
            said, good = refusal.sentence(lang), False
        style = f"border-left:3px solid {'#15803d' if good else '#b42318'}"
        st.html(el("div", el("b", say(f"whatif.{key}", lang)), said, cls="xg-card xg-why", style=style))
    if not changed:
        st.html(el("div", say("whatif.same", lang), cls="xg-note"))


def difference_table(before: Network, after: Network, lang: Lang) -> None:
    """Every element that the changes touch, before and after."""
    table = cache.once(("compared", before.digest, after.digest), lambda: before_and_after(before, after))
    touched = table[table["is_changed"]]
    if touched.empty:
        _where_to_start(before, lang)
        return
    st.html(el("div", say("whatif.touched", lang, count=len(touched)), cls="xg-h"))
    names = element_names(touched, lang)
    rows = pd.DataFrame(
        {
            say("whatif.element", lang): [_spoken(str(one), name, lang) for one, name in names.items()],
            say("whatif.used_before", lang): rounded(touched["utilisation_before"], "share"),
            say("whatif.used_after", lang): rounded(touched["utilisation_after"], "share"),
            say("whatif.room_before", lang): rounded(touched["headroom_m3_d_before"], "m3_d"),
            say("whatif.room_after", lang): rounded(touched["headroom_m3_d_after"], "m3_d"),
        }
    )
    st.dataframe(
        rows,
        height=min(HEIGHT, HEADER_HEIGHT + ROW_HEIGHT * len(rows)),
        row_height=ROW_HEIGHT,
        hide_index=True,
        column_config={
            str(name): st.column_config.NumberColumn(str(name), format="localized")
            for name in rows.select_dtypes("number")
        },
        alt=say("whatif.touched", lang, count=len(touched)),
    )
    st.download_button(
        say("whatif.download", lang),
        data=lambda: csv_text(touched.rename_axis("element")).encode(),
        file_name="what-if.csv",
        mime="text/csv",
        on_click="ignore",
    )


def node_names(network: Network, lang: Lang) -> dict[str, str]:
    """What every node is called, stations and plants before manholes of the same name."""
    return {str(name): element_name(network, str(name), lang) for name in network.nodes.index}


def _where_to_start(network: Network, lang: Lang) -> None:
    """Nothing is changed yet: the tightest elements, of which one click puts one into the form."""
    table = utilisation(network, None).sort_values("utilisation", ascending=False, na_position="last", kind="stable")
    table = table.head(TIGHTEST)
    shown = [str(name) for name in table.index]
    st.html(el("div", say("whatif.start_here", lang), cls="xg-h"))
    st.html(el("div", say("whatif.start_how", lang), cls="xg-note"))
    rows = pd.DataFrame(
        {
            say("whatif.element", lang): element_names(table, lang),
            say("whatif.kind", lang): table["kind"].map(lambda kind: KINDS[kind].title.to(lang)),
            say("whatif.used", lang): rounded(table["utilisation"], "share"),
            say("whatif.room", lang): rounded(table["headroom_m3_d"], "m3_d"),
        }
    )
    chosen = [shown.index(session.element())] if session.element() in shown else []
    st.session_state[START] = {"selection": {"rows": chosen}}
    names, share = list(rows.columns), f"{column_form('share')}%%"
    st.dataframe(
        rows,
        key=START,
        on_select=lambda: _start_with(shown),
        selection_mode="single-row",
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=HEADER_HEIGHT + ROW_HEIGHT * len(rows),
        column_config={
            names[2]: st.column_config.ProgressColumn(names[2], format=share, min_value=0, max_value=130),
            names[3]: st.column_config.NumberColumn(names[3], format="localized"),
        },
        alt=say("whatif.start_here", lang),
    )


def _start_with(shown: list[str]) -> None:
    rows = st.session_state[START]["selection"]["rows"]
    if rows and rows[0] < len(shown):
        session.look_at(shown[rows[0]], follow=True)


def _said(network: Network, step: tuple[Change | NewLink, ...], lang: Lang) -> str:
    """One step in words; what a new link takes away from the old ways is said with the link."""
    laid = [one for one in step if isinstance(one, NewLink)]
    said = [
        say(
            "whatif.said_link",
            lang,
            start=element_name(network, one.from_node, lang),
            end=element_name(network, one.to_node, lang),
            diameter=Figure(one.diameter_mm, "mm"),
            length=Figure(one.length_m, "m"),
        )
        for one in laid
    ]
    said += [
        say(f"whatif.to.{one.field}", lang, element=element_name(network, one.element, lang), value=_value(one))
        for one in step
        if isinstance(one, Change) and not (laid and one.field == "split_share")
    ]
    return say("whatif.then", lang).join(said)


def _value(change: Change) -> str:
    """The figure as it was typed; a share as a whole per cent, as the slider has it."""
    is_share = change.field == "split_share"
    return per_cent(change.value, "whole") if is_share else number(change.value, "given")


def _spoken(element: str, name: str, lang: Lang) -> str:
    """An element's name; of a new link that it is new."""
    number = element.removeprefix(whatif_state.NEW)
    return say("whatif.new_link", lang, number=number) if number != element else name
