"""Pumps: ratings that do not add on a shared main, and pumps that know only on and off."""

from __future__ import annotations

import numpy as np
import pytest
from kit.sewers import link, load, network, norms_without_infiltration, overfull, placed, plant, station
from scipy.optimize import brentq, fsolve

from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.limits import capacity_of
from xingu_geo.sewers.network.network import rebuilt
from xingu_geo.sewers.network.stations import SHUTOFF, firm_l_s
from xingu_geo.sewers.network.utilisation import utilisation_of

STEADY = Effluent(0.0, 1.0)
WIDE = {"kind": "pressure", "diameter_mm": 2000.0, "velocity_max_m_s": 2.0}


def firm(net, name):
    return firm_l_s(net)[net.nodes.index.get_loc(name)]


def shared(rated, *, lift_m=2.0, spur=300.0, trunk=3000.0, diameter_mm=500.0):
    """Stations s0, s1, … with spurs to a junction, one main from there to the works."""
    names = [f"s{i}" for i in range(len(rated))]
    nodes = [
        *(station(n, r, invert_m=0.0) for n, r in zip(names, rated, strict=True)),
        "j",
        plant("w", invert_m=lift_m),
    ]
    pipe = {
        "kind": "pressure",
        "diameter_mm": diameter_mm,
        "roughness_n": 0.012,
        "invert_from_m": None,
        "invert_to_m": None,
    }
    links = [*(link(n, "j", **pipe, length_m=spur) for n in names), link("j", "w", **pipe, length_m=trunk)]
    return network(nodes, links)


def test_a_station_alone_moves_its_rating():
    assert firm(shared([200.0]), "s0") == pytest.approx(200)
    own = network([station("s", 90, duty=3, standby=2), plant("w")], [link("s", "w", **WIDE)])
    assert firm(own, "s") == 270


def test_equal_stations_on_one_main_move_what_their_curves_and_the_shared_friction_allow():
    # Two alike: each meets (4/3 − (Q/Qr)²/3)·Hr = lift + k_spur·Q² + k_trunk·(2Q)²: one equation, one root.
    k = 10.29 * 0.012**2 / 0.5 ** (16 / 3)
    rating, lift = 0.2, 2.0
    duty_head = lift + k * 3300 * rating**2

    def unmet(q):
        return (SHUTOFF - (q / rating) ** 2 / 3) * duty_head - lift - k * 300 * q**2 - k * 3000 * (2 * q) ** 2

    expected = brentq(unmet, 1e-6, rating) * 1000
    net = shared([200.0, 200.0])
    assert [firm(net, "s0"), firm(net, "s1")] == pytest.approx([expected, expected], rel=1e-9)
    assert expected < 0.75 * 200


def test_three_unlike_stations_agree_with_a_general_solver():
    rated, lift = np.array([0.194, 0.202, 0.211]), 3.0
    k = 10.29 * 0.012**2 / 0.5 ** (16 / 3)
    duty_head = lift + k * 3300 * rated**2

    def unmet(q):
        return (SHUTOFF - (q / rated) ** 2 / 3) * duty_head - lift - k * 300 * q**2 - k * 3000 * q.sum() ** 2

    expected = fsolve(unmet, rated / 2, xtol=1e-13) * 1000
    net = shared(list(rated * 1000), lift_m=lift)
    np.testing.assert_allclose([firm(net, f"s{i}") for i in range(3)], expected, rtol=1e-8)
    assert expected.sum() < rated.sum() * 1000 * 0.75


def test_a_wide_short_main_shares_hardly_any_friction():
    net = shared([200.0, 200.0], trunk=1.0, diameter_mm=1500.0)
    assert firm(net, "s0") == pytest.approx(200, rel=1e-3)


def test_mains_that_end_in_a_well_share_nothing():
    # a and b both pump into the well of c: each pushes against open water.
    nodes = [station("a", 100), station("b", 100), station("c", 300), plant("w")]
    net = network(nodes, [link("a", "c", **WIDE), link("b", "c", **WIDE), link("c", "w", **WIDE)])
    assert [firm(net, name) for name in "abc"] == [100, 100, 300]


