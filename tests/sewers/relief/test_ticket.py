"""The conflict ticket: figures by hand, and held against an independent check on random networks."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.sewers import (
    LOAD,
    frame,
    link,
    load,
    network,
    norms_without_infiltration,
    overfull,
    plant,
    random_network,
    station,
)

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import Network, rebuilt
from xingu_geo.sewers.network.topology import downstream
from xingu_geo.sewers.relief import fewest
from xingu_geo.sewers.relief.discharge import Discharge, mixed, with_discharges
from xingu_geo.sewers.relief.ticket import Outcome, ticket_of, ways_of
from xingu_geo.sewers.relief.users import passing_shares, users_of

PROCESS = Effluent(domestic_share=0.0, industrial_peaking=1.2)


def one_station(rated_l_s: float = 100.0, plant_m3_d: float = 1e9) -> Network:
    """a → lift (one duty pump) → works; an existing dye works of 3,600 m³/d: 41.667 L/s · 1.2 = 50 L/s at peak."""
    return network(
        ["a", station("lift", rated_l_s), plant("works", plant_m3_d)],
        [link("a", "lift", diameter_mm=2000.0), link("lift", "works", diameter_mm=2000.0)],
        [load("a", 0.0, 3600.0, name="dye works", industrial_peaking=1.2, source_zh="印染厂", source_en="dye works")],
        norms=norms_without_infiltration(),
    )


def project(flow_m3_d: float, name: str = "fab", node: str = "a", effluent: Effluent = PROCESS) -> Discharge:
    return Discharge(name, "P1", node, flow_m3_d, effluent)


def test_the_pump_lacks_what_arithmetic_says():
    # 100 − 50 = 50 L/s left; at K' 1.2 that is 50 / 1.2 · 86.4 = 3,600 m³/d
    ticket = ticket_of(assessed_of(one_station()), [project(5000.0)])
    assert ticket.outcome is Outcome.CONFLICT
    (conflict,) = ticket.conflicts
    assert (conflict.element, conflict.kind) == ("lift", "station")
    assert conflict.required_m3_d == pytest.approx(5000)
    assert conflict.available_m3_d == pytest.approx(3600)
    assert conflict.missing_m3_d == pytest.approx(1400)
    assert conflict.demand_l_s == pytest.approx(50 + 5000 / 86.4 * 1.2)
    assert conflict.limit_l_s == pytest.approx(100)
    assert conflict.since == "fab@P1"
    assert dict(conflict.used_m3_d) == pytest.approx({"existing": 3600, "committed": 0, "reserved": 5000})


def test_exactly_what_is_left_fits_and_a_litre_more_does_not():
    assert ticket_of(assessed_of(one_station()), [project(3600.0)]).outcome is Outcome.FITS
    assert ticket_of(assessed_of(one_station()), [project(3600.001)]).outcome is Outcome.CONFLICT


def test_a_plant_is_held_to_the_mean_day():
    ticket = ticket_of(assessed_of(one_station(1e6, plant_m3_d=10_000.0)), [project(7000.0)])
    (conflict,) = ticket.conflicts
    # 10,000 − 3,600 = 6,400 m³/d, no peaking
    assert conflict.element == "works"
    assert conflict.available_m3_d == pytest.approx(6400)
    assert conflict.missing_m3_d == pytest.approx(600)


def test_two_that_fit_alone_conflict_together_and_the_fewest_are_named():
    three = [project(1500.0, "one"), project(1500.0, "two"), project(2500.0, "three")]
    for alone in three:
        assert ticket_of(assessed_of(one_station()), [alone]).outcome is Outcome.FITS
    ticket = ticket_of(assessed_of(one_station()), three)
    # 1,500 + 1,500 = 3,000 fits; 1,500 + 2,500 = 4,000 > 3,600 does not
    assert set(ticket.together) in ({"one@P1", "three@P1"}, {"two@P1", "three@P1"})
    assert ticket.is_fewest
    assert ticket.conflicts[0].since == "three@P1"
    # in another order of promise it is the last again, now the second of the small ones
    assert ticket_of(assessed_of(one_station()), three[::-1]).conflicts[0].since == "two@P1"


def test_a_sewer_that_is_over_already_says_so_and_whom_it_was_over_for():
    full = one_station(45.0)
    (conflict,) = ticket_of(assessed_of(full), [project(10.0)]).conflicts
    assert conflict.available_m3_d == pytest.approx((45 - 50) / 1.2 * 86.4)
    assert conflict.since == "dye works"
    assert conflict.missing_m3_d == pytest.approx(10 + 360)


def test_users_come_in_the_order_of_promise():
    net = one_station()
    later = net.with_loads(
        frame(
            [
                load("a", 0.0, 100.0, name="m", state="committed", year=2030),
                load("a", 0.0, 100.0, name="n", state="committed", year=2027),
                load("works", 0.0, 100.0, name="elsewhere"),
            ],
            LOAD,
        )
    )
    after = assessed_of(with_discharges(later, [project(10.0, "z"), project(10.0, "y")]))
    users = users_of(after, "lift", last=["z@P1", "y@P1"])
    assert list(users.index) == ["dye works", "n", "m", "z@P1", "y@P1"]
    assert users["mean_m3_d"].tolist() == pytest.approx([3600, 100, 100, 10, 10])
    assert users["source_zh"].iloc[0] == "印染厂"
    assert users["demand_l_s"].is_monotonic_increasing


def test_what_cannot_be_computed_is_unknown_not_fine():
    net = one_station()
    links = net.links.copy()
    links.loc["lift-works", "diameter_mm"] = np.nan
    blind = network(["a", station("lift", 100.0), plant("works")], [], norms=net.norms)
    assert ticket_of(assessed_of(rebuilt(net, links=links)), [project(10.0)]).outcome is Outcome.UNKNOWN
    # no way on from a: a dead end
    ticket = ticket_of(assessed_of(blind), [project(10.0)])
    assert ticket.outcome is Outcome.UNKNOWN
    assert ticket.unknown == ("a",)


def test_no_discharge_no_conflict():
    assert ticket_of(assessed_of(one_station(10.0)), []).outcome is Outcome.FITS


def test_a_project_cannot_be_on_one_site_twice_nor_at_a_node_that_is_not_there():
    with pytest.raises(XinguError) as twice:
        ticket_of(assessed_of(one_station()), [project(1.0), project(2.0)])
    assert twice.value.code == "discharge_doubled"
    with pytest.raises(XinguError) as nowhere:
        ticket_of(assessed_of(one_station()), [project(1.0, node="nowhere")])
    assert nowhere.value.code == "sewer_node_unknown"


def random_discharges(net: Network, seed: int, count: int, *, size: float = 0.5) -> list[Discharge]:
    """Projects at nodes with room, each about ``size`` of it, of different effluents."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        effluent = Effluent(float(rng.uniform(0, 1)), float(rng.uniform(1, 2)))
        room = headroom_of(assessed_of(net), effluent).table["headroom_m3_d"]
        room = room[(room > 1) & np.isfinite(room)]
        if room.empty:
            return found
        node = str(rng.choice(room.index))
        flow = float(room[node] * rng.uniform(0.5, 1.5) * size)
        found.append(Discharge(f"p{number}", f"s{number}", node, flow, effluent))
    return found


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0, 0.6))
def test_the_verdict_is_that_of_adding_everything_up_by_hand(seed, count, splits):
    net = random_network(seed, 30, splits=splits)
    discharges = random_discharges(net, seed, count, size=1.2)
    ticket = ticket_of(assessed_of(net), discharges)
    over = overfull(with_discharges(net, discharges))
    reached = {
        str(net.elements[element])
        for one in discharges
        for element, part in downstream(net.topology, net.position(one.node))
        if part > 0
    }
    assert {conflict.element for conflict in ticket.conflicts} == over & reached
    if not ticket.unknown:
        assert (ticket.outcome is Outcome.FITS) == (not over & reached)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_taking_away_what_is_missing_makes_the_element_fit_and_1_m3_d_less_does_not(seed, count):
    net = random_network(seed, 30, splits=0.3)
    discharges = random_discharges(net, seed, count, size=1.2)
    for conflict in ticket_of(assessed_of(net), discharges).conflicts:
        if conflict.missing_m3_d > conflict.required_m3_d:
            continue  # over without the projects
        for extra_m3_d, expected in ((0.0, False), (1.0, True)):
            share = (conflict.available_m3_d + extra_m3_d) / conflict.required_m3_d
            smaller = [replace(one, flow_m3_d=one.flow_m3_d * share) for one in discharges]
            assert (conflict.element in overfull(with_discharges(net, smaller))) == expected


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_the_fewest_in_conflict_are_those_of_trying_every_subset(seed, count):
    net = random_network(seed, 25)
    discharges = random_discharges(net, seed, count, size=0.8)
    ticket = ticket_of(assessed_of(net), discharges)
    ways = ways_of(net, discharges)
    sizes = [
        size
        for size in range(1, len(discharges) + 1)
        for subset in combinations(range(len(discharges)), size)
        if overfull(with_discharges(net, [discharges[i] for i in subset]))
        & set(ways.index[ways[list(subset)].gt(0).any(axis=1)])
    ]
    assert len(ticket.together) == min(sizes, default=0)
    if ticket.together:
        named = [one for one in discharges if one.id in ticket.together]
        assert ticket_of(assessed_of(net), named).outcome is Outcome.CONFLICT


