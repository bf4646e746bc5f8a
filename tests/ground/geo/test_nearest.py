"""Distances against hand arithmetic and brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.geo.nearest import count_within, nearest_distance
from xingu_geo.ground.geo.shapes import as_shapes

coordinate = st.floats(-1000, 1000).map(lambda number: round(number, 3))
points = st.builds(Point, coordinate, coordinate)
lines = st.builds(lambda a, b: LineString([a, b]), points, points).filter(lambda line: line.length > 0)
triangles = st.builds(lambda a, b, c: Polygon([a, b, c]), points, points, points).filter(lambda shape: shape.area > 1)


def test_distances_are_from_edge_to_feature_and_zero_where_they_touch() -> None:
    sites = as_shapes([box(0, 0, 100, 100)] * 1)
    assert nearest_distance(sites, as_shapes([Point(150, 50)])) == pytest.approx([50.0])
    assert nearest_distance(sites, as_shapes([Point(130, 140)])) == pytest.approx([50.0])  # 30-40-50
    assert nearest_distance(sites, as_shapes([Point(50, 50)])).tolist() == [0.0]
    assert nearest_distance(sites, as_shapes([box(100, 0, 200, 100)])).tolist() == [0.0]


def test_without_features_every_distance_is_missing() -> None:
    assert np.isnan(nearest_distance(as_shapes([box(0, 0, 1, 1)]), as_shapes([]))).all()


def test_a_feature_exactly_at_reach_counts() -> None:
    site = as_shapes([box(0, 0, 100, 100)])
    features = as_shapes([Point(200, 50), Point(201, 50), Point(50, 50)])
    assert count_within(site, features, reach_m=100).tolist() == [2]
    assert count_within(site, as_shapes([]), reach_m=100).tolist() == [0]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(triangles, min_size=1, max_size=6),
    st.lists(st.one_of(points, lines, triangles), min_size=1, max_size=8),
    st.floats(1, 500),
)
def test_distances_and_counts_agree_with_brute_force(
    sites: list[Polygon], features: list[BaseGeometry], reach_m: float
) -> None:
    expected = [[site.distance(feature) for feature in features] for site in sites]
    assert nearest_distance(as_shapes(sites), as_shapes(features)) == pytest.approx([min(row) for row in expected])
    clear = [[d for d in row if not math.isclose(d, reach_m, abs_tol=1e-9)] for row in expected]
    if [len(row) for row in clear] == [len(row) for row in expected]:
        counted = count_within(as_shapes(sites), as_shapes(features), reach_m=reach_m)
        assert counted.tolist() == [sum(d <= reach_m for d in row) for row in expected]
