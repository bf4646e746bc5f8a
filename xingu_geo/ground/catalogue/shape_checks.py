"""The audit of shapes: types, validity, placement, overlaps, holes.

Comes in: a passport and its frame as it stands in the file. Goes out: findings. Must not know: columns, sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.audit_findings import Finding, Severity
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.geo.crs import to_working

OVERLAP_MIN_M2: Final = 1.0  # below this lie the roundings of a file, above it two owners
HOLE_MIN_M2: Final = 1.0
SHOWN: Final = 3
TYPES: Final = {
    "polygon": ("Polygon", "MultiPolygon"),
    "line": ("LineString", "MultiLineString"),
    "point": ("Point", "MultiPoint"),
}


def shape_findings(passport: Passport, frame: gpd.GeoDataFrame, crs: CRS) -> list[Finding]:
    """What the shapes of ``frame`` (in the file's own CRS) do not keep of the passport.

    Overlaps and holes are measured in the working CRS ``crs`` and only looked for where the passport's topology asks;
    a frame that cannot be brought there is not measured (the guarded reader has refused it already).
    """
    ids = frame[passport.id_field].astype(str) if passport.id_field in frame else frame.index.astype(str).to_series()
    shapes = frame.geometry
    missing = shapes.isna() | shapes.is_empty
    named = pd.Series(ids.to_numpy(), index=frame.index)
    found = _unplaced(passport, named[missing]) + _types(passport, shapes[~missing], named)
    whole = shapes[~missing]
    invalid = whole[~whole.is_valid]
    if len(invalid):
        reason = str(shapely.is_valid_reason(invalid.iloc[0]))
        found.append(_about(passport, "invalid", "error", named[invalid.index], reason=reason))
    found += _off_the_globe(passport, whole, named)
    return found + _measured(passport, frame[~missing & shapes.is_valid], named, crs)


def _about(passport: Passport, code: str, severity: Severity, ids: Iterable[object], **facts: object) -> Finding:
    names = sorted(str(name) for name in ids)
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return Finding(passport.role, code, severity, {"file": passport.path, "count": len(names), "ids": shown, **facts})


def _unplaced(passport: Passport, ids: pd.Series[str]) -> list[Finding]:
    if ids.empty or "may_be_unplaced" in passport.topology:
        return []
    return [_about(passport, "unplaced", "error", ids)]


def _types(passport: Passport, shapes: gpd.GeoSeries, named: pd.Series[str]) -> list[Finding]:
    allowed = TYPES.get(passport.geometry)
    if allowed is None:
        return []
    wrong = shapes[~shapes.geom_type.isin(allowed)]
    if wrong.empty:
        return []
    found = ", ".join(sorted(set(wrong.geom_type)))
    return [_about(passport, "geometry_type", "error", named[wrong.index], found=found, declared=passport.geometry)]


def _off_the_globe(passport: Passport, shapes: gpd.GeoSeries, named: pd.Series[str]) -> list[Finding]:
    """Degrees that are no longitude and latitude: projected coordinates, or the two exchanged."""
    if shapes.crs is None or not shapes.crs.is_geographic or shapes.empty:
        return []
    box = shapes.bounds
    wrong = (box["minx"] < -180) | (box["maxx"] > 180) | (box["miny"] < -90) | (box["maxy"] > 90)
    return [_about(passport, "off_the_globe", "error", named[box.index[wrong]])] if wrong.any() else []


def _measured(passport: Passport, frame: gpd.GeoDataFrame, named: pd.Series[str], crs: CRS) -> list[Finding]:
    asked = {"no_overlaps", "no_holes"} & set(passport.topology)
    if not asked or frame.empty:
        return []
    try:
        ground = to_working(frame, crs, name=passport.path).geometry
    except XinguError:
        return []
    found = _overlaps(passport, ground, named) if "no_overlaps" in asked else []
    return found + (_holes(passport, ground, named) if "no_holes" in asked else [])


def _overlaps(passport: Passport, ground: gpd.GeoSeries, named: pd.Series[str]) -> list[Finding]:
    """Pairs that share more than :data:`OVERLAP_MIN_M2`, worst first."""
    shapes = ground.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    bad = np.flatnonzero(shared > OVERLAP_MIN_M2)
    if not len(bad):
        return []
    worst = bad[np.argmax(shared[bad])]
    names = named[ground.index].to_numpy()
    pair = " × ".join(sorted((str(names[one[worst]]), str(names[other[worst]]))))
    facts = {"file": passport.path, "count": len(bad), "ids": pair, "area_m2": f"{shared[worst]:,.0f}"}
    return [Finding(passport.role, "overlap", "error", facts)]


def _holes(passport: Passport, ground: gpd.GeoSeries, named: pd.Series[str]) -> list[Finding]:
    parts, owner = shapely.get_parts(ground.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_hole = np.concatenate(([False], part[1:] == part[:-1])) if len(part) else np.array([], dtype=bool)
    holes = rings[is_hole]
    large = shapely.area(shapely.polygons(holes)) > HOLE_MIN_M2 if len(holes) else np.array([], dtype=bool)
    owners = sorted(set(owner[part[is_hole][large]].tolist())) if len(holes) else []
    return [_about(passport, "hole", "error", named[ground.index].iloc[owners])] if owners else []
