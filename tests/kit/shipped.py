"""The shipped layers, opened once for all tests that look at them.

Comes in: the project's ``layers/``. Goes out: catalogue, frames, lines of helpers. Must not know: any test.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd

from xingu_geo.catalogue.read import Catalogue, open_catalogue

ROOT = Path(__file__).parents[2]
LAYERS = ROOT / "layers"
ROLES = {
    "actors", "carriers", "core", "core_parts", "dikes", "district", "elevation", "metro", "parcels", "protected",
    "residential", "river", "roads", "sewer_links", "sewer_loads", "sewer_nodes", "street", "street_crossings",
    "subdistricts", "wings",
}  # fmt: skip


@cache
def shipped() -> Catalogue:
    """The catalogue of the shipped layers."""
    return open_catalogue(LAYERS)


def frame(role: str) -> gpd.GeoDataFrame:
    """The layer of ``role`` in EPSG:4549, indexed by id."""
    return shipped().vector(role).table
