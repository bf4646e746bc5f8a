"""Ranks with explicit ties.

Comes in: scores, and who is eligible. Goes out: a :class:`~xingu_geo.siting.ranking.ranked.Ranking`.
Must not know: how a score was made.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.ranking.ranked import Ranking, Scores

TIE_DECIMALS: Final = 9
"""Scores (0–100) that agree after rounding to this many decimals are tied: far finer than any measure, far coarser
than the rounding of sums (1e-14). Rounding keeps the tie relation transitive, which a plain difference would not."""

_SAMPLE: Final = 8_192


def ranks(scores: Floats) -> Ints:
    """Rank of each score, 1 for the greatest; equal scores share the smaller number (1, 1, 3).

    Examples
    --------
    >>> ranks(np.array([10.0, 30.0, 30.0])).tolist()
    [3, 1, 1]
    """
    rounded = np.round(scores, TIE_DECIMALS)
    ascending = np.sort(rounded)
    above = len(scores) - np.searchsorted(ascending, rounded, side="right")
    return np.asarray(above + 1, dtype=np.int64)


def top(scores: Floats, count: int) -> Ints:
    """Positions of the ``count`` greatest scores, best first, without sorting the rest; NaN never enters.

    Scores that tie at the last place are taken in the order of position; :func:`rank` orders ties by id instead.
    """
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    # The k-th best of some is no better than the k-th best of all: it keeps nearly everyone from being looked at.
    likely = np.flatnonzero(scores >= _bar(scores[:: max(1, len(scores) // _SAMPLE)], count))
    chosen = likely[scores[likely] >= _bar(scores[likely], count)]
    order = np.argsort(-np.round(scores[chosen], TIE_DECIMALS), kind="stable")
    return np.asarray(chosen[order][:count], dtype=np.int64)


def _bar(scores: Floats, count: int) -> float:
    """What the ``count``-th greatest score reaches, less what may tie with it; −∞ where there are fewer."""
    known = scores[~np.isnan(scores)]
    if len(known) < count:
        return -np.inf
    return float(np.partition(known, len(known) - count)[len(known) - count]) - 2 * 10**-TIE_DECIMALS


def rank(scores: Scores, eligible: pd.Series[bool]) -> Ranking:
    """The eligible sites in order: rank, then site id; everyone else in ``unranked`` with the reason.

    Raises
    ------
    XinguError
        As :func:`who_is_in`.
    """
    index = scores.score.index
    allowed = who_is_in(eligible, index)
    points = scores.score.to_numpy(dtype=float)
    scored = ~np.isnan(points)
    return Ranking(table=_table(scores.score[allowed & scored]), unranked=_unranked(index, allowed, scored))


def who_is_in(eligible: pd.Series[bool], index: pd.Index[str]) -> npt.NDArray[np.bool_]:
    """``eligible`` in the order of ``index``.

    Raises
    ------
    XinguError
        ``eligible_differs`` where the two do not speak of the same sites, ``eligible_unclear`` where a site is
        neither in nor out.
    """
    if not eligible.index.equals(index):
        if len(eligible) != len(index) or not index.isin(eligible.index).all():
            raise XinguError("eligible_differs", scored=len(index), screened=len(eligible))
        eligible = eligible.reindex(index)
    unclear = eligible.isna().to_numpy()
    if unclear.any():
        raise XinguError("eligible_unclear", site=index[unclear][0], count=int(unclear.sum()))
    return np.asarray(eligible.to_numpy(dtype=bool))


def _table(score: pd.Series[float]) -> pd.DataFrame:
    points = score.to_numpy(dtype=float)
    rounded = np.round(points, TIE_DECIMALS)
    order = np.argsort(-rounded)  # ties are put in the order of the id below, so any sort will do
    descending = rounded[order]
    starts = np.r_[True, descending[1:] != descending[:-1]] if len(order) else np.empty(0, dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    is_tied = ~(starts & np.r_[starts[1:], True]) if len(order) else starts
    order = _ids_in_order(order, first, is_tied, score.index)
    return pd.DataFrame(
        {"rank": first + 1, "is_tied": is_tied, "score": points[order]},
        index=score.index[order].rename("site_id"),
    )


def _ids_in_order(order: Ints, first: Ints, is_tied: npt.NDArray[np.bool_], index: pd.Index[str]) -> Ints:
    """``order`` with each run of ties put in the order of the id; only the tied are sorted, they are few."""
    tied = np.flatnonzero(is_tied)
    if not len(tied):
        return order
    ids = index[order[tied]].to_numpy(dtype=object)
    by_id = np.argsort(ids, kind="stable")
    settled = by_id[np.argsort(first[tied][by_id], kind="stable")]
    result = order.copy()
    result[tied] = order[tied][settled]
    return result


def _unranked(index: pd.Index[str], allowed: npt.NDArray[np.bool_], scored: npt.NDArray[np.bool_]) -> pd.Series[str]:
    out = ~(allowed & scored)
    reason = np.where(allowed, "missing", "ineligible")[out]
    return pd.Series(reason, index=index[out].rename("site_id"), name="reason", dtype="str").sort_index()
