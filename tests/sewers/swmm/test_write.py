"""What an exported .inp holds, what it refuses, and that a failure leaves the old file."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kit import tables as planner
from kit.opening import open_catalogue
from kit.sewers import chain, link, load, network, norms_without_infiltration, plant, station
from kit.swmm import pump_chain, simulated, split_town, tree

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.sewers.network.flows import flows_of
from xingu_geo.sewers.network.network import Network, network_of, rebuilt
from xingu_geo.sewers.swmm.inp_rows import inp_of
from xingu_geo.sewers.swmm.layout import ExportOptions, layout_of, safe_names
from xingu_geo.sewers.swmm.second_opinion import check_with_swmm
from xingu_geo.sewers.swmm.simulate import swmm_run
from xingu_geo.sewers.swmm.to_inp import export_swmm, inp_text

LAYERS = Path(__file__).parents[3] / "layers"


def _text(net: Network, **options: object) -> str:
    chosen = ExportOptions(**options)  # type: ignore[arg-type]
    return inp_text(net, layout_of(net, chosen), options=chosen)


def _means(net: Network) -> pd.Series:
    return pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)


def test_every_outfall_has_one_link() -> None:
    nodes = ["a", "b", "c", plant("works", invert_m=0.0)]
    net = network(nodes, [link(name, "works") for name in "abc"], [load(name, 500.0) for name in "abc"])
    rows = inp_of(_text(net).encode(), name="x.inp").rows("OUTFALLS")
    assert [row.cells[0] for row in rows] == ["works", "works~b-works", "works~c-works"]
    assert simulated(net).links["flow_l_s"].to_dict() == pytest.approx(_means(net).to_dict(), rel=1e-3)


def test_the_shipped_network_agrees_with_the_simulator_on_the_mean_day_and_at_the_peak() -> None:
    net = network_of(open_catalogue(LAYERS), norms=planner.norms())
    for flows in ("mean", "peak"):
        check = check_with_swmm(net, options=ExportOptions(flows=flows, hours=12.0))  # type: ignore[arg-type]
        assert len(check.links) == len(net.links)
        assert check.flow_difference_share < 1e-3
        assert check.close_share >= 0.95
        assert check.drift < 1e-3


def test_stations_that_feed_one_another_pass_everything_on() -> None:
    nodes = ["a", *(station(name, 500.0, invert_m=0.0) for name in ("s1", "s2", "s3")), plant("works")]
    ways = (("s1", "s3"), ("s2", "s3"), ("s3", "works"))
    mains = [link(a, b, kind="pressure", invert_from_m=None, invert_to_m=None) for a, b in ways]
    loads = [load("a", 900.0), load("s2", 700.0), load("s3", 100.0)]
    net = network(nodes, [link("a", "s1"), *mains], loads)
    for flows in ("mean", "peak"):
        assert check_with_swmm(net, options=ExportOptions(flows=flows)).flow_difference_share < 1e-3  # type: ignore[arg-type]


def test_a_station_whose_flow_divides_keeps_its_shares() -> None:
    nodes = ["a", station("s", 500.0, invert_m=0.0), plant("east"), plant("west")]
    mains = [
        link("s", end, kind="pressure", invert_from_m=None, invert_to_m=None, split_share=share)
        for end, share in (("east", 0.7), ("west", 0.3))
    ]
    net = network(nodes, [link("a", "s"), *mains], [load("a", 900.0)])
    assert check_with_swmm(net).flow_difference_share < 1e-3


def test_a_plant_with_a_way_on_is_cut_and_what_it_passes_enters_below() -> None:
    nodes = ["a", plant("works", invert_m=0.5), {"id": "sea", "kind": "outfall", "invert_m": 0.0}]
    links = [link("a", "works"), link("works", "sea", invert_from_m=0.5, invert_to_m=0.2)]
    assert check_with_swmm(network(nodes, links, [load("a", 900.0)])).flow_difference_share < 1e-3


def test_at_a_split_left_to_hydraulics_the_simulator_decides_and_mass_is_kept() -> None:
    net = split_town(share=0.3, relief_invert_m=2.05)
    run = simulated(net, hours=24.0, splits="hydraulic")
    flow, ours = run.links["flow_l_s"], _means(net)
    assert flow["low_1"] + flow["relief"] == pytest.approx(ours["low_1"] + ours["relief"], rel=1e-3)
    assert flow["relief"] != pytest.approx(ours["relief"], rel=0.05)
    assert simulated(net, hours=24.0).links.loc["relief", "flow_l_s"] == pytest.approx(ours["relief"], rel=1e-3)


def test_a_dry_overflow_beside_a_pump_is_left_out_by_name() -> None:
    nodes = [
        "a",
        station("s", 500.0, invert_m=0.0),
        plant("works"),
        {"id": "river", "kind": "outfall", "invert_m": 0.0},
    ]
    main = link("s", "works", "main", kind="pressure", invert_from_m=None, invert_to_m=None, split_share=1.0)
    spill = link("s", "river", "spill", invert_from_m=3.0, invert_to_m=2.5, split_share=0.0)
    net = network(nodes, [link("a", "s"), main, spill], [load("a", 900.0)])
    assert layout_of(net, ExportOptions()).left_out == ["spill"]
    assert check_with_swmm(net).flow_difference_share < 1e-3


def test_names_swmm_cannot_read_become_numbers_and_stay_apart_whatever_their_case() -> None:
    names = ["a", "A", "江东 1", "with blank", "semi;colon", "[x]", "x" * 40, "x1"]
    safe = safe_names(names)
    assert safe["a"] == "a"
    assert len({name.casefold() for name in safe.values()}) == len(names)
    for name in safe.values():
        assert name.isascii()
        assert not set(name) & set(" ;[]\"'")
        assert len(name) <= 31


def test_a_network_with_chinese_and_odd_names_runs_and_reads_back(tmp_path: Path) -> None:
    nodes = ["江东 1", "江东;2", plant("污水厂", invert_m=0.0)]
    net = network(nodes, [link("江东 1", "江东;2", "管 1"), link("江东;2", "污水厂", "管 2")], [load("江东 1", 900.0)])
    path = tmp_path / "net.inp"
    layout = export_swmm(net, path)
    run = swmm_run(path)
    flow = {laid.of: run.links.loc[laid.name, "flow_l_s"] for laid in layout.links}
    assert flow == pytest.approx(_means(net).to_dict(), rel=1e-3)


def test_what_swmm_needs_and_is_missing_is_named_all_at_once() -> None:
    net = chain(3)
    nodes = net.nodes.assign(invert_m=np.nan)
    links = net.links.assign(invert_from_m=np.nan, invert_to_m=np.nan)
    with pytest.raises(Complaints) as caught:
        layout_of(rebuilt(net, nodes=nodes, links=links), ExportOptions())
    assert [one.code for one in caught.value.complaints] == ["inp_no_invert"] * 4
    for column, code in (("diameter_mm", "inp_no_diameter"), ("length_m", "inp_no_length")):
        spoilt = net.links[column].where(net.links.index != "n1-n2")
        with pytest.raises(XinguError) as one:
            layout_of(rebuilt(net, links=net.links.assign(**{column: spoilt})), ExportOptions())
        assert (one.value.code, one.value.facts) == (code, {"link": "n1-n2"})
    with pytest.raises(XinguError) as none:
        layout_of(network(["a", "b"], [link("a", "b")], []), ExportOptions())
    assert none.value.code == "inp_no_end"


def test_an_ideal_main_needs_neither_length_nor_diameter_a_full_one_does() -> None:
    net = pump_chain()
    bare = rebuilt(
        net, links=net.links.assign(diameter_mm=net.links["diameter_mm"].where(net.links["kind"] == "gravity"))
    )
    layout_of(bare, ExportOptions())
    with pytest.raises(Complaints):
        layout_of(bare, ExportOptions(mains="force_main"))


def test_a_failed_export_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "net.inp"
    export_swmm(chain(2), path)
    before = path.read_bytes()
    with pytest.raises(XinguError):
        export_swmm(network(["a", "b"], [link("a", "b")], []), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["net.inp"]


def test_the_same_network_makes_the_same_bytes_whatever_the_order_of_its_rows() -> None:
    net = tree(7, 25, joined="inverts")
    mixed = rebuilt(net, nodes=net.nodes.sample(frac=1, random_state=1), links=net.links.sample(frac=1, random_state=2))
    assert _text(net) == _text(mixed)


def test_mean_loads_are_dry_weather_flow_and_add_up() -> None:
    net = tree(7, 25, joined="inverts")
    inp = inp_of(_text(net).encode(), name="x.inp")
    written = sum(float(row.cells[2]) for row in inp.rows("DWF"))
    assert written == pytest.approx(net.loads["domestic_m3_d"].sum() / 86.4, rel=1e-9)
    assert inp.rows("INFLOWS") == ()


def test_where_peaks_meet_the_inflow_is_negative_for_the_peak_of_a_sum_is_less_than_the_sum_of_peaks() -> None:
    # 1296 m³/d = 15 L/s, K 2.4, peak 36 L/s each; together 30 L/s, K 2.22, peak 66.6: 66.6 − 72 = −5.4 L/s
    links = [link("a", "c"), link("b", "c"), link("c", "works")]
    loads = [load("a", 1296.0), load("b", 1296.0)]
    net = network(["a", "b", "c", plant("works")], links, loads, norms=norms_without_infiltration())
    inp = inp_of(_text(net, flows="peak").encode(), name="x.inp")
    inflows = {row.cells[0]: float(row.cells[6]) for row in inp.rows("INFLOWS")}
    assert inflows == pytest.approx({"a": 36.0, "b": 36.0, "c": -5.4})
    assert inp.rows("DWF") == ()


def test_a_fixed_speed_pump_sends_its_rated_discharge_down_the_design_flow() -> None:
    net = pump_chain(norms=norms_without_infiltration())
    fixed = rebuilt(net, nodes=net.nodes.assign(pump_drive="fixed", pump_rated_l_s=net.nodes["pump_rated_l_s"]))
    check = check_with_swmm(fixed, options=ExportOptions(flows="peak"))
    assert check.flow_difference_share < 1e-3
    # duty pumps of 120 and 300 L/s: whole pumps run, so the mains carry whole multiples of the rating
    assert check.links.loc["main_a", "swmm_flow_l_s"] % 120.0 == pytest.approx(0.0, abs=0.1)
    assert check.links.loc["main_b", "swmm_flow_l_s"] % 300.0 == pytest.approx(0.0, abs=0.3)


def test_an_illustrative_network_says_so_in_its_title() -> None:
    nodes, links = ["a", plant("works")], [link("a", "works")]
    sketch = network(nodes, links, [load("a", 900.0)], confidence=Confidence.ILLUSTRATIVE)
    assert "仅供示意" in _text(sketch).split("[OPTIONS]")[0]
    assert "仅供示意" not in _text(network(nodes, links, [load("a", 900.0)]))
    assert check_with_swmm(sketch).flow_difference_share < 1e-3


def test_a_level_given_at_the_plant_is_a_fixed_outfall() -> None:
    rows = inp_of(_text(chain(2), levels_m={"works": 1.25}).encode(), name="x.inp").rows("OUTFALLS")
    assert rows[0].cells[2:4] == ("FIXED", "1.25")


def test_what_is_far_apart_from_the_simulator_shows() -> None:
    # left to hydraulics, a low relief pipe takes another share than the frozen one
    check = check_with_swmm(
        split_town(share=0.05, relief_invert_m=2.02), options=ExportOptions(splits="hydraulic", hours=24.0)
    )
    assert check.flow_difference_share > 0.02
    assert not math.isnan(check.close_share)


def test_without_the_simulator_a_run_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(XinguError) as caught:
        swmm_run(tmp_path / "net.inp")
    assert caught.value.code == "swmm_missing"
