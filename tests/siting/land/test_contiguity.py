"""Which parcels lie against which."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.portfolio import box, sites_from, split_land

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.land.contiguity import Contiguity, contiguity_of


def pairs(graph: Contiguity) -> dict[tuple[str, str], float]:
    return {
        (graph.site_ids[i], graph.site_ids[j]): round(length, 3)
        for i, j, length, joins in zip(graph.left, graph.right, graph.shared_m, graph.joins, strict=True)
        if joins
    }


def test_neighbours_share_their_common_boundary_and_not_a_corner():
    # a | b side by side over 60 m; c lies on b over 40 m; d touches b in one corner only; e over 4 m
    table = sites_from(
        [box(0, 0, 100, 60), box(100, 0, 80, 60), box(120, 60, 40, 50), box(180, 60, 50, 50), box(-50, 56, 50, 50)],
        ids=list("abcde"),
    ).table
    assert pairs(contiguity_of(table)) == {("a", "b"): 60.0, ("b", "c"): 40.0}
    assert pairs(contiguity_of(table, shared_min_m=3.0)) == {("a", "b"): 60.0, ("b", "c"): 40.0, ("a", "e"): 4.0}


def test_a_boundary_drawn_twice_a_few_centimetres_apart_is_still_one():
    apart = sites_from([box(0, 0, 50, 50), box(50.04, 0, 50, 50)], ids=["a", "b"]).table
    too_far = sites_from([box(0, 0, 50, 50), box(50.06, 0, 50, 50)], ids=["a", "b"]).table
    assert pairs(contiguity_of(apart)) == {("a", "b"): 50.0}
    assert pairs(contiguity_of(too_far)) == {}


def test_across_a_road_parcels_face_each_other_and_diagonals_do_not():
    # four blocks round a crossing of two 20 m roads: a b below, c d above
    table = sites_from([box(0, 0, 80, 80), box(100, 0, 80, 80), box(0, 100, 80, 80), box(100, 100, 80, 80)]).table
    graph = contiguity_of(table, gap_m=30)
    facing = {(int(i), int(j)): round(f, 6) for i, j, f in zip(graph.left, graph.right, graph.facing_m, strict=True)}
    assert facing == {(0, 1): 80.0, (0, 2): 80.0, (1, 3): 80.0, (2, 3): 80.0}
    assert not graph.shared_m.any()
    assert len(contiguity_of(table, gap_m=19).left) == 0


def test_a_third_parcel_in_the_gap_keeps_two_apart():
    between = box(100, 0, 10, 80)
    table = sites_from([box(0, 0, 95, 80), box(115, 0, 95, 80), between], ids=["a", "b", "m"]).table
    assert set(pairs(contiguity_of(table, gap_m=25))) == {("a", "m"), ("b", "m")}


def test_a_courtyard_counts_the_boundary_it_shares_with_its_filling():
    ring = shapely.difference(box(0, 0, 100, 100), box(40, 40, 20, 20))
    table = sites_from([ring, box(40, 40, 20, 20)], ids=["ring", "yard"]).table
    assert pairs(contiguity_of(table)) == {("ring", "yard"): 80.0}


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 25))
def test_shared_lengths_are_those_of_the_boundaries_within_a_centimetre(seed, count):
    pieces = split_land(seed, count, side_m=400)
    graph = contiguity_of(sites_from(pieces).table)
    measured = pairs(graph)
    for i in range(count):
        for j in range(i + 1, count):
            strip = shapely.intersection(shapely.boundary(pieces[i]), shapely.buffer(pieces[j], 0.01))
            length = shapely.length(strip)  # 0.01 m too long at either end, corners included
            if abs(length - 5) > 0.1:
                shared = measured.get((f"p{i:05d}", f"p{j:05d}"), 0.0)
                assert shared == pytest.approx(length if length > 5 else 0.0, abs=0.4)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed, random):
    table = sites_from(split_land(seed, 12, side_m=300)).table
    order = list(range(12))
    random.shuffle(order)
    one, two = contiguity_of(table), contiguity_of(table.iloc[order])
    assert one.site_ids == two.site_ids
    assert np.array_equal(one.left, two.left)
    assert np.array_equal(one.right, two.right)
    assert np.array_equal(one.shared_m, two.shared_m)


def test_degrees_are_refused():
    table = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(120, 30, 121, 31)], crs="EPSG:4326")
    with pytest.raises(XinguError) as refusal:
        contiguity_of(table)
    assert refusal.value.code == "crs_not_metres"


def test_a_place_without_neighbours_has_an_empty_graph():
    graph = contiguity_of(sites_from([box(0, 0, 10, 10), box(500, 0, 10, 10)]).table, gap_m=30)
    assert len(graph.left) == len(graph.shared_m) == 0
