"""The overall peaking factor K as a function with an exact inverse.

Comes in: a K table. Goes out: :class:`Peaking`. Must not know: networks, where the table comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.sewers.network.norms import PeakingTable


@dataclass(frozen=True, slots=True, eq=False)
class Peaking:
    """K as straight pieces ``a + b·q`` [q in L/s]: piece ``i`` lies between ``knots[i−1]`` and ``knots[i]``.

    The first and last piece are constant and reach to infinity, the first also below 0: an overloaded element's
    deficit may exceed its domestic flow, and the inverse must stay defined there.
    """

    knots: Floats
    a: Floats
    b: Floats

    def factor(self, domestic_l_s: Floats) -> Floats:
        """K at a mean domestic flow."""
        piece = np.searchsorted(self.knots, domestic_l_s)
        return self.a[piece] + self.b[piece] * domestic_l_s

    def peak(self, domestic_l_s: Floats) -> Floats:
        """Peak domestic flow ``K·q`` [L/s]."""
        return self.factor(domestic_l_s) * domestic_l_s

    def mean(self, peak_l_s: Floats) -> Floats:
        """The mean domestic flow whose peak is ``peak_l_s``: the exact inverse of :meth:`peak`."""
        return self.room(np.zeros_like(peak_l_s), peak_l_s, domestic_share=1.0, steady=0.0)

    def room(self, domestic_l_s: Floats, budget_l_s: Floats, *, domestic_share: float, steady: float) -> Floats:
        """The root ``q`` of ``peak(domestic + σ·q) + steady·q = budget``, negative where the budget is overdrawn.

        ``σ`` is the part of the added flow that is domestic and peaked with what is there; ``steady`` what the rest
        adds per unit. Within a piece this is a quadratic, solved in the form that loses no digits.
        """
        sigma = domestic_share
        # In x = domestic + σq the equation reads σ·peak(x) + steady·x = σ·budget + steady·domestic, rising in x,
        # so the right side among the knots' left sides names the piece; for σ = 0 that is the piece of domestic.
        rising = sigma * self.peak(self.knots) + steady * self.knots
        piece = np.searchsorted(rising, sigma * budget_l_s + steady * domestic_l_s)
        a, b = self.a[piece], self.b[piece]
        square = b * sigma * sigma
        linear = sigma * (a + 2 * b * domestic_l_s) + steady
        constant = (a + b * domestic_l_s) * domestic_l_s - budget_l_s
        root = np.sqrt(np.maximum(linear * linear - 4 * square * constant, 0.0))
        # Each form of the root loses digits where the other does not. The far one is needed only where domestic
        # flow lies so high above the root's piece that K·q, extended from that piece, would fall there.
        is_near = linear >= 0
        near = -2 * constant / np.where(is_near, linear + root, 1.0)
        far = (root - linear) / np.where(is_near, 1.0, 2 * square)
        return np.where(is_near, near, far)


def peaking_of(table: PeakingTable) -> Peaking:
    """The function of a K table; the table has been checked to have an inverse."""
    knots = np.array(table.flow_l_s, dtype=np.float64)
    factor = np.array(table.factor, dtype=np.float64)
    bend = np.diff(factor) / np.diff(knots)
    a = np.concatenate(([factor[0]], factor[:-1] - bend * knots[:-1], [factor[-1]]))
    return Peaking(knots=knots, a=a, b=np.concatenate(([0.0], bend, [0.0])))
