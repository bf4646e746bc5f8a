"""Remedies: the figure, put into effect, makes it fit; 1 m³/d less does not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.sewers import link, load, network, norms_without_infiltration, overfull, plant, random_network, station

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.flows import flows_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.limits import capacity_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.remedies import remedies_of
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind, applied
from xingu_geo.sewers.relief.ticket import Outcome, ticket_of, ways_of
from xingu_geo.sewers.relief.whatif import Change, NewLink, compared, least_value, limits_with, whatif

COSTS = planner.upgrade_costs()
MIXED = Effluent(domestic_share=0.1, industrial_peaking=1.3)


def two_trunks(**facts: float) -> Network:
    """a → lift → works, and 400 m beside it c → d → other works with much room."""
    return network(
        [
            {"id": "a", "x_m": 0.0, "y_m": 0.0},
            station("lift", facts.get("rated_l_s", 100.0), x_m=500.0, y_m=0.0),
            plant("works", facts.get("works_m3_d", 1e6), x_m=900.0, y_m=0.0),
            {"id": "c", "x_m": 0.0, "y_m": 400.0},
            {"id": "d", "x_m": 500.0, "y_m": 500.0},
            plant("other", 1e6, x_m=900.0, y_m=500.0),
        ],
        [
            link("a", "lift", diameter_mm=facts.get("diameter_mm", 2000.0)),
            link("lift", "works", diameter_mm=2000.0, kind="pressure", velocity_max_m_s=2.0),
            link("c", "d", diameter_mm=2000.0),
            link("d", "other", diameter_mm=2000.0),
        ],
        [load("a", 0.0, 3600.0, name="dye works")],
        norms=norms_without_infiltration(),
    )


def by_kind(net: Network, discharges: list[Discharge], **options) -> dict[RemedyKind, Remedy]:
    return {
        remedy.kind: remedy for remedy in remedies_of(net, ticket_of(assessed_of(net), discharges), COSTS, **options)
    }


def fab(flow_m3_d: float, effluent: Effluent = MIXED) -> Discharge:
    return Discharge("fab", "P1", "a", flow_m3_d, effluent)


def test_the_figures_of_a_pump_that_is_too_small():
    # 100 − 50 = 50 L/s left, all process water at K' 1.2: 3,600 m³/d of 5,000
    process = Effluent(0.0, 1.2)
    found = by_kind(two_trunks(), [fab(5000.0, process)])
    assert found[RemedyKind.DISCHARGE].figure == pytest.approx(3600)
    assert found[RemedyKind.DISCHARGE].missing_m3_d == pytest.approx(1400)
    assert found[RemedyKind.REUSE].figure == pytest.approx(1400 / 5000)
    assert found[RemedyKind.REUSE].cost_10k_cny == pytest.approx(1400 * COSTS.reuse_m3_d.value)
    assert found[RemedyKind.PUMP].figure == pytest.approx(50 + 5000 / 86.4 * 1.2)
    assert (found[RemedyKind.TIE_IN].element, found[RemedyKind.TIE_IN].figure) == ("c", pytest.approx(400))
    # a carries 8,600 m³/d, 1,400 of them must go over to c, the nearest of the other trunk
    assert found[RemedyKind.CROSS_LINK].element == "c"
    assert found[RemedyKind.CROSS_LINK].figure == pytest.approx(1400)
    assert all(remedy.is_enough for remedy in found.values())
    assert RemedyKind.PIPE not in found


def test_remedies_come_in_the_order_of_what_they_cost_and_the_insufficient_last():
    net = two_trunks(works_m3_d=8000.0)  # pump and plant both too small: neither alone is enough
    remedies = remedies_of(net, ticket_of(assessed_of(net), [fab(5000.0)]), COSTS)
    enough = [remedy for remedy in remedies if remedy.is_enough]
    assert [remedy.cost_10k_cny for remedy in enough] == sorted(remedy.cost_10k_cny for remedy in enough)
    assert enough[0].kind is RemedyKind.DISCHARGE
    assert {remedy.kind for remedy in remedies[len(enough) :]} == {RemedyKind.PUMP, RemedyKind.PLANT}


def test_a_place_with_room_needs_no_remedy():
    net = two_trunks()
    assert remedies_of(net, ticket_of(assessed_of(net), [fab(100.0)]), COSTS) == ()


def less(net: Network, remedy: Remedy) -> Remedy | None:
    """The remedy short of 1 m³/d; None for one that has no such thing."""
    if remedy.kind is RemedyKind.DISCHARGE:
        name = remedy.project
        more = [replace(d, flow_m3_d=d.flow_m3_d + 1) if d.id == name else d for d in remedy.discharges]
        return replace(remedy, discharges=tuple(more))
    if remedy.kind is RemedyKind.REUSE:
        (one,) = [d for d in remedy.discharges if d.id == remedy.project]
        domestic, total = one.flow_m3_d * one.effluent.domestic_share, one.flow_m3_d + 1
        watered = replace(one, flow_m3_d=total, effluent=replace(one.effluent, domestic_share=domestic / total))
        return replace(remedy, discharges=tuple(watered if d.id == one.id else d for d in remedy.discharges))
    if remedy.kind in (RemedyKind.PUMP, RemedyKind.PLANT):
        (change,) = remedy.changes
        duty = float(net.nodes.loc[change.element, "pump_duty"]) * 86.4 if remedy.kind is RemedyKind.PUMP else 1.0
        return replace(remedy, changes=(replace(change, value=change.value - 1 / duty),))
    if remedy.kind is RemedyKind.PIPE:
        (change,) = remedy.changes
        limit = float(limits_with(net, change.element, column=change.field, values=np.array([change.value]))[0])
        lower = least_value(net, change.element, column=change.field, needed_l_s=limit - 1 / 86.4, high=change.value)
        # where the fullness limit jumps at a class of diameters, any smaller pipe is too small
        return replace(remedy, changes=(replace(change, value=min(lower, change.value - 1e-6)),))
    if remedy.kind is RemedyKind.CROSS_LINK:
        (pipe,) = remedy.links
        short = 1 - 1 / remedy.figure
        scaled = pipe.split_share * short
        left = {change.element: change.value / (1 - pipe.split_share) for change in remedy.changes}
        changes = tuple(replace(c, value=left[c.element] * (1 - scaled)) for c in remedy.changes)
        return replace(remedy, links=(replace(pipe, split_share=scaled),), changes=changes)
    return None


def check_each(net: Network, discharges: list[Discharge]) -> set[RemedyKind]:
    seen = set()
    for remedy in remedies_of(net, ticket_of(assessed_of(net), discharges), COSTS, reach_m=2000.0):
        changed, placed = applied(net, remedy)
        assert (ticket_of(assessed_of(changed), placed).outcome is Outcome.FITS) or not remedy.is_enough
        if not remedy.is_enough:
            continue
        reached = set(ways_of(changed, placed).index)
        assert not overfull(with_discharges(changed, placed)) & reached
        seen.add(remedy.kind)
        short = less(net, remedy)
        if short is not None:
            changed, placed = applied(net, short)
            assert ticket_of(assessed_of(changed), placed).outcome is Outcome.CONFLICT
    return seen


TOO_SMALL = ({}, {"rated_l_s": 1e6, "diameter_mm": 600.0}, {"rated_l_s": 1e6, "works_m3_d": 8000.0})


@pytest.mark.parametrize("facts", TOO_SMALL)
def test_on_two_trunks_the_figure_fits_and_1_m3_d_less_does_not(facts):
    net = two_trunks(**facts)
    seen = check_each(net, [fab(4000.0), Discharge("pkg", "P2", "a", 1500.0, Effluent(0.4, 1.5))])
    assert {RemedyKind.DISCHARGE, RemedyKind.CROSS_LINK} <= seen
    assert {RemedyKind.PUMP, RemedyKind.PIPE, RemedyKind.PLANT} & seen


def test_every_kind_of_remedy_has_been_seen_on_two_trunks():
    seen = set()
    for facts in TOO_SMALL:
        net = two_trunks(**facts)
        remedies = remedies_of(net, ticket_of(assessed_of(net), [fab(5000.0)]), COSTS)
        seen |= {remedy.kind for remedy in remedies if remedy.is_enough}
    assert seen == set(RemedyKind)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10**6), st.floats(1.02, 1.6), st.floats(0, 1), st.floats(1, 2))
def test_on_random_networks_the_figure_fits_and_1_m3_d_less_does_not(seed, excess, sigma, peaking):
    net = random_network(seed, 20, splits=0.3)
    effluent = Effluent(sigma, peaking)
    room = headroom_of(assessed_of(net), effluent).table["headroom_m3_d"]
    room = room[room.gt(20) & room.lt(math.inf)]
    assume(len(room) > 0)
    node = str(room.index[seed % len(room)])
    assert check_each(net, [Discharge("p", "s", node, float(room[node]) * excess, effluent)])


def test_what_if_copies_and_the_table_shows_before_and_after():
    net = two_trunks()
    after = whatif(net, [Change("lift", "pump_rated_l_s", 150.0)])
    assert net.nodes.loc["lift", "pump_rated_l_s"] == 100.0
    table = compared(assessed_of(net), assessed_of(after))
    assert set(table.index[table["is_changed"]]) == {"lift"}
    assert table.loc["lift", ["capacity_l_s_before", "capacity_l_s_after"]].tolist() == [100.0, 150.0]
    new = NewLink("n", "a", "c", "pressure", 300.0, 400.0, split_share=0.25, material="steel")
    linked = whatif(net, [Change("a-lift", "split_share", 0.75)], links=[new])
    row = compared(assessed_of(net), assessed_of(linked)).loc["n"]
    assert math.isnan(row["mean_m3_d_before"])
    assert row["mean_m3_d_after"] == pytest.approx(900)
    assert flows_of(linked).mean[linked.elements.get_loc("other")] * 86.4 == pytest.approx(900)


def test_what_if_refuses_what_is_not_there():
    net = two_trunks()
    for change, code in (
        (Change("nobody", "diameter_mm", 1.0), "sewer_element_unknown"),
        (Change("lift", "diameter_mm", 1.0), "change_unknown"),
        (Change("lift", "kind", 1.0), "change_unknown"),
    ):
        with pytest.raises(XinguError) as refusal:
            whatif(net, [change])
        assert refusal.value.code == code


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 10**6))
def test_limits_with_other_figures_are_those_of_the_network_rebuilt(seed):
    net = random_network(seed, 12)
    for element in net.elements:
        is_link = element in net.links.index
        if not is_link and net.nodes.loc[element, "kind"] == "manhole":
            continue
        kind = "" if is_link else net.nodes.loc[element, "kind"]
        column = "diameter_mm" if is_link else {"station": "pump_rated_l_s", "plant": "capacity_m3_d"}[kind]
        limits = limits_with(net, element, column=column, values=np.array([450.0, 1234.0]))
        for value, limit in zip((450.0, 1234.0), limits, strict=True):
            rebuilt = whatif(net, [Change(element, column, value)])
            assert limit == pytest.approx(capacity_of(rebuilt).limit_l_s[net.elements.get_loc(element)])


def test_the_least_value_carries_what_is_needed_and_a_hair_less_does_not():
    net = two_trunks()
    found = least_value(net, "a-lift", column="diameter_mm", needed_l_s=500.0, high=6000.0)
    limits = limits_with(net, "a-lift", column="diameter_mm", values=np.array([found * (1 - 1e-7), found]))
    assert limits[0] < 500.0 <= limits[1]
    assert math.isnan(least_value(net, "a-lift", column="diameter_mm", needed_l_s=1e9, high=6000.0))
