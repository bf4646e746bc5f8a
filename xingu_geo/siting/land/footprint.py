"""The place of a building of width × depth in a parcel, turned any way, behind the setback line.

Comes in: polygons in metres and a :class:`Building`. Goes out: a :class:`Stand` that can be drawn.
Must not know: projects, sites, scores.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.crs import require_metres
from xingu_geo.siting.land.contiguity import Segments, Shapes, segments_of

TOLERANCE_M: Final = 0.01
"""A wall may stand at most half of this outside the setback line: a parcel of exactly W × D is big enough."""

NEAR_MISS: Final = 0.97
"""Where the full building has no place, one of this share of its width and depth is tried: borderline if it has."""

STEP_DEGREE: Final = 1.0
ANGLES_AT_ONCE: Final = 3
SIDES_MAX: Final = 18


class Fit(StrEnum):
    """What the search found. ``borderline``: only a building some per cent smaller has a place; look closer."""

    FITS = "fits"
    BORDERLINE = "borderline"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Building:
    """A rectangle to be placed; ``setback_m`` is kept free along the whole boundary, courtyards included."""

    width_m: float
    depth_m: float
    setback_m: float = 0.0

    def scaled(self, share: float) -> Building:
        """The same building smaller or larger, behind the same setback."""
        return replace(self, width_m=self.width_m * share, depth_m=self.depth_m * share)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a building stands: its centre, and the direction of its width, counter-clockwise from east in 0 … 180."""

    x_m: float
    y_m: float
    angle_degree: float
    width_m: float
    depth_m: float

    @property
    def outline(self) -> shapely.Polygon:
        """The building's plan."""
        corners = _corners(self.width_m, self.depth_m, np.array([self.angle_degree]))[0]
        return shapely.Polygon(corners + np.array([self.x_m, self.y_m]))


@dataclass(frozen=True, slots=True)
class FootprintFit:
    """The verdict on one polygon; ``placement`` is of the full building, of the smaller one if borderline."""

    fit: Fit
    placement: Stand | None


def fit_footprint(polygon: shapely.Geometry, building: Building, *, step_degree: float = STEP_DEGREE) -> FootprintFit:
    """Whether ``building`` fits into ``polygon`` (a Polygon, or a MultiPolygon of which one part must hold it all).

    A yes is certain: the placement lies within the setback line, to :data:`TOLERANCE_M`. The search tries the
    directions of the edges and every ``step_degree``, the most promising first; only where the building has less than
    about one per cent of play may a place between two steps of 1° be missed, and such near misses are borderline.

    Raises
    ------
    XinguError
        ``building_wrong`` for a size that is not above 0 or a setback below 0.
    """
    _check(building)
    parts = _buildable(polygon, building.setback_m)
    full = _first_place(parts, building, step_degree=step_degree)
    if full:
        return FootprintFit(Fit.FITS, full)
    smaller = _first_place(parts, building.scaled(NEAR_MISS), step_degree=step_degree)
    return FootprintFit(Fit.BORDERLINE if smaller else Fit.NO, smaller)


def fit_footprints(table: gpd.GeoDataFrame, building: Building) -> gpd.GeoDataFrame:
    """The verdict on every row of ``table`` (in metres), same index.

    Columns ``fit``, ``x_m``, ``y_m``, ``angle_degree``, ``width_m``, ``depth_m``; the geometry is the building's plan.
    Rows where it has no place have NaN and no geometry.
    """
    require_metres(table, name="sites")
    verdicts = [fit_footprint(polygon, building) for polygon in table.geometry]
    places = [verdict.placement for verdict in verdicts]
    columns: dict[str, list[float]] = {
        name: [getattr(place, name) if place else math.nan for place in places]
        for name in ("x_m", "y_m", "angle_degree", "width_m", "depth_m")
    }
    fits = pd.Series([verdict.fit.value for verdict in verdicts], index=table.index, dtype=object)
    outlines = [place.outline if place else None for place in places]
    return gpd.GeoDataFrame({"fit": fits, **columns}, index=table.index, geometry=outlines, crs=table.crs)


