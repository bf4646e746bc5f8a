"""Scores and ranks: small cases by hand, then the laws over random problems."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import everyone, matrix_of, problems

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.siting.doubt.robustness import Sampling, robustness
from xingu_geo.siting.ranking.explanation import explain
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.order import rank, ranks, top
from xingu_geo.siting.ranking.scoring import score

NAN = float("nan")


def test_a_weighted_sum_by_hand() -> None:
    matrix = matrix_of([[1.0, 0.5], [0.2, 1.0]])
    scores = score(matrix, {"a": 3, "b": 1})
    # 0.75 × 1 + 0.25 × 0.5 = 0.875; 0.75 × 0.2 + 0.25 × 1 = 0.40
    assert scores.score.tolist() == pytest.approx([87.5, 40.0])
    assert scores.contributions.loc["s000"].tolist() == pytest.approx([75.0, 12.5])
    assert scores.weights == {"a": 0.75, "b": 0.25}


def test_joint_places_share_the_smaller_number() -> None:
    matrix = matrix_of([[0.5], [0.9], [0.9], [0.1]], sites=["d", "c", "b", "a"])
    table = rank(score(matrix, {"a": 1}), everyone(matrix)).table
    assert table.index.tolist() == ["b", "c", "d", "a"]
    assert table["rank"].tolist() == [1, 1, 3, 4]
    assert table["is_tied"].tolist() == [True, True, False, False]


def test_scores_that_differ_by_rounding_only_are_tied() -> None:
    assert ranks(np.array([0.1 + 0.2, 0.3, 0.3 + 1e-6])).tolist() == [2, 2, 1]


def test_an_ineligible_site_is_not_ranked_and_says_so() -> None:
    matrix = matrix_of([[0.5], [0.9]])
    ranking = rank(score(matrix, {"a": 1}), pd.Series({"s001": False, "s000": True}))
    assert ranking.table.index.tolist() == ["s000"]
    assert ranking.unranked.to_dict() == {"s001": "ineligible"}


def test_nobody_eligible_is_an_empty_ranking() -> None:
    matrix = matrix_of([[0.5], [0.9]])
    ranking = rank(score(matrix, {"a": 1}), ~everyone(matrix))
    assert ranking.table.empty
    assert list(ranking.table.columns) == ["rank", "is_tied", "score"]
    assert len(ranking.unranked) == 2


def test_each_missing_policy_by_hand() -> None:
    confidence = {"a": Confidence.SURVEYED, "b": Confidence.ILLUSTRATIVE}
    matrix = matrix_of([[1.0, NAN], [0.5, 0.5]], confidence=confidence)
    weights = {"a": 1, "b": 1}
    excluded = score(matrix, weights, missing="exclude")
    assert math.isnan(excluded.score["s000"])
    assert rank(excluded, everyone(matrix)).unranked.to_dict() == {"s000": "missing"}
    assert excluded.missing.tolist() == [1, 0]
    assert score(matrix, weights, missing="worst").score.tolist() == pytest.approx([50.0, 50.0])
    # trust 1.0 and 0.4: weights 1/1.4 and 0.4/1.4, so 71.43 for the first and still 50 for the second
    trusted = score(matrix, weights, missing="confidence")
    assert trusted.score.tolist() == pytest.approx([100 / 1.4, 50.0])
    assert trusted.weights == pytest.approx({"a": 1 / 1.4, "b": 0.4 / 1.4})


def test_a_gap_under_a_weight_of_zero_harms_nobody() -> None:
    matrix = matrix_of([[1.0, NAN], [0.5, 0.5]])
    scores = score(matrix, {"a": 1, "b": 0})
    assert scores.score.tolist() == pytest.approx([100.0, 50.0])
    assert scores.missing.tolist() == [0, 0]


def test_the_weight_of_a_criterion_that_was_not_assessed_goes_to_the_others() -> None:
    matrix = matrix_of([[0.5, 0.1]], not_assessed=("headroom",))
    scores = score(matrix, {"a": 1, "b": 1, "headroom": 2})
    assert scores.weights == {"a": 0.5, "b": 0.5}
    assert scores.not_assessed == ("headroom",)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ({"a": NAN}, "weight_not_finite"),
        ({"a": math.inf}, "weight_not_finite"),
        ({"a": "2"}, "weight_not_finite"),
        ({"a": True}, "weight_not_finite"),
        ({"a": -1.0, "b": 2.0}, "weight_negative"),
        ({"a": 0.0, "b": 0.0}, "weights_all_zero"),
        ({}, "weights_all_zero"),
        ({"a": 1.0, "noise": 1.0}, "weight_unknown"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: dict, code: str) -> None:
    with pytest.raises(XinguError) as refusal:
        score(matrix_of([[0.5, 0.5]]), weights)
    assert refusal.value.code == code
    assert refusal.value.sentence("zh")
    assert refusal.value.sentence("en")


def test_all_complaints_about_weights_come_together() -> None:
    with pytest.raises(Complaints) as refusal:
        score(matrix_of([[0.5, 0.5]]), {"a": NAN, "b": -1})
    assert [complaint.code for complaint in refusal.value.complaints] == ["weight_not_finite", "weight_negative"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"method": "best_guess"}, "method_unknown"),
        ({"missing": "mean"}, "missing_policy_unknown"),
        ({"risk": 1.5}, "risk_outside"),
        ({"risk": NAN}, "risk_outside"),
    ],
)
def test_unknown_options_are_refused(options: dict, code: str) -> None:
    with pytest.raises(XinguError) as refusal:
        score(matrix_of([[0.5]]), {"a": 1}, **options)
    assert refusal.value.code == code
    assert refusal.value.sentence("zh")


@pytest.mark.parametrize("value", [-0.01, 1.01, math.inf])
def test_a_value_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(XinguError) as refusal:
        score(matrix_of([[0.5], [value]]), {"a": 1})
    assert refusal.value.code == "value_outside"


def test_a_site_that_stands_twice_is_refused() -> None:
    with pytest.raises(XinguError) as refusal:
        score(matrix_of([[0.5], [0.1]], sites=["x", "x"]), {"a": 1})
    assert refusal.value.code == "matrix_site_doubled"


def test_a_matrix_without_criteria_is_refused() -> None:
    with pytest.raises(XinguError) as refusal:
        score(matrix_of(np.empty((2, 0)), not_assessed=("a",)), {"a": 1})
    assert refusal.value.code == "matrix_empty"


def test_eligibility_of_other_sites_is_refused() -> None:
    with pytest.raises(XinguError) as refusal:
        rank(score(matrix_of([[0.5]]), {"a": 1}), pd.Series({"elsewhere": True}))
    assert refusal.value.code == "eligible_differs"


def test_a_site_that_is_neither_in_nor_out_is_refused() -> None:
    scores = score(matrix_of([[0.5], [0.6]]), {"a": 1})
    with pytest.raises(XinguError) as refusal:
        rank(scores, pd.Series({"s000": True, "s001": None}, dtype=object))
    assert refusal.value.code == "eligible_unclear"
    assert "s001" in refusal.value.sentence("zh")


def test_weights_may_be_numpy_numbers() -> None:
    scores = score(matrix_of([[0.5, 1.0]]), {"a": np.int64(1), "b": np.float32(3)})
    assert scores.score.tolist() == [87.5]


def test_the_top_of_scores_leaves_gaps_out_and_agrees_with_a_sort() -> None:
    assert top(np.array([3.0, NAN, 9.0, 5.0]), 2).tolist() == [2, 3]
    assert top(np.array([NAN, 1.0]), 5).tolist() == [1]
    assert top(np.array([NAN]), 1).tolist() == []


@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.sampled_from([3, 1_000, 10**6]))
@settings(deadline=None, max_examples=30)
def test_the_top_of_many_scores_is_the_head_of_the_full_order(seed: int, count: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    array = rng.integers(0, levels, 20_000).astype(float)
    array[rng.random(20_000) < rng.choice([0.0, 0.3, 0.999])] = NAN
    full = np.argsort(-array, kind="stable")  # NaN comes last
    assert top(array, count).tolist() == full[: min(count, (~np.isnan(array)).sum())].tolist()


@given(st.lists(st.integers(0, 5).map(float), min_size=1, max_size=12), st.integers(1, 15))
@settings(deadline=None)
def test_the_top_is_the_head_of_the_full_order(scores: list[float], count: int) -> None:
    array = np.array(scores)
    assert top(array, count).tolist() == np.argsort(-array, kind="stable")[:count].tolist()


@given(st.lists(st.integers(0, 5).map(float), min_size=1, max_size=12))
@settings(deadline=None)
def test_a_rank_is_one_more_than_the_number_of_better_scores(scores: list[float]) -> None:
    expected = [1 + sum(other > own for other in scores) for own in scores]
    assert ranks(np.array(scores)).tolist() == expected


@given(problems(gaps=True), st.sampled_from(["exclude", "worst", "confidence"]))
@settings(deadline=None)
def test_contributions_sum_to_the_score(problem: tuple, missing: str) -> None:
    matrix, weights = problem
    scores = score(matrix, weights, missing=missing)
    sums = scores.contributions.sum(axis="columns", min_count=1)
    pd.testing.assert_series_equal(sums, scores.score, check_names=False, atol=1e-9, rtol=0)


@given(problems(gaps=True), st.randoms(use_true_random=False), st.sampled_from(["exclude", "worst", "confidence"]))
@settings(deadline=None)
def test_the_order_of_rows_and_columns_changes_nothing(problem: tuple, random: object, missing: str) -> None:
    matrix, weights = problem
    rows, columns = list(matrix.value.index), list(matrix.value.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = matrix_of(
        matrix.value.loc[rows, columns].to_numpy(), sites=rows, criteria=columns, confidence=matrix.confidence
    )
    before = rank(score(matrix, weights, missing=missing), everyone(matrix))
    after = rank(score(shuffled, dict(reversed(weights.items())), missing=missing), everyone(shuffled))
    pd.testing.assert_frame_equal(before.table, after.table, check_exact=True)
    pd.testing.assert_series_equal(before.unranked, after.unranked)


@given(problems(), st.floats(1e-6, 1e6))
@settings(deadline=None)
def test_scaling_all_weights_changes_nothing(problem: tuple, factor: float) -> None:
    matrix, weights = problem
    before = score(matrix, weights).score
    after = score(matrix, {name: weight * factor for name, weight in weights.items()}).score
    pd.testing.assert_series_equal(before, after, atol=1e-9, rtol=0)


@given(problems(gaps=True), st.data())
@settings(deadline=None)
def test_dropping_a_site_does_not_move_the_others(problem: tuple, data: st.DataObject) -> None:
    matrix, weights = problem
    gone = data.draw(st.sampled_from(list(matrix.value.index)))
    rest = [site for site in matrix.value.index if site != gone]
    if not rest:
        return
    smaller = matrix_of(matrix.value.loc[rest].to_numpy(), sites=rest, confidence=matrix.confidence)
    before = rank(score(matrix, weights, missing="worst"), everyone(matrix)).table
    after = rank(score(smaller, weights, missing="worst"), everyone(smaller)).table
    assert [site for site in before.index if site != gone] == after.index.tolist()
    assert before["score"].drop(gone).tolist() == after["score"].tolist()


@given(problems())
@settings(deadline=None)
def test_a_dominated_site_never_ranks_above_its_dominator(problem: tuple) -> None:
    matrix, weights = problem
    table = rank(score(matrix, weights), everyone(matrix)).table
    for better in matrix.value.index:
        for worse in matrix.value.index:
            if (matrix.value.loc[better] >= matrix.value.loc[worse]).all():
                assert table.loc[better, "rank"] <= table.loc[worse, "rank"]


@given(problems(gaps=True), st.sampled_from(["exclude", "worst", "confidence"]), st.data())
@settings(deadline=None, max_examples=200)
def test_losing_a_value_never_helps_a_site(problem: tuple, missing: str, data: st.DataObject) -> None:
    matrix, weights = problem
    site = data.draw(st.sampled_from(list(matrix.value.index)))
    criterion = data.draw(st.sampled_from(list(matrix.value.columns)))
    holed = matrix.value.copy()
    holed.loc[site, criterion] = NAN
    poorer = matrix_of(holed.to_numpy(), sites=list(holed.index), confidence=matrix.confidence)
    before = rank(score(matrix, weights, missing=missing), everyone(matrix)).table
    after = rank(score(poorer, weights, missing=missing), everyone(poorer)).table
    if site in after.index:
        assert site in before.index
        assert after.loc[site, "rank"] >= before.loc[site, "rank"]
        assert after.loc[site, "score"] <= before.loc[site, "score"] + 1e-9


@given(problems(gaps=True), st.data())
@settings(deadline=None)
def test_an_ineligible_site_never_has_a_rank_and_nobody_is_lost(problem: tuple, data: st.DataObject) -> None:
    matrix, weights = problem
    eligible = pd.Series({site: data.draw(st.booleans()) for site in matrix.value.index})
    ranking = rank(score(matrix, weights), eligible)
    assert eligible[ranking.table.index].all()
    assert sorted([*ranking.table.index, *ranking.unranked.index]) == sorted(matrix.value.index)
    assert set(ranking.unranked[~eligible]) <= {"ineligible"}


@given(problems())
@settings(deadline=None)
def test_the_order_of_the_table_agrees_with_the_ranks(problem: tuple) -> None:
    matrix, weights = problem
    table = rank(score(matrix, weights), everyone(matrix)).table
    assert table["rank"].is_monotonic_increasing
    assert table.groupby("rank")["is_tied"].agg(["size", "all"]).eval("(size > 1) == all").all()
    assert all(block.index.is_monotonic_increasing for _, block in table.groupby("rank"))


def test_carriers_travel_between_processes() -> None:
    matrix = matrix_of([[0.5, 0.1], [0.9, NAN]])
    scores = score(matrix, {"a": 1, "b": 1})
    ranking = rank(scores, everyone(matrix))
    again_scores, again_ranking = pickle.loads(pickle.dumps((scores, ranking)))  # noqa: S301 - our own bytes
    pd.testing.assert_series_equal(again_scores.score, scores.score)
    pd.testing.assert_frame_equal(again_ranking.table, ranking.table)
    assert again_scores.weights == scores.weights


def test_nothing_that_is_handed_in_is_changed() -> None:
    matrix = matrix_of([[0.5, 0.1], [0.9, NAN], [0.3, 0.3]])
    value, weights, eligible = matrix.value.copy(), {"a": 1.0, "b": 2.0}, everyone(matrix)
    for method in METHODS.values():
        for missing in ("exclude", "worst", "confidence") if method.fills_gaps else ("exclude",):
            scores = score(matrix, weights, method=method.id, missing=missing, candidates=eligible)
            ranking = rank(scores, eligible)
            table = ranking.table.copy()
            robustness(matrix, scores, ranking, sampling=Sampling(draws=20))
            explain(matrix, scores, ranking, site_id="s000")
            pd.testing.assert_frame_equal(ranking.table, table)
    pd.testing.assert_frame_equal(matrix.value, value)
    assert weights == {"a": 1.0, "b": 2.0}
    assert eligible.all()
