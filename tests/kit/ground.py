"""A bare square of ground in EPSG:4549 on which a test lays the layers it needs.

Comes in: an empty folder, shapes in metres from the corner. Goes out: a catalogue, sites, a context.
Must not know: Qiantang.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from rasterio.transform import Affine
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from kit.opening import open_catalogue
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.planning.projects import Brief, ProjectType, brief_of
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.siting.measuring.context import Context

CRS = "EPSG:4549"
EAST, NORTH = 540_000.0, 3_353_000.0

PASSPORT = """id = "{role}"
role = "{role}"
title = {{ zh = "{role}", en = "{role}" }}
about = {{ zh = "测试", en = "test" }}
path = "{file}"
geometry = "{geometry}"
crs = "{crs}"
id_field = "{id_field}"
features = {count}
topology = []
fields = []
licence = "MIT"
sources = ["test"]
valid_on = 2026-01-01
accessed_on = 2026-01-01
confidence = "{confidence}"
positional_accuracy_m = 1.0
lineage = {{ zh = "测试", en = "test" }}
version = "1.0.0"
"""

Row = Mapping[str, Any]


def moved(shape: BaseGeometry | None) -> BaseGeometry | None:
    """``shape`` from metres off the corner to EPSG:4549."""
    return None if shape is None else affinity.translate(shape, EAST, NORTH)


def lay(folder: Path, role: str, shapes: Mapping[str, BaseGeometry | None], *, crs: str = CRS, **columns: Any) -> None:
    """Write one vector layer: id → shape in metres from the corner; a column is one value, or one per id."""
    rows = {
        name: [value[key] if isinstance(value, Mapping) else value for key in shapes] for name, value in columns.items()
    }
    frame = gpd.GeoDataFrame({"id": list(shapes), **rows}, geometry=[moved(s) for s in shapes.values()], crs=CRS)
    frame.to_crs(crs).to_file(folder / f"{role}.gpkg", driver="GPKG", engine="pyogrio")
    _passport(folder, role, f"{role}.gpkg", "any", len(shapes), crs)


def lay_raster(
    folder: Path, role: str, cells: np.ndarray[Any, np.dtype[Any]], *, cell_m: float, crs: str = CRS
) -> None:
    """Write one raster whose upper left cell begins at (0, rows × cell_m) from the corner; NaN is no data."""
    height, width = cells.shape
    transform = Affine(cell_m, 0.0, EAST, 0.0, -cell_m, NORTH + height * cell_m)
    profile = {"driver": "GTiff", "height": height, "width": width, "count": 1, "dtype": "float64", "nodata": np.nan}
    with rasterio.open(folder / f"{role}.tif", "w", crs=crs, transform=transform, **profile) as file:
        file.write(cells.astype("float64"), 1)
    _passport(folder, role, f"{role}.tif", "raster", 1)


def parcels(folder: Path, shapes: Mapping[str, BaseGeometry], **columns: Any) -> None:
    """Write the parcels, vacant industrial land unless said otherwise."""
    plain = {"land_use_code": "100102", "status": "vacant", "plot_ratio_max": 2.0}
    lay(folder, "parcels", shapes, **{**plain, **columns})


PROJECT = {
    "title": {"zh": "项目", "en": "project"},
    "stage": "fab",
    "needs": "land",
    "vibration": "VC-D",
    "land_use_codes": ["100102", "100101"],
    "quantities": {},
}


def brief(changes: Mapping[str, float] | None = None, **fields: Any) -> Brief:
    """A brief of a bare project type; ``fields`` replace the type's, ``changes`` set figures."""
    made = ProjectType.model_validate({**PROJECT, **fields})
    return brief_of({"project": made}, "project", changes=changes or {})


def context(folder: Path, project: Brief | None = None, headroom: Any = None) -> Context:
    """The context of the layers in ``folder``."""
    catalogue: Catalogue = open_catalogue(folder)
    return Context(sites_of(catalogue), catalogue, project or brief(), headroom)


@dataclass(frozen=True)
class Sewered:
    """A stand-in for the sewers' headroom by site: a headroom for each site, NaN for unsewered."""

    table: pd.DataFrame
    confidence: Confidence = Confidence.ILLUSTRATIVE
    digest: str = "0" * 64


@dataclass(frozen=True)
class ToCome:
    """A stand-in for the least headroom of the phases to come."""

    least_m3_d: pd.Series[float]
    confidence: Confidence = Confidence.ILLUSTRATIVE
    digest: str = "1" * 64


def sewered(headroom_m3_d: Mapping[str, float], distance_m: float = 100.0) -> Sewered:
    """Headroom of each site as given."""
    table = pd.DataFrame({"headroom_m3_d": headroom_m3_d, "distance_m": distance_m}, dtype=float)
    table["state"] = np.where(table["headroom_m3_d"].notna(), "sewered", "unsewered")
    table["tie_in"], table["binding"] = "N1", "L1"
    return Sewered(table)


def _passport(folder: Path, role: str, file: str, geometry: str, count: int, crs: str = CRS) -> None:
    id_field = "" if geometry == "raster" else "id"
    text = PASSPORT.format(
        role=role, file=file, geometry=geometry, id_field=id_field, count=count, confidence="digitised", crs=crs
    )
    (folder / f"{role}.toml").write_text(text, encoding="utf-8")
