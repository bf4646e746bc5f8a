"""Only the working ground is measured on, and nothing is shifted silently."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.crs import is_accurate_transform, require_metres, require_same, to_wgs84, to_working

WORKING = "EPSG:4549"


def _frame(crs: str | None, x: float = 120.0, y: float = 30.0) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.Point(x, y)], crs=crs)


def test_a_frame_without_crs_is_refused() -> None:
    with pytest.raises(XinguError) as caught:
        to_working(_frame(None), WORKING, name="地块")
    assert caught.value.code == "crs_missing"


def test_the_central_meridian_has_the_false_easting() -> None:
    # EPSG:4549 is a transverse Mercator on 120° E with a false easting of 500 000 m: on the meridian x is exactly that.
    point = to_working(_frame("EPSG:4326"), WORKING, name="x").geometry.iloc[0]
    assert point.x == pytest.approx(500_000, abs=1e-6)
    # The meridian arc from the equator to 30° N on the CGCS2000 ellipsoid is 3 320 113.398 m (GRS80 tables).
    assert point.y == pytest.approx(3_320_113.398, abs=0.01)


def test_longitude_and_latitude_come_back() -> None:
    back = to_wgs84(to_working(_frame("EPSG:4326", 120.475, 30.335), WORKING, name="x"), name="x").geometry.iloc[0]
    assert (back.x, back.y) == pytest.approx((120.475, 30.335), abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4528", "EPSG:4547", "EPSG:32651", "EPSG:3857"])
def test_earth_centred_datums_are_one_ground(crs: str) -> None:
    assert is_accurate_transform(CRS(crs), CRS(WORKING))


@pytest.mark.parametrize("crs", ["EPSG:4214", "EPSG:2437", "EPSG:4610", "EPSG:2384", "EPSG:4555"])
def test_beijing_54_and_xian_80_are_refused_for_they_would_shift_silently(crs: str) -> None:
    x, y = (120.3, 30.3) if CRS(crs).is_geographic else (500_000.0, 3_350_000.0)
    with pytest.raises(XinguError) as caught:
        to_working(_frame(crs, x, y), WORKING, name="旧图")
    assert caught.value.code == "crs_datum"


# Degrees, a web map's metres, US survey feet, and the earth-centred metres of a satellite.
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2263", "EPSG:4978"])
def test_measuring_in_anything_but_metres_of_the_ground_is_refused(crs: str) -> None:
    with pytest.raises(XinguError) as caught:
        require_metres(_frame(crs, 0, 0), name="x")
    assert caught.value.code == "crs_not_metres"


@pytest.mark.parametrize("crs", [WORKING, "EPSG:4528", "EPSG:4547", "EPSG:32651", "EPSG:2326"])
def test_any_projected_crs_in_metres_may_be_worked_in(crs: str) -> None:
    require_metres(_frame(crs, 0, 0), name="x")


def test_two_frames_that_meet_must_lie_on_one_ground() -> None:
    require_same(_frame(WORKING), CRS(WORKING), name="x")
    with pytest.raises(XinguError) as caught:
        require_same(_frame("EPSG:4547"), CRS(WORKING), name="x")
    assert caught.value.facts == {"name": "x", "found": "EPSG:4547", "expected": WORKING}
