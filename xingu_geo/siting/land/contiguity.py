"""Which parcels lie against which: by a shared boundary, or face to face across a road.

Comes in: polygons in metres. Goes out: :class:`Contiguity`, a graph over them. Must not know: projects, owners, scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from xingu_geo.ground.base.arrays import Bools, Floats, Ints
from xingu_geo.ground.geo.crs import require_metres

Shapes = npt.NDArray[np.object_]

TOUCH_M: Final = 0.05
"""How far apart two drawn boundaries may run and still be one [m]: digitising never meets to the bit."""


class Segments(NamedTuple):
    """Boundary segments with the land on their left; ``owner`` is the row of the polygon each belongs to."""

    start: Floats
    end: Floats
    owner: Ints


@dataclass(frozen=True, slots=True)
class Contiguity:
    """A graph of sites.

    ``site_ids`` are sorted; ``left`` < ``right`` are positions in them, one row for each pair that meets, in order.
    ``shared_m`` is the length of boundary the two share (0 for a pair that only faces across a gap), ``facing_m``
    the length over which they face each other within the gap; ``joins`` is whether either is enough to be
    contiguous. ``area_m2`` and ``perimeter_m`` are per site.
    """

    site_ids: tuple[str, ...]
    area_m2: Floats
    perimeter_m: Floats
    left: Ints
    right: Ints
    shared_m: Floats
    facing_m: Floats
    joins: Bools
    shared_min_m: float
    gap_m: float

    @property
    def edges(self) -> Ints:
        """The contiguous pairs, (m, 2)."""
        return np.stack([self.left[self.joins], self.right[self.joins]], axis=1)


def contiguity_of(table: gpd.GeoDataFrame, *, shared_min_m: float = 5.0, gap_m: float = 0.0) -> Contiguity:
    """The contiguous pairs of ``table`` (indexed by site_id, in metres).

    Parameters
    ----------
    shared_min_m
        The least shared boundary [m]; two parcels that meet at a corner are not contiguous.
    gap_m
        0: only parcels that share a boundary. Above 0: also parcels that face each other over at least
        ``shared_min_m`` across at most this distance [m], such as a road, with no third site between them.

    Raises
    ------
    XinguError
        ``crs_missing``, ``crs_not_metres``.
    """
    require_metres(table, name="sites")
    ordered = table.sort_index()
    shapes = np.asarray(ordered.geometry.array, dtype=object)
    count = len(shapes)
    segments = segments_of(shapes)
    touching = facing_lengths(segments, count=count, gap_m=0.0)
    facing = facing_lengths(segments, count=count, gap_m=gap_m) if gap_m > 0 else touching
    keys = np.array(sorted(touching.keys() | facing.keys()), dtype=np.int64)
    shared = np.array([touching.get(key, 0.0) for key in keys.tolist()], dtype=np.float64)
    across = np.array([facing.get(key, 0.0) for key in keys.tolist()], dtype=np.float64)
    left, right = np.divmod(keys, max(count, 1))
    enough = (shared >= shared_min_m) | ((across >= shared_min_m) & ~_is_blocked(shapes, left, right))
    kept = enough | (shared > 0)
    return Contiguity(
        site_ids=tuple(ordered.index.astype(str)),
        area_m2=shapely.area(shapes),
        perimeter_m=shapely.length(shapes),
        left=left[kept],
        right=right[kept],
        shared_m=shared[kept],
        facing_m=across[kept],
        joins=enough[kept],
        shared_min_m=shared_min_m,
        gap_m=gap_m,
    )


def segments_of(shapes: Shapes) -> Segments:
    """The boundary segments of polygons and multipolygons, each with the land on its left."""
    parts, part_owner = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, point_ring = shapely.get_coordinates(rings, return_index=True)
    inside = (point_ring[1:] == point_ring[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    owner = part_owner[ring_part[point_ring[:-1][inside]]].astype(np.int64)
    return Segments(points[:-1][inside], points[1:][inside], owner)


def facing_lengths(segments: Segments, *, count: int, gap_m: float, tolerance_m: float = TOUCH_M) -> dict[int, float]:
    """Length [m] over which two polygons face each other within ``gap_m``, by ``left · count + right``.

    Of each pair of segments it is the part of the one that lies square in front of the other, measured along the
    other; so parcels diagonal across a crossing face each other over nothing. The two views of a pair (from the
    left, from the right) may differ where edges are oblique: the smaller counts.
    """
    lines = np.asarray(shapely.linestrings(np.stack([segments.start, segments.end], axis=1)))
    tree = shapely.STRtree(lines)
    seen, base = tree.query(lines, predicate="dwithin", distance=gap_m + tolerance_m)
    foreign = segments.owner[seen] != segments.owner[base]
    seen, base = seen[foreign], base[foreign]
    length = _length_in_front(segments, seen, base, far_m=gap_m + tolerance_m, near_m=-tolerance_m)
    viewed, viewer = segments.owner[seen], segments.owner[base]
    from_left, from_right = viewer < viewed, viewer > viewed
    one = _sum_by(viewer[from_left] * count + viewed[from_left], length[from_left])
    two = _sum_by(viewed[from_right] * count + viewer[from_right], length[from_right])
    return {key: min(total, two[key]) for key, total in one.items() if key in two and min(total, two[key]) > 0}


def _length_in_front(segments: Segments, seen: Ints, base: Ints, *, far_m: float, near_m: float) -> Floats:
    """How much of each ``base`` segment has its ``seen`` segment square in front of it, face to face [m]."""
    origin = segments.start[base]
    along = segments.end[base] - origin
    reach = np.hypot(along[:, 0], along[:, 1])
    unit = along / reach[:, None]
    outward = np.stack([unit[:, 1], -unit[:, 0]], axis=1)
    first, last = segments.start[seen] - origin, segments.end[seen] - origin
    t0, t1 = (first * unit).sum(axis=1), (last * unit).sum(axis=1)
    s0, s1 = (first * outward).sum(axis=1), (last * outward).sum(axis=1)
    enter_t, leave_t = _window(t0, t1, np.zeros_like(reach), reach)
    enter_s, leave_s = _window(s0, s1, np.full_like(reach, near_m), np.full_like(reach, far_m))
    span = np.minimum(leave_t, leave_s) - np.maximum(enter_t, enter_s)
    faces = t1 < t0
    return np.where(faces & (span > 0), (t0 - t1) * span, 0.0)


def _window(first: Floats, last: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Where on 0 … 1 a value running from ``first`` to ``last`` is between ``low`` and ``high``."""
    step = last - first
    still = step == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (low - first) / step, (high - first) / step
    enter, leave = np.maximum(np.minimum(a, b), 0.0), np.minimum(np.maximum(a, b), 1.0)
    within = (first >= low) & (first <= high)
    return np.where(still, np.where(within, 0.0, 1.0), enter), np.where(still, np.where(within, 1.0, 0.0), leave)


def _sum_by(keys: Ints, values: Floats) -> dict[int, float]:
    unique, inverse = np.unique(keys, return_inverse=True)
    return dict(zip(unique.tolist(), np.bincount(inverse, weights=values).tolist(), strict=True))


def _is_blocked(shapes: Shapes, left: Ints, right: Ints) -> Bools:
    """Whether a third shape lies on the shortest line between the two of each pair."""
    blocked = np.zeros(len(left), dtype=bool)
    if len(left):
        lines = shapely.shortest_line(shapes[left], shapes[right])
        pair, other = shapely.STRtree(shapes).query(lines, predicate="intersects")
        third = (other != left[pair]) & (other != right[pair])
        blocked[pair[third]] = True
    return blocked
