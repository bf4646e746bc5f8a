"""Ways along roads against hand arithmetic and networkx."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point, box
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.geo.roads import junctions_between, road_distance, road_graph
from xingu_geo.ground.geo.shapes import as_shapes

CORNER = as_shapes([LineString([(0, 0), (100, 0)]), LineString([(100, 0), (100, 100)])])


def way(shape: BaseGeometry, *destinations: BaseGeometry, roads: object = CORNER) -> float:
    return float(road_distance(as_shapes([shape]), road_graph(as_shapes(roads)), as_shapes(destinations))[0])


def test_a_way_is_leg_plus_road_plus_leg() -> None:
    # 30 m to the road at (40, 0), 60 m to the corner, 70 m up, 5 m to the destination
    assert way(Point(40, -30), Point(105, 70)) == pytest.approx(30 + 60 + 70 + 5)


def test_two_places_on_one_road_are_no_detour_apart() -> None:
    assert way(Point(40, -30), Point(55, 10)) == pytest.approx(30 + 15 + 10)


def test_the_nearest_of_several_destinations_counts() -> None:
    assert way(Point(10, 0), Point(100, 100), Point(0, 0)) == pytest.approx(10)


def test_a_road_through_a_site_is_left_at_either_end_of_the_stretch() -> None:
    assert way(box(30, -5, 60, 5), Point(100, 0)) == pytest.approx(40)
    assert way(box(30, -5, 60, 5), Point(0, 0)) == pytest.approx(30)


def test_of_two_roads_equally_near_the_better_is_taken() -> None:
    roads = [LineString([(0, 0), (0, 100)]), LineString([(20, 0), (20, 100)]), LineString([(20, 100), (500, 100)])]
    assert way(Point(10, 50), Point(20, 100), roads=roads) == pytest.approx(10 + 50)


def test_roads_that_cross_without_a_shared_vertex_do_not_meet() -> None:
    roads = [LineString([(0, 0), (100, 0)]), LineString([(50, -50), (50, 50)])]
    assert np.isnan(way(Point(0, 0), Point(50, 50), roads=roads))


def test_without_roads_or_destinations_there_is_no_way() -> None:
    assert np.isnan(way(Point(0, 0), Point(1, 1), roads=[]))
    assert np.isnan(way(Point(0, 0)))


def test_a_site_opens_only_onto_the_roads_it_may_join() -> None:
    graph = road_graph(CORNER)
    shape, goal = as_shapes([Point(40, -30)]), as_shapes([Point(100, 100)])
    # only the second road may be joined: straight to (100, 0), √(60² + 30²) = 67.08, then 100 m
    may = np.array([False, True])
    assert road_distance(shape, graph, goal, may_join=may)[0] == pytest.approx(67.08204 + 100)
    assert np.isnan(road_distance(shape, graph, goal, may_join=np.array([False, False]))[0])


def test_junctions_are_where_a_chosen_road_meets_another() -> None:
    roads = as_shapes([LineString([(0, 0), (50, 0), (100, 0)]), LineString([(50, 0), (50, 90)])])
    found = junctions_between(road_graph(roads), np.array([True, False]))
    assert [(point.x, point.y) for point in found] == [(50, 0)]


def test_a_road_of_several_parts_keeps_its_parts_apart() -> None:
    graph = road_graph(as_shapes([MultiLineString([[(0, 0), (10, 0)], [(50, 0), (60, 0)]])]))
    assert sorted(graph.length_m) == [10, 10]
    assert graph.line.tolist() == [0, 0]


def oracle(shape: Point, lines: list[LineString], goals: list[Point]) -> float:
    """Networkx on a graph into which every place has been cut by shapely's own projections."""
    segments = [LineString(pair) for line in lines for pair in pairwise(line.coords)]
    places = [("goal", goal) for goal in goals] + [("site", shape)]
    cuts: dict[int, list[float]] = {}
    graph = nx.Graph()
    for kind, place in places:
        leg = min(segment.distance(place) for segment in segments)
        for number, segment in enumerate(segments):
            if segment.distance(place) <= leg + 1e-12:
                along = segment.project(place)
                cuts.setdefault(number, []).append(along)
                at = segment.interpolate(along)
                name = (round(at.x, 6), round(at.y, 6))
                # Two goals may join at one place: the nearer one counts.
                known = graph.edges[kind, name]["weight"] if graph.has_edge(kind, name) else leg
                graph.add_edge(kind, name, weight=min(known, leg))
    for number, segment in enumerate(segments):
        stops = sorted({0.0, segment.length, *cuts.get(number, [])})
        at_stops = [segment.interpolate(stop) for stop in stops]
        names = [(round(at.x, 6), round(at.y, 6)) for at in at_stops]
        for (one, two), length in zip(pairwise(names), np.diff(stops), strict=True):
            if one != two:
                graph.add_edge(one, two, weight=float(length))
    try:
        return float(nx.dijkstra_path_length(graph, "site", "goal"))
    except nx.NetworkXNoPath:
        return float("nan")


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_ways_agree_with_networkx(random: object, goal_count: int) -> None:
    size = 4
    at = {
        (i, j): (100 * i + random.uniform(-30, 30), 100 * j + random.uniform(-30, 30))  # type: ignore[attr-defined]
        for i in range(size)
        for j in range(size)
    }
    pairs = [((i, j), (i + 1, j)) for i in range(size - 1) for j in range(size)]
    pairs += [((i, j), (i, j + 1)) for i in range(size) for j in range(size - 1)]
    kept = [pair for pair in pairs if random.random() < 0.8] or pairs  # type: ignore[attr-defined]
    lines = [LineString([at[a], at[b]]) for a, b in kept]

    def place() -> Point:
        return Point(random.uniform(-50, 350), random.uniform(-50, 350))  # type: ignore[attr-defined]

    goals = [place() for _ in range(goal_count)]
    sites = [place() for _ in range(3)]
    found = road_distance(as_shapes(sites), road_graph(as_shapes(lines)), as_shapes(goals))
    expected = [oracle(site, lines, goals) for site in sites]
    assert found == pytest.approx(expected, abs=1e-3, nan_ok=True)
