"""The bars of a tornado plot: by hand, and against the exact room of each weight."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.rankings import everyone, matrix_of, random_values

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.doubt.robustness import robustness
from xingu_geo.siting.doubt.swings import swings
from xingu_geo.siting.ranking.order import rank
from xingu_geo.siting.ranking.scoring import score


def _run(values: object, weights: dict, **options: object) -> tuple:
    matrix = matrix_of(values)
    scores = score(matrix, weights, **options)
    return matrix, scores, rank(scores, everyone(matrix))


def test_a_swing_by_hand() -> None:
    # x = (0.8, 0.4), y = (0.6, 0.9), weights (0.8, 0.2): lead 72 − 66 = 6.
    table = swings(*_run([[0.8, 0.4], [0.6, 0.9]], {"a": 8, "b": 2}))
    # a halved: (0.4, 0.6): 56 − 78 = −22; a up by half: 1.2, held at 1: 80 − 60 = 20
    # b halved: (0.9, 0.1): 76 − 63 = 13; b up by half: (0.7, 0.3): 68 − 69 = −1
    assert table.index.tolist() == ["a", "b"]
    assert table.loc["a", ["weight_down", "weight_up"]].tolist() == pytest.approx([0.4, 1.0])
    assert table["lead_down"].tolist() == pytest.approx([-22, 13])
    assert table["lead_up"].tolist() == pytest.approx([20, -1])
    assert table["first_down"].tolist() == ["s001", "s000"]
    assert table["first_up"].tolist() == ["s000", "s001"]


@given(st.integers(2, 8), st.integers(2, 5), st.integers(0, 2_000))
@settings(deadline=None, max_examples=60)
def test_first_place_changes_exactly_when_the_swing_leaves_the_room(sites: int, criteria: int, seed: int) -> None:
    weights = dict(zip("abcde", np.random.default_rng(seed).dirichlet(np.ones(criteria)).tolist(), strict=False))
    run = _run(random_values(sites, criteria, seed=seed), weights)
    room = robustness(*run).switch
    for name, row in swings(*run).iterrows():
        for side in ("down", "up"):
            turned = row[f"weight_{side}"]
            inside = room.loc[name, "low"] - 1e-9 <= turned <= room.loc[name, "high"] + 1e-9
            assert (row[f"first_{side}"] == run[2].table.index[0]) == inside


@pytest.mark.parametrize("method", ["owa", "topsis", "promethee"])
def test_other_methods_swing_too(method: str) -> None:
    run = _run(random_values(6, 3), {"a": 1, "b": 1, "c": 1}, method=method, risk=0.3)
    table = swings(*run, swing=1e-9)
    lead = run[2].table["score"].iloc[0] - run[2].table["score"].iloc[1]
    assert table["lead_up"].tolist() == pytest.approx([lead] * 3, abs=1e-5)


def test_one_site_or_one_criterion_has_no_lead_to_lose() -> None:
    assert np.isnan(swings(*_run([[0.5, 0.4]], {"a": 1, "b": 1}))["lead_up"]).all()
    assert np.isnan(swings(*_run([[0.5], [0.4]], {"a": 1}))["lead_up"]).all()


@pytest.mark.parametrize("swing", [0.0, -0.5, 1.5, float("nan")])
def test_a_swing_that_is_none_is_refused(swing: float) -> None:
    with pytest.raises(XinguError) as refusal:
        swings(*_run([[0.5, 0.4]], {"a": 1, "b": 1}), swing=swing)
    assert refusal.value.code == "swing_wrong"
    assert refusal.value.sentence("zh")


def test_nothing_ranked_has_no_swing() -> None:
    matrix, scores, _ = _run([[0.5]], {"a": 1})
    with pytest.raises(XinguError):
        swings(matrix, scores, rank(scores, ~everyone(matrix)))
