"""The tables are read whole; their digest changes with all that a ranking may rest on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.places.place.tables import read_tables
from xingu_geo.siting.measuring.registry import VERBS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped tables."""
    return Path(shutil.copytree(data_dir(), tmp_path / "data"))


def _digest(folder: Path) -> str:
    return read_tables(folder, VERBS).digest


@pytest.mark.parametrize(
    ("name", "said", "instead"),
    [
        ("criteria.toml", "weight = ", "weight = 1"),
        ("rules.toml", 'severity = "exclude"', 'severity = "flag"'),
        ("project_types.toml", "typical = ", "typical = 1"),
        ("phases.toml", "loads_until = 2027", "loads_until = 2028"),
        ("sewers.toml", "value = 0.6", "value = 0.7"),
    ],
)
def test_a_changed_figure_changes_the_digest(name: str, said: str, instead: str, folder: Path) -> None:
    before = _digest(folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert said in text
    (folder / name).write_text(text.replace(said, instead, 1), encoding="utf-8")
    assert _digest(folder) != before


def test_a_remark_costs_and_examples_leave_the_digest(folder: Path) -> None:
    before = _digest(folder)
    for name in ("criteria.toml", "rules.toml", "phases.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(f"# a remark\n{text}", encoding="utf-8")
    (folder / "weights.toml").unlink()
    assert _digest(folder) == before
    assert read_tables(folder, VERBS).presets == {}


@pytest.mark.parametrize(
    "name",
    [
        "criteria.toml",
        "rules.toml",
        "project_types.toml",
        "phases.toml",
        "sewers.toml",
        "pollutants.toml",
        "upgrade_costs.toml",
        "fields.toml",
        "sewer_fields.toml",
    ],
)
def test_only_the_examples_may_be_missing(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(XinguError) as refused:
        read_tables(folder, VERBS)
    assert refused.value.code == "file_missing"
