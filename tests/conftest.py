"""What every test shares.

Hypothesis draws the same examples on every machine and however the tests are spread over processes, so that a change
is judged by itself. ``python tests --explore`` (the profile ``explore``) searches at random instead.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from xingu_geo.ground.base.gdal import close_doors

# What someone has set for their own use of the product steers no test, and no test leaves anything in their cache.
for name in ("DEBUG", "HOME", "LANG", "POSTGIS", "WORKSPACE"):
    os.environ.pop(f"XINGU_GEO_{name}", None)
os.environ["XINGU_GEO_CACHE"] = "off"
close_doors()  # as every door does, before any test loads GDAL

# How long an example takes depends on the machine, so no limit of time may fail a test.
_PLAIN = settings(settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _PLAIN, derandomize=True, database=None)
settings.register_profile("explore", _PLAIN, derandomize=False, print_blob=True)
settings.load_profile("same")


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Let examples not depend on which modules happen to be loaded, whose numbers Hypothesis tries now and then."""
    if settings().derandomize:
        providers._get_local_constants = lambda: providers._local_constants  # empty, as it was at the start
