"""The CRS gate: any CRS in, the same area out; what is unknown or contradicted is refused with a suggestion."""

from __future__ import annotations

import geopandas as gpd
import pytest
from kit import intake as kit
from kit import tables as planner
from kit.opening import Options
from pyproj import CRS
from shapely.geometry import Point, box

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.datum import SevenParameters, convert_frame
from xingu_geo.places.intake.crs_gate import look_of, place, zone_code
from xingu_geo.places.intake.raw import Options as RawOptions
from xingu_geo.places.intake.raw import Raw


def raw(frame: gpd.GeoDataFrame, *, declared: bool = True) -> Raw:
    crs = frame.crs if declared else None
    return Raw(
        "地块", gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(frame.geometry))), None if crs is None else CRS(crs)
    )


LOTS = gpd.GeoDataFrame(geometry=list(kit.LOTS), crs="EPSG:4549")
CODES = ("EPSG:4549", "EPSG:4528", "EPSG:4326", "EPSG:4490", "EPSG:32651", "EPSG:3857", "EPSG:4508")
AREAS = [60_000.0, 200_000.0]  # 300 m x 200 m and 500 m x 400 m


@pytest.mark.parametrize(
    "code", ["EPSG:4549", "EPSG:4528", "EPSG:4326", "EPSG:4490", "EPSG:32651", "EPSG:3857", "EPSG:4508"]
)
def test_any_crs_in_the_same_area_within_a_thousandth(code: str) -> None:
    placed = place(raw(LOTS.to_crs(code)), Options(), datum=None)
    assert placed.frame.crs == CRS("EPSG:4549")
    assert placed.frame.geometry.area.tolist() == pytest.approx(AREAS, rel=1e-3)


@pytest.mark.parametrize(
    ("code", "look", "said"),
    [
        ("EPSG:4326", "degrees", "EPSG:4490"),
        ("EPSG:4549", "metres", "EPSG:4549"),
        ("EPSG:4528", "metres_zoned", "EPSG:4528"),
        ("EPSG:3857", "mercator", "EPSG:3857"),
    ],
)
def test_without_a_crs_it_is_refused_with_a_suggestion_in_both_languages(code: str, look: str, said: str) -> None:
    frame = LOTS.to_crs(code)
    assert look_of(frame) == look
    with pytest.raises(XinguError) as caught:
        place(raw(frame, declared=False), Options(), datum=None)
    assert caught.value.code == "crs_unknown"
    assert said in caught.value.sentence("zh")
    assert said in caught.value.sentence("en")


def test_zone_numbers_name_their_systems() -> None:
    # CGCS2000 3-degree zone 40 (120 °E) is EPSG:4528, zone 25 EPSG:4513; 6-degree zone 20 (117 °E) EPSG:4498
    assert (zone_code(40), zone_code(25), zone_code(20)) == (4528, 4513, 4498)
    assert CRS.from_epsg(zone_code(40)).name.endswith("zone 40")
    assert CRS.from_epsg(zone_code(20)).name.endswith("zone 20")


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4549"])
def test_swapped_axes_are_told_and_swapped_back_on_demand(code: str) -> None:
    frame = LOTS.to_crs(code)
    swapped = frame.set_geometry(
        frame.geometry.map(lambda shape: type(shape)([(y, x) for x, y in shape.exterior.coords]))
    )
    with pytest.raises(XinguError) as caught:
        place(raw(swapped.set_crs(code, allow_override=True)), Options(), datum=None)
    assert caught.value.code == "axes_swapped"
    placed = place(raw(swapped.set_crs(code, allow_override=True)), Options(swap_axes=True), datum=None)
    assert placed.frame.geometry.area.tolist() == pytest.approx(AREAS, rel=1e-3)


@pytest.mark.parametrize("code", ["EPSG:2437", "EPSG:2385"])
def test_beijing54_and_xian80_need_seven_parameters(code: str) -> None:
    frame = LOTS.set_crs(code, allow_override=True)
    with pytest.raises(XinguError) as caught:
        place(raw(frame), Options(), datum=None)
    assert caught.value.code == "crs_datum"
    placed = place(raw(frame), Options(seven=SevenParameters(15.8, -154.4, -82.3)), datum=None)
    moved_m = placed.frame.geometry.iloc[0].centroid.distance(LOTS.geometry.iloc[0].centroid)
    assert 10 < moved_m < 500
    assert placed.frame.geometry.area.tolist() == pytest.approx(AREAS, rel=1e-3)


def test_a_persons_crs_beats_the_files() -> None:
    wrong = LOTS.set_crs("EPSG:32651", allow_override=True)
    placed = place(raw(wrong), Options(crs="4549"), datum=None)
    assert placed.frame.geometry.iloc[0].equals(LOTS.geometry.iloc[0])


def test_shifted_degrees_are_converted_on_demand_within_a_millimetre() -> None:
    shifted = convert_frame(LOTS.to_crs("EPSG:4326"), source="wgs84", target="bd09")
    placed = place(raw(shifted), Options(datum="bd09"), datum="bd09")
    assert placed.frame.geometry.iloc[1].hausdorff_distance(LOTS.geometry.iloc[1]) < 1e-3


def test_far_away_is_refused_and_a_stray_is_named() -> None:
    with pytest.raises(XinguError) as caught:
        place(raw(gpd.GeoDataFrame(geometry=[Point(87.6, 43.8)], crs="EPSG:4326")), Options(), datum=None)  # Ürümqi
    assert caught.value.code == "place_outside"
    assert caught.value.facts["crs"] == "EPSG:4549"
    many = gpd.GeoDataFrame(geometry=[*kit.LOTS] * 20 + [box(0, 0, 1, 1)], crs="EPSG:4549")
    assert [note.code for note in place(raw(many), Options(), datum=None).notes] == ["strays"]


@pytest.mark.parametrize(
    ("crs", "lon", "lat"),
    [("EPSG:4538", 87.6, 43.8), ("EPSG:4544", 104.1, 30.6), ("EPSG:32756", 151.2, -33.9)],
    ids=["Ürümqi", "Chengdu", "Sydney"],
)
def test_a_place_far_from_ours_is_measured_on_its_own_ground(crs: str, lon: float, lat: float) -> None:
    # A hectare drawn in the UTM zone of the place; within 1.5 degrees of its meridian a zone keeps areas within 0.1 %.
    corner = gpd.GeoSeries([Point(lon, lat)], crs="EPSG:4326")
    utm = corner.estimate_utm_crs()
    x, y = corner.to_crs(utm).iloc[0].coords[0]
    lot = gpd.GeoDataFrame(geometry=[box(x, y, x + 100, y + 100)], crs=utm).to_crs("EPSG:4326")
    placed = place(raw(lot), RawOptions(crs, planner.fields(), planner.norms()), datum=None)
    assert placed.frame.crs == crs
    assert placed.frame.geometry.area.iloc[0] == pytest.approx(10_000, rel=0.002)
    with pytest.raises(XinguError) as caught:
        place(raw(lot), Options(), datum=None)
    assert caught.value.code == "place_outside"
