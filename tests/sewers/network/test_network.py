"""The carrier: what it holds, what it refuses, and that order does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from kit import tables as planner
from kit.sewers import LINK, LOAD, NODE, chain, frame, link, load, network, plant, random_tables, station

from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.sewers.network.network import make_network, rebuilt
from xingu_geo.sewers.network.topology import accumulate, downstream, upstream


def test_a_network_holds_sorted_frames_with_every_column():
    net = network(["b", "a", plant("works")], [link("b", "a"), link("a", "works")], [load("b", 10)])
    assert list(net.nodes.index) == ["a", "b", "works"]
    assert list(net.elements) == ["a", "b", "works", "a-works", "b-a"]
    assert np.isnan(net.nodes.at["a", "capacity_m3_d"])
    assert net.nodes.at["a", "name_zh"] == ""
    assert net.topology.circling == ()


def test_row_order_does_not_change_the_digest():
    nodes, links, loads = random_tables(7, 40)
    one = make_network(nodes, links, loads, norms=planner.norms())
    two = make_network(nodes[::-1], links.sample(frac=1, random_state=1), loads[::-1], norms=planner.norms())
    assert one.digest == two.digest


def test_every_figure_changes_the_digest():
    net = chain()
    links = net.links.copy()
    links.loc["n0-n1", "diameter_mm"] = 999.0
    assert rebuilt(net, links=links).digest != net.digest
    assert rebuilt(net, norms=net.norms.with_edition("2006")).digest != net.digest


@pytest.mark.parametrize(
    ("nodes", "links", "loads", "code"),
    [
        (["a", "a"], [], [], "sewer_id_doubled"),
        (["a", "b"], [link("a", "b", "a")], [], "sewer_id_doubled"),
        (["a"], [link("a", "nowhere")], [], "sewer_end_unknown"),
        ([{"id": "a", "kind": "pond"}], [], [], "sewer_kind_unknown"),
        (["a", "b"], [link("a", "b", kind="canal")], [], "sewer_kind_unknown"),
        (["a"], [], [load("b", 1)], "sewer_load_wrong"),
        (["a"], [], [load("a", -1)], "sewer_load_wrong"),
        (["a"], [], [load("a", float("nan"))], "sewer_load_wrong"),
        (["a"], [], [load("a", 1, state="planned")], "sewer_load_wrong"),
        (["a"], [], [load("a", 0, 1, industrial_peaking=0.9)], "sewer_load_wrong"),
        (["a", "b", "c"], [link("a", "b", split_share=0.5), link("a", "c")], [], "sewer_split_partial"),
        (["a", "b"], [link("a", "b", split_share=0.9)], [], "sewer_split_sum"),
        (["a", "b", "c"], [link("a", "b", split_share=1.5), link("a", "c", split_share=-0.5)], [], "sewer_split_sum"),
        (["a", "b"], [link("a", "b"), link("b", "a")], [], "sewer_cycle"),
        (["a"], [link("a", "a")], [], "sewer_cycle"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_one_sentence(nodes, links, loads, code):
    with pytest.raises(XinguError) as refusal:
        network(nodes, links, loads)
    assert refusal.value.code == code
    assert refusal.value.sentence("zh") != refusal.value.sentence("en")


def test_all_complaints_come_together():
    with pytest.raises(Complaints) as refusal:
        network(["a"], [link("a", "x"), link("y", "a")], [load("z", 1)])
    assert [complaint.code for complaint in refusal.value.complaints] == [
        "sewer_end_unknown",
        "sewer_end_unknown",
        "sewer_load_wrong",
    ]


def test_a_cycle_is_named_by_its_nodes_and_only_by_them():
    links = [link("in", "a"), link("a", "b"), link("b", "c"), link("c", "a"), link("c", "out", split_share=None)]
    with pytest.raises(XinguError) as refusal:
        network(["in", "a", "b", "c", "out"], [*links[:3], {**links[3], "invert_from_m": 0.5}, links[4]])
    assert refusal.value.facts["nodes"] == "a ↔ b ↔ c"


def test_dry_weather_flow_takes_the_lowest_outlet_and_a_dry_relief_pipe_closes_no_cycle():
    # b's relief pipe back to a lies higher: it stays dry, so there is no cycle.
    relief = link("b", "a", invert_from_m=5.0)
    net = network(["a", "b", plant("works")], [link("a", "b"), link("b", "works"), relief], [load("a", 100)])
    assert dict(zip(net.links.index, net.topology.share, strict=True)) == {"a-b": 1.0, "b-a": 0.0, "b-works": 1.0}


def test_equal_inverts_go_to_the_first_id():
    net = network(["a", plant("p"), plant("q")], [link("a", "q"), link("a", "p")])
    assert dict(zip(net.links.index, net.topology.share, strict=True)) == {"a-p": 1.0, "a-q": 0.0}


@pytest.mark.parametrize("seed", range(8))
def test_accumulated_flow_equals_the_dense_matrix_solution(seed):
    nodes, links, loads = random_tables(seed, 80, splits=0.4)
    net = make_network(nodes, links, loads, norms=planner.norms())
    t = net.topology
    rng = np.random.default_rng(seed)
    enters = rng.uniform(0, 10, size=(3, t.nodes))
    # Independent oracle: x = b + Sᵀx, so x = (I − Sᵀ)⁻¹ b with S[u, v] the share of u's water that goes to v.
    share = np.zeros((t.nodes, t.nodes))
    np.add.at(share, (t.start, t.end), t.share)
    expected = np.linalg.solve(np.eye(t.nodes) - share.T, enters.T).T
    np.testing.assert_allclose(accumulate(t, enters), expected, rtol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_a_unit_flow_is_conserved_on_its_way_down(seed):
    nodes, links, loads = random_tables(seed, 60, splits=0.5)
    t = make_network(nodes, links, loads, norms=planner.norms()).topology
    for node in range(t.nodes):
        reached = [(element, part) for element, part in downstream(t, node) if element < t.nodes]
        ends = sum(part for at, part in reached if t.leaving(at).size == 0)
        assert ends == pytest.approx(1.0, abs=1e-12)
        assert all(node in upstream(t, at) for at, _ in reached)


def test_what_enters_a_node_leaves_it():
    nodes, links, loads = random_tables(3, 70, splits=0.5)
    t = make_network(nodes, links, loads, norms=planner.norms()).topology
    enters = np.random.default_rng(0).uniform(0, 5, size=(1, t.nodes))
    passing = accumulate(t, enters)[0]
    carried = t.share * passing[t.start]
    arriving = np.bincount(t.end, carried, minlength=t.nodes)
    np.testing.assert_allclose(arriving + enters[0], passing, rtol=1e-12)
    leaving = np.bincount(t.start, carried, minlength=t.nodes)
    inner = t.outlets > 0
    np.testing.assert_allclose(leaving[inner], passing[inner], rtol=1e-12)


def test_a_frame_is_not_changed_by_being_used():
    nodes, links, loads = frame([{"id": "a"}, plant("w")], NODE), frame([link("a", "w")], LINK), frame([], LOAD)
    before = (nodes.copy(), links.copy())
    make_network(nodes, links, loads, norms=planner.norms())
    assert nodes.equals(before[0])
    assert links.equals(before[1])


def test_more_loads_make_a_new_network():
    net = chain()
    more = net.with_loads(frame([load("n1", 5, name="new", state="reserved")], LOAD))
    assert len(more.loads) == len(net.loads) + 1
    with pytest.raises(XinguError) as refusal:
        more.with_loads(frame([load("n1", 5, name="new")], LOAD))
    assert refusal.value.code == "sewer_id_doubled"


def test_a_station_is_written_in_a_line():
    net = network([station("s", 100, 2), plant("w")], [link("s", "w", kind="pressure")])
    assert net.nodes.at["s", "pump_duty"] == 2
