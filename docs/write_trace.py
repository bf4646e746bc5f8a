"""Writes the traces of docs/architecture.md anew: the rooms that one ``rank`` and one click in the app pass, in order.

Run from the project's folder: ``python -m docs.write_trace``. The product is run as its users run it, on the shipped
place with nothing kept. Of every call it is noted whether it leads from a room on the way (the door, and
``study/run/stages.py``, which alone knows the order) to a function of another room; ``ground.base`` is left out.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache
from itertools import groupby
from pathlib import Path
from types import FrameType

from xingu_geo.ground.base.gdal import close_doors

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGE = f"{ROOT / 'xingu_geo'}{os.sep}"
STAGES = str(ROOT / "xingu_geo" / "study" / "run" / "stages.py")
Step = tuple[str, str, str]


@cache
def _room(file: str) -> str:
    """``siting.ranking`` of a file of that room; ``""`` of any other."""
    parts = Path(file.removeprefix(PACKAGE)).parts
    return ".".join(parts[:2]) if file.startswith(PACKAGE) and len(parts) > 2 else ""


@contextmanager
def traced(door: str) -> Iterator[list[Step]]:
    """Every call from ``door`` or from the stages into another room: who calls, which room, which function."""
    steps: list[Step] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        room = _room(code.co_filename) if event == "call" else ""
        if room in ("", "ground.base") or "." in code.co_qualname or code.co_name[0] in "<_":
            return
        caller = frame.f_back
        while caller is not None and not _room(caller.f_code.co_filename):
            caller = caller.f_back
        file = caller.f_code.co_filename if caller else ""
        if _room(file) != room and (_room(file) == door or file == STAGES):
            steps.append((_room(file), room, code.co_name))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield steps
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def rank_steps() -> list[Step]:
    """The way of ``rank``."""
    from xingu_geo.doors.cli.main import app  # noqa: PLC0415 - the trace begins with it

    with tempfile.TemporaryDirectory() as out, redirect_stdout(io.StringIO()), traced("doors.cli") as steps:
        app(["rank", "--out", out], standalone_mode=False)
    return steps


def click_steps() -> list[Step]:
    """The way of a click on the second site of the ranking, once the page stands."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - Streamlit is slow to load

    from xingu_geo.doors.ui.kit.session import Key  # noqa: PLC0415

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
    app.session_state[Key.SELECTED] = "BY-0176"
    with traced("doors.ui") as steps:
        app.run()
    return steps


def told(steps: list[Step]) -> str:
    """The steps as lines, first the door's, then the stages'; calls of one room after each other on one line."""
    lines = []
    for caller in dict.fromkeys(caller for caller, _, _ in steps):
        way = [(room, name) for by, room, name in steps if by == caller]
        for room, calls in groupby(way, key=lambda step: step[0]):
            lines.append(f"{caller} → {room}: {', '.join(dict.fromkeys(name for _, name in calls))}")
    return "\n".join(lines)


def renewed(page: str) -> str:
    """``page`` with each trace between its marks replaced."""
    for name, steps in (("rank", rank_steps()), ("click", click_steps())):
        block = f"<!-- {name} -->\n```\n{told(steps)}\n```\n<!-- /{name} -->"
        page = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, block=block: block, page, flags=re.DOTALL)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    os.environ["XINGU_GEO_CACHE"] = "off"
    close_doors()
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
