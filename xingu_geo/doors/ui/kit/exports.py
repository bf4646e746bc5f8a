"""Downloads, made only when they are asked for.

Comes in: a result, a network, a ticket. Goes out: buttons. Must not know: how the files are written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from xingu_geo.doors.exchange.bundle import manifest_text
from xingu_geo.doors.exchange.element_table import elements_table
from xingu_geo.doors.exchange.geojson import geojson_text
from xingu_geo.doors.exchange.safe_csv import csv_text
from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.doors.paper.conflict_sheet import conflict_report
from xingu_geo.doors.paper.site_sheet import site_report
from xingu_geo.doors.telling.ticket_words import ticket_document
from xingu_geo.doors.ui.kit import doubt_shelf
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.checking import Checked
from xingu_geo.study.run.doubting import doubted
from xingu_geo.study.run.result import Result

GEOJSON: Final = "application/geo+json"


@dataclass(frozen=True, slots=True)
class Download:
    """One file to take away: its button's key, its name, its type, and what makes its text."""

    key: Key
    name: str
    mime: str
    make: Callable[[], str]


def export_buttons(result: Result, lang: Lang) -> None:
    """GeoJSON, CSV and manifest of the result."""
    _buttons(
        (
            Download(Key.GEOJSON, "ranking.geojson", GEOJSON, lambda: geojson_text(result_table(result))),
            Download(Key.CSV, "ranking.csv", "text/csv", lambda: csv_text(result_table(result))),
            Download(Key.MANIFEST, "manifest.json", "application/json", lambda: manifest_text(result.manifest)),
        ),
        lang,
    )


def case_button(result: Result, site: str, lang: Lang) -> None:
    """The case for ``site``, a page to print; the test of first place is made with it where it is quick."""
    found = doubt_shelf.at_hand(result)
    is_quick, sampling, doubts = doubt_shelf.is_quick(result), doubt_shelf.sampling_noted(), doubt_shelf.doubts_noted()

    def made() -> str:
        tested = found
        if tested is None and is_quick and len(result.ranking.table):
            tested = doubted(result, sampling=sampling, doubts=doubts)
        return site_report(result, site, lang, robustness=tested)

    _buttons((Download(Key.SITE_REPORT, f"case_{site}.html", "text/html", made),), lang)


def network_buttons(network: Network, lang: Lang) -> None:
    """The sewer elements with their loads."""
    _buttons(
        (
            Download(Key.ELEMENTS_GEOJSON, "sewers.geojson", GEOJSON, lambda: geojson_text(elements_table(network))),
            Download(Key.ELEMENTS_CSV, "sewers.csv", "text/csv", lambda: csv_text(elements_table(network))),
        ),
        lang,
    )


def ticket_buttons(checked: Checked, lang: Lang, *, phase: str = "") -> None:
    """The conflict ticket, as a page to print (which says ``phase`` as people do) and as JSON."""
    _buttons(
        (
            Download(
                Key.TICKET_REPORT,
                "conflict.html",
                "text/html",
                lambda: conflict_report(checked, lang, phase=phase),
            ),
            Download(
                Key.TICKET_JSON,
                "conflict.json",
                "application/json",
                lambda: json.dumps(ticket_document(checked), ensure_ascii=False, indent=2, default=str),
            ),
        ),
        lang,
    )


def _buttons(downloads: tuple[Download, ...], lang: Lang) -> None:
    for column, one in zip(st.columns(len(downloads)), downloads, strict=True):
        column.download_button(
            say(f"ui.{one.key.value}", lang),
            data=lambda make=one.make: make().encode(),  # type: ignore[misc]
            file_name=one.name,
            mime=one.mime,
            key=one.key,
            on_click="ignore",
            width="stretch",
        )
