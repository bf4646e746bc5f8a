"""Many Fields: 65 by 65 squares of 100 m on bare ground, more than the map draws as polygons.

Comes in: an empty folder. Goes out: its parcels with a passport and a sources file. Must not know: Qiantang.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

from kit.six_fields import CRS, ORIGIN, SOURCES, add_layer

SIDE_M = 100.0
ACROSS = 65


def write_many_fields(folder: Path) -> Path:
    """Write the place into ``folder`` (made if missing); every third field is occupied."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    add_layer(folder, "parcels", "地块", "polygon", _parcels())
    return folder


def _parcels() -> gpd.GeoDataFrame:
    count = ACROSS * ACROSS
    west = [ORIGIN[0] + SIDE_M * (number % ACROSS) for number in range(count)]
    south = [ORIGIN[1] + SIDE_M * (number // ACROSS) for number in range(count)]
    return gpd.GeoDataFrame(
        {
            "id": [f"F{number:04d}" for number in range(count)],
            "name_zh": [f"田{number}" for number in range(count)],
            "name_en": [f"Field {number}" for number in range(count)],
            "land_use_code": "100102",
            "status": ["occupied" if number % 3 == 0 else "vacant" for number in range(count)],
            "plot_ratio_max": [1.0 + (number % 7) / 4 for number in range(count)],
            "height_max_m": 60.0,
        },
        geometry=[box(x, y, x + SIDE_M, y + SIDE_M) for x, y in zip(west, south, strict=True)],
        crs=CRS,
    )
