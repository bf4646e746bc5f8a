"""Where the sewers run: catchments, the trees of roads their pipes follow down to the station, pressure routes.

Comes in: the road network, area outlines. Goes out: :class:`Tree` by catchment, routes. Must not know: flows, diameters.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon

from layers.draw.areas import jiangdong_areas, spot_in
from layers.draw.facts import LINJIANG_PLANT, QIGE_PLANT, LonLat
from layers.draw.ground import XY, largest, metres
from layers.draw.roads import edges
from layers.draw.xiasha import xiasha_area

REACH_M = {
    "下沙": 1900.0,
    "白杨": 1900.0,
    "前进": 1800.0,
    "临江": 1900.0,
}  # every junction of a catchment lies this near to a head manhole
LINK_MAX_M = 1150.0
HEAD_MIN_M = 700.0


@dataclass(frozen=True, slots=True)
class Catchment:
    """A sub-network that drains to one station: least pipe, and the headroom its last pipe is tuned to [m³/d]."""

    key: str
    town: str
    zh: str
    en: str
    station: str
    least_mm: int
    headroom_m3_d: float
    outline: Polygon


@dataclass(frozen=True, slots=True)
class Tree:
    """Manholes (position by number; 0 is the station) and pipes (upper number, lower number, line from upper to lower)."""

    spots: tuple[XY, ...]
    pipes: tuple[tuple[int, int, LineString], ...]


# Stations and plants: id, kind, town, names, place (lon, lat: the nearest road junction is taken).
SITES: tuple[tuple[str, str, str, str, str, LonLat], ...] = (
    ("PS-XS", "station", "下沙", "下沙泵站(示意)", "Xiasha station (illustrative)", (120.3202, 30.2970)),
    ("PS-BY", "station", "白杨", "白杨泵站(示意)", "Baiyang station (illustrative)", (120.3490, 30.2945)),
    ("WWTP-QG", "plant", "下沙", "七格污水处理厂", "Qige sewage plant", QIGE_PLANT),
    ("PS-HZ", "station", "河庄", "河庄泵站(示意)", "Hezhuang station (illustrative)", (120.4590, 30.3175)),
    ("PS-YP", "station", "义蓬", "义蓬泵站(示意)", "Yipeng station (illustrative)", (120.5075, 30.2790)),
    ("PS-XW", "station", "新湾", "新湾泵站(示意)", "Xinwan station (illustrative)", (120.5500, 30.2820)),
    ("PS-QJ", "station", "前进", "前进泵站(示意)", "Qianjin station (illustrative)", (120.6005, 30.2960)),
    (
        "PS-BJ",
        "station",
        "临江",
        "北江泵站(位置示意)",
        "Beijiang terminal station (place illustrative)",
        (120.6180, 30.2990),
    ),
    ("PS-LJ", "station", "临江", "临江泵站(示意)", "Linjiang station (illustrative)", (120.6420, 30.2905)),
    ("WWTP-LJ", "plant", "临江", "临江污水处理厂", "Linjiang sewage plant", LINJIANG_PLANT),
)

# Pressure mains: id, from, to, names.
MAINS: tuple[tuple[str, str, str, str, str], ...] = (
    ("FM-XS", "PS-XS", "WWTP-QG", "下沙压力管(示意)", "Xiasha pressure main (illustrative)"),
    ("FM-BY", "PS-BY", "WWTP-QG", "白杨压力管(示意)", "Baiyang pressure main (illustrative)"),
    ("FM-HZ", "PS-HZ", "PS-BJ", "河庄压力干管(示意)", "Hezhuang pressure trunk (illustrative)"),
    ("FM-YP", "PS-YP", "PS-XW", "义蓬压力干管(示意)", "Yipeng pressure trunk (illustrative)"),
    ("FM-XW", "PS-XW", "WWTP-LJ", "南线压力干管(示意)", "South-line pressure trunk (illustrative)"),
    ("FM-QJ", "PS-QJ", "PS-BJ", "前进压力管(示意)", "Qianjin pressure main (illustrative)"),
    ("FM-BJ", "PS-BJ", "WWTP-LJ", "临一线压力干管(示意)", "Linyi-line pressure trunk (illustrative)"),
    ("FM-LJ", "PS-LJ", "WWTP-LJ", "临江压力管(示意)", "Linjiang pressure main (illustrative)"),
)


@cache
def catchments() -> tuple[Catchment, ...]:
    """All catchments; 头蓬 and the south rim of 临江 have none: unsewered on purpose."""
    whole = {area.key: area.outline for area in jiangdong_areas()}
    xiasha = xiasha_area().outline
    half = metres(120.3416, 30.3160)

    def box(west: bool, south: bool) -> Polygon:  # noqa: FBT001
        x0, x1 = (0.0, half[0]) if west else (half[0], 1e7)
        y0, y1 = (0.0, half[1]) if south else (half[1], 1e8)
        return largest(xiasha.intersection(shapely.box(x0, y0, x1, y1)))

    def strip(key: str, u0: float, u1: float, v0: float, v1: float) -> Polygon:
        return Polygon([spot_in(key, u, v) for u, v in ((u0, v0), (u1, v0), (u1, v1), (u0, v1))])

    rows = (
        ("XSW", "下沙", "下沙西", "Xiasha west", "PS-XS", 500, 6300, box(west=True, south=True)),
        ("XSN", "下沙", "下沙北", "Xiasha north", "PS-XS", 500, 3600, box(west=True, south=False)),
        ("BYS", "白杨", "白杨大街", "Baiyang streets", "PS-BY", 600, 5900, box(west=False, south=True)),
        ("BYN", "白杨", "高教园", "University park", "PS-BY", 500, 4600, box(west=False, south=False)),
        ("HZW", "河庄", "河庄西", "Hezhuang west", "PS-HZ", 400, -1200, whole["hezhuang"]),
        ("HZC", "河庄", "芯谷西", "Xingu west", "PS-HZ", 600, 3400, strip("core", -2250, -560, -1740, 1740)),
        ("HZE", "河庄", "芯谷东", "Xingu east", "PS-HZ", 600, 6100, strip("core", -560, 2250, -1740, 1740)),
        ("HZJ", "河庄", "江海西", "Jianghai west", "PS-HZ", 500, 4200, strip("jianghai", -2300, 0, -1650, 1300)),
        ("YPJ", "义蓬", "江海东", "Jianghai east", "PS-YP", 500, 3900, strip("jianghai", 0, 2250, -1650, 1300)),
        ("YPT", "义蓬", "义蓬镇", "Yipeng town", "PS-YP", 400, 2600, whole["yipeng"]),
        ("XWT", "新湾", "新湾", "Xinwan", "PS-XW", 500, 4900, whole["xinwan"]),
        ("QJT", "前进", "前进", "Qianjin", "PS-QJ", 600, 15000, whole["qianjin"]),
        ("LJT", "临江", "临江", "Linjiang", "PS-LJ", 600, 4600, strip("linjiang", -2450, 2500, -1900, 2200)),
    )
    return tuple(
        Catchment(k, town, f"{zh}干管", f"{en} trunk", s, mm, float(h), shape)
        for k, town, zh, en, s, mm, h, shape in rows
    )


@dataclass(slots=True)
class Graph:
    """The road network of one bank as junctions and what leaves them."""

    ways: dict[XY, list[tuple[XY, LineString]]]

    def nearest(self, place: LonLat) -> XY:
        """The junction nearest to a position."""
        x, y = metres(*place)
        return min(self.ways, key=lambda spot: (math.dist(spot, (x, y)), spot))


@cache
def graph() -> Graph:
    """The roads on land; bridges carry no sewers."""
    ways: dict[XY, list[tuple[XY, LineString]]] = defaultdict(list)
    for edge in edges():
        if edge.street.name_zh.startswith(("江东大桥", "过江")):
            continue
        start, end = edge.ends
        ways[start].append((end, edge.line))
        ways[end].append((start, LineString(list(edge.line.coords)[::-1])))
    return Graph(dict(ways))


@cache
def site_spots() -> dict[str, XY]:
    """The junction at which each station and plant stands."""
    return {key: graph().nearest(place) for key, _, _, _, _, place in SITES}


@cache
def trees() -> dict[str, Tree]:
    """The pipe tree of every catchment, aside of the road's middle by a few metres so that two may share a road."""
    used: dict[frozenset[XY], int] = defaultdict(int)
    found = {}
    for number, one in enumerate(catchments()):
        towards = _towards(site_spots()[one.station], one.outline, used)
        chosen = _manholes(one.outline, site_spots()[one.station], towards, reach_m=REACH_M.get(one.town, 1500.0))
        kept, below = _kept(chosen, towards, site_spots()[one.station])
        for spot, (lower, _) in below.items():
            used[frozenset((spot, lower))] += 1
        found[one.key] = _tree(
            kept, below, site_spots()[one.station], aside=(7.0 + 3.0 * (number % 4), -7.0 - 3.0 * (number % 3))
        )
    return found


