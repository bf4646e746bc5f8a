"""A received file is a layer like any other; the worker that read it can be killed, starved and cut short."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from kit import intake as kit
from kit.opening import Options, intake, look, open_catalogue

from xingu_geo.ground.base import settings
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.datum import convert_frame
from xingu_geo.places.intake import pen


def lots(**columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(kit.LOTS), crs="EPSG:4549")


def test_a_gbk_shapefile_without_cpg_becomes_the_parcels_of_the_catalogue(tmp_path: Path) -> None:
    into = tmp_path / "layers"
    report = intake(kit.write(tmp_path, "地块.zip", kit.shapefile()), role="parcels", into=into)
    layer = open_catalogue(into).vector("parcels")
    assert layer.table.index.tolist() == ["钱塘-01", "钱塘-02"]
    assert layer.table["land_use_code"].tolist() == ["100101", "0802"]
    assert layer.table["owner"].tolist() == ["杭州某某电子", "杭州某某材料"]
    # 300 m x 200 m and 500 m x 400 m
    assert layer.table.geometry.area.tolist() == pytest.approx([60_000.0, 200_000.0])
    assert report.layers[0].read.mapping == {"id": "地块编号", "land_use_code": "用地性质", "owner": "权利人"}
    assert layer.passport.sources == ("file_zip",)
    assert layer.passport.positional_accuracy_m == 500.0  # nobody tested it for a map shift
    assert "地块.zip" in layer.passport.lineage.zh


def test_the_next_file_takes_the_role_and_the_old_passport_stays_beside(tmp_path: Path) -> None:
    into = tmp_path / "layers"
    intake(kit.write(tmp_path, "a.zip", kit.shapefile()), role="parcels", into=into)
    texts = (("地块编号", "用地性质", "权利人"), ("新-01", "M1", "甲"), ("新-02", "M2", "乙"))
    report = intake(kit.write(tmp_path, "b.zip", kit.shapefile(texts=texts)), role="parcels", into=into)
    catalogue = open_catalogue(into)
    assert catalogue.vector("parcels").table.index.tolist() == ["新-01", "新-02"]
    assert catalogue.passport("parcels").version == "2.0.0"
    assert report.layers[0].replaced == "地块"
    assert (into / "parcels.toml.replaced").is_file()
    keys = (into / "sources.toml").read_text(encoding="utf-8")
    assert "[file_a_zip]" in keys
    assert "[file_b_zip]" in keys


def test_a_choice_of_columns_is_remembered_for_the_next_such_file(tmp_path: Path) -> None:
    into = tmp_path / "layers"
    texts = (("N", "YT", "QLR2"), ("a", "M1", "甲"), ("b", "M2", "乙"))
    path = kit.write(tmp_path, "a.zip", kit.shapefile(texts=texts))
    first = intake(path, role="parcels", into=into, options=Options(columns={"id": "N", "land_use_code": "YT"}))
    again = look(path, role="parcels", into=into)
    assert again.layers[0].read.mapping == first.layers[0].read.mapping == {"id": "N", "land_use_code": "YT"}
    assert "mapping_remembered" in {note.code for note in again.notes}
    assert not again.is_kept


def test_looking_writes_nothing(tmp_path: Path) -> None:
    into = tmp_path / "layers"
    report = look(kit.write(tmp_path, "a.zip", kit.shapefile()), role="parcels", into=into)
    assert report.layers[0].features == 2
    assert "一类工业用地" in report.layers[0].read.sample
    assert not into.exists()


def test_the_same_content_gives_the_same_file(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile())
    one = intake(path, role="parcels", into=tmp_path / "one").layers[0].file
    time.sleep(1.1)  # a file that kept its time of writing would differ
    other = intake(path, role="parcels", into=tmp_path / "other").layers[0].file
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_a_shifted_layer_is_flagged_and_converted_against_the_layer_it_replaces(tmp_path: Path) -> None:
    trusted = tmp_path / "trusted"
    clean = kit.write(tmp_path, "clean.zip", kit.shapefile())
    intake(clean, role="parcels", into=trusted)
    shifted = convert_frame(lots(地块编号=["钱塘-01", "钱塘-02"]).to_crs("EPSG:4326"), source="wgs84", target="gcj02")
    path = tmp_path / "amap.geojson"
    path.write_text(shifted.to_json(drop_id=True), encoding="utf-8")
    report = intake(path, role="parcels", into=tmp_path / "into", options=Options(trusted=str(trusted)))
    assert report.layers[0].read.datum == "gcj02"
    assert "shift_converted" in {note.code for note in report.warnings}
    back = open_catalogue(tmp_path / "into").vector("parcels").table
    for shape, lot in zip(back.geometry, kit.LOTS, strict=True):
        assert shape.hausdorff_distance(lot) < 1.0
    kept = look(path, role="parcels", options=Options(trusted=str(trusted), datum="wgs84"))
    assert kept.layers[0].read.datum == "wgs84"
    plain = look(clean, role="parcels", options=Options(trusted=str(trusted)))
    assert "shift_none" in {note.code for note in plain.notes}


def test_ids_in_excel_keep_their_zeros_and_their_eighteen_digits(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("编号", "站名", "线路", "经度", "纬度"),
        ("0012", "金沙湖", "1", 120.32, 30.31),
        ("330114001001000123", "云水", "1", 120.37, 30.30),
    ):
        book.active.append(row)
    path = tmp_path / "站点.xlsx"
    book.save(path)
    intake(path, role="metro", into=tmp_path / "into")
    table = open_catalogue(tmp_path / "into").vector("metro").table
    assert table.index.tolist() == ["0012", "330114001001000123"]
    assert table["name_zh"].tolist() == ["金沙湖", "云水"]


def test_the_report_speaks_both_languages_with_the_same_numbers(tmp_path: Path) -> None:
    report = look(kit.write(tmp_path, "a.zip", kit.shapefile()), role="parcels")
    zh, en = report.plain("zh"), report.plain("en")
    assert json.loads(json.dumps(zh))["layers"] == json.loads(json.dumps(en))["layers"]
    assert {"layers", "warnings", "repairs"} <= set(zh)
    assert "要素" in report.text("zh")
    assert "features" in report.text("en")


def workers() -> list[str]:
    """Command lines of intake workers alive now."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\x00", b" ").decode()
                status = (entry / "status").read_text()
            except OSError:  # it has ended since
                continue
            if "xingu_geo.places.intake.worker" in command and f"PPid:\t{os.getpid()}\n" in status:
                found.append(command)
    return found


