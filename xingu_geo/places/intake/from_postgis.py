"""PostGIS as a source: one table, read in a read-only transaction, then examined like any foreign file.

Comes in: a database address, a table, a role. Goes out: an :class:`IntakeReport`. Must not know: passwords beyond the
connection; what the table is for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyogrio
import shapely
import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import IMPORT_SECONDS_MAX, UNZIPPED_BYTES_MAX, UPLOAD_FEATURES_MAX
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.encoding import one_line
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.intake.receive import intake
from xingu_geo.places.intake.vectors import frame_of, tidy_cell

SCHEMES: Final = ("postgresql://", "postgresql+psycopg://")


def intake_postgis(address: str, table: str, *, role: str, into: Path, options: Options) -> IntakeReport:
    """The report on ``table`` (``schema.table`` or a table of ``public``), now the layer of ``role`` in ``into``.

    The whole table is read within 60 s in a read-only, repeatable-read transaction; the CRS is the one the geometry
    column is registered with. The address, with its password, appears in no report, passport or message.

    Raises
    ------
    XinguError
        ``database_unreached``, ``database_table_unknown``, ``too_many_features``, and every refusal of
        :func:`xingu_geo.places.intake.receive.intake`.
    """
    frame = read_postgis(address, table, rows_max=options.features_max or UPLOAD_FEATURES_MAX)
    with tempfile.TemporaryDirectory(prefix="xingu-postgis-") as folder:
        file = Path(folder) / f"{_plain(table)}.gpkg"
        pyogrio.write_dataframe(frame, file, driver="GPKG", layer=_plain(table))
        return intake(file, role=role, into=into, options=options, bytes_max=UNZIPPED_BYTES_MAX)


def read_postgis(address: str, table: str, *, rows_max: int) -> gpd.GeoDataFrame:
    """The rows of ``table`` with their geometry and CRS; at most ``rows_max``, else ``too_many_features``."""
    schema, name = _split(table)
    engine = engine_of(address)
    try:
        with engine.connect() as connection:
            connection.execute(sql.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            connection.execute(sql.text(f"SET LOCAL statement_timeout = {IMPORT_SECONDS_MAX * 1000}"))
            column, srid = _geometry_column(connection, schema, name)
            rows, names = _rows(connection, schema, name, column, rows_max)
    except SQLAlchemyError as error:
        raise XinguError("database_unreached", detail=_reason(error)) from error
    finally:
        engine.dispose()
    shapes = list(shapely.from_wkb([row[-1] for row in rows], on_invalid="fix"))
    columns = {title: [tidy_cell(_bare(row[place])) for row in rows] for place, title in enumerate(names)}
    frame = frame_of(columns, shapes, name=table)
    return frame.set_crs(f"EPSG:{srid}") if srid else frame


def engine_of(address: str) -> sql.Engine:
    """An engine for a PostgreSQL ``address`` and nothing else: no other scheme reaches a driver or a file."""
    if not address.startswith(SCHEMES):
        raise XinguError("database_address", known=", ".join(SCHEMES))
    rest = address.partition("://")[2]
    try:
        return sql.create_engine(f"postgresql+psycopg://{rest}", connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        raise XinguError("database_driver") from error
    except (SQLAlchemyError, ValueError) as error:
        raise XinguError("database_address", known=", ".join(SCHEMES)) from error


def _geometry_column(connection: sql.Connection, schema: str, name: str) -> tuple[str, int]:
    found = connection.execute(
        sql.text(
            "SELECT f_geometry_column, srid FROM geometry_columns"
            " WHERE f_table_schema = :schema AND f_table_name = :name ORDER BY f_geometry_column LIMIT 1"
        ),
        {"schema": schema, "name": name},
    ).first()
    if found is None:
        raise XinguError("database_table_unknown", table=f"{schema}.{name}")
    return str(found[0]), int(found[1])


def _rows(
    connection: sql.Connection, schema: str, name: str, geometry: str, rows_max: int
) -> tuple[Sequence[Sequence[Any]], list[str]]:
    described = connection.execute(
        sql.text(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = :schema AND table_name = :name ORDER BY ordinal_position"
        ),
        {"schema": schema, "name": name},
    )
    titles = [str(row[0]) for row in described if row[0] != geometry]
    source = sql.table(name, *(sql.column(title) for title in (*titles, geometry)), schema=schema)
    wkb = sql.func.ST_AsBinary(sql.func.ST_Force2D(source.c[geometry]))
    query = sql.select(*(source.c[title] for title in titles), wkb).limit(rows_max + 1)
    rows = connection.execute(query).fetchall()
    if len(rows) > rows_max:
        raise XinguError("too_many_features", name=f"{schema}.{name}", found=len(rows), limit=rows_max)
    return rows, titles


def _split(table: str) -> tuple[str, str]:
    schema, dot, name = table.partition(".")
    return (schema, name) if dot else ("public", schema)


def _plain(table: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "_-" else "_" for sign in table)[:60]


def _bare(value: object) -> object:
    """Decimals as numbers, memory as nothing: a layer holds text and numbers."""
    if isinstance(value, (bytes, memoryview)):
        return None
    return float(value) if type(value).__name__ == "Decimal" else value  # type: ignore[arg-type]


def _reason(error: SQLAlchemyError) -> str:
    """The kind of failure without the address, which holds a password."""
    cause = getattr(error, "orig", None) or error
    return one_line(type(cause).__name__)
