"""The test of first place: its settings, and the last answers, shared by all who ask the same.

Comes in: a result, settings noted by the reader. Goes out: :class:`Robustness`. Must not know: how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, get_args

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.notepad import noted
from xingu_geo.siting.doubt.robustness import About, Robustness, Sampling
from xingu_geo.study.run.doubting import Doubts, doubted
from xingu_geo.study.run.drawing import CHAIN
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.stages import Progress

ABOUTS: Final[tuple[About, ...]] = get_args(About)
DRAWS: Final = (200, 1_000, 5_000)
TOPS: Final = (3, 5, 10, 20)
QUICK_SITES: Final = 5_000
QUICK_VALUES: Final = 1_000_000


def sampling_noted() -> Sampling:
    """What is drawn, as the reader set it."""
    usual = Sampling()
    return Sampling(
        about=noted("about", usual.about),
        draws=noted("draws", usual.draws),
        top=noted("top", usual.top),
        concentration=float(noted("concentration", usual.concentration)),
        seed=usual.seed,
    )


def doubts_noted() -> Doubts:
    """What is drawn beside the weights, as the reader set it."""
    usual = Doubts()
    return Doubts(
        demand=noted("demand", usual.demand),
        position=noted("position", usual.position),
        partners=noted("partners", usual.partners),
    )


def is_quick(result: Result) -> bool:
    """Whether the test takes a second or two, so that nobody need ask for it."""
    if result.scores.method != "weighted_sum":  # the others are worked out draw by draw
        return False
    return len(result.sites.table) <= QUICK_SITES and len(result.ranking.table) * sampling_noted().draws <= QUICK_VALUES


def unplaced_partners(result: Result) -> int:
    """How many partners in the chain the weighed criteria leave out for want of a place."""
    left_out = result.matrix.left_out
    weighed = [name for name, weight in result.scores.weights.items() if weight > 0 and name in left_out]
    chain = {criterion.id for criterion in result.measured.criteria if criterion.measure in CHAIN}
    return max((sum(left_out[name].values()) for name in weighed if name in chain), default=0)


def at_hand(result: Result) -> Robustness | None:
    """The test of ``result`` under the settings of the moment, None where nobody has asked for it yet."""
    key = _key(result)
    kept = cache.memory()
    return kept.once(key, lambda: _make(result, None)) if kept.has(key) else None


def tried(result: Result, *, progress: Progress | None = None) -> Robustness:
    """The test of ``result`` under the settings of the moment."""
    return cache.memory().once(_key(result), lambda: _make(result, progress))


def _make(result: Result, progress: Progress | None) -> Robustness:
    return doubted(
        result,
        sampling=sampling_noted(),
        doubts=doubts_noted(),
        progress=progress,
    )


def _key(result: Result) -> Hashable:
    return ("doubted", cache.place_stamp(), result.study.digest, sampling_noted(), doubts_noted())
