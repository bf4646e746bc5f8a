"""The drawn sewers: a tree to two plants, laid as GB 50014-2021 asks, tuned so that a fab fits here and not there."""

from __future__ import annotations

import math

import networkx as nx
import pytest
from kit import tables as planner
from kit.shipped import frame, shipped

from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, Headroom, headroom_of
from xingu_geo.sewers.network.network import Network, network_of, rebuilt
from xingu_geo.sewers.network.tie_in import site_headroom

FAB_M3_D = 5_300.0


@pytest.fixture(scope="module")
def present() -> Network:
    network = network_of(shipped(), norms=planner.norms())
    return rebuilt(network, loads=network.loads[network.loads["state"] == "existing"])


@pytest.fixture(scope="module")
def headroom(present: Network) -> Headroom:
    return headroom_of(assessed_of(present), Effluent(domestic_share=0.05, industrial_peaking=1.2))


def test_every_node_drains_to_one_of_the_two_plants() -> None:
    nodes, links = frame("sewer_nodes"), frame("sewer_links")
    graph = nx.DiGraph(zip(links["from_node"], links["to_node"], strict=True))
    assert set(graph) == set(nodes.index)
    assert nx.is_directed_acyclic_graph(graph)
    assert {node for node in graph if graph.out_degree(node) == 0} == {"WWTP-LJ", "WWTP-QG"}
    assert all(graph.out_degree(node) == 1 for node in graph if not node.startswith("WWTP"))


def test_each_town_goes_where_the_brief_says() -> None:
    nodes, links = frame("sewer_nodes"), frame("sewer_links")
    below = dict(zip(links["from_node"], links["to_node"], strict=True))

    def plant(node: str) -> str:
        return node if node not in below else plant(below[node])

    ends = {town: {plant(node) for node in nodes.index[nodes["town"] == town]} for town in nodes["town"].unique()}
    east = {town: {"WWTP-LJ"} for town in ("河庄", "义蓬", "新湾", "前进", "临江")}
    assert ends == {"下沙": {"WWTP-QG"}, "白杨": {"WWTP-QG"}, **east}
    stations = nodes[nodes["kind"] == "station"]
    assert set(stations["town"]) == set(ends)


def test_the_two_plants_have_their_published_capacities() -> None:
    nodes = frame("sewer_nodes")
    assert nodes.loc["WWTP-LJ", "capacity_m3_d"] == 300_000
    assert nodes.loc["WWTP-QG", "capacity_m3_d"] == 1_500_000
    assert "主城区" in nodes.loc["WWTP-QG", "shared_with_zh"]
    assert nodes.loc[~nodes.index.str.startswith("WWTP"), "capacity_m3_d"].isna().all()


def test_links_start_and_end_at_their_nodes_and_measure_their_length() -> None:
    nodes, links = frame("sewer_nodes").geometry, frame("sewer_links")
    assert 80 <= len(links) <= 260
    for name, link in links.iterrows():
        start, end = nodes[link["from_node"]], nodes[link["to_node"]]
        assert start.distance(link.geometry.boundary.geoms[0]) < 0.05, name
        assert end.distance(link.geometry.boundary.geoms[1]) < 0.05, name
        assert link["length_m"] == pytest.approx(link.geometry.length, abs=0.2)


def test_gravity_pipes_fall_fast_enough_under_enough_cover() -> None:
    nodes, links = frame("sewer_nodes"), frame("sewer_links")
    pipes = links[links["kind"] == "gravity"]
    fill = {300: 0.55, 400: 0.65, 500: 0.70, 600: 0.70, 800: 0.70, 1000: 0.75, 1200: 0.75, 1400: 0.75, 1500: 0.75}
    assert len(pipes) > 80
    for name, pipe in pipes.iterrows():
        slope = (pipe["invert_from_m"] - pipe["invert_to_m"]) / pipe["length_m"]
        d = pipe["diameter_mm"] / 1000
        theta = 2 * math.acos(1 - 2 * fill[int(pipe["diameter_mm"])])
        radius = d / 4 * (theta - math.sin(theta)) / theta
        assert radius ** (2 / 3) * math.sqrt(slope) / 0.013 >= 0.6, name  # 5.2.7, Manning
        for end in ("from", "to"):
            cover = nodes.loc[pipe[f"{end}_node"], "ground_m"] - pipe[f"invert_{end}_m"] - d
            assert 0.7 <= cover < 9.0, name


