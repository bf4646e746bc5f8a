"""What the browser fetches by address: Leaflet from its installed package, and the files of the map, named by content.

Comes in: bytes. Goes out: addresses on this server. Must not know: what the files hold.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Final

import streamlit as st
import streamlit.components.v1 as components
from xstatic.pkg import leaflet

from xingu_geo.ground.base.digest import digest_bytes

_FOLDER: Final = Path(tempfile.mkdtemp(prefix="xingu_geo_map_"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

_LEAFLET = components.declare_component("leaflet", path=leaflet.BASE_DIR)
_FILES = components.declare_component("map_files", path=str(_FOLDER))


def leaflet_url() -> str:
    """The folder that serves ``leaflet.js`` and ``leaflet.css``, unchanged, from the installed package."""
    return _url(_LEAFLET.name)


def publish(stem: str, content: bytes, *, ending: str) -> str:
    """The address of ``content``; its name carries its digest, so a browser never shows an old file."""
    name = f"{stem}-{digest_bytes(content)[:16]}.{ending}"
    file = _FOLDER / name
    if not file.exists():
        part = file.with_suffix(".part")
        part.write_bytes(content)
        part.replace(file)
    return f"{_url(_FILES.name)}/{name}"


def _url(component: str) -> str:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}/component/{component}" if base else f"/component/{component}"
