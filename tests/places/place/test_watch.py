"""The watch sees every change of a file, at once or after a while, and hardly looks while nothing changes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kit.shipped import LAYERS

from xingu_geo.ground.base.settings import data_dir
from xingu_geo.places.place import watch as module
from xingu_geo.places.place.watch import THOROUGH_S, Watch


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three files, one of them in a folder below; all of them old, so that a new time differs."""
    home = tmp_path / "layers"
    (home / "below").mkdir(parents=True)
    for name in ("a.geojson", "b.toml", "below/c.geojson"):
        (home / name).write_text("old", encoding="utf-8")
    _age(home)
    return home


def _age(home: Path) -> None:
    for path in [*home.rglob("*"), home]:
        os.utime(path, (1, 1))


def _put_in_place(home: Path) -> None:
    part = home.parent / "part"
    part.write_text("new", encoding="utf-8")
    part.replace(home / "a.geojson")


CHANGES: list[Callable[[Path], object]] = [
    _put_in_place,
    lambda home: (home / "new.geojson").write_text("", encoding="utf-8"),
    lambda home: (home / "a.geojson").unlink(),
    lambda home: (home / "a.geojson").rename(home / "z.geojson"),
    lambda home: (home / "below" / "new.geojson").write_text("", encoding="utf-8"),
    lambda home: (home / "below" / "c.geojson").unlink(),
    lambda home: (home / "below").rename(home / "beneath"),
    lambda home: shutil.rmtree(home / "below"),
    shutil.rmtree,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_put_taken_or_renamed_is_seen_at_once(
    change: Callable[[Path], object], folder: Path, clock: Clock
) -> None:
    watch = Watch(clock)
    before = watch.stamp(folder)
    change(folder)
    assert watch.stamp(folder) != before


@pytest.mark.parametrize("name", ["a.geojson", "below/c.geojson"])
def test_a_file_edited_where_it_stands_is_seen_after_a_while(name: str, folder: Path, clock: Clock) -> None:
    watch = Watch(clock)
    before = watch.stamp(folder)
    (folder / name).write_text("new", encoding="utf-8")  # as long as before: only its time differs
    clock.now += THOROUGH_S - 0.1
    assert watch.stamp(folder) == before
    clock.now += 0.2
    after = watch.stamp(folder)
    assert after != before
    clock.now += 2 * THOROUGH_S
    assert watch.stamp(folder) == after


def test_the_stamp_stays_while_nothing_changes(folder: Path, clock: Clock) -> None:
    watch = Watch(clock)
    before = watch.stamp(folder)
    assert len(before) == 3
    for _ in range(5):
        clock.now += THOROUGH_S * 0.7
        assert watch.stamp(folder) == before
    (folder / "passing").write_text("", encoding="utf-8")
    (folder / "passing").unlink()
    assert watch.stamp(folder) == before
    assert Watch(clock).stamp(folder) == before


def test_a_folder_that_is_made_later_is_seen_and_looked_into(folder: Path, clock: Clock) -> None:
    watch = Watch(clock)
    before = watch.stamp(folder)
    (folder / "later").mkdir()
    (folder / "later" / "d.geojson").write_text("", encoding="utf-8")
    between = watch.stamp(folder)
    assert between != before
    os.utime(folder / "later", (1, 1))
    watch.stamp(folder)
    (folder / "later" / "e.geojson").write_text("", encoding="utf-8")
    assert watch.stamp(folder) != between


def test_a_folder_that_goes_and_comes_back_is_seen(folder: Path, clock: Clock, tmp_path: Path) -> None:
    watch = Watch(clock)
    before = watch.stamp(folder)
    folder.rename(tmp_path / "away")
    assert watch.stamp(folder) == ()
    (tmp_path / "away").rename(folder)
    assert watch.stamp(folder) == before


def test_a_folder_that_was_never_there_may_come(folder: Path, clock: Clock, tmp_path: Path) -> None:
    watch = Watch(clock)
    before = watch.stamp(folder, tmp_path / "data")
    shutil.copytree(folder, tmp_path / "data")
    assert len(watch.stamp(folder, tmp_path / "data")) == 2 * len(before)


def test_what_vanishes_while_it_is_looked_at_is_left_out(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "aa.geojson").symlink_to(folder / "nothing")
    walk = os.walk

    def vanishing(*arguments: Any) -> list[Any]:
        found = list(walk(*arguments))
        shutil.rmtree(folder / "below", ignore_errors=True)
        return found

    monkeypatch.setattr(module.os, "walk", vanishing)
    assert [Path(name).name for name, _, _ in Watch(clock).stamp(folder)] == ["a.geojson", "b.toml"]


def test_two_sets_of_folders_do_not_meet(folder: Path, clock: Clock) -> None:
    watch = Watch(clock)
    both, one = watch.stamp(folder, folder / "below"), watch.stamp(folder / "below")
    (folder / "below" / "c.geojson").unlink()
    assert watch.stamp(folder, folder / "below") != both
    assert watch.stamp(folder / "below") != one


def test_a_rerun_of_the_app_looks_at_a_handful_of_folders(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    watch = Watch(clock)
    files = watch.stamp(LAYERS, data_dir())
    assert len(files) > 60
    looked: list[object] = []
    stat, scandir = os.stat, os.scandir

    def counted(path: Any, **options: Any) -> os.stat_result:
        looked.append(path)
        return stat(path, **options)

    def not_listed(path: Any) -> Any:
        looked.extend(range(1_000))
        return scandir(path)

    monkeypatch.setattr(os, "stat", counted)
    monkeypatch.setattr(os, "scandir", not_listed)
    clock.now += 1.0
    assert watch.stamp(LAYERS, data_dir()) == files
    monkeypatch.undo()
    assert 0 < len(looked) <= 12
