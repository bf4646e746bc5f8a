"""KML for map viewers: WGS 84, every column as data of its placemark, manifest and attribution in the document.

Comes in: a frame in metres and its papers. Goes out: one ``.kml``. Must not know: results.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Tree

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.travel_papers import Papers
from xingu_geo.ground.geo.crs import to_wgs84

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_kml(frame: gpd.GeoDataFrame, path: Path, papers: Papers) -> None:
    """Write ``frame`` as placemarks named by ``name_zh`` or the id; coordinates carry ten decimals (0.01 mm)."""
    plain = to_wgs84(plain_frame(frame), name=path.name)
    root = Tree.Element("kml", xmlns=_NAMESPACE)
    document = Tree.SubElement(root, "Document")
    _text(document, "name", papers.title.zh)
    _text(document, "description", papers.attribution_text)
    about = Tree.SubElement(document, "ExtendedData")
    _data(about, "manifest", papers.manifest_text)
    columns = [str(column) for column in plain.columns if column != "geometry"]
    for row, shape in zip(plain[columns].itertuples(index=False), plain.geometry, strict=True):
        values = dict(zip(columns, row, strict=True))
        place = Tree.SubElement(document, "Placemark")
        title = values.get("name_zh")
        _text(place, "name", str(values[columns[0]] if title is None or pd.isna(title) else title))
        data = Tree.SubElement(place, "ExtendedData")
        for column, value in values.items():
            if not pd.isna(value):
                _data(data, column, repr(float(value)) if isinstance(value, float) else str(value))
        if shape is not None and not shape.is_empty:
            place.append(_geometry(shape))
    Tree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def read_back_kml(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless the document is whole and has a placemark for every feature."""
    root = Tree.parse(path).getroot()  # noqa: S314  # our own file, just written
    written = sum(1 for _ in root.iter(f"{{{_NAMESPACE}}}Placemark"))
    if written != len(frame):
        raise OSError(f"{written} of {len(frame)} placemarks")


def _text(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = _FORBIDDEN.sub("", text)


def _data(parent: Tree.Element, name: str, text: str) -> None:
    data = Tree.SubElement(parent, "Data", name=_FORBIDDEN.sub("", name))
    _text(data, "value", text)


def _geometry(shape: BaseGeometry) -> Tree.Element:
    if shape.geom_type.startswith("Multi") or shape.geom_type == "GeometryCollection":
        multi = Tree.Element("MultiGeometry")
        multi.extend(_geometry(part) for part in shapely.get_parts(shape))
        return multi
    if isinstance(shape, Polygon):
        turned = orient(shape)
        polygon = Tree.Element("Polygon")
        for tag, ring in (
            ("outerBoundaryIs", turned.exterior),
            *(("innerBoundaryIs", hole) for hole in turned.interiors),
        ):
            linear = Tree.SubElement(Tree.SubElement(polygon, tag), "LinearRing")
            _text(linear, "coordinates", _pairs(shapely.get_coordinates(ring)))
        return polygon
    simple = Tree.Element(shape.geom_type)
    _text(simple, "coordinates", _pairs(shapely.get_coordinates(shape)))
    return simple


def _pairs(pairs: Iterable[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> str:
    return " ".join(f"{x:.10f},{y:.10f}" for x, y in pairs)
