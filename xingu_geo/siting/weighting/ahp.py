"""Weights from pairwise judgements (AHP), how consistent they are, and which one to revisit.

Comes in: a square of judgements, a[i, j] = how many times criterion i matters as much as j. Goes out: weights,
consistency, the one judgement whose change helps most. Must not know: values, sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError

CONSISTENT: Final = 0.1
"""Saaty's bound on the consistency ratio."""

RECIPROCAL_TOLERANCE: Final = 0.025
"""A judgement and its inverse may miss a product of 1 by this much: 0.14 for 1/7 is rounding, 0.2 is not."""

# Saaty, The Analytic Hierarchy Process (1980), from random matrices on the 1-9 scale; n = 1 … 15.
_RANDOM_INDEX: Final = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)

SCALE: Final = tuple(1 / k for k in range(9, 1, -1)) + tuple(float(k) for k in range(1, 10))
"""Saaty's scale: 1/9 … 1/2, 1, 2 … 9."""

_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Consistency:
    """λmax, the index (λmax − n) / (n − 1) and its ratio to that of random judgements (0 for n ≤ 2)."""

    lambda_max: float
    index: float
    ratio: float

    @property
    def is_acceptable(self) -> bool:
        """Whether the ratio is below 0.1."""
        return self.ratio < CONSISTENT


@dataclass(frozen=True, slots=True)
class Revisit:
    """The one judgement to think over: ``first`` against ``second``, ``now`` and ``proposed`` on the 1–9 scale.

    ``ratio`` is the consistency ratio with it, ``is_enough`` whether that is below 0.1.
    """

    first: str
    second: str
    now: float
    proposed: float
    ratio: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Ahp:
    """Weights by criterion, summing to 1, their consistency, and what to revisit (None where it is acceptable)."""

    weights: Mapping[str, float]
    consistency: Consistency
    revisit: Revisit | None


def ahp(judgements: pd.DataFrame, *, method: Literal["eigenvector", "geometric_mean"] = "eigenvector") -> Ahp:
    """Weights from a square of judgements labelled with the criteria on both sides.

    Raises
    ------
    XinguError
        ``judgements_not_square``, ``judgement_not_positive``, ``judgements_not_reciprocal`` (naming the pairs).
    """
    names = [str(name) for name in judgements.columns]
    square = checked_judgements(judgements)
    weights = eigenvector_weights(square) if method == "eigenvector" else geometric_mean_weights(square)
    found = consistency(square)
    return Ahp(
        weights=dict(zip(names, weights.tolist(), strict=True)),
        consistency=found,
        revisit=None if found.is_acceptable else revisit(square, names),
    )