def test_a_worker_out_of_time_is_killed_and_said(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile())
    with pytest.raises(XinguError) as caught:
        intake(path, role="parcels", into=tmp_path / "into", seconds=0)
    assert caught.value.code == "import_timeout"
    assert workers() == []
    assert not (tmp_path / "into").exists()


def test_a_worker_out_of_memory_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pen, "IMPORT_MEMORY_BYTES_MAX", 600_000_000)
    features = [kit.feature(id=str(n), note="x" * 200) for n in range(60_000)]
    path = kit.write(tmp_path, "a.geojson", kit.geojson(features))
    with pytest.raises(XinguError) as caught:
        intake(path, role="parcels", into=tmp_path / "into")
    assert caught.value.code in {"import_memory", "import_crashed"}
    assert not (tmp_path / "into").exists()


def test_a_worker_that_dies_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pen, "_PACKAGE_PARENT", tmp_path)  # no package there: the worker cannot even start
    with pytest.raises(XinguError) as caught:
        look(kit.write(tmp_path, "a.zip", kit.shapefile()), role="parcels")
    assert caught.value.code == "import_crashed"


def test_the_caps_are_the_documented_ones() -> None:
    assert (settings.IMPORT_SECONDS_MAX, settings.IMPORT_MEMORY_BYTES_MAX) == (60, 2_000_000_000)
    assert (settings.UPLOAD_BYTES_MAX, settings.UNZIPPED_BYTES_MAX) == (50_000_000, 500_000_000)


def test_a_role_filled_in_a_sub_folder_is_not_half_replaced(tmp_path: Path) -> None:
    into = tmp_path / "layers"
    intake(kit.write(tmp_path, "a.zip", kit.shapefile()), role="parcels", into=into / "land")
    with pytest.raises(XinguError) as caught:
        intake(tmp_path / "a.zip", role="parcels", into=into)
    assert caught.value.code == "role_elsewhere"
    assert sorted(path.name for path in into.iterdir()) == ["land"]
