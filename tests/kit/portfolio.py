"""Helpers for the tests of portfolios: made-up parcels and their sites."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.planning.sites import COLUMNS, Sites

EAST, NORTH = 500_000.0, 3_350_000.0


def sites_from(
    shapes: Sequence[shapely.Geometry],
    *,
    ids: Sequence[str] | None = None,
    status: Sequence[str] | None = None,
    owner: Sequence[str] | None = None,
) -> Sites:
    """Parcels in EPSG:4549 with the given shapes; vacant, each with an owner of its own, unless said otherwise."""
    count = len(shapes)
    names = list(ids) if ids is not None else [f"p{i:05d}" for i in range(count)]
    table = gpd.GeoDataFrame(index=names, geometry=list(shapes), crs="EPSG:4549")
    table.index.name = "site_id"
    table["kind"] = "parcel"
    for column in ("name_zh", "name_en"):
        table[column] = names
    table["land_use_code"] = "100102"
    table["status"] = list(status) if status is not None else "vacant"
    table["owner"] = list(owner) if owner is not None else [f"owner {name}" for name in names]
    table["plot_ratio_max"] = 2.0
    table["height_max_m"] = 40.0
    table["area_m2"] = table.geometry.area
    table["floor_area_m2"] = table["area_m2"] * 2
    table["floor_area_free_m2"] = table["area_m2"] * 2
    return Sites(table[[*COLUMNS, "geometry"]], Confidence.ILLUSTRATIVE, 10.0, "0" * 64)


def box(x: float, y: float, width: float, depth: float) -> shapely.Polygon:
    """A rectangle with its lower left corner at ``x``, ``y`` from a corner of the working ground."""
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + depth)


def split_land(seed: int, count: int, *, side_m: float, gap_m: float = 0.0) -> list[shapely.Polygon]:
    """``side_m`` × ``side_m`` of land cut into ``count`` slanted pieces; each is then drawn in by half ``gap_m``."""
    rng = np.random.default_rng(seed)
    pieces = [box(0, 0, side_m, side_m)]
    while len(pieces) < count:
        pieces.sort(key=shapely.area)
        whole = pieces.pop()
        first, second = _cut(whole, rng)
        pieces += [first, second]
    if gap_m:
        pieces = [shapely.buffer(piece, -gap_m / 2, join_style="mitre") for piece in pieces]
    return pieces


def _cut(whole: shapely.Polygon, rng: np.random.Generator) -> tuple[shapely.Polygon, shapely.Polygon]:
    west, south, east, north = whole.bounds
    share, slant = rng.uniform(0.35, 0.65), rng.uniform(-0.1, 0.1)
    if east - west > north - south:
        x, lean = west + share * (east - west), slant * (north - south)
        blade = shapely.Polygon([(west - 9e3, south - 9e3), (x - lean, south - 9e3), (x + lean, north + 9e3),
                                 (west - 9e3, north + 9e3)])  # fmt: skip
    else:
        y, lean = south + share * (north - south), slant * (east - west)
        blade = shapely.Polygon([(west - 9e3, south - 9e3), (east + 9e3, south - 9e3), (east + 9e3, y + lean),
                                 (west - 9e3, y - lean)])  # fmt: skip
    return shapely.intersection(whole, blade), shapely.difference(whole, blade)
