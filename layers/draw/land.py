"""地块: land use, status, limits and owners of the plots.

Comes in: plots, the structure, places that are taken. Goes out: :class:`Parcel`, the layer ``parcels``.
Must not know: sewers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from shapely.geometry import Polygon

from layers.draw import actors, facts
from layers.draw.areas import core_outline
from layers.draw.blocks import Block, Plot, blocks, plots
from layers.draw.carriers import carriers
from layers.draw.ground import degrees, point
from layers.draw.papers import ID, NAMES, note
from layers.draw.structure import core_parts
from layers.draw.subdistricts import subdistrict_at
from layers.draw.write import Feature, Field, Paper, write_layer

SEED = 20_270_101
Mix = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a land-use code brings: plot sizes [m²] (median, spread), plot ratios, heights [m]."""

    size_m2: float
    spread: float
    ratios: tuple[float, ...]
    heights_m: tuple[int, ...]


KINDS: Mapping[str, Kind] = {
    "0701": Kind(140_000, 0.30, (1.8, 2.0, 2.2, 2.5, 2.8), (54, 60, 80, 100)),
    "0802": Kind(84_000, 0.45, (2.0, 2.5, 3.0, 3.5), (60, 80, 100)),
    "0804": Kind(300_000, 0.30, (0.8, 1.0, 1.2), (36, 50, 60)),
    "0901": Kind(80_000, 0.40, (2.5, 3.0, 3.5, 4.0), (80, 100, 120)),
    "0902": Kind(70_000, 0.40, (2.5, 3.0, 3.5, 4.0), (80, 100, 120)),
    "100101": Kind(84_000, 0.55, (1.5, 2.0, 2.5, 3.0), (36, 50, 60)),
    "100102": Kind(122_000, 0.70, (1.2, 1.5, 2.0, 2.5), (24, 36, 50, 60)),
    "100103": Kind(125_000, 0.60, (0.8, 1.0, 1.2, 1.5), (24, 30, 36)),
    "1101": Kind(125_000, 0.40, (1.0, 1.2, 1.5, 2.0), (24, 30, 36)),
    "13": Kind(52_000, 0.40, (0.4, 0.6, 0.8), (18, 24)),
    "16": Kind(150_000, 0.40, (1.0,), (24,)),
}

