"""The three files of a ranking: ``ranking.geojson``, ``ranking.csv``, ``manifest.json``, all or none.

Comes in: a result and a folder. Goes out: files. Must not know: how a result was computed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from xingu_geo.doors.exchange.geojson import same_count, write_frame
from xingu_geo.doors.exchange.safe_csv import csv_text
from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.doors.exchange.travel_papers import attribution_of
from xingu_geo.doors.telling.doubt_words import robustness_document, with_robustness
from xingu_geo.ground.base.atomic import Saving, write_set_atomically
from xingu_geo.siting.doubt.robustness import Robustness
from xingu_geo.study.run.result import Result


def write_ranking(result: Result, folder: Path, *, robustness: Robustness | None = None) -> tuple[Path, ...]:
    """Write the ranking into ``folder``; the manifest comes last, so its presence means the others are complete.

    With ``robustness`` each site also gets ``p_first`` and ``p_top``, the shares of draws in which it came first and
    among the first; they are missing for sites that never did.
    """
    table = result_table(result)
    manifest = dict(result.manifest) | {"attribution": list(attribution_of(result.measured.place.catalogue))}
    if robustness is not None:
        table = with_robustness(table, robustness)
        manifest["robustness"] = robustness_document(robustness)
    savings = [
        Saving(folder / "ranking.geojson", lambda file: write_frame(table, file), lambda file: same_count(table, file)),
        Saving(folder / "ranking.csv", lambda file: _write_text(file, csv_text(table)), lambda f: _same_rows(table, f)),
        Saving(folder / "manifest.json", lambda file: _write_text(file, manifest_text(manifest))),
    ]
    write_set_atomically(savings)
    return tuple(saving.path for saving in savings)


def manifest_text(manifest: Mapping[str, object]) -> str:
    """The manifest as indented JSON, keys in a stable order."""
    return json.dumps(dict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="")


def _same_rows(table: gpd.GeoDataFrame, file: Path) -> None:
    written = len(pd.read_csv(file, dtype=str))
    if written != len(table):
        raise OSError(f"{written} of {len(table)} rows written")
