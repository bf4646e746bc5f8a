"""The three files of a ranking: ``ranking.geojson``, ``ranking.csv``, ``manifest.json``, all or none.

Comes in: a result and a folder. Goes out: files. Must not know: how a result was computed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from xingu_geo.doors.exchange.geojson import geojson_text
from xingu_geo.doors.exchange.safe_csv import csv_text
from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.doors.exchange.travel_papers import attribution_of
from xingu_geo.doors.telling.doubt_words import robustness_document, with_robustness
from xingu_geo.ground.base.atomic import text_saving, write_set_atomically
from xingu_geo.siting.doubt.robustness import Robustness
from xingu_geo.study.run.result import Result


def write_ranking(result: Result, folder: Path, *, robustness: Robustness | None = None) -> tuple[Path, ...]:
    """Write the ranking into ``folder``; the manifest comes last, so its presence means the others are complete."""
    texts = ranking_texts(result, robustness=robustness)
    write_set_atomically([text_saving(folder / name, text) for name, text in texts.items()])
    return tuple(folder / name for name in texts)


def ranking_texts(result: Result, *, robustness: Robustness | None = None) -> dict[str, str]:
    """The files of a ranking, text by name, the manifest last.

    With ``robustness`` each site also gets ``p_first`` and ``p_top``, the shares of draws in which it came first and
    among the first; they are missing for sites that never did.
    """
    table = result_table(result)
    manifest = dict(result.manifest) | {"attribution": list(attribution_of(result.measured.place.catalogue))}
    if robustness is not None:
        table = with_robustness(table, robustness)
        manifest["robustness"] = robustness_document(robustness)
    return {
        "ranking.geojson": geojson_text(table),
        "ranking.csv": csv_text(table),
        "manifest.json": manifest_text(manifest),
    }


def manifest_text(manifest: Mapping[str, object]) -> str:
    """The manifest as indented JSON, keys in a stable order."""
    return json.dumps(dict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
