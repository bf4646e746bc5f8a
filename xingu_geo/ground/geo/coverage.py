"""How much of each cell of a grid every polygon covers, exactly, by accumulating signed areas along the edges.

Comes in: polygons, a north-up grid. Goes out: :class:`Coverage`, the covered cells of each polygon with their share.
Must not know: what the cells hold.

An edge that runs down through a row adds its drop to every cell on its right in that row, and the part of it that lies
right of the edge to the cell it runs through; round a closed ring the additions cancel outside and leave the covered
share inside. No cell is visited twice and no overlay is made. Decision 0036 says why this and not a library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from xingu_geo.ground.geo.shapes import Numbers, Shapes

CELLS_AT_ONCE: Final = 4_000_000
COVERED_MIN: Final = 1e-9  # below this a cell is touched by rounding only
STEPS: Final = 2.0**32  # places are kept in this many steps of a cell, so that drops add up without any rounding

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Grid:
    """A north-up grid: its upper left corner, cell sizes [m], and how many cells it has."""

    left_m: float
    top_m: float
    cell_width_m: float
    cell_height_m: float
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Covered cells of a run of polygons, polygon after polygon: which polygon, which cell, what share of the cell."""

    of: Indices
    row: Indices
    column: Indices
    share: Numbers


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Straight pieces in grid units, each of one polygon ``of``: x right, y down."""

    of: Indices
    x0: Numbers
    y0: Numbers
    x1: Numbers
    y1: Numbers

    def __getitem__(self, chosen: Any) -> _Pieces:
        return _Pieces(self.of[chosen], self.x0[chosen], self.y0[chosen], self.x1[chosen], self.y1[chosen])


def coverage(shapes: Shapes, grid: Grid) -> Iterator[Coverage]:
    """The cells of ``grid`` under each of ``shapes`` (valid polygons), in runs that bound the memory.

    Cells outside the grid are not listed; a polygon wholly outside has none. Missing and empty polygons have none.
    """
    bounds = shapely.bounds(shapes)
    left, right = _span(bounds[:, 0], bounds[:, 2], grid.left_m, grid.cell_width_m, grid.columns)
    upper, lower = _span(-bounds[:, 3], -bounds[:, 1], -grid.top_m, grid.cell_height_m, grid.rows)
    # One column more on either side gathers what lies beyond the window: on the left its drops still count, on the
    # right they make each row cancel.
    width = np.where((right > left) & (lower > upper), right - left + 2, 0)
    cells = width * np.maximum(lower - upper, 0)
    present = np.flatnonzero(cells)
    run = np.cumsum(cells[present]) // CELLS_AT_ONCE
    for chosen in np.split(present, np.flatnonzero(np.diff(run)) + 1):
        if len(chosen):
            yield _run(shapes, grid, chosen, left[chosen], upper[chosen], width[chosen], cells[chosen])


def _span(low_m: Numbers, high_m: Numbers, origin_m: float, cell_m: float, count: int) -> tuple[Indices, Indices]:
    low, high = np.floor((low_m - origin_m) / cell_m), np.ceil((high_m - origin_m) / cell_m)
    known = np.isfinite(low) & np.isfinite(high)
    first = np.clip(np.where(known, low, 0), 0, count).astype(np.intp)
    last = np.clip(np.where(known, high, 0), 0, count).astype(np.intp)
    return first, last


def _run(
    shapes: Shapes, grid: Grid, chosen: Indices, left: Indices, upper: Indices, width: Indices, cells: Indices
) -> Coverage:
    pieces = _in_columns(_in_rows(_edges(shapes[chosen], grid)))
    middle_x, middle_y = (pieces.x0 + pieces.x1) / 2, (pieces.y0 + pieces.y1) / 2
    column, row = np.floor(middle_x).astype(np.intp), np.floor(middle_y).astype(np.intp)
    height = cells // width
    into_column = np.clip(column - left[pieces.of] + 1, 0, width[pieces.of] - 1)
    into_row = row - upper[pieces.of]
    seen = (into_row >= 0) & (into_row < height[pieces.of])
    begin = np.cumsum(np.r_[0, cells[:-1]])
    at = (begin[pieces.of] + into_row * width[pieces.of] + into_column)[seen]
    drop = (pieces.y1 - pieces.y0)[seen]
    beside = drop * (1 - (middle_x - column)[seen])
    total = int(cells.sum())
    drops = np.bincount(at, weights=drop, minlength=total)
    # Within one row of one polygon all drops cancel, exactly: one running sum serves every row of every polygon, and
    # no polygon's shares depend on which others there are.
    share = np.bincount(at, weights=beside, minlength=total) + np.cumsum(drops) - drops
    covered = np.flatnonzero(np.abs(share) > COVERED_MIN)
    of = np.repeat(np.arange(len(chosen)), cells)[covered]
    into = covered - begin[of]
    inner = (into % width[of] > 0) & (into % width[of] < width[of] - 1)  # the extra columns are no cells
    of, into, covered = of[inner], into[inner], covered[inner]
    share_of_cell = np.minimum(np.abs(share[covered]), 1.0)
    return Coverage(chosen[of], upper[of] + into // width[of], left[of] + into % width[of] - 1, share_of_cell)


def _edges(shapes: Shapes, grid: Grid) -> _Pieces:
    collected, of_collected = shapely.get_parts(shapes, return_index=True)
    parts, nested = shapely.get_parts(collected, return_index=True)  # a mended shape may hold a MultiPolygon and a line
    of_part = of_collected[nested]
    rings, of_ring = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, at = shapely.get_coordinates(rings, return_index=True)
    x = _stepped((xy[:, 0] - grid.left_m) / grid.cell_width_m)
    y = _stepped((grid.top_m - xy[:, 1]) / grid.cell_height_m)
    sloping = np.flatnonzero((at[:-1] == at[1:]) & (y[:-1] != y[1:]))  # a level edge has no drop
    of = of_part[of_ring[at[sloping]]]
    return _Pieces(of, x[sloping], y[sloping], x[sloping + 1], y[sloping + 1])


def _in_rows(edges: _Pieces) -> _Pieces:
    return _cut(edges, edges.y0, edges.y1)


def _in_columns(pieces: _Pieces) -> _Pieces:
    return _cut(pieces, pieces.x0, pieces.x1)


def _cut(pieces: _Pieces, start: Numbers, end: Numbers) -> _Pieces:
    """``pieces`` cut where their coordinate from ``start`` to ``end`` passes a whole number."""
    low, away = np.minimum(start, end), np.abs(end - start)
    first = np.floor(low) + 1
    inside = np.maximum(np.ceil(np.maximum(start, end)) - first, 0).astype(np.intp)
    part = np.repeat(np.arange(len(start)), inside + 1)
    step = np.arange(len(part)) - np.repeat(np.cumsum(inside + 1) - inside - 1, inside + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = ((first - low)[part] + step) / away[part]  # share of the way, from the low end, to the next cut
    beyond = np.where(step == inside[part], 1.0, beyond)
    before = np.where(step == 0, 0.0, np.r_[0.0, beyond[:-1]])
    falls = (end < start)[part]
    t0, t1 = np.where(falls, 1 - beyond, before), np.where(falls, 1 - before, beyond)
    whole = pieces[part]
    run, rise = whole.x1 - whole.x0, whole.y1 - whole.y0
    return _Pieces(
        whole.of,
        _stepped(whole.x0 + t0 * run),
        _stepped(whole.y0 + t0 * rise),
        _stepped(whole.x0 + t1 * run),
        _stepped(whole.y0 + t1 * rise),
    )


def _stepped(places: Numbers) -> Numbers:
    return np.rint(places * STEPS) / STEPS
