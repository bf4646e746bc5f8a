"""Homes and protected land: both sketched, homes from residential plots and hamlets.

Comes in: parcels, ground, roads. Goes out: :class:`Home`, the layers ``residential`` and ``protected``.
Must not know: sewers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import shapely
from shapely import STRtree
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from layers.draw import facts
from layers.draw.areas import core_outline, jiangdong_areas
from layers.draw.facts import LonLat
from layers.draw.ground import largest, path, point, polygons
from layers.draw.land import Parcel, parcels
from layers.draw.outline import ground
from layers.draw.papers import ID, NAMES, note
from layers.draw.roads import edges
from layers.draw.subdistricts import subdistrict_at
from layers.draw.write import Feature, Field, Paper, write_layer
from layers.draw.xiasha import xiasha_area

SEED = 20_270_202
# Persons per hectare of residential plot (assumption): denser on the west bank.
DENSITY = {"下沙": 185.0, "白杨": 200.0, "河庄": 240.0, "义蓬": 260.0, "新湾": 240.0, "前进": 220.0, "临江": 200.0}
JIANGHAI_PERSONS = 271_800

COMMUNITIES: tuple[tuple[str, str, LonLat], ...] = (
    ("七格小区", "Qige", (120.3114, 30.3010)), ("智格社区", "Zhige", (120.3289, 30.2961)), ("高教社区", "Gaojiao", (120.3400, 30.3300)),
    ("江滨花园社区", "Jiangbin Garden", (120.3792, 30.2844)), ("云滨社区", "Yunbin", (120.3361, 30.2739)), ("三联村", "Sanlian", (120.4197, 30.3150)),
    ("头蓬社区", "Toupeng", (120.5015, 30.3127)), ("南沙村", "Nansha", (120.5047, 30.3200)), ("华彩名府", "Huacai", (120.5340, 30.2845)),
    ("临江村", "Linjiang village", (120.5814, 30.3094)), ("义和路片", "Yihe Road", (120.4947, 30.2784)), ("河庄集镇", "Hezhuang town", (120.4529, 30.3004)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """A residential area with its persons; ``state`` is present or planned."""

    id: str
    zh: str
    en: str
    shape: Polygon
    persons: int
    state: str


@cache
def homes() -> tuple[Home, ...]:
    """Residential quarters from plots in use, the planned quarters of 江海之城, and hamlets in the fields."""
    quarters = _quarters(
        [one for one in parcels() if one.code == "0701" and one.status in ("occupied", "low_efficiency")]
    )
    rng = Random(SEED)
    found: list[Home] = []
    for number, shape in enumerate(quarters, start=1):
        town = subdistrict_at(shape.centroid)
        zh, en = _community(shape, town, number)
        persons = round(shape.area / 1e4 * DENSITY[town] * (0.8 + 0.4 * rng.random()), -1)
        found.append(Home(f"home_{number:03d}", zh, en, shape, int(persons), "present"))
    return (*found, *_planned(), *_hamlets(rng))


def _quarters(plots: list[Parcel]) -> list[Polygon]:
    """Residential plots of one block joined into one quarter."""
    by_block: dict[int, list[Polygon]] = {}
    for one in plots:
        by_block.setdefault(one.block, []).append(one.shape)
    joined = [
        part for _, group in sorted(by_block.items()) for part in polygons(shapely.union_all(group, grid_size=0.01))
    ]
    return sorted(joined, key=lambda p: (round(p.centroid.x), p.centroid.y))


def _community(shape: Polygon, town: str, number: int) -> tuple[str, str]:
    for zh, en, spot in COMMUNITIES:
        if shape.distance(point(*spot)) < 30:
            return f"{zh}一带(示意)", f"around {en} (illustrative)"
    return f"{town}居住片{number:03d}(示意)", f"{facts.SUBDISTRICT_EN[town]} homes {number:03d} (illustrative)"


@cache
def _planned() -> tuple[Home, ...]:
    """江海之城: the residential plots still free inside its four bounding roads, with the plan's persons shared by area."""
    free = [
        one
        for one in parcels()
        if one.setting == "new_town" and one.code == "0701" and one.status in ("vacant", "reserved")
    ]
    shapes = _quarters(free)
    total = sum(shape.area for shape in shapes)
    shares = [int(JIANGHAI_PERSONS * shape.area / total) for shape in shapes]
    shares[0] += JIANGHAI_PERSONS - sum(shares)
    return tuple(
        Home(
            f"planned_{k:02d}",
            f"江海之城规划居住片{k:02d}(示意)",
            f"Jianghai new town, planned homes {k:02d} (illustrative)",
            shape,
            persons,
            "planned",
        )
        for k, (shape, persons) in enumerate(zip(shapes, shares, strict=True), start=1)
    )


