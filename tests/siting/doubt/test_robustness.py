"""Robustness against exact answers, a published run, and an independent simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import everyone, matrix_of, problems, random_values
from scipy.optimize import linprog

from xingu_geo.doors.telling.doubt_words import move_sentence, stability_sentence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.doubt.acceptability import accept, best_under
from xingu_geo.siting.doubt.draws import any_weights, ordered_weights, weights_around
from xingu_geo.siting.doubt.robustness import Sampling, robustness
from xingu_geo.siting.doubt.stability import BANDS, grade_of, stability_of, wilson
from xingu_geo.siting.doubt.switching import room_of_weights, searched_room, weight_to_move
from xingu_geo.siting.doubt.uncertainty import Ranges, Scenarios
from xingu_geo.siting.ranking.additive import weighted_product
from xingu_geo.siting.ranking.dominance import dominated_by, dominators
from xingu_geo.siting.ranking.order import rank, ranks
from xingu_geo.siting.ranking.scoring import score
from xingu_geo.siting.weighting.ordinal import rank_order_centroid

RNG = np.random.default_rng


def _within(found: float, expected: float, draws: int, *, sigmas: float = 4.5) -> None:
    error = math.sqrt(max(expected * (1 - expected), 1 / draws) / draws)
    assert abs(found - expected) <= sigmas * error, (found, expected, error)


def _all(values: np.ndarray, draws: int) -> list:
    return [(values, np.arange(draws))]


# --- exact answers ---------------------------------------------------------------------------------------------


def test_two_criteria_by_hand() -> None:
    """x = (1, 0), y = (0, 1), z = (0.6, 0.6) under an even weight t of the first.

    x leads where t > 0.6, y where t < 0.4, z between: 40, 40 and 20 % of the even t. Their central weights are the
    middles 0.8, 0.2 and 0.5. Second: x where 0.5 < t < 0.6, y where 0.4 < t < 0.5, z where t < 0.4 or t > 0.6 (there
    z = 0.6 beats the loser).
    """
    draws = 20_000
    found = accept(_all(np.array([[1, 0], [0, 1], [0.6, 0.6]]), draws), any_weights(draws, 2, rng=RNG(1)), top=3)
    assert found.sites.tolist() == [0, 1, 2]
    exact = [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]
    for row, expected in zip(found.counts / draws, exact, strict=True):
        for share, one in zip(row, expected, strict=True):
            _within(share, one, draws)
    assert found.central_weights[:, 0] == pytest.approx([0.8, 0.2, 0.5], abs=0.005)


def test_each_of_equal_specialists_is_first_in_its_share_of_the_simplex() -> None:
    """The site best in one criterion alone leads where that weight is the greatest: one n-th of the simplex."""
    draws = 20_000
    found = accept(_all(np.eye(5), draws), any_weights(draws, 5, rng=RNG(2)), top=1)
    for count in found.first_counts:
        _within(count / draws, 0.2, draws)


def test_central_weights_under_an_order_are_the_rank_order_centroid() -> None:
    """Barron and Barrett (1996): the mean of all weights that respect an order is its centroid, (11, 5, 2) / 18."""
    draws = 20_000
    weights = ordered_weights(np.array([1.0, 2.0, 3.0]), draws, rng=RNG(3))
    found = accept(_all(np.array([[0.9, 0.8, 0.7], [0.1, 0.2, 0.3]]), draws), weights, top=1)
    assert found.first_counts.tolist() == [draws]
    assert found.central_weights[0] == pytest.approx(np.array([11, 5, 2]) / 18, abs=0.005)
    assert rank_order_centroid(np.array([1.0, 2.0, 3.0])) == pytest.approx(np.array([11, 5, 2]) / 18)


def test_joint_places_count_for_all_who_share_them() -> None:
    draws = 50
    found = accept(
        _all(np.array([[0.5, 0.5], [0.5, 0.5], [0.1, 0.1]]), draws), any_weights(draws, 2, rng=RNG(4)), top=3
    )
    assert found.counts.tolist() == [[50, 0, 0], [50, 0, 0], [0, 0, 50]]


# --- a published run -------------------------------------------------------------------------------------------


def test_the_thrombolytics_run_of_the_r_package_smaa() -> None:
    """R package smaa (van Valkenhoef, CRAN), reference output of its examples, N = 10,000: heparin against enoxaparin.

    Measures are beta-distributed event rates (proximal DVT 20/136 and 8/129, distal DVT 40/136 and 32/129, major
    bleeding 1/136 and 5/129; Lynd and O'Brien (2004), J. Clinical Epidemiology 57), valued linearly, less is better,
    over 0–0.25, 0.15–0.40 and 0–0.10; weights are even. Published there: first in 35.04 % and 64.96 %; central weights
    (.187, .277, .536) and (.407, .364, .229); confidence factors .668 and .896. Both runs carry Monte-Carlo error, and
    the factors that of the central weights too.
    """
    rates = [[(20, 116), (40, 96), (1, 135)], [(8, 121), (32, 97), (5, 124)]]
    low, span = np.array([0, 0.15, 0]), np.array([0.25, 0.25, 0.10])
    rng = RNG(5)

    def drawn(count: int) -> list:
        measures = np.array([[rng.beta(a, b, count) for a, b in drug] for drug in rates])
        values = 1 - (measures.transpose(2, 0, 1) - low) / span
        return [(value, np.array([draw])) for draw, value in enumerate(values)]

    draws = 10_000
    found = accept(drawn(draws), any_weights(draws, 3, rng=rng), top=2)
    _within(found.counts[0, 0] / draws, 0.3504, draws // 2)
    assert found.counts[0, 0] + found.counts[1, 0] == draws
    assert found.central_weights[0] == pytest.approx([0.1865, 0.2772, 0.5363], abs=0.015)
    assert found.central_weights[1] == pytest.approx([0.4073, 0.3641, 0.2285], abs=0.015)
    won = np.mean([best_under(value, found.central_weights) for value, _ in drawn(draws)], axis=0)
    assert won == pytest.approx([0.6682, 0.8956], abs=0.02)


# --- an independent simulation ---------------------------------------------------------------------------------


def _brute_force(values: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Another generator, another way to the simplex (spacings of sorted uniforms), plain Python ranks."""
    generator = np.random.Generator(np.random.MT19937(seed))
    sites, criteria = values.shape
    counts = np.zeros((sites, sites))
    for _ in range(draws):
        cuts = sorted(generator.random(criteria - 1))
        weights = [b - a for a, b in zip([0.0, *cuts], [*cuts, 1.0], strict=True)]
        points = [sum(w * v for w, v in zip(weights, row, strict=True)) for row in values]
        for site, own in enumerate(points):
            counts[site, sum(other > own + 1e-12 for other in points)] += 1
    return counts / draws


@pytest.mark.parametrize("seed", range(3))
def test_rank_acceptability_agrees_with_a_brute_force_within_monte_carlo_error(seed: int) -> None:
    values = random_values(8, 4, seed=seed)
    draws, others = 8_000, 4_000
    found = accept(_all(values, draws), any_weights(draws, 4, rng=RNG(seed)), top=8)
    expected = _brute_force(values, others, seed)
    shares = np.zeros((8, 8))
    shares[found.sites] = found.counts / draws
    spread = np.sqrt(np.maximum(expected * (1 - expected), 1 / others) * (1 / draws + 1 / others))
    assert (np.abs(shares - expected) <= 4.5 * spread).all()
    assert shares.sum(axis=0) == pytest.approx(np.ones(8))


@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 1000), st.integers(1, 12))
@settings(deadline=None, max_examples=60)
def test_the_blocked_way_counts_exactly_what_ranking_every_draw_counts(
    sites: int, criteria: int, seed: int, top: int
) -> None:
    values = np.round(random_values(sites, criteria, seed=seed), 1)  # many ties
    weights = any_weights(40, criteria, rng=RNG(seed))
    found = accept(_all(values, 40), weights, top=top)
    expected = np.zeros((sites, top), dtype=int)
    for drawn in weights:
        for site, place in enumerate(ranks(100 * (values @ drawn))):
            if place <= top:
                expected[site, place - 1] += 1
    ever = np.flatnonzero(expected.sum(axis=1))
    assert found.sites.tolist() == ever.tolist()
    assert found.counts.tolist() == expected[ever].tolist()


