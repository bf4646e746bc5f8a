"""What every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.pop("XINGU_GEO_HOME", None)

# CI tries the same examples every time, so that a change is judged by itself; everywhere else the search goes on.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
