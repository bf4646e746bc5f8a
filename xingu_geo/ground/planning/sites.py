"""Sites: parcels (地块) and floor-space carriers (载体) in one table.

Comes in: the layers of the roles ``parcels`` and, where present, ``carriers``. Goes out: :class:`Sites`.
Must not know: projects, rules, scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.base.digest import digest_all
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.read import Catalogue, VectorLayer

Kind = Literal["parcel", "carrier"]
Status = Literal["vacant", "low_efficiency", "occupied", "reserved"]

TEXT_COLUMNS: Final = ("name_zh", "name_en", "land_use_code", "status", "owner")
NUMBER_COLUMNS: Final = ("plot_ratio_max", "height_max_m")
COLUMNS: Final = ("kind", *TEXT_COLUMNS, *NUMBER_COLUMNS, "area_m2", "floor_area_m2", "floor_area_free_m2")


@dataclass(frozen=True, slots=True)
class Sites:
    """Every place a project may be put.

    ``table`` is indexed by ``site_id`` (text, unique, sorted), in the working CRS, with the columns :data:`COLUMNS` and
    polygon geometry. ``area_m2`` is measured from the geometry. ``floor_area_free_m2`` is what may still be used:
    of a carrier its free floors, of a parcel the floor area its plot ratio allows (NaN where no ratio is known).
    Text that a layer does not give is ``""``, a number NaN.
    """

    table: gpd.GeoDataFrame
    confidence: Confidence
    accuracy_m: float
    digest: str


def sites_of(catalogue: Catalogue) -> Sites:
    """The sites of a place.

    Raises
    ------
    XinguError
        ``layer_missing`` without parcels; ``sites_empty``; ``site_doubled`` when a parcel and a carrier share an id;
        ``site_not_polygon`` when a site has no area.
    """
    layers = [(catalogue.vector("parcels"), "parcel")]
    if "carriers" in catalogue:
        layers.append((catalogue.vector("carriers"), "carrier"))
    frames = [_sites(layer, kind) for layer, kind in layers]
    table = gpd.GeoDataFrame(pd.concat(frames), crs=frames[0].crs).sort_index()
    table.index.name = "site_id"
    if table.empty:
        raise XinguError("sites_empty", file=layers[0][0].passport.path)
    if not table.index.is_unique:
        raise XinguError("site_doubled", site=table.index[table.index.duplicated()][0])
    passports = [layer.passport for layer, _ in layers]
    return Sites(
        table=table,
        confidence=weakest(*(passport.confidence for passport in passports)),
        accuracy_m=max(passport.positional_accuracy_m for passport in passports),
        digest=digest_all(layer.digest for layer, _ in layers),
    )


def _sites(layer: VectorLayer, kind: str) -> gpd.GeoDataFrame:
    source = layer.placed
    flat = source[~source.geometry.geom_type.isin(("Polygon", "MultiPolygon"))]
    if len(flat):
        raise XinguError("site_not_polygon", file=layer.passport.path, site=flat.index[0])
    table = gpd.GeoDataFrame({"kind": kind}, index=source.index, geometry=source.geometry, crs=source.crs)
    for name in TEXT_COLUMNS:
        table[name] = source[name].fillna("").astype(str) if name in source else ""
    for name in NUMBER_COLUMNS:
        table[name] = pd.to_numeric(source[name], errors="coerce") if name in source else float("nan")
    table["area_m2"] = table.geometry.area
    allowed = table["area_m2"] * table["plot_ratio_max"]
    for name in ("floor_area_m2", "floor_area_free_m2"):
        table[name] = pd.to_numeric(source[name], errors="coerce") if name in source else allowed
    return table[[*COLUMNS, "geometry"]]
