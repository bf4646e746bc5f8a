"""Combinations by distance from an ideal: TOPSIS and VIKOR.

Comes in: a matrix in any unit, weights, directions. Goes out: closeness or regret of each alternative.
Must not know: eligibility, missing policies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from xingu_geo.ground.base.arrays import Floats, complete
from xingu_geo.siting.ranking.additive import in_place

Bounds = tuple[Floats, Floats]
"""The ideal and the anti-ideal of each criterion, shapes (criteria,)."""


def topsis(
    matrix: Floats,
    weights: Floats,
    directions: Floats,
    *,
    scaling: Literal["vector", "none"] = "vector",
    bounds: Bounds | None = None,
) -> Floats:
    """Closeness to the ideal in [0, 1] of each alternative, shape (alternatives,): d⁻ / (d⁺ + d⁻).

    Parameters
    ----------
    matrix
        (alternatives, criteria), any unit. A row with a gap gets NaN and moves nobody else.
    weights
        (criteria,), summing to 1.
    directions
        (criteria,), +1 where more is better, −1 where less is.
    scaling
        ``vector`` divides each column by its Euclidean length, as in the textbook; ``none`` leaves it.
    bounds
        Fixed ideal and anti-ideal; without, the best and worst value found among the alternatives.

    Notes
    -----
    Assumes that decision makers want to be near the best and far from the worst in Euclidean distance. With vector
    scaling or without ``bounds`` the reference is made of the alternatives, so adding one can reorder the others;
    with fixed bounds and no scaling it cannot. Where all alternatives coincide the closeness is 0.5 for each.
    Source: Hwang and Yoon, *Multiple Attribute Decision Making* (1981).
    """
    known = complete(matrix)
    usable = matrix[known]
    scale = np.linalg.norm(usable, axis=0) if scaling == "vector" else np.ones(matrix.shape[1])
    weighted = weights * directions * usable / np.where(scale > 0, scale, 1.0)
    if not len(usable):
        return np.full(len(matrix), np.nan)
    if bounds is None:
        best, worst = weighted.max(axis=0), weighted.min(axis=0)
    else:
        best, worst = (weights * directions * bound / np.where(scale > 0, scale, 1.0) for bound in bounds)
    to_best = np.sqrt(((weighted - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - worst) ** 2).sum(axis=1))
    apart = to_best + to_worst
    closeness = np.divide(to_worst, apart, out=np.full_like(apart, 0.5), where=apart > 0)
    return in_place(closeness, known)


@dataclass(frozen=True, slots=True)
class Vikor:
    """VIKOR's three measures, each (alternatives,) and 0 best, and its compromise.

    ``group`` is S, the summed regret; ``regret`` is R, the greatest single regret; ``compromise`` is Q.
    ``has_advantage`` (C1): the gap in Q between first and second is at least 1 / (alternatives − 1).
    ``is_stable`` (C2): the first in Q is also first in S or in R. ``chosen`` are the positions proposed together:
    the first alone where both hold, the first two where only C2 fails, all within the gap where C1 fails.
    """

    group: Floats
    regret: Floats
    compromise: Floats
    has_advantage: bool
    is_stable: bool
    chosen: tuple[int, ...]


def vikor(
    matrix: Floats,
    weights: Floats,
    directions: Floats,
    *,
    balance: float = 0.5,
    bounds: Bounds | None = None,
) -> Vikor:
    """S, R and Q of each alternative and the compromise they lead to.

    Parameters
    ----------
    matrix, weights, directions
        As in :func:`topsis`; a row with a gap gets NaN and moves nobody else.
    balance
        v in [0, 1]: the weight of the group's regret S against the single regret R.
    bounds
        Fixed best and worst values. With them S and R are held against their own possible ranges ([0, 1] and
        [0, the greatest weight]), so that no alternative moves another; without, against those found.

    Notes
    -----
    Assumes that the greatest single regret counts beside the sum. A criterion, or S or R, that is the same for all
    adds nothing. Sources: Opricovic and Tzeng (2004), EJOR 156; (2007), EJOR 178.
    """
    known = complete(matrix)
    usable = directions * matrix[known]
    if not len(usable):
        empty = np.full(len(matrix), np.nan)
        return Vikor(empty, empty, empty, has_advantage=False, is_stable=False, chosen=())
    best, worst = (usable.max(axis=0), usable.min(axis=0)) if bounds is None else (directions * b for b in bounds)
    regrets = weights * _share(best - usable, best - worst)
    group, regret = regrets.sum(axis=1), regrets.max(axis=1)
    if bounds is None:
        relative = (_share(measure - measure.min(), np.ptp(measure)) for measure in (group, regret))
        group_share, regret_share = relative
    else:
        group_share, regret_share = group, regret / weights.max()
    compromise = balance * group_share + (1 - balance) * regret_share
    has_advantage, is_stable, chosen = _compromise_set(group, regret, compromise)
    positions = np.flatnonzero(known)
    return Vikor(
        in_place(group, known),
        in_place(regret, known),
        in_place(compromise, known),
        has_advantage,
        is_stable,
        tuple(int(positions[i]) for i in chosen),
    )


def _compromise_set(group: Floats, regret: Floats, compromise: Floats) -> tuple[bool, bool, list[int]]:
    order = np.argsort(compromise, kind="stable")
    first = order[0]
    if len(order) == 1:
        return True, True, [int(first)]
    needed = 1 / (len(order) - 1)
    has_advantage = bool(compromise[order[1]] - compromise[first] >= needed)
    is_stable = bool(group[first] <= group.min() or regret[first] <= regret.min())
    if not has_advantage:
        near = compromise - compromise[first] < needed
        return has_advantage, is_stable, sorted(int(i) for i in np.flatnonzero(near))
    chosen = order[:1] if is_stable else order[:2]
    return has_advantage, is_stable, sorted(int(i) for i in chosen)


def _share(part: Floats, whole: Floats | np.float64) -> Floats:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)
