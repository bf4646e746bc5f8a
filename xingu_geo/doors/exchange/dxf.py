"""DXF for the drawing office: outlines, ids and names in metres, readable by any CAD since R12.

Comes in: a frame of polygons in metres and its papers. Goes out: one ``.dxf``. Must not know: results.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.travel_papers import Papers

OUTLINES: Final = "PARCELS"
LABELS: Final = "PARCEL_TEXT"
_TEXT_HEIGHT_M: Final = 12.0
_APPLICATION: Final = "XINGU_GEO"


def write_dxf(frame: gpd.GeoDataFrame, path: Path, papers: Papers) -> None:
    r"""Write each outline of ``frame`` as a closed polyline with its id attached, and its id and name as text.

    Holes are polylines of their own. Coordinates carry four decimals (0.1 mm). Text beyond ASCII is written as
    ``\U+XXXX``, which CAD programs show whatever their code page. A drawing holds no CRS: the comments name it.
    """
    plain = plain_frame(frame)
    id_column = str(plain.columns[0])
    lines = list(_comments(papers, plain.crs)) + list(_head(plain))
    lines += ["0", "SECTION", "2", "ENTITIES"]
    for row in plain.itertuples(index=False):
        values = dict(zip(plain.columns, row, strict=True))
        shape = values["geometry"]
        if shape is not None and not shape.is_empty:
            lines += _entities(str(values[id_column]), values.get("name_zh"), shape)
    lines += ["0", "ENDSEC", "0", "EOF", ""]
    path.write_text("\n".join(lines), encoding="ascii", newline="")


def read_back_dxf(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless the drawing is whole and holds every outline."""
    lines = path.read_text(encoding="ascii").splitlines()
    wanted = sum(_ring_count(shape) for shape in frame.geometry if shape is not None)
    if lines[-1:] != ["EOF"] or lines.count("POLYLINE") != wanted:
        raise OSError(f"{lines.count('POLYLINE')} of {wanted} outlines")


def escaped(text: str) -> str:
    """``text`` in ASCII as CAD reads it, on one line."""
    plain = " ".join(text.split())
    return "".join(sign if " " <= sign <= "~" and sign != "\\" else _escape(sign) for sign in plain)


def _escape(sign: str) -> str:
    units = sign.encode("utf-16-be")
    return "".join(f"\\U+{units[place] << 8 | units[place + 1]:04X}" for place in range(0, len(units), 2))


def _comments(papers: Papers, crs: CRS) -> Iterator[str]:
    code = f"EPSG:{crs.to_epsg()} " if crs.to_epsg() else ""
    for text in (f"{code}{crs.name}, metres", *papers.attribution):
        yield from ("999", escaped(text)[:250])


def _head(frame: gpd.GeoDataFrame) -> Iterator[str]:
    west, south, east, north = frame.total_bounds
    yield from ("0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1009", "9", "$INSUNITS", "70", "6")
    yield from ("9", "$EXTMIN", "10", f"{west:.4f}", "20", f"{south:.4f}")
    yield from ("9", "$EXTMAX", "10", f"{east:.4f}", "20", f"{north:.4f}", "0", "ENDSEC")
    yield from ("0", "SECTION", "2", "TABLES")
    yield from ("0", "TABLE", "2", "LTYPE", "70", "1", "0", "LTYPE", "2", "CONTINUOUS", "70", "0", "3", "Solid line")
    yield from ("72", "65", "73", "0", "40", "0.0", "0", "ENDTAB")
    yield from ("0", "TABLE", "2", "LAYER", "70", "2")
    for name, colour in ((OUTLINES, "3"), (LABELS, "7")):
        yield from ("0", "LAYER", "2", name, "70", "0", "62", colour, "6", "CONTINUOUS")
    yield from ("0", "ENDTAB", "0", "TABLE", "2", "APPID", "70", "1")
    yield from ("0", "APPID", "2", _APPLICATION, "70", "0", "0", "ENDTAB", "0", "ENDSEC")


def _entities(feature: str, name: object, shape: BaseGeometry) -> list[str]:
    lines: list[str] = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            lines += _polyline(feature, ring)
    label = f"{feature} {name}" if isinstance(name, str) else feature
    inside = shape.representative_point()
    lines += ["0", "TEXT", "8", LABELS, "10", f"{inside.x:.4f}", "20", f"{inside.y:.4f}", "30", "0.0"]
    return [*lines, "40", f"{_TEXT_HEIGHT_M}", "1", escaped(label)[:250]]


def _polyline(feature: str, ring: BaseGeometry) -> list[str]:
    pairs = shapely.get_coordinates(ring)
    is_closed = len(pairs) > 1 and bool((pairs[0] == pairs[-1]).all())
    kept = pairs[:-1] if is_closed else pairs
    lines = [
        "0",
        "POLYLINE",
        "8",
        OUTLINES,
        "66",
        "1",
        "10",
        "0.0",
        "20",
        "0.0",
        "30",
        "0.0",
        "70",
        str(int(is_closed)),
    ]
    lines += ["1001", _APPLICATION, "1000", escaped(feature)[:250]]
    for x, y in kept:
        lines += ["0", "VERTEX", "8", OUTLINES, "10", f"{x:.4f}", "20", f"{y:.4f}", "30", "0.0"]
    return [*lines, "0", "SEQEND", "8", OUTLINES]


def _ring_count(shape: BaseGeometry) -> int:
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    return sum(1 + len(part.interiors) if part.geom_type == "Polygon" else 1 for part in parts)
