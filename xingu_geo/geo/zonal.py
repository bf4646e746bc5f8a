"""Statistics of a raster under polygons, each cell weighted by the exact share of it that is covered.

Comes in: a GeoTIFF in the working CRS, polygons. Goes out: one number for each polygon.
Must not know: what the raster shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, cast

import geopandas as gpd
import numpy as np
import rasterio
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from rasterio.errors import RasterioError

from xingu_geo.base.errors import XinguError
from xingu_geo.base.settings import RASTER_CELLS_MAX
from xingu_geo.geo.crs import WORKING_CRS
from xingu_geo.geo.shapes import Numbers, Shapes

Statistic = Literal["mean", "max", "min"]

SEEN_SHARE_MIN: Final = 0.9  # a site more than a tenth of which the raster does not show has no figure


def zonal_statistic(shapes: Shapes, file: Path, *, statistic: Statistic) -> Numbers:
    """The raster's mean, maximum or minimum under each polygon, in the raster's unit.

    A cell counts with the share of it the polygon covers (``max`` and ``min``: any cell covered at all); cell
    centres alone would change the maximum of three parcels in ten. NaN where less than nine tenths of the
    polygon lie on cells with data.

    Raises
    ------
    XinguError
        ``raster_unreadable``, ``raster_not_working`` (CRS), ``raster_turned`` (not north-up), ``raster_large``.
    """
    source, cell_m2 = _source(file)
    frame = gpd.GeoDataFrame({"row": np.arange(len(shapes))}, geometry=shapes, crs=WORKING_CRS)
    # One source and plain operation names: naming results over several sources has crashed exactextract 0.3.0.
    found = exact_extract(source, frame, [statistic, "count"], output="pandas", include_cols=["row"])
    ordered = found.sort_values("row")
    seen_m2 = ordered["count"].to_numpy(dtype=float) * cell_m2
    figure = ordered[statistic].to_numpy(dtype=float)
    return cast("Numbers", np.where(seen_m2 >= SEEN_SHARE_MIN * frame.geometry.area.to_numpy(), figure, np.nan))


def _source(file: Path) -> tuple[NumPyRasterSource, float]:
    try:
        with rasterio.open(file) as raster:
            _check(raster, file)
            band = raster.read(1, masked=True, out_dtype="float64").filled(np.nan)
            left, bottom, right, top = raster.bounds
            cell_m2 = abs(raster.transform.a * raster.transform.e)
    except RasterioError as error:
        raise XinguError("raster_unreadable", file=file.name, detail=type(error).__name__) from error
    wkt = CRS.from_user_input(WORKING_CRS).to_wkt()
    return NumPyRasterSource(band, left, bottom, right, top, nodata=np.nan, srs_wkt=wkt), cell_m2


def _check(raster: rasterio.DatasetReader, file: Path) -> None:
    # A GeoTIFF stores no axis order, and its arrays have none: easting first is all that is read.
    working = CRS.from_user_input(WORKING_CRS)
    if raster.crs is None or not working.equals(CRS.from_wkt(raster.crs.to_wkt()), ignore_axis_order=True):
        found = raster.crs.to_string() if raster.crs else "-"
        raise XinguError("raster_not_working", file=file.name, found=found, expected=WORKING_CRS)
    turned = raster.transform
    if turned.b or turned.d or turned.a <= 0 or turned.e >= 0:
        raise XinguError("raster_turned", file=file.name)
    if raster.width * raster.height > RASTER_CELLS_MAX:
        raise XinguError("raster_large", file=file.name, cells=raster.width * raster.height, limit=RASTER_CELLS_MAX)
