"""What rests on the ground alone: made once, kept for every project and every thread.

Comes in: keys and how to make things. Goes out: the things. Must not know: what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from xingu_geo.ground.base.memory import Memory

T = TypeVar("T")
KEPT = 4_096


class Ground:
    """A shelf without an end for one place; two threads that ask for one thing get the same."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept = Memory(KEPT)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made at most once for each ``key``."""
        return self._kept.once(key, make)
