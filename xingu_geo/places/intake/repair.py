"""Mending shapes, with a receipt for each: nothing loses or gains area unseen, nothing is dropped unsaid.

Comes in: a frame in metres. Goes out: valid shapes of the wanted kind, receipts, notes on doubles and overlaps.
Must not know: what the shapes stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry import LinearRing, MultiLineString, MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.passport import Geometry
from xingu_geo.places.intake.intake_findings import Note, Repair

Array = NDArray[Any]

OVERLAP_M2_MIN: Final = 1.0
_DIMENSION: Final = {"point": 0, "line": 1, "polygon": 2}
_LISTED: Final = 20


def mended(
    frame: gpd.GeoDataFrame, *, wanted: Geometry, layer: str, closed: Mapping[int, str] | None = None
) -> tuple[gpd.GeoDataFrame, list[Repair], list[Note]]:
    """``frame`` (index: feature ids) with valid shapes of the ``wanted`` kind, receipts and notes.

    ``closed`` names rows whose rings the reader closed. A shape of another kind becomes ``None`` with a note; if none
    is left the layer is refused (``shape_kind_wrong``).
    """
    repairs: list[Repair] = []
    shapes: list[BaseGeometry | None] = []
    lost: list[str] = []
    for row, (feature, shape) in enumerate(zip(frame.index, frame.geometry, strict=True)):
        if shape is None:
            shapes.append(None)
            continue
        good, code = _valid(shape)
        code = (closed or {}).get(row, code) if code is None else code
        kept = _of_kind(good, wanted)
        if kept is None:
            lost.append(str(feature))
        if code is not None and kept is not None:
            repairs.append(Repair(layer, str(feature), code, enclosed_area(shape), float(kept.area)))
        shapes.append(kept)
    if all(shape is None for shape in shapes):
        found = ", ".join(sorted(set(frame.geometry.dropna().geom_type)))
        raise XinguError("shape_kind_wrong", name=layer, found=found, expected=wanted)
    notes = [Note("shapes_lost", {"name": layer, "count": len(lost), "ids": _some(lost)})] if lost else []
    out = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    return out, repairs, notes


def enclosed_area(shape: BaseGeometry) -> float:
    """The area [m²] the outlines enclose by the even–odd rule: a figure of eight has the sum of its lobes, not 0."""
    if shape.is_valid:
        return float(shape.area)
    return float(shapely.make_valid(shape, method="linework").area)


def doubles_and_overlaps(frame: gpd.GeoDataFrame, *, layer: str) -> list[Note]:
    """Notes on shapes that are there twice and on polygons that overlap by more than 1 m² (land counted twice)."""
    placed = frame[frame.geometry.notna()]
    shapes = placed.geometry.to_numpy()
    ids = [str(feature) for feature in placed.index]
    notes: list[Note] = []
    twins = _twins(shapes, ids)
    if twins:
        notes.append(Note("shapes_doubled", {"name": layer, "count": len(twins), "ids": _some(twins)}))
    polygons = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    pairs = _overlaps(shapes[polygons], [ids[place] for place in polygons])
    if pairs:
        total = sum(area for _, area in pairs)
        facts = {"name": layer, "count": len(pairs), "area_m2": f"{total:,.0f}", "pairs": _some([p for p, _ in pairs])}
        notes.append(Note("shapes_overlap", facts))
    return notes


def _valid(shape: BaseGeometry) -> tuple[BaseGeometry, str | None]:
    if shape.is_valid:
        return shape, None
    reason = shapely.is_valid_reason(shape).lower()
    code = "self_crossing" if "self-intersection" in reason else "invalid_shape"
    return shapely.make_valid(shape, method="structure", keep_collapsed=False), code


def _of_kind(shape: BaseGeometry, wanted: Geometry) -> BaseGeometry | None:
    if shape.is_empty:
        return None
    if wanted == "any":
        return shape
    if wanted == "polygon" and shape.geom_type == "LineString" and shape.is_closed and len(shape.coords) > 3:
        return Polygon(LinearRing(shape.coords))
    parts = shapely.get_parts(shape)
    if shape.geom_type == "GeometryCollection":
        parts = shapely.get_parts(parts)
    fitting = parts[shapely.get_dimensions(parts) == _DIMENSION[wanted]]
    if not len(fitting):
        return None
    return shape if len(fitting) == len(parts) and shape.geom_type != "GeometryCollection" else _gathered(fitting)


def _gathered(parts: Array) -> BaseGeometry:
    only: BaseGeometry = parts[0]
    if len(parts) == 1:
        return only
    kinds = (MultiPoint, MultiLineString, MultiPolygon)
    return kinds[int(shapely.get_dimensions(only))](list(parts))


def _twins(shapes: Array, ids: Sequence[str]) -> list[str]:
    first: dict[bytes, str] = {}
    twins: list[str] = []
    for feature, key in zip(ids, shapely.to_wkb(shapely.normalize(shapes)), strict=True):
        if key in first:
            twins.append(f"{first[key]} = {feature}")
        else:
            first[key] = feature
    return twins


def _overlaps(shapes: Array, ids: Sequence[str]) -> list[tuple[str, float]]:
    if not len(shapes):
        return []
    left, right = STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    areas = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    found = [
        (f"{ids[a]} × {ids[b]}", float(area))
        for a, b, area in zip(left, right, areas, strict=True)
        if area > OVERLAP_M2_MIN
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _some(words: Sequence[str]) -> str:
    more = "…" if len(words) > _LISTED else ""
    return ", ".join(words[:_LISTED]) + more
