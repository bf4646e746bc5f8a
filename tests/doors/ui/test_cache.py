"""The shelf keeps the last things, makes each once, and lets go of the large ones first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from kit.opening import open_catalogue
from kit.six_fields import write_six_fields

from xingu_geo.doors.cli import options
from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.cache import KEPT, KEPT_OF
from xingu_geo.ground.base.memory import Memory
from xingu_geo.ground.base.store import Store
from xingu_geo.places.place.place import Place
from xingu_geo.siting.measuring import registry
from xingu_geo.siting.measuring.registry import VERBS
from xingu_geo.study.run.spec import ProjectSpec, Study, question_of
from xingu_geo.study.run.stages import measure, open_tables

ROOT = Path(__file__).parents[3]


def test_the_large_things_of_the_app_have_room_of_their_own() -> None:
    memory = Memory(1000, KEPT_OF)
    memory.once(("names", 0), lambda: "small")
    for number in range(KEPT_OF["measured"] + 3):
        memory.once(("measured", number), lambda: "large")
    kept = [number for number in range(KEPT_OF["measured"] + 3) if memory.has(("measured", number))]
    assert kept == list(range(3, KEPT_OF["measured"] + 3))
    assert memory.has(("names", 0))


def test_another_project_keeps_what_was_measured_on_the_ground_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    kept = Memory(9, KEPT_OF)
    monkeypatch.setattr(cache, "memory", lambda: kept)
    other = Study(project=ProjectSpec(type="wet_chem"))
    first, second = cache.measured(Study()), cache.measured(other)
    alone = measure(
        Place(open_catalogue(tmp_path / "layers"), open_tables(tmp_path / "data")),
        question_of(other, open_tables(tmp_path / "data")),
    )
    assert second.sites is first.sites
    pd.testing.assert_frame_equal(second.matrix.raw, alone.matrix.raw)
    pd.testing.assert_frame_equal(second.eligibility.verdict, alone.eligibility.verdict)
    assert second.brief.type == alone.brief.type != first.brief.type


def test_eight_threads_of_the_app_get_the_right_thing_each_of_forty_thousand_times() -> None:
    memory = Memory(KEPT, KEPT_OF)
    # Of each kind half as many again as there is room for, and of the small things of a page too.
    keys: list[Hashable] = [(kind, number) for kind, room in KEPT_OF.items() for number in range(room * 3 // 2)]
    keys += [(("stamp",), number) for number in range(KEPT * 3 // 2)]
    wrong: list[object] = []

    def ask(seed: int) -> None:
        for at in np.random.default_rng(seed).zipf(1.3, size=40_000).tolist():
            key = keys[at % len(keys)]
            if memory.once(key, lambda key=key: [key]) != [key]:
                wrong.append(key)

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with ThreadPoolExecutor(8) as pool:
            for future in [pool.submit(ask, seed) for seed in range(8)]:
                future.result(120)
    finally:
        sys.setswitchinterval(usual)
    assert wrong == []
    kept = {kind: sum(memory.has((kind, number)) for number in range(room * 2)) for kind, room in KEPT_OF.items()}
    assert all(0 < kept[kind] <= room for kind, room in KEPT_OF.items())
    assert (len(memory._making), len(memory._waiting)) == (0, 0)


def test_a_changed_weight_measures_nothing_in_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    kept = Memory(9, KEPT_OF)
    monkeypatch.setattr(cache, "memory", lambda: kept)
    before = cache.result(Study())
    named = before.measured.criteria[0].id

    def refuse(*_: Any) -> Any:
        raise AssertionError("measured again")

    monkeypatch.setattr(registry, "VERBS", {name: replace(verb, function=refuse) for name, verb in VERBS.items()})
    after = cache.result(Study(weights={named: 77.0}))
    assert after.measured is before.measured
    assert after.scores.weights != before.scores.weights


def test_what_the_app_measured_is_known_to_the_command_line_and_the_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    monkeypatch.setenv("XINGU_GEO_CACHE", str(tmp_path / "kept"))
    kept = Memory(9, KEPT_OF)
    monkeypatch.setattr(cache, "memory", lambda: kept)
    cache.measured(Study())
    entries = Store(tmp_path / "kept").info().entries
    assert entries > 0
    here = options.place_of()
    measure(here, question_of(Study(), here.tables))
    assert Store(tmp_path / "kept").info().entries == entries
