"""Weights: published examples, then what must never pass."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pymcdm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import random_values
from skcriteria.preprocessing.weighters import critic_weights as skc_critic

from xingu_geo.doors.telling.judgement_words import consistency_sentence
from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.planning.presets import group_weights, hierarchy_weights, preset_weights, read_presets
from xingu_geo.ground.planning.weights import normalised
from xingu_geo.siting.weighting.ahp import (
    CONSISTENT,
    SCALE,
    ahp,
    consistency,
    eigenvector_weights,
    geometric_mean_weights,
    judgements_of,
    random_index,
    revisit,
)
from xingu_geo.siting.weighting.objective import critic_weights, entropy_weights
from xingu_geo.siting.weighting.ordinal import places_of, rank_order_centroid, rank_sum

ROOT = Path(__file__).parents[3]

DRINKS = ["coffee", "wine", "tea", "beer", "soda", "milk", "water"]
CUPS = {
    ("coffee", "wine"): 9,
    ("coffee", "tea"): 5,
    ("coffee", "beer"): 2,
    ("coffee", "soda"): 1,
    ("coffee", "milk"): 1,
    ("coffee", "water"): 1 / 2,
    ("wine", "tea"): 1 / 3,
    ("wine", "beer"): 1 / 9,
    ("wine", "soda"): 1 / 9,
    ("wine", "milk"): 1 / 9,
    ("wine", "water"): 1 / 9,
    ("tea", "beer"): 1 / 3,
    ("tea", "soda"): 1 / 4,
    ("tea", "milk"): 1 / 3,
    ("tea", "water"): 1 / 9,
    ("beer", "soda"): 1 / 2,
    ("beer", "milk"): 1,
    ("beer", "water"): 1 / 3,
    ("soda", "milk"): 2,
    ("soda", "water"): 1 / 2,
    ("milk", "water"): 1 / 3,
}


def test_ahp_of_the_drinks_of_saaty() -> None:
    """Saaty (2008), Decision making with the AHP, Int. J. Services Sciences 1(1): which drink is drunk more."""
    result = ahp(judgements_of(DRINKS, CUPS))
    assert list(result.weights.values()) == pytest.approx(
        [0.1775, 0.0191, 0.0418, 0.1164, 0.1896, 0.1288, 0.3268], abs=5e-5
    )
    assert result.consistency.ratio == pytest.approx(0.0223, abs=5e-5)
    assert result.revisit is None


def test_ahp_of_three_criteria() -> None:
    """The 3 × 3 example of the Saaty school: eigenvector .1095 .5816 .3090, consistency ratio .0032."""
    square = np.array([[1, 1 / 5, 1 / 3], [5, 1, 2], [3, 1 / 2, 1]])
    assert eigenvector_weights(square) == pytest.approx([0.1095, 0.5816, 0.3090], abs=5e-5)
    assert consistency(square).ratio == pytest.approx(0.0032, abs=5e-5)
    # For n = 3 the geometric mean is the eigenvector: (1/15)^⅓, 10^⅓, 1.5^⅓ scaled.
    means = np.array([(1 / 15) ** (1 / 3), 10 ** (1 / 3), 1.5 ** (1 / 3)])
    assert geometric_mean_weights(square) == pytest.approx(means / means.sum())
    assert eigenvector_weights(square) == pytest.approx(means / means.sum())


@pytest.mark.parametrize("count", [1, 2, 5, 18, 40])
def test_consistent_judgements_give_back_their_weights_at_any_size(count: int) -> None:
    weights = np.random.default_rng(count).dirichlet(np.ones(count))
    square = weights[:, None] / weights[None, :]
    assert eigenvector_weights(square) == pytest.approx(weights)
    assert geometric_mean_weights(square) == pytest.approx(weights)
    assert consistency(square).ratio == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("count", [16, 20, 30])
def test_beyond_the_table_the_random_index_is_that_of_random_judgements(count: int) -> None:
    """An independent simulation: 200 random reciprocal matrices on the 1–9 scale; one needs about 1 %."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(200):
        upper = np.triu(rng.choice(SCALE, size=(count, count)), 1)
        square = np.where(upper > 0, upper, 0) + np.eye(count)
        square[square == 0] = 1 / square.T[square == 0]
        found.append((np.linalg.eigvals(square).real.max() - count) / (count - 1))
    assert random_index(count) == pytest.approx(np.mean(found), rel=0.015)


