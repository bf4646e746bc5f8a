"""The stability of first place in words, with what the simulation can and cannot tell.

Comes in: how often the leader stayed first. Goes out: :class:`Stability`, a sentence. Must not know: weights, values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from xingu_geo.ground.base.arrays import Floats

Grade = Literal["firm", "stable", "leaning", "contested", "open"]

# A convention of ours, told wherever a grade is shown (docs/decisions/0045).
BANDS: Final[tuple[tuple[float, Grade], ...]] = (
    (0.95, "firm"),
    (0.75, "stable"),
    (0.50, "leaning"),
    (0.25, "contested"),
    (0.00, "open"),
)

_Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Stability:
    """How firmly ``leader`` holds first place.

    ``p_first`` is the share of draws in which it stayed first (the greatest of them where several share first
    place), ``low`` and ``high`` its 95 % interval. ``is_settled``: the whole interval lies in one band, so more draws
    would hardly change the grade; else ``draws_needed`` is about how many would bring the interval's half-width to
    0.01.
    """

    leader: str
    p_first: float
    low: float
    high: float
    grade: Grade
    is_settled: bool
    draws: int
    draws_needed: int


def wilson(counts: npt.NDArray[np.int64], draws: int) -> tuple[Floats, Floats]:
    """The 95 % interval of each share ``counts`` / ``draws``, sound at 0 and 1 too.

    Source: Wilson (1927), Journal of the American Statistical Association 22.
    """
    share = counts / draws
    spread = _Z95**2 / draws
    middle = (share + spread / 2) / (1 + spread)
    half = _Z95 / (1 + spread) * np.sqrt(share * (1 - share) / draws + spread / (4 * draws))
    low = np.where(counts == 0, 0.0, np.maximum(middle - half, 0.0))
    return low, np.where(counts == draws, 1.0, np.minimum(middle + half, 1.0))


def grade_of(share: float) -> Grade:
    """The band ``share`` falls into.

    Examples
    --------
    >>> grade_of(0.8), grade_of(0.1)
    ('stable', 'open')
    """
    return next(grade for least, grade in BANDS if share >= least)


def stability_of(leader: str, first: int, draws: int) -> Stability:
    """The stability of ``leader``, first in ``first`` of ``draws`` draws."""
    low, high = (float(bound[0]) for bound in wilson(np.array([first]), draws))
    share = first / draws
    return Stability(
        leader=leader,
        p_first=share,
        low=low,
        high=high,
        grade=grade_of(share),
        is_settled=grade_of(low) == grade_of(high),
        draws=draws,
        draws_needed=max(draws, int(np.ceil(_Z95**2 * share * (1 - share) / 0.01**2))),
    )
