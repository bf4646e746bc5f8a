"""Weights drawn at random: any, around chosen ones, or in a given order.

Comes in: how many, and what is known of the weights. Goes out: draws × criteria, each row summing to 1.
Must not know: values, sites.
"""

from __future__ import annotations

import numpy as np

from xingu_geo.ground.base.arrays import Floats


def any_weights(draws: int, criteria: int, *, rng: np.random.Generator) -> Floats:
    """Weights spread evenly over all that are possible: the flat Dirichlet distribution on the simplex."""
    return rng.dirichlet(np.ones(criteria), draws)


def weights_around(centre: Floats, draws: int, *, concentration: float, rng: np.random.Generator) -> Floats:
    """Weights that scatter around ``centre``: Dirichlet with parameters ``concentration`` × ``centre``.

    Their mean is ``centre``, the standard deviation of a weight w is √(w (1 − w) / (``concentration`` + 1)): with 100
    a weight of 10 % moves by 3 points either way. A weight of 0 stays 0.
    """
    weights = np.zeros((draws, len(centre)))
    counted = centre > 0
    weights[:, counted] = rng.dirichlet(concentration * centre[counted], draws)
    return weights


def ordered_weights(places: Floats, draws: int, *, rng: np.random.Generator) -> Floats:
    """Weights spread evenly over all that respect an order: a smaller place never weighs less.

    Equal places stay open among each other. Flat draws are sorted and handed out by place, by chance within a place:
    each is one of the equally likely corners of the simplex that the order leaves.
    """
    falling = -np.sort(-any_weights(draws, len(places), rng=rng), axis=1)
    lots = rng.random((draws, len(places)))
    order = np.lexsort((lots, np.broadcast_to(places, lots.shape)), axis=1)
    weights = np.empty_like(falling)
    np.put_along_axis(weights, order, falling, axis=1)
    return weights