def test_the_judgement_to_revisit_is_found_by_trying_them_all() -> None:
    names = ["a", "b", "c", "d"]
    # a is 3 × b, b is 3 × c, so a should be about 9 × c; someone says the opposite.
    square = judgements_of(names, {("a", "b"): 3, ("b", "c"): 3, ("a", "c"): 1 / 5, ("a", "d"): 3, ("c", "d"): 1 / 3})
    result = ahp(square)
    assert result.consistency.ratio > CONSISTENT
    told = result.revisit
    assert (told.first, told.second) == ("a", "c")
    assert told.is_enough
    again = square.copy()
    again.loc[told.first, told.second], again.loc[told.second, told.first] = told.proposed, 1 / told.proposed
    assert consistency(again.to_numpy()).ratio == pytest.approx(told.ratio)
    assert told.ratio < CONSISTENT


def test_the_sentence_names_the_judgement_and_what_would_mend_it() -> None:
    # c over a is 5 where the two others say 1/9: a / c would have to go from 1/5 to 9, a factor of 45, while a / b from
    # 3 to 1/6, a factor of 18, mends it as well (b / c likewise, but the earlier pair is named).
    titles = {"a": Bilingual("面积", "area"), "b": Bilingual("噪声", "noise")}
    square = judgements_of(["a", "b", "c"], {("a", "b"): 3, ("b", "c"): 3, ("a", "c"): 1 / 5})
    result = ahp(square)
    zh, en = (consistency_sentence(result, lang, criteria=titles) for lang in ("zh", "en"))
    assert "“面积”对“噪声”" in zh
    assert "“area” against “noise”: it is 3, and 1/6" in en
    assert sorted(re.findall(r"[\d./]+\d", zh)) == sorted(re.findall(r"[\d./]+\d", en))
    assert "0.1" in consistency_sentence(ahp(judgements_of(DRINKS, CUPS)), "zh")
    hopeless = pd.DataFrame(_random_square(8, 3), index=list("abcdefgh"), columns=list("abcdefgh"))
    assert "no single change" in consistency_sentence(ahp(hopeless), "en")
    assert "还不够" in consistency_sentence(ahp(hopeless), "zh")


