"""The shipped layers and tables, opened once for all tests that look at them.

Comes in: the project's ``layers/``. Goes out: catalogue, frames, lines of helpers. Must not know: any test.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd

from kit.opening import open_catalogue
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.places.place.place import Place
from xingu_geo.places.place.tables import Tables
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import open_tables, run

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


@cache
def tables() -> Tables:
    """The shipped tables."""
    return open_tables(data_dir())


@cache
def place() -> Place:
    """The shipped place."""
    return Place(shipped(), tables())


@cache
def default_result() -> Result:
    """The default study on the shipped place."""
    return run(place(), Study())


def frame(role: str) -> gpd.GeoDataFrame:
    """The layer of ``role`` in EPSG:4549, indexed by id."""
    return shipped().vector(role).table
