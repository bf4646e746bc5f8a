"""A result in any format, by the ending of the file's name.

Comes in: a result, a path, lines of attribution. Goes out: files. Must not know: how any format is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from xingu_geo.outputs.formats import export_table
from xingu_geo.outputs.papers import Papers
from xingu_geo.outputs.table import result_table
from xingu_geo.study.result import Result


def export_result(
    result: Result, path: Path, *, attribution: Sequence[str] = (), sites: Collection[str] | None = None
) -> tuple[Path, ...]:
    """The files written for ``result``: every site with rank, score, reasons and criteria, in the format of ``path``.

    ``attribution`` (see :func:`xingu_geo.outputs.papers.attribution_of`) travels with the run's manifest. ``sites``
    keeps only those sites, in the result's order: the selected parcels a drawing office wants.

    Raises
    ------
    XinguError
        ``export_format_unknown`` or a refusal of saving; older files are intact then.
    """
    papers = Papers(manifest=result.manifest, attribution=tuple(attribution))
    table = result_table(result)
    chosen = table if sites is None else table[table.index.isin(list(sites))]
    return export_table(chosen, path, papers=papers)
