"""The ways through the house that the manual shows are the ways that are taken, and no room lies on one twice."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections import Counter

import pytest

from .test_house import ROOT

WAYS = ("rank", "click")
CODE = "import json; from docs import write_trace as one; print(json.dumps(one.{way}_steps()))"


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> tuple[str, list[tuple[str, str, str]]]:
    """The steps of one way, taken in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(way=request.param)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return request.param, [tuple(step) for step in json.loads(done.stdout.splitlines()[-1])]  # type: ignore[misc]


def test_the_manual_shows_the_way_that_is_taken(way: tuple[str, list[tuple[str, str, str]]]) -> None:
    spec = importlib.util.spec_from_file_location("write_trace", ROOT / "docs" / "write_trace.py")
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    name, steps = way
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"<!-- {name} -->\n```\n{writer.told(steps)}\n```" in page, "run: python -m docs.write_trace"


def test_no_room_lies_on_the_way_twice(way: tuple[str, list[tuple[str, str, str]]]) -> None:
    _, steps = way
    assert len({room for _, room, _ in steps}) >= 4
    entered: Counter[tuple[str, str]] = Counter()
    before: dict[str, str] = {}
    for caller, room, _ in steps:
        entered[caller, room] += before.get(caller) != room
        before[caller] = room
    assert not [place for place, times in entered.items() if times > 1]
