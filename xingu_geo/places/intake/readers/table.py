"""Tables, mostly with places in them: CSV in any Chinese encoding, Excel without losing digits; x/y or WKT columns.

Comes in: a ``.csv`` or ``.xlsx``. Goes out: one raw layer. Must not know: what the rows are.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
import shapely
from pyproj import CRS
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import TABLE_ROWS_MAX, UNZIPPED_BYTES_MAX, ZIP_MEMBERS_MAX
from xingu_geo.places.intake.encoding import clean_text, sample_of
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.geojson import decoded_text
from xingu_geo.places.intake.vectors import frame_of

_COLUMNS_MAX: Final = 500
_EXACT: Final = 10**15
_LON: Final = ("lon", "lng", "long", "longitude", "经度", "东经")
_LAT: Final = ("lat", "latitude", "纬度", "北纬")
_X: Final = ("x", "x坐标", "东坐标", "easting", "横坐标", "point_x", "x_coord")
_Y: Final = ("y", "y坐标", "北坐标", "northing", "纵坐标", "point_y", "y_coord")
_WKT: Final = ("wkt", "geometry", "geom", "the_geom", "几何", "坐标串", "shape")


def read_csv(path: Path, options: Options) -> list[Raw]:
    """The rows of the CSV at ``path``; every cell text first, numbers only where nothing is lost.

    Raises
    ------
    XinguError
        ``table_too_long``, ``table_ragged``, ``column_not_there``, ``feature_broken`` or an encoding refusal.
    """
    text, codec, notes = decoded_text(path.read_bytes(), encoding=options.encoding, name=path.name)
    csv.field_size_limit(10_000_000)
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    try:
        rows = list(_capped(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), path.name))
    except csv.Error as error:
        raise XinguError("table_broken", name=path.name, detail=str(error)[:80]) from error
    return [_raw(path, rows, options, codec, notes)]


def read_xlsx(path: Path, options: Options) -> list[Raw]:
    """The rows of the first sheet (or ``options.layer``) of the workbook at ``path``; formulas as last computed."""
    _require_modest(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = _sheet(book, options.layer)
        sheet.reset_dimensions()
        rows = [[_cell(value) for value in row] for row in _capped(sheet.iter_rows(values_only=True), path.name)]
    except XinguError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML made it stumble over
        raise XinguError("table_broken", name=path.name, detail=type(error).__name__) from error
    lossy = sum(1 for row in rows for value in row if value.startswith("\x00"))
    rows = [[value.lstrip("\x00") for value in row] for row in rows]
    notes = [Note("digits_lost", {"name": path.name, "count": lossy})] if lossy else []
    return [_raw(path, rows, options, "utf-8", notes)]


def _sheet(book: Any, name: str | None) -> Any:
    if name is not None and name not in book.sheetnames:
        raise XinguError("layer_unknown", layer=name, known=", ".join(book.sheetnames)[:80])
    return book[name] if name else book.worksheets[0]


def _require_modest(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise XinguError("zip_broken", detail="BadZipFile") from error
    if len(members) > ZIP_MEMBERS_MAX:
        raise XinguError("zip_too_many", members=len(members), limit=ZIP_MEMBERS_MAX)
    if sum(member.file_size for member in members) > UNZIPPED_BYTES_MAX:
        raise XinguError("zip_too_big", limit_mb=UNZIPPED_BYTES_MAX // 1_000_000)


def _capped(rows: Iterable[Sequence[object]], name: str) -> Iterable[Sequence[object]]:
    """The rows that say something, refusing more than the cap; a run of empty rows ends a sheet with a far cell."""
    empty = count = 0
    for row in rows:
        if len(row) > _COLUMNS_MAX and any(value not in {None, ""} for value in row[_COLUMNS_MAX:]):
            raise XinguError("table_too_wide", name=name, limit=_COLUMNS_MAX)
        if all(value in {None, ""} for value in row):
            empty += 1
            if empty > TABLE_ROWS_MAX:
                raise XinguError("table_too_long", name=name, limit=TABLE_ROWS_MAX)
            continue
        count += 1
        if count > TABLE_ROWS_MAX + 1:
            raise XinguError("table_too_long", name=name, limit=TABLE_ROWS_MAX)
        yield row[:_COLUMNS_MAX]


def _cell(value: object) -> str:
    """One Excel cell as text; a number with more digits than Excel keeps is marked."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, (int, float)) and abs(value) >= _EXACT:
        return f"\x00{value:.0f}"
    return str(value)