def test_crowns_never_step_up_and_pipes_never_shrink_downstream() -> None:
    links = frame("sewer_links")
    pipes = links[links["kind"] == "gravity"]
    below = pipes.set_index("from_node")
    steps = 0
    for name, pipe in pipes.iterrows():
        if pipe["to_node"] not in below.index:
            continue
        next_pipe = below.loc[pipe["to_node"]]
        steps += 1
        assert next_pipe["diameter_mm"] >= pipe["diameter_mm"], name
        crown = pipe["invert_to_m"] + pipe["diameter_mm"] / 1000
        assert next_pipe["invert_from_m"] + next_pipe["diameter_mm"] / 1000 <= crown + 0.002, name
    assert steps > 60


def test_pressure_mains_run_between_0_7_and_2_metres_a_second_and_pumps_have_a_standby() -> None:
    nodes, links = frame("sewer_nodes"), frame("sewer_links")
    mains = links[links["kind"] == "pressure"]
    assert len(mains) == (nodes["kind"] == "station").sum() == 8
    for name, main in mains.iterrows():
        station = nodes.loc[main["from_node"]]
        firm_m3_s = station["pump_duty"] * station["pump_rated_l_s"] / 1000
        assert 0.7 <= firm_m3_s / (math.pi * (main["diameter_mm"] / 1000) ** 2 / 4) <= 2.0, name
        assert 2 <= station["pump_duty"] <= 4
        assert station["pump_standby"] == 1  # 6.4.1: one standby for up to four duty pumps


def test_loads_are_named_dated_and_explained() -> None:
    loads, nodes = frame("sewer_loads"), frame("sewer_nodes")
    assert set(loads["node"]) <= set(nodes.index)
    assert set(loads.loc[loads["state"] == "existing", "year"]) == {2026}
    assert set(loads.loc[loads["state"] == "committed", "year"]) == {2027, 2030}
    assert (loads[["domestic_m3_d", "industrial_m3_d"]] >= 0).all().all()
    assert loads["source_zh"].str.contains("示意").all()
    jianghai = loads[loads["source_zh"].str.contains("江海之城")]
    assert jianghai["domestic_m3_d"].sum() == pytest.approx(271_800 * 0.2)  # 54,360 m3/d


def test_a_twelve_inch_fab_fits_some_parcels_and_not_others(present: Network, headroom: Headroom) -> None:
    sites = sites_of(shipped())
    table = site_headroom(sites, present, headroom).table.join(sites.table[["land_use_code", "status", "area_m2"]])
    fab = table[
        table["land_use_code"].str.startswith("1001")
        & table["status"].isin(["vacant", "low_efficiency"])
        & (table["area_m2"] >= 85_600)
    ]
    fits = fab["headroom_m3_d"] >= FAB_M3_D
    assert fits.sum() >= 30
    assert (~fits).sum() >= 30
    core = fab[fab.index.str.startswith("HZ")]
    assert 0.2 < (core["headroom_m3_d"] >= FAB_M3_D).mean() < 0.8
    assert fab.loc[fab.index.str.startswith("QJ"), "headroom_m3_d"].min() > 2 * FAB_M3_D
    assert fab["binding"].nunique() >= 6


def test_one_trunk_is_over_full_and_stays_a_deficit(headroom: Headroom) -> None:
    over = headroom.table[headroom.table["headroom_m3_d"] < 0]
    assert len(over) >= 5
    assert set(over.index.str[:3]) == {"HZW"}


def test_most_parcels_are_near_a_sewer_and_one_quarter_is_unsewered(present: Network, headroom: Headroom) -> None:
    table = site_headroom(sites_of(shipped()), present, headroom, reach_m=800).table
    sewered = table["state"] == "sewered"
    assert 0.8 < sewered.mean() < 0.97
    assert table[~sewered].index.str[:2].isin(["XW", "YP"]).sum() > 40


def test_every_trunk_has_the_headroom_it_was_tuned_to(headroom: Headroom) -> None:
    # The figures of catchments.py, written out; drawn levels are rounded to 0.1 mm, loads to 10 m3/d.
    tuned = {
        "XSW": 6300, "XSN": 3600, "BYS": 5900, "BYN": 4600, "HZW": -1200, "HZC": 3400, "HZE": 6100, "HZJ": 4200,
        "YPJ": 3900, "YPT": 2600, "XWT": 4900, "QJT": 15000, "LJT": 4600,
    }  # fmt: skip
    table = headroom.table["headroom_m3_d"]
    least = {key: table[table.index.str.startswith(f"{key}-")].min() for key in tuned}
    assert least == pytest.approx(tuned, rel=0.025)
