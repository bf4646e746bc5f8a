"""What if: change a pipe, a pump, a plant, add a link, or take the cheapest works; before and after, side by side.

Comes in: a network and its changed copy. Goes out: forms, a table. Must not know: how a flow is computed.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.base.errors import XinguError
from xingu_geo.base.say import Lang, say
from xingu_geo.outputs.csv import csv_text
from xingu_geo.outputs.ticket import verdict_line
from xingu_geo.outputs.upgrade import upgrade_lines
from xingu_geo.portfolio.ticket import ticket_of
from xingu_geo.portfolio.upgrades import cheapest_upgrades
from xingu_geo.portfolio.whatif import Change, NewLink, compared
from xingu_geo.sewers.network import Network
from xingu_geo.study.run import brief_of_study
from xingu_geo.study.spec import Study
from xingu_geo.study.tickets import Placement, discharges_of
from xingu_geo.ui import cache, whatif_state
from xingu_geo.ui.conflict import placed_sites
from xingu_geo.ui.markup import el
from xingu_geo.ui.sewer_view import element_names

HEIGHT: Final = 300
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
    fields = whatif_state.FIELDS[str(table.loc[chosen, "kind"])]
    field = st.selectbox(say("whatif.field", lang), fields, format_func=lambda name: say(f"whatif.of.{name}", lang))
    frame = network.nodes if chosen in network.nodes.index else network.links
    now = float(frame[field].loc[chosen])
    value = st.number_input(
        say("whatif.value", lang, now=now), min_value=0.0, value=now, key=f"v.{chosen}.{field}.{now}"
    )
    if st.button(say("whatif.take", lang), disabled=value == now, width="stretch"):
        whatif_state.add((Change(chosen, field, value),))
        st.rerun()


def link_form(network: Network, lang: Lang) -> None:
    """A pressure main between two stations or manholes, taking a share of what arrives at its start."""
    with st.expander(say("whatif.link", lang)):
        ends = [str(name) for name in network.nodes.index[network.nodes["kind"] != "outfall"]]
        start = st.selectbox(say("whatif.start", lang), ends)
        end = st.selectbox(say("whatif.end", lang), [name for name in ends if name != start])
        diameter = st.number_input(say("whatif.of.diameter_mm", lang), min_value=100.0, value=LINK_DIAMETER_MM)
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
    brief = brief_of_study(study, cache.tables())
    with st.spinner(say("ui.working", lang)):
        discharges = discharges_of([Placement(brief, site) for site in sites], network, cache.sites())
        plan = cheapest_upgrades(network, discharges, cache.costs())
    if plan.upgrades:
        built: list[Change | NewLink] = []
        for upgrade in plan.upgrades:
            built += [*upgrade.changes, *upgrade.links]
        whatif_state.add(tuple(built))
    st.session_state["whatif.plan"] = "\n\n".join(upgrade_lines(network, plan, lang))
    st.rerun()


def steps_list(lang: Lang) -> None:
    """What was tried, and the way back."""
    tried = whatif_state.steps()
    st.html(el("div", say("whatif.steps", lang, count=len(tried)), cls="xg-h"))
    if not tried:
        st.html(el("div", say("whatif.none", lang), cls="xg-empty"))
        return
    for number, step in enumerate(tried, start=1):
        said = say("ticket.and", lang).join(_said(one, lang) for one in step)
        st.html(el("div", f"{number}. {said}", cls="xg-note"))
    left, right = st.columns(2)
    left.button(say("whatif.undo", lang), on_click=whatif_state.take_back, width="stretch")
    right.button(say("whatif.clear", lang), on_click=whatif_state.clear, width="stretch")


def plan_note() -> None:
    """What the cheapest works were, once."""
    plan = st.session_state.pop("whatif.plan", None)
    if plan:
        st.info(plan)


def verdicts(before: Network, after: Network, study: Study, lang: Lang) -> None:
    """Whether the basket's projects fit, without the changes and with them."""
    sites = placed_sites()
    if not sites:
        st.html(el("div", say("whatif.no_sites", lang), cls="xg-empty"))
        return
    brief = brief_of_study(study, cache.tables())
    for key, network in (("before", before), ("after", after)):
        try:
            ticket = ticket_of(
                network, discharges_of([Placement(brief, site) for site in sites], network, cache.sites())
            )
            said = verdict_line(ticket, lang)
        except XinguError as refusal:
            said = refusal.sentence(lang)
        st.html(el("div", el("b", say(f"whatif.{key}", lang)), said, cls="xg-note"))


def difference_table(before: Network, after: Network, lang: Lang) -> None:
    """Every element that the changes touch, before and after."""
    table = cache.once(("compared", before.digest, after.digest), lambda: compared(before, after))
    touched = table[table["is_changed"]]
    st.html(el("div", say("whatif.touched", lang, count=len(touched)), cls="xg-h"))
    if touched.empty:
        return
    rows = pd.DataFrame(
        {
            say("whatif.element", lang): element_names(touched, lang),
            say("whatif.used_before", lang): (touched["utilisation_before"] * 100).round(1),
            say("whatif.used_after", lang): (touched["utilisation_after"] * 100).round(1),
            say("whatif.room_before", lang): touched["headroom_m3_d_before"].round(0),
            say("whatif.room_after", lang): touched["headroom_m3_d_after"].round(0),
        }
    )
    st.dataframe(rows, height=HEIGHT, row_height=29, alt=say("whatif.touched", lang, count=len(touched)))
    st.download_button(
        say("whatif.download", lang),
        data=lambda: csv_text(touched.rename_axis("element")).encode(),
        file_name="what-if.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _said(one: Change | NewLink, lang: Lang) -> str:
    if isinstance(one, Change):
        return say(
            "whatif.said_change", lang, element=one.element, field=say(f"whatif.of.{one.field}", lang), value=one.value
        )
    facts = {"start": one.from_node, "end": one.to_node, "diameter": one.diameter_mm, "length": one.length_m}
    return say("whatif.said_link", lang, **facts)
