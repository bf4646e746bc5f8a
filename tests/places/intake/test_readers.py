"""Each reader gives back what the file holds: numbers in their units, text as typed, holes as holes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import rasterio
import shapely
from kit import intake as kit
from kit.opening import Options
from rasterio import Affine
from shapely.geometry import Polygon, box

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.dbf import read_dbf
from xingu_geo.places.intake.readers.dxf import read_dxf
from xingu_geo.places.intake.readers.geojson import read_geojson
from xingu_geo.places.intake.readers.geopackage import read_geopackage
from xingu_geo.places.intake.readers.geotiff import read_geotiff
from xingu_geo.places.intake.readers.kml import read_kml
from xingu_geo.places.intake.readers.table import read_csv, read_xlsx, typed


def test_records_marked_deleted_stay_out(tmp_path: Path) -> None:
    content = bytearray(kit.dbf([b"A", b"B"], [[b"one", b"1"], [b"two", b"2"]], width=8))
    content[32 + 64 + 1 + 17] = ord("*")  # header of 97 bytes, then records of 17: the second one's mark
    table = read_dbf(bytes(content), name="a")
    assert table.deleted == {1}
    assert dict(table.columns) == {"A": ["one", "two"], "B": ["1", "2"]}


def test_a_drawing_in_gbk_gives_layers_and_closed_outlines(tmp_path: Path) -> None:
    corners = "".join(f"10\n{x}\n20\n{y}\n" for x, y in kit.LOTS[0].exterior.coords[:-1])
    dxf = f"0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n5\nA1\n8\n工业用地\n90\n4\n70\n1\n{corners}0\nENDSEC\n0\nEOF\n"
    (raw,) = read_dxf(kit.write(tmp_path, "a.dxf", dxf.encode("gbk")), Options(), workshop=tmp_path)
    assert raw.crs is None
    assert raw.frame["layer"].tolist() == ["工业用地"]
    assert raw.frame.geometry.iloc[0].equals(kit.LOTS[0])


def test_a_kml_keeps_holes_and_data(tmp_path: Path) -> None:
    ring = "120.4,30.3,0 120.41,30.3,0 120.41,30.31,0 120.4,30.31,0 120.4,30.3,0"
    hole = "120.402,30.302 120.404,30.302 120.404,30.304 120.402,30.302"
    kml = f"""<kml xmlns="http://www.opengis.net/kml/2.2"><Folder><Placemark><name>甲 &amp; 乙</name>
    <ExtendedData><Data name="用途"><value>工业</value></Data>
    <SchemaData><SimpleData name="面积">5</SimpleData></SchemaData></ExtendedData>
    <Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>
    <innerBoundaryIs><LinearRing><coordinates>{hole}</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
    </Folder></kml>"""
    (raw,) = read_kml(kit.write(tmp_path, "a.kml", kml.encode()), Options())
    assert raw.frame.drop(columns="geometry").iloc[0].to_dict() == {"name": "甲 & 乙", "用途": "工业", "面积": "5"}
    shape = raw.frame.geometry.iloc[0]
    assert isinstance(shape, Polygon)
    # 0.01° x 0.01° less a triangle of 0.002° x 0.002° / 2
    assert shape.area == pytest.approx(1e-4 - 2e-6)


def test_numbers_are_numbers_only_where_no_digit_is_lost() -> None:
    assert typed(["1", "2", ""]) == [1, 2, None]
    assert typed(["1.5", "2"]) == [1.5, 2.0]
    for kept in (["0012", "7"], ["330114001001000123"], ["1", "甲"], ["1e400", "x"], ["=1+1"]):
        assert typed(kept) == kept


def test_a_workbook_gives_formulas_as_last_computed_and_empty_rows_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("编号", "X", "Y"), ("a", 540_000.5, 3_353_000), (None, None, None), ("b", 540_100, 3_353_100)):
        book.active.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    (raw,) = read_xlsx(path, Options())
    assert raw.frame["编号"].tolist() == ["a", "b"]
    assert shapely.get_coordinates(raw.frame.geometry.to_numpy()).tolist() == [
        [540_000.5, 3_353_000],
        [540_100, 3_353_100],
    ]


def test_a_csv_with_semicolons_and_wkt_is_read(tmp_path: Path) -> None:
    text = "编号;几何\na;SRID=4549;x\n"
    good = f'编号;几何\na;"{kit.LOTS[0].wkt}"\nb;\n'
    (raw,) = read_csv(kit.write(tmp_path, "a.csv", good.encode()), Options())
    assert raw.frame.geometry.iloc[0].equals(kit.LOTS[0])
    assert raw.frame.geometry.iloc[1] is None
    with pytest.raises(XinguError) as caught:
        read_csv(kit.write(tmp_path, "b.csv", text.encode()), Options())
    assert caught.value.code == "table_ragged"


def test_geojson_ids_and_nested_values_become_plain_columns(tmp_path: Path) -> None:
    one = kit.feature(a={"b": 1}, tags=["x"]) | {"id": 7}
    (raw,) = read_geojson(kit.write(tmp_path, "a.geojson", kit.geojson([one])), Options())
    assert raw.frame["id"].tolist() == ["7"]
    assert raw.frame["tags"].tolist() == ["['x']"]


def test_a_geopackage_with_a_trigger_and_an_index_is_still_plain(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"编号": ["a", "b"]}, geometry=list(kit.LOTS), crs="EPSG:4549").to_file(
        path, layer="地块", driver="GPKG"
    )
    with sqlite3.connect(path) as database:
        database.execute('CREATE INDEX i ON "地块" ("编号")')
    database.close()
    (raw,) = read_geopackage(path, Options())
    assert raw.name == "地块"
    assert raw.frame["编号"].tolist() == ["a", "b"]
    assert raw.crs is not None
    assert raw.crs.to_epsg() == 4549


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")  # rasterio's own, of affine 3
def test_a_raster_elsewhere_is_resampled_within_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    rows, columns = np.mgrid[0:60, 0:60]
    plane = (columns * 0.1).astype("float32")  # rises 0.1 m for each cell eastwards
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "width": 60, "height": 60, "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=Affine(0.0005, 0, 120.40, 0, -0.0005, 30.33), **profile) as sink:
        sink.write(plane + 0 * rows, 1)
    found = read_geotiff(path, Options(), target=tmp_path / "out.tif")
    assert [note.code for note in found.notes] == ["raster_resampled"]
    with rasterio.open(found.file) as out:
        assert out.crs.to_epsg() == 4549
        lot = (
            gpd.GeoSeries([box(120.4149, 30.3149, 120.4151, 30.3151)], crs="EPSG:4326")
            .to_crs("EPSG:4549")
            .centroid.iloc[0]
        )
        column, row = (lot.x - out.transform.c) / out.transform.a, (lot.y - out.transform.f) / out.transform.e
        value = out.read(1)[int(row), int(column)]
    # 120.415 is 30 cells east of the edge; the centre of cell c lies at c + 0.5, so the plane is (30 − 0.5) x 0.1 there
    assert value == pytest.approx(2.95, abs=0.1)
