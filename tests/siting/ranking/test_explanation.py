"""The facts behind a place, worked out by hand, and the sentence that tells them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import everyone, matrix_of, problems

from xingu_geo.doors.telling.why import overtake_sentence, sentence
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.siting.judging.eligibility import Eligibility, Verdict
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.explanation import explain
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.order import rank
from xingu_geo.siting.ranking.ranked import Ranking, Scores
from xingu_geo.siting.ranking.scoring import score

CRITERIA = {"a": Bilingual("面积", "area"), "b": Bilingual("噪声", "noise"), "c": Bilingual("地铁", "metro")}
RULES = {"headroom": Bilingual("管网余量", "sewer headroom"), "use": Bilingual("用途", "land use")}
ALONE = sorted(name for name, method in METHODS.items() if not method.compares)


def _run(matrix: CriteriaMatrix, weights: Mapping[str, float], **options: object) -> tuple[Scores, Ranking]:
    scores = score(matrix, weights, **options)
    return scores, rank(scores, everyone(matrix))


def _three() -> tuple[CriteriaMatrix, Scores, Ranking]:
    # weights 0.5, 0.3, 0.2: x = 40 + 9 + 20 = 69, y = 25 + 30 + 4 = 59, z = 10 + 6 + 2 = 18
    matrix = matrix_of([[0.8, 0.3, 1.0], [0.5, 1.0, 0.2], [0.2, 0.2, 0.1]], sites=["x", "y", "z"])
    return matrix, *_run(matrix, {"a": 5, "b": 3, "c": 2})


def test_the_waterfall_by_hand() -> None:
    told = explain(*_three(), site_id="y")
    assert [(part.criterion, part.points, part.lost) for part in told.parts] == [
        ("b", pytest.approx(30.0), pytest.approx(0.0)),
        ("a", pytest.approx(25.0), pytest.approx(25.0)),
        ("c", pytest.approx(4.0), pytest.approx(16.0)),
    ]
    assert told.strongest == "b"
    assert told.weakest == "a"
    assert told.parts[1].raw == pytest.approx(500.0)
    assert (told.rank, told.of, told.score) == (2, 3, pytest.approx(59.0))


def test_the_gaps_to_first_next_and_following() -> None:
    told = explain(*_three(), site_id="z")
    assert (told.first.site_id, told.first.gap) == ("x", pytest.approx(51.0))
    assert (told.ahead.site_id, told.ahead.rank, told.ahead.gap) == ("y", 2, pytest.approx(41.0))
    assert told.behind is None
    first = explain(*_three(), site_id="x")
    assert first.first is None
    assert first.ahead is None
    assert (first.behind.site_id, first.behind.gap) == ("y", pytest.approx(10.0))
    assert first.overtake is None


def test_what_would_put_the_second_level_with_the_first() -> None:
    told = explain(*_three(), site_id="y").overtake
    # 10 points are missing: a needs 0.5 + 0.10 / 0.5 = 0.7; b is full; c needs 0.2 + 0.10 / 0.2 = 0.7
    assert {change.criterion: change.needed for change in told.values} == {
        "a": pytest.approx(0.7),
        "b": None,
        "c": pytest.approx(0.7),
    }
    # b: y leads by 0.7 there; in the others x leads by (0.5 × 0.3 + 0.2 × 0.8) / 0.7 = 0.442857.
    # Level at t with 0.7 t = 0.442857 (1 − t): t = 0.387500.
    weights = {change.criterion: change.needed for change in told.weights}
    assert weights["b"] == pytest.approx(0.3875)
    # c: x leads by 0.8 there, y by (0.3 × 0.7 − 0.5 × 0.3) / 0.8 = 0.075 in the others: 0.8 t = 0.075 (1 − t)
    assert weights["c"] == pytest.approx(0.075 / 0.875)
    # a: x leads by 0.3 there, and y by (0.3 × 0.7 − 0.2 × 0.8) / 0.5 = 0.1 in the others: 0.3 t = 0.1 (1 − t)
    assert weights["a"] == pytest.approx(0.25)


@given(problems(sites=4, criteria=3), st.sampled_from(ALONE))
@settings(deadline=None, max_examples=120)
def test_with_the_value_or_the_weight_that_is_named_the_two_are_level(problem: tuple, method: str) -> None:
    matrix, weights = problem
    scores, ranking = _run(matrix, weights, method=method, risk=0.4)
    site = str(ranking.table.index[-1])
    told = explain(matrix, scores, ranking, site_id=site).overtake
    if told is None:
        return
    for change in told.values:
        if change.needed is None:
            continue
        better = matrix.value.copy()
        better.loc[site, change.criterion] = change.needed
        again = score(matrix_of(better.to_numpy(), sites=list(better.index)), weights, method=method, risk=0.4).score
        assert again[site] == pytest.approx(again[told.rival.site_id], abs=1e-6)
    for change in told.weights:
        if change.needed is None:
            continue
        rest = {name: weight for name, weight in scores.weights.items() if name != change.criterion}
        scale = (1 - change.needed) / sum(rest.values())
        moved = {change.criterion: change.needed} | {name: weight * scale for name, weight in rest.items()}
        again = score(matrix, moved, method=method, risk=0.4).score
        assert again[site] == pytest.approx(again[told.rival.site_id], abs=1e-6)


@given(problems(sites=4, criteria=3), st.data())
@settings(deadline=None, max_examples=60)
def test_where_no_value_is_named_even_the_best_is_not_enough(problem: tuple, data: st.DataObject) -> None:
    matrix, weights = problem
    scores, ranking = _run(matrix, weights)
    site = str(ranking.table.index[-1])
    told = explain(matrix, scores, ranking, site_id=site).overtake
    if told is None:
        return
    for change in told.values:
        if change.needed is None:
            best = matrix.value.copy()
            best.loc[site, change.criterion] = 1.0
            again = score(matrix_of(best.to_numpy(), sites=list(best.index)), weights).score
            assert again[site] < again[told.rival.site_id]


def test_methods_that_compare_candidates_offer_no_overtaking() -> None:
    matrix, *_ = _three()
    scores, ranking = _run(matrix, {"a": 5, "b": 3, "c": 2}, method="promethee")
    assert explain(matrix, scores, ranking, site_id="z").overtake is None


def test_joint_places_are_counted_and_passed_over() -> None:
    matrix = matrix_of([[0.9], [0.5], [0.5], [0.1]], sites=["p", "q", "r", "s"])
    scores, ranking = _run(matrix, {"a": 1})
    tied = explain(matrix, scores, ranking, site_id="r")
    assert (tied.rank, tied.tied) == (2, 1)
    assert tied.ahead.site_id == "p"
    assert tied.behind.site_id == "s"
    assert explain(matrix, scores, ranking, site_id="s").ahead.site_id == "q"


def _screened(**rules: tuple) -> Eligibility:
    """One site ``x``; each rule as (verdict, observed, limit, unit)."""
    index = pd.Index(["x"], name="site_id", dtype="str")

    def frame(position: int) -> pd.DataFrame:
        return pd.DataFrame(
            {name: pd.Series([rule[position]], index=index, dtype=object) for name, rule in rules.items()}, index=index
        )

    return Eligibility(
        verdict=frame(0),
        observed=frame(1),
        limit=frame(2),
        severity=dict.fromkeys(rules, "exclude"),
        confidence=dict.fromkeys(rules, Confidence.OFFICIAL_MAP),
        digest="0" * 64,
        unit={name: rule[3] for name, rule in rules.items()},
    )


def test_an_excluded_site_names_the_rule_it_is_nearest_to_passing() -> None:
    matrix = matrix_of([[0.9], [0.5]], sites=["x", "y"])
    scores = score(matrix, {"a": 1})
    screened = _screened(
        setback=(Verdict.FAIL, 10.0, 50.0, "m"),  # 80 % short
        headroom=(Verdict.FAIL, 5_700.0, 6_000.0, "m3_d"),  # 5 % short
        use=(Verdict.FAIL, "0701", None, "class"),
        reach=(Verdict.UNKNOWN, None, 800.0, "m"),
        area=(Verdict.PASS, 9.0, 8.0, "ha"),
    )
    ranking = rank(scores, pd.Series({"x": False, "y": True}))
    told = explain(matrix, scores, ranking, site_id="x", eligibility=screened)
    assert [failure.rule for failure in told.failures] == ["headroom", "setback", "use", "reach"]
    assert told.failures[0].short_by == pytest.approx(300.0)
    assert told.failures[0].short_share == pytest.approx(0.05)
    assert told.failures[3].short_by is None
    assert (told.state, told.rank, told.would_rank) == ("ineligible", None, 1)
    said = sentence(told, "en", rules=RULES)
    assert said == (
        "x is not ranked: “sewer headroom” is 5,700 m³/d where 6,000 m³/d is required, 300 m³/d apart, "
        "3 more hard rules fail, let in as it is it would rank 1."
    )


def test_a_site_without_a_value_says_which() -> None:
    matrix = matrix_of([[0.9, float("nan")], [0.5, 0.5]], sites=["x", "y"])
    scores, ranking = _run(matrix, {"a": 1, "b": 1})
    told = explain(matrix, scores, ranking, site_id="x")
    assert (told.state, told.gaps, told.score) == ("missing", ("b",), None)
    assert "噪声" in sentence(told, "zh", criteria=CRITERIA)


def test_a_gap_counted_as_worst_is_the_weakness_and_says_so() -> None:
    matrix = matrix_of([[0.9, float("nan")], [0.5, 0.5]], sites=["x", "y"])
    scores, ranking = _run(matrix, {"a": 1, "b": 1}, missing="worst")
    told = explain(matrix, scores, ranking, site_id="x")
    assert told.weakest == "b"
    assert "no value" in sentence(told, "en", criteria=CRITERIA)


def test_the_sentence_of_a_ranked_site_in_both_languages() -> None:
    told = explain(*_three(), site_id="y")
    assert sentence(told, "en", criteria=CRITERIA) == (
        "Of 3 eligible sites y ranks 2 with 59.0 points, most of them from “noise” (30.0), "
        "losing most by “area” (25.0), behind place 1 (x) by 10.0."
    )
    assert sentence(told, "zh", criteria=CRITERIA) == (
        "y在 3 个可用地块中排第 2 位，得 59.0 分，得分主要来自“噪声”（30.0 分），失分最多的是“面积”（25.0 分），"
        "比第 1 位的x低 10.0 分。"
    )


def test_what_is_flagged_is_said_in_the_sentence() -> None:
    told = dataclasses.replace(explain(*_three(), site_id="y"), flags=("dust", "sewer"))
    titles = {"dust": Bilingual("干道扬尘", "Dust"), "sewer": Bilingual("污水余量", "Sewer headroom")}
    assert "低 10.0 分，须留意“干道扬尘”“污水余量”。" in sentence(told, "zh", rules=titles)
    assert "by 10.0, to be watched: “Dust”, “Sewer headroom”." in sentence(told, "en", rules=titles)


def test_a_result_on_illustrative_layers_says_so() -> None:
    confidence = {"a": Confidence.SURVEYED, "b": Confidence.ILLUSTRATIVE}
    matrix = matrix_of([[0.9, 0.1], [0.5, 0.5]], sites=["x", "y"], confidence=confidence)
    scores, ranking = _run(matrix, {"a": 1, "b": 1})
    told = explain(matrix, scores, ranking, site_id="x")
    assert told.confidence is Confidence.ILLUSTRATIVE
    assert "仅供示意" in sentence(told, "zh")
    scores, ranking = _run(matrix, {"a": 1})
    assert "仅供示意" not in sentence(explain(matrix, scores, ranking, site_id="x"), "zh")


def test_a_gap_too_small_for_one_decimal_is_not_shown_as_nothing() -> None:
    matrix = matrix_of([[0.5], [0.50001]], sites=["x", "y"])
    told = explain(matrix, *_run(matrix, {"a": 1}), site_id="x")
    assert "by 0.001" in sentence(told, "en")


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", text))


@given(problems(gaps=True), st.sampled_from(sorted(METHODS)), st.data())
@settings(deadline=None, max_examples=150)
def test_both_languages_carry_the_same_numbers(problem: tuple, method: str, data: st.DataObject) -> None:
    matrix, weights = problem
    named = matrix_of(
        matrix.value.to_numpy(),
        sites=["abcdefgh"[i] for i in range(len(matrix.value))],
        criteria=list(matrix.value.columns),
        confidence=matrix.confidence,
    )
    scores = score(named, weights, method=method)
    eligible = pd.Series({site: data.draw(st.booleans()) for site in named.value.index})
    ranking = rank(scores, eligible)
    for site in named.value.index:
        told = explain(named, scores, ranking, site_id=site)
        assert _numbers(sentence(told, "zh")) == _numbers(sentence(told, "en"))


def test_numbers_of_exclusions_agree_too() -> None:
    matrix = matrix_of([[0.9], [0.5]], sites=["x", "y"])
    scores = score(matrix, {"a": 1})
    ranking = rank(scores, pd.Series({"x": False, "y": True}))
    for rule in (
        (Verdict.FAIL, 0.123, 0.0, "share"),
        (Verdict.FAIL, "water", None, "class"),
        (Verdict.UNKNOWN, None, 9, "m"),
    ):
        told = explain(matrix, scores, ranking, site_id="x", eligibility=_screened(protected=rule, area=rule))
        assert told.failures
        assert _numbers(sentence(told, "zh")) == _numbers(sentence(told, "en"))


def test_the_easiest_ways_to_draw_level_in_both_languages() -> None:
    told = explain(*_three(), site_id="y")
    # least change of a value: a from 0.5 to 0.7 (c would need 0.5); of a weight: b from 0.3 to 0.3875
    assert overtake_sentence(told, "en", criteria=CRITERIA) == (
        "To draw level with place 1 (x): “area” from 50.0 to 70.0 of its own points, "
        "or the weight of “noise” from 30.0 % to 38.8 %."
    )
    assert overtake_sentence(told, "zh", criteria=CRITERIA) == (
        "要追平第 1 位的x：“面积”的单项得分须由 50.0 分升到 70.0 分，或“噪声”的权重须由 30.0 % 调到 38.8 %。"
    )
    assert overtake_sentence(explain(*_three(), site_id="x"), "zh") == ""


def test_where_nothing_alone_is_enough_the_sentence_says_so() -> None:
    matrix = matrix_of([[0.9, 0.9, 0.9], [0.1, 0.1, 0.1]], sites=["x", "y"])
    told = explain(matrix, *_run(matrix, {"a": 1, "b": 1, "c": 1}), site_id="y")
    assert "追不平" in overtake_sentence(told, "zh")
    assert "No single value" in overtake_sentence(told, "en")


def test_an_unknown_site_is_refused() -> None:
    with pytest.raises(XinguError) as refusal:
        explain(*_three(), site_id="nowhere")
    assert refusal.value.code == "site_unknown"
    assert refusal.value.sentence("zh")


def test_a_class_measure_keeps_its_word() -> None:
    matrix = matrix_of([[1.0]], sites=["x"])
    words = pd.DataFrame({"a": ["fab zone"]}, index=matrix.value.index)
    worded = dataclasses.replace(matrix, raw=matrix.raw * 0 + 2, words=words)
    told = explain(worded, *_run(worded, {"a": 1}), site_id="x")
    assert told.parts[0].raw == "fab zone"
    assert told.weakest is None
    assert np.isclose(told.score, 100.0)
