"""KML and KMZ, read without GDAL: placemarks with their data; links and document types are never followed.

Comes in: a KML file, or a KMZ archive. Goes out: one raw layer in WGS 84. Must not know: what the places are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Tree

import shapely
from pyproj import CRS
from shapely.geometry import GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.archive import unpack
from xingu_geo.places.intake.encoding import clean_text, sample_of
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.geojson import decoded_text
from xingu_geo.places.intake.vectors import frame_of, require_few

_DEPTH_MAX: Final = 60
_MULTI: Final = {"Point": MultiPoint, "LineString": MultiLineString, "Polygon": MultiPolygon}


def read_kmz(path: Path, options: Options, *, workshop: Path) -> list[Raw]:
    """The first document of the KMZ at ``path``; ``doc.kml`` if there is one."""
    unpacked = unpack(path, workshop / "unpacked", encoding=None)
    names = unpacked.with_suffix(".kml")
    chosen = next((name for name in names if name.lower().endswith("doc.kml")), names[0])
    return _read(unpacked.files[chosen].read_bytes(), path, options)


def read_kml(path: Path, options: Options) -> list[Raw]:
    """The placemarks of the KML file at ``path``.

    Raises
    ------
    XinguError
        ``format_doctype``, ``xml_broken``, ``layer_empty``, ``too_many_features`` or ``feature_broken``.
    """
    return _read(path.read_bytes(), path, options)


def _read(content: bytes, path: Path, options: Options) -> list[Raw]:
    text, codec, notes = decoded_text(content, encoding=options.encoding or _declared(content), name=path.name)
    if re.search(r"<!(doctype|entity)", text, re.IGNORECASE):
        raise XinguError("format_doctype", file=path.name)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = Tree.fromstring(text)  # noqa: S314  # document types, where the known attacks live, are refused above
    except Tree.ParseError as error:
        raise XinguError("xml_broken", file=path.name, detail=str(error)[:80]) from error
    places = list(_placemarks(root))
    require_few(len(places), options, name=path.name)
    if _count(root, "NetworkLink") or _count(root, "GroundOverlay"):
        links = _count(root, "NetworkLink") + _count(root, "GroundOverlay")
        notes.append(Note("kml_links_dropped", {"name": path.name, "count": links}))
    shapes, rows = [], []
    for number, place in enumerate(places, start=1):
        try:
            shapes.append(_shape_of_place(place))
        except (ValueError, IndexError, shapely.errors.GEOSException) as error:
            raise XinguError("feature_broken", name=path.name, row=number) from error
        rows.append(_data(place))
    names = list(dict.fromkeys(key for row in rows for key in row))
    columns = {key: [row.get(key) for row in rows] for key in names}
    frame = frame_of(columns, shapes, name=path.name)
    sample = sample_of([*names, *(word for row in rows for word in row.values())])
    return [Raw(path.stem, frame, CRS.from_epsg(4326), tuple(notes), codec, sample)]


def _declared(content: bytes) -> str | None:
    found = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w\-]+)[\"']", content[:200])
    said = found.group(1).decode("ascii") if found else ""
    return said if said.lower() in {"gbk", "gb2312", "gb18030", "big5"} else None


def _tag(element: Tree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _count(root: Tree.Element, tag: str) -> int:
    return sum(1 for element in root.iter() if _tag(element) == tag)


def _placemarks(root: Tree.Element) -> Iterator[Tree.Element]:
    return (element for element in root.iter() if _tag(element) == "Placemark")


def _data(place: Tree.Element) -> dict[str, object]:
    row: dict[str, object] = {}
    for child in place:
        tag = _tag(child)
        if tag in {"name", "description"} and child.text:
            row[tag] = clean_text(child.text)
        elif tag == "ExtendedData":
            for field in child.iter():
                key = field.get("name")
                if _tag(field) == "SimpleData" and key:
                    row[key] = clean_text(field.text or "") or None
                elif _tag(field) == "Data" and key:
                    value = next((part.text for part in field if _tag(part) == "value"), None)
                    row[key] = clean_text(value or "") or None
    return row


def _shape_of_place(place: Tree.Element) -> BaseGeometry | None:
    shapes = [shape for child in place if (shape := _shape(child, 0)) is not None]
    return shapes[0] if shapes else None


def _shape(element: Tree.Element, depth: int) -> BaseGeometry | None:
    tag = _tag(element)
    if depth > _DEPTH_MAX:
        raise ValueError("nested too deep")
    if tag == "Point":
        pairs = _pairs(element)
        return Point(pairs[0]) if pairs else None
    if tag in {"LineString", "LinearRing"}:
        pairs = _pairs(element)
        return LineString(pairs) if len(pairs) > 1 else None
    if tag == "Polygon":
        return _polygon(element)
    if tag == "MultiGeometry":
        parts = [shape for child in element if (shape := _shape(child, depth + 1)) is not None]
        kinds = {part.geom_type for part in parts}
        if len(kinds) == 1 and (kind := kinds.pop()) in _MULTI:
            return _MULTI[kind](parts)  # type: ignore[arg-type]  # one kind only, as just counted
        return GeometryCollection(parts) if parts else None
    return None


def _polygon(element: Tree.Element) -> BaseGeometry | None:
    shell: list[tuple[float, float]] = []
    holes: list[list[tuple[float, float]]] = []
    for boundary in element:
        if _tag(boundary) == "outerBoundaryIs":
            shell = _pairs(boundary)
        elif _tag(boundary) == "innerBoundaryIs":
            holes.append(_pairs(boundary))
    return Polygon(shell, [hole for hole in holes if len(hole) > 2]) if len(shell) > 2 else None


def _pairs(element: Tree.Element) -> list[tuple[float, float]]:
    text = next((found.text or "" for found in element.iter() if _tag(found) == "coordinates"), "")
    triples = (word.split(",") for word in re.sub(r"\s*,\s*", ",", text).split())
    return [(float(triple[0]), float(triple[1])) for triple in triples]
