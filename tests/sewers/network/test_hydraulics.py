"""Pipes against the standard's formulas, worked out by hand in two tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kit import tables as planner
from kit.sewers import link, network, plant, station

from xingu_geo.sewers.network.hydraulics import (
    area_m2,
    fill_limit,
    gravity_flow_l_s,
    hydraulic_radius_m,
    pressure_flow_l_s,
    velocity_m_s,
)
from xingu_geo.sewers.network.limits import capacity_of, pipes_of

NORMS = planner.norms()
GRAVITY = pd.read_csv(Path(__file__).parent / "gravity.csv")
PRESSURE = pd.read_csv(Path(__file__).parent / "pressure.csv")
THOUSANDTH = 1e-3


def limit_of(net, element):
    return capacity_of(net).limit_l_s[net.elements.get_loc(element)]


@pytest.mark.parametrize("row", GRAVITY.to_dict("records"), ids=lambda row: f"DN{row['diameter_mm']}")
def test_gravity_pipes_agree_with_the_table_within_a_thousandth(row):
    d, fill, slope = np.array([row["diameter_mm"] / 1000]), np.array([row["fill"]]), np.array([row["slope"]])
    pipe = {"slope": slope, "roughness": np.array([0.013])}
    assert fill_limit(d * 1000, NORMS.fullness)[0] == row["fill"]
    assert area_m2(d, fill)[0] == pytest.approx(row["area_m2"], rel=THOUSANDTH)
    assert hydraulic_radius_m(d, fill)[0] == pytest.approx(row["radius_m"], rel=THOUSANDTH)
    assert velocity_m_s(d, fill, **pipe)[0] == pytest.approx(row["velocity_m_s"], rel=THOUSANDTH)
    flow = gravity_flow_l_s(d, fill, **pipe)[0]
    assert flow / 1000 == pytest.approx(row["flow_m3_s"], rel=THOUSANDTH)
    assert flow * 86.4 == pytest.approx(row["flow_m3_d"], rel=THOUSANDTH)
    assert gravity_flow_l_s(d, np.ones(1), **pipe)[0] / 1000 == pytest.approx(row["full_m3_s"], rel=THOUSANDTH)


@pytest.mark.parametrize("row", GRAVITY.to_dict("records"), ids=lambda row: f"DN{row['diameter_mm']}")
def test_a_pipe_of_a_network_carries_what_the_table_says(row):
    fall = {"length_m": 1000.0, "invert_from_m": 1.0 + row["slope"] * 1000, "invert_to_m": 1.0}
    net = network(["a", plant("w")], [link("a", "w", diameter_mm=row["diameter_mm"], **fall)])
    assert limit_of(net, "a-w") * 86.4 == pytest.approx(row["flow_m3_d"], rel=THOUSANDTH)


@pytest.mark.parametrize("row", PRESSURE.to_dict("records"), ids=lambda row: f"DN{row['diameter_mm']}")
def test_pressure_mains_agree_with_the_table_within_a_thousandth(row):
    for speed in ("0_7", "1_0", "1_5", "2_0"):
        limit = float(speed.replace("_", "."))
        main = link("s", "w", kind="pressure", diameter_mm=row["diameter_mm"], velocity_max_m_s=limit)
        net = network([station("s", 1e6), plant("w")], [main])
        assert limit_of(net, "s-w") * 86.4 == pytest.approx(row[f"at_{speed}_m3_d"], rel=THOUSANDTH)


def test_the_one_known_trunk_runs_at_0_902_m_s():
    # DN1400, 120,000 m³/d: 120000 / 86400 / (π/4 · 1.4²) = 1.38889 / 1.53938 = 0.902 m/s
    one_m_s = pressure_flow_l_s(np.array([1.4]), np.array([1.0]))[0]
    assert 120_000 / 86.4 / one_m_s == pytest.approx(0.902, abs=5e-4)


@pytest.mark.parametrize(
    ("diameter_mm", "fill"),
    # The table names 200–300, 350–450, 500–900, ≥1000; sizes between two rows take the lower fullness.
    [
        *((size, 0.55) for size in (150, 200, 300, 310, 349)),
        *((size, 0.65) for size in (350, 450, 451, 499)),
        *((size, 0.70) for size in (500, 900, 901, 999)),
        *((size, 0.75) for size in (1000, 2400)),
    ],
)
def test_a_size_the_table_skips_takes_the_lower_fullness(diameter_mm, fill):
    assert fill_limit(np.array([float(diameter_mm)]), NORMS.fullness)[0] == fill


def test_a_flat_or_adverse_pipe_is_carried_at_the_floor_slope():
    def one(fall):
        return network(["a", plant("w")], [link("a", "w", invert_from_m=1.0 + fall, invert_to_m=1.0)])

    floor = one(500 * 0.0001)
    for fall in (0.0, -2.0):
        assert limit_of(one(fall), "a-w") == pytest.approx(limit_of(floor, "a-w"))


def test_missing_inverts_are_those_of_the_nodes_and_missing_all_is_unknown():
    ends = [{"id": "a", "invert_m": 1.3}, plant("w", invert_m=1.0)]
    own = network(ends, [link("a", "w", invert_from_m=None, invert_to_m=None)])
    drawn = network(ends, [link("a", "w")])
    assert limit_of(own, "a-w") == pytest.approx(limit_of(drawn, "a-w"))
    bare = network(["a", plant("w", invert_m=None)], [link("a", "w", invert_to_m=None)])
    assert np.isnan(limit_of(bare, "a-w"))


def test_roughness_is_the_pipes_own_else_its_materials_else_the_roughest():
    def n(**facts):
        return pipes_of(network(["a", plant("w")], [link("a", "w", **facts)])).roughness[0]

    assert n(roughness_n=0.02) == 0.02
    assert n(roughness_n=None, material="HDPE") == 0.010
    assert n(roughness_n=None, material="钢筋混凝土") == 0.013
    assert n(roughness_n=None, material="明月") == 0.014


def test_a_steep_pipe_is_held_to_the_speed_its_material_stands():
    # DN1000 at 0.1: 0.30169^⅔ · √0.1 / 0.010 = 14.2 m/s, above 5 (concrete) and 10 (steel). A = 0.63185 m².
    def one(material):
        pipe = {"roughness_n": 0.010, "invert_from_m": 51.0, "invert_to_m": 1.0, "material": material}
        return limit_of(network(["a", plant("w")], [link("a", "w", **pipe)]), "a-w")

    assert one("concrete") == pytest.approx(0.63185 * 5 * 1000, rel=THOUSANDTH)
    assert one("steel") == pytest.approx(0.63185 * 10 * 1000, rel=THOUSANDTH)


def test_standby_pumps_are_never_counted():
    net = network([station("s", 100, duty=2, standby=2), plant("w")], [link("s", "w", kind="pressure")])
    assert limit_of(net, "s") == 200


def test_what_limits_nothing_is_infinite_and_what_is_missing_unknown():
    net = network(["a", station("s", None), plant("w", None)], [link("a", "s"), link("s", "w", diameter_mm=None)])
    assert np.isposinf(limit_of(net, "a"))
    assert all(np.isnan(limit_of(net, name)) for name in ("s", "w", "s-w"))
