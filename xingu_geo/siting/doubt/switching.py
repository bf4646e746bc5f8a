"""How far weights may move before first place changes: exact for the weighted sum, searched for other methods.

Comes in: values, weights, a method. Goes out: the room of each weight, and of all together.
Must not know: sites' names, eligibility.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.siting.ranking.overtaking import PointsOf, shifted

SEARCH_STEPS: Final = 32
SEARCH_TOLERANCE: Final = 1e-4
_LEVEL: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Room:
    """For each criterion the range of its weight in which the leader stays first, the others in proportion.

    ``low`` and ``high``, each (criteria,), are 0 and 1 where the weight may go all the way; ``low_rival`` and
    ``high_rival`` are the positions of the sites that draw level there, −1 where none does.
    """

    low: Floats
    high: Floats
    low_rival: Ints
    high_rival: Ints

    def nearest(self, weights: Floats) -> Floats:
        """How far each weight is from the nearer end at which someone draws level; NaN where nobody ever does."""
        down = np.where(self.low_rival >= 0, weights - self.low, np.inf)
        up = np.where(self.high_rival >= 0, self.high - weights, np.inf)
        nearest = np.minimum(down, up)
        return np.where(np.isfinite(nearest), nearest, np.nan)


def room_of_weights(values: Floats, weights: Floats, *, leader: int) -> Room:
    """The room of each weight before another site draws level with ``leader`` in the weighted sum.

    With the other weights in proportion, the lead over a rival is linear in the weight t of criterion j. Its value
    today is the lead L, its slope s = (dⱼ − L) / (1 − wⱼ), dⱼ being the leader's advantage in j; it vanishes at
    t = wⱼ − L / s. Rising leads bound the weight from below, falling ones from above.

    Parameters
    ----------
    values
        (sites, criteria), no gaps.
    weights
        (criteria,), summing to 1. A weight of 1 has no others to scale and gets the range [NaN, 1].
    leader
        Position of the site in first place.
    """
    advantage = values[leader] - values
    lead = np.maximum(advantage @ weights, 0.0)
    lead[leader] = np.inf
    criteria = len(weights)
    low, high = np.zeros(criteria), np.ones(criteria)
    low_rival, high_rival = np.full(criteria, -1), np.full(criteria, -1)
    for column, weight in enumerate(weights):
        if weight >= 1:
            low[column] = np.nan
            continue
        slope = np.where(
            np.isinf(lead), 0.0, (advantage[:, column] - np.where(np.isinf(lead), 0.0, lead)) / (1 - weight)
        )
        level = np.full(len(lead), np.nan)
        moving = np.abs(slope) > 1e-15
        level[moving] = weight - lead[moving] / slope[moving]
        below = np.where((slope > 0) & (level >= 0), level, -np.inf)
        above = np.where((slope < 0) & (level <= 1), level, np.inf)
        if np.isfinite(below.max()):
            low[column], low_rival[column] = below.max(), int(below.argmax())
        if np.isfinite(above.min()):
            high[column], high_rival[column] = above.min(), int(above.argmin())
    return Room(low, high, low_rival, high_rival)


def searched_room(values: Floats, weights: Floats, *, leader: int, points_of: PointsOf) -> Room:
    """The room of each weight under any method, searched: outward in :data:`SEARCH_STEPS`ths, then halved.

    Shapes as in :func:`room_of_weights`. An end is where ``leader`` first stops being first, to within
    :data:`SEARCH_TOLERANCE`; losing first place and regaining it within one step goes unseen.
    """
    criteria = len(weights)
    low, high = np.zeros(criteria), np.ones(criteria)
    low_rival, high_rival = np.full(criteria, -1), np.full(criteria, -1)
    for column, weight in enumerate(weights):
        if weight >= 1:
            low[column] = np.nan
            continue

        def _rival(share: float, column: int = column) -> int:
            """Who is ahead of the leader where the weight of ``column`` is ``share``, −1 where nobody is."""
            points = points_of(values, shifted(weights, column, share))
            best = int(np.nanargmax(points))
            return best if points[best] > points[leader] + _LEVEL else -1

        low[column], low_rival[column] = _search(_rival, weight, 0.0)
        high[column], high_rival[column] = _search(_rival, weight, 1.0)
    return Room(low, high, low_rival, high_rival)


def _search(rival_at: Callable[[float], int], start: float, stop: float) -> tuple[float, int]:
    """The share between ``start`` and ``stop`` at which somebody gets ahead, and who; ``stop`` and −1 if nobody."""
    held = start
    for step in range(1, SEARCH_STEPS + 1):
        share = start + (stop - start) * step / SEARCH_STEPS
        rival = rival_at(share)
        if rival < 0:
            held = share
            continue
        while abs(share - held) > SEARCH_TOLERANCE:
            middle = (share + held) / 2
            found = rival_at(middle)
            if found < 0:
                held = middle
            else:
                share, rival = middle, found
        return held, rival
    return stop, -1


def weight_to_move(values: Floats, weights: Floats, *, leader: int) -> tuple[float, int]:
    """The least share of weight that must change hands before another site draws level, and which site does.

    For one rival the best move takes weight from the criteria where the leader's advantage is greatest and gives it
    to the one where it is least, as far as needed. 1.0 and −1 where no move does: the leader is best everywhere.
    """
    advantage = values[leader] - values
    lead = advantage @ weights
    order = np.argsort(-advantage, axis=1)
    falling = np.take_along_axis(advantage, order, axis=1)
    gain = falling - falling[:, -1:]
    held = weights[order]
    moved = np.concatenate([np.zeros((len(values), 1)), np.cumsum(held, axis=1)], axis=1)
    lost = np.concatenate([np.zeros((len(values), 1)), np.cumsum(held * gain, axis=1)], axis=1)
    can = lost[:, -1] >= lead - 1e-12
    can[leader] = False
    # The step on which the lead is used up, and how far into it.
    step = np.maximum((lost >= np.minimum(lead, lost[:, -1])[:, None]).argmax(axis=1), 1)
    rows = np.arange(len(values))
    start, stop = lost[rows, step - 1], lost[rows, step]
    part = np.divide(np.maximum(lead, 0) - start, stop - start, out=np.zeros(len(values)), where=stop > start)
    needed = moved[rows, step - 1] + np.clip(part, 0, 1) * (moved[rows, step] - moved[rows, step - 1])
    needed = np.where(can, needed, np.inf)
    rival = int(needed.argmin())
    return (float(needed[rival]), rival) if np.isfinite(needed[rival]) else (1.0, -1)
