"""Distances along a road network, tie-in legs included.

Comes in: road lines, shapes, destinations, all in the working CRS. Goes out: one distance for each shape.
Must not know: what is travelling, or why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from xingu_geo.ground.geo.shapes import Numbers, Shapes

JOIN_M: Final = 0.001  # vertices nearer than this are one junction

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Straight segments between junctions; every vertex of a road is a junction.

    ``segments`` are two-point lines from junction ``start`` to junction ``end``, ``length_m`` long; ``line`` says which
    road each is part of. ``points`` holds the junctions' coordinates. Roads meet where they share a vertex; a crossing
    without one is a bridge.
    """

    segments: Shapes
    start: Indices
    end: Indices
    length_m: Numbers
    line: Indices
    points: Numbers


@dataclass(frozen=True, slots=True)
class _Ties:
    """Where things join the network: thing ``of``, segment, the place along it, and the leg to get there."""

    of: Indices
    segment: Indices
    along_m: Numbers
    leg_m: Numbers


def road_graph(lines: Shapes) -> RoadGraph:
    """The network of ``lines`` (LineString or MultiLineString)."""
    parts, of_line = shapely.get_parts(lines, return_index=True)
    coordinates, of_part = shapely.get_coordinates(parts, return_index=True)
    _, first, junction = np.unique(
        np.round(coordinates / JOIN_M).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    here = np.flatnonzero(of_part[:-1] == of_part[1:]) if len(of_part) else np.empty(0, dtype=np.intp)
    start, end = junction.ravel()[here], junction.ravel()[here + 1]
    points = coordinates[first]
    kept = start != end
    start, end, line = start[kept], end[kept], of_line[of_part[here]][kept]
    segments = np.empty(len(start), dtype=object)
    segments[:] = shapely.linestrings(np.stack([points[start], points[end]], axis=1)) if len(start) else []
    return RoadGraph(segments, start, end, _lengths(segments), line, points)


def junctions_between(graph: RoadGraph, chosen: NDArray[np.bool_]) -> Shapes:
    """The points where a ``chosen`` road meets one that is not (an expressway's interchanges)."""
    on_chosen = chosen[graph.line]
    touched = [np.concatenate([graph.start[on], graph.end[on]]) for on in (on_chosen, ~on_chosen)]
    return cast("Shapes", shapely.points(graph.points[np.intersect1d(touched[0], touched[1])]))


def road_distance(
    shapes: Shapes, graph: RoadGraph, destinations: Shapes, *, may_join: NDArray[np.bool_] | None = None
) -> Numbers:
    """Shortest way from each shape to its nearest destination: leg to the road, along the roads, leg from it.

    [m] A shape joins the network at the nearest point of the nearest road it ``may_join`` (one flag for each road
    line; all by default), a destination at the nearest point of any (along a parallel frontage: at one of its ends).
    Where a road runs through a shape both ends of that stretch count, where several roads are equally near all of
    them do. NaN where no destination can be reached.
    """
    distance = np.full(len(shapes), np.nan)
    if not len(graph.segments) or not len(destinations):
        return distance
    everywhere = np.arange(len(graph.segments))
    arrive = _ties(destinations, graph, everywhere)
    cut, weights = _network(graph, arrive)
    # One search from an extra junction that stands for "arrived": its edges are the legs of the destinations.
    to_arrival = dijkstra(weights, directed=True, indices=weights.shape[0] - 1)
    joinable = everywhere if may_join is None else np.flatnonzero(may_join[graph.line])
    leave = _ties(shapes, graph, joinable)
    way = leave.leg_m + _from_place(leave, cut, to_arrival)
    best = np.full(len(shapes), np.inf)
    np.minimum.at(best, leave.of, way)
    reached = np.isfinite(best)
    distance[reached] = best[reached]
    return distance


def _lengths(lines: Shapes) -> Numbers:
    return np.asarray(shapely.length(lines), dtype=np.float64)


def _ties(things: Shapes, graph: RoadGraph, allowed: Indices) -> _Ties:
    if not len(allowed):
        return _Ties(allowed, allowed, np.empty(0), np.empty(0))
    tree = shapely.STRtree(graph.segments[allowed])
    (of, found), leg = tree.query_nearest(things, all_matches=True, return_distance=True)
    segment = allowed[found]
    lines, touched = graph.segments[segment], things[of]
    common = shapely.intersection(lines, touched)
    apart = (leg > 0) | shapely.is_empty(common)  # a distance can round to 0 where nothing is shared
    xy, at = shapely.get_coordinates(np.where(apart, shapely.shortest_line(lines, touched), common), return_index=True)
    outside = apart[at]
    first = np.r_[True, at[1:] != at[:-1]] if len(at) else np.empty(0, dtype=bool)
    xy, at = xy[~outside | first], at[~outside | first]  # of a shortest line only the end on the road counts
    a, b = graph.points[graph.start[segment[at]]], graph.points[graph.end[segment[at]]]
    length = graph.length_m[segment[at]]
    along = np.clip(((xy - a) * (b - a)).sum(axis=1) / length, 0.0, length)
    low, high = np.full(len(of), np.inf), np.full(len(of), -np.inf)
    np.minimum.at(low, at, along)
    np.maximum.at(high, at, along)
    return _Ties(np.r_[of, of], np.r_[segment, segment], np.r_[low, high], np.r_[leg, leg])


@dataclass(frozen=True, slots=True)
class _Cut:
    """The segments cut where destinations join: stretches in order of segment and place."""

    segment: Indices
    from_m: Numbers
    to_m: Numbers
    start: Indices
    end: Indices


def _network(graph: RoadGraph, arrive: _Ties) -> tuple[_Cut, csr_array]:
    count, joined = len(graph.segments), len(arrive.of)
    segment = np.r_[np.arange(count), np.arange(count), arrive.segment]
    place = np.r_[np.zeros(count), graph.length_m, arrive.along_m]
    node = np.r_[graph.start, graph.end, len(graph.points) + np.arange(joined)]
    # The end of a segment must stay last even where a destination joins exactly there.
    rank = np.r_[np.zeros(count), np.full(count, 2), np.ones(joined)]
    order = np.lexsort((rank, place, segment))
    segment, place, node = segment[order], place[order], node[order]
    here = np.flatnonzero(segment[:-1] == segment[1:])
    cut = _Cut(segment[here], place[here], place[here + 1], node[here], node[here + 1])
    arrived = len(graph.points) + joined
    tail = np.r_[cut.start, cut.end, np.full(joined, arrived)]
    head = np.r_[cut.end, cut.start, len(graph.points) + np.arange(joined)]
    length = np.r_[np.tile(cut.to_m - cut.from_m, 2), arrive.leg_m]
    return cut, _least(tail, head, length, arrived + 1)


def _least(tail: Indices, head: Indices, length: Numbers, size: int) -> csr_array:
    """A sparse matrix that keeps the shortest of parallel edges (scipy would add them up)."""
    order = np.lexsort((length, head, tail))
    tail, head, length = tail[order], head[order], length[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    return csr_array((length[first], (tail[first], head[first])), shape=(size, size))


def _from_place(leave: _Ties, cut: _Cut, to_arrival: Numbers) -> Numbers:
    """Distance from each joining place to the nearest arrival, along the stretch it lies on."""
    stretch = _stretch(leave, cut)
    back = np.maximum(leave.along_m - cut.from_m[stretch], 0.0) + to_arrival[cut.start[stretch]]
    ahead = np.maximum(cut.to_m[stretch] - leave.along_m, 0.0) + to_arrival[cut.end[stretch]]
    return cast("Numbers", np.minimum(back, ahead))


def _stretch(leave: _Ties, cut: _Cut) -> Indices:
    # All segments laid end to end turn (segment, place) into one number that can be searched.
    laid_m = np.cumsum(np.r_[0.0, cut.to_m - cut.from_m])[:-1]
    first = np.searchsorted(cut.segment, leave.segment, side="left")
    last = np.searchsorted(cut.segment, leave.segment, side="right") - 1
    found = np.searchsorted(laid_m, laid_m[first] + leave.along_m, side="right") - 1
    return np.clip(found, first, last)
