"""Drawing ground: degrees to metres and back, smooth curves, frames of street grids.

Comes in: longitudes and latitudes from the facts. Goes out: shapely geometry in EPSG:4549, or degrees for a file.
Must not know: which layer is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]
GRID_M = 0.01

_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)
_TO_DEGREES = Transformer.from_crs("EPSG:4549", "EPSG:4326", always_xy=True)


def metres(lon: float, lat: float) -> XY:
    """Easting and northing [m, EPSG:4549] of a WGS 84 position."""
    x, y = _TO_METRES.transform(lon, lat)
    return float(x), float(y)


def point(lon: float, lat: float) -> Point:
    """The position as a point in EPSG:4549."""
    return Point(metres(lon, lat))


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """``shape`` in WGS 84 degrees, rounded to 7 decimals (about 1 cm)."""

    def turned(xy: np.ndarray) -> np.ndarray:
        lon, lat = _TO_DEGREES.transform(xy[:, 0], xy[:, 1])
        return np.round(np.column_stack([lon, lat]), 7)

    return shapely.transform(shape, turned)


def path(lonlat: Iterable[XY]) -> LineString:
    """A straight-sided line through positions in degrees."""
    return LineString([metres(lon, lat) for lon, lat in lonlat])


def curve(lonlat: Sequence[XY], *, step_m: float = 120.0) -> LineString:
    """A smooth line (Catmull-Rom) that passes through every one of the positions."""
    return smooth([metres(lon, lat) for lon, lat in lonlat], step_m=step_m)


def smooth(knots: Sequence[XY], *, step_m: float = 120.0) -> LineString:
    """A smooth line (Catmull-Rom) through ``knots`` [m], with a vertex about every ``step_m``."""
    pts = np.asarray(knots, dtype=float)
    padded = np.vstack([2 * pts[0] - pts[1], pts, 2 * pts[-1] - pts[-2]])
    out: list[XY] = []
    for i in range(len(pts) - 1):
        a, b, c, d = padded[i : i + 4]
        n = max(1, round(float(np.hypot(*(c - b))) / step_m))
        for k in range(n):
            t = k / n
            spot = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            out.append((float(spot[0]), float(spot[1])))
    out.append((float(pts[-1][0]), float(pts[-1][1])))
    return LineString(out)


@dataclass(frozen=True, slots=True)
class Frame:
    """A local grid: origin [m], rotation [°, counter-clockwise], and a gentle sine bow so that no street is a ruler."""

    origin: XY
    turn_deg: float
    bow_m: float = 0.0
    wave_m: float = 6000.0

    def at(self, u_m: float, v_m: float) -> XY:
        """The EPSG:4549 position of the local coordinates."""
        u = u_m + self.bow_m * math.sin(2 * math.pi * v_m / self.wave_m)
        v = v_m + self.bow_m * math.sin(2 * math.pi * u_m / self.wave_m)
        c, s = math.cos(math.radians(self.turn_deg)), math.sin(math.radians(self.turn_deg))
        return self.origin[0] + c * u - s * v, self.origin[1] + s * u + c * v

    def line(self, start: XY, end: XY, *, step_m: float = 150.0) -> LineString:
        """The local straight line as a bowed line on the ground."""
        n = max(1, round(math.dist(start, end) / step_m)) if self.bow_m else 1
        ts = [k / n for k in range(n + 1)]
        return LineString([self.at(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in ts])

    def ring(self, corners: Sequence[XY]) -> Polygon:
        """The local polygon on the ground, its sides bowed as the streets are."""
        out: list[XY] = []
        for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
            out += corners_of(self.line(start, end))[:-1]
        return Polygon(out)


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons in ``shape``, largest first (ties by position)."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
    nested = [p for part in shapely.get_parts(shape) if part.geom_type == "GeometryCollection" for p in polygons(part)]
    return sorted([*parts, *nested], key=lambda p: (-round(p.area, 3), p.centroid.x, p.centroid.y))


def largest(shape: BaseGeometry) -> Polygon:
    """The largest polygon in ``shape``."""
    return polygons(shape)[0]


def lines(shape: BaseGeometry) -> list[LineString]:
    """The line strings in ``shape``."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString" and part.length > 0]


def corners_of(line: BaseGeometry) -> list[XY]:
    """The vertices of a line [m]."""
    return [(xy[0], xy[1]) for xy in line.coords]


def faces_of(network: BaseGeometry) -> list[Polygon]:
    """The faces that a noded network of lines encloses, largest first."""
    return polygons(
        shapely.geometrycollections(list(shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))))
    )


def frame_of(shape: BaseGeometry) -> tuple[XY, XY, XY]:
    """Three corners of the smallest rectangle (at any angle) around ``shape``: two sides that meet at the second."""
    a, b, c = corners_of(shape.minimum_rotated_rectangle.boundary)[:3]
    return a, b, c


def knit(pieces: Sequence[Polygon]) -> list[Polygon]:
    """The same polygons with every corner on a centimetre grid and put into its neighbours' sides too."""
    if len(pieces) == 1:
        return [shapely.set_precision(pieces[0], GRID_M)]
    rings = [LineString(piece.exterior.coords) for piece in pieces]
    faces = faces_of(shapely.union_all(rings, grid_size=GRID_M))
    tree = shapely.STRtree(list(pieces))
    members: dict[int, list[Polygon]] = {}
    for face in faces:
        owner = tree.query(face.representative_point(), predicate="within")
        if len(owner):
            members.setdefault(int(min(owner)), []).append(face)
    return [largest(shapely.union_all(found)) for _, found in sorted(members.items())]
