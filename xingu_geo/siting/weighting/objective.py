"""Weights read off the data: criteria in which the candidates differ get more.

Comes in: a matrix. Goes out: weights that sum to 1. Must not know: what anyone finds important.

Both depend on the candidates: one parcel more changes the weights, and so may reorder the others.
"""

from __future__ import annotations

import numpy as np

from xingu_geo.ground.base.arrays import Floats, complete
from xingu_geo.ground.base.errors import XinguError


def entropy_weights(matrix: Floats) -> Floats:
    """Shannon's entropy weights: 1 − Eⱼ, with Eⱼ the entropy of the column's shares, scaled to sum to 1.

    Parameters
    ----------
    matrix
        (alternatives, criteria), none negative; rows with a gap are left out. A column that is the same for all
        (or all 0) weighs 0.

    Raises
    ------
    XinguError
        ``weights_undecided`` where fewer than two complete rows are left or no column differs;
        ``matrix_negative`` where a value is below 0.

    Notes
    -----
    Eⱼ = −(1 / ln m) Σᵢ pᵢⱼ ln pᵢⱼ, pᵢⱼ = xᵢⱼ / Σᵢ xᵢⱼ, 0 ln 0 = 0. Source: Hwang and Yoon (1981).
    """
    usable = _several(matrix)
    if (usable < 0).any():
        raise XinguError("matrix_negative")
    totals = usable.sum(axis=0)
    shares = np.divide(usable, totals, out=np.full_like(usable, 1 / len(usable)), where=totals > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    diversity = 1 + (shares * logs).sum(axis=0) / np.log(len(usable))
    return _scaled(np.where(np.ptp(usable, axis=0) > 0, np.maximum(diversity, 0.0), 0.0))


def critic_weights(matrix: Floats, directions: Floats) -> Floats:
    """CRITIC: spread times conflict, σⱼ Σₖ (1 − rⱼₖ), scaled to sum to 1.

    Parameters
    ----------
    matrix
        (alternatives, criteria), any unit; rows with a gap are left out.
    directions
        (criteria,), +1 where more is better, −1 where less is. A column that is the same for all weighs 0 and is in
        conflict with nobody.

    Notes
    -----
    Columns are stretched to [0, 1] between their worst and best before; σ is of the sample. Raises as
    :func:`entropy_weights`. Source: Diakoulaki, Mavrotas and Papayannakis (1995), Computers & Operations Research 22.
    """
    usable = directions * _several(matrix)
    span = np.ptp(usable, axis=0)
    differs = span > 0
    stretched = (usable - usable.min(axis=0))[:, differs] / span[differs]
    weights = np.zeros(matrix.shape[1])
    if differs.any():
        correlation = np.atleast_2d(np.corrcoef(stretched, rowvar=False))
        conflict = (1 - correlation).sum(axis=1)
        # One criterion alone is in conflict with nobody, but it is the only one that tells.
        weights[differs] = stretched.std(axis=0, ddof=1) * (conflict if differs.sum() > 1 else 1.0)
    return _scaled(weights)


def _several(matrix: Floats) -> Floats:
    usable = matrix[complete(matrix)]
    if len(usable) < 2:
        raise XinguError("weights_undecided", rows=len(usable))
    return usable


def _scaled(weights: Floats) -> Floats:
    total = weights.sum()
    if total <= 1e-12:
        raise XinguError("weights_undecided", rows=0)
    return np.asarray(weights / total)
