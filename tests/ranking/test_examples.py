"""The examples in the docstrings of the room are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import xingu_geo.ranking


def test_every_example_in_a_docstring_runs() -> None:
    tried = 0
    for module in pkgutil.iter_modules(xingu_geo.ranking.__path__, "xingu_geo.ranking."):
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0, module.name
        tried += result.attempted
    assert tried >= 12
