"""Files as they come in practice, and as an attacker would send them; byte by byte where it matters."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

# Two lots in 白杨, metres of EPSG:4549; 300 m x 200 m and 500 m x 400 m.
EAST, NORTH = 540_000.0, 3_353_000.0
LOTS = (box(EAST, NORTH, EAST + 300, NORTH + 200), box(EAST + 400, NORTH, EAST + 900, NORTH + 400))
# The figure of eight of 1,000 m x 1,066.4 m: two triangles of 1,000 x 533.2 / 2 = 266,600 m² each, 533,200 m² in all.
BOW_TIE = Polygon([(EAST, NORTH), (EAST + 1000, NORTH), (EAST, NORTH + 1066.4), (EAST + 1000, NORTH + 1066.4)])
DEGREES = ((120.40, 30.30), (120.41, 30.30), (120.41, 30.31), (120.40, 30.31), (120.40, 30.30))


def geojson(features: Sequence[Mapping[str, object]], **members: object) -> bytes:
    """A feature collection as UTF-8."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}, ensure_ascii=False).encode()


def feature(coordinates: object = (DEGREES,), *, kind: str = "Polygon", **properties: object) -> dict[str, object]:
    """One feature."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def dbf(names: Sequence[bytes], rows: Sequence[Sequence[bytes]], *, language: int = 0, width: int = 40) -> bytes:
    """A dBASE table of text fields from raw bytes, in whatever encoding they are."""
    header = 32 + 32 * len(names) + 1
    record = 1 + width * len(names)
    out = bytearray(struct.pack("<BBBBIHH16xBBH", 3, 126, 11, 23, len(rows), header, record, 0, language, 0))
    for name in names:
        out += name[:10].ljust(11, b"\x00") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    out += b"\r"
    for row in rows:
        out += b" " + b"".join(cell[:width].ljust(width) for cell in row)
    return bytes(out) + b"\x1a"


def shp(shapes: Sequence[BaseGeometry]) -> tuple[bytes, bytes]:
    """The ``.shp`` and ``.shx`` of single polygons; a shell is written clockwise as the format wants."""
    records, index, place = bytearray(), bytearray(), 50
    for number, shape in enumerate(shapes, start=1):
        ring = list(shape.exterior.coords)
        if shape.exterior.is_ccw:
            ring = ring[::-1]
        content = struct.pack("<i4d2i", 5, *shape.bounds, 1, len(ring)) + struct.pack("<i", 0)
        content += b"".join(struct.pack("<2d", *pair) for pair in ring)
        records += struct.pack(">2i", number, len(content) // 2) + content
        index += struct.pack(">2i", place, len(content) // 2)
        place += 4 + len(content) // 2
    bounds = (
        min(s.bounds[0] for s in shapes),
        min(s.bounds[1] for s in shapes),
        max(s.bounds[2] for s in shapes),
        max(s.bounds[3] for s in shapes),
    )

    def head(length: int) -> bytes:
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + length) // 2) + struct.pack(
            "<2i8d", 1000, 5, *bounds, 0, 0, 0, 0
        )

    return head(len(records)) + bytes(records), head(len(index)) + bytes(index)


def zipped(members: Mapping[str, bytes] | Sequence[tuple[str | bytes, bytes]]) -> bytes:
    """A zip; a name given as bytes is stored raw, without the UTF-8 flag, as Chinese Windows does."""
    items = list(members.items()) if isinstance(members, Mapping) else list(members)
    out = io.BytesIO()
    raw: list[tuple[bytes, bytes]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(items):
            if isinstance(name, bytes):
                # ZipInfo cannot hold raw bytes: an ASCII name of the same length is written, then exchanged.
                stand_in = f"{number:03d}".ljust(len(name), "~")
                raw.append((stand_in.encode(), name))
                archive.writestr(stand_in, content)
            else:
                archive.writestr(name, content)
    written = out.getvalue()
    for stand_in_bytes, name in raw:
        written = written.replace(stand_in_bytes, name)
    return written


PRJ_4549 = (
    b'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    b'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    b'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    b'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    b'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def shapefile(
    *,
    encoding: str = "gbk",
    cpg: str | None = None,
    language: int = 0,
    shapes: Sequence[BaseGeometry] = LOTS,
    texts: Sequence[Sequence[str]] = (
        ("地块编号", "用地性质", "权利人"),
        ("钱塘-01", "一类工业用地", "杭州某某电子"),
        ("钱塘-02", "科研用地", "杭州某某材料"),
    ),
    prj: bytes | None = PRJ_4549,
    stem: str | bytes = "parcels",
) -> bytes:
    """A zipped Shapefile whose table is in ``encoding`` and whose ``.cpg`` says ``cpg`` (nothing if ``None``)."""
    names, *rows = [[text.encode(encoding) for text in row] for row in texts]
    shape_bytes, index_bytes = shp(shapes)
    parts: list[tuple[str, bytes]] = [
        (".shp", shape_bytes),
        (".shx", index_bytes),
        (".dbf", dbf(names, rows[: len(shapes)], language=language)),
    ]
    if prj is not None:
        parts.append((".prj", prj))
    if cpg is not None:
        parts.append((".cpg", cpg.encode()))
    joined: list[tuple[str | bytes, bytes]] = [
        (stem + end.encode() if isinstance(stem, bytes) else stem + end, content) for end, content in parts
    ]
    return zipped(joined)


def write(folder: Path, name: str, content: bytes) -> Path:
    """``content`` as a file."""
    path = folder / name
    path.write_bytes(content)
    return path
