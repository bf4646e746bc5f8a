"""What rests on the ground alone: made once, kept for every project and every thread.

Comes in: keys and how to make things. Goes out: the things. Must not know: what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from xingu_geo.ground.base.memory import Memory
from xingu_geo.ground.base.store import Store, key_of

T = TypeVar("T")
KEPT = 4_096


class Ground:
    """A shelf without an end for one place; two threads that ask for one thing get the same.

    ``store`` is the shelf on disk for what is worth keeping longer; by default nothing is.
    """

    __slots__ = ("_kept", "store")

    def __init__(self, store: Store | None = None) -> None:
        self._kept = Memory(KEPT)
        self.store = store or Store(None)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made at most once for each ``key``."""
        return self._kept.once(key, make)

    def kept(self, parts: tuple[object, ...], make: Callable[[], T]) -> T:
        """The same, on disk too: ``parts`` say all that it depends on, layers and tables by their digest."""
        return self.once(("kept", key_of(*parts)), lambda: self.store.once(key_of(*parts), make))
