"""GeoTIFF: one band in any CRS becomes a raster in the working CRS.

Comes in: a ``.tif``. Goes out: a GeoTIFF in the working CRS and what was found. Must not know: what the cells measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio import Affine
from rasterio.warp import Resampling, reproject

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import RASTER_CELLS_MAX
from xingu_geo.ground.geo.crs import is_accurate_transform
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options

Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RasterFound:
    """The raster written to ``file`` in the working CRS, its declared CRS, cells, the share without a value, notes."""

    file: Path
    crs: str
    cells: int
    empty_share: float
    notes: tuple[Note, ...]


def read_geotiff(path: Path, options: Options, *, target: Path) -> RasterFound:
    """The first band of the GeoTIFF at ``path``, bilinearly resampled to the working CRS if it is elsewhere.

    Raises
    ------
    XinguError
        ``raster_broken``, ``raster_too_big``, ``crs_unknown_raster``, ``crs_datum``, ``raster_void``.
    """
    try:
        with rasterio.open(path, driver="GTiff") as source:
            _require_modest(source.width * source.height, path.name)
            crs = _crs(source.crs, options, path.name)
            notes = [] if source.count == 1 else [Note("raster_first_band", {"name": path.name, "count": source.count})]
            band = source.read(1, masked=True).astype("float64").filled(np.nan)
            placed = source.transform
    except XinguError:
        raise
    except Exception as error:
        raise XinguError("raster_broken", name=path.name, detail=type(error).__name__) from error
    band[~np.isfinite(band)] = np.nan
    if placed.is_identity:
        raise XinguError("raster_unplaced", name=path.name)
    if crs != CRS.from_user_input(options.working_crs):
        band, placed = _warped(band, placed, crs, options.working_crs)
        facts = {"name": path.name, "found": crs.name, "working": options.working_crs}
        notes.append(Note("raster_resampled", facts))
    empty = float(np.isnan(band).mean())
    if math.isclose(empty, 1.0):
        raise XinguError("raster_void", name=path.name)
    _write(band, placed, options.working_crs, target)
    return RasterFound(target, crs.to_string(), int(band.size), empty, tuple(notes))


def _require_modest(cells: int, name: str) -> None:
    if cells > RASTER_CELLS_MAX:
        raise XinguError("raster_too_big", name=name, cells=cells, limit=RASTER_CELLS_MAX)


def _crs(found: object, options: Options, name: str) -> CRS:
    if options.crs is not None:
        crs = CRS.from_user_input(options.crs)
    elif found:
        crs = CRS.from_user_input(found)
    else:
        raise XinguError("crs_unknown_raster", name=name)
    if not is_accurate_transform(crs, CRS.from_user_input(options.working_crs)):
        raise XinguError("crs_datum", name=name, found=crs.name)
    return crs


def _warped(band: Cells, placed: Affine, crs: CRS, working_crs: str) -> tuple[Cells, Affine]:
    """The band on a north-up grid of the working CRS around it, with square cells as long as the old diagonals."""
    height, width = band.shape
    corners = [(0, 0), (width, 0), (0, height), (width, height)]
    xs = [placed.c + column * placed.a + row * placed.b for column, row in corners]
    ys = [placed.f + column * placed.d + row * placed.e for column, row in corners]
    # rasterio's own default grid opens a virtual dataset, which the allow-list of drivers rules out.
    to_metres = Transformer.from_crs(crs, working_crs, always_xy=True)
    west, south, east, north = to_metres.transform_bounds(min(xs), min(ys), max(xs), max(ys))
    cell_m = math.hypot(east - west, north - south) / math.hypot(width, height)
    rows, columns = math.ceil((north - south) / cell_m), math.ceil((east - west) / cell_m)
    _require_modest(columns * rows, crs.name)
    transform = Affine(cell_m, 0.0, west, 0.0, -cell_m, north)
    out = np.full((rows, columns), np.nan)
    reproject(
        band,
        out,
        src_transform=placed,
        src_crs=crs.to_wkt(),
        src_nodata=np.nan,
        dst_transform=transform,
        dst_crs=working_crs,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return out, transform


def _write(band: Cells, placed: Affine, working_crs: str, target: Path) -> None:
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": np.nan, "compress": "deflate"}
    height, width = band.shape
    with rasterio.open(target, "w", width=width, height=height, crs=working_crs, transform=placed, **profile) as sink:
        sink.write(band.astype("float32"), 1)
