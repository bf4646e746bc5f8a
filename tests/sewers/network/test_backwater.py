"""The grade-line pass and the headroom it leaves."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from kit.sewers import chain, link, load, network, norms_without_infiltration, plant
from kit.swmm import pump_chain, split_town, tree

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import backwater_headrooms, backwater_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import Network, rebuilt

STEADY = Effluent(domestic_share=0.0, industrial_peaking=1.0)
MIXED = Effluent(domestic_share=0.3, industrial_peaking=1.3)


def _drowned_branch(*, far_m3_d: float = 35000.0, yard_m3_d: float = 500.0) -> Network:
    """A 300 mm branch that joins the invert of a deep 1000 mm trunk."""
    nodes = [
        {"id": "yard", "invert_m": 1.5, "ground_m": 6.0},
        {"id": "far", "invert_m": 1.1, "ground_m": 6.0},
        {"id": "join", "invert_m": 1.0, "ground_m": 6.0},
        plant("works", invert_m=0.0),
    ]
    links = [
        link("yard", "join", "branch", diameter_mm=300.0, length_m=100.0, invert_from_m=1.5, invert_to_m=1.0),
        link("far", "join", "trunk_1", diameter_mm=1000.0, length_m=100.0, invert_from_m=1.1, invert_to_m=1.0),
        link("join", "works", "trunk_2", diameter_mm=1000.0, length_m=500.0, invert_from_m=1.0, invert_to_m=0.5),
    ]
    loads = [load("yard", 0.0, yard_m3_d), load("far", 0.0, far_m3_d)]
    return network(nodes, links, loads, norms=norms_without_infiltration())


def test_a_branch_drowned_by_its_trunk_is_told_from_one_that_is_too_small() -> None:
    table = backwater_of(assessed_of(_drowned_branch()), flows="mean").links
    assert table.loc["branch", "state"] == "backwater"
    assert table.loc["branch", "normal_fill"] < table.loc["branch", "fill_limit"]
    assert 0 < table.loc["branch", "drowned_m"] <= 100.0
    assert (
        backwater_of(assessed_of(_drowned_branch(yard_m3_d=9000.0)), flows="mean").links.loc["branch", "state"]
        == "over"
    )


def test_a_pipe_deep_only_at_its_lower_end_says_so() -> None:
    table = backwater_of(assessed_of(_drowned_branch(far_m3_d=6000.0)), flows="mean").links
    assert 0.55 * 0.3 < table.loc["branch", "lower_depth_m"] < 0.3
    assert table.loc["branch", "state"] == "end_drowned"


def test_the_drowned_length_is_where_the_surface_meets_the_limit() -> None:
    # still water at 0.4 m above the lower invert of a 1000 mm pipe falling 0.1 m, limit 0.75 m: nothing drowned;
    # at 0.8 m the surface stands 0.8 m deep below and 0.7 m above, so 0.75 m is met half-way: 50 of 100 m
    net = chain(1, domestic_m3_d=0.0, length_m=100.0, invert_from_m=1.1, invert_to_m=1.0)
    assert backwater_of(assessed_of(net), levels_m={"works": 1.4}).links.loc["n0-works", "drowned_m"] == 0.0
    assert backwater_of(assessed_of(net), levels_m={"works": 1.8}).links.loc["n0-works", "drowned_m"] == pytest.approx(
        50.0, abs=0.01
    )


def test_a_station_resets_the_level() -> None:
    net = pump_chain()
    free, flooded = backwater_of(assessed_of(net)), backwater_of(assessed_of(net), levels_m={"works": 11.0})
    pd.testing.assert_frame_equal(free.links, flooded.links)
    assert backwater_of(assessed_of(net), levels_m={"pump_b": 6.5}).nodes.loc["b1", "level_m"] >= 6.5
    assert math.isnan(free.links.loc["main_a", "fill"])
    assert free.links.loc["main_a", "state"] == ""


def test_what_is_unknown_makes_unknown_everything_above_it_and_nothing_beside() -> None:
    net = _drowned_branch()
    links = net.links.assign(diameter_mm=[300.0, np.nan, 1000.0])
    table = backwater_of(assessed_of(rebuilt(net, links=links))).links
    assert table["fill"].isna().to_dict() == {"branch": False, "trunk_1": True, "trunk_2": False}
    links = net.links.assign(diameter_mm=[300.0, 1000.0, np.nan])
    unknown = rebuilt(net, links=links)
    assert backwater_of(assessed_of(unknown)).links["fill"].isna().all()
    assert math.isnan(backwater_headrooms(assessed_of(unknown), STEADY, ["yard"])[0].headroom_m3_d)


def test_a_relief_pipe_under_water_is_said_to_spill() -> None:
    assert backwater_of(assessed_of(split_town()), flows="mean").links.loc["relief", "state"] == "ok"
    assert (
        backwater_of(assessed_of(split_town(relief_invert_m=2.05)), flows="mean").links.loc["relief", "state"]
        == "spills"
    )


def test_the_order_of_rows_changes_nothing() -> None:
    net = tree(7, 25, joined="inverts")
    mixed = rebuilt(net, nodes=net.nodes.sample(frac=1, random_state=1), links=net.links.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(backwater_of(assessed_of(net)).links, backwater_of(assessed_of(mixed)).links)


@pytest.mark.parametrize("effluent", [STEADY, MIXED])
@pytest.mark.parametrize("flows", ["mean", "peak"])
def test_exactly_the_headroom_fits_and_a_little_more_does_not(effluent: Effluent, flows: str) -> None:
    net = tree(8, 25, joined="inverts", fill=0.25)
    asked = 0
    for node in ("m024", "m015", "m000"):
        found = backwater_headrooms(assessed_of(net), effluent, [node], flows=flows)[0]  # type: ignore[arg-type]
        for factor, fits in ((0.999, True), (1.001, False)):
            more = net.with_loads(_placed(node, found.headroom_m3_d * factor, effluent))
            table = backwater_of(assessed_of(more), flows=flows).links  # type: ignore[arg-type]
            way = _way(net, node)
            asked += 1
            assert bool((table["fill"] <= table["fill_limit"] + 1e-9)[way].all()) == fits
            if not fits:
                worst = (table["fill"] - table["fill_limit"])[way].idxmax()
                assert worst == found.binding
    assert asked == 6


def test_on_crown_joined_pipes_falling_free_the_grade_line_and_manning_nearly_agree() -> None:
    # A pipe that falls free at its lower end stands a little lower than uniform flow, so a little more fits.
    net = chain(1, domestic_m3_d=1000.0, length_m=800.0, invert_from_m=2.0, invert_to_m=1.2)
    manning = headroom_of(assessed_of(net), MIXED).table.loc["n0", "headroom_m3_d"]
    surface = backwater_headrooms(assessed_of(net), MIXED, ["n0"])[0].headroom_m3_d
    assert manning < surface < 1.25 * manning


def test_a_deficit_is_negative_and_its_removal_is_what_makes_the_pipe_fit() -> None:
    net = _drowned_branch(far_m3_d=6000.0, yard_m3_d=9000.0)
    found = backwater_headrooms(assessed_of(net), STEADY, ["yard"], flows="mean")[0]
    assert found.headroom_m3_d < 0
    assert found.binding == "branch"
    left = 9000.0 + found.headroom_m3_d
    for flow, state in ((left * 0.999, True), (left * 1.001, False)):
        less = _drowned_branch(far_m3_d=6000.0, yard_m3_d=flow)
        table = backwater_of(assessed_of(less), flows="mean").links.loc["branch"]
        assert (table["fill"] <= table["fill_limit"] + 1e-9) == state


def test_a_pipe_under_a_high_level_at_the_plant_has_no_headroom_at_any_flow() -> None:
    found = backwater_headrooms(assessed_of(chain(2)), STEADY, ["n0"], levels_m={"works": 9.0})[0]
    assert found.headroom_m3_d == -math.inf
    assert found.binding != ""


def test_where_no_gravity_pipe_lies_on_the_way_nothing_binds() -> None:
    net = pump_chain()
    found = backwater_headrooms(assessed_of(net), STEADY, ["pump_b"])[0]
    assert found.headroom_m3_d == math.inf
    assert found.binding == ""


def test_several_nodes_asked_together_answer_as_each_alone() -> None:
    net = tree(8, 25, joined="inverts", fill=0.25)
    nodes = ["m024", "m003", "m024"]
    assert backwater_headrooms(assessed_of(net), MIXED, nodes) == [
        backwater_headrooms(assessed_of(net), MIXED, [node])[0] for node in nodes
    ]


def test_an_unknown_node_is_named() -> None:
    with pytest.raises(XinguError, match="nowhere"):
        backwater_headrooms(assessed_of(chain(2)), STEADY, ["nowhere"])[0]


def _placed(node: str, mean_m3_d: float, effluent: Effluent) -> pd.DataFrame:
    domestic = effluent.domestic_share * mean_m3_d
    row = {
        "node": node,
        "state": "reserved",
        "domestic_m3_d": domestic,
        "industrial_m3_d": mean_m3_d - domestic,
        "industrial_peaking": effluent.industrial_peaking,
    }
    return pd.DataFrame([row], index=["project"])


def _way(net: Network, node: str) -> list[str]:
    onward = net.links.reset_index(names="link").set_index("from_node")
    way = []
    while node in onward.index:
        way.append(str(onward.loc[node, "link"]))
        node = str(onward.loc[node, "to_node"])
    return way


def test_the_water_surface_of_an_assessed_network_is_drawn_once_however_many_ask() -> None:
    assessed = assessed_of(_drowned_branch())
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: backwater_of(assessed), range(32)))
    assert all(one is drawn[0] for one in drawn)
    assert backwater_of(assessed, flows="mean") is not drawn[0]
    # A level that is given is a question of its own, not a property of the network.
    assert backwater_of(assessed, levels_m={"works": 9.0}) is not drawn[0]
