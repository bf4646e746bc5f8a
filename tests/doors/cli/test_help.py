"""``--help`` is cheap: it loads nothing that measures, reads or draws."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from xingu_geo import __version__

HEAVY = (
    "numpy",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "rasterio",
    "scipy",
    "streamlit",
    "folium",
    "osmnx",
)
PROBE = """
import json, sys
from xingu_geo.doors.cli.main import main
try:
    main({arguments!r})
except SystemExit as stop:
    print(json.dumps({{"code": stop.code, "modules": sorted(sys.modules)}}), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["rank", "--help"], ["explain", "--help"], ["capacity", "--help"]])
def test_help_loads_no_heavy_module(arguments: list[str]) -> None:
    probe = PROBE.format(arguments=arguments)
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    seen = json.loads(done.stderr)
    assert seen["code"] == 0
    assert "Usage" in done.stdout
    assert "xingu_geo.doors.cli.main" in seen["modules"]
    assert [name for name in HEAVY if name in seen["modules"]] == []


def test_the_version_is_told_without_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "xingu_geo", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == __version__
