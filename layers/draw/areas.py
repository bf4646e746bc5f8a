"""The built-up areas and their street grids: one frame each, local street positions, an outline.

Comes in: the facts. Goes out: :class:`Area` objects with their street lines. Must not know: parcels, sewers.

Only part of the Xiasha grid is inferred from facts; every other grid here is a sketch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from layers.draw import facts
from layers.draw.facts import LonLat
from layers.draw.ground import XY, Frame, metres

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
