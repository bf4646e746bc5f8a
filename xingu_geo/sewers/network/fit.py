"""Does it fit: the one place where a demand is held against a limit, and a discharge against a headroom.

Comes in: figures. Goes out: :class:`Fit`, columns of the same. Must not know: how headroom is found, words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Bools
from xingu_geo.ground.base.confidence import Confidence

TOLERANCE: Final = 1e-9
"""Demand and limit meet within rounding when headroom is used up exactly: that fits, a litre a day more does not."""


class FitState(StrEnum):
    """What is not known fits nowhere, and is not short either."""

    FITS = "fits"
    SHORT = "short"
    UNKNOWN = "unknown"
    UNSEWERED = "unsewered"


class Check(StrEnum):
    """What an element is held to: uniform flow, the velocity of a main, duty pumps, a plant's day, a quota."""

    MANNING = "manning"
    MAIN = "main"
    PUMP = "pump"
    PLANT = "plant"
    POLLUTANT = "pollutant"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a discharge fits at a place.

    ``missing_m3_d`` is what the headroom falls short of it: 0 where it fits, NaN where nobody knows. ``binding`` is the
    element that gives the headroom (or leaves it unknown) and ``check`` what it is held to, each ``""`` if there is
    none; ``confidence`` that of the layers asked.
    """

    state: FitState
    missing_m3_d: float
    binding: str
    check: str
    confidence: Confidence


def fit_of(
    headroom_m3_d: float,
    discharge_m3_d: float,
    *,
    confidence: Confidence,
    is_sewered: bool = True,
    binding: str = "",
    check: str = "",
) -> Fit:
    """Whether a discharge fits into one headroom; NaN is unknown."""
    sewered = pd.Series([is_sewered])
    found = fits_of(pd.Series([headroom_m3_d]), discharge_m3_d, is_sewered=sewered).to_dict("records")[0]
    return Fit(FitState(found["state"]), float(found["missing_m3_d"]), binding, check, confidence)


def fits_of(
    headroom_m3_d: pd.Series[float], discharge_m3_d: float, *, is_sewered: pd.Series[bool] | None = None
) -> pd.DataFrame:
    """The same for many places: columns ``state`` (of :class:`FitState`) and ``missing_m3_d``, indexed alike."""
    lacking = (discharge_m3_d - settled(headroom_m3_d, discharge_m3_d)).to_numpy()
    state = states(lacking > 0, np.isnan(lacking))
    missing = np.where(np.isnan(lacking), np.nan, np.maximum(lacking, 0.0))
    if is_sewered is not None:
        state, missing = np.where(is_sewered, state, FitState.UNSEWERED), np.where(is_sewered, missing, np.nan)
    return pd.DataFrame({"state": state, "missing_m3_d": missing}, index=headroom_m3_d.index)


def states(is_short: Any, is_unknown: Any) -> np.ndarray:
    """The state by what is known: a known shortage stands, whatever else is unknown."""
    return np.select([is_short, is_unknown], [FitState.SHORT, FitState.UNKNOWN], default=FitState.FITS)


def settled(headroom_m3_d: pd.Series[float], discharge_m3_d: float) -> pd.Series[float]:
    """The headroom, but the discharge itself where it falls short of that by rounding only."""
    return headroom_m3_d.mask((headroom_m3_d < discharge_m3_d) & within(discharge_m3_d, headroom_m3_d), discharge_m3_d)


def exceeds(demand: Any, limit: Any) -> Bools:
    """Whether demand is beyond its limit by more than rounding; unknown is not."""
    return np.asarray(demand > limit * (1 + TOLERANCE))


def within(demand: Any, limit: Any) -> Bools:
    """Whether demand keeps its limit but for rounding; unknown does not."""
    return np.asarray(demand <= limit * (1 + TOLERANCE))
