"""Statistics of a raster under polygons, each cell weighted by the exact share of it that is covered.

Comes in: a GeoTIFF in the working CRS, polygons. Goes out: one number for each polygon.
Must not know: what the raster shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import RASTER_CELLS_MAX
from xingu_geo.ground.geo.coverage import Coverage, Grid, coverage
from xingu_geo.ground.geo.shapes import Numbers, Shapes, valid

Statistic = Literal["mean", "max", "min"]

SEEN_SHARE_MIN: Final = 0.9  # a site more than a tenth of which the raster does not show has no figure


def zonal_statistic(shapes: Shapes, file: Path, *, crs: str | CRS, statistic: Statistic) -> Numbers:
    """The raster's mean, maximum or minimum under each polygon (both in ``crs``), in the raster's unit.

    A cell counts with the share of it the polygon covers (``max`` and ``min``: any cell covered at all); cell
    centres alone would change the maximum of three parcels in ten. NaN where less than nine tenths of the
    polygon lie on cells with data.

    Raises
    ------
    XinguError
        ``raster_unreadable``, ``raster_not_working`` (CRS), ``raster_turned`` (not north-up), ``raster_large``.
    """
    cells, grid = _raster(file, crs)
    sound = valid(shapes)
    seen, figure = np.zeros(len(shapes)), np.full(len(shapes), np.nan)
    for run in coverage(sound, grid):
        _gather(run, cells, statistic, seen, figure)
    area_m2 = shapely.area(sound)
    enough = (area_m2 > 0) & (seen * grid.cell_width_m * grid.cell_height_m >= SEEN_SHARE_MIN * area_m2)
    return np.where(enough, figure, np.nan)


def _gather(run: Coverage, cells: NDArray[np.float64], statistic: Statistic, seen: Numbers, figure: Numbers) -> None:
    """Add one run to ``seen`` (cells) and ``figure``, arrays of this module's own."""
    values = cells[run.row, run.column]
    known = ~np.isnan(values)
    of, share, values = run.of[known], run.share[known], values[known]
    if not len(of):
        return
    whole, first = np.unique(of, return_index=True)  # a run lists polygon after polygon
    seen[whole] = np.add.reduceat(share, first)
    if statistic == "mean":
        figure[whole] = np.add.reduceat(share * values, first) / seen[whole]
    else:
        extreme = np.maximum if statistic == "max" else np.minimum
        figure[whole] = extreme.reduceat(values, first)


def _raster(file: Path, crs: str | CRS) -> tuple[NDArray[np.float64], Grid]:
    import rasterio  # noqa: PLC0415 - loaded where a raster is read at all
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(file, driver="GTiff") as raster:
            _check(raster, file, CRS.from_user_input(crs))
            band = raster.read(1, masked=True, out_dtype="float64").filled(np.nan)
            at = raster.transform
            grid = Grid(at.c, at.f, at.a, -at.e, raster.width, raster.height)
    except RasterioError as error:
        raise XinguError("raster_unreadable", file=file.name, detail=type(error).__name__) from error
    return band, grid


def _check(raster: Any, file: Path, crs: CRS) -> None:
    # A GeoTIFF stores no axis order, and its arrays have none: easting first is all that is read.
    if raster.crs is None or not crs.equals(CRS.from_wkt(raster.crs.to_wkt()), ignore_axis_order=True):
        found = raster.crs.to_string() if raster.crs else "-"
        raise XinguError("raster_not_working", file=file.name, found=found, expected=crs.to_string())
    turned = raster.transform
    if turned.b or turned.d or turned.a <= 0 or turned.e >= 0:
        raise XinguError("raster_turned", file=file.name)
    if raster.width * raster.height > RASTER_CELLS_MAX:
        raise XinguError("raster_large", file=file.name, cells=raster.width * raster.height, limit=RASTER_CELLS_MAX)
