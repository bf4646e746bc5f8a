"""GeoJSON on GCJ-02 for maps that are drawn shifted (Amap): not RFC 7946, and it says so in the file.

Comes in: a frame in metres and its papers. Goes out: one ``.geojson``. Must not know: results.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import geopandas as gpd

from xingu_geo.doors.exchange.geojson import same_count, write_frame
from xingu_geo.doors.exchange.travel_papers import Papers
from xingu_geo.ground.geo.crs import WGS84, to_wgs84
from xingu_geo.ground.geo.datum import convert_frame

WARNING: Final = (
    "NON-STANDARD: GCJ-02, not WGS 84. For Amap only; about 500 m off on any other map. "
    "非标准：GCJ-02 坐标，仅供高德地图使用。"
)


def write_gcj02(frame: gpd.GeoDataFrame, path: Path, _papers: Papers) -> None:
    """Write ``frame`` as GeoJSON on GCJ-02, with the members ``datum`` and ``warning``."""
    lonlat = to_wgs84(frame, name=path.name).to_crs(WGS84)
    write_frame(convert_frame(lonlat, source="wgs84", target="gcj02"), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    marked = {"type": document["type"], "datum": "GCJ-02", "warning": WARNING, **document}
    path.write_text(json.dumps(marked, ensure_ascii=False), encoding="utf-8")


def read_back_gcj02(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless every feature and the mark are there."""
    same_count(frame, path)
    if json.loads(path.read_text(encoding="utf-8")).get("datum") != "GCJ-02":
        raise OSError("the mark of the datum is missing")
