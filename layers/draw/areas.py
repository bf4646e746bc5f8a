"""The built-up areas and their street grids: one frame each, local street positions, an outline.

Comes in: the facts. Goes out: :class:`Area` objects with their street lines. Must not know: parcels, sewers.

Only part of the Xiasha grid is inferred from facts; every other grid here is a sketch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from layers.draw import facts
from layers.draw.facts import LonLat
from layers.draw.ground import XY, Frame, largest, metres, path, smooth
from layers.draw.outline import ground

OVERSHOOT_M = 130.0  # streets run on a little, so that they meet whatever passes; loose ends are pruned later


@dataclass(frozen=True, slots=True)
class Street:
    """A drawn street before noding: its names, class, and how sure its place is (``inferred`` or ``illustrative``)."""

    name_zh: str
    name_en: str
    rank: str
    basis: str
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class Area:
    """A built-up area: ``key``, the street lines, the outline inside which blocks become parcels."""

    key: str
    outline: Polygon
    streets: tuple[Street, ...]


_GRIDS: dict[str, tuple[LonLat, float, float, Sequence[float], Sequence[float]]] = {
    # key: origin, turn °, bow m, local positions of the streets across and along
    "core": (
        facts.CORE_CENTRE, 8.0, 55.0,
        (-2250, -1700, -1180, -560, 120, 680, 1180, 1700, 2250),
        (-1740, -1300, -820, -280, 330, 900, 1330, 1740),
    ),
    "jianghai": (
        (120.4790, 30.2995), 4.0, 45.0,
        (-2300, -1750, -1150, -600, 0, 560, 1150, 1700, 2250), (-1650, -1150, -680, -180, 320, 800, 1300),
    ),
    "hezhuang": (
        (120.4325, 30.3175), 17.0, 30.0, (-1000, -520, -60, 420, 900, 1300), (-1900, -1400, -950, -480, 0, 470, 900)
    ),
    "toupeng": ((120.5330, 30.3220), 3.0, 40.0, (-1500, -950, -400, 180, 720, 1250), (-1600, -1050, -560, 0, 520, 1060, 1560)),
    "yipeng": ((120.4920, 30.2720), -4.0, 35.0, (-1650, -1200, -720, -250, 250, 700, 1150, 1500), (-850, -430, 0, 420, 800)),
    "xinwan": ((120.5340, 30.2830), -5.0, 40.0, (-1650, -1150, -650, -180, 330, 840, 1300, 1650), (-1500, -1000, -520, 0, 500, 1020, 1450)),
    "qianjin": (
        (120.5815, 30.3090), -6.0, 60.0,
        (-2150, -1560, -980, -400, 200, 800, 1380, 1950), (-1900, -1320, -720, -100, 500, 1120, 1750),
    ),
    "linjiang": (
        (120.6345, 30.2850), -9.0, 60.0,
        (-2450, -1850, -1250, -600, 40, 680, 1300, 1900, 2500), (-2500, -1900, -1300, -680, -40, 600, 1200, 1750, 2200),
    ),
}  # fmt: skip

AREA_EN = {
    "core": "Xingu", "jianghai": "Jianghai", "hezhuang": "Hezhuang", "toupeng": "Toupeng", "yipeng": "Yipeng",
    "xinwan": "Xinwan", "qianjin": "Qianjin", "linjiang": "Linjiang",
}  # fmt: skip
AREA_ZH = {
    "core": "芯谷", "jianghai": "江海", "hezhuang": "河庄", "toupeng": "头蓬", "yipeng": "义蓬",
    "xinwan": "新湾", "qianjin": "前进", "linjiang": "临江",
}  # fmt: skip


@cache
def core_scale() -> float:
    """The factor that brings the core's outline to 15.60 km² exactly (the bow does not scale, hence the rounds)."""
    scale = 1.0
    for _ in range(8):
        scale *= math.sqrt(facts.CORE_KM2 * 1e6 / _ring("core", scale).area)
    return scale


def core_frame() -> tuple[Frame, float]:
    """The core's frame and its scale: local positions × scale are metres."""
    origin, turn, bow, _, _ = _GRIDS["core"]
    return Frame(metres(*origin), turn, bow), core_scale()


def spot_in(key: str, u: float, v: float) -> XY:
    """The ground position of a local position in the grid of the area ``key``."""
    origin, turn, bow, _, _ = _GRIDS[key]
    scale = core_scale() if key == "core" else 1.0
    return Frame(metres(*origin), turn, bow).at(u * scale, v * scale)


