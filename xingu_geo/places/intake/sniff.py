"""What a file really is, told by its first bytes and never by its name.

Comes in: a path. Goes out: one of the kinds intake reads, or a refusal. Must not know: how a kind is read.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UPLOAD_BYTES_MAX
from xingu_geo.places.intake.archive import member_names
from xingu_geo.places.intake.encoding import one_line

Kind = Literal[
    "geojson", "shapefile", "shapefile_zip", "geopackage", "kml", "kmz", "dxf", "csv", "xlsx", "geoparquet", "geotiff",
    "swmm", "osm", "zip",
]  # fmt: skip

_HEAD_BYTES: Final = 65_536
_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0", "Excel 97 (.xls)"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"AutoCAD Binary DXF", "Binary DXF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"fgb\x03", "FlatGeobuf"),
    (b"\x89HDF", "HDF5"),
    (b"CDF\x01", "NetCDF"),
)
_KINDS: Final[tuple[tuple[int, bytes, Kind], ...]] = (
    (0, b"SQLite format 3\x00", "geopackage"),
    *((0, mark, "geotiff") for mark in _TIFF),
    (0, b"PAR1", "geoparquet"),
    (0, b"\x00\x00\x27\x0a", "shapefile"),
    (4, b"\x0a\x09OSMHeader", "osm"),
)
_VIRTUAL: Final = (
    b"<ogrvrtdatasource", b"<vrtdataset", b"<ogrwfsdatasource", b"<wfs_", b"<gdal_wms", b"<wms_", b"<gdal_wmts",
    b"<ogrwmts", b"<gdaltileindexdataset", b"gdal_streamed_alg", b"<gdal_wcs", b"<wcs_gdal", b"<pamdataset",
)  # fmt: skip


def require_file(path: Path, *, bytes_max: int = UPLOAD_BYTES_MAX) -> Path:
    """``path`` itself, if it is an existing regular file of a size we read; never an address or a virtual path.

    Raises
    ------
    XinguError
        ``path_not_file``, ``file_missing``, ``file_empty`` or ``file_too_big``.
    """
    text, name = str(path), one_line(path.name)[:80]
    if "://" in text or re.match(r"[A-Za-z]{2,}:", text) or text.startswith(("/vsi", "\\\\", "//")):
        raise XinguError("path_not_file", file=one_line(text)[:80])
    if not path.exists():
        raise XinguError("file_missing", file=name, folder=one_line(str(path.parent)))
    if not path.is_file():
        raise XinguError("path_not_file", file=name)
    size = path.stat().st_size
    if size == 0:
        raise XinguError("file_empty", file=name)
    if size > bytes_max:
        raise XinguError("file_too_big", file=name, size_mb=size // 1_000_000, limit_mb=bytes_max // 1_000_000)
    return path


def sniff(path: Path) -> Kind:
    """The kind of the file at ``path`` by its content.

    Raises
    ------
    XinguError
        ``format_virtual`` for files that only point elsewhere, ``format_foreign`` for known but unread formats,
        ``format_doctype`` for XML with a document type, ``format_unseen`` for all else.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    lowered = _plain_head(head).lower()
    if any(mark in lowered for mark in _VIRTUAL):
        raise XinguError("format_virtual", file=path.name)
    return _binary_kind(path, head) or _text_kind(path, head, lowered)


def _binary_kind(path: Path, head: bytes) -> Kind | None:
    for magic, title in _FOREIGN:
        if head.startswith(magic):
            raise XinguError("format_foreign", file=path.name, found=title)
    if re.match(rb"AC10\d\d", head):
        raise XinguError("format_foreign", file=path.name, found="DWG")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    return next((kind for place, magic, kind in _KINDS if head[place:].startswith(magic)), None)


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = member_names([m for m in archive.infolist() if not m.is_dir()])[0]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise XinguError("zip_broken", detail=type(error).__name__) from error
    suffixes = {PurePosixPath(name).suffix.lower() for name in names}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if ".shp" in suffixes:
        return "shapefile_zip"
    if ".kml" in suffixes:
        return "kmz"
    if ".dbf" in suffixes:
        raise XinguError("shapefile_part_missing", file=path.name, part=".shp")
    return "zip"


def _text_kind(path: Path, head: bytes, lowered: bytes) -> Kind:
    start = lowered.lstrip()
    if b"<!doctype" in lowered or b"<!entity" in lowered:
        raise XinguError("format_doctype", file=path.name)
    if start.startswith(b"<"):
        return _xml_kind(path, lowered)
    if re.search(rb"^\s*\[(title|junctions|conduits|options|outfalls)\]", start, re.MULTILINE):
        return "swmm"
    if start.startswith((b"{", b"[")):
        return "geojson"
    if re.match(rb"(999\r?\n.*\r?\n\s*)*0\r?\n\s*section\b", start):
        return "dxf"
    is_wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if (b"\x00" not in head or is_wide) and _looks_like_table(start):
        return "csv"
    raise XinguError("format_unseen", file=path.name)


def _xml_kind(path: Path, lowered: bytes) -> Kind:
    if b"<kml" in lowered:
        return "kml"
    if re.search(rb"<osm\s", lowered):
        return "osm"
    raise XinguError("format_foreign", file=path.name, found="XML")


def _plain_head(head: bytes) -> bytes:
    """The head as single-byte text: byte-order mark taken off, UTF-16 narrowed."""
    if head.startswith(b"\xef\xbb\xbf"):
        return head[3:]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(head) > 4 and head[1] == 0 and head[3] == 0 and head[0] != 0):
        return head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    if len(head) > 4 and head[0] == 0 and head[2] == 0 and head[1] != 0:
        return head.replace(b"\x00", b"")
    return head


def _looks_like_table(text: bytes) -> bool:
    lines = [line for line in text.splitlines()[:5] if line.strip()]
    return len(lines) >= 2 and any(sign in lines[0] for sign in (b",", b";", b"\t"))
