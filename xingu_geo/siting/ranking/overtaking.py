"""What would have to change for one site to draw level with another.

Comes in: the values of two sites, weights, a method that looks at each site alone. Goes out: the value of each
criterion, or its weight, at which the two are level. Must not know: where a value comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xingu_geo.ground.base.arrays import Floats

PointsOf = Callable[[Floats, Floats], Floats]
"""``(values (sites, criteria), weights (criteria,)) -> points (sites,)``."""

_STEPS = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion's ``now`` and ``needed``; ``needed`` is None where no change of this one alone is enough."""

    criterion: str
    now: float
    needed: float | None


def needed_values(site: Floats, rival: Floats, weights: Floats, *, points_of: PointsOf) -> list[float | None]:
    """For each criterion the value in [0, 1] at which ``site`` draws level with ``rival``, all else as it is.

    ``points_of`` never falls when a value rises, so there is one such point, or none below 1.
    """
    target = points_of(rival[None, :], weights)[0]
    return [_needed_value(site, column, target, weights=weights, points_of=points_of) for column in range(len(site))]


def _needed_value(site: Floats, column: int, target: float, *, weights: Floats, points_of: PointsOf) -> float | None:
    def _gap(value: float) -> float:
        row = site.copy()
        row[column] = value
        return float(points_of(row[None, :], weights)[0] - target)

    if weights[column] == 0 or _gap(1.0) < 0:
        return None
    if _gap(float(site[column])) >= 0:
        return float(site[column])
    from scipy.optimize import brentq  # noqa: PLC0415 - a third of a second to load

    # A product is steep near 0, so only the relative tolerance may end the search.
    return float(brentq(_gap, float(site[column]), 1.0, xtol=1e-300, maxiter=2000))


def needed_weights(site: Floats, rival: Floats, weights: Floats, *, points_of: PointsOf) -> list[float | None]:
    """For each criterion the weight at which ``site`` draws level with ``rival``, the others keeping proportions.

    Of several such weights the one nearest to today's; found by steps of 1/100 and refined, so that two crossings
    within one step would be missed by the methods that are not a sum. For the sum there is one crossing at most.
    """
    pair = np.vstack([site, rival])
    return [_needed_weight(pair, column, weights=weights, points_of=points_of) for column in range(len(weights))]


def _needed_weight(pair: Floats, column: int, *, weights: Floats, points_of: PointsOf) -> float | None:
    now = float(weights[column])
    if now == 1.0:
        return None

    def _gap(weight: float) -> float:
        points = points_of(pair, shifted(weights, column, weight))
        return float(points[0] - points[1])

    grid = np.unique(np.r_[np.linspace(0, 1, _STEPS + 1), now])
    gaps = np.array([_gap(weight) for weight in grid])
    crossed = np.flatnonzero(np.sign(gaps[:-1]) * np.sign(gaps[1:]) <= 0)
    roots = [_root(_gap, grid[i], grid[i + 1], gaps[i], gaps[i + 1]) for i in crossed]
    # A product jumps where a weight reaches 0 (its zero value no longer counts): a jump is no draw.
    level = [root for root in roots if abs(_gap(root)) < 1e-9]
    return min(level, key=lambda root: abs(root - now), default=None)


def _root(gap: Callable[[float], float], low: float, high: float, at_low: float, at_high: float) -> float:
    if at_low == 0 or at_high == 0:
        return float(low if at_low == 0 else high)
    from scipy.optimize import brentq  # noqa: PLC0415 - a third of a second to load

    return float(brentq(gap, low, high, xtol=1e-13))


def shifted(weights: Floats, column: int, weight: float) -> Floats:
    """``weights`` with one set to ``weight`` and the others scaled in proportion to sum to 1 again.

    Examples
    --------
    >>> shifted(np.array([0.5, 0.25, 0.25]), 0, 0.8).round(3).tolist()
    [0.8, 0.1, 0.1]
    """
    result: Floats = weights * ((1 - weight) / (1 - weights[column]))
    result[column] = weight
    return result


def level_values_of_sum(site: Floats, rival: Floats, weights: Floats) -> list[float | None]:
    """The exact answer of :func:`needed_values` for the weighted sum: vⱼ + lead / wⱼ, None above 1."""
    lead = float((rival - site) @ weights)
    return [
        None if weight == 0 or value + lead / weight > 1 else float(value + lead / weight)
        for value, weight in zip(site, weights, strict=True)
    ]


def level_weights_of_sum(site: Floats, rivals: Floats, weights: Floats) -> Floats:
    """The exact weight of each criterion at which a weighted sum puts ``site`` level with each rival.

    With the others in proportion the difference of the two scores is linear in the weight t:
    t dⱼ + (1 − t) Dⱼ, where dⱼ is the difference in criterion j and Dⱼ the weighted mean difference in the others.
    It is 0 at t = Dⱼ / (Dⱼ − dⱼ).

    Parameters
    ----------
    site
        (criteria,).
    rivals
        (rivals, criteria).
    weights
        (criteria,), summing to 1.

    Returns
    -------
    (rivals, criteria); NaN where no weight in [0, 1] makes the two level, or any weight does.
    """
    difference = site - rivals
    total = difference @ weights
    rest = 1 - weights
    others = np.divide(
        total[:, None] - difference * weights,
        rest,
        out=np.full_like(difference, np.nan),
        where=np.broadcast_to(rest > 0, difference.shape),
    )
    slope = others - difference
    level = np.divide(others, slope, out=np.full_like(others, np.nan), where=np.abs(slope) > 1e-15)
    return np.asarray(np.where((level >= 0) & (level <= 1), level, np.nan))