def rooms_for_centre(
    part: shapely.Polygon, edges: Segments, *, width_m: float, depth_m: float, angles_degree: Floats
) -> Shapes:
    """For each angle, every point that may be the centre of a width × depth rectangle inside ``part``.

    The polygon less its boundary thickened by the rectangle (Minkowski): for each boundary segment the convex hull of
    the rectangle set on both its ends. Exact; empty where the rectangle has no place.
    """
    corners = _corners(width_m, depth_m, angles_degree)[:, None, :, :]
    start, end = edges.start[None, :, None, :], edges.end[None, :, None, :]
    ends = np.concatenate([start + corners, end + corners], axis=2)
    barred = np.asarray(shapely.convex_hull(shapely.multipoints(ends)), dtype=object)
    return np.asarray(shapely.difference(part, shapely.union_all(barred, axis=1)), dtype=object)


def _check(building: Building) -> None:
    sizes = (building.width_m, building.depth_m)
    if not all(math.isfinite(size) and size > 0 for size in sizes) or not building.setback_m >= 0:
        raise XinguError("building_wrong", width=building.width_m, depth=building.depth_m, setback=building.setback_m)


def _buildable(polygon: shapely.Geometry, setback_m: float) -> list[shapely.Polygon]:
    """The parts of the land behind the setback line, largest first.

    Mitred, as a planner draws a parallel line: nowhere nearer than the setback.
    """
    land = polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)
    inner = shapely.buffer(land, -setback_m, join_style="mitre") if setback_m else land
    parts = [part for part in shapely.get_parts(inner) if part.geom_type == "Polygon" and not part.is_empty]
    return sorted(parts, key=lambda part: -part.area)


def _centre_if_large_enough(part: shapely.Polygon, building: Building) -> Floats | None:
    """The centre of the largest inscribed circle; None where area, diameter or circle already refuse the building."""
    width, depth = building.width_m - TOLERANCE_M, building.depth_m - TOLERANCE_M
    if part.area < width * depth or shapely.minimum_bounding_radius(part) * 2 < math.hypot(width, depth):
        return None
    slack = min(width, depth) / 100
    radius = shapely.maximum_inscribed_circle(part, tolerance=slack)
    # GEOS finds the circle to the tolerance only; add it, so that nothing that fits is refused here.
    if radius.length + slack < min(width, depth) / 2:
        return None
    centre: Floats = shapely.get_coordinates(radius)[0]
    return centre


def _first_place(parts: Iterable[shapely.Polygon], building: Building, *, step_degree: float) -> Stand | None:
    """A place in one of the parts: cheap refusals, a try in the middle, then the most promising directions first."""
    for part in parts:
        centre = _centre_if_large_enough(part, building)
        if centre is None:
            continue
        edges = segments_of(np.array([part], dtype=object))
        angles = _angles(edges, step_degree=step_degree)
        room = clearance(part, building, angles)
        angles = angles[np.argsort(-room, kind="stable")][: int((room >= -TOLERANCE_M).sum())]
        places = _verified(part, building, np.broadcast_to(centre, (len(angles), 2)), angles)
        for at in range(0, 0 if places else len(angles), ANGLES_AT_ONCE):
            places = _places(part, edges, building, angles[at : at + ANGLES_AT_ONCE])
            if places:
                break
        if places:
            return places[0]
    return None


def _angles(edges: Segments, *, step_degree: float) -> Floats:
    """Directions [degree, 0 … 180) worth trying: along and across the edges, and every step; ascending."""
    run = edges.end - edges.start
    along = np.degrees(np.arctan2(run[:, 1], run[:, 0]))
    grid = np.arange(0.0, 180.0, step_degree)
    angles: Floats = np.unique(np.round(np.concatenate([along, along + 90.0, grid]) % 180.0, 9))
    return angles