def test_joint_ratings_limit_headroom():
    net = shared([200.0, 200.0])
    table = headroom_of(assessed_of(net), STEADY).table
    assert table.loc["s0", "binding"] == "s0"
    assert table.loc["s0", "headroom_m3_d"] == pytest.approx(firm(net, "s0") * 86.4 / 1.1)


def fixed(rated, duty, trunk_l_s, inflow_l_s):
    """A fixed-speed station of ``duty`` pumps into a main that carries ``trunk_l_s``."""
    diameter_mm = 1000 * float(np.sqrt(trunk_l_s / 1000 / 2 * 4 / np.pi))
    main = {"kind": "pressure", "diameter_mm": diameter_mm, "velocity_max_m_s": 2.0}
    return network(
        ["a", station("s", rated, duty=duty, pump_drive="fixed"), "m", plant("w")],
        [link("a", "s", diameter_mm=2400.0), link("s", "m", **WIDE), link("m", "w", **main)],
        [load("a", 0, inflow_l_s * 86.4, industrial_peaking=1.0)],
        norms=norms_without_infiltration(),
    )


def test_downstream_of_fixed_pumps_the_pipe_carries_whole_pumps():
    # 110 L/s arrive, each pump moves 100: two run, 200 go down the main. A pump that follows its inflow sends 110.
    net = fixed(100, 3, 250, 110)
    assert utilisation_of(assessed_of(net)).loc["m-w", "peak_l_s"] == pytest.approx(200)
    nodes = net.nodes.copy()
    nodes["pump_drive"] = "variable"
    assert utilisation_of(assessed_of(rebuilt(net, nodes=nodes))).loc["m-w", "peak_l_s"] == pytest.approx(110)


def test_headroom_above_fixed_pumps_ends_where_one_pump_more_would_start():
    # The main takes 250: two pumps of 100, not three. So the station may receive 200, 90 more than its 110.
    net = fixed(100, 3, 250, 110)
    row = headroom_of(assessed_of(net), STEADY).table.loc["a"]
    assert row["headroom_m3_d"] == pytest.approx(90 * 86.4)
    assert row["binding"] == "m-w"
    full = placed(net, "a", row["headroom_m3_d"], 0.0, 1.0)
    assert utilisation_of(assessed_of(full)).loc["m-w", "state"] != "over"
    assert (
        utilisation_of(assessed_of(placed(net, "a", row["headroom_m3_d"] + 1, 0.0, 1.0))).loc["m-w", "state"] == "over"
    )
    assert "m-w" not in overfull(full)


def test_a_single_pump_too_strong_for_its_main_leaves_a_deficit():
    net = fixed(300, 1, 250, 110)
    row = headroom_of(assessed_of(net), STEADY).table.loc["a"]
    assert row["headroom_m3_d"] == pytest.approx(-110 * 86.4)
    assert row["binding"] == "m-w"
    assert utilisation_of(assessed_of(net)).loc["m-w", "state"] == "over"


def test_beyond_the_next_well_the_next_pumps_decide():
    main = {"kind": "pressure", "diameter_mm": 300.0, "velocity_max_m_s": 2.0}
    net = network(
        [station("s", 200, pump_drive="fixed"), station("t", 130), plant("w")],
        [link("s", "t", **WIDE), link("t", "w", **main)],
        [load("s", 0, 100 * 86.4, industrial_peaking=1.0)],
        norms=norms_without_infiltration(),
    )
    assert utilisation_of(assessed_of(net)).loc["s-t", "peak_l_s"] == pytest.approx(200)
    assert utilisation_of(assessed_of(net)).loc["t-w", "peak_l_s"] == pytest.approx(100)
    assert capacity_of(net).limit_l_s[net.elements.get_loc("s")] == 200
