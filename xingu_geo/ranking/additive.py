"""Combinations that need no other site: each site's score from its own values alone.

Comes in: values in [0, 1] (sites × criteria, 1 best), weights that sum to 1. Goes out: one score in [0, 1] per site.
Must not know: criteria's meaning, eligibility, missing policies.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


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
    for column in np.flatnonzero(weights):
        total += weights[column] * values[:, column]
    return total
