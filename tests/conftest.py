"""What every test shares."""

from __future__ import annotations

import os

os.environ.pop("XINGU_GEO_HOME", None)
