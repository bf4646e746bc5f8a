"""From a criteria matrix and weights to scores.

Comes in: a :class:`~xingu_geo.siting.judging.matrix.CriteriaMatrix`, weights, a method, a missing policy.
Goes out: :class:`~xingu_geo.siting.ranking.ranked.Scores`. Must not know: layers, rules, geometry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.planning.weights import assigned
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.additive import in_place
from xingu_geo.siting.ranking.methods import Method, checked_method
from xingu_geo.siting.ranking.missing import Missing, checked_policy, filled, trusted
from xingu_geo.siting.ranking.order import who_is_in
from xingu_geo.siting.ranking.ranked import Scores


def score(
    matrix: CriteriaMatrix,
    weights: Mapping[str, float],
    *,
    method: str = "weighted_sum",
    missing: str = "exclude",
    risk: float = 0.5,
    candidates: pd.Series[bool] | None = None,
) -> Scores:
    """A score between 0 and 100 for every site.

    Parameters
    ----------
    matrix
        Values in [0, 1], site_id × criterion; NaN where missing.
    weights
        By criterion, any scale. A criterion not mentioned weighs 0; one that was not assessed gives its weight to
        the others and is named in ``Scores.not_assessed``.
    method
        An id of :data:`xingu_geo.siting.ranking.methods.METHODS`.
    missing
        ``exclude``: a site with a gap in a weighted criterion gets no score. ``worst``: a gap counts 0.
        ``confidence``: a gap counts 0 and every weight is first multiplied by the trust in the criterion's layer.
    risk
        Risk attitude of ``owa`` in [0, 1]: 0 the worst criterion decides, 0.5 the weighted sum, 1 the best decides.
    candidates
        Who is compared with whom by a method that compares candidates (by default everyone); the others get NaN.
        Methods that look at each site alone ignore it.

    Raises
    ------
    XinguError
        ``weight_*``, ``method_unknown``, ``missing_policy_unknown``, ``missing_policy_unsafe``,
        ``risk_outside``, ``matrix_empty``, ``value_outside``, ``matrix_site_doubled``, ``eligible_differs``.
    """
    combination = checked_method(method)
    policy = checked_policy(missing)
    if policy != "exclude" and not combination.fills_gaps:
        raise XinguError("missing_policy_unsafe", method=combination.id, policy=policy)
    if not 0 <= risk <= 1:
        raise XinguError("risk_outside", found=risk)
    _check_matrix(matrix)
    effective = assigned(weights, criteria=[str(n) for n in matrix.value.columns], not_assessed=matrix.not_assessed)
    if policy == "confidence":
        effective = trusted(effective, matrix.confidence)
    chosen = None
    if combination.compares and candidates is not None:
        chosen = who_is_in(candidates, matrix.value.index)
    return Scores(
        **_scored(matrix.value, effective, combination=combination, policy=policy, risk=risk, chosen=chosen),
        weights=effective,
        method=method,
        missing_policy=policy,
        not_assessed=tuple(name for name in matrix.not_assessed if weights.get(name, 0) > 0),
        risk=risk if combination.id == "owa" else 0.5,
    )


class _Scored(TypedDict):
    score: pd.Series[float]
    contributions: pd.DataFrame
    missing: pd.Series[int]


def _scored(
    value: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    combination: Method,
    policy: Missing,
    risk: float,
    chosen: npt.NDArray[np.bool_] | None,
) -> _Scored:
    # Sorted, so that the order of columns changes no bit; a criterion without weight is not even looked at.
    used = sorted(name for name, weight in weights.items() if weight > 0)
    values = value[used].to_numpy(dtype=float)
    gaps = np.isnan(values).sum(axis=1)
    rows = gaps == 0 if policy == "exclude" else np.ones(len(values), dtype=bool)
    if chosen is not None:
        rows = rows & chosen
    vector = np.array([weights[name] for name in used])
    usable = filled(values, policy)
    # Picking rows copies them row by row; left alone, columns stay contiguous and sums run at memory speed.
    points, parts = combination.points(usable if rows.all() else usable[rows], vector, risk)
    return {
        "score": pd.Series(in_place(np.clip(100 * points, 0, 100), rows), index=value.index, name="score"),
        "contributions": _contributions(parts, rows, used, like=value),
        "missing": pd.Series(gaps, index=value.index, name="missing"),
    }


def _check_matrix(matrix: CriteriaMatrix) -> None:
    if matrix.value.columns.empty:
        raise XinguError("matrix_empty")
    if not matrix.value.index.is_unique:
        raise XinguError("matrix_site_doubled", site=matrix.value.index[matrix.value.index.duplicated()][0])
    values = matrix.value.to_numpy(dtype=float)
    if (np.fmin.reduce(values, axis=None) < 0) or (np.fmax.reduce(values, axis=None) > 1):
        outside = ((matrix.value < 0) | (matrix.value > 1)).any()
        raise XinguError("value_outside", name=outside.idxmax(), count=int(outside.sum()))


def _contributions(
    parts: Floats | None, rows: npt.NDArray[np.bool_], used: Sequence[str], *, like: pd.DataFrame
) -> pd.DataFrame:
    """Score points by criterion, in the shape of ``like``; without columns where the method has no such parts."""
    if parts is None:
        return pd.DataFrame(index=like.index)
    everyone = bool(rows.all())
    points = np.zeros(like.shape, order="F")
    if not everyone:
        points[~rows] = np.nan
    for position, name in enumerate(used):
        points[slice(None) if everyone else rows, like.columns.get_loc(name)] = 100 * parts[:, position]
    return pd.DataFrame(points, index=like.index, columns=like.columns)