def _random_square(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    square = np.ones((count, count))
    for i in range(count):
        for j in range(i + 1, count):
            square[i, j] = rng.choice(SCALE)
            square[j, i] = 1 / square[i, j]
    return square


@given(st.integers(3, 5), st.integers(0, 500))
@settings(deadline=None, max_examples=25)
def test_no_other_single_judgement_would_do_with_less(count: int, seed: int) -> None:
    square = _random_square(count, seed)
    told = revisit(square, [str(i) for i in range(count)])
    best = math.inf
    for i in range(count):
        for j in range(i + 1, count):
            for value in SCALE:
                changed = square.copy()
                changed[i, j], changed[j, i] = value, 1 / value
                if consistency(changed).ratio < CONSISTENT:
                    best = min(best, abs(math.log(value / square[i, j])))
    assert told.is_enough == (best < math.inf)
    if told.is_enough:
        assert abs(math.log(told.proposed / told.now)) == pytest.approx(best)


def test_where_no_single_judgement_is_enough_it_says_so() -> None:
    told = revisit(_random_square(8, 3), list("abcdefgh"))
    assert not told.is_enough
    assert told.ratio > CONSISTENT


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({("a", "b"): 3.0, ("b", "a"): 3.0}, "judgements_not_reciprocal", "a / b"),
        ({("a", "a"): 2.0}, "judgements_not_reciprocal", "a / a"),
        ({("a", "c"): 0.0}, "judgement_not_positive", "a"),
        ({("a", "c"): -2.0}, "judgement_not_positive", "a"),
        ({("a", "c"): float("nan")}, "judgement_not_positive", "a"),
    ],
)
def test_judgements_that_make_no_sense_are_refused_by_pair(change: dict, code: str, said: str) -> None:
    square = judgements_of(["a", "b", "c"], {("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 4})
    for (first, second), value in change.items():
        square.loc[first, second] = value
    with pytest.raises(XinguError) as refusal:
        ahp(square)
    assert refusal.value.code == code
    assert said in refusal.value.sentence("en")
    assert said in refusal.value.sentence("zh")


def test_all_pairs_that_are_not_reciprocal_are_named() -> None:
    square = judgements_of(["a", "b", "c"], {("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 4})
    square.loc["b", "a"], square.loc["c", "a"] = 2.0, 1.0
    with pytest.raises(XinguError) as refusal:
        ahp(square)
    assert "a / b; a / c" in refusal.value.sentence("en")


def test_judgements_over_different_criteria_are_refused() -> None:
    with pytest.raises(XinguError) as refusal:
        ahp(pd.DataFrame(1.0, index=["a", "b"], columns=["a", "c"]))
    assert refusal.value.code == "judgements_not_square"


def test_an_inverse_rounded_by_hand_is_accepted_and_made_exact() -> None:
    square = judgements_of(["a", "b", "c"], {("a", "b"): 7, ("b", "c"): 1, ("a", "c"): 7})
    exact = ahp(square).weights
    square.loc["b", "a"], square.loc["c", "a"] = 0.14, 0.143
    assert ahp(square).weights == pytest.approx(exact)


@given(st.integers(2, 6), st.integers(0, 300), st.sampled_from(["eigenvector", "geometric_mean"]))
@settings(deadline=None, max_examples=40)
def test_the_order_of_criteria_changes_no_ahp_weight(count: int, seed: int, method: str) -> None:
    names = [f"c{i}" for i in range(count)]
    square = pd.DataFrame(_random_square(count, seed), index=names, columns=names)
    turned = square.loc[names[::-1], names[::-1]]
    assert ahp(square, method=method).weights == pytest.approx(ahp(turned, method=method).weights)


@pytest.mark.parametrize(
    ("count", "centroid"),
    [
        (2, [0.75, 0.25]),
        (3, [0.6111, 0.2778, 0.1111]),
        (4, [0.5208, 0.2708, 0.1458, 0.0625]),
        (5, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400]),
    ],
)
def test_rank_order_centroids_of_barron_and_barrett(count: int, centroid: list) -> None:
    """Barron and Barrett (1996), Management Science 42(11)."""
    assert rank_order_centroid(np.arange(1.0, count + 1)) == pytest.approx(centroid, abs=5e-5)


def test_rank_sum_weights() -> None:
    """Stillwell, Seaver and Edwards (1981): for four attributes 0.4, 0.3, 0.2, 0.1."""
    assert rank_sum(np.array([2.0, 1.0, 4.0, 3.0])) == pytest.approx([0.3, 0.4, 0.1, 0.2])


def test_joint_places_share_what_they_cover() -> None:
    # places 1, 2, 2, 4 of the rank sum: 0.4, (0.3 + 0.2) / 2 twice, 0.1
    assert rank_sum(np.array([1.0, 2.0, 2.0, 4.0])) == pytest.approx([0.4, 0.25, 0.25, 0.1])
    assert rank_order_centroid(np.ones(4)) == pytest.approx([0.25] * 4)


@pytest.mark.parametrize("place", [0.0, -1.0, float("nan"), float("inf")])
def test_a_place_that_is_none_is_refused(place: float) -> None:
    with pytest.raises(XinguError) as refusal:
        places_of({"a": 1, "b": place})
    assert refusal.value.code == "place_wrong"


def test_entropy_weights_of_xu() -> None:
    """Xu (2004), A note on the subjective and objective integrated approach, EJOR 156(2)."""
    matrix = np.array([[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]])
    assert entropy_weights(matrix) == pytest.approx([0.4630, 0.3992, 0.1378, 0.0000], abs=5e-5)


def test_critic_weights_of_diakoulaki() -> None:
    """Diakoulaki, Mavrotas and Papayannakis (1995), eight pharmaceutical firms: .20, .48 and .32."""
    matrix = np.array(
        [
            [61, 1.08, 4.33],
            [20.7, 0.26, 4.34],
            [16.3, 1.98, 2.53],
            [9, 3.29, 1.65],
            [5.4, 2.77, 2.33],
            [4, 4.12, 1.21],
            [-6.1, 3.52, 2.10],
            [-34.6, 3.31, 0.98],
        ]
    )
    assert critic_weights(matrix, np.ones(3)) == pytest.approx([0.20, 0.48, 0.32], abs=5e-3)
    assert critic_weights(matrix, np.ones(3)) == pytest.approx([0.20222554, 0.48090173, 0.31687273], abs=1e-7)


def test_critic_weights_of_tus_and_aytac_adali() -> None:
    """Tuş and Aytaç Adalı (2019), time and attendance software, Opsearch 56(2): the first criterion is a price."""
    matrix = np.array(
        [
            [5000, 3, 3, 4, 3, 2],
            [680, 5, 3, 2, 2, 1],
            [2000, 3, 2, 3, 4, 3],
            [600, 4, 3, 1, 2, 2],
            [800, 2, 4, 3, 3, 4.0],
        ]
    )
    # The authors stretch every column upwards, the price too.
    assert critic_weights(matrix, np.ones(6)) == pytest.approx([0.157, 0.249, 0.168, 0.121, 0.154, 0.151], abs=5e-4)


@pytest.mark.parametrize("seed", range(4))
def test_data_weights_agree_with_libraries_on_complete_data(seed: int) -> None:
    values = random_values(15, 5, seed=seed)
    assert entropy_weights(values) == pytest.approx(pymcdm.weights.entropy_weights(values))
    assert critic_weights(values, np.ones(5)) == pytest.approx(skc_critic(values, objectives=[1] * 5))


def test_a_column_that_says_nothing_weighs_nothing() -> None:
    values = random_values(6, 3)
    values[:, 1] = 0.7
    for weights in (entropy_weights(values), critic_weights(values, np.ones(3))):
        assert weights[1] == 0
        assert weights.sum() == pytest.approx(1)


def test_rows_with_gaps_are_left_out_of_data_weights() -> None:
    values = random_values(6, 3)
    holed = np.vstack([values, [[np.nan, 0.1, 0.9]]])
    assert entropy_weights(holed) == pytest.approx(entropy_weights(values))
    assert critic_weights(holed, np.ones(3)) == pytest.approx(critic_weights(values, np.ones(3)))


@pytest.mark.parametrize("values", [np.full((4, 2), 0.5), np.array([[0.1, 0.2]]), np.full((3, 2), np.nan)])
def test_data_that_cannot_decide_are_refused(values: np.ndarray) -> None:
    for weigh in (lambda: entropy_weights(values), lambda: critic_weights(values, np.ones(2))):
        with pytest.raises(XinguError) as refusal:
            weigh()
        assert refusal.value.code == "weights_undecided"


def test_negative_values_have_no_entropy() -> None:
    with pytest.raises(XinguError) as refusal:
        entropy_weights(np.array([[1.0, -1.0], [2.0, 3.0]]))
    assert refusal.value.code == "matrix_negative"


@given(st.integers(3, 10), st.integers(1, 5), st.integers(0, 300), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_rows_changes_no_data_weight(rows: int, columns: int, seed: int, random: object) -> None:
    values = random_values(rows, columns, seed=seed)
    order = list(range(rows))
    random.shuffle(order)
    assert entropy_weights(values) == pytest.approx(entropy_weights(values[order]))
    assert critic_weights(values, np.ones(columns)) == pytest.approx(critic_weights(values[order], np.ones(columns)))


def test_a_hierarchy_by_hand() -> None:
    weights = hierarchy_weights(
        {"land": 3, "sewers": 1, "terrain": 0}, {"land": {"area": 2, "form": 1}, "sewers": {"room": 9}}
    )
    assert weights == pytest.approx({"area": 0.5, "form": 0.25, "room": 0.25})


def test_a_group_with_a_weight_but_no_criterion_is_refused() -> None:
    with pytest.raises(XinguError) as refusal:
        hierarchy_weights({"land": 1, "sewers": 1}, {"land": {"area": 1}})
    assert refusal.value.code == "group_empty"
    assert "sewers" in refusal.value.sentence("zh")


GROUPS = {"area": "land", "form": "land", "homes": "environment", "room": "sewers"}


def test_every_shipped_preset_is_marked_as_an_example_in_both_languages() -> None:
    presets = read_presets(ROOT / "data" / "weights.toml")
    assert set(presets) == {"land_staff", "environment_staff", "investor"}
    for preset in presets.values():
        assert preset.example
        assert "示例" in preset.title.zh
        assert "example" in preset.title.en


def test_a_preset_weighs_groups_and_leaves_the_inside_to_the_criteria() -> None:
    preset = read_presets(ROOT / "data" / "weights.toml")["environment_staff"]
    weights = preset_weights(preset, GROUPS, {"area": 3, "form": 1, "homes": 5, "room": 0})
    # land 15, environment 35, sewers 30 of 80; the criterion alone in its group takes it whole
    assert weights == pytest.approx({"area": 0.75 * 15 / 80, "form": 0.25 * 15 / 80, "homes": 35 / 80, "room": 30 / 80})
    assert group_weights(weights, GROUPS) == pytest.approx({"land": 15 / 80, "environment": 35 / 80, "sewers": 30 / 80})


def test_a_place_without_sewers_shares_their_weight() -> None:
    preset = read_presets(ROOT / "data" / "weights.toml")["environment_staff"]
    groups = {name: group for name, group in GROUPS.items() if group != "sewers"}
    weights = preset_weights(preset, groups, {"area": 1, "form": 1, "homes": 1})
    assert group_weights(weights, groups) == pytest.approx({"land": 0.3, "environment": 0.7})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[preset]]\nid = 'x'\n", "key_missing"),
        ("groups = {land = -1}", "weight_negative"),
        ("groups = {land = 0}", "weights_all_zero"),
        ("groups = {land = 1}\nmood = 3", "key_unknown"),
        ("groups = {land = 1}\nwithin = {land = {area = 0}}", "weights_all_zero"),
    ],
)
def test_a_preset_that_makes_no_sense_is_refused(tmp_path: Path, text: str, code: str) -> None:
    head = "[[preset]]\nid = 'x'\nexample = true\ntitle = {zh='一', en='a'}\nabout = {zh='一', en='a'}\n"
    file = tmp_path / "weights.toml"
    file.write_text(text if text.startswith("[[") else head + text, encoding="utf-8")
    with pytest.raises(XinguError) as refusal:
        read_presets(file)
    assert refusal.value.code == code


def test_two_presets_of_one_name_and_every_other_complaint_come_together(tmp_path: Path) -> None:
    head = "[[preset]]\nid = 'x'\nexample = true\ntitle = {zh='一', en='a'}\nabout = {zh='一', en='a'}\n"
    one = head + "groups = {land = 1}\n"
    file = tmp_path / "weights.toml"
    file.write_text(one + one + one.replace("land = 1", "land = -1"), encoding="utf-8")
    with pytest.raises(Complaints) as refusal:
        read_presets(file)
    assert [complaint.code for complaint in refusal.value.complaints] == ["preset_doubled", "preset_doubled"]


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1e300), min_size=1))
@settings(deadline=None)
def test_normalised_weights_sum_to_1_whatever_their_scale(weights: dict) -> None:
    if max(weights.values()) == 0:
        return
    assert math.fsum(normalised(weights).values()) == pytest.approx(1)
