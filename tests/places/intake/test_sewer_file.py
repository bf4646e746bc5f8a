"""A SWMM file brings nodes, links and flows as one thing, and everything its reader has to say comes along."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from kit import intake as kit
from kit import tables as planner
from kit.opening import Options, intake, look, open_catalogue
from kit.shipped import tables

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS
from xingu_geo.ground.catalogue.audit import audit, known_sources
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.places.intake.intake_findings import Suggestion
from xingu_geo.places.place.place import Place
from xingu_geo.sewers.network.network import network_of
from xingu_geo.sewers.swmm.to_inp import export_swmm
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import run

ROOT = Path(__file__).parents[3]
PLACES = ["geometry", "x_m", "y_m"]
METRIC = Options(crs="EPSG:4549")
TOWN = """[TITLE]
a town
[OPTIONS]
FLOW_UNITS {units}
[JUNCTIONS]
;;name invert depth
J1  {j1}  {depth}  0 0 0
[OUTFALLS]
O1  {o1}  FREE
[CONDUITS]
C1  J1  O1  {length}  0.013  {up}  0
[WEIRS]
W1  J1  O1  TRANSVERSE  1
[XSECTIONS]
C1  CIRCULAR  {size}  0 0 0
W1  RECT_OPEN  1  1 0 0
[DWF]
J1  FLOW  {flow}
[COORDINATES]
J1  540000  3353000
O1  540100  3353000
[VERTICES]
C1  540050  3353010
"""
METRES = {"units": "LPS", "j1": 2.5, "depth": 3.0, "o1": 2.0, "length": 120, "up": 0.1, "size": 0.6, "flow": 2}
FEET = {"units": "CFS", "j1": 10.0, "depth": 10.0, "o1": 9.0, "length": 100, "up": 0, "size": 2.0, "flow": 1}


def _town(folder: Path, name: str = "管网.inp", **values: object) -> Path:
    return kit.write(folder, name, TOWN.format(**{**METRES, **values}).encode("gbk"))


def test_one_file_fills_the_whole_set_with_its_figures(tmp_path: Path) -> None:
    report = intake(_town(tmp_path), role="sewers", into=tmp_path / "into", options=METRIC)
    assert [layer.role for layer in report.layers] == ["sewer_nodes", "sewer_links", "sewer_loads"]
    catalogue = open_catalogue(tmp_path / "into")
    network = network_of(catalogue, norms=planner.norms())
    junction, pipe = network.nodes.loc["J1"], network.links.loc["C1"]
    assert (junction["kind"], junction["invert_m"], junction["ground_m"]) == ("manhole", 2.5, 5.5)  # 2.5 + 3.0
    assert (junction["x_m"], junction["y_m"]) == pytest.approx((540_000, 3_353_000))
    # 600 mm; 120 m; offset 0.1 m above the invert of 2.5 m
    assert pipe[["diameter_mm", "length_m", "invert_from_m", "invert_to_m"]].tolist() == [600.0, 120.0, 2.6, 2.0]
    assert [tuple(pair) for pair in pipe.geometry.coords] == [
        (540_000, 3_353_000),
        (540_050, 3_353_010),
        (540_100, 3_353_000),
    ]
    # 2 L/s are 2 x 86.4 = 172.8 m³ a day
    assert network.loads["domestic_m3_d"].tolist() == pytest.approx([172.8])
    assert audit(catalogue, known_sources(*catalogue.folders)) == ()
    assert catalogue.passport("sewer_loads").crs == "none"


def test_feet_and_cubic_feet_come_out_in_metres(tmp_path: Path) -> None:
    intake(_town(tmp_path, **FEET), role="auto", into=tmp_path / "into", options=METRIC)
    network = network_of(open_catalogue(tmp_path / "into"), norms=planner.norms())
    # 1 ft = 0.3048 m: 10 ft = 3.048 m, 20 ft = 6.096 m, 2 ft = 609.6 mm, 100 ft = 30.48 m
    assert network.nodes.loc["J1", ["invert_m", "ground_m"]].tolist() == pytest.approx([3.048, 6.096])
    assert network.links.loc["C1", ["diameter_mm", "length_m"]].tolist() == pytest.approx([609.6, 30.48])
    # 1 ft³/s = 0.3048³ m³/s = 0.028316846592 x 86,400 m³/d
    assert network.loads["domestic_m3_d"].tolist() == pytest.approx([0.028316846592 * 86_400])


def test_everything_the_reader_says_stands_in_the_report_in_both_languages(tmp_path: Path) -> None:
    report = look(_town(tmp_path), role="sewers", options=METRIC)
    calm = {note.code for note in report.notes if note.is_calm}
    said = {note.code for note in report.warnings}
    assert {"units", "loads"} <= calm
    assert {"shift_untested", "openings"} <= said  # the weir is kept with an unknown capacity
    for lang in LANGS:
        assert "172.8" in report.text(lang) or "173" in report.text(lang)
        json.dumps(report.plain(lang))


def test_a_drawing_that_leaves_open_where_water_goes_says_that_it_needs_calibration(tmp_path: Path) -> None:
    # A second pipe between the same ends, at the same level: nothing tells which of the two carries the flow.
    twin = TOWN.format(**METRES).replace("[WEIRS]", "C2  J1  O1  120  0.013  0.1  0\n[WEIRS]")
    twin = twin.replace("[DWF]", "C2  CIRCULAR  0.6  0 0 0\n[DWF]")
    report = look(kit.write(tmp_path, "twin.inp", twin.encode()), role="sewers", options=METRIC)
    assert {"tied", "calibration_needed"} <= {note.code for note in report.warnings}
    assert "--calibrate" in report.text("zh")
    assert "--calibrate" in report.text("en")


def test_a_file_without_flows_leaves_the_loads_unknown(tmp_path: Path) -> None:
    text = TOWN.format(**METRES).replace("[DWF]\nJ1  FLOW  2\n", "")
    report = intake(
        kit.write(tmp_path, "dry.inp", text.encode()), role="sewers", into=tmp_path / "into", options=METRIC
    )
    assert [layer.role for layer in report.layers] == ["sewer_nodes", "sewer_links"]
    (note,) = [note for note in report.warnings if note.code == "set_incomplete"]
    assert note.sentence("zh") == "节点、管段已收，仍缺负荷；补齐前污水管网不参与判断。"
    assert dict(open_catalogue(tmp_path / "into").incomplete) == {SEWERS: ("sewer_loads",)}


def test_a_whole_file_takes_the_place_of_all_that_stood_in_the_folder(tmp_path: Path) -> None:
    into = tmp_path / "into"
    upgrades = b"id,element,year,field,value\nU1,C9,2027,diameter_mm,800\n"
    intake(kit.write(tmp_path, "sewer_upgrades.csv", upgrades), role="sewer_upgrades", into=into)
    assert set(open_catalogue(into)) == {"sewer_upgrades"}
    intake(_town(tmp_path), role="sewers", into=into, options=METRIC)
    catalogue = open_catalogue(into)
    assert set(catalogue) == set(ROLE_SETS[SEWERS].required)
    assert (into / "sewer_upgrades.toml.replaced").is_file()


def test_the_shipped_sewers_exported_and_brought_in_again_give_the_same_ranking(tmp_path: Path) -> None:
    base = open_catalogue(ROOT / "layers")
    net, path = network_of(base, norms=planner.norms()), tmp_path / "net.inp"
    export_swmm(net, path)
    report = intake(path, role="sewers", into=tmp_path / "mine")
    assert not {"calibration_needed", "set_incomplete", "set_unusable"} & {note.code for note in report.notes}
    back = network_of(open_catalogue(tmp_path / "mine"), norms=net.norms)
    for name in ("nodes", "links", "loads"):
        ours, theirs = (
            getattr(one, name).drop(columns=["geometry", "x_m", "y_m"], errors="ignore") for one in (net, back)
        )
        pd.testing.assert_frame_equal(pd.DataFrame(theirs), pd.DataFrame(ours), rtol=0, atol=1e-9)
    laid = open_catalogue(tmp_path / "mine", over=ROOT / "layers")
    before, after = (run(Place(one, tables()), Study()).ranking.table for one in (base, laid))
    # Upgrades do not come in an .inp, so only the present is compared: its places and scores.
    pd.testing.assert_frame_equal(before, after, rtol=0, atol=1e-6)


def test_without_a_crs_the_file_is_refused_with_readings_as_data(tmp_path: Path) -> None:
    with pytest.raises(XinguError) as refused:
        look(_town(tmp_path), role="sewers")
    assert refused.value.code == "crs_unknown"
    assert refused.value.facts["suggestions"] == [Suggestion("crs", "EPSG:4549")]


def test_northings_first_are_exchanged_for_nodes_and_links_alike(tmp_path: Path) -> None:
    text = TOWN.format(**METRES)
    for x, y in ((540_000, 3_353_000), (540_100, 3_353_000), (540_050, 3_353_010)):
        text = text.replace(f"{x}  {y}", f"{y}  {x}")
    path = kit.write(tmp_path, "swapped.inp", text.encode())
    with pytest.raises(XinguError) as refused:
        look(path, role="sewers", options=METRIC)
    assert Suggestion("swap_axes") in refused.value.facts["suggestions"]
    intake(path, role="sewers", into=tmp_path / "into", options=Options(crs="EPSG:4549", swap_axes=True))
    links = open_catalogue(tmp_path / "into").vector("sewer_links").table
    straight = gpd.GeoSeries.from_wkt(["LINESTRING (540000 3353000, 540050 3353010, 540100 3353000)"], crs="EPSG:4549")
    assert links.geometry.iloc[0].equals(straight.iloc[0])


def test_layers_that_contradict_each_other_are_told_when_they_are_brought(tmp_path: Path) -> None:
    into = tmp_path / "into"
    intake(_town(tmp_path), role="sewers", into=into, options=METRIC)
    loads = b"id,node,state,domestic_m3_d,industrial_m3_d\nL1,J9,existing,10,0\n"
    report = intake(kit.write(tmp_path, "loads.csv", loads), role="sewer_loads", into=into)
    (note,) = [note for note in report.warnings if note.code == "set_unusable"]
    assert "L1" in note.sentence("zh")
    assert "L1" in note.sentence("en")


def test_at_the_command_line_the_place_below_gives_way_and_the_ranking_runs(tmp_path: Path) -> None:
    _town(tmp_path, name="a.inp")

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xingu_geo", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)

    mine = str(tmp_path / "mine")
    taken = ran("intake", str(tmp_path / "a.inp"), "--crs", "EPSG:4549", "--into", mine, "--json")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert [layer["role"] for layer in json.loads(taken.stdout)["layers"]] == list(ROLE_SETS[SEWERS].required)
    ranked = ran("rank", "--my-layers", mine, "--out", str(tmp_path / "out"), "--json")
    assert (ranked.returncode, ranked.stderr) == (0, "")
    assert json.loads(ranked.stdout)["incomplete"] == []
