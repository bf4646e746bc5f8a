"""Homes and protected land: both sketched, homes from residential plots and hamlets.

Comes in: parcels, ground, roads. Goes out: :class:`Home`, the layers ``residential`` and ``protected``.
Must not know: sewers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import shapely
from shapely import STRtree
from shapely.geometry import Point, Polygon

from layers.draw import facts
from layers.draw.areas import core_outline, jiangdong_areas, spot_in, xiasha_area
from layers.draw.facts import LonLat
from layers.draw.ground import largest, path, point, polygons
from layers.draw.land import Parcel, parcels
from layers.draw.outline import ground
from layers.draw.papers import ID, NAMES, note
from layers.draw.roads import edges
from layers.draw.subdistricts import subdistrict_at
from layers.draw.write import Feature, Field, Paper, write_layer

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
    roads = STRtree([e.line for e in edges()])
    found: list[Polygon] = []
    for edge in rural:
        step = 850.0
        for k in range(1, int(edge.line.length / step)):
            at = edge.line.interpolate(k * step + rng.uniform(-250, 250))
            side, size = rng.choice((-1, 1)), rng.uniform(55, 120)
            spot = Point(at.x + side * rng.uniform(40, 90), at.y + side * (size + rng.uniform(40, 90)))
            shape = _blob(spot, size, rng).difference(wet)
            shape = largest(
                shape.difference(shapely.union_all([e.buffer(22) for e in roads.geometries[roads.query(shape)]]))
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


def protected() -> list[tuple[str, str, str, str, Polygon]]:
    """Protected land (id, zh, en, kind, shape): wetland and ecology along the dike, farmland between the quarters."""
    towns = shapely.union_all([area.outline.buffer(180) for area in (xiasha_area(), *jiangdong_areas())])
    homes_near = shapely.union_all([home.shape.buffer(60) for home in homes()])
    east, west = ground().east, ground().west
    rows: list[tuple[str, str, str, str, Polygon]] = []
    wetland = path(
        [spot for spot in ((120.5180, 30.3740), (120.5900, 30.3705), (120.6450, 30.3610), (120.6700, 30.3440))]
    ).buffer(620)
    rows.append(
        (
            "eco_01",
            "江东沿江湿地(示意)",
            "Jiangdong riverside wetland (illustrative)",
            "ecology",
            largest(wetland.intersection(east.buffer(-120))),
        )
    )
    spit = path([(120.6790, 30.3100), (120.6890, 30.2820)]).buffer(520)
    rows.append(
        (
            "eco_02",
            "临江东堤生态带(示意)",
            "Linjiang east dike ecology belt (illustrative)",
            "ecology",
            largest(spit.intersection(east.buffer(-60)).difference(towns)),
        )
    )
    bank = ground().dikes["xiasha"].buffer(95, cap_style="flat").intersection(west)
    rows.append(("eco_03", "下沙沿江生态带(示意)", "Xiasha riverside belt (illustrative)", "ecology", largest(bank)))
    for key, name, width_m, _ in facts.CANALS:
        if key in ("C04", "C06", "C08"):
            belt = largest(ground().canals[key][1].buffer(width_m * 0.5 + 6).intersection(east))
            rows.append(
                (
                    f"water_{key.lower()}",
                    name.replace("(示意)", "水源保护带(示意)"),
                    f"water protection belt {key} (illustrative)",
                    "water",
                    belt,
                )
            )
    fields = {
        "farm_01": ("河庄北永久农田(示意)", ((120.4480, 30.3560), (120.4660, 30.3640), (120.4830, 30.3660), (120.4840, 30.3560), (120.4640, 30.3540))),
        "farm_02": ("义蓬北永久农田(示意)", ((120.5070, 30.3530), (120.5480, 30.3530), (120.5500, 30.3700), (120.5100, 30.3710))),
        "farm_03": ("新湾东永久农田(示意)", ((120.5620, 30.2690), (120.5980, 30.2690), (120.5980, 30.2790), (120.5640, 30.2790))),
        "farm_04": ("前进北永久农田(示意)", ((120.5640, 30.3380), (120.6040, 30.3360), (120.6050, 30.3640), (120.5640, 30.3660))),
        "farm_05": ("临江北永久农田(示意)", ((120.6180, 30.3300), (120.6600, 30.3290), (120.6590, 30.3410), (120.6200, 30.3400))),
        "farm_06": ("下沙北农田(示意)", ((120.3010, 30.3480), (120.3380, 30.3530), (120.3650, 30.3540), (120.3720, 30.3680), (120.3460, 30.3660), (120.3060, 30.3510))),
        "farm_07": ("义蓬东永久农田(示意)", ((120.5390, 30.3090), (120.5520, 30.3090), (120.5520, 30.3020), (120.5390, 30.3000))),
        "farm_08": ("临江南永久农田(示意)", ((120.5760, 30.2410), (120.6020, 30.2410), (120.6030, 30.2590), (120.5780, 30.2600))),
    }  # fmt: skip
    for key, (name, ring) in fields.items():
        shape = (
            Polygon(path(ring).coords)
            .intersection(ground().land)
            .difference(shapely.union_all([towns, homes_near, ground().water.buffer(15)]))
        )
        shape = shape.difference(shapely.union_all([e.line.buffer(45) for e in edges() if e.street.rank != "street"]))
        number = int(key[-2:])
        rows += [
            (f"{key}{'abcdefgh'[k]}", name, f"protected farmland {number} (illustrative)", "farmland", part)
            for k, part in enumerate(p for p in polygons(shape) if p.area > 60_000)
        ]
    return rows


def jianghai_box() -> Polygon:
    """The ground 江海之城 covers on our roads: between 河庄大道, 江东一路, 头蓬快速路 and 钱塘快速路."""
    return Polygon(
        [
            spot_in("jianghai", -2300, -1650),
            spot_in("jianghai", 2250, -1650),
            spot_in("core", 2250, -1740),
            spot_in("core", -2250, -1740),
        ]
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
