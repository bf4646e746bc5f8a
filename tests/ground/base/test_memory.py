"""The memory gives each thread the right value, makes it once, keeps what it may and leaves nothing behind."""

from __future__ import annotations

import sys
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingu_geo.ground.base.memory import Memory, _Turn

SECONDS = 20  # what hangs fails


def _together(*jobs: Callable[[], object]) -> list[object]:
    """What each job returned, all run at once."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(SECONDS) for future in [pool.submit(job) for job in jobs]]


def _left(memory: Memory) -> tuple[int, int, int]:
    """How many values, turns and waiting threads the memory knows of."""
    return sum(map(len, memory._rooms())), len(memory._making), len(memory._waiting)


def test_eight_threads_and_few_places_never_lose_or_mix_a_value() -> None:
    memory = Memory(2, {"rare": 1})
    keys: list[Hashable] = [*range(4), *[("rare", number) for number in range(3)]]
    at_work: Counter[Hashable] = Counter()
    wrong: list[object] = []

    def ask(seed: int) -> None:
        for at in np.random.default_rng(seed).integers(len(keys), size=40_000).tolist():
            key = keys[at]

            def make(key: Hashable = key) -> tuple[str, Hashable]:
                at_work[key] += 1  # nobody else may make this key, so nobody else changes its count
                if at_work[key] != 1:
                    wrong.append(("two makers", key))
                at_work[key] -= 1
                return "value", key

            if memory.once(key, make) != ("value", key):
                wrong.append(key)

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)  # threads take turns often
    try:
        _together(*[lambda seed=seed: ask(seed) for seed in range(8)])
    finally:
        sys.setswitchinterval(usual)
    assert wrong == []
    assert _left(memory) == (3, 0, 0)


def test_a_thousand_refused_keys_leave_nothing_behind() -> None:
    memory = Memory(5)

    def refuse() -> None:
        raise LookupError("no such thing")

    for number in range(1_000):
        with pytest.raises(LookupError):
            memory.once(("kind", number), refuse)
    assert _left(memory) == (0, 0, 0)
    assert memory.once(("kind", 1), lambda: "now") == "now"


def test_those_who_wait_get_the_very_object_even_if_it_was_let_go() -> None:
    memory = Memory(0)
    begun, go = threading.Event(), threading.Event()
    made = []

    def make() -> object:
        made.append(object())
        begun.set()
        assert go.wait(SECONDS)
        return made[-1]

    def wait() -> object:
        assert begun.wait(SECONDS)
        return memory.once("key", make)

    def release() -> None:
        while len(memory._waiting) < 3:
            pass
        go.set()

    first, *others, _ = _together(lambda: memory.once("key", make), wait, wait, wait, release)
    assert len(made) == 1
    assert all(other is first for other in others)
    assert not memory.has("key")


def test_when_making_is_refused_one_who_waited_makes_it() -> None:
    memory = Memory(5)
    begun = threading.Event()

    def refuse() -> str:
        begun.set()
        while not memory._waiting:
            pass
        raise LookupError("no such thing")

    def first() -> str:
        with pytest.raises(LookupError):
            memory.once("key", refuse)
        return "refused"

    def second() -> str:
        assert begun.wait(SECONDS)
        return memory.once("key", lambda: "made")

    assert _together(first, second) == ["refused", "made"]
    assert _left(memory) == (1, 0, 0)


def test_different_keys_are_made_at_the_same_time() -> None:
    memory = Memory(5)
    both = threading.Barrier(2, timeout=SECONDS)
    _together(lambda: memory.once("a", both.wait), lambda: memory.once("b", both.wait))
    assert memory.has("a")
    assert memory.has("b")


def test_making_one_may_ask_for_another() -> None:
    memory = Memory(5)
    assert memory.once("sum", lambda: memory.once("part", lambda: 2) + 1) == 3
    assert memory.has("part")


def test_asking_for_what_is_just_being_made_is_an_error_not_a_standstill() -> None:
    memory = Memory(5)
    with pytest.raises(RuntimeError, match="asks for itself"):
        memory.once("key", lambda: memory.once("key", lambda: 1))
    assert _left(memory) == (0, 0, 0)


def test_two_threads_that_would_wait_for_each_other_are_an_error_too() -> None:
    memory = Memory(5)
    both = threading.Barrier(2, timeout=SECONDS)

    def ask(mine: str, other: str) -> str:
        def make() -> object:
            both.wait()
            return memory.once(other, lambda: memory.once(mine, lambda: 1))

        with pytest.raises(RuntimeError, match="asks for itself"):
            memory.once(mine, make)
        return "told"

    assert _together(lambda: ask("a", "b"), lambda: ask("b", "a")) == ["told", "told"]
    assert _left(memory) == (0, 0, 0)


def test_one_who_waited_and_has_not_yet_gone_on_is_no_circle() -> None:
    begun, over, go_on = threading.Event(), threading.Event(), threading.Event()

    class Slow(Memory):
        def _wait(self, turn: _Turn) -> None:
            if threading.current_thread() is slow:
                assert turn.over.wait(SECONDS)
                over.set()
                assert go_on.wait(SECONDS)
            super()._wait(turn)

    memory = Slow(5)
    found = []

    def part() -> int:
        while not memory._waiting:
            begun.set()
        return 1

    def needs_part() -> int:
        assert begun.wait(SECONDS)
        return memory.once("part", part) + 1

    slow = threading.Thread(target=lambda: found.append(memory.once("whole", needs_part)))
    slow.start()
    memory.once("part", part)
    assert over.wait(SECONDS)
    threading.Timer(0.05, go_on.set).start()
    assert memory.once("whole", lambda: 0) == 2
    slow.join(SECONDS)
    assert found == [2]


def test_each_kind_has_its_own_room() -> None:
    memory = Memory(3, {"measured": 2, "never": 0})
    for number in range(10):
        for kind in ("measured", "never", "other", "another"):
            assert memory.once((kind, number), lambda number=number: number) == number
    kept = {kind: [n for n in range(10) if memory.has((kind, n))] for kind in ("measured", "never", "other", "another")}
    assert kept == {"measured": [8, 9], "never": [], "other": [9], "another": [8, 9]}


def test_to_look_is_not_to_use() -> None:
    memory = Memory(2)
    for key in ["a", "b", "a"]:
        memory.once((key,), lambda: None)
    memory.has(("b",))
    memory.once(("c",), lambda: None)
    assert memory.has(("a",))
    assert not memory.has(("b",))


def test_clearing_forgets_also_what_is_being_made() -> None:
    memory = Memory(5)
    memory.once("old", lambda: 1)

    def make() -> str:
        memory.clear()
        return "made before"

    assert memory.once("key", make) == "made before"
    assert _left(memory) == (0, 0, 0)


def test_nothing_is_a_value_too() -> None:
    memory = Memory(5)
    memory.once("key", lambda: None)
    assert memory.once("key", lambda: 1) is None


def test_a_limit_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        Memory(-1)
    with pytest.raises(ValueError, match="non-negative"):
        Memory(1, {"kind": -1})


KEYS = st.one_of(st.integers(0, 5), st.tuples(st.sampled_from(["own", "shared"]), st.integers(0, 4)))


@given(
    kept=st.integers(0, 4),
    own=st.integers(0, 3),
    asked=st.lists(st.tuples(st.sampled_from(["once", "has"]), KEYS), max_size=60),
)
def test_what_is_let_go_is_always_the_least_used(kept: int, own: int, asked: list[tuple[str, Hashable]]) -> None:
    memory = Memory(kept, {"own": own})
    model: dict[str, OrderedDict[Hashable, int]] = {"own": OrderedDict(), "": OrderedDict()}
    limits = {"own": own, "": kept}
    for turn, (what, key) in enumerate(asked):
        kind = "own" if isinstance(key, tuple) and key[0] == "own" else ""
        room = model[kind]
        if what == "once":
            room[key] = room.get(key, turn)
            room.move_to_end(key)
            assert memory.once(key, lambda turn=turn: turn) == room[key]
            while len(room) > limits[kind]:
                room.popitem(last=False)
        else:
            assert memory.has(key) == (key in room)