def route(start: str, end: str) -> LineString:
    """The shortest way by road from one station or plant to another."""
    towards = _towards(site_spots()[end], None, {})
    spot, pieces = site_spots()[start], []
    while spot != site_spots()[end]:
        spot, line = towards[spot]
        pieces += list(line.coords)
    clean = [xy for k, xy in enumerate(pieces) if k == 0 or xy != pieces[k - 1]]
    return LineString(clean)


Towards = Mapping[XY, tuple[XY, LineString]]


def _towards(sink: XY, outline: Polygon | None, used: Mapping[frozenset[XY], int]) -> dict[XY, tuple[XY, LineString]]:
    """From every junction the next one on its cheapest way to ``sink`` (Dijkstra); roads outside or in use cost more."""
    cost: dict[XY, float] = {sink: 0.0}
    via: dict[XY, tuple[XY, LineString]] = {}
    queue = [(0.0, sink)]
    near = None if outline is None else outline.buffer(60)
    while queue:
        so_far, spot = heapq.heappop(queue)
        if so_far > cost[spot]:
            continue
        for other, line in graph().ways[spot]:
            weight = line.length * (1.0 if near is None or near.contains(Point(other)) else 1.6)
            weight *= 1.0 + 4.0 * (used.get(frozenset((spot, other)), 0) > 0)
            if so_far + weight < cost.get(other, math.inf) - 1e-9:
                cost[other] = so_far + weight
                via[other] = (spot, LineString(list(line.coords)[::-1]))
                heapq.heappush(queue, (so_far + weight, other))
    return via


