"""Depths and velocities against the hand tables and the standard's limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kit.sewers import link, load, network, norms_without_infiltration, plant, station

from xingu_geo.sewers.network.velocities import velocities_of

GRAVITY = pd.read_csv(Path(__file__).parent / "gravity.csv")


def one(flow_l_s, **pipe):
    loads = [load("a", 0, flow_l_s * 86.4, industrial_peaking=1.0)]
    net = network(["a", plant("w")], [link("a", "w", **pipe)], loads, norms=norms_without_infiltration())
    return velocities_of(net).loc["a-w"]


@pytest.mark.parametrize("row", GRAVITY.to_dict("records"), ids=lambda row: f"DN{row['diameter_mm']}")
def test_at_its_fullness_limit_every_usual_pipe_is_fast_enough(row):
    fall = {"length_m": 1000.0, "invert_from_m": 1.0 + row["slope"] * 1000, "invert_to_m": 1.0}
    found = one(row["flow_m3_s"] * 1000, diameter_mm=row["diameter_mm"], **fall)
    assert found["fill"] == pytest.approx(row["fill"], rel=1e-3)
    assert found["velocity_m_s"] == pytest.approx(row["velocity_m_s"], rel=1e-3)
    assert found["velocity_at_peak_m_s"] == pytest.approx(row["velocity_m_s"], rel=1e-3)
    assert found["state"] == "ok"


def test_a_pipe_laid_too_flat_is_slow():
    # DN300 at 0.0010 instead of 0.0030: 0.7788·√(1/3) = 0.4496 m/s, below 0.6.
    found = one(5, diameter_mm=300.0, length_m=1000.0, invert_from_m=2.0, invert_to_m=1.0)
    assert found["velocity_m_s"] == pytest.approx(0.4496, rel=1e-3)
    assert found["state"] == "slow"


def test_a_steep_concrete_pipe_is_fast():
    assert one(900, length_m=100.0, invert_from_m=11.0, invert_to_m=1.0)["state"] == "fast"


def test_a_pipe_beyond_its_largest_flow_is_surcharged_not_missing():
    # DN300 at 0.003 carries 52.97 L/s full and 1.0757 times that at most.
    pipe = {"diameter_mm": 300.0, "length_m": 1000.0, "invert_from_m": 4.0, "invert_to_m": 1.0}
    assert np.isposinf(one(58, **pipe)["fill"])
    assert 0.8 < one(56, **pipe)["fill"] < 1


def test_an_empty_pipe_stands_still_and_an_unknown_one_is_unknown():
    assert one(0)["velocity_at_peak_m_s"] == 0
    assert one(0)["fill"] == 0
    assert one(10, diameter_mm=None)["state"] == "unknown"


@pytest.mark.parametrize(("flow_l_s", "state"), [(100, "slow"), (300, "ok"), (400, "ok"), (600, "fast")])
def test_a_pressure_main_runs_between_0_7_and_2_m_s(flow_l_s, state):
    # DN500: 0.19635 m², so 137 L/s at 0.7 and 393 at 2.0 … 500 mm at 300 L/s is 1.53 m/s; 550 mm at 400 is 1.68.
    diameter_mm = 500.0 if flow_l_s < 400 else 550.0
    main = {"kind": "pressure", "diameter_mm": diameter_mm}
    loads = [load("s", 0, flow_l_s * 86.4, industrial_peaking=1.0)]
    nodes = [station("s", 1000), plant("w")]
    net = network(nodes, [link("s", "w", **main)], loads, norms=norms_without_infiltration())
    found = velocities_of(net).loc["s-w"]
    assert found["velocity_m_s"] == pytest.approx(flow_l_s / 1000 / (np.pi / 4 * (diameter_mm / 1000) ** 2))
    assert found["state"] == state
    assert np.isnan(found["fill"])
