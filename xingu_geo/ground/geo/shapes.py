"""Shares, areas and compactness of polygons, exact and free of double counting.

Comes in: arrays of polygons in the working CRS. Goes out: arrays, one number for each polygon.
Must not know: sites, layers, what a cover stands for.
"""

from __future__ import annotations

from typing import Any, Final, cast

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Numbers = NDArray[np.float64]

VERTICES_MAX: Final = 256  # a piece larger than this is halved: intersecting it costs all its vertices each time


def as_shapes(geometries: Any) -> Shapes:
    """``geometries`` (a GeoSeries, list or array) as a plain array of shapely geometries."""
    return cast("Shapes", np.asarray(geometries, dtype=object))


def valid(shapes: Shapes) -> Shapes:
    """``shapes``, with those that cross themselves rebuilt; the valid ones are the very same objects."""
    broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    if not broken.any():
        return shapes
    mended = shapes.copy()
    mended[broken] = shapely.make_valid(shapes[broken])
    return mended


def compactness(shapes: Shapes) -> Numbers:
    """4πA/P² of each polygon: 1 for a disc, π/4 for a square, near 0 for a sliver.

    [share] Holes count: they take area away and add perimeter. NaN for what has no perimeter.
    """
    length = shapely.length(shapes)
    with np.errstate(divide="ignore", invalid="ignore"):
        return cast("Numbers", np.where(length > 0, 4 * np.pi * shapely.area(shapes) / length**2, np.nan))


def disjoint_pieces(covers: Shapes) -> Shapes:
    """The union of ``covers`` as small polygons that overlap nowhere, ready for :func:`covered_share`.

    Overlapping covers are dissolved first: counted twice, they have given shares of 300 %.
    """
    parts = shapely.get_parts(shapely.union_all(valid(covers[~shapely.is_missing(covers)])))
    pieces = [parts[shapely.area(parts) > 0]]
    done: list[Shapes] = []
    while len(pieces[0]):
        large = shapely.get_num_coordinates(pieces[0]) > VERTICES_MAX
        done.append(pieces[0][~large])
        pieces[0] = _halves(pieces[0][large])
    return np.concatenate(done) if done else np.empty(0, dtype=object)


def covered_share(shapes: Shapes, pieces: Shapes) -> Numbers:
    """Share of each polygon's area that lies under ``pieces`` (from :func:`disjoint_pieces`).

    [share, 0–1] Exact: no raster, no tolerance. NaN for a polygon without area.
    """
    area = shapely.area(shapes)
    covered = np.zeros(len(shapes))
    if len(pieces):
        of_shape, of_piece = shapely.STRtree(pieces).query(shapes, predicate="intersects")
        common = shapely.area(shapely.intersection(valid(shapes)[of_shape], pieces[of_piece]))
        covered += np.bincount(of_shape, weights=common, minlength=len(shapes))
    with np.errstate(divide="ignore", invalid="ignore"):
        return cast("Numbers", np.where(area > 0, np.clip(covered / area, 0.0, 1.0), np.nan))


def majority(shapes: Shapes, zones: Shapes, *, share_min: float) -> NDArray[np.intp]:
    """Index of the zone that holds most of each polygon, −1 where none holds at least ``share_min`` of it.

    Of two zones that hold the same share the earlier wins, so zones sorted by id make the answer independent of
    the order of rows.
    """
    best = np.full(len(shapes), -1, dtype=np.intp)
    if not len(zones):
        return best
    of_shape, of_zone = shapely.STRtree(zones).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(valid(shapes)[of_shape], valid(zones)[of_zone]))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.round(common / shapely.area(shapes)[of_shape], 9)  # halves that differ by rounding are equal
    order = np.lexsort((-of_zone, share))  # the largest share, then the earliest zone, is written last
    keep = order[share[order] >= max(share_min, np.finfo(float).tiny)]
    best[of_shape[keep]] = of_zone[keep]
    return best


def share_within(
    shapes: Shapes, features: Shapes, *, reach_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], Numbers]:
    """Pairs (shape, feature) no farther apart than ``reach_m``, and the share of the feature's area within reach.

    The reach is drawn with 32 segments to the quarter circle: its area is 0.04 % less than the disc's.
    """
    nothing = np.empty(0, dtype=np.intp)
    if not len(features) or not len(shapes):
        return nothing, nothing, np.empty(0)
    reach = shapely.buffer(shapes, reach_m, quad_segs=32)
    mended = valid(features)
    tree = shapely.STRtree(mended)
    of_shape, of_feature = tree.query(reach, predicate="intersects")
    share = np.ones(len(of_shape))
    partly = ~_pairs_in((of_shape, of_feature), tree.query(reach, predicate="contains"), len(features))
    common = shapely.area(shapely.intersection(reach[of_shape[partly]], mended[of_feature[partly]]))
    share[partly] = common / shapely.area(mended[of_feature[partly]])
    return of_shape, of_feature, share


def _pairs_in(
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]], others: NDArray[np.intp], width: int
) -> NDArray[np.bool_]:
    return np.isin(pairs[0] * width + pairs[1], others[0] * width + others[1])


def _halves(shapes: Shapes) -> Shapes:
    if not len(shapes):
        return shapes
    x_min, y_min, x_max, y_max = shapely.bounds(shapes).T
    wide = (x_max - x_min) >= (y_max - y_min)
    x_mid, y_mid = np.where(wide, (x_min + x_max) / 2, x_max), np.where(wide, y_max, (y_min + y_max) / 2)
    first = shapely.box(x_min, y_min, x_mid, y_mid)
    second = shapely.box(np.where(wide, x_mid, x_min), np.where(wide, y_min, y_mid), x_max, y_max)
    halves = np.concatenate([shapely.intersection(shapes, first), shapely.intersection(shapes, second)])
    parts = shapely.get_parts(halves)
    return parts[shapely.area(parts) > 0]
