"""The working CRS belongs to the place: nobody else in the house names one."""

from __future__ import annotations

import re

from .test_house import PACKAGE, _name

NAMED = re.compile(r"4549|WORKING_CRS")
OFFERED = re.compile(r'^"EPSG:4549" = ')  # what the import page calls a CRS that may be chosen


def test_no_room_but_the_place_names_the_working_crs() -> None:
    files = [path for kind in ("*.py", "*.toml") for path in sorted(PACKAGE.rglob(kind))]
    at_place = [path for path in files if PACKAGE / "places" / "place" in path.parents]
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in files}
    assert len(files) > 300
    assert any(NAMED.search(line) for path in at_place for line in lines[path])
    assert not [
        f"{_name(path)}: {line.strip()}"
        for path in files
        if path not in at_place
        for line in lines[path]
        if NAMED.search(line) and not OFFERED.match(line)
    ]
