"""GeoJSON leaves as RFC 7946 wants it."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from kit.rfc7946 import complaints

from xingu_geo.doors.exchange.geojson import geojson_text, write_geojson


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    """Two sites near the core: one square with a hole, drawn clockwise, one without a score."""
    holed = shapely.Polygon(
        [(545000, 3357000), (545000, 3357100), (545100, 3357100), (545100, 3357000)],
        holes=[[(545040, 3357040), (545060, 3357040), (545060, 3357060), (545040, 3357060)]],
    )
    plain = shapely.box(545200, 3357000, 545300, 3357100)
    return gpd.GeoDataFrame(
        {"score": [71.5, float("nan")], "name_zh": ['钱塘 "甲"', ""], "eligible": [True, False]},
        index=["XS-0001", "XS-0002"],
        geometry=[holed, plain],
        crs="EPSG:4549",
    ).rename_axis("site_id")


def test_it_obeys_rfc_7946(frame: gpd.GeoDataFrame) -> None:
    document = json.loads(geojson_text(frame))
    assert len(document["features"]) == 2
    assert complaints(document) == []


def test_the_validator_would_notice(frame: gpd.GeoDataFrame) -> None:
    document = json.loads(geojson_text(frame))
    document["features"][0]["geometry"]["coordinates"][0].reverse()
    document["features"][1]["id"] = 7
    assert len(complaints(document)) == 2


def test_ids_are_stable_text_and_missing_numbers_are_null(frame: gpd.GeoDataFrame) -> None:
    features = json.loads(geojson_text(frame))["features"]
    assert [feature["id"] for feature in features] == ["XS-0001", "XS-0002"]
    assert [feature["properties"]["site_id"] for feature in features] == ["XS-0001", "XS-0002"]
    assert [feature["properties"]["score"] for feature in features] == [71.5, None]


def test_gdal_reads_back_the_same_ground(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    file = tmp_path / "sites.geojson"
    write_geojson(frame, file)
    back = pyogrio.read_dataframe(file).set_index("site_id")
    assert back.crs == "EPSG:4326"
    metres = back.to_crs("EPSG:4549")
    # Seven decimals of a degree are about a centimetre; 100 m × 100 m less 20 m × 20 m is 9,600 m².
    assert metres.geometry.area.to_dict() == pytest.approx({"XS-0001": 9600.0, "XS-0002": 10000.0}, abs=4.0)
    assert (shapely.hausdorff_distance(metres.geometry, frame.geometry) < 0.02).all()


def test_the_same_frame_gives_the_same_bytes(frame: gpd.GeoDataFrame) -> None:
    assert geojson_text(frame) == geojson_text(frame)
