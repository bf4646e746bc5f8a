"""An .inp becomes a network: units, kinds, loads, splits, and a sentence for what cannot be taken over."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kit import tables as planner
from kit.opening import open_catalogue
from kit.swmm import looped_town, published, pump_chain, split_town, tree

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.flows import flows_of
from xingu_geo.sewers.network.network import Network, network_of
from xingu_geo.sewers.swmm.calibrate import Calibration, calibrated
from xingu_geo.sewers.swmm.from_inp import network_of_inp
from xingu_geo.sewers.swmm.import_inp import ImportOptions, difference_share, import_swmm, read_inp, simulated
from xingu_geo.sewers.swmm.inp_model import model_of
from xingu_geo.sewers.swmm.inp_rows import inp_of, open_inp
from xingu_geo.sewers.swmm.layout import ExportOptions
from xingu_geo.sewers.swmm.simulate import swmm_run
from xingu_geo.sewers.swmm.to_inp import export_swmm

LAYERS = Path(__file__).parents[3] / "layers"
TOWN = """
[OPTIONS]
FLOW_UNITS {units}
LINK_OFFSETS {offsets}
[JUNCTIONS]
;;name elevation depth
A 10 4
B 9 4
[OUTFALLS]
OUT 8 FREE
[CONDUITS]
ab A B 100 0.013 {a} {b} 0 0
bo B OUT 100 0.013 * * 0 0
[XSECTIONS]
ab CIRCULAR 1.5 0 0 0 1
bo CIRCULAR 2 0 0 0 1
[DWF]
A FLOW 2 "" ""
[COORDINATES]
A 0 0
B 100 0
OUT 200 0
[VERTICES]
ab 50 20
"""


def _network(text: str, **options: object) -> Network:
    return network_of_inp(inp_of(text.encode(), name="town.inp"), norms=planner.norms(), crs="none", **options).network  # type: ignore[arg-type]


def _codes(text: str) -> dict[str, str]:
    found = network_of_inp(inp_of(text.encode(), name="town.inp"), norms=planner.norms(), crs="none").findings
    return {finding.code: finding.severity for finding in found}


def _with(text: str, section: str, *rows: str) -> str:
    """The text with ``rows`` added to ``section``."""
    heading = f"[{section}]\n"
    body = heading + "\n".join(rows) + "\n"
    return text.replace(heading, body) if heading in text else text + body


# 2 of each flow unit in m³/d: CFS 2·28.316847·86.4 = 4893.151; GPM 2·0.0630902·86.4 = 10.90199 (3.785412 L a gallon);
# MGD 2·3785.412 = 7570.824; CMS 2·86400; LPS 2·86.4; MLD 2·1000.
@pytest.mark.parametrize(
    ("units", "flow_m3_d", "length"),
    [
        ("CFS", 4893.151, 0.3048),
        ("GPM", 10.90199, 0.3048),
        ("MGD", 7570.824, 0.3048),
        ("CMS", 172800.0, 1.0),
        ("LPS", 172.8, 1.0),
        ("MLD", 2000.0, 1.0),
    ],
)
def test_every_flow_unit_brings_its_lengths(units: str, flow_m3_d: float, length: float) -> None:
    net = _network(TOWN.format(units=units, offsets="DEPTH", a=0, b=0))
    assert net.loads["domestic_m3_d"].sum() == pytest.approx(flow_m3_d, rel=1e-6)
    assert flows_of(net).mean[-1] * 86.4 == pytest.approx(flow_m3_d, rel=1e-6)
    assert net.links.loc["ab", "diameter_mm"] == pytest.approx(1500 * length)
    assert net.links.loc["ab", "length_m"] == pytest.approx(100 * length)
    assert net.nodes.loc["A", "invert_m"] == pytest.approx(10 * length)
    assert net.nodes.loc["A", "ground_m"] == pytest.approx(14 * length)


def test_offsets_are_depths_or_elevations_as_the_file_says() -> None:
    deep = _network(TOWN.format(units="CMS", offsets="DEPTH", a=0.5, b=0.25)).links.loc["ab"]
    high = _network(TOWN.format(units="CMS", offsets="ELEVATION", a=10.5, b=9.25)).links.loc["ab"]
    for link in (deep, high):
        assert (link["invert_from_m"], link["invert_to_m"]) == (10.5, 9.25)
    star = _network(TOWN.format(units="CMS", offsets="ELEVATION", a="*", b="*")).links.loc["ab"]
    assert (star["invert_from_m"], star["invert_to_m"]) == (10.0, 9.0)


def test_names_are_found_whatever_their_case_and_tabs_quotes_and_short_headings_are_read() -> None:
    text = (
        TOWN.format(units="cms", offsets="depth", a=0, b=0)
        .replace("ab A B", "ab a\tb")
        .replace("[JUNCTIONS]", "[junc]")
    )
    net = _network(_with(text, "INFLOWS", 'B FLOW "" FLOW 1 1 0.5'))
    assert net.links.loc["ab", "from_node"] == "A"
    assert net.loads.loc["B~load", "infiltration_m3_d"] == pytest.approx(43200.0)


def test_dry_weather_flow_is_domestic_without_infiltration_on_top() -> None:
    net = _network(TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0))
    assert net.loads.loc["A~load", ["industrial_m3_d", "infiltration_m3_d"]].tolist() == [0.0, 0.0]
    assert flows_of(net).infiltration.max() == 0.0


def test_a_pattern_multiplies_its_mean() -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace('2 "" ""', '2 "day"')
    text = _with(town, "PATTERNS", "day DAILY 1 2 3 4 5 6 7")
    assert _network(text).loads["domestic_m3_d"].sum() == pytest.approx(2 * 4 * 86.4)
    assert _codes(text)["patterns"] == "note"


def test_pumps_make_their_node_a_station_with_what_they_lift_together() -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace("bo B OUT 100 0.013 * * 0 0\n", "")
    town = town.replace("bo CIRCULAR 2 0 0 0 1\n", "")
    text = _with(town, "PUMPS", "p1 B OUT lift ON 1 0.2", "p2 B OUT lift ON 2 0.4")
    net = _network(_with(text, "CURVES", "lift PUMP2 1 40", "lift 2 60"))
    assert net.nodes.loc["B", "kind"] == "station"
    assert net.nodes.loc["B", ["pump_duty", "pump_rated_l_s"]].tolist() == [2.0, 60.0]
    assert net.links.loc[["p1", "p2"], "kind"].tolist() == ["pressure", "pressure"]
    # p1 starts at the lower level, so it carries dry-weather flow.
    carried = pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)
    assert carried["p1"] == pytest.approx(2.0)
    assert carried["p2"] == 0.0


def test_an_ideal_pump_has_an_unknown_capacity_and_says_so() -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace("bo B OUT 100 0.013 * * 0 0\n", "")
    text = _with(town.replace("bo CIRCULAR 2 0 0 0 1\n", ""), "PUMPS", "p1 B OUT * ON")
    assert math.isnan(_network(text).nodes.loc["B", "pump_rated_l_s"])
    assert _codes(text)["ideal_pumps"] == "limit"


def test_a_station_that_gets_more_than_it_lifts_is_named() -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace("bo B OUT 100 0.013 * * 0 0\n", "")
    text = _with(town.replace("bo CIRCULAR 2 0 0 0 1\n", ""), "PUMPS", "p1 B OUT weak ON")
    assert _codes(_with(text, "CURVES", "weak PUMP4 0 1", "weak 5 1"))["overloaded"] == "limit"
    assert "overloaded" not in _codes(_with(text, "CURVES", "weak PUMP4 0 5", "weak 5 5"))


def test_at_a_fork_dry_weather_flow_takes_the_lowest_outlet_be_it_pipe_weir_or_orifice() -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0)
    weir = _with(_with(town, "WEIRS", "w B OUT2 TRANSVERSE 1.5 1.8"), "OUTFALLS", "OUT2 8 FREE")
    net = _network(weir)
    carried = pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)
    assert (carried["w"], carried["bo"]) == (0.0, pytest.approx(2.0))
    assert _codes(weir)["openings"] == "limit"
    low = weir.replace("bo B OUT 100 0.013 * * 0 0", "bo B OUT 100 0.013 2.5 0 0 0")
    carried = pd.Series(flows_of(_network(low)).mean[len(_network(low).nodes) :], net.links.index)
    assert (carried["w"], carried["bo"]) == (pytest.approx(2.0), 0.0)


def test_two_outlets_at_one_level_ask_for_calibration_unless_nothing_flows_there() -> None:
    town = _with(TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0), "OUTFALLS", "OUT2 8 FREE")
    tied = _with(_with(town, "CONDUITS", "b2 B OUT2 100 0.013 0 0 0 0"), "XSECTIONS", "b2 CIRCULAR 1 0 0 0 1")
    assert _codes(tied)["tied"] == "calibrate"
    assert "tied" not in _codes(tied.replace("A FLOW 2", "A FLOW 0"))


def test_water_above_the_next_outlet_asks_for_calibration() -> None:
    town = _with(TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0), "OUTFALLS", "OUT2 8 FREE")
    fork = _with(_with(town, "CONDUITS", "b2 B OUT2 100 0.013 0.3 0 0 0"), "XSECTIONS", "b2 CIRCULAR 1 0 0 0 1")
    assert "spills" not in _codes(fork)
    assert _codes(fork.replace("A FLOW 2", "A FLOW 2000"))["spills"] == "calibrate"


def test_flow_that_ends_nowhere_asks_for_calibration() -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace("bo B OUT", "bo OUT B")
    assert _codes(town)["stranded"] == "calibrate"


def test_a_pipe_that_is_not_round_becomes_the_round_one_with_the_same_full_flow() -> None:
    # A box 1 m × 2 m: A = 2, R = 2/6: A·R^(2/3) = 0.961500; D = (0.9615·4^(5/3)/π)^(3/8) = 3.0849^(3/8) = 1.5257 m
    expected = (2 * (1 / 3) ** (2 / 3) * 4 ** (5 / 3) / math.pi) ** (3 / 8) * 1000
    assert expected == pytest.approx(1525.7, abs=0.1)
    text = TOWN.format(units="CMS", offsets="DEPTH", a=0, b=0).replace("ab CIRCULAR 1.5 0", "ab RECT_CLOSED 1 2")
    assert _network(text).links.loc["ab", "diameter_mm"] == pytest.approx(expected)
    assert _codes(text)["shape_equivalent"] == "note"
    twin = TOWN.format(units="CMS", offsets="DEPTH", a=0, b=0).replace("1.5 0 0 0 1", "1.5 0 0 0 2")
    assert _network(twin).links.loc["ab", "diameter_mm"] == pytest.approx(1500 * 2 ** (3 / 8))


@pytest.mark.parametrize(
    "section",
    [
        "CIRCULAR 1.2 0 0 0 1",
        "RECT_CLOSED 1 2 0 0 1",
        "RECT_OPEN 1 2 0 0 1",
        "TRAPEZOIDAL 1 2 1.5 0.5 1",
        "TRIANGULAR 1 2 0 0 1",
        "EGG 1.2 0 0 0 1",
        "HORSESHOE 1.2 0 0 0 1",
        "GOTHIC 1.2 0 0 0 1",
        "CATENARY 1.2 0 0 0 1",
        "SEMIELLIPTICAL 1.2 0 0 0 1",
        "BASKETHANDLE 1.2 0 0 0 1",
        "SEMICIRCULAR 1.2 0 0 0 1",
    ],
)
def test_the_equivalent_round_pipe_has_the_engines_own_full_flow(section: str, tmp_path: Path) -> None:
    text = TOWN.format(units="LPS", offsets="ELEVATION", a=10, b=9).replace("CIRCULAR 1.5 0 0 0 1", section)
    net = _network(text)
    diameter = net.links.loc["ab", "diameter_mm"] / 1000
    # Manning, full: 1000/n·π/4·D²·(D/4)^(2/3)·√S; ab falls 1 m in 100 m
    ours = 1000 / 0.013 * math.pi / 4 * diameter**2 * (diameter / 4) ** (2 / 3) * math.sqrt(0.01)
    path = tmp_path / "town.inp"
    path.write_text(
        text.replace("[JUNCTIONS]", "END_TIME 01:00:00\n[REPORT]\nINPUT YES\nNODES ALL\nLINKS ALL\n[JUNCTIONS]"),
        encoding="utf-8",
    )
    theirs = swmm_run(path, last_hours=0.1).links.loc["ab", "full_flow_l_s"]
    assert ours == pytest.approx(theirs, rel=0.005)


@pytest.mark.parametrize("name", ["epsilon", "alpha", "zeta"])
def test_a_published_network_imports_untouched_and_its_dry_weather_flows_are_the_simulators(name: str) -> None:
    inp = open_inp(published(name))
    model = model_of(inp)
    run = simulated(inp, model)
    imported = network_of_inp(inp, norms=planner.norms(), crs="none")
    assert len(imported.network.links) >= 29
    assert not imported.needs_calibration
    assert run.links["flow_l_s"].abs().max() > 0.1
    assert difference_share(imported.network, run, Calibration()) < 0.01


@pytest.mark.parametrize("seed", [3, 4])
def test_a_flat_looped_town_asks_for_calibration_and_then_matches(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "flat.inp"
    path.write_text(looped_town(seed), encoding="utf-8")
    assert _asks_for_calibration(path)
    imported, apart = read_inp(
        open_inp(path), options=ImportOptions(crs="none", calibrate="if_needed"), norms=planner.norms()
    )
    assert imported.is_calibrated
    assert not imported.needs_calibration
    assert apart < 0.01
    inp = open_inp(path)
    model = model_of(inp)
    frozen = calibrated(model, simulated(inp, model))
    assert len(frozen.turned) >= 5
    assert sum(0 < share < 1 for share in frozen.shares.values()) >= 4


def _asks_for_calibration(path: Path) -> bool:
    try:
        return read_inp(open_inp(path), options=ImportOptions(crs="none"), norms=planner.norms())[0].needs_calibration
    except XinguError as refusal:
        return refusal.code == "inp_circle"


def test_a_file_without_flow_is_not_simulated_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "dry.inp"
    path.write_text(
        TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace("A FLOW 2", "A FLOW 0"), encoding="utf-8"
    )
    path.write_text(path.read_text(encoding="utf-8").replace('A FLOW 0 "" ""', ""), encoding="utf-8")
    imported, apart = read_inp(
        open_inp(path), options=ImportOptions(crs="none", calibrate="always"), norms=planner.norms()
    )
    assert not imported.is_calibrated
    assert math.isnan(apart)
    assert "no_loads" in {finding.code for finding in imported.findings}


def test_our_own_file_can_be_calibrated_too(tmp_path: Path) -> None:
    path = tmp_path / "net.inp"
    export_swmm(split_town(), path)
    imported, apart = read_inp(
        open_inp(path), options=ImportOptions(crs="none", calibrate="always"), norms=planner.norms()
    )
    assert imported.is_calibrated
    assert apart < 0.01
    assert "edited" not in {finding.code for finding in imported.findings}


def test_what_a_simulation_spills_is_said_after_calibration(tmp_path: Path) -> None:
    town = TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0).replace("bo B OUT 100 0.013 * * 0 0\n", "")
    text = _with(town.replace("bo CIRCULAR 2 0 0 0 1\n", ""), "PUMPS", "p1 B OUT weak ON")
    path = tmp_path / "weak.inp"
    path.write_text(_with(text, "CURVES", "weak PUMP4 0 1", "weak 5 1"), encoding="utf-8")
    imported, apart = read_inp(
        open_inp(path), options=ImportOptions(crs="none", calibrate="always"), norms=planner.norms()
    )
    assert apart > 0.1
    assert "differs" in {finding.code for finding in imported.findings}


@pytest.mark.parametrize(
    "make", [pump_chain, split_town, lambda: split_town(share=0.3), lambda: tree(2, 30, joined="inverts")]
)
@pytest.mark.parametrize("flows", ["mean", "peak"])
def test_what_we_write_reads_back_equal(make: object, flows: str, tmp_path: Path) -> None:
    net = make()  # type: ignore[operator]
    path = tmp_path / "net.inp"
    export_swmm(net, path, options=ExportOptions(flows=flows))  # type: ignore[arg-type]
    back, _ = read_inp(open_inp(path), norms=net.norms)
    pd.testing.assert_frame_equal(pd.DataFrame(back.network.nodes.drop(columns="geometry")), net.nodes)
    pd.testing.assert_frame_equal(pd.DataFrame(back.network.links.drop(columns="geometry")), net.links)
    pd.testing.assert_frame_equal(back.network.loads, net.loads)
    assert back.findings == ()


def test_without_our_comments_our_file_is_still_the_same_network(tmp_path: Path) -> None:
    net = tree(2, 30, joined="crowns")
    path = tmp_path / "net.inp"
    export_swmm(net, path)
    bare = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(";"))
    back = _network(bare)
    ours = pd.Series(flows_of(net).mean[len(net.nodes) :], net.links.index)
    theirs = pd.Series(flows_of(back).mean[len(back.nodes) :], back.links.index)
    pd.testing.assert_series_equal(ours, theirs, rtol=1e-8)
    columns = ["diameter_mm", "length_m", "invert_from_m", "invert_to_m", "roughness_n"]
    pd.testing.assert_frame_equal(pd.DataFrame(back.links[columns]), net.links[columns], rtol=1e-8)


def test_a_file_of_ours_that_was_edited_is_read_as_it_now_stands(tmp_path: Path) -> None:
    net = tree(2, 10, joined="crowns")
    path = tmp_path / "net.inp"
    export_swmm(net, path)
    text = path.read_text(encoding="utf-8")
    doubled = text.replace("[DWF]\n", "[DWF]\nm009 FLOW 50\n")
    path.write_text(doubled, encoding="utf-8")
    imported, _ = read_inp(open_inp(path), options=ImportOptions(crs="none"), norms=planner.norms())
    assert imported.findings[0].code == "edited"
    added = imported.network.loads.loc["m009~load", "domestic_m3_d"] - net.loads.loc["load-m009", "domestic_m3_d"]
    assert added == pytest.approx(50 * 86.4)


def test_an_import_is_a_folder_that_the_catalogue_reads(tmp_path: Path) -> None:
    path, out = tmp_path / "town.inp", tmp_path / "out"
    path.write_text(TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0), encoding="utf-8")
    report = import_swmm(path, out, options=ImportOptions(crs="EPSG:32651"), norms=planner.norms())
    net = network_of(open_catalogue(out), norms=planner.norms())
    assert (report.nodes, report.links, report.loads) == (3, 2, 1)
    assert report.mean_m3_d == pytest.approx(172.8)
    assert net.confidence is Confidence.ILLUSTRATIVE
    assert sorted(net.nodes.index) == ["A", "B", "OUT"]
    assert flows_of(net).mean[-1] == pytest.approx(2.0)
    line = net.links.loc["ab", "geometry"]
    assert len(line.coords) == 3
    again = import_swmm(path, out, options=ImportOptions(crs="EPSG:32651"), norms=planner.norms())
    assert again.findings == report.findings
    json.dumps(report.plain("zh"))


def test_the_order_of_rows_in_a_file_changes_nothing() -> None:
    text = looped_town(3).replace("0.013 0 0 0 0", "0.013 0.1 0 0 0")
    parts = [part.splitlines() for part in text.split("\n\n")]
    turned = "\n\n".join("\n".join([part[0], *reversed(part[1:])]) for part in reversed(parts))
    there, back = (_refusal_or_digest(body) for body in (text, turned))
    assert there == back


def _refusal_or_digest(text: str) -> str:
    try:
        return _network(text).digest
    except XinguError as refusal:
        return refusal.sentence("en")


def test_a_network_exported_and_imported_as_a_folder_is_the_same(tmp_path: Path) -> None:
    net = network_of(open_catalogue(LAYERS), norms=planner.norms())
    path, out = tmp_path / "net.inp", tmp_path / "out"
    export_swmm(net, path)
    report = import_swmm(path, out, norms=planner.norms())
    back = network_of(open_catalogue(out), norms=net.norms)
    assert not report.needs_calibration
    numbers = {"rtol": 0, "atol": 1e-9}
    for name in ("nodes", "links", "loads"):
        ours, theirs = (
            getattr(one, name).drop(columns=["geometry", "x_m", "y_m"], errors="ignore") for one in (net, back)
        )
        pd.testing.assert_frame_equal(pd.DataFrame(theirs), pd.DataFrame(ours), **numbers)  # type: ignore[arg-type]
    assert (back.nodes[["x_m", "y_m"]] - net.nodes[["x_m", "y_m"]]).abs().max().max() < 0.01
    apart = back.links.geometry.hausdorff_distance(net.links.geometry)
    assert apart.max() < 0.01


def test_an_import_keeps_the_sources_a_folder_already_names(tmp_path: Path) -> None:
    path, out = tmp_path / "town.inp", tmp_path / "out"
    path.write_text(TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0), encoding="utf-8")
    out.mkdir()
    (out / "sources.toml").write_text('[other]\ntitle = { zh = "a", en = "a" }\n', encoding="utf-8")
    import_swmm(path, out, options=ImportOptions(crs="none"), norms=planner.norms())
    assert {"other", "file_town_inp"} <= set(tomllib.loads((out / "sources.toml").read_text(encoding="utf-8")))


def test_an_import_without_places_is_a_folder_too(tmp_path: Path) -> None:
    path, out = tmp_path / "town.inp", tmp_path / "out"
    path.write_text(TOWN.format(units="LPS", offsets="DEPTH", a=0, b=0), encoding="utf-8")
    import_swmm(path, out, options=ImportOptions(crs="none"), norms=planner.norms())
    net = network_of(open_catalogue(out), norms=planner.norms())
    assert net.nodes["x_m"].isna().all()
    assert np.isclose(flows_of(net).mean[-1], 2.0)


def test_a_published_network_becomes_a_folder_with_every_finding_said_in_both_languages(tmp_path: Path) -> None:
    report = import_swmm(
        published("epsilon"), tmp_path / "out", options=ImportOptions(crs="none"), norms=planner.norms()
    )
    assert {"units", "loads", "patterns", "openings", "wet_weather"} <= {finding.code for finding in report.findings}
    for finding in report.findings:
        assert "{" not in finding.sentence("zh") + finding.sentence("en")
    assert network_of(open_catalogue(tmp_path / "out"), norms=planner.norms()).topology.circling == ()