def _hamlets(rng: Random) -> list[Home]:
    """Small villages strung along rural roads east of the river, off plots, water and the core."""
    rural = [e for e in edges() if e.street.rank == "arterial" and e.line.length > 900]
    kept_clear = shapely.union_all(
        [*(area.outline.buffer(250) for area in jiangdong_areas()), xiasha_area().outline, core_outline()]
    )
    wet = shapely.union_all([shape.buffer(25) for _, shape in ground().canals.values()])
    inland = ground().east.buffer(-900)
    network = [e.line for e in edges()]
    roads = STRtree(network)
    found: list[Polygon] = []
    for edge in rural:
        step = 850.0
        for k in range(1, int(edge.line.length / step)):
            at = edge.line.interpolate(k * step + rng.uniform(-250, 250))
            side, size = rng.choice((-1, 1)), rng.uniform(55, 120)
            spot = Point(at.x + side * rng.uniform(40, 90), at.y + side * (size + rng.uniform(40, 90)))
            shape = _blob(spot, size, rng).difference(wet)
            shape = largest(
                shape.difference(shapely.union_all([network[int(k)].buffer(22) for k in roads.query(shape)]))
            )
            clear = (
                inland.contains(shape)
                and not kept_clear.intersects(shape)
                and all(shape.distance(other) > 300 for other in found)
            )
            if clear and rng.random() < 0.75 and shape.area > 4000:
                found.append(shape)
    made = []
    for number, shape in enumerate(sorted(found, key=lambda p: (round(p.centroid.x), p.centroid.y)), start=1):
        town = subdistrict_at(shape.centroid)
        zh, en = f"{town}村落{number:02d}(示意)", f"{facts.SUBDISTRICT_EN[town]} hamlet {number:02d} (illustrative)"
        made.append(Home(f"hamlet_{number:02d}", zh, en, shape, int(round(shape.area / 1e4 * 90, -1)), "present"))
    return made


def _blob(spot: Point, size: float, rng: Random) -> Polygon:
    corners = []
    for k in range(9):
        angle, reach = 2 * math.pi * k / 9, size * rng.uniform(0.75, 1.25)
        corners.append((spot.x + 1.7 * reach * math.cos(angle), spot.y + 0.8 * reach * math.sin(angle)))
    return Polygon(corners)


Guarded = tuple[str, str, str, str, Polygon]


def protected() -> list[Guarded]:
    """Protected land (id, zh, en, kind, shape): wetland and belts along the dikes, belts along canals, farmland."""
    east, west = ground().east, ground().west
    dike = ground().dikes["jiangdong"]
    shore = dike.buffer(760, cap_style="flat").difference(dike.buffer(110)).intersection(east)
    reach = Polygon(path(WETLAND_REACH).coords)
    spit = (
        dike.buffer(620, cap_style="flat")
        .difference(dike.buffer(110))
        .intersection(Polygon(path(SPIT_REACH).coords))
        .intersection(east)
    )
    bank = ground().dikes["xiasha"].buffer(95, cap_style="flat").intersection(west)
    rows: list[Guarded] = [
        (
            "eco_01",
            "江东沿江湿地(示意)",
            "Jiangdong riverside wetland (illustrative)",
            "ecology",
            _tidy(shore.intersection(reach)),
        ),
        ("eco_02", "临江东堤生态带(示意)", "Linjiang east dike ecology belt (illustrative)", "ecology", _tidy(spit)),
        (
            "eco_03",
            "下沙沿江生态带(示意)",
            "Xiasha riverside belt (illustrative)",
            "ecology",
            largest(_tidy(bank).intersection(west)),
        ),
    ]
    for key, name, width_m, _ in facts.CANALS:
        if key in ("C04", "C06", "C08"):
            belt = ground().canals[key][1].buffer(width_m * 0.5 + 6).intersection(east)
            rows.append(
                (
                    f"water_{key.lower()}",
                    name.replace("(示意)", "保护带(示意)"),
                    f"protection belt of canal {key} (illustrative)",
                    "water",
                    _tidy(belt),
                )
            )
    return [*rows, *_farmland([row[-1] for row in rows[:3]])]


