"""The map element: a folium map in the page itself, mounted once, repainted by every run with one byte for each site.

Comes in: the addresses of its files and the classes of the moment. Goes out: what was clicked.
Must not know: how classes come about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

_WEB: Final = Path(__file__).parent / "web"
_PARTS: Final = ("tools.js", "hatch.js", "numbers.js", "image.js", "sites.js", "sewers.js", "overlay.js", "element.js")


def _source(*names: str) -> str:
    # A leading line break keeps Streamlit from taking one-line text for a file's path.
    return "\n" + "\n".join((_WEB / name).read_text(encoding="utf-8") for name in names)


_ELEMENT = st.components.v2.component(
    "xingu_geo_map",
    html='<div class="xg-map" role="application"></div>',
    js=_source("loader.js"),
    isolate_styles=False,
)


@cache
def own_files() -> dict[str, bytes]:
    """The element's own script and style, to be served by address: ``module`` and ``style``."""
    return {"module": _source(*_PARTS).encode(), "style": _source("map.css").encode()}


def map_element(data: Mapping[str, Any], *, key: str, on_pick: Callable[[], None]) -> None:
    """Show the map. ``on_pick`` runs after a click; what was clicked is then ``st.session_state[key].picked``."""
    _ELEMENT(key=key, data=dict(data), on_picked_change=on_pick)
