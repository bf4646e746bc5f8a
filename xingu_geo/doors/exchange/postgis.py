"""PostGIS as a target: a result as a table, replaced in one transaction, with its papers as the table's comment.

Comes in: a frame in metres, a database address, papers. Goes out: one table. Must not know: results.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.travel_papers import Papers
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.from_postgis import engine_of

MARK: Final = "xingu_geo"
_GEOMETRY: Final = "geom"
_BATCH: Final = 2_000


def write_postgis(
    frame: gpd.GeoDataFrame, address: str, table: str, *, papers: Papers | None = None, replace_foreign: bool = False
) -> int:
    """The rows now in ``table`` (``schema.table`` or a table of ``public``), written and counted in one transaction.

    Readers see the old table until the new one is complete. A table of that name that does not carry our mark is left
    alone (``database_table_foreign``) unless ``replace_foreign``. The schema must exist, and PostGIS be installed.

    Raises
    ------
    XinguError
        ``database_address``, ``database_table_foreign``, ``database_write_failed``; the old table is intact then.
    """
    plain = plain_frame(frame)
    if not _srid(plain):
        raise XinguError("database_write_failed", table=table, detail=plain.crs.name)
    schema, name = table.split(".", 1) if "." in table else ("public", table)
    engine = engine_of(address)
    try:
        with engine.begin() as connection:
            _require_ours(connection, schema, name, replace_foreign=replace_foreign)
            target = _created(connection, schema, name, plain)
            _fill(connection, target, plain)
            told = (papers or Papers()).manifest_text
            connection.execute(sql.schema.SetTableComment(_commented(target, f"{MARK}\n{told}")))
            written = int(connection.execute(sql.select(sql.func.count()).select_from(target)).scalar_one())
            if written != len(plain):
                raise XinguError("database_write_failed", table=table, detail=f"{written}/{len(plain)}")
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise XinguError("database_write_failed", table=table, detail=type(cause).__name__) from error
    finally:
        engine.dispose()
    return written


def _srid(frame: gpd.GeoDataFrame) -> int:
    """The EPSG code PostGIS knows the CRS by; 0 where it has none."""
    return frame.crs.to_epsg() or 0


def _require_ours(connection: sql.Connection, schema: str, name: str, *, replace_foreign: bool) -> None:
    inspector = sql.inspect(connection)
    if not inspector.has_table(name, schema=schema):
        return
    comment = inspector.get_table_comment(name, schema=schema).get("text") or ""
    if not comment.startswith(MARK) and not replace_foreign:
        raise XinguError("database_table_foreign", table=f"{schema}.{name}")
    connection.execute(sql.schema.DropTable(sql.Table(name, sql.MetaData(), schema=schema)))


def _created(connection: sql.Connection, schema: str, name: str, frame: gpd.GeoDataFrame) -> sql.Table:
    columns = [sql.Column(str(title), _type(frame[title])) for title in frame.columns if title != "geometry"]
    target = sql.Table(name, sql.MetaData(), *columns, schema=schema)
    connection.execute(sql.schema.CreateTable(target))
    quoted = sql.text("SELECT AddGeometryColumn(:schema, :name, :column, :srid, 'GEOMETRY', 2)")
    connection.execute(quoted, {"schema": schema, "name": name, "column": _GEOMETRY, "srid": _srid(frame)})
    return target


def _fill(connection: sql.Connection, target: sql.Table, frame: gpd.GeoDataFrame) -> None:
    titles = [str(title) for title in frame.columns if title != "geometry"]
    wkb = shapely.to_wkb(frame.geometry.to_numpy())
    placed = sql.func.ST_SetSRID(
        sql.func.ST_GeomFromWKB(sql.bindparam("p_geometry", type_=sql.LargeBinary)), _srid(frame)
    )
    whole = sql.table(target.name, *(sql.column(title) for title in (*titles, _GEOMETRY)), schema=target.schema)
    values: dict[str, Any] = {title: sql.bindparam(f"p_{place}") for place, title in enumerate(titles)}
    insert = sql.insert(whole).values(values | {_GEOMETRY: placed})
    rows = [
        {f"p_{place}": _value(value) for place, value in enumerate(row)} | {"p_geometry": shape}
        for row, shape in zip(frame[titles].itertuples(index=False), wkb, strict=True)
    ]
    for start in range(0, len(rows), _BATCH):
        connection.execute(insert, rows[start : start + _BATCH])


def _commented(target: sql.Table, comment: str) -> sql.Table:
    target.comment = comment
    return target


def _type(values: pd.Series) -> sql.types.TypeEngine[Any]:
    if pd.api.types.is_bool_dtype(values):
        return sql.Boolean()
    if pd.api.types.is_integer_dtype(values):
        return sql.BigInteger()
    return sql.Double() if pd.api.types.is_float_dtype(values) else sql.Text()


def _value(value: Any) -> object:
    if pd.isna(value):
        return None
    plain = value.item() if hasattr(value, "item") else value
    return plain.replace("\x00", "") if isinstance(plain, str) else plain
