"""GeoParquet: sized from its footer before a row is read.

Comes in: a ``.parquet``. Goes out: one raw layer. Must not know: what it shows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UNZIPPED_BYTES_MAX
from xingu_geo.places.intake.encoding import sample_of
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.vectors import frame_of, require_few, tidy_cell


def read_geoparquet(path: Path, options: Options) -> list[Raw]:
    """The features of the GeoParquet file at ``path``.

    Raises
    ------
    XinguError
        ``parquet_broken``, ``parquet_no_place`` (no ``geo`` metadata with WKB), ``too_many_features``, ``zip_too_big``.
    """
    try:
        footer = pq.read_metadata(path)
    except Exception as error:
        raise XinguError("parquet_broken", file=path.name, detail=type(error).__name__) from error
    require_few(footer.num_rows, options, name=path.name)
    if sum(footer.row_group(group).total_byte_size for group in range(footer.num_row_groups)) > UNZIPPED_BYTES_MAX:
        raise XinguError("zip_too_big", limit_mb=UNZIPPED_BYTES_MAX // 1_000_000)
    column, crs = _geometry_column(footer.metadata or {}, path.name)
    try:
        table = pq.read_table(path)
        shapes = shapely.from_wkb(table.column(column).to_pylist(), on_invalid="fix")
    except Exception as error:
        raise XinguError("parquet_broken", file=path.name, detail=type(error).__name__) from error
    columns = {
        name: [tidy_cell(value) for value in table.column(name).to_pylist()]
        for name in table.column_names
        if name != column and not name.startswith("__index_level_")
    }
    frame = frame_of(columns, list(shapely.force_2d(shapes)), name=path.name)
    words = [*columns, *(word for values in columns.values() for word in values)]
    return [Raw(path.stem, frame, crs, encoding="utf-8", sample=sample_of(words))]


def _geometry_column(metadata: dict[bytes, bytes], name: str) -> tuple[str, CRS | None]:
    """The primary geometry column and its CRS: absent means OGC:CRS84 by the standard, null means unknown."""
    try:
        geo: dict[str, Any] = json.loads(metadata[b"geo"])
        column = str(geo["primary_column"])
        about = geo["columns"][column]
        if about.get("encoding") != "WKB":
            raise XinguError("parquet_no_place", file=name)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise XinguError("parquet_no_place", file=name) from error
    if "crs" not in about:
        return column, CRS.from_epsg(4326)
    if about["crs"] is None:
        return column, None
    try:
        crs = CRS.from_json_dict(about["crs"])
    except (CRSError, TypeError) as error:
        raise XinguError("crs_unreadable", crs=str(about["crs"])[:60]) from error
    code = crs.to_epsg(min_confidence=70)
    if crs.to_string() == "OGC:CRS84":
        code = 4326
    return column, CRS.from_epsg(code) if code else crs
