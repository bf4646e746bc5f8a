"""The boxes beside a report: role, CRS, encoding, columns; what is said there changes the look, not the file.

Comes in: an upload, a look at it. Goes out: widgets that note what was said. Must not know: how a file is examined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from xingu_geo.doors.ui.importing.look import Look
from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.import_session import AUTO, ENCODINGS, SURENESS, SYSTEMS, Key, said, say_of
from xingu_geo.doors.ui.sources.passports import role_titles
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.geo.datum import DATUMS
from xingu_geo.places.intake.intake_findings import Suggestion
from xingu_geo.study.workspace.own_layers import Upload

PLACES: Final = ("x", "y", "wkt")
_ABREAST: Final = 3


def role_box(upload: Upload, look: Look, lang: Lang) -> None:
    """Which role the file fills; none to choose where the file knows."""
    titles = role_titles(cache.tables().fields, lang)
    if not look.is_several:
        _choice(upload, Key.ROLE, "role", list(titles), look.role, lang, shown=titles.__getitem__)


def hint_buttons(upload: Upload, look: Look, lang: Lang) -> None:
    """The refusal's own suggestions, each as one button."""
    for hint in look.suggestions:
        change = {"swap": True} if hint.kind == "swap_axes" else {hint.kind: hint.value}
        name = hint.value or hint.kind
        label = name if hint.kind == "crs" else say(f"ui.intake.hint.{name}", lang)
        st.button(
            say("ui.intake.read_as", lang, reading=label),
            key=Key.HINT.of(name, upload.digest[:12]),
            on_click=_note,
            args=(upload, change),
        )


def reading_boxes(upload: Upload, look: Look, lang: Lang) -> None:
    """How the file is read: CRS, datum, encoding, axes, which layer, and how sure it is."""
    now = said(upload)
    auto = say("ui.intake.auto", lang)

    def named(group: str) -> Callable[[str], str]:
        return lambda value: auto if value == AUTO else texts(lang).get(f"ui.intake.{group}.{value}", value)

    _choice(
        upload, Key.SURE, "sure", list(SURENESS), now.sure, lang, shown=lambda level: say(f"confidence.{level}", lang)
    )
    systems = list(dict.fromkeys([AUTO, *SYSTEMS, now.crs]))
    _choice(upload, Key.CRS, "crs", systems, now.crs, lang, shown=named("system"), is_open=True)
    _choice(upload, Key.DATUM, "datum", [AUTO, *DATUMS], now.datum, lang, shown=named("datum_said"))
    _choice(upload, Key.ENCODING, "encoding", [AUTO, *ENCODINGS], now.encoding, lang, shown=named("encoding_said"))
    layers = _listed(look, "layer_choose", "layer_unknown")
    if layers or now.layer:
        _choice(
            upload, Key.LAYER, "layer", list(dict.fromkeys(["", *layers, now.layer])), now.layer, lang, is_open=True
        )
    if now.swap or Suggestion("swap_axes") in look.suggestions:
        key = Key.SWAP.of(upload.digest[:12])
        st.session_state[key] = now.swap
        st.toggle(say("ui.intake.label.swap", lang), key=key, on_change=lambda: _take(upload, key, "swap"))
    if now.seven or (look.refusal is not None and look.refusal.code == "crs_datum"):
        key = Key.SEVEN.of(upload.digest[:12])
        st.session_state[key] = now.seven
        st.text_input(
            say("ui.intake.label.seven", lang),
            key=key,
            help=say("ui.intake.seven_help", lang),
            on_change=lambda: _take(upload, key, "seven"),
        )


def column_boxes(upload: Upload, look: Look, lang: Lang) -> None:
    """Which column is which field: the guesses, to confirm or change."""
    places = look.columns
    if places:
        for place in PLACES:
            chosen = dict(said(upload).columns).get(place, "")
            _column(upload, look, place, say(f"ui.intake.place.{place}", lang), places, chosen, lang)
        return
    if look.report is None or look.is_several or look.report.layers[0].geometry == "raster":
        return
    layer, spec = look.report.layers[0], cache.tables().fields
    mapping, columns = layer.read.mapping, layer.file_columns
    fields = spec.role(look.role).fields
    title = say("ui.intake.mapping", lang, found=sum(field in mapping for field in fields), all=len(fields))
    with st.expander(title):
        parts = st.columns(_ABREAST)
        for number, field in enumerate(fields):
            with parts[number % _ABREAST]:
                label = spec.fields[field].meaning.to(lang)
                _column(upload, look, field, label, columns, mapping.get(field, ""), lang)


def _column(
    upload: Upload, look: Look, field: str, label: str, columns: Sequence[str], chosen: str, lang: Lang
) -> None:
    key = Key.COLUMN.of(look.role, field, upload.digest[:12])
    st.session_state[key] = chosen if chosen in columns else ""
    st.selectbox(
        safe_markdown(label),
        ["", *columns],
        format_func=lambda column: column or say("ui.intake.no_column", lang),
        key=key,
        on_change=lambda: _take_column(upload, look.role, field, str(st.session_state[key])),
    )


def _choice(
    upload: Upload,
    key: Key,
    name: str,
    options: Sequence[str],
    chosen: str,
    lang: Lang,
    *,
    shown: Callable[[str], str] = str,
    is_open: bool = False,
) -> None:
    own = key.of(upload.digest[:12])
    st.session_state[own] = chosen
    st.selectbox(
        say(f"ui.intake.label.{name}", lang),
        options,
        format_func=shown,
        key=own,
        accept_new_options=is_open,
        on_change=lambda: _take(upload, own, name),
    )


def _take(upload: Upload, key: str, name: str) -> None:
    value = st.session_state[key]
    usual = AUTO if name in {"crs", "datum", "encoding"} else ""
    _note(upload, {name: value if isinstance(value, bool) else str(value or usual).strip()[:200]})


def _take_column(upload: Upload, role: str, field: str, column: str) -> None:
    before = said(upload)
    columns = dict(before.columns) | {field: column}
    if field in PLACES and not column:
        del columns[field]
    # Fields belong to a role: from here on the role is said, too, and no longer guessed.
    _note(upload, {"columns": tuple(columns.items()), "role": before.role if field in PLACES else role})


def _note(upload: Upload, change: dict[str, Any]) -> None:
    before = said(upload)
    if change.get("role", before.role) != before.role and "columns" not in change:
        change = change | {"columns": tuple(pair for pair in before.columns if pair[0] in PLACES)}
    say_of(upload, replace(before, **change))


def _listed(look: Look, *codes: str) -> list[str]:
    """The names a refusal of one of ``codes`` lists."""
    if look.refusal is None or look.refusal.code not in codes:
        return []
    return [name.strip() for name in str(look.refusal.facts["known"]).split(", ") if name.strip()]
