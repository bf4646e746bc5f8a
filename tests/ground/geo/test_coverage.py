"""Covered shares against hand arithmetic, shapely's cuts and exactextract."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.ground import CRS
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.geo import coverage as module
from xingu_geo.ground.geo.coverage import Grid, coverage
from xingu_geo.ground.geo.shapes import as_shapes, valid

GRID = Grid(left_m=0.0, top_m=40.0, cell_width_m=10.0, cell_height_m=8.0, columns=6, rows=5)
CELLS = [
    [box(10 * column, 40 - 8 * (row + 1), 10 * (column + 1), 40 - 8 * row) for column in range(6)] for row in range(5)
]

corners = st.tuples(st.floats(-30, 90).map(lambda x: round(x, 2)), st.floats(-30, 70).map(lambda y: round(y, 2)))
outlines = st.lists(corners, min_size=3, max_size=9, unique=True)


def shares(*shapes: BaseGeometry, grid: Grid = GRID) -> np.ndarray:
    covered = np.zeros((len(shapes), grid.rows, grid.columns))
    for run in coverage(as_shapes(list(shapes)), grid):
        covered[run.of, run.row, run.column] += run.share
    return covered


def cut(shape: BaseGeometry) -> np.ndarray:
    return np.array([[shape.intersection(cell).area / cell.area for cell in row] for row in CELLS])


def test_a_rectangle_covers_parts_of_cells_by_hand() -> None:
    covered = shares(box(5, 0, 20, 12))[0]  # the bottom row 8 m high, then 4 m of the next
    expected = np.zeros((5, 6))
    expected[4, :2] = 0.5, 1.0
    expected[3, :2] = 0.25, 0.5
    assert covered == pytest.approx(expected)


def test_a_hole_is_not_covered() -> None:
    holed = box(0, 0, 60, 40).difference(box(20, 16, 30, 24))
    covered = shares(holed)[0]
    assert covered[2, 2] == pytest.approx(0)
    assert covered.sum() == pytest.approx(29)


def test_what_lies_outside_the_grid_is_not_listed_and_changes_nothing_inside() -> None:
    for beyond in (box(-100, 10, 15, 30), box(45, 10, 500, 30), box(10, -90, 30, 20), box(-99, -99, 999, 999)):
        assert shares(beyond)[0] == pytest.approx(cut(beyond))
    for outside in (box(-50, 0, -1, 40), box(61, 0, 99, 40), box(0, 41, 60, 99), Polygon()):
        assert shares(outside).sum() == 0


def test_touching_a_cell_is_not_covering_it() -> None:
    run = next(iter(coverage(as_shapes([box(10, 8, 20, 16)]), GRID)))
    assert list(zip(run.row, run.column, run.share, strict=True)) == [(3, 1, 1.0)]


def test_parts_of_a_shape_are_added() -> None:
    pair = MultiPolygon([box(0, 0, 5, 8), box(7, 0, 10, 8)])
    assert shares(pair)[0, 4, 0] == pytest.approx(0.8)


@settings(deadline=None, max_examples=150)
@given(st.lists(outlines, min_size=1, max_size=4))
def test_shares_are_those_of_the_cells_cut_out_by_shapely(rings: list[list[tuple[float, float]]]) -> None:
    shapes = valid(as_shapes([Polygon(ring) for ring in rings]))
    covered = shares(*shapes)
    for shape, found in zip(shapes, covered, strict=True):
        assert found == pytest.approx(cut(shape), abs=1e-9)


def test_runs_bound_the_memory_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    discs = [Point(x, y).buffer(7) for x in range(0, 60, 7) for y in range(0, 40, 7)]
    whole = shares(*discs)
    monkeypatch.setattr(module, "CELLS_AT_ONCE", 20)
    assert len(list(coverage(as_shapes(discs), GRID))) > 5
    assert np.array_equal(shares(*discs), whole)


def test_means_and_extremes_agree_with_exactextract() -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(6, 2, size=(60, 80))
    grid = Grid(1000.0, 700.0, 10.0, 10.0, 80, 60)
    source = NumPyRasterSource(values, 1000, 100, 1800, 700, nodata=np.nan, srs_wkt=pyproj.CRS(CRS).to_wkt())
    middle = rng.uniform((1050, 150), (1750, 650), size=(300, 2))
    angle = np.sort(rng.uniform(0, 2 * np.pi, size=(300, 11)), axis=1)
    reach = rng.uniform(5, 60, size=(300, 11))
    rings = middle[:, None] + np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=-1)
    shapes = valid(as_shapes(shapely.polygons(rings)))
    frame = gpd.GeoDataFrame({"row": range(300)}, geometry=shapes, crs=CRS)
    expected = exact_extract(source, frame, ["mean", "max", "count"], output="pandas", include_cols=["row"])
    (run,) = coverage(shapes, grid)
    seen = values[run.row, run.column]
    total = np.bincount(run.of, weights=run.share)
    assert total == pytest.approx(expected["count"].to_numpy(), rel=1e-6)
    assert np.bincount(run.of, weights=run.share * seen) / total == pytest.approx(expected["mean"].to_numpy(), rel=1e-6)
    highest = np.full(300, -np.inf)
    np.maximum.at(highest, run.of, seen)
    assert highest == pytest.approx(expected["max"].to_numpy())
