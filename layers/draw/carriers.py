"""载体: floor space to let in parks; a few known figures, illustrative places.

Comes in: the structure's parks, blocks. Goes out: :class:`Carrier`, the layer ``carriers``. Must not know: parcels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box

from layers.draw.blocks import blocks
from layers.draw.facts import LonLat
from layers.draw.ground import frame_of, largest, point
from layers.draw.papers import ABOUT, ID, NAMES, note
from layers.draw.write import Feature, Field, Paper, write_layer

MU_M2 = 10_000.0 / 15.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """A building complex with free floors."""

    id: str
    zh: str
    en: str
    shape: Polygon
    code: str
    status: str
    floor_m2: float
    free_m2: float
    storeys: int
    floor_load: float
    ratio: float
    about_zh: str
    about_en: str


# id, names, near (lon, lat), land m2, code, floors m2, free m2, storeys, kN/m2, about
_ROWS: tuple[tuple[str, str, str, LonLat, float, str, float, float, int, float, str, str], ...] = (
    ("carrier_xinke", "钱塘芯科园", "Qiantang Xinke Park", (120.46720, 30.33030), 133 * MU_M2, "100101", 250_000, 96_000, 6, 7.5,
     "用地133亩、建筑面积约25万平方米见于报道;可用面积、层数、荷载与位置为示意。", "133 mu and about 250,000 m² as reported; free area, storeys, loads and place are illustrative."),
    ("carrier_heda_xingu", "和达芯谷", "Heda Xingu", (120.47560, 30.33080), 210_000, "0802", 610_000, 182_000, 12, 5.0,
     "规划称三园到2025年共近140万平方米载体;本园面积的分摊、可用面积与位置为示意。", "The plan counts nearly 1.4 million m² in the parks by 2025; this share, the free area and the place are illustrative."),
    ("carrier_zhizao", "智造谷", "Zhizao Valley", (120.48000, 30.32550), 190_000, "100101", 540_000, 205_000, 9, 7.5,
     "规划称三园到2025年共近140万平方米载体;本园面积的分摊、可用面积与位置为示意。", "The plan counts nearly 1.4 million m² in the parks by 2025; this share, the free area and the place are illustrative."),
    ("carrier_lintan", "和达临碳科技城", "Heda Lintan Science City", (120.60990, 30.28620), 318.39 * MU_M2, "100102", 476_000, 238_000, 5, 10.0,
     "用地318.39亩、建筑面积47.6万平方米、四至(经三路、纬六路、西内直河、长风路)见于报道;位置按示意路网摆放,可用面积、层数与荷载为示意。",
     "318.39 mu, 476,000 m² and its bounding roads as reported; placed on the illustrative road grid; free area, storeys, loads are illustrative."),
    ("carrier_singapore", "新加坡科技园", "Singapore Science Park", (120.36390, 30.30630), 62_000, "0802", 148_000, 21_000, 10, 5.0,
     "位置误差约150米;面积、可用面积与层数均为示意。", "Position within about 150 m; areas and storeys are illustrative."),
    ("carrier_haichuang", "海创园", "Haichuang Park", (120.36800, 30.30390), 45_000, "0802", 96_000, 14_500, 11, 5.0,
     "地址21号大街600号;位置误差约500米,面积与可用面积为示意。", "21号大街 no. 600; position within about 500 m, areas illustrative."),
    ("carrier_heda_incubator", "和达孵化器", "Heda incubator", (120.36900, 30.30640), 24_000, "0802", 52_000, 6_800, 8, 4.0,
     "6号大街452号;位置误差约80米,面积与可用面积为示意。", "6号大街 no. 452; position within about 80 m, areas illustrative."),
)  # fmt: skip


@cache
def carriers() -> tuple[Carrier, ...]:
    """The carriers: the ends of the nearest blocks, each of the known land area."""
    made = []
    for key, zh, en, near, land_m2, code, floors, free, storeys, load, about_zh, about_en in _ROWS:
        shape = _in_block(near, land_m2)
        made.append(
            Carrier(key, zh, en, shape, code, "low_efficiency" if free / floors > 0.4 else "occupied", floors, free, storeys, load,
                    round(floors / land_m2, 2), about_zh, about_en)
        )  # fmt: skip
    return tuple(made)


def _in_block(near: LonLat, land_m2: float) -> Polygon:
    """The end of the nearest block that has the land area: a slice, or a corner where a slice would be thin."""
    spot = point(*near)
    roomy = [one.shape for one in blocks() if one.shape.area >= land_m2]
    block = min(roomy, key=lambda shape: (shape.distance(spot), shape.centroid.x))
    share = land_m2 / block.area
    if share >= 0.45:
        return _slice(block, land_m2, spot)
    first = _slice(block, share**0.5 * block.area, spot)
    return _slice(first, land_m2, spot)


def _slice(shape: Polygon, area_m2: float, spot: Point) -> Polygon:
    """The end of ``shape`` nearer to ``spot`` with the given area, cut square to its long side."""
    a, b, c = frame_of(shape)
    side = (a, b) if math.dist(a, b) >= math.dist(b, c) else (b, c)
    heading = math.degrees(math.atan2(side[1][1] - side[0][1], side[1][0] - side[0][0]))
    centre = Point((a[0] + c[0]) / 2, (a[1] + c[1]) / 2)
    flat, there = rotate(shape, -heading, origin=centre), rotate(spot, -heading, origin=centre)
    left, bottom, right, top = flat.bounds
    from_right = there.x > centre.x
    low, high = 0.0, right - left
    for _ in range(60):
        middle = (low + high) / 2
        x0, x1 = (right - middle, right) if from_right else (left, left + middle)
        if flat.intersection(box(x0, bottom - 1, x1, top + 1)).area < area_m2:
            low = middle
        else:
            high = middle
    x0, x1 = (right - high, right) if from_right else (left, left + high)
    return rotate(largest(flat.intersection(box(x0, bottom - 1, x1, top + 1))), heading, origin=centre)


def draw(out: Path) -> None:
    """Write the layer ``carriers``."""
    features = [
        Feature(
            one.id, one.shape,
            {"name_zh": one.zh, "name_en": one.en, "land_use_code": one.code, "status": one.status, "floor_area_m2": one.floor_m2,
             "floor_area_free_m2": one.free_m2, "storeys": one.storeys, "floor_load_kn_m2": one.floor_load, "plot_ratio_max": one.ratio,
             "about_zh": one.about_zh, "about_en": one.about_en},
        )
        for one in carriers()
    ]  # fmt: skip
    fields = (
        ID, *NAMES,
        Field("land_use_code", "text", "用地代码", "land-use code"),
        Field("status", "text", "状态", "status"),
        Field("floor_area_m2", "m2", "总建筑面积", "floor area"),
        Field("floor_area_free_m2", "m2", "可用建筑面积(示意)", "free floor area (illustrative)"),
        Field("storeys", "count", "层数(示意)", "storeys (illustrative)"),
        Field("floor_load_kn_m2", "kn_m2", "楼面荷载(示意)", "floor load (illustrative)", required=False),
        Field("plot_ratio_max", "ratio", "容积率", "plot ratio"),
        *ABOUT,
    )  # fmt: skip
    paper = Paper(
        "land", "carriers", ("产业载体", "Floor-space carriers"),
        ("钱塘芯科园(133亩、约25万平方米)与和达临碳科技城(318.39亩、47.6万平方米)的用地与建筑面积见于报道;其余面积、全部可用面积与位置为示意。",
         "Land and floor area of Xinke Park (133 mu, about 250,000 m²) and Lintan Science City (318.39 mu, 476,000 m²) are reported; "
         "all other areas, every free area and every place are illustrative."),
        "polygon", fields, ("chip_valley_plan", "press_xinke", "press_lintan", "own_drawing"), "illustrative", 500.0,
        note("在最近的示意街块一端按用地面积切出。", "Cut off the end of the nearest illustrative block at the land area."), ("no_overlaps", "no_holes"),
    )  # fmt: skip
    write_layer(out, paper, features)
