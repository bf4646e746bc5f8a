"""Mending: every square metre is accounted for, nothing disappears unsaid."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import intake as kit
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.repair import doubles_and_overlaps, enclosed_area, mended


def frame_of(*shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(index=[f"s{n}" for n in range(len(shapes))], geometry=list(shapes), crs="EPSG:4549")


def test_the_bow_tie_of_533200_m2_stays_533200_m2_with_a_receipt() -> None:
    out, repairs, notes = mended(frame_of(kit.BOW_TIE), wanted="polygon", layer="地块")
    assert kit.BOW_TIE.area == pytest.approx(0.0, abs=1.0)  # what a plain library would have taken for its area
    assert out.geometry.iloc[0].area == pytest.approx(533_200.0, abs=1e-3)
    assert out.geometry.iloc[0].is_valid
    (receipt,) = repairs
    assert (receipt.layer, receipt.feature, receipt.code) == ("地块", "s0", "self_crossing")
    assert receipt.area_before_m2 == receipt.area_after_m2 == pytest.approx(533_200.0, abs=1e-3)
    assert notes == []


def test_a_valid_shape_comes_back_as_it_went_in_without_a_receipt() -> None:
    lot = kit.LOTS[0]
    out, repairs, notes = mended(frame_of(lot), wanted="polygon", layer="a")
    assert out.geometry.iloc[0] is lot
    assert repairs == []
    assert notes == []


def test_a_spike_is_cut_off_and_its_area_is_nothing() -> None:
    spiked = Polygon([(0, 0), (100, 0), (100, 50), (100, 120), (100, 50), (100, 100), (0, 100)])
    out, repairs, _ = mended(frame_of(spiked), wanted="polygon", layer="a")
    assert out.geometry.iloc[0].area == pytest.approx(10_000)
    assert repairs[0].area_after_m2 == pytest.approx(10_000)


def test_a_closed_line_becomes_the_polygon_it_means() -> None:
    out, _, _ = mended(frame_of(LineString(kit.LOTS[0].exterior.coords)), wanted="polygon", layer="a")
    assert out.geometry.iloc[0].equals(kit.LOTS[0])


def test_what_is_of_another_kind_loses_its_place_and_is_named() -> None:
    mixed = GeometryCollection([Point(1, 1), box(0, 0, 10, 10)])
    out, _, notes = mended(frame_of(box(0, 0, 1, 1), Point(5, 5), mixed), wanted="polygon", layer="a")
    assert out.geometry.iloc[0].area == 1
    assert out.geometry.iloc[1] is None
    assert out.geometry.iloc[2].area == 100
    assert [(note.code, note.facts["ids"]) for note in notes] == [("shapes_lost", "s1")]
    with pytest.raises(XinguError) as caught:
        mended(frame_of(Point(1, 1)), wanted="polygon", layer="a")
    assert caught.value.code == "shape_kind_wrong"


def test_overlaps_and_doubles_are_listed_with_their_area() -> None:
    # 100 x 100; the next overlaps it by 100 x 30 = 3,000 m²; the third is the first again; a touch is no overlap
    shapes = [box(0, 0, 100, 100), box(0, 70, 100, 170), box(0, 0, 100, 100), box(100, 0, 200, 100)]
    doubled, overlapping = doubles_and_overlaps(frame_of(*shapes), layer="a")
    assert doubled.facts["ids"] == "s0 = s2"
    assert overlapping.facts["count"] == 3
    assert overlapping.facts["area_m2"] == "16,000"  # s0×s2 10,000 + s0×s1 3,000 + s1×s2 3,000
    assert doubles_and_overlaps(frame_of(shapes[0], shapes[3]), layer="a") == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=4, max_size=9, unique=True))
@settings(deadline=None, max_examples=200)
def test_whatever_the_ring_the_result_is_valid_and_never_larger_than_its_hull(ring: list[tuple[int, int]]) -> None:
    shape = Polygon(ring)
    if shapely.convex_hull(shape).area == 0:
        return
    try:
        out, repairs, _ = mended(frame_of(shape), wanted="polygon", layer="a")
    except XinguError:
        assert enclosed_area(shape) == pytest.approx(0, abs=1e-6)
        return
    good = out.geometry.iloc[0]
    assert good.is_valid
    assert isinstance(good, (Polygon, MultiPolygon))
    assert good.area <= shapely.convex_hull(shape).area + 1e-6
    assert bool(repairs) == (not shape.is_valid)