def test_too_many_to_try_are_still_a_set_none_of_which_can_be_left_out(monkeypatch):
    monkeypatch.setattr(fewest, "SUBSETS_MAX", 3)
    many = [project(700.0 + i, f"q{i}") for i in range(8)]
    ticket = ticket_of(assessed_of(one_station()), many)
    assert not ticket.is_fewest
    named = [one for one in many if one.id in ticket.together]
    assert ticket_of(assessed_of(one_station()), named).outcome is Outcome.CONFLICT
    for one in named:
        assert (
            ticket_of(assessed_of(one_station()), [other for other in named if other is not one]).outcome
            is Outcome.FITS
        )


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.floats(0, 0.8))
def test_passing_shares_upwards_are_those_of_pushing_a_unit_down(seed, splits):
    net = random_network(seed, 20, splits=splits)
    pushed = np.zeros((net.topology.nodes, len(net.elements)))
    for node in range(net.topology.nodes):
        for element, part in downstream(net.topology, node):
            pushed[node, element] = part
    for element in range(len(net.elements)):
        assert passing_shares(net.topology, element) == pytest.approx(pushed[:, element])


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_promise_changes_since_and_nothing_else(seed, random):
    net = random_network(seed, 20)
    discharges = random_discharges(net, seed, 4, size=0.9)
    shuffled = list(discharges)
    random.shuffle(shuffled)
    one, two = ticket_of(assessed_of(net), discharges), ticket_of(assessed_of(net), shuffled)
    assert one.outcome is two.outcome
    assert [c.element for c in one.conflicts] == [c.element for c in two.conflicts]
    assert [c.missing_m3_d for c in one.conflicts] == pytest.approx([c.missing_m3_d for c in two.conflicts])
    assert len(one.together) == len(two.together)


def test_a_mixture_has_the_flows_of_its_parts():
    flow, effluent = mixed([project(100.0, effluent=Effluent(0.5, 2.0)), project(300.0)], [1.0, 0.5])
    # passing: 50 domestic + 50 at K' 2; 150 at K' 1.2: domestic 50 of 250, K' (100 + 180) / 200
    assert flow == pytest.approx(250)
    assert effluent.domestic_share == pytest.approx(0.2)
    assert effluent.industrial_peaking == pytest.approx(1.4)
    assert mixed([project(100.0)], [0.0]) == (0.0, Effluent(0.0, 1.0))
