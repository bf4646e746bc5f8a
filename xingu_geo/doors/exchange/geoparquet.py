"""GeoParquet for analysis: the working CRS, exact numbers, manifest and attribution in the file's metadata.

Comes in: a frame in metres and its papers. Goes out: one ``.parquet``. Must not know: results.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.travel_papers import Papers


def write_geoparquet(frame: gpd.GeoDataFrame, path: Path, papers: Papers) -> None:
    """Write ``frame`` as GeoParquet 1.0; the papers are under the metadata key ``xingu_geo``."""
    bare = path.with_name(f"bare-{path.name}")
    plain_frame(frame).to_parquet(bare, index=False)
    table = pq.read_table(bare)
    bare.unlink()
    metadata = dict(table.schema.metadata or {}) | {b"xingu_geo": papers.manifest_text.encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def read_back_geoparquet(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless every row and the papers are there."""
    read = gpd.read_parquet(path)
    if len(read) != len(frame) or b"xingu_geo" not in (pq.read_metadata(path).metadata or {}):
        raise OSError(f"{len(read)} of {len(frame)} rows")
