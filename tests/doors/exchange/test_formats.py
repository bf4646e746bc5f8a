"""Exports open elsewhere: they come back equal, carry their papers, and run nothing in a spreadsheet."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Tree

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from kit.opening import Options
from shapely.geometry import MultiPolygon, Polygon, box

from xingu_geo.doors.exchange.formats import FORMATS, export_table, format_of
from xingu_geo.doors.exchange.geopackage import LAYER
from xingu_geo.doors.exchange.qgis_style import qml_of, score_breaks
from xingu_geo.doors.exchange.shapefile import short_names
from xingu_geo.doors.exchange.travel_papers import Papers
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.datum import convert_frame
from xingu_geo.places.intake.crs_gate import place
from xingu_geo.places.intake.raw import Raw
from xingu_geo.places.intake.readers.dxf import read_dxf
from xingu_geo.places.intake.readers.geojson import read_geojson
from xingu_geo.places.intake.readers.geopackage import read_geopackage
from xingu_geo.places.intake.readers.geoparquet import read_geoparquet
from xingu_geo.places.intake.readers.kml import read_kml
from xingu_geo.places.intake.readers.shapefile import read_shapefile_zip
from xingu_geo.places.intake.readers.table import read_csv, read_xlsx

PAPERS = Papers(manifest={"run": "abc123", "seed": 5}, attribution=("地块 · parcels: ODbL; osm; inferred",))
HOLED = Polygon(
    box(540_000, 3_353_000, 540_300, 3_353_200).exterior, [box(540_100, 3_353_050, 540_150, 3_353_100).exterior]
)
SHAPES = [
    HOLED,
    MultiPolygon([box(541_000, 3_353_000, 541_100.123, 3_353_100), box(541_200, 3_353_000, 541_300, 3_353_100.456)]),
    box(542_000.0001, 3_353_000, 542_500, 3_353_400),
    Polygon([(543_000, 3_353_000), (543_250, 3_353_010), (543_180.5, 3_353_200.25)]),
]
EXACT = ("geopackage", "geoparquet", "xlsx")


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    """Four parcels with every kind of column, missing values, hostile text, and ids that look like numbers."""
    table = pd.DataFrame(
        {
            "name_zh": ["钱塘一号地", "下沙“二号”", None, "<img src=x> {{ 7*7 }}"],
            "rank": pd.array([1, 2, None, 3], dtype="Int64"),
            "score": [0.9, 0.55, float("nan"), 0.1],
            "eligible": [True, True, False, True],
            "headroom_m3_d": [1234.5678901234, -20.0, float("nan"), 0.0],
            "headroom_m3_s": [1.0, 2.0, 3.0, 4.0],
            "owner": ["=1+1", "@SUM(A1)", "+cmd", "-2"],
            "用地性质": ["一类工业用地", "二类工业用地", "科研用地", None],
        },
        index=pd.Index(["0012", "330114001001000123", "C-3", "4"], name="site_id"),
    )
    return gpd.GeoDataFrame(table, geometry=SHAPES, crs="EPSG:4549")


def brought_back(path: Path, name: str, tmp_path: Path) -> Raw:
    """What intake reads from an export."""
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    readers = {
        "geojson": lambda: read_geojson(path, Options()),
        "geopackage": lambda: read_geopackage(path, Options()),
        "geoparquet": lambda: read_geoparquet(path, Options()),
        "shapefile": lambda: read_shapefile_zip(path, Options(), workshop=workshop),
        "kml": lambda: read_kml(path, Options()),
        "csv": lambda: read_csv(path, Options()),
        "xlsx": lambda: read_xlsx(path, Options(layer="data")),
        "dxf": lambda: read_dxf(path, Options(layer="PARCELS"), workshop=workshop),
    }
    return readers[name]()[0]


@pytest.mark.parametrize("name", ["geojson", "geopackage", "geoparquet", "shapefile", "kml", "csv", "xlsx"])
def test_what_goes_out_comes_in_equal(frame: gpd.GeoDataFrame, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMATS[name].ending}"
    export_table(frame, path, papers=PAPERS)
    raw = brought_back(path, name, tmp_path)
    options = Options(crs="EPSG:4549") if raw.crs is None else Options()
    placed = place(raw, options, datum=None).frame
    # RFC 7946 output is rounded to seven decimals, about 1 cm; every other format keeps the millimetre.
    tolerance_m = 0.012 if name == "geojson" else 0.001
    for out, back in zip(SHAPES, placed.geometry, strict=True):
        assert shapely.hausdorff_distance(out.normalize(), back.normalize()) < tolerance_m
    column = (
        (lambda full: short_names(list(frame.reset_index().columns))[full])
        if name == "shapefile"
        else (lambda full: full)
    )
    assert placed[column("site_id")].astype(str).tolist() == frame.index.tolist()
    for full in ("name_zh", "用地性质"):
        assert [v if isinstance(v, str) else None for v in placed[column(full)]] == frame[full].astype(object).where(
            frame[full].notna(), None
        ).tolist()
    for full in ("rank", "score", "headroom_m3_d", "headroom_m3_s"):
        expected = frame[full].astype("float64").tolist()
        assert pd.to_numeric(placed[column(full)]).astype("float64").tolist() == pytest.approx(
            expected, rel=1e-9, nan_ok=True
        )
    if name != "csv":  # the guard's apostrophe stays in a CSV: it has no other way to say "text"
        assert placed[column("owner")].tolist() == frame["owner"].tolist()


def test_a_drawing_comes_back_with_every_outline_within_a_millimetre(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    export_table(frame, path, papers=PAPERS)
    raw = brought_back(path, "dxf", tmp_path)
    rings = [ring for shape in SHAPES for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    outlines = [Polygon(ring) for ring in rings]
    assert len(raw.frame) == len(outlines) == 6  # 2 for the holed one, 2 for the double one, 1, 1
    for out, back in zip(outlines, raw.frame.geometry, strict=True):
        assert shapely.hausdorff_distance(out.normalize(), back.normalize()) < 0.001
    texts = read_dxf(path, Options(layer="PARCEL_TEXT"), workshop=tmp_path)[0].frame["text"].tolist()
    assert texts[0] == "0012 钱塘一号地"
    assert path.read_text(encoding="ascii").startswith("999\nEPSG:4549")


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_export_carries_manifest_and_attribution(frame: gpd.GeoDataFrame, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMATS[name].ending}"
    files = export_table(frame, path, papers=PAPERS)
    assert files[0] == path
    if len(files) == 2:
        told = files[1].read_text(encoding="utf-8")
    elif name == "geopackage":
        told = json.dumps(pyogrio.read_info(path, layer=LAYER)["dataset_metadata"], ensure_ascii=False)
    elif name == "geoparquet":
        told = pq.read_metadata(path).metadata[b"xingu_geo"].decode()
    elif name == "shapefile":
        with zipfile.ZipFile(path) as archive:
            told = archive.read("manifest.json").decode() + archive.read("ATTRIBUTION.txt").decode()
    elif name == "xlsx":
        about = openpyxl.load_workbook(path)["about"]
        told = "\n".join(str(cell.value) for row in about.iter_rows() for cell in row)
    else:
        told = path.read_text(encoding="utf-8")
    assert "abc123" in told
    assert "ODbL" in told
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in files)


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_frame_gives_the_same_bytes(frame: gpd.GeoDataFrame, name: str, tmp_path: Path) -> None:
    one, other = (tmp_path / f"{n}{FORMATS[name].ending}" for n in ("a", "b"))
    export_table(frame, one, papers=PAPERS)
    export_table(frame, other, papers=PAPERS)
    if name == "xlsx":  # the zip inside a workbook keeps the time it was made; its contents do not
        contents = []
        for path in (one, other):
            with zipfile.ZipFile(path) as archive:
                contents.append({member: archive.read(member) for member in archive.namelist()})
        assert contents[0]["xl/worksheets/sheet1.xml"] == contents[1]["xl/worksheets/sheet1.xml"]
    else:
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_frame_in_degrees_is_refused(frame: gpd.GeoDataFrame, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMATS[name].ending}"
    if name.startswith("geojson"):
        with pytest.raises(XinguError) as caught:
            export_table(frame.set_crs(None, allow_override=True), path)
        assert caught.value.code == "crs_missing"
        return
    with pytest.raises(XinguError) as caught:
        export_table(frame.to_crs("EPSG:4326"), path)
    assert caught.value.code == "crs_not_metres"
    assert list(tmp_path.iterdir()) == []


def test_the_geopackage_holds_a_style_that_qgis_applies(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    export_table(frame, path, papers=PAPERS)
    with sqlite3.connect(path) as database:
        row = database.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchone()
        geometry = database.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()[0]
        crs = database.execute("SELECT srs_id FROM gpkg_contents WHERE table_name = 'ranking'").fetchone()[0]
    database.close()
    assert row[:3] == ("ranking", geometry, 1)
    assert crs == 4549
    rules = Tree.fromstring(row[3].split("\n", 1)[1]).findall(".//rule")  # noqa: S314
    assert len(rules) == 6
    assert rules[-1].get("filter") == "ELSE"


def test_each_score_falls_into_exactly_one_rule(frame: gpd.GeoDataFrame) -> None:
    scores = pd.Series([0.1, 0.26, 0.5, 0.7400000000000001, 0.9])
    breaks = score_breaks(scores)
    assert breaks == pytest.approx([0.1, 0.26, 0.42, 0.58, 0.74, 0.9])
    filters = [rule.get("filter") for rule in Tree.fromstring(qml_of(frame).split("\n", 1)[1]).iter("rule")]  # noqa: S314
    assert all('"eligible"' in text for text in filters[:-1] if text)
    for score in scores:
        inside = [
            low <= score < high or (part == 4 and score == high) for part, (low, high) in enumerate(pairwise(breaks))
        ]
        assert sum(inside) == 1


def test_scores_all_alike_make_one_class(frame: gpd.GeoDataFrame) -> None:
    assert score_breaks(pd.Series([0.5, 0.5])) == [0.5, 0.5]
    assert "SimpleFill" in qml_of(frame.drop(columns="score"))


def test_short_names_are_safe_different_and_listed(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    long = frame.assign(**{f"headroom_m3_d_{n}": 1.0 for n in range(12)}, why_zh="因" * 200)
    names = short_names(list(long.columns))
    assert len({name.lower() for name in names.values()}) == len(long.columns)
    assert all(len(name) <= 10 and name.isascii() for name in names.values())
    path = tmp_path / "a.zip"
    export_table(long, path, papers=PAPERS)
    with zipfile.ZipFile(path) as archive:
        rows = archive.read("fields.csv").decode("utf-8-sig").splitlines()
        assert archive.read("ranking.cpg") == b"UTF-8"
        assert b"120" in archive.read("ranking.prj")
    # 254 bytes hold 84 characters of three bytes: all four texts of 200 characters are cut
    assert any(row.endswith(",why_zh,4") for row in rows)


def test_no_cell_of_a_workbook_is_a_formula(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    export_table(frame, path, papers=PAPERS)
    sheet = openpyxl.load_workbook(path)["data"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["0012", "330114001001000123"]
    csv_path = tmp_path / "a.csv"
    export_table(frame, csv_path)
    assert "'=1+1" in csv_path.read_text(encoding="utf-8-sig")


def test_gcj02_is_marked_and_comes_back_within_a_centimetre(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "a.gcj02.geojson"
    export_table(frame, path, papers=PAPERS)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["datum"] == "GCJ-02"
    assert document["warning"].startswith("NON-STANDARD")
    shifted = read_geojson(path, Options())[0].frame.set_crs("EPSG:4326")
    back = convert_frame(shifted, source="gcj02", target="wgs84").to_crs("EPSG:4549")
    assert shapely.hausdorff_distance(shifted.to_crs("EPSG:4549").geometry.iloc[3], SHAPES[3]) > 400
    for out, again in zip(SHAPES, back.geometry, strict=True):
        assert shapely.hausdorff_distance(out.normalize(), again.normalize()) < 0.012


def test_an_unknown_ending_is_one_sentence() -> None:
    with pytest.raises(XinguError) as caught:
        format_of(Path("a.mxd"))
    assert caught.value.code == "export_format_unknown"
    assert format_of(Path("A.GCJ02.GEOJSON")).ending == ".gcj02.geojson"


LIMITED = """
import resource, sys
from pathlib import Path
import geopandas as gpd, pandas as pd
from shapely.geometry import box
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.doors.exchange.formats import export_table
shapes = [box(540000 + 10 * n, 3353000, 540009 + 10 * n, 3353009) for n in range(3000)]
frame = gpd.GeoDataFrame({"why": ["x%d" % n * 20 for n in range(3000)]}, geometry=shapes, crs="EPSG:4549",
                         index=pd.Index([str(n) for n in range(3000)], name="site_id"))
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
for name in sys.argv[1:]:
    try:
        export_table(frame, Path(name))
        print("saved", name)
    except XinguError as error:
        print(error.code)
"""


def test_a_full_disk_is_said_for_every_format_and_the_old_file_stays(tmp_path: Path) -> None:
    paths = [tmp_path / f"a{known.ending}" for known in FORMATS.values()]
    for path in paths:
        path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LIMITED, *map(str, paths)], capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == len(paths)
    assert set(done.stdout.split()) <= {"disk_full", "save_failed", "save_unreadable"}
    assert [path.read_bytes() for path in paths] == [b"old"] * len(paths)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(path.name for path in paths)