def judgements_of(names: list[str], pairs: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """The square of judgements with ``pairs`` and their inverses filled in; pairs not given are 1."""
    square = pd.DataFrame(1.0, index=names, columns=names)
    for (first, second), judgement in pairs.items():
        square.loc[first, second] = judgement
        square.loc[second, first] = 1 / judgement if judgement else float("inf")
    return square


def checked_judgements(judgements: pd.DataFrame) -> Floats:
    """``judgements`` as an exactly reciprocal array: of each pair the one ≥ 1 counts, the other is its inverse."""
    names = [str(name) for name in judgements.columns]
    if names != [str(name) for name in judgements.index] or len(set(names)) != len(names) or not names:
        raise XinguError("judgements_not_square", rows=len(judgements.index), columns=len(names))
    square = judgements.to_numpy(dtype=float)
    wrong = ~(np.isfinite(square) & (square > 0))
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        raise XinguError("judgement_not_positive", first=names[i], second=names[j], found=square[i, j])
    apart = np.abs(square * square.T - 1) > RECIPROCAL_TOLERANCE
    if apart.any():
        pairs = [(names[i], names[j]) for i, j in np.argwhere(apart) if i <= j]
        raise XinguError("judgements_not_reciprocal", pairs="; ".join(f"{a} / {b}" for a, b in pairs), count=len(pairs))
    upper = np.maximum(square, square.T)
    return np.asarray(np.where(square >= 1, upper, 1 / upper))


def eigenvector_weights(square: Floats) -> Floats:
    """The principal right eigenvector of a positive reciprocal matrix, scaled to sum to 1.

    Source: Saaty (1977), A scaling method for priorities in hierarchical structures, J. Mathematical Psychology 15.
    """
    values, vectors = np.linalg.eig(square)
    principal = np.abs(vectors[:, int(np.argmax(values.real))].real)
    return np.asarray(principal / principal.sum())


def geometric_mean_weights(square: Floats) -> Floats:
    """The geometric mean of each row, scaled to sum to 1.

    Source: Crawford and Williams (1985), A note on the analysis of subjective judgment matrices, same journal 29.
    """
    means = np.exp(np.log(square).mean(axis=1))
    return np.asarray(means / means.sum())


def random_index(count: int) -> float:
    """The mean consistency index of random judgements among ``count`` criteria.

    Saaty's table (1980) up to 15; beyond, the straight line Alonso and Lamata fitted to random matrices (2006, Int.
    J. Uncertainty, Fuzziness and Knowledge-Based Systems 14): λ̄max = 2.7699 n − 4.3513.

    Examples
    --------
    >>> random_index(7), round(random_index(20), 3)
    (1.32, 1.634)
    """
    if count <= len(_RANDOM_INDEX):
        return _RANDOM_INDEX[count - 1]
    return (2.7699 * count - 4.3513 - count) / (count - 1)


def consistency(square: Floats) -> Consistency:
    """λmax, index and ratio of a positive reciprocal matrix of any size."""
    count = len(square)
    lambda_max = float(np.linalg.eigvals(square).real.max())
    if count <= 2:
        return Consistency(lambda_max, 0.0, 0.0)
    # λmax is never below n; rounding may put it there by a hair.
    index = max(0.0, (lambda_max - count) / (count - 1))
    return Consistency(lambda_max, index, index / random_index(count))


def revisit(square: Floats, names: list[str]) -> Revisit:
    """The one judgement whose change on the 1–9 scale does most good.

    Every pair is tried with every value of the scale. Of the changes that bring the ratio below 0.1 the one that
    asks the least change (in the ratio of the two judgements) is proposed; where none alone is enough, the one with
    the lowest ratio. Ties go to the earlier pair.
    """
    tried = [(i, j, value) for i, j in combinations(range(len(square)), 2) for value in SCALE]
    ratios = np.concatenate([_ratios(square, tried[at : at + _BATCH]) for at in range(0, len(tried), _BATCH)])
    change = np.abs(np.log([value / square[i, j] for i, j, value in tried]))
    enough = ratios < CONSISTENT
    best = int(np.argmin(np.where(enough, change, np.inf) if enough.any() else ratios))
    i, j, value = tried[best]
    return Revisit(names[i], names[j], float(square[i, j]), value, float(ratios[best]), bool(enough[best]))


def _ratios(square: Floats, tried: list[tuple[int, int, float]]) -> Floats:
    """The consistency ratio with each of the changes ``tried``; λmax by power iteration, all at once."""
    count = len(square)
    changed = np.repeat(square[None], len(tried), axis=0)
    for at, (i, j, value) in enumerate(tried):
        changed[at, i, j], changed[at, j, i] = value, 1 / value
    return (_lambda_max(changed) - count) / (count - 1) / random_index(count)


def _lambda_max(squares: Floats) -> Floats:
    """The Perron root of each positive matrix, by iteration until Collatz and Wielandt's bounds meet."""
    vectors = np.ones(squares.shape[:2])
    low, high = np.zeros(len(squares)), np.full(len(squares), np.inf)
    while np.max(high - low) > 1e-11 * squares.shape[1]:
        grown = np.einsum("kij,kj->ki", squares, vectors)
        growth = grown / vectors
        low, high = growth.min(axis=1), growth.max(axis=1)
        vectors = grown / grown.sum(axis=1, keepdims=True)
    return np.asarray((low + high) / 2)
