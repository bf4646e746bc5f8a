"""Rank acceptability by simulation (SMAA): how often each site comes first, second … under drawn weights.

Comes in: values, drawn weights, how many places matter. Goes out: counts by site and place.
Must not know: what the weights are drawn from, eligibility, sites' names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from xingu_geo.ground.base.arrays import Floats, Ints, complete
from xingu_geo.siting.ranking.overtaking import PointsOf

Singles = npt.NDArray[np.float32]

# A block of points (draws × sites, four bytes each) stays in the cache until it is compared.
_SITES: Final = 1024
_DRAWS: Final = 64
_FRONT: Final = 1024
# Twelve products of numbers up to 1 in single precision are off by less than 1e-6; the margin keeps every site that
# could belong among the first, and double precision then decides.
_MARGIN: Final = 2e-6
_TIE_DECIMALS: Final = 11
_FEW_DRAWS: Final = 16


@dataclass(frozen=True, slots=True)
class Acceptability:
    """Counts over ``draws`` for the sites that ever came into the first ``top`` places.

    ``sites`` are their positions, ascending; ``counts`` (found sites, top) how often each took each place, joint
    places counting for all who share them; ``weight_sums`` (found sites, criteria) the sum of the weights under which
    each was first. ``draws`` counts the draws.
    """

    sites: Ints
    counts: Ints
    weight_sums: Floats
    draws: int

    @property
    def first_counts(self) -> Ints:
        """How often each found site was first, alone or jointly."""
        return self.counts[:, 0]

    @property
    def central_weights(self) -> Floats:
        """The mean of the weights under which each found site was first; NaN where it never was."""
        first = self.first_counts[:, None].astype(float)
        return np.asarray(
            np.divide(self.weight_sums, first, out=np.full_like(self.weight_sums, np.nan), where=first > 0)
        )


def one_thread() -> threadpool_limits:
    """A context in which BLAS keeps to one thread; entering it costs a millisecond, so enter it once."""
    return threadpool_limits(limits=1, user_api="blas")


Groups = Iterable[tuple[Floats, Ints]]
"""Values (sites, criteria) and the draws they hold for. A row with a gap is not ranked in those draws."""


def accept(groups: Groups, weights: Floats, *, top: int, points_of: PointsOf | None = None) -> Acceptability:
    """How often each site takes each of the first ``top`` places, for weights (draws, criteria).

    Parameters
    ----------
    groups
        One matrix for all draws, or several where the values are uncertain themselves; each with the positions of
        the draws it holds for.
    top
        Places counted; a site's place is one more than the number of strictly better sites.
    points_of
        How values and weights make points; by default the weighted sum, in blocks of matrix products: a first block
        of the likely best sites sets a bar for each draw, and only what reaches the bar is looked at exactly.

    Notes
    -----
    Source: Lahdelma and Salminen (2001), SMAA-2, Operations Research 49(3). One thread: for a dozen criteria more
    threads only cost. Time grows with draws × sites, memory does not.
    """
    tally = _Tally(weights, top)
    with one_thread():
        for values, draws in groups:
            rows = np.flatnonzero(complete(values))
            if len(rows) and len(draws):
                # Picking rows copies the matrix, which a million sites feel.
                usable = values if len(rows) == len(values) else values[rows]
                draw, site, points = _candidates(usable, weights[draws], top, points_of)
                tally.add(draws[draw], rows[site], points)
    return tally.result()


def best_under(values: Floats, weights: Floats, *, points_of: PointsOf | None = None) -> npt.NDArray[np.bool_]:
    """Whether each site is first, alone or jointly, under its own weights of ``weights`` (sites, criteria).

    A row of ``values`` with a gap is never first; a row of ``weights`` with a gap makes the answer False.
    """
    known = complete(values)
    asked = np.flatnonzero(complete(weights) & known)
    first = np.zeros(len(values), dtype=bool)
    place = np.cumsum(known) - 1
    usable = values[known]
    for start in range(0, len(asked), _DRAWS):
        block = asked[start : start + _DRAWS]
        if points_of is None:
            points = usable @ weights[block].T
        else:
            points = np.column_stack([points_of(usable, weights[site]) for site in block])
        rounded = np.round(points, _TIE_DECIMALS)
        first[block] = rounded[place[block], np.arange(len(block))] >= rounded.max(axis=0)
    return first


class _Tally:
    """Who took which place, gathered over all groups."""

    def __init__(self, weights: Floats, top: int) -> None:
        self._weights, self._top = weights, top
        self._draws: list[Ints] = []
        self._sites: list[Ints] = []
        self._places: list[Ints] = []

    def add(self, draws: Ints, sites: Ints, points: Floats) -> None:
        """Take in candidates of whole draws; their places follow from their points."""
        rounded = np.round(points, _TIE_DECIMALS)
        order = np.lexsort((-rounded, draws))
        draws, sites, rounded = draws[order], sites[order], rounded[order]
        at = np.arange(len(order))
        new_draw = np.r_[True, draws[1:] != draws[:-1]]
        new_place = new_draw | np.r_[True, rounded[1:] != rounded[:-1]]
        place = np.maximum.accumulate(np.where(new_place, at, 0)) - np.maximum.accumulate(np.where(new_draw, at, 0))
        kept = place < self._top
        self._draws.append(draws[kept])
        self._sites.append(sites[kept])
        self._places.append(place[kept])

    def result(self) -> Acceptability:
        """The counts by site and place."""
        draws = np.concatenate([*self._draws, np.empty(0, dtype=np.int64)])
        sites, at = np.unique(np.concatenate([*self._sites, np.empty(0, dtype=np.int64)]), return_inverse=True)
        places = np.concatenate([*self._places, np.empty(0, dtype=np.int64)])
        counts = np.bincount(at * self._top + places, minlength=len(sites) * self._top)
        first = places == 0
        sums = np.zeros((len(sites), self._weights.shape[1]))
        np.add.at(sums, at[first], self._weights[draws[first]])
        return Acceptability(sites, counts.reshape(len(sites), self._top), sums, len(self._weights))


def _candidates(values: Floats, weights: Floats, top: int, points_of: PointsOf | None) -> tuple[Ints, Ints, Floats]:
    """Draw, site and exact points of everyone who may take one of the first ``top`` places."""
    if points_of is not None or len(weights) < _FEW_DRAWS:
        return _one_by_one(values, weights, top, points_of)
    count, single = min(top, len(values)), weights.astype(np.float32)
    # The likely best set the bar: it keeps almost everyone else from being looked at.
    front = _head(values @ weights.mean(axis=0), max(_FRONT, 4 * count))
    draw, site = _above(values, single, _bars(values[front], single, count))
    return draw, site, np.einsum("ij,ij->i", weights[draw], values[site])


def _head(points: Floats, count: int) -> Ints:
    """Positions of the ``count`` greatest points, in no order."""
    return np.asarray(np.argpartition(points, max(len(points) - count, 0))[-count:], dtype=np.int64)


def _bars(front: Floats, weights: Singles, top: int) -> Singles:
    """For each draw, points that the first ``top`` reach for certain; shape (draws, 1)."""
    sites, last = front.astype(np.float32), len(front) - top
    bars = np.empty((len(weights), 1), dtype=np.float32)
    for first in range(0, len(weights), _DRAWS):
        some = slice(first, first + _DRAWS)
        bars[some] = np.partition(weights[some] @ sites.T, last, axis=1)[:, [last]]
    return bars - np.float32(_MARGIN)


def _above(values: Floats, weights: Singles, bars: Singles) -> tuple[Ints, Ints]:
    """Draw and site wherever a site reaches the draw's bar; only one block of sites is held in single precision."""
    draws: list[Ints] = []
    sites: list[Ints] = []
    for first_site in range(0, len(values), _SITES):
        block = values[first_site : first_site + _SITES].astype(np.float32, order="F")
        for first_draw in range(0, len(weights), _DRAWS):
            some = slice(first_draw, first_draw + _DRAWS)
            hit = np.flatnonzero(weights[some] @ block.T >= bars[some])
            draws.append(hit // len(block) + first_draw)
            sites.append(hit % len(block) + first_site)
    return np.concatenate(draws), np.concatenate(sites)


def _one_by_one(values: Floats, weights: Floats, top: int, points_of: PointsOf | None) -> tuple[Ints, Ints, Floats]:
    """The same for any method, or for a handful of draws, where blocks do not pay."""
    draws: list[Ints] = []
    sites: list[Ints] = []
    kept: list[Floats] = []
    for draw, drawn in enumerate(weights):
        points = values @ drawn if points_of is None else points_of(values, drawn)
        bar = np.partition(points, max(len(points) - top, 0))[max(len(points) - top, 0)]
        hit = np.flatnonzero(points >= bar - 1e-10)
        draws.append(np.full(len(hit), draw))
        sites.append(hit)
        kept.append(points[hit])
    return np.concatenate(draws), np.concatenate(sites), np.concatenate(kept)
