"""Every knob that is not a planner's: where the shipped data lie, and the documented limits.

Comes in: the environment (``XINGU_GEO_HOME``, ``XINGU_GEO_WORKSPACE``, ``XINGU_GEO_LANG``). Goes out: paths and limits.
Must not know: what the files hold.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.say import DEFAULT_LANG, LANGS, Lang

UPLOAD_BYTES_MAX: Final = 50_000_000
UNZIPPED_BYTES_MAX: Final = 500_000_000
ZIP_MEMBERS_MAX: Final = 1_000
UPLOAD_FEATURES_MAX: Final = 200_000
TABLE_ROWS_MAX: Final = 50_000
RASTER_CELLS_MAX: Final = 100_000_000
IMPORT_SECONDS_MAX: Final = 60
IMPORT_MEMORY_BYTES_MAX: Final = 2_000_000_000

_PACKAGE = Path(__file__).resolve().parents[2]


def home() -> Path:
    """The folder that holds ``layers/`` and ``data/``: ``XINGU_GEO_HOME``, else the checkout, else the wheel's copy."""
    chosen = os.environ.get("XINGU_GEO_HOME")
    if chosen:
        return Path(chosen)
    checkout = _PACKAGE.parent
    return checkout if (checkout / "layers").is_dir() else _PACKAGE / "shipped"


def layers_dir() -> Path:
    """The shipped layers."""
    return home() / "layers"


def data_dir() -> Path:
    """The shipped tables: criteria, rules, project types, sources, example studies."""
    return home() / "data"


def workspace_dir() -> Path:
    """Where the app keeps what its readers bring: ``XINGU_GEO_WORKSPACE``, else a folder in the user's data folder.

    The folder need not exist; it never lies beside the shipped layers unless someone says so.
    """
    chosen = os.environ.get("XINGU_GEO_WORKSPACE")
    return Path(chosen) if chosen else _user_data_dir() / "xingu_geo"


def _user_data_dir() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def language() -> Lang:
    """The reader's language, ``XINGU_GEO_LANG`` or Chinese."""
    chosen = os.environ.get("XINGU_GEO_LANG", DEFAULT_LANG)
    return next((lang for lang in LANGS if lang == chosen), DEFAULT_LANG)