def core_outline() -> Polygon:
    """The core, 15.60 km²."""
    return _ring("core", core_scale())


@cache
def jiangdong_areas() -> tuple[Area, ...]:
    """The gridded areas of the east bank."""
    return tuple(_gridded(key) for key in _GRIDS)


@cache
def xiasha_area() -> Area:
    """下沙 and 白杨: the inferred grid of the facts, continued by sketched streets on all sides."""
    outline = _xiasha_outline()
    streets = [*_known_ns(), *_known_ew(), *_sketched_xiasha()]
    return Area("xiasha", outline, tuple(streets))


def _ring(key: str, scale: float) -> Polygon:
    origin, turn, bow, us, vs = _GRIDS[key]
    frame = Frame(metres(*origin), turn, bow)
    box = [(us[0], vs[0]), (us[-1], vs[0]), (us[-1], vs[-1]), (us[0], vs[-1])]
    if key == "core":  # its north-west corner follows the canal, its north-east the dike road
        box = [(us[0], vs[0]), (us[-1], vs[0]), (us[-1], vs[-1]), (us[2], vs[-1]), (us[0], vs[-3])]
    return frame.ring([(u * scale, v * scale) for u, v in box])


def _gridded(key: str) -> Area:
    origin, turn, bow, us, vs = _GRIDS[key]
    frame = Frame(metres(*origin), turn, bow)
    scale = core_scale() if key == "core" else 1.0
    outline = _ring(key, scale)
    inside = outline.buffer(OVERSHOOT_M)
    streets = []
    for way, here, there in (("N", us, vs), ("E", vs, us)):
        for number, position in enumerate(here, start=1):
            reach = OVERSHOOT_M / scale
            ends = [(position, there[0] - reach), (position, there[-1] + reach)]
            if way == "E":
                ends = [(v, u) for u, v in ends]
            line = frame.line(*[(u * scale, v * scale) for u, v in ends]).intersection(inside)
            name = f"{AREA_ZH[key]}{'经' if way == 'N' else '纬'}{number}路(示意)"
            name_en = f"{AREA_EN[key]} {'NS' if way == 'N' else 'EW'} {number} (illustrative)"
            if not line.is_empty:
                streets.append(Street(name, name_en, "street", "illustrative", line))
    if key == "core":  # the slanting north-west side is no grid line
        slant = frame.line((us[2] * scale + 40, vs[-1] * scale + 31), (us[0] * scale - 40, vs[-3] * scale - 31))
        streets.append(Street("芯谷斜街(示意)", "Xingu slant street (illustrative)", "street", "illustrative", slant))
    return Area(key, outline, tuple(streets))


def _xiasha_outline() -> Polygon:
    west = ground().west.buffer(-140)
    urban = path([(120.2935, 30.29), (120.2945, 30.3420), (120.3200, 30.3470), (120.3450, 30.3490), (120.3640, 30.3470),
                  (120.3800, 30.3395), (120.4100, 30.3250), (120.4000, 30.2600), (120.3000, 30.2600)])  # fmt: skip
    return largest(west.intersection(Polygon(urban.coords)))


def _bend(lon: float) -> float:
    """How far an east-west street has sunk south at ``lon``: nothing east of 15号大街, a little west of it (sketch)."""
    west = max(0.0, 120.3533 - lon)
    return 0.0016 * (1 - math.exp(-west / 0.012))


def _known_ns() -> list[Street]:
    streets = []
    for name, lon, _ in facts.GRID_NS:
        knots: list[LonLat] = [(lon, 30.3140), (lon, 30.2868)]
        if name == "21号大街":
            knots = [(120.3664, 30.3138), *[(x, y) for _, _, x, y, _, _ in facts.CROSSINGS]]
        elif name == "23号大街":
            knots = [(120.37180, 30.3138), (120.37176, 30.30893), (120.3725, 30.3050), (120.3725, 30.2872)]
        english = f"No. {name.removesuffix('号大街')} Street"
        rank = "arterial" if name in ("11号大街", "21号大街", "25号大街") else "street"
        streets.append(Street(name, english, rank, "inferred", path(knots)))
    return streets


