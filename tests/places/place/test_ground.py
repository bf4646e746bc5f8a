"""The ground makes each thing once, for all threads, and keeps on disk what it is told to."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xingu_geo.ground.base.store import Store
from xingu_geo.places.place.ground import Ground


def test_what_is_kept_is_made_once_for_all_grounds_of_a_store(tmp_path: Path) -> None:
    made = []

    def make() -> dict[str, int]:
        made.append(1)
        return {"figure": len(made)}

    one, other = Ground(Store(tmp_path)), Ground(Store(tmp_path))
    first = one.kept(("figure", "digest"), make)
    assert one.kept(("figure", "digest"), make) is first
    assert other.kept(("figure", "digest"), make) == first == {"figure": 1}
    assert other.kept(("figure", "another digest"), make) == {"figure": 2}
    assert len(made) == 2


def test_by_default_nothing_lies_on_disk() -> None:
    one, other = Ground(), Ground()
    assert not one.store.is_on
    assert one.kept(("figure",), lambda: [1]) == [1]
    assert one.kept(("figure",), lambda: [2]) == [1]
    assert other.kept(("figure",), lambda: [2]) == [2]


def test_a_thing_and_what_is_kept_of_it_do_not_meet(tmp_path: Path) -> None:
    ground = Ground(Store(tmp_path))
    assert ground.once("zones", lambda: [*ground.kept(("zones",), lambda: [1]), 2]) == [1, 2]
    assert ground.kept(("zones",), lambda: [3]) == [1]


def test_a_refusal_leaves_nothing_in_memory_or_on_disk(tmp_path: Path) -> None:
    ground = Ground(Store(tmp_path))

    def refuse() -> list[int]:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        ground.kept(("figure",), refuse)
    assert ground.store.info().entries == 0
    assert ground.kept(("figure",), lambda: [1]) == [1]


def test_eight_threads_get_one_object(tmp_path: Path) -> None:
    ground, together = Ground(Store(tmp_path)), threading.Barrier(8, timeout=20)

    def ask() -> list[int]:
        together.wait()
        return ground.kept(("figure",), lambda: [1])

    with ThreadPoolExecutor(8) as pool:
        found = [future.result(20) for future in [pool.submit(ask) for _ in range(8)]]
    assert len({id(each) for each in found}) == 1
