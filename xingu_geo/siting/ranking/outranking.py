"""Combination by pairwise preference: PROMETHEE II.

Comes in: a matrix in any unit, weights, directions, one preference function per criterion. Goes out: flows.
Must not know: eligibility, missing policies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from xingu_geo.ground.base.arrays import Floats, complete
from xingu_geo.siting.ranking.additive import in_place

Shape = Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]

_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Preference:
    """How strongly an advantage d > 0 in one criterion is preferred, in [0, 1]; the six types of the authors.

    ``usual``: 1. ``u_shape``: 1 beyond ``indifference``. ``v_shape``: d / ``strict`` up to 1. ``level``: ½ beyond
    ``indifference``, 1 beyond ``strict``. ``linear``: 0 up to ``indifference``, 1 from ``strict``, straight between.
    ``gaussian``: 1 − exp(−d² / 2 ``spread``²). All in the criterion's unit.
    """

    shape: Shape
    indifference: float = 0.0
    strict: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Flows:
    """Leaving, entering and net flow, each (alternatives,) and divided by (alternatives − 1).

    ``by_criterion`` (alternatives, criteria) are the net flows in each criterion alone, in [−1, 1]; their weighted
    sum is ``net``.
    """

    leaving: Floats
    entering: Floats
    net: Floats
    by_criterion: Floats


def promethee(matrix: Floats, weights: Floats, directions: Floats, preferences: Sequence[Preference]) -> Flows:
    """The flows of PROMETHEE I and II; the net flow ranks, 1 best, −1 worst.

    Parameters
    ----------
    matrix
        (alternatives, criteria), any unit. A row with a gap gets NaN and is compared with nobody.
    weights, directions
        As in :func:`xingu_geo.siting.ranking.ideal.topsis`.
    preferences
        One per criterion.

    Notes
    -----
    Assumes that only differences between alternatives count, and only beyond what is indifferent. Every flow is
    made of comparisons, so adding an alternative can reorder the others. All types but ``gaussian`` take
    O(n log n) by sorted prefix sums instead of n² comparisons. Sources: Brans and Vincke (1985), Management
    Science 31(6); Brans, Vincke and Mareschal (1986), EJOR 24.
    """
    known = complete(matrix)
    usable = directions * matrix[known]
    others = max(len(usable) - 1, 1)
    leaving, entering = np.empty_like(usable), np.empty_like(usable)
    for column, preference in enumerate(preferences):
        leaving[:, column] = _preferred(usable[:, column], preference) / others
        entering[:, column] = _preferred(-usable[:, column], preference) / others
    net = leaving - entering
    spread = np.full((len(matrix), matrix.shape[1]), np.nan)
    spread[known] = net
    return Flows(
        leaving=in_place(leaving @ weights, known),
        entering=in_place(entering @ weights, known),
        net=in_place(net @ weights, known),
        by_criterion=spread,
    )


def _preferred(values: Floats, preference: Preference) -> Floats:
    """Σ over all others of the preference of each value over theirs."""
    if preference.shape == "gaussian":
        return _gaussian(values, preference.spread)
    ascending = np.sort(values)
    if preference.shape == "usual":
        return _below(ascending, values, 0.0)
    if preference.shape == "u_shape":
        return _below(ascending, values, preference.indifference)
    if preference.shape == "level":
        at_least_half = _below(ascending, values, preference.indifference)
        return (at_least_half + _below(ascending, values, preference.strict)) / 2
    indifference = preference.indifference if preference.shape == "linear" else 0.0
    if preference.strict <= indifference:
        return _below(ascending, values, indifference)
    return _ramp(ascending, values, indifference, preference.strict)


def _below(ascending: Floats, values: Floats, margin: float) -> Floats:
    """How many of ``ascending`` lie more than ``margin`` below each value."""
    return np.searchsorted(ascending, values - margin, side="left").astype(float)


def _ramp(ascending: Floats, values: Floats, low: float, high: float) -> Floats:
    """Σ over ``ascending`` of the ramp from 0 at an advantage of ``low`` to 1 at ``high``."""
    summed = np.concatenate([[0.0], np.cumsum(ascending)])
    full = np.searchsorted(ascending, values - high, side="right")
    some = np.maximum(np.searchsorted(ascending, values - low, side="left"), full)
    between = (values - low) * (some - full) - (summed[some] - summed[full])
    return np.asarray(full + between / (high - low))


def _gaussian(values: Floats, spread: float) -> Floats:
    """No closed sum for this one: all pairs, in blocks of rows that bound the memory."""
    rows = max(1, _BLOCK_CELLS // max(len(values), 1))
    total = np.empty(len(values))
    for start in range(0, len(values), rows):
        advantage = np.maximum(values[start : start + rows, None] - values[None, :], 0.0)
        total[start : start + rows] = -np.expm1(-(advantage**2) / (2 * spread**2)).sum(axis=1)
    return total
