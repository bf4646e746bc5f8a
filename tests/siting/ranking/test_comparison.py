"""What moved between two rankings, and why: by hand, then as laws."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import everyone, matrix_of, problems

from xingu_geo.doors.telling.doubt_words import comparison_sentence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.comparison import Standing, compare
from xingu_geo.siting.ranking.order import rank
from xingu_geo.siting.ranking.scoring import score


def _standing(matrix: CriteriaMatrix, weights: dict, *, out: tuple = (), **options: object) -> Standing:
    scores = score(matrix, weights, **options)
    eligible = everyone(matrix)
    eligible[list(out)] = False
    return Standing(scores, rank(scores, eligible))


MATRIX = matrix_of([[1.0, 0.2], [0.5, 0.6], [0.1, 0.9]], sites=["x", "y", "z"])


def test_a_change_of_weights_by_hand() -> None:
    # (0.75, 0.25): x 80, y 52.5, z 30. (0.25, 0.75): x 40, y 57.5, z 70.
    told = compare(_standing(MATRIX, {"a": 3, "b": 1}), _standing(MATRIX, {"a": 1, "b": 3}))
    assert told.table.index.tolist() == ["z", "y", "x"]
    assert told.table["moved"].to_dict() == {"z": 2, "y": 0, "x": -2}
    assert told.table["change"].to_dict() == pytest.approx({"z": 40, "y": 5, "x": -40})
    assert told.differences.loc["x"].tolist() == pytest.approx([-50, 10])
    assert told.table.loc["x", "driver"] == "a"
    assert told.table.loc["x", "driver_points"] == pytest.approx(-50)
    assert told.table.loc["z", "driver"] == "b"
    assert told.table["by_weights"].to_dict() == pytest.approx({"z": 40, "y": 5, "x": -40})
    assert told.table["by_values"].abs().max() == pytest.approx(0, abs=1e-9)
    assert told.weights.loc["a"].tolist() == pytest.approx([0.75, 0.25, -0.5])
    assert told.agreement == pytest.approx(-1.0)
    assert told.moved.index.tolist() == ["z", "x"]


def test_a_change_of_values_by_hand() -> None:
    better = matrix_of([[1.0, 0.2], [0.5, 1.0], [0.1, 0.9]], sites=["x", "y", "z"])
    told = compare(_standing(MATRIX, {"a": 1, "b": 1}), _standing(better, {"a": 1, "b": 1}))
    # y: 55 to 75 through b alone, passing x at 60
    assert told.table.loc["y", ["rank_before", "rank_after", "by_values", "by_weights"]].tolist() == pytest.approx(
        [2, 1, 20, 0]
    )
    assert told.table.loc["y", "driver"] == "b"
    assert told.table.loc["x", "driver"] == ""


def test_who_enters_leaves_and_is_absent() -> None:
    fewer = matrix_of([[1.0, 0.2], [0.5, 0.6]], sites=["x", "y"])
    told = compare(_standing(fewer, {"a": 1, "b": 1}, out=("x",)), _standing(MATRIX, {"a": 1, "b": 1}, out=("y",)))
    assert told.entered == ("x", "z")
    assert told.left == ("y",)
    assert told.table["state_before"].to_dict() == {"x": "ineligible", "y": "ranked", "z": "absent"}
    assert math.isnan(told.agreement)
    assert math.isnan(told.table.loc["z", "change"])


def test_methods_that_do_not_add_up_are_compared_without_reasons() -> None:
    told = compare(_standing(MATRIX, {"a": 1, "b": 1}), _standing(MATRIX, {"a": 1, "b": 1}, method="topsis"))
    assert told.differences.columns.empty
    assert "driver" not in told.table
    assert told.table["score_after"].notna().all()
    assert comparison_sentence(told, "en", site_id="x")


def test_sentences_in_both_languages() -> None:
    told = compare(_standing(MATRIX, {"a": 3, "b": 1}), _standing(MATRIX, {"a": 1, "b": 3}))
    criteria = {"a": Bilingual("面积", "area"), "b": Bilingual("噪声", "noise")}
    assert comparison_sentence(told, "en", site_id="x", criteria=criteria) == (
        "x falls from place 1 to 3, its score changing by -40.0, mostly through “area” (-50.0)."
    )
    assert comparison_sentence(told, "zh", site_id="z", criteria=criteria) == (
        # b: 75 × 0.9 − 25 × 0.9 = 45
        "z由第 3 位升至第 1 位，得分变化 +40.0 分，主要因为“噪声”（+45.0 分）。"
    )
    with pytest.raises(XinguError):
        comparison_sentence(told, "zh", site_id="nowhere")


@given(problems(gaps=True), st.data())
@settings(deadline=None, max_examples=60)
def test_comparing_is_antisymmetric_and_reasons_sum_to_the_change(problem: tuple, data: st.DataObject) -> None:
    matrix, weights = problem
    others = {name: data.draw(st.integers(0, 3)) for name in weights}
    others[next(iter(others))] = 1
    one, two = _standing(matrix, weights, missing="worst"), _standing(matrix, others, missing="exclude")
    forth, back = compare(one, two), compare(two, one).table.loc[lambda table: table.index]
    pd.testing.assert_series_equal(forth.table["moved"].sort_index(), -back["moved"].sort_index())
    np.testing.assert_allclose(forth.table["change"].sort_index(), -back["change"].sort_index(), atol=1e-9)
    known = forth.table[forth.table["change"].notna()]
    np.testing.assert_allclose(known["by_weights"] + known["by_values"], known["change"], atol=1e-9)
    np.testing.assert_allclose(forth.differences.loc[known.index].sum(axis=1), known["change"], atol=1e-9)
    numbers = re.compile(r"\d+(?:\.\d+)?")
    for site in forth.table.index:
        zh, en = (comparison_sentence(forth, lang, site_id=site) for lang in ("zh", "en"))
        assert sorted(numbers.findall(zh)) == sorted(numbers.findall(en))


@given(problems())
@settings(deadline=None, max_examples=40)
def test_a_standing_compared_with_itself_shows_no_change(problem: tuple) -> None:
    matrix, weights = problem
    told = compare(_standing(matrix, weights), _standing(matrix, weights))
    assert (told.table["moved"] == 0).all()
    assert (told.table["driver"] == "").all()
    assert told.moved.empty
    assert told.agreement == pytest.approx(1.0) or math.isnan(told.agreement)