def _raw(path: Path, rows: Sequence[Sequence[object]], options: Options, codec: str, notes: Sequence[Note]) -> Raw:
    if len(rows) < 2:
        raise XinguError("layer_empty", name=path.name)
    header = [clean_text(str(title)) for title in rows[0]]
    while header and not header[-1]:
        header.pop()
    texts = [[clean_text(str(value or "")) for value in row] for row in rows[1:]]
    ragged = next((n for n, row in enumerate(texts, start=2) if any(row[len(header) :])), None)
    if ragged is not None:
        raise XinguError("table_ragged", name=path.name, row=ragged, expected=len(header))
    places = _place_columns(header, options, name=path.name)
    columns: dict[str, list[str]] = {}
    for number, title in enumerate(header):
        columns[title or f"column_{number + 1}"] = [row[number] if number < len(row) else "" for row in texts]
    shapes = _shapes(columns, places, path.name)
    kept = {title: typed(values) for title, values in columns.items() if title != places.get("wkt")}
    lon_lat = _key(places.get("x", "")) in _LON and _key(places.get("y", "")) in _LAT
    crs = CRS.from_epsg(4326) if lon_lat else None
    said = [*notes, Note("lon_lat_by_name", {"name": path.name})] if lon_lat and options.crs is None else list(notes)
    words = [*header, *(word for values in columns.values() for word in values)]
    frame = frame_of(kept, shapes, name=path.name)
    return Raw(path.stem, frame, crs, tuple(said), codec, sample_of(words), is_table=not places)


def _key(title: str) -> str:
    plain = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"\s|[(\[].*?[)\]]", "", plain)


def _place_columns(header: Sequence[str], options: Options, *, name: str) -> dict[str, str]:
    """Which columns say where: the ones a person named, else WKT, else longitude/latitude, else x/y; perhaps none."""
    named = {key: options.columns[key] for key in ("x", "y", "wkt") if key in options.columns}
    unknown = [title for title in named.values() if title not in header]
    if unknown:
        raise XinguError("column_not_there", name=name, column=unknown[0], known=", ".join(header)[:80])
    if "wkt" in named or {"x", "y"} <= set(named):
        return named
    keys = {_key(title): title for title in reversed(header)}
    for names in (_WKT,):
        if found := next((keys[key] for key in names if key in keys), None):
            return {"wkt": found}
    for xs, ys in ((_LON, _LAT), (_X, _Y)):
        x = next((keys[key] for key in xs if key in keys), None)
        y = next((keys[key] for key in ys if key in keys), None)
        if x and y:
            return {"x": x, "y": y}
    return {}


def _shapes(columns: Mapping[str, Sequence[str]], places: Mapping[str, str], name: str) -> list[BaseGeometry | None]:
    shapes: list[BaseGeometry | None] = []
    if not places:
        return [None] * len(next(iter(columns.values())))
    if "wkt" in places:
        for row, text in enumerate(columns[places["wkt"]], start=2):
            try:
                shapes.append(shapely.from_wkt(re.sub(r"^SRID=\d+;", "", text)) if text else None)
            except shapely.errors.GEOSException as error:
                raise XinguError("feature_broken", name=name, row=row) from error
        return shapes
    pairs = zip(columns[places["x"]], columns[places["y"]], strict=True)
    for row, (x, y) in enumerate(pairs, start=2):
        try:
            shapes.append(Point(float(x), float(y)) if x and y else None)
        except ValueError as error:
            raise XinguError("feature_broken", name=name, row=row) from error
    return shapes


def typed(values: Sequence[str]) -> list[object]:
    """A column as numbers if each of its words is one and writing it back gives the same digits; else text."""
    told = [value for value in values if value]
    if not told or not all(_is_number(value) for value in told):
        return [value or None for value in values]
    whole = all(re.fullmatch(r"-?\d+", value) for value in told)
    return [None if not value else int(value) if whole else float(value) for value in values]


def _is_number(text: str) -> bool:
    if not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        return False
    digits = re.sub(r"\D", "", text)
    return len(digits) <= 15 and not re.match(r"-?0\d", text)
