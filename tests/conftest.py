"""What every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

from xingu_geo.ground.base.gdal import close_doors

os.environ.pop("XINGU_GEO_HOME", None)
close_doors()  # as every door does, before any test loads GDAL

# CI tries the same examples every time, so that a change is judged by itself; everywhere else the search goes on.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
