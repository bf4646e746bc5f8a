"""Statistics under polygons against cells counted by hand and by shapely."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.ground import CRS, EAST, NORTH, lay_raster, moved
from rasterio.transform import Affine
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.shapes import as_shapes
from xingu_geo.ground.geo.zonal import Statistic, zonal_statistic

#   row 0:  1  2  3     y 20…30
#   row 1:  4  5  6     y 10…20
#   row 2:  7  8  9     y  0…10
CELLS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])


def under(folder: Path, shape: BaseGeometry, statistic: Statistic = "mean", cells: np.ndarray = CELLS) -> float:
    lay_raster(folder, "ground", cells, cell_m=10)
    return float(zonal_statistic(as_shapes([moved(shape)]), folder / "ground.tif", crs=CRS, statistic=statistic)[0])


def test_a_mean_weighs_each_cell_by_the_share_covered(tmp_path: Path) -> None:
    # x 5…20, y 0…10: half of the 7, all of the 8
    assert under(tmp_path, box(5, 0, 20, 10)) == pytest.approx((0.5 * 7 + 8) / 1.5)


def test_a_maximum_sees_a_cell_touched_by_a_corner_that_cell_centres_miss(tmp_path: Path) -> None:
    shape = box(1, 11, 21, 19)  # a strip one metre into the 6
    assert under(tmp_path, shape, "max") == 6
    assert under(tmp_path, shape, "min") == 4


def test_cells_without_data_are_left_out_and_too_many_of_them_leave_no_figure(tmp_path: Path) -> None:
    cells = CELLS.copy()
    cells[2, 0] = np.nan
    assert under(tmp_path, box(9.5, 0, 20, 10), cells=cells) == pytest.approx(8)  # 0.5 of 10.5 unseen
    assert np.isnan(under(tmp_path, box(5, 0, 20, 10), cells=cells))  # 5 of 15 unseen


def test_outside_the_raster_there_is_no_figure(tmp_path: Path) -> None:
    assert np.isnan(under(tmp_path, box(100, 100, 110, 110)))
    assert np.isnan(under(tmp_path, box(-10, 0, 10, 10)))  # half outside


def test_figures_come_back_in_the_order_of_the_shapes(tmp_path: Path) -> None:
    lay_raster(tmp_path, "ground", CELLS, cell_m=10)
    shapes = [box(20, 0, 30, 10), box(0, 20, 10, 30), box(10, 10, 20, 20)]
    found = zonal_statistic(as_shapes([moved(s) for s in shapes]), tmp_path / "ground.tif", crs=CRS, statistic="mean")
    assert found.tolist() == [9, 1, 5]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 30)), min_size=3, max_size=3))
def test_a_mean_is_that_of_the_cells_cut_out_by_shapely(
    tmp_path_factory: pytest.TempPathFactory, corners: list[tuple[float, float]]
) -> None:
    shape = Polygon(corners)
    if shape.area < 1:
        return
    cells = [(CELLS[row, column], box(10 * column, 20 - 10 * row, 10 * column + 10, 30 - 10 * row))
             for row in range(3) for column in range(3)]  # fmt: skip
    expected = sum(value * shape.intersection(cell).area for value, cell in cells) / shape.area
    assert under(tmp_path_factory.mktemp("cells"), shape) == pytest.approx(expected, rel=1e-5)


def test_a_raster_in_another_crs_is_refused(tmp_path: Path) -> None:
    lay_raster(tmp_path, "ground", CELLS, cell_m=10, crs="EPSG:32651")
    with pytest.raises(XinguError) as caught:
        zonal_statistic(as_shapes([moved(box(0, 0, 1, 1))]), tmp_path / "ground.tif", crs=CRS, statistic="mean")
    assert caught.value.code == "raster_not_working"


def test_a_turned_raster_is_refused(tmp_path: Path) -> None:
    turned = Affine(9.8, 1.7, EAST, 1.7, -9.8, NORTH)
    profile = {"driver": "GTiff", "height": 3, "width": 3, "count": 1, "dtype": "float64"}
    with rasterio.open(tmp_path / "turned.tif", "w", crs=CRS, transform=turned, **profile) as file:
        file.write(CELLS, 1)
    with pytest.raises(XinguError) as caught:
        zonal_statistic(as_shapes([moved(box(0, 0, 1, 1))]), tmp_path / "turned.tif", crs=CRS, statistic="mean")
    assert caught.value.code == "raster_turned"


def test_a_file_that_is_no_raster_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.tif").write_text("no raster", encoding="utf-8")
    with pytest.raises(XinguError) as caught:
        zonal_statistic(as_shapes([moved(box(0, 0, 1, 1))]), tmp_path / "no.tif", crs=CRS, statistic="mean")
    assert caught.value.code == "raster_unreadable"
