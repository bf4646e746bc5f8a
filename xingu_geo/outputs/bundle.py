"""The three files of a ranking: ``ranking.geojson``, ``ranking.csv``, ``manifest.json``, all or none.

Comes in: a result and a folder. Goes out: files. Must not know: how a result was computed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from xingu_geo.base.atomic import Saving, write_set_atomically
from xingu_geo.outputs.csv import csv_text
from xingu_geo.outputs.geojson import same_count, write_frame
from xingu_geo.outputs.table import result_table
from xingu_geo.study.result import Result


def write_ranking(result: Result, folder: Path) -> tuple[Path, ...]:
    """Write the ranking into ``folder``; the manifest comes last, so its presence means the others are complete."""
    table = result_table(result)
    files = tuple(folder / name for name in ("ranking.geojson", "ranking.csv", "manifest.json"))
    geojson, csv, manifest = files
    write_set_atomically(
        [
            Saving(geojson, lambda file: write_frame(table, file), lambda file: same_count(table, file)),
            Saving(csv, lambda file: _write_text(file, csv_text(table)), lambda file: _same_rows(table, file)),
            Saving(manifest, lambda file: _write_text(file, manifest_text(result.manifest))),
        ]
    )
    return files


def manifest_text(manifest: Mapping[str, object]) -> str:
    """The manifest as indented JSON, keys in a stable order."""
    return json.dumps(dict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="")


def _same_rows(table: gpd.GeoDataFrame, file: Path) -> None:
    written = len(pd.read_csv(file, dtype=str))
    if written != len(table):
        raise OSError(f"{written} of {len(table)} rows written")