def clearance(part: shapely.Polygon, building: Building, angles_degree: Floats) -> Floats:
    """How far [m] all sides of the convex hull could move inwards at each angle and still hold the building.

    Negative where it does not fit the hull, hence not the part. By Helly's theorem three sides decide: for every three
    whose normals surround the origin, the weighted room they leave. Of a hull with many sides,
    tangents in :data:`SIDES_MAX` directions stand for them: the figure is then an upper bound.
    """
    normals, reach = _sides(part)
    turn = np.arctan2(normals[:, 1], normals[:, 0])[None, :] - np.radians(angles_degree)[:, None]
    half = building.width_m / 2 * np.abs(np.cos(turn)) + building.depth_m / 2 * np.abs(np.sin(turn))
    three = np.array(list(combinations(range(len(normals)), 3)))
    one, two, third = (normals[three[:, i]] for i in range(3))
    weight = np.stack([_cross(two, third), _cross(third, one), _cross(one, two)], axis=1)
    weight *= np.sign(weight.sum(axis=1, keepdims=True))
    surrounds = (weight >= -1e-12).all(axis=1) & (weight.sum(axis=1) > 1e-9)
    three, weight = three[surrounds], weight[surrounds]
    room = ((reach[None, :] - half)[:, three] * weight).sum(axis=2) / weight.sum(axis=1)
    return np.asarray(room.min(axis=1), dtype=np.float64)


def _sides(part: shapely.Polygon) -> tuple[Floats, Floats]:
    """Outward unit normals of the hull's sides, counter-clockwise, and how far it reaches along each."""
    hull = shapely.get_coordinates(shapely.orient_polygons(shapely.convex_hull(part)))
    run = np.diff(hull, axis=0)
    if len(run) > SIDES_MAX:
        turn = np.linspace(0, 2 * math.pi, SIDES_MAX, endpoint=False)
        normals = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    else:
        normals = np.stack([run[:, 1], -run[:, 0]], axis=1) / np.hypot(run[:, 0], run[:, 1])[:, None]
    # Measured from a corner of the hull: coordinates of millions of metres would cost digits.
    local = hull - hull[0]
    return normals, (local @ normals.T).max(axis=0)


def _cross(one: Floats, two: Floats) -> Floats:
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0], dtype=np.float64)


def _places(part: shapely.Polygon, edges: Segments, building: Building, angles: Floats) -> list[Stand]:
    """A placement for each of ``angles`` at which there is one, that with the most room around its centre first."""
    width, depth = building.width_m - TOLERANCE_M, building.depth_m - TOLERANCE_M
    rooms = rooms_for_centre(part, edges, width_m=width, depth_m=depth, angles_degree=angles)
    area = shapely.area(rooms)
    roomiest = np.argsort(-area, kind="stable")[: int((area > 0).sum())]
    pieces = [max(shapely.get_parts(room), key=shapely.area) for room in rooms[roomiest]]
    return _verified(part, building, shapely.get_coordinates(shapely.point_on_surface(pieces)), angles[roomiest])


def _verified(part: shapely.Polygon, building: Building, centres: Floats, angles: Floats) -> list[Stand]:
    """The placements that lie inside, looked at once more as drawn: no yes rests on the search alone."""
    width, depth = building.width_m, building.depth_m
    plans = shapely.polygons(_corners(width - TOLERANCE_M, depth - TOLERANCE_M, angles) + centres[:, None, :])
    return [
        Stand(float(centres[i, 0]), float(centres[i, 1]), float(angles[i]), width, depth)
        for i in np.flatnonzero(shapely.covers(part, plans)).tolist()
    ]


def _corners(width_m: float, depth_m: float, angles_degree: Floats) -> Floats:
    """The corners of a rectangle about the origin at each angle, counter-clockwise, (n, 4, 2)."""
    turn = np.radians(angles_degree)
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width_m / 2, depth_m / 2]
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(half @ rotation.transpose(2, 0, 1), dtype=np.float64)
