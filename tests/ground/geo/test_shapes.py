"""Shares and shapes against hand arithmetic and plain shapely."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from xingu_geo.ground.geo.shapes import (
    VERTICES_MAX,
    as_shapes,
    compactness,
    covered_share,
    disjoint_pieces,
    majority,
    share_within,
    valid,
)

boxes = st.builds(
    lambda x, y, w, h: box(x, y, x + w, y + h),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(1, 200),
    st.integers(1, 200),
)


def test_a_square_has_compactness_pi_over_four_and_a_hole_takes_some_away() -> None:
    square = box(0, 0, 10, 10)
    holed = square.difference(box(4, 4, 6, 6))  # area 96, perimeter 40 + 8: 4π·96/48² = π/6
    assert compactness(as_shapes([square, holed])) == pytest.approx([math.pi / 4, math.pi / 6])


def test_a_shape_without_perimeter_has_no_compactness() -> None:
    assert np.isnan(compactness(as_shapes([Polygon()]))).all()


def test_overlapping_covers_are_counted_once() -> None:
    covers = as_shapes([box(0, 0, 60, 100), box(40, 0, 100, 100)])  # 60 % and 60 %, 20 % of it twice
    site = as_shapes([box(0, 0, 100, 100)])
    assert covered_share(site, disjoint_pieces(covers)) == pytest.approx([1.0])


def test_a_cover_that_only_touches_takes_nothing() -> None:
    pieces = disjoint_pieces(as_shapes([box(100, 0, 200, 100)]))
    assert covered_share(as_shapes([box(0, 0, 100, 100)]), pieces)[0] == 0.0


def test_no_cover_is_no_share_and_a_site_without_area_has_none() -> None:
    nothing = disjoint_pieces(as_shapes([]))
    assert covered_share(as_shapes([box(0, 0, 1, 1)]), nothing)[0] == 0.0
    assert np.isnan(covered_share(as_shapes([Polygon()]), nothing)[0])


def test_a_cover_that_crosses_itself_is_mended() -> None:
    bow = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])  # two triangles of 100 × 50 / 2
    share = covered_share(as_shapes([box(0, 0, 100, 100)]), disjoint_pieces(as_shapes([bow])))
    assert share == pytest.approx([0.5])


def test_a_site_that_crosses_itself_is_mended_too() -> None:
    bow = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    assert shapely.area(valid(as_shapes([bow])))[0] == pytest.approx(5000)


def test_a_cover_of_many_vertices_gives_the_analytic_share_within_a_tenth_of_a_percent() -> None:
    disc = Point(0, 0).buffer(50, quad_segs=1000)
    assert shapely.get_num_coordinates(disc) > VERTICES_MAX
    share = covered_share(as_shapes([box(-100, -100, 100, 100)]), disjoint_pieces(as_shapes([disc])))
    assert share == pytest.approx([math.pi * 50**2 / 200**2], rel=1e-3)


def test_pieces_are_small_and_overlap_nowhere() -> None:
    discs = as_shapes([Point(x, 0).buffer(50, quad_segs=500) for x in (0, 30, 500)])
    pieces = disjoint_pieces(discs)
    assert shapely.get_num_coordinates(pieces).max() <= VERTICES_MAX
    assert shapely.area(pieces).sum() == pytest.approx(shapely.union_all(discs).area, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.lists(boxes, min_size=1, max_size=5), st.lists(boxes, max_size=6))
def test_the_share_is_that_of_the_plain_union(sites: list[Polygon], covers: list[Polygon]) -> None:
    union = shapely.union_all(covers)
    expected = [site.intersection(union).area / site.area for site in sites]
    found = covered_share(as_shapes(sites), disjoint_pieces(as_shapes(covers)))
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_site_belongs_to_the_zone_that_holds_most_of_it() -> None:
    zones = as_shapes([box(0, 0, 60, 100), box(60, 0, 100, 100)])
    assert majority(as_shapes([box(0, 0, 100, 100)]), zones, share_min=0.5).tolist() == [0]


def test_a_site_split_evenly_belongs_to_the_first_zone_whatever_the_tree_finds_first() -> None:
    site = as_shapes([box(0, 0, 100, 100)])
    left, right = box(0, 0, 50, 100), box(50, 0, 100, 100)
    assert majority(site, as_shapes([left, right]), share_min=0.5).tolist() == [0]
    assert majority(site, as_shapes([right, left]), share_min=0.5).tolist() == [0]


def test_halves_that_differ_by_rounding_are_equal() -> None:
    site = as_shapes([box(0.1, 0.1, 100.4, 77.7)])
    edge = 0.1 + (100.4 - 0.1) / 2
    for shift in (-1e-12, 1e-12):
        left, right = box(-50, -50, edge + shift, 150), box(edge + shift, -50, 150, 150)
        assert majority(site, as_shapes([left, right]), share_min=0.4).tolist() == [0]
        assert majority(site, as_shapes([right, left]), share_min=0.4).tolist() == [0]


def test_a_site_mostly_outside_belongs_to_no_zone() -> None:
    site = as_shapes([box(0, 0, 100, 100)])
    assert majority(site, as_shapes([box(0, 0, 40, 100)]), share_min=0.5).tolist() == [-1]
    assert majority(site, as_shapes([]), share_min=0.5).tolist() == [-1]


def test_a_zone_of_two_parts_holds_a_site_by_both() -> None:
    zone = MultiPolygon([box(0, 0, 30, 100), box(70, 0, 100, 100)])  # 60 % of the site
    assert majority(as_shapes([box(0, 0, 100, 100)]), as_shapes([zone]), share_min=0.5).tolist() == [0]


def test_half_an_area_within_reach_counts_half() -> None:
    homes = as_shapes([box(1050, 20, 1150, 80), box(200, 20, 300, 80), box(2000, 0, 2100, 100)])
    of_shape, of_home, share = share_within(as_shapes([box(0, 0, 100, 100)]), homes, reach_m=1000)
    assert of_shape.tolist() == [0, 0]
    assert dict(zip(of_home.tolist(), share, strict=True)) == pytest.approx({0: 0.5, 1: 1.0})


def test_nothing_within_reach_is_no_pair() -> None:
    assert len(share_within(as_shapes([box(0, 0, 1, 1)]), as_shapes([]), reach_m=10)[0]) == 0
