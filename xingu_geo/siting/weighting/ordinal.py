"""Weights from an order alone: who only says which criterion matters more.

Comes in: places (1 = most important, ties allowed). Goes out: weights that sum to 1. Must not know: values, sites.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError, raise_all


def rank_order_centroid(places: Floats) -> Floats:
    """The centre of all weights that respect the order: w₍ₖ₎ = (1/n) Σᵢ₌ₖⁿ 1/i.

    Parameters
    ----------
    places
        (criteria,), 1 most important; equal places share the mean of the weights they cover.

    Notes
    -----
    Source: Barron and Barrett (1996), Decision quality using ranked attribute weights, Management Science 42(11).

    Examples
    --------
    >>> rank_order_centroid(np.array([1.0, 2.0])).tolist()
    [0.75, 0.25]
    """
    count = len(places)
    return _shared(places, np.cumsum(1 / np.arange(count, 0, -1))[::-1] / count)


def rank_sum(places: Floats) -> Floats:
    """Weights falling in equal steps: w₍ₖ₎ = 2 (n + 1 − k) / n (n + 1); ties as in :func:`rank_order_centroid`.

    Source: Stillwell, Seaver and Edwards (1981), Organizational Behavior and Human Performance 28.

    Examples
    --------
    >>> rank_sum(np.array([1.0, 2.0, 3.0])).round(3).tolist()
    [0.5, 0.333, 0.167]
    """
    count = len(places)
    return _shared(places, 2 * np.arange(count, 0, -1) / (count * (count + 1)))


def places_of(order: Mapping[str, float]) -> Floats:
    """The places of ``order`` as an array, refusing what is no place (``place_wrong``): not finite, or below 1."""
    raise_all(
        [
            XinguError("place_wrong", name=name, found=place)
            for name, place in order.items()
            if not np.isfinite(place) or place < 1
        ]
    )
    if not order:
        raise XinguError("weights_all_zero", names="–")
    return np.array(list(order.values()), dtype=float)


def _shared(places: Floats, falling: Floats) -> Floats:
    """``falling`` (first place first) handed out by place, equal places sharing what they cover."""
    ordered = np.sort(places)
    covered = np.concatenate([[0.0], np.cumsum(falling)])
    first = np.searchsorted(ordered, places, side="left")
    last = np.searchsorted(ordered, places, side="right")
    return np.asarray((covered[last] - covered[first]) / (last - first))