def _known_ew() -> list[Street]:
    streets = []
    for number, name, _, lat, _, _ in facts.CROSSINGS:
        east = [(lon, lat) for lon in (120.3440 + 0.00331 * k for k in range(11))]
        knots = [(lon, lat - _bend(lon)) for lon, lat in east]
        rank = "arterial" if number in ("06", "12", "18") else "street"
        streets.append(Street(name, f"No. {int(number)} Street", rank, "inferred", path(knots)))
    xuezheng = path([(120.3440, 30.3085), (120.37176, 30.30893), (120.3771, 30.3090)])
    streets.append(Street("学正街", "Xuezheng Street", "street", "inferred", xuezheng))
    second = path([(120.3440, 30.31232), (120.3718, 30.31331), (120.3771, 30.3135)])
    streets.append(Street("2号大街", "No. 2 Street", "arterial", "inferred", second))
    return streets


def _sketched_xiasha() -> list[Street]:
    inside = _xiasha_outline()
    streets: list[Street] = []

    def add(key: str, knots: Sequence[LonLat], rank: str = "street", name: str = "") -> None:
        shape = smooth([metres(*at) for at in knots], step_m=150).intersection(inside)
        title = f"{name}(示意)" if name else f"下沙{key}路(示意)"
        english = f"{name or 'Xiasha ' + key} (illustrative)"
        if not shape.is_empty:
            streets.append(Street(title, english, rank, "illustrative", shape))

    for k, (_, lon, _) in enumerate(facts.GRID_NS, start=1):
        major = "arterial" if k in (1, 6, 8) else "street"
        if k in (1, 3, 5, 6, 7, 8):
            top = 30.31232 + (lon - 120.34388) * 0.0355
            add(f"北{k}", [(lon, top), (lon + 0.0006, 30.325), (lon + 0.0016, 30.338), (lon + 0.001, 30.352)], major)
        add(f"南{k}", [(lon, 30.2872), (lon - 0.0004, 30.280), (lon - 0.0002, 30.272), (lon - 0.0002, 30.262)], major)
    for k, lon in enumerate((120.2995, 120.3062, 120.3128, 120.3202, 120.3250, 120.3298, 120.3345, 120.3393), start=1):
        low = 30.2620
        knots = [
            (lon + 0.0015, 30.350),
            (lon + 0.0006, 30.330),
            (lon, 30.3120),
            (lon - 0.0002, 30.295),
            (lon + 0.001, low),
        ]
        add(f"西{k}", knots, "arterial" if k in (4, 6) else "street")
    for k, lon in enumerate((120.3822, 120.3872, 120.3925), start=1):
        add(f"东{k}", [(lon + 0.002, 30.330), (lon, 30.3135), (lon - 0.0005, 30.300), (lon - 0.0015, 30.283)])
    for number, _, _, lat, _, _ in facts.CROSSINGS:
        rank = "arterial" if number in ("06", "12", "18") else "street"
        add(
            f"{int(number)}号西延",
            [(lon, lat - _bend(lon)) for lon in (120.285, 120.300, 120.315, 120.330, 120.3440)],
            rank,
        )
        add(f"{int(number)}号东延", [(120.3771, lat), (120.3850, lat + 0.0006), (120.4000, lat + 0.0020)], rank)
    for k, lat in enumerate((30.2842, 30.2810, 30.2775, 30.2735), start=1):
        knots = [(lon, lat - _bend(lon) * 0.5) for lon in (120.300, 120.320, 120.3440, 120.360, 120.3771, 120.392)]
        add(f"{20 + 2 * k}号", knots, "arterial" if k == 2 else "street")
    add("学正西延", [(120.285, 30.3070), (120.3110, 30.3075), (120.3440, 30.3085)])
    add(
        "2号西延",
        [(120.285, 30.3126), (120.3080, 30.31231), (120.3212, 30.3116), (120.3309, 30.31177), (120.3440, 30.31232)],
        "arterial",
    )
    add("2号东延", [(120.3771, 30.3135), (120.3880, 30.3143), (120.4100, 30.3150)], "arterial")
    for k, (lat, tilt) in enumerate(
        ((30.3172, 0.0022), (30.3222, 0.0026), (30.3275, 0.0030), (30.3335, 0.0034), (30.3400, 0.0036)), start=1
    ):
        knots = [
            (lon, lat + tilt * (lon - 120.285) / 0.1) for lon in (120.285, 120.310, 120.335, 120.360, 120.385, 120.410)
        ]
        add(f"北横{k}", knots, "arterial" if k in (2, 4) else "street")
    ring = LineString(inside.exterior.coords)
    streets.append(
        Street("下沙沿江及外环路(示意)", "Xiasha riverside and ring (illustrative)", "arterial", "illustrative", ring)
    )
    return streets