# Land-use mix and status by the setting a block lies in.
SETTINGS: Mapping[str, tuple[Mix, Mix]] = {
    "street": ({"100102": 0.52, "100101": 0.26, "0802": 0.12, "1101": 0.04, "0901": 0.06}, {"occupied": 0.70, "low_efficiency": 0.20, "vacant": 0.07, "reserved": 0.03}),
    "research": ({"0802": 0.55, "0902": 0.15, "0901": 0.10, "0701": 0.20}, {"occupied": 0.62, "low_efficiency": 0.12, "vacant": 0.20, "reserved": 0.06}),
    "campus": ({"0804": 0.62, "0701": 0.26, "0802": 0.12}, {"occupied": 0.94, "vacant": 0.03, "reserved": 0.03}),
    "town": ({"0701": 0.66, "0901": 0.16, "0804": 0.08, "0802": 0.05, "13": 0.05}, {"occupied": 0.88, "low_efficiency": 0.04, "vacant": 0.05, "reserved": 0.03}),
    "west": ({"100102": 0.42, "1101": 0.22, "0701": 0.24, "13": 0.12}, {"occupied": 0.66, "low_efficiency": 0.24, "vacant": 0.06, "reserved": 0.04}),
    "zone_major": ({"100102": 0.86, "100101": 0.08, "13": 0.06}, {"vacant": 0.52, "reserved": 0.18, "occupied": 0.24, "low_efficiency": 0.06}),
    "zone_devices": ({"100102": 0.72, "100101": 0.22, "13": 0.06}, {"vacant": 0.40, "reserved": 0.10, "occupied": 0.38, "low_efficiency": 0.12}),
    "zone_chips": ({"100101": 0.62, "100102": 0.22, "0802": 0.16}, {"vacant": 0.40, "reserved": 0.14, "occupied": 0.38, "low_efficiency": 0.08}),
    "park": ({"0802": 0.55, "100101": 0.45}, {"vacant": 0.30, "reserved": 0.10, "occupied": 0.60}),
    "new_town": ({"0701": 0.46, "0901": 0.16, "0804": 0.08, "0802": 0.12, "16": 0.14, "13": 0.04}, {"vacant": 0.30, "reserved": 0.26, "occupied": 0.44}),
    "mixed": ({"100102": 0.52, "100101": 0.16, "1101": 0.12, "0701": 0.14, "13": 0.06}, {"occupied": 0.54, "low_efficiency": 0.22, "vacant": 0.18, "reserved": 0.06}),
    "terminals": ({"100101": 0.42, "100102": 0.40, "1101": 0.12, "0802": 0.06}, {"occupied": 0.40, "low_efficiency": 0.14, "vacant": 0.38, "reserved": 0.08}),
    "materials": ({"100103": 0.48, "100102": 0.34, "1101": 0.12, "13": 0.06}, {"occupied": 0.48, "low_efficiency": 0.20, "vacant": 0.26, "reserved": 0.06}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel with its columns; ``setting`` says what kind of quarter it lies in."""

    id: str
    shape: Polygon
    subdistrict: str
    block: int
    setting: str
    code: str
    status: str
    plot_ratio: float
    height_m: int
    owner: str


@cache
def parcels() -> tuple[Parcel, ...]:
    """Every parcel, numbered from west to east within its subdistrict."""
    rng = Random(SEED)
    settings = [setting_of(block) for block in blocks()]
    codes = [_drawn(SETTINGS[setting][0], rng) for setting in settings]

    def target(number: int, cut: Random) -> float:
        kind = KINDS[codes[number]]
        grown = 1.6 if settings[number] == "zone_major" else 1.0
        return max(9_000.0, kind.size_m2 * grown * math.exp(kind.spread * _bell(cut)))

    found = plots(target, holes=[one.shape for one in carriers()], seed=SEED)
    placed = sorted(((subdistrict_at(one.shape.centroid), one) for one in found), key=_west_to_east)
    fixed = _fixed_uses([plot for _, plot in placed])
    numbers: Counter[str] = Counter()
    made = []
    for town, plot in placed:
        numbers[town] += 1
        setting = settings[plot.block]
        key = f"{facts.PREFIX[town]}-{numbers[town]:04d}"
        made.append(_parcel(key, town, plot, setting, code=codes[plot.block], fixed=fixed.get(id(plot)), rng=rng))
    return tuple(made)


def _fixed_uses(found: Sequence[Plot]) -> dict[int, str]:
    """The use of plots (by identity) on which something known stands: located firms and parks, the two plants."""
    uses = {"firm": "100102", "park": "0802"}
    known = [
        (point(float(row["lon"]), float(row["lat"])), uses[row["kind"]])
        for row in actors.rows()
        if row["lon"] and float(row["accuracy_m"]) < 1000 and row["kind"] in uses
    ]
    known += [(point(*facts.QIGE_PLANT), "13"), (point(*facts.LINJIANG_PLANT), "13")]
    nearest = [(min(found, key=lambda plot: plot.shape.distance(spot)), spot, use) for spot, use in known]
    return {id(plot): use for plot, spot, use in nearest if plot.shape.distance(spot) < 60}


def _parcel(key: str, town: str, plot: Plot, setting: str, *, code: str, fixed: str | None, rng: Random) -> Parcel:
    mix = SETTINGS[setting]
    if rng.random() < 0.22:
        code = _drawn(mix[0], rng)
    code = fixed or code
    kind = KINDS[code]
    status = "occupied" if fixed else _drawn(mix[1], rng)
    if code in ("0804", "13") and status == "low_efficiency":
        status = "occupied"
    holder = (
        f"储备G{rng.randint(1, 4)}"
        if status in ("vacant", "reserved")
        else f"{facts.PREFIX[town]}-P{rng.randint(1, 180):03d}"
    )
    level = rng.randrange(len(kind.ratios))
    height = kind.heights_m[min(level, len(kind.heights_m) - 1)]
    return Parcel(key, plot.shape, town, plot.block, setting, code, status, kind.ratios[level], height, holder)


def setting_of(block: Block) -> str:
    """The kind of quarter a block lies in (keys of :data:`SETTINGS`)."""
    middle = block.shape.centroid
    if block.area == "core" or core_outline().contains(middle):
        near = min(core_parts().items(), key=lambda one: (one[1].distance(middle), one[0]))[0]
        return "park" if near.startswith("park") else near
    if block.area != "xiasha":
        return {"jianghai": "new_town", "qianjin": "terminals", "linjiang": "materials", "yipeng": "town"}.get(
            block.area, "mixed"
        )
    lon, lat = degrees(middle).coords[0]
    return _xiasha_setting(lon, lat)


def _xiasha_setting(lon: float, lat: float) -> str:
    """West-bank quarters: the industrial streets, research north of them, the campus, the west end, towns."""
    if 120.3500 < lon < 120.3780 and 30.2835 < lat < 30.3055:
        return "street"
    if 120.3416 < lon < 120.3780 and 30.3055 <= lat < 30.3150:
        return "research"
    if lat >= 30.3150 and lon > 120.3250:
        return "campus"
    return "west" if lon < 120.3180 and (lat < 30.3000 or lat > 30.3330) else "town"


def _bell(rng: Random) -> float:
    """About a standard normal: twelve rolls less six (``Random.gauss`` promises no stable stream)."""
    return sum(rng.random() for _ in range(12)) - 6.0


def _west_to_east(one: tuple[str, Plot]) -> tuple[str, int, float]:
    town, plot = one
    return town, round(plot.shape.centroid.x / 400), -plot.shape.centroid.y


def _drawn(mix: Mix, rng: Random) -> str:
    """One key of ``mix``, drawn by its weights (``random.choices`` promises no stable stream)."""
    roll = rng.random() * sum(mix.values())
    for name, weight in mix.items():
        roll -= weight
        if roll < 0:
            return name
    return list(mix)[-1]


def draw(out: Path) -> None:
    """Write the layer ``parcels``."""
    features = [
        Feature(
            one.id, one.shape,
            {"name_zh": f"{one.subdistrict}{one.id[3:]}号地块(示意)", "name_en": f"{facts.SUBDISTRICT_EN[one.subdistrict]} parcel {one.id[3:]} (illustrative)",
             "land_use_code": one.code, "status": one.status, "plot_ratio_max": one.plot_ratio, "height_max_m": one.height_m,
             "owner": one.owner, "subdistrict": one.subdistrict},
        )
        for one in parcels()
    ]  # fmt: skip
    fields = (
        ID, *NAMES,
        Field("land_use_code", "text", "用地代码(国土空间用地分类;1001xx 工业)", "land-use code (1001xx industrial)"),
        Field("status", "text", "状态(vacant 空闲/low_efficiency 低效/occupied 已用/reserved 预留)", "vacant, low_efficiency, occupied or reserved"),
        Field("plot_ratio_max", "ratio", "容积率上限", "largest plot ratio"),
        Field("height_max_m", "m", "限高", "height limit"),
        Field("owner", "text", "示意权属代码", "illustrative owner code"),
        Field("subdistrict", "text", "所在街道(示意划分)", "subdistrict (schematic)"),
    )  # fmt: skip
    paper = Paper(
        "land", "parcels", ("地块", "Parcels"),
        ("全部地块的位置、形状、用途、状态、指标与权属均为脚本生成的示意数据,不是任何真实宗地;仅下沙部分街块参照推断的道路网格。",
         "Every parcel's place, shape, use, status, limits and owner are generated and illustrative; none is a real plot. "
         "Only some Xiasha blocks follow the inferred street grid."),
        "polygon", fields, ("own_drawing", "coordinate_notes"), "illustrative", 500.0,
        note("由道路与内河围出街块,按用途中位面积递归切分,削角,部分合并为L形。", "Blocks between roads and canals, split recursively by use, chamfered, some joined to an L."),
        ("no_overlaps", "no_holes"),
    )  # fmt: skip
    write_layer(out, paper, features)
