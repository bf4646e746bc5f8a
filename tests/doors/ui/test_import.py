"""The import page without a browser: a file is reported on, taken, used by this session alone, and given back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kit import tables as planner
from kit.intake import feature, geojson
from kit.official import parcels_zip
from kit.opening import CRS, Options
from kit.six_fields import write_six_fields
from streamlit.testing.v1 import AppTest

from xingu_geo.doors.ui.importing.look import seeming_role
from xingu_geo.doors.ui.kit.import_session import Said
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.study.workspace import own_layers
from xingu_geo.study.workspace.own_layers import Upload

ROOT = Path(__file__).parents[3]
PATIENCE_S = 180
DOORS = (
    "from xingu_geo.doors.ui.kit.frame import open_door\n"
    "open_door({'import': 'importing.importing_page', 'siting': 'siting.siting_page'})\n"
)
ZIP = ("钱塘区工业地块.zip", parcels_zip(count=12), "application/zip")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny place served as the app's home, with an empty workspace beside it."""
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    monkeypatch.setenv("XINGU_GEO_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path


def _importing(lang: str = "zh") -> AppTest:
    app = AppTest.from_string(DOORS, default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    return app.run()


def _siting(own: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    if own:
        app.query_params["own"] = own
    return app.run()


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _ranked(app: AppTest) -> set[str]:
    return set(app.dataframe[0].value.index)


def _own(app: AppTest) -> str:
    assert app.query_params["own"] in (app.session_state["_own_layers"], [app.session_state["_own_layers"]])
    return str(app.session_state["_own_layers"])


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_an_official_file_is_reported_on_taken_used_and_given_back(home: Path) -> None:
    shipped = _files(home / "layers")
    app = _importing()
    app.file_uploader[0].set_value(ZIP)
    app.run()
    assert not app.exception
    # What was found, in words: encoding with its sample, CRS, fields under their own names.
    report = _html(app)
    assert "GB18030" in report
    assert "地块编号" in report
    assert "EPSG:4549" in report
    assert "用地性质 → 用地性质" in report
    assert "示意" in app.button(key="intake_take").label
    assert not (home / "workspace").exists()
    app.button(key="intake_take").click()
    app.run()
    assert not app.exception
    own = _own(app)
    assert {site[:8] for site in _ranked(_siting(own))} == {"QT-2026-"}
    # Another reader, and the shipped layers, know nothing of it.
    assert _ranked(_siting()) == {"A", "B", "C"}
    assert _files(home / "layers") == shipped
    app.button(key="intake_undo").click()
    app.run()
    assert "own" not in app.query_params
    assert "QT-2026" not in _html(app)


def test_a_refused_file_is_one_sentence_and_leaves_what_was_there(home: Path) -> None:
    own, _ = own_layers.with_layer("", Upload(ZIP[0], ZIP[1]), role="parcels", options=Options())
    before = _files(home / "workspace")
    app = _importing()
    app.session_state["_own_layers"] = own
    app.file_uploader[0].set_value(("地块.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", "application/json"))
    app.run()
    assert not app.exception
    (warned,) = [
        text for text in (part.proto.body for part in app.get("html")) if text.startswith('<div class="xg-warn')
    ]
    assert "虚拟格式" in warned
    assert "地块.geojson" in warned
    assert not [button for button in app.button if button.key == "intake_take"]
    assert _files(home / "workspace") == before


def test_a_file_without_a_crs_offers_the_readings_its_numbers_suggest(home: Path) -> None:
    app = _importing("en")
    app.file_uploader[0].set_value(("parcels.zip", parcels_zip(count=4, prj=None), "application/zip"))
    app.run()
    assert "the box “CRS”" in _html(app)
    assert "--crs" not in _html(app)
    (suggested,) = [button for button in app.button if str(button.key).startswith("intake_hint.EPSG")]
    assert "EPSG:4549" in suggested.label
    suggested.click()
    app.run()
    assert not app.exception
    assert app.button(key="intake_take").label


def test_a_table_asks_which_columns_say_where(home: Path) -> None:
    rows = "编号,甲,乙\nS1,550100,3352100\nS2,550300,3352200\n".encode("gbk")
    app = _importing()
    app.file_uploader[0].set_value(("地铁站.csv", rows, "text/csv"))
    app.run()
    assert "哪一列是 X" in _html(app)
    for place, column in (("x", "甲"), ("y", "乙")):
        (box,) = [box for box in app.selectbox if f".{place}." in str(box.key)]
        box.set_value(column)
        app.run()
    # Now the columns are known, but not the CRS; its numbers suggest one.
    (suggested,) = [button for button in app.button if str(button.key).startswith("intake_hint.EPSG:4549")]
    suggested.click()
    app.run()
    assert not app.exception
    assert "2 个要素" in _html(app)
    assert "地铁站" in app.button(key="intake_take").label


def test_a_guess_that_is_wrong_is_put_right_with_one_box(home: Path) -> None:
    app = _importing()
    app.file_uploader[0].set_value(ZIP)
    app.run()
    (box,) = [box for box in app.selectbox if str(box.key).startswith("intake_column.parcels.name_zh.")]
    assert box.value == ""
    box.set_value("权利人")
    app.run()
    app.button(key="intake_take").click()
    app.run()
    own = own_layers.own_catalogue(_own(app), crs=CRS)
    assert own is not None
    assert own.vector("parcels").table["name_zh"].iloc[0].startswith(("杭州", "钱塘区"))


def test_sets_never_change_and_each_knows_the_one_before(home: Path) -> None:
    upload = Upload(ZIP[0], ZIP[1])
    first, report = own_layers.with_layer("", upload, role="parcels", options=Options())
    held = _files(home / "workspace")
    assert report.layers[0].features == 12
    lots = geojson([feature(id="1", name="村", persons=300)])
    second, _ = own_layers.with_layer(first, Upload("居住区.geojson", lots), role="residential", options=Options())
    third = own_layers.without_layer(second, role="parcels")
    fourth = own_layers.without_layer(third, role="residential")
    assert {name: content for name, content in _files(home / "workspace").items() if name in held} == held
    roles = [set(own_layers.own_catalogue(one, crs=CRS) or ()) for one in (first, second, third, fourth)]
    assert roles == [{"parcels"}, {"parcels", "residential"}, {"residential"}, set()]
    assert [own_layers.before(one) for one in (first, second, third, fourth)] == ["", first, second, third]
    # The unchanged layer keeps its digest, so what was worked out for it is still known.
    assert dict(own_layers.stamp(second))["parcels"] == dict(own_layers.stamp(first))["parcels"]
    assert own_layers.stamp(fourth) == ()


def test_a_new_layer_of_a_role_takes_the_place_of_the_own_one_before(home: Path) -> None:
    first, _ = own_layers.with_layer("", Upload(ZIP[0], ZIP[1]), role="parcels", options=Options())
    again = Upload("新地块.zip", parcels_zip(count=3, first=500))
    said = Said(sure="official_map").options(planner.tables())
    second, _ = own_layers.with_layer(first, again, role="parcels", options=said)
    own = own_layers.own_catalogue(second, crs=CRS)
    assert own is not None
    assert list(own.vector("parcels").table.index) == ["QT-2026-500", "QT-2026-501", "QT-2026-502"]
    assert own.passport("parcels").confidence == Confidence.OFFICIAL_MAP
    folder = own_layers.folder_of(second)
    assert folder is not None
    assert len(list(folder.glob("*.gpkg"))) == 1


@pytest.mark.parametrize("token", ["", "..", "../layers", "0" * 31, "g" * 32, "0" * 32, "/etc", "0" * 32 + "\n"])
def test_an_address_names_no_folder_but_a_set_that_exists(home: Path, token: str) -> None:
    assert own_layers.folder_of(token) is None
    assert own_layers.stamp(token) == ()
    assert own_layers.own_catalogue(token, crs=CRS) is None


@pytest.mark.parametrize("name", ["../../x.geojson", "..\\..\\x.geojson", "/etc/x.geojson", "长" * 300 + ".geojson"])
def test_an_upload_lies_alone_in_its_own_folder_whatever_its_name(name: str) -> None:
    with Upload(name, b"1").on_disk() as file:
        assert [part.name for part in file.parent.iterdir()] == [file.name]
        assert file.suffix == ".geojson"
    assert not file.exists()


def test_a_workspace_that_cannot_be_written_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XINGU_GEO_WORKSPACE", str(home / "file"))
    with pytest.raises(XinguError) as refused:
        own_layers.with_layer("", Upload(ZIP[0], ZIP[1]), role="parcels", options=Options())
    assert refused.value.code == "workspace_unwritable"


def test_columns_and_file_names_tell_the_role() -> None:
    assert seeming_role(["地块编号", "用地性质", "容积率"], "export", planner.fields(), like="polygon") == "parcels"
    assert seeming_role(["小区名称", "人口"], "export", planner.fields(), like="polygon") == "residential"
    assert seeming_role(["编号"], "居住区2026", planner.fields(), like="polygon") == "residential"
    assert seeming_role(["道路名称", "道路等级"], "export", planner.fields(), like="line") == "roads"
    assert seeming_role(["站名", "所属线路"], "export", planner.fields(), like="point") == "metro"
    assert seeming_role(["a", "b"], "export", planner.fields(), like="polygon") == "parcels"


TOWN = b"""[OPTIONS]
FLOW_UNITS LPS
[JUNCTIONS]
J1 2.5 3
[OUTFALLS]
O1 2 FREE
[CONDUITS]
C1 J1 O1 120 0.013 0 0
[XSECTIONS]
C1 CIRCULAR 0.6 0 0 0
[DWF]
J1 FLOW 2
[COORDINATES]
J1 540000 3353000
O1 540100 3353000
"""


def test_a_swmm_file_brings_nodes_links_and_flows_in_one_step(home: Path) -> None:
    app = _importing()
    app.file_uploader[0].set_value(("管网.inp", TOWN, "text/plain"))
    app.run()
    (suggested,) = [button for button in app.button if str(button.key).startswith("intake_hint.EPSG:4549")]
    suggested.click()
    app.run()
    label = app.button(key="intake_take").label
    assert all(name in label for name in ("节点", "管段", "负荷"))
    app.button(key="intake_take").click()
    app.run()
    assert not app.exception
    own = own_layers.own_catalogue(_own(app), crs=CRS)
    assert own is not None
    assert set(own) == {"sewer_nodes", "sewer_links", "sewer_loads"}
    assert own.complaints == ()
    siting = _siting(_own(app))
    assert not siting.exception
    # The town lies far from the fields: nobody can drain there, and headroom that is unknown is no pass.
    assert _ranked(siting) == set()


def test_links_alone_leave_the_siting_page_running_and_it_says_what_is_missing(home: Path) -> None:
    line = {"type": "LineString", "coordinates": [[120.4, 30.3], [120.41, 30.3]]}
    pipe = {"type": "Feature", "geometry": line, "properties": {"管段编号": "P1", "起点井号": "a", "终点井号": "b"}}
    file = Upload("管段.geojson", geojson([pipe]))
    own, report = own_layers.with_layer("", file, role="sewer_links", options=Options(datum="wgs84"))
    assert "管段已收，仍缺节点、负荷" in report.text("zh")
    app = _siting(own)
    assert not app.exception
    assert _ranked(app) == {"A", "B", "C"}
    assert "污水管网资料不全，缺节点、负荷" in _html(app)


def test_a_table_of_flows_is_known_by_its_columns(home: Path) -> None:
    app = _importing()
    rows = "编号,接入节点,状态,生活污水,工业废水\n户1,J1,现状,10,0\n".encode("gbk")
    app.file_uploader[0].set_value(("排水户.csv", rows, "text/csv"))
    app.run()
    assert not app.exception
    assert "负荷" in app.button(key="intake_take").label
    assert "仍缺节点、管段" in _html(app)
