"""Mean flows down the network and the peaks they make; the hand cases of the design-flow method."""

from __future__ import annotations

import numpy as np
import pytest
from kit import tables as planner
from kit.sewers import link, load, network, norms_without_infiltration, plant, random_tables

from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.flows import flows_of, loads_by_node
from xingu_geo.sewers.network.network import make_network
from xingu_geo.sewers.network.utilisation import utilisation_of

# 12,000 m³/d domestic is 138.889 L/s, K = 1.861111; 8,000 m³/d industry 92.593 L/s, K' 1.2; infiltration a tenth,
# 23.148 L/s: 138.889·1.861111 + 1.2·92.593 + 23.148 = 258.488 + 111.111 + 23.148 = 392.747 L/s.
HAND = [load("a", 12_000, 8_000)]
# A 12-inch fab adds 5,300 m³/d = 61.343 L/s: 61.343·(1.2 + 0.1) = 79.745, so 472.492 L/s.
FAB = load("a", 0, 5_300, name="fab")


def pipe_under(loads, **facts):
    net = network(["a", plant("w", 1e6)], [link("a", "w", length_m=1000.0, **facts)], loads)
    return utilisation_of(assessed_of(net)).loc["a-w"]


def test_the_first_hand_case_is_392_747_l_s():
    assert pipe_under(HAND)["peak_l_s"] == pytest.approx(392.747, abs=5e-4)


def test_the_second_hand_case_is_472_492_l_s():
    assert pipe_under([*HAND, FAB])["peak_l_s"] == pytest.approx(472.492, abs=5e-4)


def test_the_hand_cases_overload_dn800_and_fit_dn1000():
    dn800 = {"diameter_mm": 800.0, "invert_from_m": 1.8, "invert_to_m": 1.0}
    dn1000 = {"diameter_mm": 1000.0, "invert_from_m": 1.6, "invert_to_m": 1.0}
    assert pipe_under(HAND, **dn800)["state"] == "over"  # 392.747 of 313.1
    assert pipe_under(HAND, **dn1000)["utilisation"] == pytest.approx(0.73, abs=5e-3)
    assert pipe_under([*HAND, FAB], **dn1000)["utilisation"] == pytest.approx(0.88, abs=5e-3)


def test_k_on_the_whole_flow_is_not_what_we_compute():
    # Trap A: K taken at and applied to 231.481 L/s gives 411.808; K belongs to the domestic part alone.
    total = 20_000 / 86.4
    trap = (1.8 - 0.2 * (total - 200) / 300) * total
    assert trap == pytest.approx(411.808, abs=5e-4)
    assert abs(pipe_under(HAND)["peak_l_s"] - trap) > 19


def test_peaks_are_not_added_where_two_sewers_meet():
    # Trap B: 6,000 m³/d = 69.444 L/s, K 2.001852, peak 139.018, twice 278.035. The sum, 138.889 L/s, peaks at 258.488.
    net = network(
        ["a", "b", "c", plant("w", 1e6)],
        [link("a", "c"), link("b", "c"), link("c", "w")],
        [load("a", 6_000), load("b", 6_000)],
        norms=norms_without_infiltration(),
    )
    peak = utilisation_of(assessed_of(net))["peak_l_s"]
    assert peak["a-c"] + peak["b-c"] == pytest.approx(278.035, abs=5e-4)
    assert peak["c-w"] == pytest.approx(258.488, abs=5e-4)


def test_each_industrys_own_k_prime_travels_with_its_water():
    # 864 m³/d at K' 1.0 and 1,728 at 2.0 are 10 and 20 L/s: 10 + 40 and a tenth of 30 L/s.
    loads = [load("a", 0, 864, name="x", industrial_peaking=1.0), load("a", 0, 1728, name="y", industrial_peaking=2.0)]
    assert pipe_under(loads)["peak_l_s"] == pytest.approx(10 + 40 + 3)


def test_measured_infiltration_takes_the_place_of_the_share():
    # 864 m³/d = 10 L/s industrial at K' 1.2 and 432 m³/d = 5 L/s measured.
    assert pipe_under([load("a", 0, 864, infiltration_m3_d=432)])["peak_l_s"] == pytest.approx(12 + 5)
    assert pipe_under([load("a", 0, 864, infiltration_m3_d=0)])["peak_l_s"] == pytest.approx(12)


def test_a_load_without_k_prime_takes_that_of_the_norms():
    assert pipe_under([load("a", 0, 864, industrial_peaking=None)])["peak_l_s"] == pytest.approx(12 + 1)


def test_a_plant_is_held_to_its_mean_day_infiltration_included():
    net = network(["a", plant("w", 11_000)], [link("a", "w")], [load("a", 8_000, 2_000)])
    row = utilisation_of(assessed_of(net)).loc["w"]
    assert row["mean_m3_d"] == pytest.approx(11_000)
    assert row["utilisation"] == pytest.approx(1.0)
    assert row["state"] == "at_limit"


@pytest.mark.parametrize("seed", range(6))
def test_what_enters_arrives_at_the_outlets_kind_by_kind(seed):
    net = make_network(*random_tables(seed, 90, splits=0.4), norms=planner.norms())
    flows, enters = flows_of(net), loads_by_node(net)
    ends = np.flatnonzero(net.topology.outlets == 0)
    for kind, entered in zip(
        (flows.domestic, flows.industrial, flows.weighted, flows.infiltration), enters, strict=True
    ):
        assert kind[ends].sum() == pytest.approx(entered.sum(), rel=1e-12)


def test_row_order_and_names_do_not_change_the_flows():
    nodes, links, loads = random_tables(5, 60, splits=0.3)
    one = utilisation_of(assessed_of(make_network(nodes, links, loads, norms=planner.norms())))
    two = utilisation_of(assessed_of(make_network(nodes[::-1], links[::-1], loads[::-1], norms=planner.norms())))
    assert one.equals(two)
    new = {name: f"z{999 - i}" for i, name in enumerate(nodes.index)}
    renamed = make_network(
        nodes.rename(index=new),
        links.replace({"from_node": new, "to_node": new}).rename(index=lambda name: f"L{name[::-1]}"),
        loads.replace({"node": new}),
        norms=planner.norms(),
    )
    three = utilisation_of(assessed_of(renamed))
    for old, name in zip(links.index, (f"L{name[::-1]}" for name in links.index), strict=True):
        assert three.loc[name, "peak_l_s"] == pytest.approx(one.loc[old, "peak_l_s"], rel=1e-12)
