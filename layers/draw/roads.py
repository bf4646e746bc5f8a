"""The road network: all drawn streets noded into edges that meet only at shared end points.

Comes in: streets of the areas, sketched arterials. Goes out: :class:`Edge` objects, the layer ``roads``.
Must not know: parcels, sewers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import shapely
from shapely import STRtree
from shapely.geometry import LineString

from layers.draw.areas import Street, jiangdong_areas, spot_in
from layers.draw.facts import LonLat
from layers.draw.ground import GRID_M, XY, lines, metres, smooth
from layers.draw.outline import ground
from layers.draw.xiasha import xiasha_area

RANKS = ("expressway", "arterial", "street")
HALF_WIDTH_M = {"expressway": 32.0, "arterial": 20.0, "street": 11.0}


@dataclass(frozen=True, slots=True)
class Edge:
    """A piece of road between two junctions; ``street`` gives its names and class."""

    street: Street
    line: LineString

    @property
    def ends(self) -> tuple[XY, XY]:
        """Both end points [m]."""
        return ends_of(self.line)


def ends_of(line: LineString) -> tuple[XY, XY]:
    """The first and the last point of a line [m]."""
    first, last = line.coords[0], line.coords[-1]
    return (first[0], first[1]), (last[0], last[1])


Knot = LonLat | tuple[str, float, float]

# Alignments are ours; only the names (and which of them bound 江海之城) are known. A knot is a position in degrees or
# a local position in an area's grid, so that a through road runs along a street line of the quarters it crosses.
ARTERIALS: tuple[tuple[str, str, str, tuple[Knot, ...]], ...] = (
    ("江东大道(示意)", "Jiangdong Avenue (illustrative)", "arterial",
     ((120.4105, 30.3010), (120.4300, 30.3005), ("jianghai", -2300, 320), ("jianghai", 0, 320), ("jianghai", 2250, 320), (120.5200, 30.3050),
      (120.5450, 30.3020), ("qianjin", -2150, -1320), ("qianjin", 0, -1320), ("qianjin", 1950, -1320), ("linjiang", -1850, 1200),
      ("linjiang", 0, 1200), ("linjiang", 2500, 1200), (120.6885, 30.2905))),
    ("江东一路(示意)", "Jiangdong 1st Road (illustrative)", "arterial",
     ((120.4160, 30.3130), (120.4380, 30.3150), ("core", -2250, -1740), ("core", -800, -1740), ("core", 800, -1740), ("core", 2250, -1740),
      ("toupeng", -1500, 0), ("toupeng", 1250, 0), ("qianjin", -2150, 1120), ("qianjin", 0, 1120), ("qianjin", 1950, 1120),
      (120.6200, 30.3140), (120.6600, 30.3090), (120.6850, 30.3110))),
    ("江东三路(示意)", "Jiangdong 3rd Road (illustrative)", "arterial",
     ((120.4225, 30.3270), (120.4390, 30.3235), ("core", -2250, -820), ("core", -800, -820), ("core", 800, -820), ("core", 2250, -820),
      ("toupeng", -1500, 1560), ("toupeng", 1250, 1560), (120.5620, 30.3345), (120.5950, 30.3320), (120.6400, 30.3270), (120.6815, 30.3250))),
    ("江东七路(示意)", "Jiangdong 7th Road (illustrative)", "arterial",
     ((120.4308, 30.3430), ("core", -2250, 900), ("core", -800, 900), ("core", 800, 900), ("core", 2250, 900), (120.5300, 30.3490),
      (120.5800, 30.3470), (120.6300, 30.3420), (120.6765, 30.3390))),
    ("钱塘快速路(示意)", "Qiantang Expressway (illustrative)", "expressway",
     ((120.4350, 30.2850), ("jianghai", -2300, -1650), ("jianghai", 0, -1650), ("jianghai", 2250, -1650), ("xinwan", -1650, 0), ("xinwan", 0, 0),
      ("xinwan", 1650, 0), (120.5750, 30.2815), ("linjiang", -1850, -680), ("linjiang", 0, -680), ("linjiang", 2500, -680), (120.6932, 30.2790))),
    ("河庄大道(示意)", "Hezhuang Avenue (illustrative)", "arterial",
     ((120.4560, 30.2630), (120.4555, 30.2750), ("jianghai", -2300, -1650), ("jianghai", -2300, -200), ("jianghai", -2300, 1300),
      ("core", -2250, -1740), ("core", -2250, -400), ("core", -2250, 900), (120.4490, 30.3530), (120.4465, 30.3655))),
    ("青六路(示意)", "Qingliu Road (illustrative)", "arterial",
     ((120.4750, 30.2570), ("yipeng", -1650, -850), ("yipeng", -1650, 800), ("jianghai", 0, -1650), ("jianghai", 0, -200), ("jianghai", 0, 1300),
      ("core", -560, -1740), ("core", -560, 0), ("core", -560, 1740), (120.4700, 30.3610), (120.4690, 30.3740))),
    ("东垦路(示意)", "Dongken Road (illustrative)", "arterial",
     (("jianghai", 1150, 320), ("jianghai", 1150, 1300), ("core", 1180, -1740), ("core", 1180, 0), ("core", 1180, 1740), (120.4850, 30.3640), (120.4850, 30.3775))),
    ("头蓬快速路(示意)", "Toupeng Expressway (illustrative)", "expressway",
     ((120.5060, 30.2510), ("yipeng", 1500, -850), ("yipeng", 1500, 800), ("jianghai", 2250, -1650), ("jianghai", 2250, 0), ("jianghai", 2250, 1300),
      ("core", 2250, -1740), ("core", 2250, 0), ("core", 2250, 1740), (120.4985, 30.3660), (120.5030, 30.3802))),
    ("青东一路(示意)", "Qingdong 1st Road (illustrative)", "arterial",
     ((120.5535, 30.2600), ("xinwan", 1650, -1500), ("xinwan", 1650, 0), ("xinwan", 1650, 1450), ("qianjin", -2150, -1900), ("qianjin", -2150, 0),
      ("qianjin", -2150, 1750), (120.5600, 30.3490), (120.5570, 30.3772))),
    ("红十五路(示意)", "Hongshiwu Road (illustrative)", "arterial",
     ((120.4560, 30.2630), ("yipeng", -1650, -850), ("yipeng", 0, -850), ("yipeng", 1500, -850), ("xinwan", -1650, -1500), ("xinwan", 0, -1500),
      ("xinwan", 1650, -1500), (120.5850, 30.2660), ("linjiang", -2450, -1900), ("linjiang", 0, -1900), ("linjiang", 2500, -1900), (120.6790, 30.2620))),
    ("经三路(示意)", "Jingsan Road (illustrative)", "arterial",
     ((120.6100, 30.2440), ("linjiang", -1850, -2500), ("linjiang", -1850, -680), ("linjiang", -1850, 1200), ("linjiang", -1850, 2200),
      (120.6180, 30.3200), (120.6140, 30.3450), (120.6120, 30.3735))),
    ("临江东路(示意)", "Linjiang East Road (illustrative)", "arterial",
     ((120.6540, 30.2450), ("linjiang", 2500, -2500), ("linjiang", 2500, -680), ("linjiang", 2500, 1200), ("linjiang", 2500, 2200),
      (120.6640, 30.3250), (120.6650, 30.3400), (120.6570, 30.3620))),
    ("江东沿江大道(示意)", "Jiangdong riverside avenue (illustrative)", "arterial",
     ((120.4105, 30.3010), (120.4160, 30.3130), (120.4225, 30.3270), (120.4308, 30.3430), (120.4370, 30.3550), (120.4465, 30.3655), (120.4690, 30.3740),
      (120.4850, 30.3775), (120.5030, 30.3802), (120.5570, 30.3772), (120.6120, 30.3735), (120.6300, 30.3695), (120.6570, 30.3620), (120.6765, 30.3390),
      (120.6815, 30.3250), (120.6850, 30.3110), (120.6885, 30.2905), (120.6932, 30.2790))),
    ("江东西堤路(示意)", "Jiangdong west dike road (illustrative)", "arterial",
     ((120.4105, 30.3010), (120.4080, 30.2920), (120.4200, 30.2905), (120.4330, 30.2960), (120.4390, 30.2850), ("jianghai", -2300, -1650))),
    ("江东大桥(示意)", "Jiangdong Bridge (illustrative)", "expressway", ((120.3771, 30.2970), (120.3900, 30.2985), (120.4105, 30.3010))),
    ("过江通道(示意)", "river crossing (illustrative)", "expressway", ((120.3771, 30.3135), (120.3900, 30.3141), (120.4160, 30.3130))),
)  # fmt: skip


@cache
def edges() -> tuple[Edge, ...]:
    """The noded network: one connected graph without short dead ends, sorted by position."""
    main = [
        Street(zh, en, rank, "illustrative", smooth([_placed(knot) for knot in way])) for zh, en, rank, way in ARTERIALS
    ]
    xiasha = [*xiasha_area().streets]
    grids = [_without_doubles(street, main) for area in jiangdong_areas() for street in area.streets]
    crossings = [street for street in main if "江东大桥" in street.name_zh or "过江" in street.name_zh]
    on_land = [_on_land(street) for street in main if street not in crossings]
    streets = [street for street in [*on_land, *crossings, *xiasha, *grids] if not street.line.is_empty]
    noded = _pruned(lines(shapely.union_all([street.line for street in streets], grid_size=GRID_M)))
    return _named(noded, streets)


def _placed(knot: Knot) -> XY:
    return spot_in(*knot) if len(knot) == 3 else metres(*knot)


def _on_land(street: Street) -> Street:
    return Street(
        street.name_zh, street.name_en, street.rank, street.basis, street.line.intersection(ground().east.buffer(-25))
    )


def _without_doubles(street: Street, main: Sequence[Street], *, reach_m: float = 170.0) -> Street:
    """A grid street minus where it runs along an arterial (longer within reach of it than a crossing would be)."""
    line = street.line
    for other in main:
        near = other.line.buffer(reach_m, cap_style="flat")
        along = [piece for piece in lines(line.intersection(near)) if piece.length > 3.4 * reach_m]
        if along:
            line = line.difference(near)
    return Street(street.name_zh, street.name_en, street.rank, street.basis, line)


def _pruned(pieces: Sequence[LineString], *, stub_m: float = 260.0) -> list[LineString]:
    """Without dead ends shorter than ``stub_m``, doubled chains, and whatever does not hang together with the rest."""
    kept = [piece for piece in pieces if piece.length > 0]
    for _ in range(6):
        kept = lines(shapely.line_merge(shapely.multilinestrings(kept)))
        degree = _degree(kept)
        fine = [p for p in kept if p.length >= stub_m or all(degree[end] > 1 for end in ends_of(p))]
        if len(fine) == len(kept):
            break
        kept = fine
    return _largest_part(kept)


def _degree(pieces: Sequence[LineString]) -> dict[XY, int]:
    degree: dict[XY, int] = defaultdict(int)
    for piece in pieces:
        for end in ends_of(piece):
            degree[end] += 1
    return degree


def _largest_part(pieces: Sequence[LineString]) -> list[LineString]:
    parent: dict[XY, XY] = {}

    def root(spot: XY) -> XY:
        while parent.setdefault(spot, spot) != spot:
            parent[spot] = parent[parent[spot]]
            spot = parent[spot]
        return spot

    for piece in pieces:
        start, end = ends_of(piece)
        parent[root(start)] = root(end)
    metres_of: dict[XY, float] = defaultdict(float)
    for piece in pieces:
        metres_of[root(ends_of(piece)[0])] += piece.length
    most = max(metres_of, key=lambda spot: metres_of[spot])
    return [piece for piece in pieces if root(ends_of(piece)[0]) == most]


def _named(pieces: Sequence[LineString], streets: Sequence[Street]) -> tuple[Edge, ...]:
    """Each noded piece with the highest-ranking street that it lies on."""
    tree = STRtree([street.line for street in streets])
    found = []
    for piece in pieces:
        middle = piece.interpolate(0.5, normalized=True)
        near = [streets[int(k)] for k in tree.query(middle.buffer(1.0), predicate="intersects")]
        best = min(near, key=lambda s: (RANKS.index(s.rank), s.basis != "inferred", s.name_zh))
        found.append(Edge(best, piece))
    return tuple(sorted(found, key=lambda edge: (edge.street.name_zh, edge.line.centroid.x, edge.line.centroid.y)))
