"""Which own layers this session uses, kept in the address so that a reload finds them, and what is being brought in.

Comes in: a session, an address. Goes out: the token of a set of own layers; what the bringer said about a file.
Must not know: how a set is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

import streamlit as st

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.settings import layers_dir
from xingu_geo.ground.geo.datum import DATUMS, SevenParameters
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.place.place import working_crs
from xingu_geo.places.place.tables import Tables
from xingu_geo.study.workspace import own_layers
from xingu_geo.study.workspace.own_layers import Upload

ADDRESS: Final = "own"
AUTO: Final = "auto"
ENCODINGS: Final = ("UTF-8", "GB18030", "Big5")
SYSTEMS: Final = (working_crs(), "EPSG:4528", "EPSG:4490", "EPSG:4326", "EPSG:3857")
SURENESS: Final = tuple(level for level in Confidence if level != Confidence.ILLUSTRATIVE)


class Key(StrEnum):
    """Every key of the import page; those about one file end with its digest, so that a new file starts afresh."""

    OWN = "_own_layers"
    LAST = "_own_last"
    TURN = "_own_turn"
    SAID = "_intake_said"
    LOOK = "_intake_look"
    FILE = "intake_file"
    ROLE = "intake_role"
    CRS = "intake_crs"
    DATUM = "intake_datum"
    ENCODING = "intake_encoding"
    SWAP = "intake_swap"
    LAYER = "intake_layer"
    SURE = "intake_sure"
    SEVEN = "intake_seven"
    COLUMN = "intake_column"
    TAKE = "intake_take"
    UNDO = "intake_undo"
    REMOVE = "intake_remove"
    HINT = "intake_hint"

    def of(self, *names: str) -> str:
        """The key of the widget for ``names``."""
        return ".".join((self.value, *names))


@dataclass(frozen=True, slots=True)
class Said:
    """What the bringer of a file said about it; ``auto`` and ``""`` mean: find out."""

    role: str = ""
    crs: str = AUTO
    datum: str = AUTO
    encoding: str = AUTO
    swap: bool = False
    layer: str = ""
    sure: str = Confidence.INFERRED.value
    seven: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def options(self, tables: Tables) -> Options:
        """The same for the intake; the shipped layers are what a shifted map is tested against."""
        return Options(
            working_crs=working_crs(),
            fields=tables.fields,
            norms=tables.norms,
            crs=None if self.crs == AUTO else self.crs,
            datum=next((datum for datum in DATUMS if datum == self.datum), None),
            encoding=None if self.encoding == AUTO else self.encoding,
            layer=self.layer or None,
            swap_axes=self.swap,
            seven=seven_of(self.seven),
            columns=dict(self.columns),
            trusted=str(layers_dir().resolve()),
            confidence=Confidence(self.sure),
        )


def seven_of(text: str) -> SevenParameters | None:
    """Three or seven numbers as a transformation; None while it is not yet that many."""
    try:
        numbers = [float(part) for part in text.replace("\uff0c", ",").split(",")]
    except ValueError:
        return None
    return SevenParameters(*numbers) if len(numbers) in {3, 7} else None


def said(upload: Upload) -> Said:
    """What was said about this upload so far."""
    held = cast("Mapping[str, Said]", st.session_state.get(Key.SAID, {}))
    return held.get(upload.digest, Said())


def say_of(upload: Upload, now: Said) -> None:
    """Note what is said about this upload; what was said about others is forgotten."""
    st.session_state[Key.SAID] = {upload.digest: now}


def token() -> str:
    """The set of own layers this session uses: its own, at first the one of the address, ``""`` for none."""
    if Key.OWN not in st.session_state:
        named = st.query_params.get(ADDRESS, "")
        st.session_state[Key.OWN] = named if own_layers.folder_of(named) else own_layers.NONE
    return str(st.session_state[Key.OWN])


def use(following: str, *, report: IntakeReport | None = None) -> None:
    """From now on this session uses that set; ``report`` says what the change was."""
    st.session_state[Key.OWN] = following
    st.session_state[Key.LAST] = report
    # A new key empties the upload box.
    st.session_state[Key.TURN] = turn() + 1


def keep_in_address() -> None:
    """The set stays in the address: a reload, and the way from page to page, find it again."""
    named = st.query_params.get(ADDRESS, "")
    if token() and named != token():
        st.query_params[ADDRESS] = token()
    elif named and not token():
        del st.query_params[ADDRESS]


def last_report() -> IntakeReport | None:
    """The report of the last layer that was taken, until something else happens."""
    return cast("IntakeReport | None", st.session_state.get(Key.LAST))


def turn() -> int:
    """How often the upload box was emptied."""
    return int(st.session_state.get(Key.TURN, 0))
