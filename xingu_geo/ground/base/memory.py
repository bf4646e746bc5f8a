"""What was made lately, kept in memory and shared by all threads: made once, let go when others were used since.

Comes in: a key and how to make its value. Goes out: the value, the same object for all who ask.
Must not know: what is kept, or where else it may lie.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from threading import Event, Lock, get_ident
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")

_NOTHING: Final = object()


class _Turn:
    """A value in the making: by which thread, and when it is over, what came of it (``_NOTHING``: it was refused)."""

    __slots__ = ("maker", "over", "value")

    def __init__(self, maker: int) -> None:
        self.maker = maker
        self.over = Event()
        self.value: Any = _NOTHING


class Memory:
    """A cache for many threads: one makes a value while the others who want it wait, and the least used goes first.

    The kind of a key is its first part, if it is a tuple. A kind with a limit of its own has room of its own, so that
    many small things never push out a few costly ones; all others share one room.

    Parameters
    ----------
    kept
        How many values the kinds without a limit of their own share, 0 or more.
    kept_of
        How many values each of these kinds may have, 0 or more.

    Raises
    ------
    ValueError
        If a limit is negative.
    """

    def __init__(self, kept: int, kept_of: Mapping[str, int] = MappingProxyType({})) -> None:
        self._shared: LRUCache[Hashable, Any] = LRUCache(kept)
        self._own: dict[Hashable, LRUCache[Hashable, Any]] = {kind: LRUCache(many) for kind, many in kept_of.items()}
        self._making: dict[Hashable, _Turn] = {}
        self._waiting: dict[int, _Turn] = {}  # which turn a thread waits for
        self._guard = Lock()  # never held while something is made

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of ``key``: kept, or being made by another thread, or else made now.

        Parameters
        ----------
        key
            Anything hashable; a tuple's first part is its kind.
        make
            Makes the value. It may ask for other keys, also of other threads.

        Returns
        -------
        T
            The same object for every thread that waited for it, even if it has been let go meanwhile.

        Raises
        ------
        RuntimeError
            If making the value asks, in the end, for the value itself.
        Exception
            Whatever ``make`` raises. Nothing is kept then, and a thread that waited tries for itself.
        """
        while True:
            found, turn = self._kept_or_turn(key)
            if turn is None:
                return cast("T", found)
            if turn.maker == get_ident():
                return self._make(key, make, turn)
            self._wait(turn)
            if turn.value is not _NOTHING:
                return cast("T", turn.value)

    def has(self, key: Hashable) -> bool:
        """Whether the value of ``key`` is kept; what is still in the making is not. Asking is no use of it."""
        with self._guard:
            return key in self._room(key)

    def clear(self) -> None:
        """Let go of everything. What is in the making reaches those who wait for it, but is not kept."""
        with self._guard:
            self._making.clear()
            for room in self._rooms():
                room.clear()

    def _rooms(self) -> tuple[LRUCache[Hashable, Any], ...]:
        return self._shared, *self._own.values()

    def _room(self, key: Hashable) -> LRUCache[Hashable, Any]:
        return self._own.get(key[0], self._shared) if isinstance(key, tuple) and key else self._shared

    def _kept_or_turn(self, key: Hashable) -> tuple[Any, _Turn | None]:
        """The value and None; or whose turn it is: this thread's to make it, or another's to wait for."""
        me = get_ident()
        with self._guard:
            kept = self._room(key).get(key, _NOTHING)
            if kept is not _NOTHING:
                return kept, None
            turn = self._making.get(key)
            if turn is None:
                turn = self._making[key] = _Turn(me)
                return None, turn
            self._refuse_circle(key, turn, me)
            self._waiting[me] = turn
            return None, turn

    def _refuse_circle(self, key: Hashable, turn: _Turn, me: int) -> None:
        """A thread that would wait for itself, at once or through what other threads wait for, would wait for ever."""
        ahead: _Turn | None = turn
        while ahead is not None and not ahead.over.is_set():  # who waited for what is over is about to go on
            if ahead.maker == me:
                raise RuntimeError(f"making {key!r} asks for itself")
            ahead = self._waiting.get(ahead.maker)

    def _wait(self, turn: _Turn) -> None:
        try:
            turn.over.wait()
        finally:
            with self._guard:
                self._waiting.pop(get_ident(), None)

    def _make(self, key: Hashable, make: Callable[[], T], turn: _Turn) -> T:
        try:
            turn.value = value = make()
        finally:
            with self._guard:
                if self._making.get(key) is turn:  # else it was cleared meanwhile
                    del self._making[key]
                    self._keep(key, turn.value)
            turn.over.set()
        return value

    def _keep(self, key: Hashable, value: Any) -> None:
        room = self._room(key)
        if value is not _NOTHING and room.maxsize > 0:
            room[key] = value
