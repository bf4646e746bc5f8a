"""The examples in the docstrings of the room are true, and its page names what exists."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import xingu_geo
from xingu_geo.siting.ranking.methods import METHODS

MODULES = [found for found in pkgutil.walk_packages(xingu_geo.__path__, "xingu_geo.") if not found.ispkg]
SPOKEN = ("ground", "siting", "doors.telling")


def test_every_example_in_a_docstring_runs() -> None:
    tried = 0
    for module in MODULES:
        if not module.name.removeprefix("xingu_geo.").startswith(SPOKEN):
            continue
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0, module.name
        tried += result.attempted
    assert tried >= 12


PAGE = (Path(__file__).parents[3] / "docs" / "ranking.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]


def test_every_function_the_page_names_stands_in_the_module_it_names() -> None:
    seen = 0
    for row in ROWS:
        modules = re.findall(r"`(\w+)`", row[2]) if len(row) == 4 else []
        if not modules:
            continue
        loaded = [importlib.import_module(one.name) for one in MODULES if one.name.rsplit(".", 1)[1] in modules]
        for name in re.findall(r"`(\w+)`", row[1]):
            seen += 1
            assert any(hasattr(module, name) for module in loaded), name
    assert seen > 25


def test_the_page_says_of_every_method_whether_it_can_reorder_and_whether_it_adds_up() -> None:
    told = {}
    for row in ROWS:
        for name in re.findall(r"`(\w+)`", row[0]):
            if name in METHODS:
                told[name] = ("yes" in row[2], row[3] == "yes")
    assert told == {name: (method.compares, method.additive) for name, method in METHODS.items()}