def test_many_sites_in_several_blocks_and_gaps_count_like_one_block() -> None:
    values = random_values(9_500, 4, seed=9)
    values[::7, 1] = np.nan
    weights = any_weights(300, 4, rng=RNG(9))
    found = accept(_all(values, 300), weights, top=5)
    points = values @ weights.T
    best = np.nanmax(points, axis=0)
    first = (points >= best - 1e-12).sum(axis=1)
    assert dict(zip(found.sites.tolist(), found.first_counts.tolist(), strict=True)) | {} == {
        **dict.fromkeys(found.sites.tolist(), 0),
        **{int(site): int(first[site]) for site in np.flatnonzero(first)},
    }
    assert not np.isnan(values[found.sites]).any()


# --- draws -----------------------------------------------------------------------------------------------------


@given(st.integers(1, 8), st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_drawn_weights_lie_on_the_simplex_and_keep_what_is_asked(criteria: int, seed: int) -> None:
    centre = RNG(seed).dirichlet(np.ones(criteria))
    if criteria > 2:
        centre[0] = 0
        centre /= centre.sum()
    places = RNG(seed).integers(1, 4, criteria).astype(float)
    for weights in (
        any_weights(50, criteria, rng=RNG(seed)),
        weights_around(centre, 50, concentration=50, rng=RNG(seed)),
        ordered_weights(places, 50, rng=RNG(seed)),
    ):
        assert (weights >= 0).all()
        assert weights.sum(axis=1) == pytest.approx(np.ones(50))
    ordered = ordered_weights(places, 50, rng=RNG(seed))
    for i in range(criteria):
        for j in range(criteria):
            if places[i] < places[j]:
                assert (ordered[:, i] >= ordered[:, j]).all()
    assert (weights_around(centre, 50, concentration=50, rng=RNG(seed))[:, centre == 0] == 0).all()


def test_weights_around_have_the_stated_mean_and_spread() -> None:
    # w = 0.1, concentration 100: standard deviation √(0.1 × 0.9 / 101) = 0.0299
    weights = weights_around(np.array([0.1, 0.6, 0.3]), 40_000, concentration=100, rng=RNG(1))
    assert weights.mean(axis=0) == pytest.approx([0.1, 0.6, 0.3], abs=1e-3)
    assert weights[:, 0].std() == pytest.approx(math.sqrt(0.09 / 101), rel=0.02)


def test_joint_places_leave_the_order_among_them_open() -> None:
    weights = ordered_weights(np.array([1.0, 1.0, 2.0]), 10_000, rng=RNG(1))
    _within(float((weights[:, 0] > weights[:, 1]).mean()), 0.5, 10_000)


# --- switch points, exact --------------------------------------------------------------------------------------


def test_switch_points_by_hand() -> None:
    """Leader x = (0.8, 0.4), rival y = (0.6, 0.9), weights (0.8, 0.2): 0.72 against 0.66.

    Level where 0.2 t = 0.5 (1 − t): t = 5/7 of the first weight, so 2/7 of the second.
    """
    room = room_of_weights(np.array([[0.8, 0.4], [0.6, 0.9]]), np.array([0.8, 0.2]), leader=0)
    assert room.low == pytest.approx([5 / 7, 0])
    assert room.high == pytest.approx([1, 2 / 7])
    assert room.low_rival.tolist() == [1, -1]
    assert room.high_rival.tolist() == [-1, 1]
    # Weight to move: from the first (advantage 0.2) to the second (−0.5): each unit costs 0.7; 0.06 / 0.7.
    assert weight_to_move(np.array([[0.8, 0.4], [0.6, 0.9]]), np.array([0.8, 0.2]), leader=0) == (
        pytest.approx(0.06 / 0.7),
        1,
    )


def test_searched_switch_points_of_a_product_by_hand() -> None:
    """Leader x = (0.8, 0.4), rival y = (0.5, 0.8), weights (0.8, 0.2), product of powers.

    Level where t ln 1.6 = (1 − t) ln 2: t = ln 2 / (ln 1.6 + ln 2) = 0.5959 of the first weight.
    """
    values, weights = np.array([[0.8, 0.4], [0.5, 0.8]]), np.array([0.8, 0.2])
    room = searched_room(values, weights, leader=0, points_of=weighted_product)
    level = math.log(2) / (math.log(1.6) + math.log(2))
    assert room.low == pytest.approx([level, 0], abs=2e-4)
    assert room.high == pytest.approx([1, 1 - level], abs=2e-4)
    assert room.low_rival.tolist() == [1, -1]
    assert room.high_rival.tolist() == [-1, 1]


@given(st.integers(2, 7), st.integers(2, 5), st.integers(0, 5_000))
@settings(deadline=None, max_examples=60)
def test_the_search_finds_the_exact_room_of_a_sum(sites: int, criteria: int, seed: int) -> None:
    values = random_values(sites, criteria, seed=seed)
    weights = RNG(seed).dirichlet(np.ones(criteria))
    leader = int(np.argmax(values @ weights))
    exact = room_of_weights(values, weights, leader=leader)
    found = searched_room(values, weights, leader=leader, points_of=lambda v, w: v @ w)
    np.testing.assert_allclose(found.low, exact.low, atol=2e-4)
    np.testing.assert_allclose(found.high, exact.high, atol=2e-4)


def _moved(weights: np.ndarray, column: int, weight: float) -> np.ndarray:
    moved = weights * (1 - weight) / (1 - weights[column])
    moved[column] = weight
    return moved


@given(st.integers(2, 7), st.integers(2, 5), st.integers(0, 5_000))
@settings(deadline=None, max_examples=150)
def test_first_place_holds_inside_the_room_and_changes_just_outside(sites: int, criteria: int, seed: int) -> None:
    values = random_values(sites, criteria, seed=seed)
    weights = RNG(seed).dirichlet(np.ones(criteria))
    leader = int(np.argmax(values @ weights))
    room = room_of_weights(values, weights, leader=leader)
    for column in range(criteria):
        low, high = room.low[column], room.high[column]
        assert low <= weights[column] <= high
        for inside in np.linspace(low + 1e-7, high - 1e-7, 5):
            points = values @ _moved(weights, column, float(inside))
            assert points[leader] >= points.max() - 1e-9
        if room.low_rival[column] >= 0 and low > 1e-6:
            points = values @ _moved(weights, column, low - 1e-6)
            assert points[leader] < points.max()
            points = values @ _moved(weights, column, low)
            assert points[leader] == pytest.approx(points[room.low_rival[column]], abs=1e-9)
        if room.high_rival[column] >= 0 and high < 1 - 1e-6:
            points = values @ _moved(weights, column, high + 1e-6)
            assert points[leader] < points.max()


@given(st.integers(2, 6), st.integers(1, 5), st.integers(0, 5_000))
@settings(deadline=None, max_examples=60)
def test_the_least_weight_to_move_is_that_of_a_linear_program(sites: int, criteria: int, seed: int) -> None:
    values = np.round(random_values(sites, criteria, seed=seed), 2)
    weights = RNG(seed).dirichlet(np.ones(criteria))
    leader = int(np.argmax(values @ weights))
    found, rival = weight_to_move(values, weights, leader=leader)
    best = math.inf
    for other in range(sites):
        if other == leader:
            continue
        advantage = values[leader] - values[other]
        # weights + gain − loss, gain and loss ≥ 0: least total loss such that the advantage is used up
        solved = linprog(
            np.r_[np.zeros(criteria), np.ones(criteria)],
            A_ub=[np.r_[advantage, -advantage]],
            b_ub=[-float(advantage @ weights)],
            A_eq=[np.r_[np.ones(criteria), -np.ones(criteria)]],
            b_eq=[0.0],
            bounds=[(0, None)] * criteria + [(0, float(weight)) for weight in weights],
        )
        if solved.status == 0:
            best = min(best, solved.fun)
    if best == math.inf:
        assert (found, rival) == (1.0, -1)
    else:
        assert found == pytest.approx(best, abs=1e-7)


def test_a_leader_that_is_best_in_everything_cannot_be_overtaken_by_weights() -> None:
    values = np.array([[0.9, 0.8], [0.5, 0.5]])
    room = room_of_weights(values, np.array([0.5, 0.5]), leader=0)
    assert room.low.tolist() == [0, 0]
    assert room.high.tolist() == [1, 1]
    assert np.isnan(room.nearest(np.array([0.5, 0.5]))).all()
    assert weight_to_move(values, np.array([0.5, 0.5]), leader=0) == (1.0, -1)


def test_a_tied_leader_has_no_room_on_the_side_that_favours_the_other() -> None:
    values = np.array([[0.8, 0.4], [0.4, 0.8]])
    room = room_of_weights(values, np.array([0.5, 0.5]), leader=0)
    assert room.low == pytest.approx([0.5, 0.0])
    assert room.high == pytest.approx([1.0, 0.5])
    assert weight_to_move(values, np.array([0.5, 0.5]), leader=0) == (0.0, 1)


def test_a_single_criterion_has_nothing_to_scale() -> None:
    room = room_of_weights(np.array([[0.8], [0.4]]), np.array([1.0]), leader=0)
    assert np.isnan(room.low[0])
    assert room.high[0] == 1


# --- dominance -------------------------------------------------------------------------------------------------


def test_dominators_by_hand() -> None:
    values = np.array([[0.9, 0.9], [0.9, 0.5], [0.5, 0.5], [0.2, 0.95], [0.9, 0.9], [np.nan, 0.1]])
    assert dominators(values).tolist() == [0, 2, 3, 0, 0, 0]
    assert dominators(values, np.array([2])).tolist() == [3]


def test_dominance_of_a_ranking_looks_only_at_criteria_that_count_and_sites_that_rank() -> None:
    matrix = matrix_of([[0.9, 0.1], [0.5, 0.9], [0.95, 0.0], [0.4, 0.8]])
    scores = score(matrix, {"a": 1, "b": 0})
    eligible = everyone(matrix)
    eligible["s002"] = False
    assert dominated_by(matrix, scores, rank(scores, eligible)).to_dict() == {"s000": 0, "s001": 1, "s003": 2}
    scores = score(matrix, {"a": 1, "b": 1})
    assert dominated_by(matrix, scores, rank(scores, eligible), first=3).to_dict() == {"s001": 0, "s003": 1, "s000": 0}


@given(problems(sites=6, criteria=3))
@settings(deadline=None)
def test_a_dominated_site_is_first_only_jointly(problem: tuple) -> None:
    matrix, weights = problem
    names = [name for name, weight in weights.items() if weight > 0]
    values = matrix.value[names].to_numpy()
    draws = any_weights(30, len(names), rng=RNG(1))
    counted = np.zeros(len(values), dtype=int)
    found = accept(_all(values, 30), draws, top=1)
    counted[found.sites] = found.first_counts
    for site in range(len(values)):
        for other in range(len(values)):
            if (values[other] >= values[site]).all():
                assert counted[other] >= counted[site]


# --- the carrier -----------------------------------------------------------------------------------------------


def _run(values: object, weights: dict, **options: object) -> tuple:
    matrix = matrix_of(values)
    scores = score(matrix, weights, **options)
    return matrix, scores, rank(scores, everyone(matrix))


def test_the_table_tells_who_may_come_first() -> None:
    told = robustness(*_run([[1, 0], [0, 1], [0.6, 0.6]], {"a": 1, "b": 1}), sampling=Sampling(about="any", top=2))
    # z leads now (0.6 against 0.5) but only where 0.4 < t < 0.6: 20 % of all weights; alone or jointly.
    assert told.table.index.tolist()[2] == "s002"
    _within(told.table.loc["s002", "p_first"], 0.2, 1_000)
    assert told.table.loc["s002", "p_top"] == pytest.approx(1.0)
    assert (told.table["p_first_low"] <= told.table["p_first"]).all()
    assert (told.table["p_first_high"] >= told.table["p_first"]).all()
    assert told.stability.leader == "s002"
    assert told.grade == "open"
    assert told.acceptability.sum(axis="columns").tolist() == pytest.approx(told.table["p_top"].tolist())
    assert told.central_weights.loc["s000", "a"] == pytest.approx(0.8, abs=0.03)
    assert told.table["confidence_factor"].tolist() == [1.0, 1.0, 1.0]
    assert told.standard_error == pytest.approx(math.sqrt(0.4 * 0.6 / 1_000), rel=0.05)


def test_switch_points_name_the_rival() -> None:
    told = robustness(*_run([[0.8, 0.4], [0.6, 0.9]], {"a": 8, "b": 2}))
    assert told.switch.loc["a"].to_dict() == {
        "weight": pytest.approx(0.8),
        "low": pytest.approx(5 / 7),
        "high": pytest.approx(1.0),
        "low_rival": "s001",
        "high_rival": "",
        "room": pytest.approx(0.8 - 5 / 7),
    }
    assert told.to_move == pytest.approx(0.06 / 0.7)
    assert told.move_rival == "s001"


def test_the_seed_and_nothing_else_decides_the_draws() -> None:
    run = _run(random_values(30, 4), {"a": 1, "b": 2, "c": 3, "d": 4})
    one, two = robustness(*run), robustness(*run)
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)
    other = robustness(*run, sampling=Sampling(seed=1))
    assert one.table["p_first"].to_dict() != other.table["p_first"].to_dict()


