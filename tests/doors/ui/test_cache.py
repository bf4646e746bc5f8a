"""The shelf keeps the last things, makes each once, and lets go of the large ones first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from kit.six_fields import write_six_fields

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.cache import KEPT_OF
from xingu_geo.ground.base.memory import Memory
from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.places.place.place import Place
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
