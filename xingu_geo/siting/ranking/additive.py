"""Combinations that need no other site: each site's score from its own values alone.

Comes in: values in [0, 1] (sites × criteria, 1 best), weights that sum to 1. Goes out: one score in [0, 1] per site.
Must not know: criteria's meaning, eligibility, missing policies.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Bools, Floats

# Sites summed at a time: their column, products and sums (8 bytes each) stay in the cache together.
_BLOCK: Final = 50_000


def in_place(points: Floats, rows: Bools) -> Floats:
    """``points`` back in their ``rows``, NaN in the others."""
    everyone = np.full(len(rows), np.nan)
    everyone[rows] = points
    return everyone


def weighted_sum(values: Floats, weights: Floats) -> Floats:
    """Σⱼ wⱼ vⱼ for each site, shape (sites,); NaN where a weighted value is missing.

    Parameters
    ----------
    values
        (sites, criteria), 1 best.
    weights
        (criteria,), summing to 1. A criterion of weight 0 is not looked at, so its gaps do no harm.

    Notes
    -----
    Assumes that criteria compensate each other at fixed rates. Summed column by column, so a site's score has the
    same bits wherever its row stands and whatever rows stand beside it.

    Examples
    --------
    >>> weighted_sum(np.array([[1.0, 0.5], [0.2, 1.0]]), np.array([0.75, 0.25])).tolist()
    [0.875, 0.4]
    """
    total = np.zeros(len(values))
    product = np.empty(min(_BLOCK, len(values)))
    weighted = [(values[:, column], weights[column]) for column in np.flatnonzero(weights)]
    for first in range(0, len(values), _BLOCK):
        points = total[first : first + _BLOCK]
        added = product[: len(points)]
        for place, (column, weight) in enumerate(weighted):
            np.multiply(column[first : first + _BLOCK], weight, out=added if place else points)
            if place:
                np.add(points, added, out=points)
    return total


def weighted_product(values: Floats, weights: Floats) -> Floats:
    """Πⱼ vⱼ^wⱼ for each site, shape (sites,): the weighted geometric mean; NaN where a weighted value is missing.

    Notes
    -----
    Assumes that a weakness weighs the more the deeper it is: a value of 0 in any weighted criterion makes the whole 0.
    Shapes as in :func:`weighted_sum`. Source: Bridgman (1922); Triantaphyllou, *Multi-Criteria Decision Making
    Methods* (2000).

    Examples
    --------
    >>> weighted_product(np.array([[0.25, 1.0], [0.0, 1.0]]), np.array([0.5, 0.5])).tolist()
    [0.5, 0.0]
    """
    total = np.ones(len(values))
    for column in np.flatnonzero(weights):
        total *= values[:, column] ** weights[column]
    return total


def ordered_average(values: Floats, order_weights: Floats) -> Floats:
    """Yager's plain OWA: the weights go to the places, the best value of a site first, whatever criterion it is.

    Source: Yager (1988), IEEE Transactions on Systems, Man and Cybernetics 18(1).

    Examples
    --------
    >>> ordered_average(np.array([[0.2, 1.0]]), np.array([0.25, 0.75])).tolist()
    [0.4]
    """
    return np.asarray(np.sort(values, axis=1)[:, ::-1] @ order_weights)


def exponent_of(risk: float) -> float:
    """The exponent α of the quantifier Q(p) = p^α whose orness 1 / (1 + α) is ``risk``; infinite for 0.

    Examples
    --------
    >>> exponent_of(0.5), exponent_of(0.2), exponent_of(1.0)
    (1.0, 4.0, 0.0)
    """
    return float("inf") if risk == 0 else (1 - risk) / risk


def ordered_parts(values: Floats, weights: Floats, exponent: float) -> Floats:
    """What each criterion adds to an OWA with importances, (sites, criteria); the sum of a row is its points.

    The values of a site are put in falling order; the k-th gets Q(w₁ + … + wₖ) − Q(w₁ + … + wₖ₋₁) with
    Q(p) = p^``exponent``, the wₖ being the importances in that order. Equal values share what their places get in
    proportion to their importances, so that no order among them has to be invented.

    Parameters
    ----------
    values
        (sites, criteria), 1 best.
    weights
        (criteria,), all positive, summing to 1.
    exponent
        1 gives the weighted sum, above 1 the worst values weigh more, below 1 the best do.

    Notes
    -----
    Source: Yager (1996), Quantifier guided aggregation using OWA operators, International Journal of Intelligent
    Systems 11; in siting: Malczewski (2006), International Journal of Applied Earth Observation 8.
    """
    order = np.argsort(-values, axis=1, kind="stable")
    falling = np.take_along_axis(values, order, axis=1)
    importance = weights[order]
    reached = np.minimum(np.cumsum(importance, axis=1), 1.0)
    reached[:, -1] = 1.0
    ends = reached.copy()
    starts = np.zeros_like(reached)
    for place in range(reached.shape[1] - 2, -1, -1):
        same = falling[:, place] == falling[:, place + 1]
        ends[:, place] = np.where(same, ends[:, place + 1], reached[:, place])
    for place in range(1, reached.shape[1]):
        same = falling[:, place] == falling[:, place - 1]
        starts[:, place] = np.where(same, starts[:, place - 1], reached[:, place - 1])
    gained = _quantifier(ends, exponent) - _quantifier(starts, exponent)
    # Where rounding leaves a place no room, its importance is too small to count.
    share = np.divide(importance, ends - starts, out=np.zeros_like(ends), where=ends > starts)
    parts = np.empty_like(values)
    np.put_along_axis(parts, order, falling * gained * share, axis=1)
    return parts


def _quantifier(share: Floats, exponent: float) -> Floats:
    return np.where(share > 0, share**exponent, 0.0)