def _manholes(outline: Polygon, sink: XY, towards: Towards, *, reach_m: float) -> list[XY]:
    """Junctions of the catchment chosen one by one, each the farthest from those before, until none is far."""
    near = outline.buffer(60)
    inside = sorted(spot for spot in graph().ways if near.contains(Point(spot)) and spot in towards)
    away = {spot: math.dist(spot, sink) for spot in inside}
    chosen: list[XY] = []
    while True:
        spot = max(inside, key=lambda one: (away[one], one))
        if away[spot] <= reach_m:
            return chosen
        chosen.append(spot)
        for other in inside:
            away[other] = min(away[other], math.dist(spot, other))


def _kept(chosen: Sequence[XY], towards: Towards, sink: XY) -> tuple[set[XY], dict[XY, tuple[XY, LineString]]]:
    """The junctions that become manholes (heads, branchings, or where a pipe grows long) and every step below them."""
    heads = list(chosen)
    while True:
        below = _steps(heads, towards, sink)
        inlets: dict[XY, int] = defaultdict(int)
        for lower, _ in below.values():
            inlets[lower] += 1
        kept = {
            sink,
            *(spot for spot in heads if inlets[spot] == 0),
            *(spot for spot, count in inlets.items() if count > 1),
        }
        short = [
            spot for spot in sorted(kept) if spot != sink and inlets[spot] == 0 and _run(spot, below, kept) < HEAD_MIN_M
        ]
        if not short:
            return _subdivided(kept, below), below
        heads = [spot for spot in heads if spot != short[0]]


def _steps(heads: Sequence[XY], towards: Towards, sink: XY) -> dict[XY, tuple[XY, LineString]]:
    below: dict[XY, tuple[XY, LineString]] = {}
    for spot in heads:
        here = spot
        while here != sink and here not in below:
            below[here] = towards[here]
            here = towards[here][0]
    return below


def _run(spot: XY, below: Towards, kept: set[XY]) -> float:
    """How far it is from ``spot`` to the next manhole below it."""
    run = 0.0
    while True:
        spot, line = below[spot]
        run += line.length
        if spot in kept:
            return run


def _subdivided(kept: set[XY], below: Towards) -> set[XY]:
    more = set(kept)
    for spot in sorted(kept):
        here, run = spot, 0.0
        while here in below:
            step = below[here][1].length
            if run > 0 and run + step > LINK_MAX_M:
                more.add(here)
                run = 0.0
            run, here = run + step, below[here][0]
            if here in kept:
                break
    return more


def _tree(kept: set[XY], below: Towards, sink: XY, *, aside: XY) -> Tree:
    order = _from_sink(kept, below, sink)
    number = {spot: k for k, spot in enumerate(order)}
    pipes = []
    for spot in order[1:]:
        here, coords = spot, []
        while True:
            here, line = below[here]
            coords += list(line.coords)
            if here in kept:
                break
        clean = [xy for k, xy in enumerate(coords) if k == 0 or xy != coords[k - 1]]
        moved = list(translate(LineString(clean), *aside).coords)
        if here == sink:
            moved[-1] = sink
        pipes.append((number[spot], number[here], LineString(moved)))
    spots = [sink, *((x + aside[0], y + aside[1]) for x, y in order[1:])]
    return Tree(tuple(spots), tuple(pipes))


def _from_sink(kept: set[XY], below: Towards, sink: XY) -> list[XY]:
    """Kept junctions in order of their way to the sink, nearest first."""

    def away(spot: XY) -> float:
        total = 0.0
        while spot != sink:
            spot, line = below[spot]
            total += line.length
        return total

    return sorted(kept, key=lambda spot: (round(away(spot), 3), spot))
