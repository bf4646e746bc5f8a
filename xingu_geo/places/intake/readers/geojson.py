"""GeoJSON, read without GDAL: in any Chinese encoding, links dropped, open rings closed with a receipt.

Comes in: a text file. Goes out: one raw layer. Must not know: what the features are.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException
from shapely.geometry import LineString
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.encoding import chosen_encoding, guess_encoding, sample_of
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.vectors import frame_of, require_few, tidy_cell

_GEOMETRIES: Final = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip
# Stands for coordinates that are no numbers: no ring of them closes, so they cannot be built as they came.
_NOWHERE: Final = LineString([(math.inf, math.inf), (0.0, 0.0)])


def decoded_text(content: bytes, *, encoding: str | None, name: str) -> tuple[str, str, list[Note]]:
    """The text of a whole file, the encoding it was read as, and what is to be said about that."""
    if content.startswith(b"\xef\xbb\xbf"):
        content, declared = content[3:], "utf-8"
    elif content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        declared = "utf-16"
    else:
        declared = ""
    if encoding:
        codec, is_sure = chosen_encoding(encoding), True
    elif declared == "utf-16":
        codec, is_sure = declared, True
    else:
        guess = guess_encoding([content])
        codec, is_sure = guess.encoding, guess.is_sure
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise XinguError("encoding_wrong", name=name, encoding=codec, place=error.start) from error
    notes = [] if codec == "utf-8" and is_sure else [Note("encoding_guessed", {"name": name, "encoding": codec})]
    return text, codec, notes


def read_geojson(path: Path, options: Options) -> list[Raw]:
    """The features of the GeoJSON file at ``path``.

    Raises
    ------
    XinguError
        ``json_broken``, ``geojson_wrong``, ``too_many_features``, ``layer_empty`` or an encoding refusal.
    """
    text, codec, notes = decoded_text(path.read_bytes(), encoding=options.encoding, name=path.name)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise XinguError("json_broken", file=path.name, detail=str(error)[:100]) from error
    features = _features(document, path.name)
    require_few(len(features), options, name=path.name)
    crs, crs_notes = _declared_crs(document, path.name)
    shapes: list[BaseGeometry | None] = []
    mended: dict[int, str] = {}
    for row, feature in enumerate(features):
        shape, closed = _shape(feature.get("geometry"), row, path.name)
        shapes.append(shape)
        if closed:
            mended[row] = "ring_closed"
    rows = [_properties(feature) for feature in features]
    names = list(dict.fromkeys(key for row in rows for key in row))
    columns = {key: [row.get(key) for row in rows] for key in names}
    frame = frame_of(columns, shapes, name=path.name)
    words = [word for values in columns.values() for word in values]
    return [Raw(path.stem, frame, crs, (*notes, *crs_notes), codec, sample_of([*names, *words]), mended)]


def _features(document: object, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(document, dict):
        raise XinguError("geojson_wrong", file=name, found=type(document).__name__)
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        features: list[Mapping[str, Any]] = document["features"]
    elif kind == "Feature":
        features = [document]
    elif kind in _GEOMETRIES:
        features = [{"type": "Feature", "geometry": document, "properties": {}}]
    else:
        raise XinguError("geojson_wrong", file=name, found=str(kind)[:40])
    if not all(isinstance(feature, dict) for feature in features):
        raise XinguError("geojson_wrong", file=name, found="features")
    return features


def _declared_crs(document: Mapping[str, Any], name: str) -> tuple[CRS | None, list[Note]]:
    """The CRS of the legacy member by name; links are dropped unread. Without one RFC 7946 says WGS 84."""
    member = document.get("crs")
    if not isinstance(member, dict):
        return CRS.from_epsg(4326), []
    if member.get("type") != "name":
        return None, [Note("crs_link_dropped", {"name": name})]
    properties = member.get("properties")
    said = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if re.search(r"CRS84$", said):
        return CRS.from_epsg(4326), []
    code = re.search(r"EPSG:{1,2}[\d.]*:?(\d{4,6})$", said)
    if code is None:
        return None, [Note("crs_link_dropped", {"name": name})]
    try:
        return CRS.from_epsg(int(code.group(1))), []
    except CRSError as error:
        raise XinguError("crs_unreadable", crs=said[:60]) from error


def _properties(feature: Mapping[str, Any]) -> dict[str, object]:
    properties = feature.get("properties")
    row = {str(key): tidy_cell(value) for key, value in properties.items()} if isinstance(properties, dict) else {}
    if "id" in feature and "id" not in row:
        row["id"] = tidy_cell(str(feature["id"]))
    return row


def _shape(geometry: object, row: int, name: str) -> tuple[BaseGeometry | None, bool]:
    if geometry is None:
        return None, False
    if not isinstance(geometry, dict) or geometry.get("type") not in _GEOMETRIES:
        raise XinguError("feature_broken", name=name, row=row + 1)
    try:
        closed, changed = _closed(geometry)
        if not _is_finite(closed.get("coordinates")):
            return _NOWHERE, False
        return shape_of(closed), changed
    except (
        TypeError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        GEOSException,
    ) as error:
        raise XinguError("feature_broken", name=name, row=row + 1) from error


def _is_finite(coordinates: object) -> bool:
    if isinstance(coordinates, list):
        return all(_is_finite(part) for part in coordinates)
    return not isinstance(coordinates, float) or math.isfinite(coordinates)


def _closed(geometry: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The geometry with every ring closed, and whether one was open."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        parts = [_closed(part) for part in geometry["geometries"]]
        return {"type": kind, "geometries": [part for part, _ in parts]}, any(changed for _, changed in parts)
    coordinates = geometry["coordinates"]
    if kind == "Polygon":
        rings = [_ring(ring) for ring in coordinates]
        return {"type": kind, "coordinates": rings}, rings != coordinates
    if kind == "MultiPolygon":
        polygons = [[_ring(ring) for ring in polygon] for polygon in coordinates]
        return {"type": kind, "coordinates": polygons}, polygons != coordinates
    return dict(geometry), False


def _ring(ring: list[Any]) -> list[Any]:
    closed = ring if not ring or ring[0] == ring[-1] else [*ring, ring[0]]
    return closed if not closed or len(closed) >= 4 else [*closed, *[closed[0]] * (4 - len(closed))]
