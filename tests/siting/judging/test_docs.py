"""The manual's tables are those of the data."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_criteria_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("write_criteria", ROOT / "docs" / "write_criteria.py")
    assert spec
    assert spec.loader
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    page = writer.PAGE.read_text(encoding="utf-8")
    for table in writer.tables().values():
        assert len(table.splitlines()) > 10
    assert writer.renewed(page) == page, "run: python -m docs.write_criteria"


def test_every_source_of_rules_and_criteria_is_known() -> None:
    sources = tomllib.loads((ROOT / "data" / "sources.toml").read_text(encoding="utf-8"))
    named = 0
    for file in ("criteria.toml", "rules.toml"):
        for name, block in tomllib.loads((ROOT / "data" / file).read_text(encoding="utf-8")).items():
            named += len(block["sources"])
            assert set(block["sources"]) <= set(sources), f"{file}: {name}"
    assert named > 30
