"""Our flows, depths, capacities and headroom against EPA SWMM, which is run here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kit.swmm import headroom_in_swmm, pump_chain, simulated, split_town, tree

from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import backwater_headrooms, backwater_of
from xingu_geo.sewers.network.flows import flows_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.hydraulics import gravity_flow_l_s
from xingu_geo.sewers.network.limits import pipes_of
from xingu_geo.sewers.network.network import Network, rebuilt
from xingu_geo.sewers.swmm.simulate import SwmmRun

STEADY = Effluent(domestic_share=0.0, industrial_peaking=1.0)
NETWORKS = {
    "tree joined at crowns": lambda: tree(1, 60, joined="crowns"),
    "flat tree joined at crowns": lambda: tree(2, 60, joined="crowns", slope=(0.0003, 0.0008)),
    "tree joined at inverts": lambda: tree(1, 60, joined="inverts"),
    "flat tree joined at inverts": lambda: tree(2, 60, joined="inverts", slope=(0.0003, 0.0008)),
    "steep tree": lambda: tree(3, 60, joined="inverts", slope=(0.005, 0.02)),
    "dry relief pipe": split_town,
    "split by shares": lambda: split_town(share=0.3),
    "pump chain": pump_chain,
}


@pytest.fixture(scope="module", params=NETWORKS)
def case(request: pytest.FixtureRequest) -> tuple[Network, SwmmRun]:
    net = NETWORKS[request.param]()
    run = simulated(net, hours=24.0)
    assert run.drift < 1e-4
    assert abs(run.continuity_share) < 0.01
    return net, run


def test_link_flows_are_the_simulators_within_a_thousandth(case: tuple[Network, SwmmRun]) -> None:
    net, run = case
    ours = pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)
    theirs = run.links["flow_l_s"].reindex(net.links.index)
    assert len(theirs) == len(net.links)
    carrying = ours > 0
    assert carrying.sum() >= 4
    assert (theirs[carrying] / ours[carrying] - 1).abs().max() < 1e-3
    assert theirs[~carrying].abs().max() < 1e-3 * ours.max() or not (~carrying).any()


def test_the_grade_line_is_the_simulators_within_three_hundredths_of_the_diameter(
    case: tuple[Network, SwmmRun],
) -> None:
    net, run = case
    ours = backwater_of(assessed_of(net), flows="mean").links
    gravity = net.links.index[net.links["kind"] == "gravity"]
    apart = (ours["fill"] - run.links["depth_m"] / (net.links["diameter_mm"] / 1000))[gravity].abs()
    assert apart.notna().all()
    assert (apart <= 0.03).mean() >= 0.95


def test_full_flow_capacities_are_the_engines_own_within_half_a_per_cent(case: tuple[Network, SwmmRun]) -> None:
    net, run = case
    pipes = pipes_of(net)
    full = np.ones_like(pipes.diameter_m)
    flow = gravity_flow_l_s(pipes.diameter_m, full, slope=pipes.slope, roughness=pipes.roughness)
    ours = pd.Series(flow, net.links.index).dropna()
    theirs = run.links["full_flow_l_s"].reindex(ours.index)
    assert len(ours) >= 4
    assert theirs.notna().all()
    assert (ours / theirs - 1).abs().max() < 0.005


def test_design_peak_flows_written_as_constant_inflow_come_back_link_by_link() -> None:
    for net in (tree(4, 40, joined="crowns", fill=0.3), pump_chain()):
        ours = pd.Series(flows_of(net).peak(assessed_of(net).peaking)[len(net.nodes) :], net.links.index)
        run = simulated(net, hours=24.0, flows="peak")
        assert (run.links["flow_l_s"] / ours - 1).abs().max() < 1e-3
        filled = backwater_of(assessed_of(net)).links["fill"]
        apart = (filled - run.links["depth_m"] / (net.links["diameter_mm"] / 1000)).dropna().abs()
        assert len(apart) >= 4
        assert (apart <= 0.03).mean() >= 0.95


def test_a_level_given_at_the_plant_backs_water_up_as_in_the_simulator() -> None:
    net = tree(1, 60, joined="inverts")
    levels = {"works": 1.0}
    run = simulated(net, hours=24.0, levels_m=levels)
    ours = backwater_of(assessed_of(net), flows="mean", levels_m=levels).links
    apart = (ours["fill"] - run.links["depth_m"] / (net.links["diameter_mm"] / 1000)).abs()
    assert (apart <= 0.03).mean() >= 0.95
    free = backwater_of(assessed_of(net), flows="mean").links
    assert ours.loc["p000", "fill"] > free.loc["p000", "fill"] + 0.1


def test_a_level_given_in_a_wet_well_backs_water_up_as_in_the_simulator() -> None:
    net = pump_chain()
    levels = {"pump_a": 2.95}
    run = simulated(net, hours=24.0, levels_m=levels)
    ours = backwater_of(assessed_of(net), flows="mean", levels_m=levels).links["fill"]
    theirs = run.links["depth_m"] / (net.links["diameter_mm"] / 1000)
    for pipe in ("a1-a2", "a2-pump_a", "b1-b2", "b2-pump_b"):
        assert ours[pipe] == pytest.approx(theirs[pipe], abs=0.03)
    assert ours["a2-pump_a"] > backwater_of(assessed_of(net), flows="mean").links.loc["a2-pump_a", "fill"] + 0.05


@pytest.mark.parametrize(
    ("joined", "nodes"), [("crowns", ("m027", "m016", "m000")), ("inverts", ("m027", "m016", "m000"))]
)
def test_headroom_found_by_bisection_in_the_simulator_is_ours_within_five_per_cent(
    joined: str, nodes: tuple[str, ...]
) -> None:
    net = tree(5, 28, joined=joined, fill=0.35)
    for node in nodes:
        ours = backwater_headrooms(assessed_of(net), STEADY, [node], flows="mean")[0].headroom_m3_d / 86.4
        assert ours > 1.0
        assert headroom_in_swmm(net, node, ours, hours=8.0) == pytest.approx(ours, rel=0.05)


def test_where_pipes_join_at_inverts_manning_alone_promises_more_than_the_simulator_keeps() -> None:
    net = tree(5, 40, joined="inverts", fill=0.35)
    manning = headroom_of(assessed_of(net), STEADY).table["headroom_m3_d"]
    surface = {
        node: backwater_headrooms(assessed_of(net), STEADY, [node], flows="mean")[0].headroom_m3_d
        for node in net.nodes.index[:40]
    }
    ratio = np.array([manning[node] / room for node, room in surface.items() if room > 0])
    assert len(ratio) >= 30
    assert ratio.max() > 1.2


def test_headroom_below_a_station_counts_the_pipes_beyond_it() -> None:
    net = pump_chain()
    net = rebuilt(
        net, links=net.links.assign(diameter_mm=net.links["diameter_mm"].where(net.links.index != "b1-b2", 500.0))
    )
    ours = backwater_headrooms(assessed_of(net), STEADY, ["a1"], flows="mean")[0]
    assert ours.binding == "b1-b2"
    assert headroom_in_swmm(net, "a1", ours.headroom_m3_d / 86.4, hours=12.0) == pytest.approx(
        ours.headroom_m3_d / 86.4, rel=0.05
    )


def test_a_pressure_main_written_as_a_full_pipe_carries_the_same_flow(tmp_path: Path) -> None:
    net = pump_chain()
    ours = pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)
    run = simulated(net, hours=24.0, mains="force_main")
    assert (run.links["flow_l_s"] / ours - 1).abs().max() < 1e-3


def test_rated_pumps_send_bursts_of_their_rated_discharge_and_the_same_mean() -> None:
    net = pump_chain()
    ours = pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)
    run = simulated(net, hours=72.0, pumps="rated")
    assert run.links.loc["main_b", "flow_l_s"] > 0
    assert run.drift > 0.1
    assert run.links.loc["a1-a2", "flow_l_s"] == pytest.approx(ours["a1-a2"], rel=1e-3)
