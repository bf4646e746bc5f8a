"""GeoPackages: plain tables only, checked through SQLite before GDAL sees them.

Comes in: a ``.gpkg``. Goes out: raw layers. Must not know: what they show.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyogrio
from pyproj import CRS

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.encoding import sample_of
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.vectors import frame_of, require_few, tidy_cell

_STEPS_MAX: Final = 20_000  # of the SQLite machine, in thousands: the checks themselves cannot be made to run for ever


def read_geopackage(path: Path, options: Options) -> list[Raw]:
    """Every feature table of the GeoPackage at ``path`` (or the one named ``options.layer``).

    Raises
    ------
    XinguError
        ``gpkg_broken``, ``gpkg_view`` (a layer that is a view can run for ever), ``layer_unknown``,
        ``layer_choose`` if there are several and none is named, ``too_many_features``.
    """
    tables = _feature_tables(path)
    if options.layer is not None:
        if options.layer not in tables:
            raise XinguError("layer_unknown", layer=options.layer, known=", ".join(tables))
        tables = [options.layer]
    _require_plain(path, tables, options)
    return [_read(path, table) for table in tables]


def _read(path: Path, table: str) -> Raw:
    try:
        frame = pyogrio.read_dataframe(path, layer=table, force_2d=True, on_invalid="fix")
    except Exception as error:
        raise XinguError("layer_damaged", name=table, detail=type(error).__name__) from error
    if "geometry" not in frame.columns:
        raise XinguError("layer_empty", name=table)
    columns = {
        str(column): [None if value != value else tidy_cell(_bare(value)) for value in frame[column]]  # noqa: PLR0124
        for column in frame.columns
        if column != "geometry"
    }
    plain = frame_of(columns, list(frame.geometry), name=table)
    crs = None if frame.crs is None or "Undefined" in frame.crs.name else CRS.from_user_input(frame.crs)
    words = [*columns, *(word for values in columns.values() for word in values)]
    return Raw(table, plain, crs, encoding="utf-8", sample=sample_of(words))


def _bare(value: object) -> object:
    """A numpy scalar as Python's own."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def _feature_tables(path: Path) -> list[str]:
    try:
        with _opened(path) as database:
            rows = database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name LIMIT 200"
            ).fetchall()
    except sqlite3.Error as error:
        raise XinguError("gpkg_broken", file=path.name, detail=type(error).__name__) from error
    tables = [str(row[0]) for row in rows]
    if not tables:
        raise XinguError("layer_empty", name=path.name)
    return tables


def _require_plain(path: Path, tables: list[str], options: Options) -> None:
    try:
        with _opened(path) as database:
            kinds = dict(
                database.execute("SELECT name, type || ':' || coalesce(sql, '') FROM sqlite_master").fetchall()
            )
            needed = [*tables, "gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"]
            for table in needed:
                kind, _, sql = str(kinds.get(table, "")).partition(":")
                if kind != "table" or sql.lower().split("(")[0].startswith("create virtual"):
                    raise XinguError("gpkg_view", file=path.name, layer=table)
            for table in tables:
                quoted = table.replace('"', '""')
                count = database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0]  # noqa: S608
                require_few(int(count), options, name=table)
    except sqlite3.Error as error:
        raise XinguError("gpkg_broken", file=path.name, detail=type(error).__name__) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return int(steps[0] > _STEPS_MAX)

    database.set_progress_handler(count, 1000)
    try:
        yield database
    finally:
        database.close()
