"""The audit of a raster: it opens, its CRS is the declared one, its bands are counted, it holds values.

Comes in: a raster's entry. Goes out: findings. Must not know: what the values mean.
"""

from __future__ import annotations

import numpy as np
import rasterio
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from xingu_geo.ground.catalogue.audit_findings import Finding
from xingu_geo.ground.catalogue.read import Entry


def raster_findings(entry: Entry) -> list[Finding]:
    """What the raster does not keep of its passport; the declared columns are its bands, in order."""
    passport = entry.passport
    try:
        with rasterio.open(entry.file, driver="GTiff") as file:
            return _findings(entry, file)
    except (RasterioError, OSError) as error:
        facts = {"file": passport.path, "detail": type(error).__name__}
        return [Finding(passport.role, "layer_unreadable", "error", facts, key="error.layer_unreadable")]


def _findings(entry: Entry, file: DatasetReader) -> list[Finding]:
    passport = entry.passport
    role, path = passport.role, passport.path
    found: list[Finding] = []
    crs = CRS.from_user_input(file.crs) if file.crs else None
    if crs is None:
        found.append(Finding(role, "crs_missing", "error", {"name": path}, key="error.crs_missing"))
    elif crs != CRS.from_user_input(passport.crs):
        facts = {"file": entry.passport_file.name, "found": crs.to_string(), "declared": passport.crs}
        found.append(Finding(role, "crs_differs", "error", facts, key="error.crs_differs"))
    if file.count != passport.features:
        counts = {"file": path, "found": file.count, "declared": passport.features}
        found.append(Finding(role, "count_differs", "error", counts))
    if len(passport.fields) != file.count:
        bands = {"file": path, "found": file.count, "declared": len(passport.fields)}
        found.append(Finding(role, "bands_undescribed", "warning", bands))
    if file.nodata is None:
        found.append(Finding(role, "nodata_missing", "warning", {"file": path}))
    empty = [band for band in range(1, file.count + 1) if not np.any(file.read_masks(band))]
    if empty:
        shown = ", ".join(str(band) for band in empty)
        found.append(Finding(role, "band_empty", "error", {"file": path, "bands": shown}))
    return found
