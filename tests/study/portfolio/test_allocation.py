"""Allocation: as good as trying everything, never more than the sewer carries."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.sewers import link, load, network, norms_without_infiltration, overfull, plant, random_network, station
from scipy.sparse import csr_array

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.peaking import peaking_of
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.ticket import Outcome, ways_of
from xingu_geo.study.portfolio import allocation
from xingu_geo.study.portfolio.allocation import Allocation, Candidate, allocate
from xingu_geo.study.portfolio.linear import capacity_rows, chord_slopes
from xingu_geo.study.portfolio.programme import Programme, losses

PROCESS = Effluent(0.0, 1.2)


def candidate(project: str, site: str, score: float, flow_m3_d: float = 0.0, node: str = "a", **facts) -> Candidate:
    effluent = facts.get("effluent", PROCESS)
    discharge = Discharge(project, site, node, flow_m3_d, effluent) if flow_m3_d else None
    return Candidate(project, site, score, facts.get("claims", {site: 1.0}), discharge)


def sites_of(answer: Allocation) -> dict[str, str]:
    return answer.table["site"].to_dict()


def one_station() -> Network:
    """3,600 m³/d of process water left at a (see test_ticket)."""
    return network(
        ["a", station("lift", 100.0), plant("works")],
        [link("a", "lift", diameter_mm=2000.0), link("lift", "works", diameter_mm=2000.0)],
        [load("a", 0.0, 3600.0, industrial_peaking=1.2)],
        norms=norms_without_infiltration(),
    )


def test_without_a_sewer_it_is_the_best_matching():
    # greedy gives p its best site (10) and leaves q with 1; together 9 + 8 is more
    rows = [("p", "S", 10.0), ("p", "T", 9.0), ("q", "S", 8.0), ("q", "T", 1.0)]
    answer = allocate([candidate(*row) for row in rows], {"p": 1.0, "q": 1.0})
    assert sites_of(answer) == {"p": "T", "q": "S"}
    assert answer.objective == pytest.approx(17)
    assert answer.is_proven
    assert answer.ticket is None


def test_priority_decides_who_gets_the_sewer():
    # 3,600 m³/d for two of 2,000: only one fits
    both = [candidate("p", "S", 50.0, 2000.0), candidate("q", "T", 60.0, 2000.0)]
    assert sites_of(allocate(both, {"p": 1.0, "q": 1.0}, one_station())) == {"p": "", "q": "T"}
    assert sites_of(allocate(both, {"p": 2.0, "q": 1.0}, one_station())) == {"p": "S", "q": ""}


def test_exactly_the_room_is_used_and_a_litre_more_is_not():
    full = [candidate("p", "S", 50.0, 1600.0), candidate("q", "T", 60.0, 2000.0)]
    answer = allocate(full, {"p": 1.0, "q": 1.0}, one_station())
    assert sites_of(answer) == {"p": "S", "q": "T"}
    assert answer.ticket.outcome is Outcome.FITS
    over = [full[0], candidate("q", "T", 60.0, 2000.001)]
    assert sites_of(allocate(over, {"p": 1.0, "q": 1.0}, one_station())) == {"p": "", "q": "T"}


def test_an_assembly_takes_all_its_parcels_and_a_carrier_is_shared_by_floor():
    rows = [
        candidate("p", "S+T", 90.0, claims={"S": 1.0, "T": 1.0}),
        candidate("q", "S", 50.0),
        candidate("r", "T", 30.0),
        candidate("u", "C", 20.0, claims={"C": 0.6}),
        candidate("v", "C", 10.0, claims={"C": 0.4}),
        candidate("w", "C", 15.0, claims={"C": 0.5}),
    ]
    answer = allocate(rows, dict.fromkeys("pqruvw", 1.0))
    # 90 beats 50 + 30; in C 0.6 + 0.4 (30) beats 0.4 + 0.5 (25)
    assert sites_of(answer) == {"p": "S+T", "q": "", "r": "", "u": "C", "v": "C", "w": ""}


def test_a_sewer_that_is_over_takes_nothing_but_dry_projects_are_still_placed():
    full = one_station().with_loads(one_station().loads.rename(lambda name: f"more {name}"))
    full = full.with_loads(full.loads.iloc[:1].rename(lambda name: f"third {name}"))
    answer = allocate([candidate("p", "S", 50.0, 1.0), candidate("q", "T", 1.0)], {"p": 1.0, "q": 1.0}, full)
    assert sites_of(answer) == {"p": "", "q": "T"}
    assert answer.is_proven


def test_nothing_to_place_is_an_answer():
    answer = allocate([], {"p": 1.0}, one_station())
    assert sites_of(answer) == {"p": ""}
    assert (answer.objective, answer.gap, answer.is_proven) == (0.0, 0.0, True)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(candidate("p", "S", 1.0), score=float("nan")),
        replace(candidate("p", "S", 1.0), score=-1.0),
        replace(candidate("p", "S", 1.0), claims={"S": 1.5}),
        candidate("unheard of", "S", 1.0),
    ],
)
def test_a_candidate_without_a_score_claim_or_priority_is_refused(wrong):
    with pytest.raises(XinguError) as refusal:
        allocate([wrong], {"p": 1.0})
    assert refusal.value.code == "candidate_wrong"


def crowded(seed: int) -> tuple[Network, list[Candidate], dict[str, float]]:
    """Three projects of different effluent, three sites each, in a small town with little room."""
    rng = np.random.default_rng(seed)
    net = random_network(seed, 10, load_m3_d=1500.0, splits=0.2)
    room = headroom_of(assessed_of(net), Effluent(0.5, 1.4)).table["headroom_m3_d"]
    room = room[(room > 1) & np.isfinite(room)]
    if room.empty:
        return net, [], {}
    found = []
    for project in "pqr":
        effluent = Effluent(float(rng.uniform(0, 1)), float(rng.uniform(1, 2)))
        for site in rng.choice(list("STUV"), 3, replace=False):
            node = str(rng.choice(room.index))
            flow = float(room[node] * rng.uniform(0.3, 0.9))
            found.append(candidate(project, str(site), float(rng.uniform(1, 100)), flow, node, effluent=effluent))
    return net, found, {project: float(rng.uniform(0.5, 2)) for project in "pqr"}


def by_trying_everything(net: Network, candidates: list[Candidate], priorities: dict[str, float]) -> float:
    """The best sum of priority × score of placements that use no site twice and overload nothing on their ways."""
    choices = [[None, *(one for one in candidates if one.project == project)] for project in priorities]
    plans = [[one for one in plan if one] for plan in product(*choices)]
    plans = [plan for plan in plans if len({one.site for one in plan}) == len(plan)]
    worth = [sum(priorities[one.project] * one.score for one in plan) for plan in plans]
    for at in np.argsort(-np.array(worth), kind="stable"):
        discharges = [one.discharge for one in plans[at]]
        reached = set(ways_of(net, discharges).index)
        if not overfull(with_discharges(net, discharges)) & reached:
            return worth[at]
    raise AssertionError("placing nothing overloads nothing")


@pytest.mark.parametrize("part", range(4))
def test_the_objective_is_that_of_trying_everything(part):
    tight = 0
    for seed in range(part * 15, part * 15 + 15):
        net, candidates, priorities = crowded(seed)
        if not candidates:
            continue
        answer = allocate(candidates, priorities, net)
        assert answer.objective == pytest.approx(by_trying_everything(net, candidates, priorities), abs=1e-6)
        assert answer.bound == pytest.approx(answer.objective, abs=1e-5)
        assert answer.is_proven
        assert answer.ticket.outcome is Outcome.FITS
        tight += answer.objective < allocate(candidates, priorities).objective - 1e-6
    assert tight >= 3  # the sewer mattered


@settings(deadline=None, max_examples=150)
@given(st.floats(0, 3000), st.floats(0, 3000), st.sampled_from(planner.norms().editions))
@example(4.75, 1483.0, "2021")  # steepest as far as the knot at 5 L/s, 0.25 further: nearer than an even row's first
def test_chords_are_as_steep_and_flat_as_a_fine_row_of_points_shows(start, reach, edition):
    peaking = peaking_of(planner.norms().with_edition(edition).peaking_table)
    begin, far = np.array([start]), np.array([reach])
    steep = float(chord_slopes(peaking, begin, far, steepest=True)[0])
    flat = float(chord_slopes(peaking, begin, far, steepest=False)[0])
    # The curve bends at the knots, so they and both their sides belong in the row.
    bends = (peaking.knots[:, None] - start + [-1e-3, 0.0, 1e-3]).ravel()
    steps = np.union1d(np.linspace(0, reach, 4001), bends)
    steps = steps[(steps > 1e-5) & (steps <= reach)]
    slopes = (peaking.peak(start + steps) - peaking.peak(begin)) / steps
    assert (slopes <= steep + 1e-6).all()
    assert (slopes >= flat - 1e-6).all()
    if len(slopes) > 1:
        # and no steeper or flatter than needed, but for the slope at the very start
        assert steep <= max(slopes.max(), slopes[0]) + 0.05
        assert flat >= min(slopes.min(), slopes[0]) - 0.05


def test_safe_rows_overload_nothing_and_hopeful_rows_refuse_nothing_that_fits():
    kept = refused = 0
    for seed in range(25):
        net, candidates, _ = crowded(seed)
        if not candidates:
            continue
        discharges = [one.discharge for one in candidates]
        rows = capacity_rows(assessed_of(net), discharges, groups=np.arange(len(discharges)))
        rng = np.random.default_rng(seed)
        for _ in range(4):
            x = (rng.random(len(discharges)) < 0.3).astype(float)
            chosen = [one for one, taken in zip(discharges, x, strict=True) if taken]
            reached = set(ways_of(net, chosen).index)
            fits = not overfull(with_discharges(net, chosen)) & reached
            if (rows.safe @ x <= rows.room_l_s).all():
                assert fits
                kept += 1
            if fits:
                assert (rows.hopeful @ x <= rows.room_l_s + 1e-6).all()
            else:
                refused += 1
    assert kept > 10
    assert refused > 10


def test_leaving_out_what_provably_cannot_matter_changes_no_answer(monkeypatch):
    whole = {}
    for seed in range(12):
        net, candidates, priorities = crowded(seed)
        if candidates:
            whole[seed] = allocate(candidates, priorities, net)
    monkeypatch.setattr(allocation, "COLUMNS_MAX", 2)
    monkeypatch.setattr(allocation, "COLUMNS_FIRST", 3)
    for seed, expected in whole.items():
        net, candidates, priorities = crowded(seed)
        answer = allocate(candidates, priorities, net)
        assert answer.objective == pytest.approx(expected.objective, abs=1e-6)
        assert answer.bound == pytest.approx(expected.bound, abs=1e-5)
        assert answer.is_proven
    assert len(whole) > 8


def test_losses_bound_every_choice_with_a_candidate_in_it():
    rng = np.random.default_rng(5)
    for _ in range(20):
        rows = csr_array(rng.uniform(0, 1, (3, 7)).round(1))
        programme = Programme(rng.uniform(1, 9, 7), rows, np.full(3, 1.5))
        bound, loss = losses(programme)
        for bits in product((0.0, 1.0), repeat=7):
            x = np.array(bits)
            if (rows @ x <= 1.5).all():
                assert programme.value @ x <= bound + 1e-7
                assert all(programme.value @ x <= bound - loss[k] + 1e-7 for k in np.flatnonzero(x))


def test_the_order_of_candidates_changes_nothing():
    net, candidates, priorities = crowded(2)
    assert candidates
    one = allocate(candidates, priorities, net)
    two = allocate(candidates[::-1], dict(reversed(priorities.items())), net)
    assert one.table.equals(two.table)