WETLAND_REACH: tuple[LonLat, ...] = (
    (120.5140, 30.4000),
    (120.5140, 30.3700),
    (120.6450, 30.3500),
    (120.6780, 30.3300),
    (120.7000, 30.3400),
    (120.6700, 30.3900),
)
SPIT_REACH: tuple[LonLat, ...] = ((120.6500, 30.3080), (120.7100, 30.3080), (120.7100, 30.2780), (120.6500, 30.2780))


def _tidy(shape: BaseGeometry) -> Polygon:
    return largest(largest(shape).simplify(1.0))


def _farmland(kept_out: Sequence[Polygon]) -> list[Guarded]:
    """Two fields of three: what lies between rural roads, off quarters, hamlets, canals, wetland, and off the core's surroundings."""
    areas = [area.outline.buffer(180) for area in (xiasha_area(), *jiangdong_areas())]
    near_homes = [home.shape.buffer(45) for home in homes()]
    roads = [edge.line.buffer(38) for edge in edges() if edge.street.rank != "street"]
    taken = unary_union([*areas, *near_homes, *roads, *kept_out, core_outline().buffer(420), ground().water.buffer(22)])
    north = Polygon([*XIASHA_FIELDS.exterior.coords]).intersection(ground().west.buffer(-120))
    open_land = unary_union([north, ground().east.buffer(-170)]).difference(taken)
    smooth = open_land.buffer(-45).buffer(45, join_style="round")
    parts = [largest(part.simplify(2.0)) for part in polygons(smooth) if part.area > 180_000]
    found: list[Guarded] = []
    from_west = sorted(parts, key=lambda p: (round(p.centroid.x), p.centroid.y))
    for number, part in enumerate((part for k, part in enumerate(from_west) if k % 3 != 1), start=1):
        town = subdistrict_at(part.centroid)
        zh = f"{town}永久基本农田{number:02d}(示意)"
        found.append(
            (
                f"farm_{number:02d}",
                zh,
                f"{facts.SUBDISTRICT_EN[town]} basic farmland {number:02d} (illustrative)",
                "farmland",
                part,
            )
        )
    return found


XIASHA_FIELDS = Polygon(
    path(
        (
            (120.2950, 30.3460),
            (120.3450, 30.3530),
            (120.3700, 30.3500),
            (120.3900, 30.3750),
            (120.3900, 30.3900),
            (120.2950, 30.3600),
        )
    ).coords
)


def draw(out: Path) -> None:
    """Write ``residential`` and ``protected``."""
    features = [
        Feature(one.id, one.shape, {"name_zh": one.zh, "name_en": one.en, "persons": one.persons, "state": one.state})
        for one in homes()
    ]
    fields = (ID, *NAMES, Field("persons", "count", "人数(示意;江海之城总数为公示数)", "persons (illustrative; the total of Jianghai is published)"),
              Field("state", "text", "现状或规划(present/planned)", "present or planned"))  # fmt: skip
    paper = Paper(
        "context", "residential", ("居住区", "Residential areas"),
        ("范围与人数均为示意;江海之城规划人口271,800人见于单元规划公示转载,按面积分摊到示意居住片。",
         "Extents and persons are illustrative; the 271,800 persons planned for Jianghai new town are from a reposted notice, shared out by area."),
        "polygon", fields, ("own_drawing", "jianghai_notice", "coordinate_notes"), "illustrative", 500.0,
        note("由示意居住地块与沿路村落合成。", "From illustrative residential plots and hamlets along roads."), ("no_overlaps",),
    )  # fmt: skip
    write_layer(out, paper, features)
    guarded = [
        Feature(key, shape, {"name_zh": zh, "name_en": en, "kind": kind}) for key, zh, en, kind, shape in protected()
    ]
    paper = Paper(
        "context", "protected", ("保护区域", "Protected areas"),
        ("永久基本农田、生态与水源保护范围未见公开矢量,此处全部为示意,不能代替“三区三线”成果。",
         "No public outlines of basic farmland, ecological or water protection were found: all illustrative, no substitute for the official lines."),
        "polygon", (ID, *NAMES, Field("kind", "text", "类别(farmland/ecology/water)", "farmland, ecology or water")), ("own_drawing",), "illustrative", 1000.0,
        note("沿江堤、内河与片区之间手绘。", "Sketched along dikes, canals and between quarters."),
    )  # fmt: skip
    write_layer(out, paper, guarded)
