"""A result in any format, by the ending of the file's name.

Comes in: a result, a path or a database. Goes out: files, rows. Must not know: how any format is written.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import geopandas as gpd

from xingu_geo.doors.exchange.formats import export_table
from xingu_geo.doors.exchange.postgis import write_postgis
from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.doors.exchange.travel_papers import Papers, attribution_of
from xingu_geo.study.run.result import Result


def export_result(result: Result, path: Path, *, sites: Collection[str] | None = None) -> tuple[Path, ...]:
    """The files written for ``result``: every site with rank, score, reasons and criteria, in the format of ``path``.

    The run's manifest and the attribution of every layer travel along. ``sites`` keeps only those sites, in the
    result's order: the selected parcels a drawing office wants.

    Raises
    ------
    XinguError
        ``export_format_unknown`` or a refusal of saving; older files are intact then.
    """
    return export_table(_chosen(result, sites), path, papers=papers_of(result))


def export_to_database(result: Result, address: str, table: str, *, sites: Collection[str] | None = None) -> int:
    """How many rows now stand in the PostGIS ``table``; see :func:`xingu_geo.doors.exchange.postgis.write_postgis`."""
    return write_postgis(_chosen(result, sites), address, table, papers=papers_of(result))


def papers_of(result: Result) -> Papers:
    """The manifest of the run and whom each layer is owed to."""
    return Papers(manifest=result.manifest, attribution=attribution_of(result.measured.place.catalogue))


def _chosen(result: Result, sites: Collection[str] | None) -> gpd.GeoDataFrame:
    table = result_table(result)
    return table if sites is None else table[table.index.isin(list(sites))]
