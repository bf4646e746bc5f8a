"""Every export format behind one function: written beside, read back, then put in place, with its papers.

Comes in: a frame in metres, a path, papers. Goes out: files, all or none. Must not know: results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import geopandas as gpd

from xingu_geo.doors.exchange import dxf, gcj02, geojson, geopackage, geoparquet, kml, shapefile, spreadsheet
from xingu_geo.doors.exchange.travel_papers import Papers
from xingu_geo.ground.base.atomic import Saving, write_set_atomically
from xingu_geo.ground.base.errors import XinguError

Writer = Callable[[gpd.GeoDataFrame, Path, Papers], None]
Reader = Callable[[gpd.GeoDataFrame, Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its file ending, how it is written and read back, and whether the papers fit inside."""

    ending: str
    write: Writer
    read_back: Reader
    holds_papers: bool


FORMATS: Final = MappingProxyType(
    {
        "geojson": Format(
            ".geojson", lambda frame, path, _: geojson.write_frame(frame, path), geojson.same_count, holds_papers=False
        ),
        "geojson_gcj02": Format(".gcj02.geojson", gcj02.write_gcj02, gcj02.read_back_gcj02, holds_papers=False),
        "geopackage": Format(".gpkg", geopackage.write_geopackage, geopackage.read_back_geopackage, holds_papers=True),
        "geoparquet": Format(
            ".parquet", geoparquet.write_geoparquet, geoparquet.read_back_geoparquet, holds_papers=True
        ),
        "shapefile": Format(
            ".zip", shapefile.write_shapefile_zip, shapefile.read_back_shapefile_zip, holds_papers=True
        ),
        "kml": Format(".kml", kml.write_kml, kml.read_back_kml, holds_papers=True),
        "dxf": Format(".dxf", dxf.write_dxf, dxf.read_back_dxf, holds_papers=False),
        "csv": Format(".csv", spreadsheet.write_csv, spreadsheet.read_back_csv, holds_papers=False),
        "xlsx": Format(".xlsx", spreadsheet.write_xlsx, spreadsheet.read_back_xlsx, holds_papers=True),
    }
)


def export_table(
    frame: gpd.GeoDataFrame, path: Path, *, papers: Papers | None = None, format_name: str | None = None
) -> tuple[Path, ...]:
    """The files written for ``frame``: ``path``, and ``<path>.manifest.json`` where the format cannot hold the papers.

    The format follows the ending of ``path`` (``.gcj02.geojson`` for GCJ-02) unless ``format_name`` says it. Files are
    read back before they replace older ones; on any failure those are intact.

    Raises
    ------
    XinguError
        ``export_format_unknown``, ``crs_missing``, ``crs_not_working``, or a refusal of saving.
    """
    chosen = format_of(path, format_name=format_name)
    told = papers or Papers()
    savings = [Saving(path, lambda file: chosen.write(frame, file, told), lambda file: chosen.read_back(frame, file))]
    if not chosen.holds_papers:
        beside = path.with_name(f"{path.name}.manifest.json")
        content = told.manifest_text
        savings.insert(0, Saving(beside, lambda file: _write_text(file, content)))
    write_set_atomically(savings)
    return tuple(saving.path for saving in reversed(savings))


def format_of(path: Path, *, format_name: str | None = None) -> Format:
    """The format called ``format_name``, else the one with the longest ending that ``path`` has."""
    if format_name is not None:
        if format_name not in FORMATS:
            raise XinguError("export_format_unknown", found=format_name, known=", ".join(FORMATS))
        return FORMATS[format_name]
    name = path.name.casefold()
    fitting = [known for known in FORMATS.values() if name.endswith(known.ending)]
    if not fitting:
        endings = ", ".join(known.ending for known in FORMATS.values())
        raise XinguError("export_format_unknown", found=path.name, known=endings)
    return max(fitting, key=lambda known: len(known.ending))


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="")
