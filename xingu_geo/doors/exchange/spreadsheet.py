"""CSV and Excel with places as WKT, ids as text, and nothing a spreadsheet would run.

Comes in: a frame in metres and its papers. Goes out: ``.csv`` or ``.xlsx``. Must not know: results.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Final

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.safe_csv import csv_text
from xingu_geo.doors.exchange.travel_papers import Papers

_CELL_CHARS_MAX: Final = 32_767
_WHEN: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # Excel knows no time zones
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_csv(frame: gpd.GeoDataFrame, path: Path, _papers: Papers) -> None:
    """Write ``frame`` as CSV with a ``wkt`` column (metres, 0.1 mm); text like a formula gets an apostrophe."""
    path.write_text(csv_text(with_wkt(frame).set_index(frame.index.name or "id")), encoding="utf-8", newline="")


def read_back_csv(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless every row is there."""
    written = len(pd.read_csv(path, dtype=str, encoding="utf-8-sig"))
    if written != len(frame):
        raise OSError(f"{written} of {len(frame)} rows")


def write_xlsx(frame: gpd.GeoDataFrame, path: Path, papers: Papers) -> None:
    """Write ``frame`` to the sheet ``data``, manifest and attribution to ``about``.

    Text is stored as text and marked so, never as a formula, whatever sign it starts with: no apostrophe is needed.
    Geometry is WKT unless it is longer than a cell holds; then the cell is empty.
    """
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = _WHEN
    book.properties.creator = "xingu_geo"
    sheet = book.create_sheet("data")
    table = with_wkt(frame)
    sheet.append([_cell(sheet, str(column), bold=True) for column in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([_cell(sheet, value) for value in row])
    about = book.create_sheet("about")
    for line in (papers.title.zh, papers.title.en, *papers.attribution, *papers.manifest_text.splitlines()):
        about.append([_cell(about, line)])
    book.save(path)


def read_back_xlsx(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless every row is there and no cell is a formula."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = formulas = 0
    for row in book["data"].iter_rows():
        rows += 1
        formulas += sum(cell.data_type == "f" for cell in row)
    book.close()
    if rows != len(frame) + 1 or formulas:
        raise OSError(f"{rows - 1} of {len(frame)} rows, {formulas} formulas")


def with_wkt(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """``frame`` as a plain table with its geometry, in metres of its CRS, as the last column ``wkt``."""
    plain = plain_frame(frame)
    texts = shapely.to_wkt(plain.geometry.to_numpy(), rounding_precision=4)
    return pd.DataFrame(plain.drop(columns="geometry")).assign(wkt=pd.Series(texts, index=plain.index, dtype="str"))


def _cell(sheet: object, value: object, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return cell
    if isinstance(value, str):
        clean = _FORBIDDEN.sub("", value)
        cell.value = clean if len(clean) <= _CELL_CHARS_MAX else None
        if cell.value is not None:
            cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = True
    else:
        cell.value = value.item() if hasattr(value, "item") else value
    if bold:
        cell.font = Font(bold=True)
    return cell
