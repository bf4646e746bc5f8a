"""Official-style files: what a planning bureau hands over, drawn from a fixed seed.

Comes in: how many parcels, where. Goes out: a zipped Shapefile as bytes. Must not know: what reads it.
"""

from __future__ import annotations

import random

import shapely
from shapely.geometry import Polygon, box

from kit.intake import PRJ_4549, dbf, shp, zipped

FIELDS = ("地块编号", "用地性质", "容积率", "建筑限高", "利用状态", "权利人", "街道")
USES = ("一类工业用地", "二类工业用地", "100102", "M1", "科研用地")
STATES = ("净地", "待出让", "低效用地", "已建")
OWNERS = ("杭州某某集成电路有限公司", "钱塘区土地储备中心", "杭州某某新材料有限公司")
STREETS = ("下沙街道", "白杨街道", "前进街道", "义蓬街道")


def parcels_zip(
    *,
    count: int = 50,
    corner: tuple[float, float] = (550_000.0, 3_352_000.0),
    encoding: str = "gbk",
    prj: bytes | None = PRJ_4549,
    stem: str = "钱塘区工业地块",
    first: int = 1,
) -> bytes:
    """A zip of a Shapefile in metres of EPSG:4549: text in ``encoding``, no ``.cpg``, Chinese names and fields.

    The parcels stand in rows of ten from ``corner`` (EPSG:4549), at least 20 m apart; ids are ``QT-2026-001`` on.
    """
    chance = random.Random(20260101)  # noqa: S311 - a drawing, not a secret
    shapes: list[Polygon] = []
    rows: list[list[str]] = []
    for number in range(count):
        x, y = corner[0] + 520 * (number % 10), corner[1] + 420 * (number // 10)
        shapes.append(box(x, y, x + chance.randint(300, 500), y + chance.randint(250, 400)))
        ratio, height = f"{chance.choice((1.5, 2.0, 2.5, 3.0))}", f"{chance.choice((40, 60, 80))}"
        rows.append(
            [
                f"QT-2026-{first + number:03d}",
                chance.choice(USES),
                ratio,
                height,
                chance.choice(STATES),
                chance.choice(OWNERS),
                chance.choice(STREETS),
            ]
        )
    assert all(shapely.is_valid(shapes))
    shape_bytes, index_bytes = shp(shapes)
    table = dbf([name.encode(encoding) for name in FIELDS], [[cell.encode(encoding) for cell in row] for row in rows])
    name = stem.encode(encoding)
    parts = [(name + b".shp", shape_bytes), (name + b".shx", index_bytes), (name + b".dbf", table)]
    return zipped([*parts, *([(name + b".prj", prj)] if prj is not None else [])])
