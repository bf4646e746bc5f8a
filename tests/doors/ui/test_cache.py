"""The shelf keeps the last things, makes each once, and lets go of the large ones first."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pandas as pd
import pytest
from kit.six_fields import write_six_fields

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.cache import KEPT_OF, Shelf
from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.study.run.spec import ProjectSpec, Study, read_tables
from xingu_geo.study.run.stages import measure

ROOT = Path(__file__).parents[3]


def test_a_thing_is_made_once() -> None:
    shelf, made = Shelf(10), []
    assert [shelf.once(("a", 1), lambda: made.append(1) or len(made)) for _ in range(3)] == [1, 1, 1]
    assert made == [1]


def test_two_threads_with_one_question_wait_for_one_answer() -> None:
    shelf, made, gate = Shelf(10), [], threading.Event()

    def make() -> int:
        gate.wait(5)
        made.append(1)
        return len(made)

    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(shelf.once("k", make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert answers == [1, 1, 1, 1]


def test_large_things_give_way_to_their_own_kind_and_small_ones_stay() -> None:
    shelf = Shelf(1000)
    shelf.once(("names", 0), lambda: "small")
    for number in range(KEPT_OF["measured"] + 3):
        shelf.once(("measured", number), lambda: "large")
    kept = [number for number in range(KEPT_OF["measured"] + 3) if shelf.has(("measured", number))]
    assert kept == list(range(3, KEPT_OF["measured"] + 3))
    assert shelf.has(("names", 0))


def test_what_was_used_last_stays_longest() -> None:
    shelf = Shelf(2)
    for key in ("a", "b", "a", "c"):
        shelf.once(key, lambda: "made")
    assert [shelf.has(key) for key in "abc"] == [True, False, True]


def test_a_refusal_is_not_kept() -> None:
    shelf = Shelf(2)

    def refuse() -> int:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        shelf.once("a", refuse)
    assert shelf.once("a", lambda: 7) == 7


def test_the_latest_of_a_kind_is_the_one_used_last() -> None:
    shelf = Shelf(9)
    for key in (("measured", "here", 1), ("measured", "here", 2), ("measured", "there", 3), ("result", "here", 4)):
        shelf.once(key, lambda name=key[2]: name)
    assert shelf.latest("measured", "here") == 2
    shelf.once(("measured", "here", 1), lambda: 0)
    assert shelf.latest("measured", "here") == 1
    assert shelf.latest("measured", "nowhere") is None


def test_another_project_keeps_what_was_measured_on_the_ground_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    kept = Shelf(9)
    monkeypatch.setattr(cache, "shelf", lambda: kept)
    other = Study(project=ProjectSpec(type="wet_chem"))
    first, second = cache.measured(Study()), cache.measured(other)
    alone = measure(other, open_catalogue(tmp_path / "layers"), read_tables(tmp_path / "data"))
    assert second.sites is first.sites
    pd.testing.assert_frame_equal(second.matrix.raw, alone.matrix.raw)
    pd.testing.assert_frame_equal(second.eligibility.verdict, alone.eligibility.verdict)
    assert second.brief.type == alone.brief.type != first.brief.type
