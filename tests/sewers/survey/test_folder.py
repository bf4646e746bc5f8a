"""Networks as they come: Chinese columns, metres, depths, lines against the flow; a folder written and read back."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from kit import tables as planner
from kit.opening import CRS, checked_in, network_in, survey_in
from kit.sewers import chain, link, load, network, plant, random_network, station
from shapely import LineString

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.survey.columns import proposed, survey_of

NAMES = planner.field_names()
FAB = Effluent(0.1, 1.2)


def chinese() -> dict[str, pd.DataFrame]:
    """Two wells, a station and a works, as a survey office writes them."""
    points = pd.DataFrame(
        {
            "物探点号": ["PS1", "PS2", "BZ1", "CL1"],
            "附属物": ["检查井", None, "泵站", "污水处理厂"],
            "地面高程": [6.0, 6.0, 6.0, 6.0],
            "井底深": [3.0, 3.5, 4.0, 3.0],
            "工作泵": [None, None, 2, None],
            "备用泵": [None, None, 1, None],
            "单泵流量": [None, None, 150, None],
            "设计规模": [None, None, None, 50_000],
        }
    )
    lines = pd.DataFrame(
        {
            "管段编号": ["G1", "G2", "G3"],
            "起点点号": ["PS1", "BZ1", "BZ1"],
            "连接点号": ["PS2", "PS2", "CL1"],
            "流向": ["+", "−", "+"],
            "类型": ["重力流", "重力流", "压力管"],
            "管径": ["DN500", "600", "500"],
            "管长": [200, 200, 900],
            "起点埋深": [3.0, 4.0, None],
            "终点埋深": [3.5, 3.5, None],
            "材质": ["钢筋混凝土", "HDPE", "钢管"],
        }
    )
    flows = pd.DataFrame({"编号": ["F1"], "接入井": ["PS1"], "状态": ["已批"], "生活污水": [1000], "工业废水": [500]})
    return {"nodes": points, "links": lines, "loads": flows}


def test_chinese_columns_values_depths_and_reversed_lines_are_read():
    survey = survey_of(**chinese(), names=NAMES)
    assert list(survey.nodes["kind"]) == ["station", "plant", "manhole", "manhole"]
    assert survey.nodes.loc["PS1", "invert_m"] == 3.0
    assert survey.nodes.loc["BZ1", "pump_rated_l_s"] == 150
    turned = survey.links.loc["G2"]
    assert (turned["from_node"], turned["to_node"]) == ("PS2", "BZ1")
    assert (turned["invert_from_m"], turned["invert_to_m"]) == (2.5, 2.0)
    assert list(survey.links["diameter_mm"]) == [500, 600, 500]
    assert list(survey.links["kind"]) == ["gravity", "gravity", "pressure"]
    assert survey.loads.loc["F1", "state"] == "committed"
    assert survey.columns["links"]["from_node"] == "起点点号"
    assert {reading.code for reading in survey.readings} == {"links_turned", "depths_read"}


def test_depths_to_the_crown_put_the_invert_a_diameter_lower():
    crown = survey_of(**chinese(), names=NAMES, depth_to="crown")
    assert crown.links.loc["G1", "invert_from_m"] == pytest.approx(6.0 - 3.0 - 0.5)


def test_metres_are_told_from_millimetres_by_the_layer_and_a_single_stray_is_left():
    tables = chinese()
    tables["links"]["管径"] = ["0.5", "0.6", "500"]
    survey = survey_of(**tables, names=NAMES)
    assert list(survey.links["diameter_mm"]) == [500, 600, 500]
    assert "diameters_in_metres" in {reading.code for reading in survey.readings}
    tables["links"]["管径"] = ["500", "0.6", "500"]
    assert list(survey_of(**tables, names=NAMES).links["diameter_mm"]) == [500, 0.6, 500]


def test_a_box_section_is_not_taken_for_a_pipe():
    tables = chinese()
    tables["links"].loc[0, "管径"] = "800X600"
    survey = survey_of(**tables, names=NAMES)
    assert survey.links["diameter_mm"].isna().tolist() == [True, False, False]
    reading = next(reading for reading in survey.readings if reading.code == "section_not_round")
    assert "800X600" in reading.sentence("zh")


def test_depths_in_an_elevations_column_are_told_by_where_they_would_put_the_pipe():
    # Ground at 6 m, values 3 to 4. As elevations they would do as well as depths: elevations are believed.
    tables = chinese()
    tables["nodes"] = tables["nodes"].rename(columns={"井底深": "井底高程"})
    assert survey_of(**tables, names=NAMES).nodes.loc["PS1", "invert_m"] == 3.0
    # Ground at 40 m: as elevations they would lie 36 m down.
    tables["nodes"]["地面高程"] = 40.0
    survey = survey_of(**tables, names=NAMES)
    assert survey.nodes.loc["PS1", "invert_m"] == 37.0
    assert "elevations_are_depths" in {reading.code for reading in survey.readings}


def test_planned_and_abandoned_links_are_never_mixed_in():
    tables = chinese()
    tables["links"]["现状"] = ["在用", "规划", "报废"]
    survey = survey_of(**tables, names=NAMES)
    assert list(survey.links.index) == ["G1"]
    assert list(survey.planned.index) == ["G2"]
    assert {"links_planned", "links_abandoned"} <= {reading.code for reading in survey.readings}


def test_a_chosen_column_overrides_the_proposed_one():
    tables = chinese()
    tables["links"]["规格"] = [800, 800, 800]
    survey = survey_of(**tables, names=NAMES, chosen={"links": {"diameter_mm": "规格"}})
    assert list(survey.links["diameter_mm"]) == [800, 800, 800]
    with pytest.raises(XinguError) as refusal:
        survey_of(**tables, names=NAMES, chosen={"links": {"diameter_mm": "nope"}})
    assert refusal.value.code == "sewer_column_unknown"


def test_case_blanks_and_underscores_in_names_do_not_matter():
    assert proposed(["From Node", "TO-NODE", "Diameter MM"], NAMES.links) == {
        "from_node": "From Node",
        "to_node": "TO-NODE",
        "diameter_mm": "Diameter MM",
    }


def test_a_table_without_ends_is_refused_with_the_names_that_would_do():
    tables = chinese()
    tables["links"] = tables["links"].drop(columns="连接点号")
    with pytest.raises(XinguError) as refusal:
        survey_of(**tables, names=NAMES)
    assert refusal.value.code == "sewer_column_missing"
    assert "连接点号" in refusal.value.sentence("zh")


def test_every_reading_is_told_in_both_languages():
    tables = chinese()
    tables["links"]["现状"] = ["在用", "规划", "报废"]
    tables["links"]["管径"] = ["0.5", "0.6", "box"]
    for reading in survey_of(**tables, names=NAMES).readings:
        assert all("{" not in reading.sentence(lang) for lang in LANGS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_folder_of_chinese_tables_is_a_network(tmp_path, encoding):
    for name, table in chinese().items():
        table.to_csv(tmp_path / f"{name}.csv", index=False, encoding=encoding)
    net = network_in(tmp_path)
    assert net.confidence is Confidence.ILLUSTRATIVE
    assert headroom_of(assessed_of(net), FAB).table.loc["PS1", "headroom_m3_d"] > 0
    assert {fault.code for fault in checked_in(tmp_path)} == set()
    assert survey_in(tmp_path).readings


def write_network(net: Network, folder: Path) -> None:
    """The tables of ``net`` as a water company would hand them over, in the working CRS."""
    folder.mkdir(exist_ok=True)
    for name in ("nodes", "links", "loads", "upgrades"):
        getattr(net, name).to_csv(folder / f"{name}.csv", index_label="id")
    (folder / "network.toml").write_text(f'crs = "{CRS}"\nconfidence = "{net.confidence.value}"\n', encoding="utf-8")


def test_a_written_network_reads_back_equal(tmp_path):
    net = random_network(3, 40, splits=0.3)
    write_network(net, tmp_path / "net")
    back = network_in(tmp_path / "net")
    assert back.digest == net.digest
    assert back.confidence is net.confidence
    pd.testing.assert_frame_equal(headroom_of(assessed_of(back), FAB).table, headroom_of(assessed_of(net), FAB).table)


def test_upgrades_and_names_survive_writing(tmp_path):
    change = {"id": "u1", "element": "n0-n1", "year": 2027, "field": "diameter_mm", "value": 1200.0}
    net = network(["n0", plant("works", name_zh='东厂,"甲"')], [link("n0", "works", "n0-n1")], upgrades=[change])
    write_network(net, tmp_path)
    back = network_in(tmp_path)
    assert back.nodes.loc["works", "name_zh"] == '东厂,"甲"'
    assert back.upgrades.loc["u1", "value"] == 1200.0
    assert back.digest == net.digest


def test_geojson_in_another_crs_lands_in_the_working_one(tmp_path):
    nodes = gpd.GeoDataFrame(
        {"id": ["a", "w"], "kind": ["manhole", "plant"], "capacity_m3_d": [None, 1e4]},
        geometry=gpd.points_from_xy([120.0, 120.01], [30.0, 30.0]),
        crs="EPSG:4326",
    )
    lines = gpd.GeoDataFrame(
        {"id": ["a-w"], "from_node": ["a"], "to_node": ["w"], "diameter_mm": [500]},
        geometry=[LineString([(120.0, 30.0), (120.01, 30.0)])],
        crs="EPSG:4326",
    )
    nodes.to_file(tmp_path / "nodes.geojson")
    lines.to_file(tmp_path / "links.geojson")
    net = network_in(tmp_path)
    # On the central meridian the easting is 500,000; a hundredth of a degree at 30° is 0.01·π/180·R·cos 30° ≈ 965 m.
    assert net.nodes.loc["a", "x_m"] == pytest.approx(500_000, abs=0.01)
    assert net.links.loc["a-w", "length_m"] == pytest.approx(965, abs=2)


def test_coordinates_without_a_crs_are_refused_and_with_one_taken(tmp_path):
    net = chain()
    write_network(random_network(1, 10), tmp_path)
    (tmp_path / "network.toml").write_text('confidence = "surveyed"\n', encoding="utf-8")
    with pytest.raises(XinguError) as refusal:
        network_in(tmp_path)
    assert refusal.value.code == "sewer_crs_missing"
    assert net.phase == ""


def test_an_empty_or_missing_folder_says_what_to_put_there(tmp_path):
    with pytest.raises(XinguError) as refusal:
        network_in(tmp_path)
    assert refusal.value.code == "sewer_folder_empty"
    with pytest.raises(XinguError) as refusal:
        network_in(tmp_path / "none")
    assert refusal.value.code == "folder_missing"


def test_faults_of_a_folder_include_the_errors_that_prevent_a_network(tmp_path):
    net = network(
        ["a", station("s", 10), plant("w")], [link("a", "s"), link("s", "w", kind="pressure")], [load("a", 1)]
    )
    write_network(net, tmp_path)
    links = pd.read_csv(tmp_path / "links.csv")
    links.loc[links["id"] == "a-s", "to_node"] = "lost"
    links.to_csv(tmp_path / "links.csv", index=False)
    assert ("sewer_end_unknown", "a-s") in {(fault.code, fault.element) for fault in checked_in(tmp_path)}
    with pytest.raises(XinguError):
        network_in(tmp_path)
