"""Laws that every method of combination keeps, and where libraries and ours agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pymcdm
import pytest
import skcriteria
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import everyone, matrix_of, problems, random_values
from skcriteria.agg import topsis as skc_topsis
from skcriteria.preprocessing.scalers import VectorScaler

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.ranking.additive import ordered_parts, weighted_sum
from xingu_geo.siting.ranking.ideal import topsis, vikor
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.order import rank
from xingu_geo.siting.ranking.outranking import Preference, promethee
from xingu_geo.siting.ranking.scoring import score

ALL = sorted(METHODS)
ALONE = sorted(name for name, method in METHODS.items() if not method.compares)
FILLING = sorted(name for name, method in METHODS.items() if method.fills_gaps)
ADDITIVE = sorted(name for name, method in METHODS.items() if method.additive)
RISKS = st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0])


def test_every_method_says_in_both_languages_whether_a_newcomer_can_reorder_the_others() -> None:
    assert len(METHODS) == 8
    for method in METHODS.values():
        assert ("can reorder" in method.about.en) == method.compares
        assert ("可能改变其他地块的次序" in method.about.zh) == method.compares


@given(problems(), st.sampled_from(ALL), RISKS)
@settings(deadline=None, max_examples=300)
def test_scores_lie_between_0_and_100_and_nobody_is_lost(problem: tuple, method: str, risk: float) -> None:
    matrix, weights = problem
    points = score(matrix, weights, method=method, risk=risk).score
    assert points.between(0, 100).all()


@given(problems(), st.sampled_from(ALL), RISKS)
@settings(deadline=None, max_examples=300)
def test_no_method_ranks_a_dominated_site_above_its_dominator(problem: tuple, method: str, risk: float) -> None:
    matrix, weights = problem
    table = rank(score(matrix, weights, method=method, risk=risk), everyone(matrix)).table
    for better in matrix.value.index:
        for worse in matrix.value.index:
            if (matrix.value.loc[better] >= matrix.value.loc[worse]).all():
                assert table.loc[better, "rank"] <= table.loc[worse, "rank"]


@given(problems(gaps=True), st.sampled_from(ADDITIVE), RISKS)
@settings(deadline=None, max_examples=200)
def test_contributions_of_additive_methods_sum_to_the_score(problem: tuple, method: str, risk: float) -> None:
    matrix, weights = problem
    scores = score(matrix, weights, method=method, risk=risk, missing="exclude")
    sums = scores.contributions.sum(axis="columns", min_count=1)
    pd.testing.assert_series_equal(sums, scores.score, check_names=False, atol=1e-9, rtol=0)


@pytest.mark.parametrize("method", sorted(set(ALL) - set(ADDITIVE)))
def test_other_methods_have_no_contributions(method: str) -> None:
    matrix = matrix_of(random_values(4, 3))
    scores = score(matrix, {"a": 1, "b": 2, "c": 3}, method=method)
    assert scores.contributions.shape == (4, 0)
    assert scores.contributions.index.equals(matrix.value.index)


@given(problems(), st.sampled_from(ALONE), RISKS, st.data())
@settings(deadline=None, max_examples=200)
def test_methods_that_compare_nobody_do_not_move_when_a_site_leaves(
    problem: tuple, method: str, risk: float, data: st.DataObject
) -> None:
    matrix, weights = problem
    gone = data.draw(st.sampled_from(list(matrix.value.index)))
    rest = [site for site in matrix.value.index if site != gone]
    if not rest:
        return
    smaller = matrix_of(matrix.value.loc[rest].to_numpy(), sites=rest)
    before = score(matrix, weights, method=method, risk=risk).score.drop(gone)
    after = score(smaller, weights, method=method, risk=risk).score
    pd.testing.assert_series_equal(before, after, atol=1e-9, rtol=0)


@given(problems(gaps=True), st.sampled_from(FILLING), st.sampled_from(["exclude", "worst", "confidence"]), st.data())
@settings(deadline=None, max_examples=300)
def test_with_no_method_and_no_policy_does_a_lost_value_help(
    problem: tuple, method: str, missing: str, data: st.DataObject
) -> None:
    matrix, weights = problem
    site = data.draw(st.sampled_from(list(matrix.value.index)))
    criterion = data.draw(st.sampled_from(list(matrix.value.columns)))
    holed = matrix.value.copy()
    holed.loc[site, criterion] = float("nan")
    poorer = matrix_of(holed.to_numpy(), sites=list(holed.index), confidence=matrix.confidence)
    before = rank(score(matrix, weights, method=method, missing=missing, risk=0.3), everyone(matrix)).table
    after = rank(score(poorer, weights, method=method, missing=missing, risk=0.3), everyone(poorer)).table
    if site in after.index:
        assert site in before.index
        assert after.loc[site, "rank"] >= before.loc[site, "rank"]


@given(problems(), st.sampled_from(ALL), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_the_order_of_rows_and_columns_changes_no_method(problem: tuple, method: str, random: object) -> None:
    matrix, weights = problem
    rows, columns = list(matrix.value.index), list(matrix.value.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = matrix_of(matrix.value.loc[rows, columns].to_numpy(), sites=rows, criteria=columns)
    before = score(matrix, weights, method=method, risk=0.3).score
    after = score(shuffled, weights, method=method, risk=0.3).score.loc[before.index]
    pd.testing.assert_series_equal(before, after, atol=1e-9, rtol=0)


def test_textbook_topsis_lets_a_newcomer_reorder_the_others_and_fixed_anchors_do_not() -> None:
    """A hand-made reversal: the newcomer, bad at a, stretches that column only."""
    rng = np.random.default_rng(3)
    reversed_relative = reversed_fixed = 0
    for _ in range(300):
        values = rng.random((4, 3))
        few, many = matrix_of(values[:3]), matrix_of(values)
        weights = {"a": 1, "b": 1, "c": 1}
        for method in ("topsis_relative", "topsis"):
            before = score(few, weights, method=method).score.sort_values().index.tolist()
            after = score(many, weights, method=method).score.drop("s003").sort_values().index.tolist()
            if before != after and method == "topsis":
                reversed_fixed += 1
            elif before != after:
                reversed_relative += 1
    assert reversed_relative > 0
    assert reversed_fixed == 0


@pytest.mark.parametrize("method", ["topsis_relative", "vikor_relative"])
def test_a_relative_reference_refuses_to_fill_gaps(method: str) -> None:
    with pytest.raises(XinguError) as refusal:
        score(matrix_of([[0.5, 0.5]]), {"a": 1}, method=method, missing="worst")
    assert refusal.value.code == "missing_policy_unsafe"
    assert refusal.value.sentence("zh")


def test_only_candidates_are_compared_with_each_other() -> None:
    values = random_values(6, 3)
    matrix = matrix_of(values)
    candidates = pd.Series([True, True, False, True, True, False], index=matrix.value.index)
    weights = {"a": 2, "b": 1, "c": 1}
    for method in ("topsis_relative", "vikor_relative", "promethee"):
        some = score(matrix, weights, method=method, candidates=candidates).score
        alone = score(matrix_of(values[candidates]), weights, method=method).score
        assert some[candidates].tolist() == pytest.approx(alone.tolist())
        assert some[~candidates].isna().all()


def test_the_risk_attitude_runs_from_the_worst_to_the_best_criterion() -> None:
    matrix = matrix_of([[0.2, 0.9, 0.5]])
    weights = {"a": 1, "b": 1, "c": 2}
    at = {risk: score(matrix, weights, method="owa", risk=risk).score.iloc[0] for risk in (0, 0.5, 1)}
    assert at[0] == pytest.approx(20.0)
    assert at[0.5] == pytest.approx(25 * 0.2 + 25 * 0.9 + 50 * 0.5)
    assert at[1] == pytest.approx(90.0)


@given(problems(), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)
def test_more_risk_never_lowers_an_owa_score(problem: tuple, one: float, other: float) -> None:
    matrix, weights = problem
    low, high = sorted([one, other])
    cautious = score(matrix, weights, method="owa", risk=low).score
    daring = score(matrix, weights, method="owa", risk=high).score
    assert (daring >= cautious - 1e-9).all()


def test_equal_values_share_what_their_places_get() -> None:
    # Both values tie, so their order must not matter: each gets its importance.
    parts = ordered_parts(np.array([[0.6, 0.6]]), np.array([0.25, 0.75]), 3.0)
    assert parts.tolist() == [pytest.approx([0.15, 0.45])]


def _promethee_by_pairs(values: np.ndarray, weights: np.ndarray, low: float, high: float) -> np.ndarray:
    count = len(values)
    net = np.zeros(count)
    for a in range(count):
        for b in range(count):
            if a == b:
                continue
            for j, weight in enumerate(weights):
                gain = min(max((values[a, j] - values[b, j] - low) / (high - low), 0), 1)
                loss = min(max((values[b, j] - values[a, j] - low) / (high - low), 0), 1)
                net[a] += weight * (gain - loss)
    return net / (count - 1)


@given(st.integers(2, 12), st.integers(1, 4), st.integers(0, 10_000))
@settings(deadline=None, max_examples=60)
def test_flows_by_sorting_are_the_flows_by_pairs(sites: int, criteria: int, seed: int) -> None:
    values = np.round(random_values(sites, criteria, seed=seed), 1)
    weights = np.full(criteria, 1 / criteria)
    flows = promethee(values, weights, np.ones(criteria), [Preference("linear", 0.05, 0.3)] * criteria)
    assert flows.net == pytest.approx(_promethee_by_pairs(values, weights, 0.05, 0.3), abs=1e-9)
    assert flows.net.sum() == pytest.approx(0, abs=1e-9)


def test_gaussian_flows_do_not_depend_on_the_block() -> None:
    values = random_values(50, 1)
    preference = [Preference("gaussian", spread=0.2)]
    whole = promethee(values, np.ones(1), np.ones(1), preference).net
    advantage = np.maximum(values - values.T, 0)
    pairs = 1 - np.exp(-(advantage**2) / 0.08)
    assert whole == pytest.approx((pairs.sum(axis=1) - pairs.sum(axis=0)) / 49)


@pytest.mark.parametrize("seed", range(5))
def test_topsis_vikor_and_promethee_agree_with_pymcdm_where_it_is_right(seed: int) -> None:
    values = random_values(12, 4, seed=seed)
    weights = np.random.default_rng(seed).dirichlet(np.ones(4))
    directions = np.array([1, -1, 1, -1])
    theirs = pymcdm.methods.TOPSIS(pymcdm.normalizations.vector_normalization)(values, weights, directions)
    # pymcdm turns cost columns round as 1 - x / length, which is TOPSIS of the same distances.
    assert topsis(values, weights, directions.astype(float)) == pytest.approx(theirs)
    assert vikor(values, weights, directions.astype(float)).compromise == pytest.approx(
        pymcdm.methods.VIKOR()(values, weights, directions)
    )
    preferences = [Preference("linear", 0.1, 0.4)] * 4
    net = pymcdm.methods.PROMETHEE_II("vshape_2", p=[0.4] * 4, q=[0.1] * 4)(values, weights, directions)
    assert promethee(values, weights, directions.astype(float), preferences).net == pytest.approx(net)


@pytest.mark.parametrize("seed", range(3))
def test_topsis_agrees_with_scikit_criteria(seed: int) -> None:
    values = random_values(10, 3, seed=seed)
    weights = [0.5, 0.3, 0.2]
    decision = VectorScaler(target="matrix").transform(
        skcriteria.mkdm(values, objectives=[max, max, max], weights=weights)
    )
    theirs = skc_topsis.TOPSIS().evaluate(decision).e_.similarity
    assert topsis(values, np.array(weights), np.ones(3)) == pytest.approx(theirs)


def test_gaps_move_nobody_else_in_any_bare_method() -> None:
    values = random_values(6, 3)
    holed = np.vstack([values, [[np.nan, 9.0, -9.0]]])
    weights, directions = np.array([0.5, 0.3, 0.2]), np.ones(3)
    assert topsis(holed, weights, directions)[:6] == pytest.approx(topsis(values, weights, directions))
    assert vikor(holed, weights, directions).compromise[:6] == pytest.approx(
        vikor(values, weights, directions).compromise
    )
    preferences = [Preference("usual")] * 3
    assert promethee(holed, weights, directions, preferences).net[:6] == pytest.approx(
        promethee(values, weights, directions, preferences).net
    )
    for points in (
        topsis(holed, weights, directions),
        vikor(holed, weights, directions).group,
        weighted_sum(holed, weights),
    ):
        assert np.isnan(points[6])


def test_alternatives_that_coincide_are_tied_and_not_lost() -> None:
    values = np.full((3, 2), 0.4)
    weights, directions = np.array([0.5, 0.5]), np.ones(2)
    assert topsis(values, weights, directions).tolist() == [0.5] * 3
    assert vikor(values, weights, directions).compromise.tolist() == [0.0] * 3
    assert promethee(values, weights, directions, [Preference("usual")] * 2).net.tolist() == [0.0] * 3


def test_nobody_at_all_is_no_error() -> None:
    weights, directions = np.array([0.5, 0.5]), np.ones(2)
    nobody = np.full((2, 2), np.nan)
    assert np.isnan(topsis(nobody, weights, directions)).all()
    assert vikor(nobody, weights, directions).chosen == ()
    assert np.isnan(promethee(nobody, weights, directions, [Preference("usual")] * 2).net).all()
    matrix = matrix_of(nobody)
    for method in ALL:
        assert score(matrix, {"a": 1}, method=method).score.isna().all()


def test_vikor_proposes_both_where_the_first_is_not_stable() -> None:
    """By hand: A4 leads in Q but neither in S (A3 does) nor in R (A5 does), so C2 fails and two are proposed."""
    matrix = np.array(
        [[1, 101, 1, 101, 1], [101, 1, 101, 1, 101], [1, 1, 1, 1, 101], [11, 11, 11, 16, 61], [56, 56, 56, 56, 56]],
        dtype=float,
    )
    result = vikor(matrix, np.full(5, 0.2), -np.ones(5))
    assert result.group == pytest.approx([0.4, 0.6, 0.2, 0.21, 0.55])
    assert result.regret == pytest.approx([0.2, 0.2, 0.2, 0.12, 0.11])
    assert result.has_advantage
    assert not result.is_stable
    assert result.chosen == (3, 4)
