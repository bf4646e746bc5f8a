"""The widgets of the sources page: the layers to choose from, a layer's columns, the unplaced actors, the downloads.

Comes in: a catalogue, the tables, the sources. Goes out: parts of the page. Must not know: any computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.exchange.safe_csv import csv_text
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.notepad import note, noted
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.sources.passports import COLOURS, fields_table, passports_file, passports_table, unplaced_table
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.catalogue.sources import Source
from xingu_geo.places.place.tables import Tables

TABLE: Final = Key.LAYER.of("rows")
_ROW: Final = 29
_HEAD: Final = 38


def figures(place: Catalogue, sources: Mapping[str, Source], lang: Lang) -> list[tuple[str, str, str]]:
    """How many layers there are, how many of them are only illustrative, how many sources."""
    weak = sum(place.passport(role).confidence is Confidence.ILLUSTRATIVE for role in place)
    all_of = say("sources.of", lang, total=number(len(list(place))))
    return [
        (say("sources.fig_illustrative", lang), number(weak), all_of),
        (say("sources.fig_sources", lang), number(len(sources)), ""),
    ]


def layers_table(place: Catalogue, tables: Tables, lang: Lang) -> str:
    """The layers, those that decide most first; the role of the one looked at."""
    rows = passports_table(place, tables, lang)
    roles = [str(role) for role in rows.index]
    chosen = str(noted("layer", roles[0]))
    chosen = chosen if chosen in roles else roles[0]
    st.session_state[TABLE] = {"selection": {"rows": [roles.index(chosen)]}}
    words = {name: say(f"sources.column.{name}", lang) for name in rows.columns}
    config: dict[str, Any] = {name: st.column_config.Column(word) for name, word in words.items()}
    for name, width in (("title", 214), ("confidence", 86), ("valid", 96)):
        config[name] = st.column_config.Column(words[name], width=width)
    for name, width in (("accuracy", 82), ("rules", 62), ("criteria", 68)):
        config[name] = st.column_config.NumberColumn(words[name], format="localized", width=width)
    st.dataframe(
        _coloured(rows, place),
        key=TABLE,
        on_select=lambda: _take(roles),
        selection_mode="single-row",
        hide_index=True,
        height=_HEAD + _ROW * len(rows),
        row_height=_ROW,
        column_config=config,
        alt=say("ui.page.sources", lang),
    )
    return chosen


def layers_download(place: Catalogue, tables: Tables, sources: Mapping[str, Source], lang: Lang) -> None:
    """The passports as CSV, with their licences and sources."""
    st.download_button(
        say("sources.get_csv", lang),
        data=lambda: csv_text(passports_file(place, tables, sources, lang).rename_axis("role")).encode(),
        file_name="layers.csv",
        mime="text/csv",
        on_click="ignore",
        key=Key.LAYER.of("csv"),
    )


def fields_box(passport: Passport, lang: Lang) -> None:
    """The columns of the layer, folded away: who replaces it needs them, who judges it does not."""
    fields = fields_table(passport, lang)
    if fields.empty:
        return
    with st.expander(say("sources.fields", lang, count=len(fields))):
        _plain_table(fields, "sources.field", say("sources.fields", lang, count=len(fields)), lang)


def unplaced_box(place: Catalogue, lang: Lang) -> None:
    """The actors nobody can place, where there are any."""
    unplaced = unplaced_table(place, lang)
    if unplaced.empty:
        return
    st.html(el("div", say("sources.unplaced_heading", lang), cls="xg-h"))
    st.html(el("div", say("sources.unplaced_note", lang, count=len(unplaced)), cls="xg-note"))
    _plain_table(unplaced, "sources.unplaced", safe_markdown(say("sources.unplaced_heading", lang)), lang)


def _plain_table(table: pd.DataFrame, keys: str, alt: str, lang: Lang) -> None:
    config = {name: st.column_config.Column(say(f"{keys}.{name}", lang)) for name in table.columns}
    st.dataframe(table, hide_index=True, row_height=_ROW, column_config=config, alt=alt)


def _coloured(rows: pd.DataFrame, place: Catalogue) -> Any:
    """``rows`` with each confidence on its colour, as the legend has it."""

    def paint(column: pd.Series[str]) -> list[str]:
        kinds = [COLOURS[place.passport(str(role)).confidence] for role in column.index]
        return [f"color: {ink}; background-color: {ground}" for ink, ground in kinds]

    return rows.style.apply(paint, subset=["confidence"])


def _take(roles: list[str]) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows and rows[0] < len(roles):
        note("layer", roles[rows[0]])
