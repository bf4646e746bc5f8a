"""Downloads, made only when they are asked for.

Comes in: a result. Goes out: buttons. Must not know: how the files are written.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.base.say import Lang, say
from xingu_geo.outputs.bundle import manifest_text
from xingu_geo.outputs.csv import csv_text
from xingu_geo.outputs.geojson import geojson_text
from xingu_geo.outputs.table import result_table
from xingu_geo.study.result import Result
from xingu_geo.ui.session import Key


def export_buttons(result: Result, lang: Lang) -> None:
    """GeoJSON, CSV and manifest of the result."""
    makers = {
        Key.GEOJSON: ("ranking.geojson", "application/geo+json", lambda: geojson_text(result_table(result)).encode()),
        Key.CSV: ("ranking.csv", "text/csv", lambda: csv_text(result_table(result)).encode()),
        Key.MANIFEST: ("manifest.json", "application/json", lambda: manifest_text(result.manifest).encode()),
    }
    columns = st.columns(len(makers))
    for column, (key, (name, mime, make)) in zip(columns, makers.items(), strict=True):
        column.download_button(
            say(f"ui.{key.value}", lang),
            data=make,
            file_name=name,
            mime=mime,
            key=key,
            on_click="ignore",
            width="stretch",
        )
