"""Only the working ground is measured on, and nothing is shifted silently."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.crs import is_accurate_transform, require_working, to_wgs84, to_working


def _frame(crs: str | None, x: float = 120.0, y: float = 30.0) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.Point(x, y)], crs=crs)


def test_a_frame_without_crs_is_refused() -> None:
    with pytest.raises(XinguError) as caught:
        to_working(_frame(None), name="地块")
    assert caught.value.code == "crs_missing"


def test_the_central_meridian_has_the_false_easting() -> None:
    # EPSG:4549 is a transverse Mercator on 120° E with a false easting of 500 000 m: on the meridian x is exactly that.
    point = to_working(_frame("EPSG:4326"), name="x").geometry.iloc[0]
    assert point.x == pytest.approx(500_000, abs=1e-6)
    # The meridian arc from the equator to 30° N on the CGCS2000 ellipsoid is 3 320 113.398 m (GRS80 tables).
    assert point.y == pytest.approx(3_320_113.398, abs=0.01)


def test_longitude_and_latitude_come_back() -> None:
    back = to_wgs84(to_working(_frame("EPSG:4326", 120.475, 30.335), name="x"), name="x").geometry.iloc[0]
    assert (back.x, back.y) == pytest.approx((120.475, 30.335), abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4528", "EPSG:4547", "EPSG:32651", "EPSG:3857"])
def test_earth_centred_datums_are_one_ground(crs: str) -> None:
    assert is_accurate_transform(CRS(crs), CRS("EPSG:4549"))


@pytest.mark.parametrize("crs", ["EPSG:4214", "EPSG:2437", "EPSG:4610", "EPSG:2384", "EPSG:4555"])
def test_beijing_54_and_xian_80_are_refused_for_they_would_shift_silently(crs: str) -> None:
    x, y = (120.3, 30.3) if CRS(crs).is_geographic else (500_000.0, 3_350_000.0)
    with pytest.raises(XinguError) as caught:
        to_working(_frame(crs, x, y), name="旧图")
    assert caught.value.code == "crs_datum"


def test_measuring_elsewhere_is_refused() -> None:
    with pytest.raises(XinguError) as caught:
        require_working(_frame("EPSG:3857", 0, 0), name="x")
    assert caught.value.code == "crs_not_working"
