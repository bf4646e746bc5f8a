"""Colours and what they say: the score ramp, the two kinds of no, the unknown; pipes by utilisation.

Comes in: scores, verdicts, utilisation. Goes out: class codes and the look of each class.
Must not know: Streamlit, how a figure was computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

RAMP: Final = ("#e9f4c8", "#b5dfbf", "#6cc3c0", "#369fbe", "#2a6fae", "#253a86")
HARD: Final = len(RAMP)
FULL: Final = HARD + 1
UNKNOWN: Final = HARD + 2
OUT_STATES: Final = {HARD: "hard", FULL: "full", UNKNOWN: "unknown"}

PIPE_STATES: Final = ("ample", "nearly_full", "at_limit", "over", "unknown")
PIPE_COLOURS: Final = ("#15934a", "#f0a010", "#dc2f2f", "#8a1c22", "#94a3b8")
PIPE_DASHES: Final = ("", "", "14 3", "7 4", "2 5")


@dataclass(frozen=True, slots=True)
class Classes:
    """A class code for each site (in the order of its index) and the score breaks between the ramp's classes."""

    codes: pd.Series[int]
    breaks: tuple[float, ...]


def site_classes(scores: pd.Series[float], ranked: pd.Index[str], out: Mapping[str, int] | pd.Series[int]) -> Classes:
    """Ranked sites by sixths of their scores, all others by ``out`` (``HARD``, ``FULL`` or ``UNKNOWN`` by site id)."""
    codes = pd.Series(out, dtype="float64").reindex(scores.index).fillna(UNKNOWN).astype("int64")
    shown = scores.reindex(ranked).dropna()
    if shown.empty:
        return Classes(codes, ())
    shares = np.linspace(0, 1, len(RAMP) + 1)[1:-1]
    breaks = (
        ()
        if shown.nunique() < 2
        else tuple(sorted({round(float(mark), 1) for mark in np.quantile(shown.to_numpy(), shares)}))
    )
    step = np.searchsorted(np.asarray(breaks), shown.to_numpy(), side="right")
    spread = _spread(len(breaks) + 1)
    codes.loc[shown.index] = spread[step]
    return Classes(codes, breaks)


def _spread(count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """``count`` of the ramp's classes, evenly from the lowest to the highest; a single one is the highest."""
    if count == 1:
        return np.array([len(RAMP) - 1])
    return np.linspace(0, len(RAMP) - 1, count).round().astype(np.int64)


def ramp_colours(breaks: Sequence[float]) -> list[str]:
    """The colours that stand between the breaks, low to high."""
    spread = _spread(len(breaks) + 1)
    return [RAMP[number] for number in spread]


def site_looks(texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The look of every class code; ``texts`` says in words what ``hard``, ``full`` and ``unknown`` mean."""
    flat = {"weight": 0.7, "opacity": 1, "fillOpacity": 0.94, "hatch": ""}
    looks = [{"text": "", "style": {**flat, "fillColor": colour, "color": "#ffffff"}} for colour in RAMP]
    looks.append({"text": texts["hard"], "style": {**flat, "fillColor": "#dcdfe3", "color": "#ffffff"}})
    looks.append(
        {"text": texts["full"], "style": {**flat, "fillColor": "#fbf3e2", "hatch": "#c98a1b", "color": "#dcb877"}}
    )
    looks.append({"text": texts["unknown"], "style": {**flat, "fillColor": "#ffffff", "color": "#a8b0ba"}})
    return looks


def pipe_codes(states: pd.Series[str]) -> pd.Series[int]:
    """The class of each element by its state; a state not known here reads as unknown."""
    number = {name: code for code, name in enumerate(PIPE_STATES)}
    return states.map(number).fillna(number["unknown"]).astype(int)


def pipe_looks(texts: Sequence[str]) -> list[dict[str, str]]:
    """The look of every pipe class in the order of :data:`PIPE_STATES`, with its words."""
    return [
        {"color": colour, "dash": dash, "text": text}
        for colour, dash, text in zip(PIPE_COLOURS, PIPE_DASHES, texts, strict=True)
    ]
