"""The chance that an element is exceeded, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from kit.sewers import link, load, network, norms_without_infiltration, plant, random_network

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.flows import flows_of, mean_by_state
from xingu_geo.sewers.network.network import rebuilt
from xingu_geo.sewers.network.risk import exceedance_of

SPREAD = {"low_share": 0.8, "high_share": 1.4}


def works(capacity_m3_d, loads):
    return network(["a", plant("w", capacity_m3_d)], [link("a", "w")], loads, norms=norms_without_infiltration())


def test_one_load_exceeds_as_its_triangle_says():
    # Triangular 0.8 … 1 … 1.4 above 1.2: (1.4 − 1.2)² / ((1.4 − 0.8)(1.4 − 1)) = 0.04 / 0.24 = 1/6.
    table = exceedance_of(assessed_of(works(1200, [load("a", 1000, **SPREAD)])), seed=1, samples=40_000)
    row = table.loc["w"]
    assert row["probability"] == pytest.approx(1 / 6, abs=3 * row["error"] / 1.96)
    assert row["error"] == pytest.approx(1.96 * np.sqrt(5 / 36 / 40_000), rel=0.02)
    figures = row[["utilisation_low", "utilisation_typical", "utilisation_high"]]
    assert list(figures) == pytest.approx([0.8 * 1000 / 1200, 1000 / 1200, 1.4 * 1000 / 1200])


def test_below_the_lower_side_of_the_triangle_the_rising_edge_counts():
    # Above 0.9: 1 − (0.9 − 0.8)² / ((1.4 − 0.8)(1 − 0.8)) = 1 − 0.01 / 0.12 = 11/12.
    row = exceedance_of(assessed_of(works(900, [load("a", 1000, **SPREAD)])), seed=2, samples=40_000).loc["w"]
    assert row["probability"] == pytest.approx(11 / 12, abs=3 * row["error"] / 1.96)


def test_independent_draws_hide_the_risk_that_all_are_high_together():
    loads = [load("a", 50, name=f"l{i}", **SPREAD) for i in range(20)]
    net = works(1180, loads)
    chance = [
        exceedance_of(assessed_of(net), seed=3, common_share=share).loc["w", "probability"] for share in (0.0, 0.5, 1.0)
    ]
    assert chance[0] < chance[1] < chance[2]
    # Fully common, twenty loads are as one: above 1.18 lies 0.22² / 0.24 = 0.2017.
    assert chance[2] == pytest.approx(0.2017, abs=0.03)


def test_a_seed_repeats_itself_and_another_does_not():
    net = works(1200, [load("a", 1000, **SPREAD)])
    one, again, other = (exceedance_of(assessed_of(net), seed=seed, samples=300) for seed in (5, 5, 6))
    assert one.equals(again)
    assert not one.equals(other)


def test_the_order_of_loads_does_not_matter():
    net = random_network(4, 40)
    assert exceedance_of(assessed_of(net), seed=1, samples=300).equals(
        exceedance_of(assessed_of(rebuilt(net, loads=net.loads[::-1])), seed=1, samples=300)
    )


def test_loads_known_exactly_leave_nothing_to_chance():
    sure = {"low_share": 1.0, "high_share": 1.0}
    table = exceedance_of(assessed_of(works(999, [load("a", 1000, **sure)])), seed=1, samples=200)
    assert table.loc["w", "probability"] == 1
    table = exceedance_of(assessed_of(works(1000, [load("a", 1000, **sure)])), seed=1, samples=200)
    assert table.loc["w", "probability"] == 0
    assert table.loc["w", "error"] > 0


def test_an_unknown_limit_has_no_probability():
    net = network(["a", plant("w", None)], [link("a", "w")], [load("a", 1)])
    assert np.isnan(exceedance_of(assessed_of(net), seed=1, samples=200).loc["w", "probability"])


def test_measured_infiltration_does_not_move_with_its_load():
    spread = {"low_share": 0.5, "high_share": 2.0}
    net = network(["a", plant("w", 1000)], [link("a", "w")], [load("a", 500, infiltration_m3_d=100, **spread)])
    row = exceedance_of(assessed_of(net), seed=1, samples=200).loc["w"]
    assert row["utilisation_low"] == pytest.approx((250 + 100) / 1000)
    assert row["utilisation_high"] == pytest.approx((1000 + 100) / 1000)


@pytest.mark.parametrize("wrong", [{"low_share": 1.1}, {"low_share": -0.1}, {"high_share": 0.9}])
def test_a_spread_that_does_not_hold_the_stated_figure_is_refused(wrong):
    with pytest.raises(XinguError) as refusal:
        works(100, [load("a", 1, **wrong)])
    assert refusal.value.code == "sewer_load_wrong"


def test_mean_flow_by_state_adds_up_to_the_whole():
    loads = [
        load("a", 100, 50),
        load("a", 20, name="c", state="committed"),
        load("a", 0, 7, name="r", state="reserved"),
    ]
    net = network(["a", plant("w")], [link("a", "w")], loads)
    table = mean_by_state(net)
    assert list(table.loc["a-w"]) == pytest.approx([165, 22, 7.7])
    np.testing.assert_allclose(table.sum(axis=1), flows_of(net).mean * 86.4)
