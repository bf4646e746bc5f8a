"""Headroom: exact, signed, never optimistic, and explained by the element that binds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.sewers import (
    LOAD,
    Forwards,
    frame,
    link,
    load,
    network,
    norms_without_infiltration,
    plant,
    random_network,
    random_tables,
    station,
)

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, effluent_of, headroom_of
from xingu_geo.sewers.network.network import make_network
from xingu_geo.sewers.network.utilisation import path_of, shares_of_path

FAB = Effluent(domestic_share=0.1, industrial_peaking=1.2)
# A pressure main's limit is easily chosen: the diameter at which π/4·D²·2 m/s is so many L/s.
STEADY = Effluent(domestic_share=0.0, industrial_peaking=1.0)


def main_of(limit_l_s: float) -> dict[str, float | str]:
    diameter_mm = 1000 * np.sqrt(limit_l_s / 1000 / 2 * 4 / np.pi)
    return {"kind": "pressure", "diameter_mm": float(diameter_mm), "velocity_max_m_s": 2.0}


def test_headroom_inverts_the_design_flow():
    # The second hand case backwards: a main that carries exactly 472.492 L/s has room for exactly the fab's 5,300 m³/d.
    exact = 138.8888888889 * 1.8611111111111 + 1.2 * 8000 / 86.4 + 2000 / 86.4 + 5300 / 86.4 * 1.3
    net = network(["a", plant("w")], [link("a", "w", **main_of(exact))], [load("a", 12_000, 8_000)])
    row = headroom_of(assessed_of(net), Effluent(0.0, 1.2)).table.loc["a"]
    assert row["headroom_m3_d"] == pytest.approx(5300, rel=1e-6)
    assert row["binding"] == "a-w"


def test_capacity_less_flow_would_promise_far_too_much():
    net = network(["a", plant("w")], [link("a", "w", **main_of(600))], [load("a", 12_000, 8_000)])
    domestic = headroom_of(assessed_of(net), Effluent(1.0, 1.0)).table.loc["a", "headroom_m3_d"]
    assert (600 - 392.747) * 86.4 / domestic > 1.35


def test_the_diamond_holds_100_and_the_minimum_over_branches_would_say_200():
    # s splits in halves to x and y, both meet in m; the last main carries 100 L/s, each branch 200. The recursion
    # min over branches of room / share sees 100 / 0.5 = 200 on either side; the water meets again, so it is 100.
    halves = {"split_share": 0.5, **main_of(200)}
    net = network(
        ["s", "x", "y", "m", plant("w")],
        [
            link("s", "x", **halves),
            link("s", "y", **halves),
            link("x", "m", **main_of(200)),
            link("y", "m", **main_of(200)),
            link("m", "w", **main_of(100)),
        ],
        norms=norms_without_infiltration(),
    )
    table = headroom_of(assessed_of(net), STEADY).table
    assert table.loc["s", "headroom_m3_d"] == pytest.approx(100 * 86.4)
    assert table.loc["s", "binding"] == "m-w"
    assert shares_of_path(net, "s").to_dict() == pytest.approx(
        {"s": 1, "s-x": 0.5, "s-y": 0.5, "x": 0.5, "y": 0.5, "x-m": 0.5, "y-m": 0.5, "m": 1, "m-w": 1, "w": 1}
    )


def test_a_branch_of_a_split_binds_by_its_share():
    net = network(
        ["s", plant("p"), plant("q")],
        [link("s", "p", split_share=0.8, **main_of(80)), link("s", "q", split_share=0.2, **main_of(50))],
        norms=norms_without_infiltration(),
    )
    row = headroom_of(assessed_of(net), STEADY).table.loc["s"]
    assert row["headroom_m3_d"] == pytest.approx(80 / 0.8 * 86.4)
    assert (row["binding"], row["binding_2"]) == ("s-p", "s-q")
    assert row["headroom_2_m3_d"] == pytest.approx(50 / 0.2 * 86.4)


def test_the_next_two_to_bind_are_named_in_order():
    limits = {"a": 300.0, "b": 100.0, "c": 200.0, "d": 400.0}
    names = list(limits)
    links = [link(a, b, **main_of(limits[a])) for a, b in zip(names, [*names[1:], "w"], strict=True)]
    net = network([*names, plant("w")], links, norms=norms_without_infiltration())
    row = headroom_of(assessed_of(net), STEADY).table.loc["a"]
    assert [row["binding"], row["binding_2"], row["binding_3"]] == ["b-c", "c-d", "a-b"]
    rooms = [row["headroom_m3_d"], row["headroom_2_m3_d"], row["headroom_3_m3_d"]]
    assert rooms == pytest.approx([100 * 86.4, 200 * 86.4, 300 * 86.4])


def test_of_equal_elements_the_first_on_the_waters_way_binds():
    net = network(["b", "a", plant("w")], [link("b", "a", **main_of(100)), link("a", "w", **main_of(100))])
    assert headroom_of(assessed_of(net), STEADY).table.loc["b", "binding"] == "b-a"


def test_a_deficit_stays_negative_and_visible():
    # 100 L/s of steady industry in a main of 80: 20 L/s too much, at every node above it.
    net = network(
        ["a", "b", plant("w")],
        [link("a", "b", **main_of(500)), link("b", "w", **main_of(80))],
        [load("b", 0, 8640, industrial_peaking=1.0)],
        norms=norms_without_infiltration(),
    )
    table = headroom_of(assessed_of(net), STEADY).table
    assert table.loc["a", "headroom_m3_d"] == pytest.approx(-20 * 86.4)
    assert table.loc["a", "binding"] == "b-w"


def test_a_plant_is_held_to_mean_flow_and_the_infiltration_that_comes_along():
    # 11,000 m³/d of design, nothing there yet: 10,000 of discharge bring 1,000 of infiltration.
    net = network(["a", plant("w", 11_000)], [link("a", "w", **main_of(1e4))])
    row = headroom_of(assessed_of(net), Effluent(0.5, 2.0)).table.loc["a"]
    assert row["headroom_m3_d"] == pytest.approx(10_000)
    assert row["binding"] == "w"


def test_a_station_is_held_to_its_duty_pumps():
    net = network([station("s", 50, duty=2, standby=1), plant("w")], [link("s", "w", **main_of(1e4))])
    row = headroom_of(assessed_of(net), Effluent(0.0, 1.0)).table.loc["s"]
    assert row["headroom_m3_d"] == pytest.approx(100 * 86.4 / 1.1)
    assert row["binding"] == "s"


def test_an_unknown_element_makes_the_way_unknown_and_names_itself():
    net = network(["a", "b", plant("w")], [link("a", "b", diameter_mm=None), link("b", "w")])
    table = headroom_of(assessed_of(net), FAB).table
    assert np.isnan(table.loc["a", "headroom_m3_d"])
    assert table.loc["a", "binding"] == "a-b"
    assert table.loc["b", "headroom_m3_d"] > 0


def test_a_way_that_leads_nowhere_has_no_headroom():
    net = network(["a", "b", plant("w"), "c"], [link("a", "b"), link("c", "w")])
    table = headroom_of(assessed_of(net), FAB).table
    assert np.isnan(table.loc["a", "headroom_m3_d"])
    assert table.loc["a", "binding"] == "b"
    assert table.loc["c", "headroom_m3_d"] > 0


def test_where_nothing_limits_headroom_is_infinite_and_nothing_binds():
    net = network([{"id": "o", "kind": "outfall"}], [])
    row = headroom_of(assessed_of(net), FAB).table.loc["o"]
    assert np.isposinf(row["headroom_m3_d"])
    assert row["binding"] == ""


@given(
    seed=st.integers(0, 10_000),
    splits=st.sampled_from([0.0, 0.5]),
    share=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    peaking=st.sampled_from([1.0, 1.2, 1.8]),
    size=st.sampled_from([30.0, 300.0, 2000.0]),
)
@settings(deadline=None, max_examples=25)
def test_exactly_the_headroom_fits_and_one_cubic_metre_a_day_more_does_not(seed, splits, share, peaking, size):
    net = random_network(seed, 30, splits=splits, load_m3_d=size)
    head = headroom_of(assessed_of(net), Effluent(share, peaking)).table
    forwards = Forwards(net)
    for node, row in head.iterrows():
        way = set(path_of(net, node))
        if row["headroom_m3_d"] < 0:
            assert forwards.over() & way, "a deficit needs an overloaded element"
            continue
        assert not forwards.over(node, row["headroom_m3_d"], share, peaking) & way
        assert row["binding"] in forwards.over(node, row["headroom_m3_d"] + 1, share, peaking)


@given(seed=st.integers(0, 10_000), splits=st.sampled_from([0.0, 0.4]), where=st.integers(1, 39))
@settings(deadline=None, max_examples=30)
def test_a_load_never_makes_headroom_grow_anywhere(seed, splits, where):
    net = random_network(seed, 40, splits=splits)
    more = net.with_loads(frame([load(f"v{where:06d}", 700, 300, name="new", state="committed")], LOAD))
    before, after = (headroom_of(assessed_of(n), FAB).table["headroom_m3_d"] for n in (net, more))
    assert (after <= before + 1e-9 * before.abs()).all()


@pytest.mark.parametrize("splits", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_headroom_equals_the_least_over_the_dense_matrix_of_shares(seed, splits):
    net = make_network(*random_tables(seed, 50, splits=splits), norms=planner.norms())
    head = headroom_of(assessed_of(net), FAB)
    t = net.topology
    step = np.zeros((t.nodes, t.nodes))
    np.add.at(step, (t.start, t.end), t.share)
    # part[v, u]: the part of u's water that passes v; of a link, its share of what passes its start.
    part = np.linalg.inv(np.eye(t.nodes) - step.T)
    passes = np.vstack((part, t.share[:, None] * part[t.start]))
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(passes > 1e-12, head.by_element.to_numpy()[:, None] / passes, np.inf)
    np.testing.assert_allclose(head.table["headroom_m3_d"], room.min(axis=0), rtol=1e-9)
    np.testing.assert_allclose(head.table["headroom_3_m3_d"], np.sort(room, axis=0)[2], rtol=1e-9)


def test_names_and_row_order_do_not_change_headroom():
    nodes, links, loads = random_tables(11, 60, splits=0.3)
    one = headroom_of(assessed_of(make_network(nodes, links, loads, norms=planner.norms())), FAB).table
    two = headroom_of(
        assessed_of(make_network(nodes[::-1], links[::-1], loads[::-1], norms=planner.norms())), FAB
    ).table
    pd.testing.assert_frame_equal(one, two)
    new = {name: f"z{999 - i}" for i, name in enumerate(nodes.index)}
    ends = {"from_node": new, "to_node": new}
    renamed = make_network(
        nodes.rename(index=new), links.replace(ends), loads.replace({"node": new}), norms=planner.norms()
    )
    three = headroom_of(assessed_of(renamed), FAB).table["headroom_m3_d"]
    np.testing.assert_allclose(three.reindex(list(new.values())), one["headroom_m3_d"].reindex(list(new)), rtol=1e-9)


def test_the_digest_names_network_and_effluent():
    net = random_network(1, 20)
    digests = {
        headroom_of(assessed_of(net), Effluent(0.1, 1.2)).digest,
        headroom_of(assessed_of(net), Effluent(0.2, 1.2)).digest,
    }
    digests.add(headroom_of(assessed_of(random_network(2, 20)), Effluent(0.1, 1.2)).digest)
    assert len(digests) == 3


@pytest.mark.parametrize(("share", "peaking"), [(-0.1, 1.2), (1.1, 1.2), (float("nan"), 1.2), (0.5, 0.9)])
def test_an_effluent_that_cannot_be_is_refused(share, peaking):
    with pytest.raises(XinguError) as refusal:
        Effluent(share, peaking)
    assert refusal.value.code == "effluent_wrong"


def test_an_effluent_takes_what_its_project_says_and_the_norms_for_the_rest():
    norms = planner.norms()
    brief = Brief("p", None, 1.0, "typical", {"domestic_share": 0.3}, {})  # type: ignore[arg-type]
    assert effluent_of(brief, norms) == Effluent(0.3, norms.industrial_peaking.value)


def test_a_path_names_nodes_and_links_in_flow_order():
    net = network(["a", "b", plant("w")], [link("a", "b"), link("b", "w")])
    assert path_of(net, "a") == ("a", "a-b", "b", "b-w", "w")
    with pytest.raises(XinguError) as refusal:
        path_of(net, "x")
    assert refusal.value.code == "sewer_node_unknown"
