"""Shifted and old datums: known offsets, closed round trips, an independent seven-parameter sum."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from shapely.geometry import Point, Polygon

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.datum import SevenParameters, convert_frame, convert_points, to_working_by_seven

WORKING = "EPSG:4549"

M_PER_DEGREE = 111_320.0  # of latitude, roughly; enough to judge 1e-6 m
PLACES = st.tuples(st.floats(73.5, 134.5), st.floats(18.2, 53.5))


def metres_apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.max(np.abs(one - other)) * M_PER_DEGREE)


def test_the_offset_in_xiasha_is_439_m_east_and_257_m_south() -> None:
    shifted = convert_points(np.array([[120.35, 30.30]]), source="wgs84", target="gcj02")[0]
    # +0.004565° x 111,320 m x cos 30.3° = 438.8 m; −0.002314° x 110,860 m = −256.5 m (coordinates.md's own figures)
    assert shifted[0] - 120.35 == pytest.approx(0.004565, abs=5e-7)
    assert shifted[1] - 30.30 == pytest.approx(-0.002314, abs=5e-7)


def test_bd09_lies_about_1100_m_off_at_the_metro_station() -> None:
    there = np.array([[120.37156, 30.31349]])  # 文海南路
    shifted = convert_points(there, source="wgs84", target="bd09")[0]
    east_m = (shifted[0] - there[0, 0]) * 111_320 * math.cos(math.radians(30.3))
    north_m = (shifted[1] - there[0, 1]) * 110_860
    assert math.hypot(east_m, north_m) == pytest.approx(1_106, abs=60)


@given(st.lists(PLACES, min_size=1, max_size=20), st.sampled_from(["gcj02", "bd09"]))
@settings(deadline=None, max_examples=200)
def test_there_and_back_closes_within_a_micrometre(places: list[tuple[float, float]], datum: str) -> None:
    points = np.array(places)
    shifted = convert_points(points, source="wgs84", target=datum)
    assert metres_apart(convert_points(shifted, source=datum, target="wgs84"), points) < 1e-6
    assert metres_apart(shifted, points) > 10  # it did move


@given(PLACES)
@settings(deadline=None, max_examples=50)
def test_by_way_of_gcj02_is_the_same_as_straight_to_bd09(place: tuple[float, float]) -> None:
    point = np.array([place])
    by_way = convert_points(convert_points(point, source="wgs84", target="gcj02"), source="gcj02", target="bd09")
    assert metres_apart(by_way, convert_points(point, source="wgs84", target="bd09")) < 1e-6


def test_outside_china_nothing_moves() -> None:
    london = np.array([[-0.1276, 51.5072]])
    assert np.array_equal(convert_points(london, source="wgs84", target="gcj02"), london)


def test_no_shift_is_a_copy_not_the_same_array() -> None:
    points = np.array([[120.0, 30.0]])
    same = convert_points(points, source="gcj02", target="gcj02")
    assert np.array_equal(same, points)
    assert same is not points


def test_a_frame_keeps_its_columns_and_is_not_edited() -> None:
    frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[Point(120.35, 30.30)], crs="EPSG:4326")
    moved = convert_frame(frame, source="wgs84", target="gcj02")
    assert moved["name"].tolist() == ["甲"]
    assert moved.geometry.iloc[0].x == pytest.approx(120.354565, abs=1e-6)
    assert frame.geometry.iloc[0] == Point(120.35, 30.30)


def test_metres_are_not_taken_for_degrees() -> None:
    frame = gpd.GeoDataFrame(geometry=[Point(540_000, 3_350_000)], crs="EPSG:4549")
    with pytest.raises(XinguError) as caught:
        convert_frame(frame, source="gcj02", target="wgs84")
    assert caught.value.code == "crs_not_working"


def cartesian(lon: float, lat: float, axis_m: float, inverse_flattening: float) -> np.ndarray:
    """Textbook ellipsoid to geocentric, height 0: the oracle beside PROJ."""
    e2 = 2 / inverse_flattening - 1 / inverse_flattening**2
    phi, lam = math.radians(lat), math.radians(lon)
    radius = axis_m / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return np.array(
        [
            radius * math.cos(phi) * math.cos(lam),
            radius * math.cos(phi) * math.sin(lam),
            radius * (1 - e2) * math.sin(phi),
        ]
    )


def test_seven_parameters_agree_with_the_textbook_sum() -> None:
    seven = SevenParameters(15.8, -154.4, -82.3, 0.5, -0.3, 1.2, 2.5)
    old = gpd.GeoDataFrame(geometry=[Point(120.35, 30.30)], crs="EPSG:4214")  # Beijing 1954, Krasovsky
    moved = to_working_by_seven(old, seven, WORKING, name="old")
    start = cartesian(120.35, 30.30, 6_378_245.0, 298.3)
    second = math.pi / 180 / 3600
    rx, ry, rz = 0.5 * second, -0.3 * second, 1.2 * second
    turn = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    expected = np.array([15.8, -154.4, -82.3]) + (1 + 2.5e-6) * turn @ start
    back = Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)
    lon, lat = back.transform(moved.geometry.iloc[0].x, moved.geometry.iloc[0].y)
    expected_lon, expected_lat = geographic(expected)
    assert abs(lon - expected_lon) * M_PER_DEGREE < 1e-3
    assert abs(lat - expected_lat) * M_PER_DEGREE < 1e-3
    assert np.linalg.norm(expected - start) > 100


def geographic(place: np.ndarray) -> tuple[float, float]:
    """Geocentric to CGCS2000 longitude and latitude by fixed point, as in any textbook."""
    axis_m, e2 = 6_378_137.0, 2 / 298.257222101 - 1 / 298.257222101**2
    across = math.hypot(place[0], place[1])
    lat = math.atan2(place[2], across)
    for _ in range(20):
        radius = axis_m / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(place[2] + e2 * radius * math.sin(lat), across)
    return math.degrees(math.atan2(place[1], place[0])), math.degrees(lat)


def test_zero_parameters_between_like_ellipsoids_change_nothing() -> None:
    frame = gpd.GeoDataFrame(geometry=[Polygon([(120, 30), (120.1, 30), (120.1, 30.1)])], crs="EPSG:4490")
    straight = frame.to_crs("EPSG:4549")
    moved = to_working_by_seven(frame, SevenParameters(0, 0, 0), WORKING, name="same")
    assert moved.crs == CRS.from_epsg(4549)
    assert straight.geometry.iloc[0].hausdorff_distance(moved.geometry.iloc[0]) < 1e-6


def test_seven_parameters_need_a_declared_crs() -> None:
    with pytest.raises(XinguError) as caught:
        to_working_by_seven(gpd.GeoDataFrame(geometry=[Point(0, 0)]), SevenParameters(0, 0, 0), WORKING, name="x")
    assert caught.value.code == "crs_missing"
