"""Ground elevation: flat reclaimed land, dike crests, canal beds, made-up but level-headed.

Comes in: the ground. Goes out: the raster ``elevation``. Must not know: parcels, sewers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from layers.draw.outline import ground
from layers.draw.papers import note
from layers.draw.write import Field, Paper, write_passport

CELL_M = 30.0
NODATA = -9999.0
STEP_M = 0.05


def ground_m(x: float, y: float) -> float:
    """The drawn ground level [m] before dikes and canals: older land near 6.5 m, young flats near 5 m, a slow swell."""
    return float(_level(np.array([x]), np.array([y]))[0])


def _level(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    east = np.clip((x - 538_000) / 30_000, 0, 1)
    base = 6.4 - 1.2 * east
    swell = 0.35 * np.sin(x / 2100.0 + 0.7) * np.cos(y / 1700.0) + 0.22 * np.sin(x / 640.0) * np.sin(y / 790.0 + 1.3)
    return np.asarray(base + swell, dtype=np.float64)


@cache
def grid() -> tuple[NDArray[np.float32], rasterio.Affine]:
    """The elevation grid (rows north to south) and its transform; NODATA off the land."""
    left, bottom, right, top = ground().land.bounds
    left, top = np.floor(left / CELL_M) * CELL_M, np.ceil(top / CELL_M) * CELL_M
    columns, rows = int(np.ceil((right - left) / CELL_M)), int(np.ceil((top - bottom) / CELL_M))
    transform = rasterio.Affine(CELL_M, 0.0, float(left), 0.0, -CELL_M, float(top))
    x = left + (np.arange(columns) + 0.5) * CELL_M
    y = top - (np.arange(rows) + 0.5) * CELL_M
    xs, ys = np.meshgrid(x, y)
    level = _level(xs, ys)

    def inside(shape: shapely.Geometry) -> NDArray[np.bool_]:
        return np.asarray(rasterize([(shape, 1)], out_shape=level.shape, transform=transform), dtype=np.bool_)

    for dike in ground().dikes.values():
        for width_m, crest_m in ((75.0, 7.4), (48.0, 8.6), (24.0, 9.6)):
            level = np.where(inside(dike.buffer(width_m)), crest_m, level)
    level = np.where(inside(shapely.union_all([bed for _, bed in ground().canals.values()])), 3.6, level)
    level = np.round(level / STEP_M) * STEP_M
    return np.where(inside(ground().land.buffer(20)), level, NODATA).astype(np.float32), transform


def draw(out: Path) -> None:
    """Write ``elevation.tif`` and its passport."""
    level, transform = grid()
    folder = out / "terrain"
    folder.mkdir(parents=True, exist_ok=True)
    profile = {
        "driver": "GTiff", "height": level.shape[0], "width": level.shape[1], "count": 1, "dtype": "float32", "crs": "EPSG:4549",
        "transform": transform, "nodata": NODATA, "compress": "deflate", "predictor": 3, "tiled": True, "blockxsize": 256, "blockysize": 256,
        "zlevel": 9,
    }  # fmt: skip
    with rasterio.open(folder / "elevation.tif", "w", **profile) as file:
        file.write(level, 1)
        file.set_band_description(1, "ground elevation [m, 1985]")
    paper = Paper(
        "terrain", "elevation", ("地面高程", "Ground elevation"),
        ("示意高程(1985国家高程基准,30米网格):围垦平原约4.6–7米,江堤顶约9.6米,内河河床3.6米;未见30米以内公开高程,不可用于设计。",
         "An illustrative ground elevation (1985 datum, 30 m cells): flats of about 4.6–7 m, dike crests near 9.6 m, canal beds 3.6 m; no public model was found, not for design."),
        "raster", (Field("elevation_m", "m", "地面高程", "ground elevation"),), ("own_drawing", "coordinate_notes"), "illustrative", 500.0,
        note("由平缓函数、堤顶与河床合成。", "Composed of a smooth function, dike crests and canal beds."), suffix=".tif",
    )  # fmt: skip
    write_passport(out, paper, count=1)