@given(st.integers(0, 500), st.randoms(use_true_random=False), st.sampled_from(["around", "order", "any"]))
@settings(deadline=None, max_examples=25)
def test_the_order_of_rows_and_columns_changes_no_probability(seed: int, random: object, about: str) -> None:
    matrix = matrix_of(np.round(random_values(12, 3, seed=seed), 1))
    weights = {"a": 3, "b": 2, "c": 2}
    rows, columns = list(matrix.value.index), list(matrix.value.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = matrix_of(matrix.value.loc[rows, columns].to_numpy(), sites=rows, criteria=columns)
    sampling = Sampling(about=about, draws=200)
    told = []
    for one in (matrix, shuffled):
        scores = score(one, weights)
        low, high = one.value * 0.9, (one.value * 1.1).clip(upper=1)
        told.append(
            robustness(one, scores, rank(scores, everyone(one)), sampling=sampling, uncertainty=Ranges(low, high))
        )
    pd.testing.assert_frame_equal(told[0].table, told[1].table)
    pd.testing.assert_frame_equal(told[0].switch, told[1].switch)


def test_only_ranked_sites_take_part() -> None:
    matrix = matrix_of([[0.9, 0.9], [0.5, 0.6], [0.6, 0.5]])
    scores = score(matrix, {"a": 1, "b": 1})
    ranking = rank(scores, pd.Series({"s000": False, "s001": True, "s002": True}))
    assert set(robustness(matrix, scores, ranking).table.index) == {"s001", "s002"}


def test_a_criterion_without_weight_stays_out_even_of_any_weights() -> None:
    told = robustness(*_run([[0.9, 0.0], [0.5, 1.0]], {"a": 1, "b": 0}), sampling=Sampling(about="any"))
    assert told.table.index.tolist() == ["s000", "s001"]
    assert told.table.loc["s000", "p_first"] == 1.0
    assert told.grade == "firm"


@pytest.mark.parametrize("method", ["weighted_product", "owa", "topsis", "promethee"])
def test_other_methods_are_drawn_too(method: str) -> None:
    run = _run(random_values(10, 3), {"a": 1, "b": 1, "c": 1}, method=method, risk=0.3)
    told = robustness(*run, sampling=Sampling(draws=100, about="any", top=10))
    assert told.table["p_top"].tolist() == pytest.approx([1.0] * 10)
    assert ((told.switch["low"] <= 1 / 3) & (told.switch["high"] >= 1 / 3)).all()
    assert told.to_move is None
    matrix, *_ = run
    weights = any_weights(100, 3, rng=np.random.default_rng(Sampling().seed).spawn(3)[0])
    wins = dict.fromkeys(matrix.value.index, 0)
    for drawn in weights:
        again = score(matrix, dict(zip("abc", drawn.tolist(), strict=True)), method=method, risk=0.3).score
        wins[again.idxmax()] += 1
    assert {site: round(100 * share) for site, share in told.table["p_first"].items()} == wins


# --- uncertain values ------------------------------------------------------------------------------------------


def test_scenarios_share_the_draws_and_leave_out_who_is_not_eligible_there() -> None:
    run = _run([[0.9, 0.9], [0.5, 0.5]], {"a": 1, "b": 1})
    low = run[0].value
    high = low.drop("s000")  # under high demand the first is no longer eligible
    told = robustness(*run, uncertainty=Scenarios((low, high), (3, 1)))
    _within(told.table.loc["s000", "p_first"], 0.75, 1_000)
    assert told.table["p_first"].sum() == pytest.approx(1.0)
    _within(told.table.loc["s000", "confidence_factor"], 0.75, 1_000)


def test_a_scenario_may_let_a_site_in() -> None:
    matrix = matrix_of([[0.9, 0.9], [0.5, 0.5]])
    scores = score(matrix, {"a": 1, "b": 1})
    ranking = rank(scores, pd.Series({"s000": False, "s001": True}))
    told = robustness(matrix, scores, ranking, uncertainty=Scenarios((matrix.value.drop("s000"), matrix.value), (1, 1)))
    _within(told.table.loc["s000", "p_first"], 0.5, 1_000)


def test_ranges_that_do_not_meet_never_change_the_order_and_those_that_do_may() -> None:
    run = _run([[0.8], [0.5]], {"a": 1})
    value = run[0].value
    apart = robustness(*run, uncertainty=Ranges(value - 0.1, value + 0.1))
    assert apart.table.loc["s000", "p_first"] == 1.0
    # Two even draws from 0.5–1.0 and 0.2–0.8: the second wins with probability 0.3² / 2 / (0.5 × 0.6) = 0.15.
    low = pd.DataFrame({"a": [0.5, 0.2]}, index=value.index)
    high = pd.DataFrame({"a": [1.0, 0.8]}, index=value.index)
    meeting = robustness(*run, uncertainty=Ranges(low, high), sampling=Sampling(draws=4_000))
    _within(meeting.table.loc["s001", "p_first"], 0.15, 4_000)
    _within(meeting.table.loc["s001", "confidence_factor"], 0.15, 4_000)


def test_likely_values_pull_the_draws() -> None:
    run = _run([[0.5], [0.5]], {"a": 1})
    value = run[0].value
    likely = pd.DataFrame({"a": [0.9, 0.1]}, index=value.index)
    told = robustness(*run, uncertainty=Ranges(value * 0, value * 0 + 1, likely), sampling=Sampling(draws=4_000))
    # Triangular on 0–1 around 0.9 and 0.1, X and 1 − X' of one law with density 2x / 0.9 below 0.9:
    # P(X > Y) by the trapezoid rule on a fine grid of the two distributions.
    grid = np.linspace(0, 1, 20_001)
    density = np.where(grid < 0.9, 2 * grid / 0.9, 2 * (1 - grid) / 0.1)
    below = np.where(grid < 0.1, grid**2 / 0.1, 1 - (1 - grid) ** 2 / 0.9)
    _within(told.table.loc["s000", "p_first"], float(np.trapezoid(density * below, grid)), 4_000)


def test_values_may_be_uncertain_within_a_scenario_too() -> None:
    run = _run([[0.8], [0.5]], {"a": 1})
    index = run[0].value.index
    low, high = pd.DataFrame({"a": [0.5, 0.2]}, index=index), pd.DataFrame({"a": [1.0, 0.8]}, index=index)
    alone = run[0].value.drop("s000")
    told = robustness(*run, uncertainty=Scenarios((Ranges(low, high), alone), (1, 1)), sampling=Sampling(draws=4_000))
    # half the draws: the second wins with 0.15 (above); the other half: it is alone
    _within(told.table.loc["s001", "p_first"], 0.5 * 0.15 + 0.5, 4_000)


def test_any_other_uncertainty_is_a_function() -> None:
    run = _run([[0.6, 0.6], [0.5, 0.5]], {"a": 1, "b": 1})

    def shaken(_draw: int, rng: np.random.Generator) -> pd.DataFrame:
        value = run[0].value.copy()
        value.loc["s001"] += 0.4 * rng.integers(0, 2)
        return value

    told = robustness(*run, uncertainty=shaken)
    _within(told.table.loc["s001", "p_first"], 0.5, 1_000)


@pytest.mark.parametrize(
    ("uncertainty", "code"),
    [
        (lambda value: Scenarios((value,), (1, 2)), "scenario_shares"),
        (lambda value: Scenarios((value,), (float("nan"),)), "scenario_shares"),
        (lambda value: Scenarios((value.drop(columns="a"),), (1,)), "uncertainty_lacks"),
        (lambda value: Ranges(value + 0.1, value), "range_reversed"),
    ],
)
def test_uncertainty_that_makes_no_sense_is_refused(uncertainty: object, code: str) -> None:
    run = _run([[0.5, 0.5]], {"a": 1, "b": 1})
    with pytest.raises(XinguError) as refusal:
        robustness(*run, uncertainty=uncertainty(run[0].value))
    assert refusal.value.code == code
    assert refusal.value.sentence("zh")


@pytest.mark.parametrize(
    "sampling", [Sampling(draws=0), Sampling(top=-1), Sampling(about="nearby"), Sampling(concentration=float("nan"))]
)
def test_sampling_that_makes_no_sense_is_refused(sampling: Sampling) -> None:
    with pytest.raises(XinguError) as refusal:
        robustness(*_run([[0.5]], {"a": 1}), sampling=sampling)
    assert refusal.value.code == "sampling_wrong"


def test_nothing_ranked_has_no_robustness() -> None:
    matrix = matrix_of([[0.5]])
    scores = score(matrix, {"a": 1})
    with pytest.raises(XinguError) as refusal:
        robustness(matrix, scores, rank(scores, ~everyone(matrix)))
    assert refusal.value.code == "nothing_ranked"


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "draws", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_wilson(count: int, draws: int, low: float, high: float) -> None:
    """Newcombe (1998), Two-sided intervals for the single proportion, Statistics in Medicine 17: method 3."""
    found = wilson(np.array([count, draws - count]), draws)
    assert (found[0][0], found[1][0]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    # and the other outcome has the mirrored interval
    assert (found[0][1], found[1][1]) == (pytest.approx(1 - high, abs=5e-5), pytest.approx(1 - low, abs=5e-5))


def test_every_band_has_a_word_in_both_languages_with_the_same_numbers() -> None:
    assert [grade_of(least) for least, _ in BANDS] == [grade for _, grade in BANDS]
    for least, grade in BANDS:
        told = stability_of("x", int(1_000 * least), 1_000)
        assert told.grade == grade
        zh, en = stability_sentence(told, "zh"), stability_sentence(told, "en")
        assert sorted(filter(str.isdigit, zh)) == sorted(filter(str.isdigit, en))


def test_what_it_takes_to_unseat_the_leader_is_said_in_both_languages() -> None:
    assert "8.6 %" in move_sentence(0.0857, "y", "zh")
    assert "8.6 %" in move_sentence(0.0857, "y", "en")
    assert move_sentence(1.0, "", "zh") != move_sentence(1.0, "", "en")


def test_a_grade_on_the_edge_says_that_it_has_not_settled() -> None:
    edge = stability_of("x", 750, 1_000)
    assert not edge.is_settled
    # z² p (1 − p) / 0.01² = 3.8415 × 0.1875 / 0.0001 = 7,203
    assert edge.draws_needed == 7_203
    assert "7,203" in stability_sentence(edge, "en")
    assert stability_of("x", 999, 1_000).is_settled
