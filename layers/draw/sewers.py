"""The sewers: loads from what is drawn, pipes sized and laid, stations and plants; tuned so that some parcels fit.

Comes in: pipe trees, parcels, homes, ground level. Goes out: ``sewer_nodes``, ``sewer_links``, ``sewer_loads``.
Must not know: the engine.

Tuning, in the open: every pipe is sized for its load plus a quarter more than the headroom its catchment is given
(:data:`catchments.catchments`); at the last manhole before the station a further existing load is then set so
that the last pipe's headroom is that figure. Stations get pumps for their inflow plus :data:`STATION_ROOM`. The
plants' capacities are sourced; the load that others bring them is set to leave :data:`PLANT_ROOM`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from shapely.geometry import LineString, Point

from layers.draw import flows, sewer_papers
from layers.draw.catchments import MAINS, SITES, Catchment, Tree, catchments, route, site_spots, trees
from layers.draw.ground import XY
from layers.draw.land import parcels
from layers.draw.people import homes
from layers.draw.terrain import ground_m
from layers.draw.write import Feature, Value

STATION_ROOM: Mapping[str, float] = {
    "PS-XS": 8200, "PS-BY": 7600, "PS-HZ": 7000, "PS-YP": 4400, "PS-XW": 9000, "PS-QJ": 16500, "PS-BJ": 26000, "PS-LJ": 6900,
}  # fmt: skip
PLANT_M3_D: Mapping[str, float] = {"WWTP-QG": 1_500_000, "WWTP-LJ": 300_000}
PLANT_ROOM: Mapping[str, float] = {"WWTP-QG": 48_000, "WWTP-LJ": 24_000}
PERSON_M3_D = 0.22
# Discharge per hectare in use [m³/(ha·d)]: (domestic, industrial) by land-use code; assumptions.
PER_HA: Mapping[str, tuple[float, float]] = {
    "100101": (4, 10), "100102": (4, 22), "100103": (3, 36), "1101": (2, 2), "0802": (14, 0), "0804": (22, 0), "0901": (30, 0), "0902": (26, 0), "13": (1, 2),
}  # fmt: skip
IN_USE: Mapping[str, float] = {"occupied": 1.0, "low_efficiency": 0.35}
COVER_M = 1.0
WELL_M = 1.8


@dataclass(slots=True)
class Laid:
    """A catchment's pipes as laid; lists run over manholes (0 is the station) or over pipes."""

    one: Catchment
    tree: Tree
    domestic: list[float]
    industrial: list[float]
    diameters: dict[int, int] = field(default_factory=dict)
    inverts: dict[int, tuple[float, float]] = field(default_factory=dict)
    balance: tuple[float, float] = (0.0, 0.0)
    last: int = 0

    def total(self) -> tuple[float, float]:
        """Mean domestic and industrial flow at the station [m³/d]."""
        return sum(self.domestic), sum(self.industrial)


@cache
def laid() -> dict[str, Laid]:
    """Every catchment with loads, sizes and levels."""
    loads = _loads()
    found = {}
    for one in catchments():
        tree = trees()[one.key]
        domestic, industrial = loads[one.key]
        work = Laid(one, tree, domestic, industrial)
        _size(work)
        _level(work)
        found[one.key] = work
    return found


def _loads() -> dict[str, tuple[list[float], list[float]]]:
    """Domestic and industrial means at each manhole: homes and plots in use drain to the nearest one within 1,200 m."""
    spots = [(one.key, k, Point(xy)) for one in catchments() for k, xy in enumerate(trees()[one.key].spots) if k > 0]
    sums = {one.key: ([0.0] * len(trees()[one.key].spots), [0.0] * len(trees()[one.key].spots)) for one in catchments()}

    def drain(at: Point, domestic: float, industrial: float) -> None:
        away, key, k = min((at.distance(spot), key, k) for key, k, spot in spots)
        if away <= 1200:
            sums[key][0][k] += domestic
            sums[key][1][k] += industrial

    for home in homes():
        if home.state == "present":
            drain(home.shape.centroid, home.persons * PERSON_M3_D, 0.0)
    for one in parcels():
        share, (domestic, industrial) = IN_USE.get(one.status, 0.0), PER_HA.get(one.code, (0.0, 0.0))
        if share and (domestic or industrial):
            ha = one.shape.area / 1e4 * share
            drain(one.shape.centroid, ha * domestic, ha * industrial)
    return {key: ([round(v, -1) for v in a], [round(v, -1) for v in b]) for key, (a, b) in sums.items()}


def _size(work: Laid) -> None:
    """Diameters downstream, never shrinking; then the balancing load at the manhole with the last pipe."""
    tree, one = work.tree, work.one
    room = max(1.25 * one.headroom_m3_d, 800.0)
    inflow = {k: (work.domestic[k], work.industrial[k]) for k in range(len(tree.spots))}
    widest: dict[int, int] = defaultdict(lambda: one.least_mm)
    lasts = [k for k, (_, lower, _) in enumerate(tree.pipes) if lower == 0]
    for k in reversed(range(len(tree.pipes))):
        upper, lower, _ = tree.pipes[k]
        need = flows.with_project(*inflow[upper], one.headroom_m3_d if k in lasts else room)
        size = flows.pipe_for(need, least_mm=widest[upper])
        work.diameters[k] = size
        widest[lower] = max(widest[lower], size)
        inflow[lower] = (inflow[lower][0] + inflow[upper][0], inflow[lower][1] + inflow[upper][1])
    work.last = max(lasts, key=lambda k: (sum(inflow[tree.pipes[k][0]]), -k))
    upper = tree.pipes[work.last][0]
    size = work.diameters[work.last]
    limit = flows.gravity_l_s(size, flows.LEAST_SLOPE[size])
    work.balance = _balance(inflow[upper][0], inflow[upper][1], one.headroom_m3_d, limit)
    work.domestic[upper] += work.balance[0]
    work.industrial[upper] += work.balance[1]


def _balance(domestic: float, industrial: float, headroom_m3_d: float, limit_l_s: float) -> tuple[float, float]:
    """The load, mixed as what already flows, that leaves exactly ``headroom_m3_d`` below the limit (steps of 10 m³/d)."""
    share = domestic / (domestic + industrial)
    low, high = 0.0, 200_000.0
    for _ in range(60):
        middle = (low + high) / 2
        if flows.with_project(domestic + share * middle, industrial + (1 - share) * middle, headroom_m3_d) < limit_l_s:
            low = middle
        else:
            high = middle
    return round(low * share, -1), round(low * (1 - share), -1)


def _level(work: Laid) -> None:
    """Inverts downstream: crowns joined, least slope, never less than the cover."""
    tree = work.tree
    crown: dict[int, float] = {}
    for k in reversed(range(len(tree.pipes))):
        upper, lower, line = tree.pipes[k]
        size = work.diameters[k]
        top = min(ground_m(*tree.spots[upper]) - COVER_M, crown.get(upper, math.inf))
        fall = flows.LEAST_SLOPE[size] * line.length
        top = min(top, ground_m(*tree.spots[lower]) - COVER_M + fall)
        work.inverts[k] = (top - size / 1000, top - size / 1000 - fall)
        crown[lower] = min(crown.get(lower, math.inf), top - fall)


@dataclass(frozen=True, slots=True)
class Pumping:
    """A station's pumps: how many run, how many stand by, what each moves [L/s]."""

    duty: int
    standby: int
    rated_l_s: float


@cache
def at_sites() -> dict[str, tuple[float, float]]:
    """Mean domestic and industrial flow arriving at every station and plant from this network [m³/d]."""
    arriving = {key: [0.0, 0.0] for key, *_ in SITES}
    for work in laid().values():
        for k, flow in enumerate(work.total()):
            arriving[work.one.station][k] += flow
    onward = {start: end for _, start, end, _, _ in MAINS}
    own = {key: (flow[0], flow[1]) for key, flow in arriving.items()}
    for key, means in own.items():
        step = key
        while step in onward:
            step = onward[step]
            for k in (0, 1):
                arriving[step][k] += means[k]
    return {key: (flow[0], flow[1]) for key, flow in arriving.items()}


@cache
def pumping() -> dict[str, Pumping]:
    """Pumps for the inflow plus the station's room, in steps of 5 L/s each."""
    found = {}
    for key, room in STATION_ROOM.items():
        need = flows.with_project(*at_sites()[key], room)
        duty = 2 if need < 500 else 3 if need < 1200 else 4
        found[key] = Pumping(duty, 1, math.ceil(need / duty / 5) * 5.0)
    return found


@cache
def main_sizes() -> dict[str, int]:
    """The diameter of each pressure main [mm]."""
    return {key: flows.main_for(pumping()[start].duty * pumping()[start].rated_l_s) for key, start, *_ in MAINS}


def node_id(work: Laid, k: int) -> str:
    """The id of a manhole of a catchment; number 0 is its station."""
    return work.one.station if k == 0 else f"{work.one.key}-N{k:02d}"


def nodes() -> list[Feature]:
    """Manholes, stations, plants."""
    made = []
    wells: dict[str, float] = {}
    for work in laid().values():
        lowest: dict[int, float] = {}
        for k, (upper, lower, _) in enumerate(work.tree.pipes):
            lowest[upper] = min(lowest.get(upper, math.inf), work.inverts[k][0])
            lowest[lower] = min(lowest.get(lower, math.inf), work.inverts[k][1])
        wells[work.one.station] = min(wells.get(work.one.station, math.inf), lowest[0] - WELL_M)
        for k, spot in enumerate(work.tree.spots):
            if k:
                zh, en = (
                    f"{work.one.zh.removesuffix('干管')}{k:02d}号井(示意)",
                    f"{work.one.en.removesuffix(' trunk')} manhole {k:02d} (illustrative)",
                )
                made.append(_node(node_id(work, k), spot, zh, en, "manhole", work.one.town, lowest[k]))
    for key, kind, town, zh, en, _ in SITES:
        spot = site_spots()[key]
        extra: dict[str, Value] = {}
        if kind == "station":
            pumps = pumping()[key]
            extra = {"pump_duty": pumps.duty, "pump_standby": pumps.standby, "pump_rated_l_s": pumps.rated_l_s}
        else:
            extra = {"capacity_m3_d": PLANT_M3_D[key], **sewer_papers.SHARED[key]}
        level = wells.get(key, ground_m(*spot) - (6.5 if kind == "station" else -2.0))
        made.append(_node(key, spot, zh, en, kind, town, level, **extra))
    return made


def _node(key: str, spot: XY, zh: str, en: str, kind: str, town: str, invert: float, **extra: Value) -> Feature:
    columns: dict[str, Value] = {
        "name_zh": zh,
        "name_en": en,
        "kind": kind,
        "town": town,
        "ground_m": round(ground_m(*spot), 2),
        "invert_m": round(invert, 2),
    }
    return Feature(key, Point(spot), {**columns, **extra})


def links() -> list[Feature]:
    """Gravity pipes and pressure mains."""
    made = []
    for work in laid().values():
        trunk = _trunk(work)
        for k, (upper, lower, line) in enumerate(work.tree.pipes):
            kind_zh, kind_en = ("干管", "trunk") if k in trunk else ("支管", "branch")
            zh = f"{work.one.zh.removesuffix('干管')}{kind_zh}{k + 1:02d}(示意)"
            en = f"{work.one.en.removesuffix(' trunk')} {kind_en} {k + 1:02d} (illustrative)"
            ends = work.inverts[k]
            columns: dict[str, Value] = {
                "name_zh": zh, "name_en": en, "from_node": node_id(work, upper), "to_node": node_id(work, lower), "kind": "gravity",
                "diameter_mm": work.diameters[k], "length_m": round(line.length, 2), "invert_from_m": round(ends[0], 4),
                "invert_to_m": round(ends[1], 4), "roughness_n": flows.ROUGHNESS, "material": "RC",
            }  # fmt: skip
            made.append(Feature(f"{work.one.key}-P{k + 1:02d}", line, columns))
    for key, start, end, zh, en in MAINS:
        line = _beside(route(start, end), site_spots()[start], site_spots()[end])
        columns = {"name_zh": zh, "name_en": en, "from_node": start, "to_node": end, "kind": "pressure", "diameter_mm": main_sizes()[key],
                   "length_m": round(line.length, 2), "roughness_n": 0.012, "material": "DI"}  # fmt: skip
        made.append(Feature(key, line, columns))
    return made


def _trunk(work: Laid) -> set[int]:
    """The pipes of the main stem: from the last pipe up, always the wider, then the longer way."""
    stem, here = {work.last}, work.tree.pipes[work.last][0]
    while True:
        above = [k for k, (_, lower, _) in enumerate(work.tree.pipes) if lower == here]
        if not above:
            return stem
        best = max(above, key=lambda k: (work.diameters[k], work.tree.pipes[k][2].length))
        stem.add(best)
        here = work.tree.pipes[best][0]


def _beside(line: LineString, start: XY, end: XY) -> LineString:
    moved = [(x - 9.0, y + 9.0) for x, y in line.coords]
    return LineString([start, *moved[1:-1], end])


def loads() -> list[dict[str, Value]]:
    """Existing loads by node, balancing loads, what others bring to the plants, and committed loads."""
    rows: list[dict[str, Value]] = []
    for work in laid().values():
        for k in range(1, len(work.tree.spots)):
            extra = work.balance if k == work.tree.pipes[work.last][0] else (0.0, 0.0)
            domestic, industrial = work.domestic[k] - extra[0], work.industrial[k] - extra[1]
            if domestic or industrial:
                rows.append(sewer_papers.load(f"{node_id(work, k)}-E", node_id(work, k), domestic, industrial, "drawn"))
            if sum(extra):
                rows.append(sewer_papers.load(f"{node_id(work, k)}-B", node_id(work, k), *extra, "balance"))
    for key, capacity in PLANT_M3_D.items():
        others = capacity / (1 + flows.INFILTRATION) - PLANT_ROOM[key] - sum(at_sites()[key])
        domestic = round(others * sewer_papers.OTHERS_DOMESTIC[key], -2)
        rows.append(sewer_papers.load(f"{key}-E", key, domestic, round(others - domestic, -2), key))
    return [
        *rows,
        *sewer_papers.committed(
            {work.one.key: node_id(work, work.tree.pipes[work.last][0]) for work in laid().values()}
        ),
    ]


def draw(out: Path) -> None:
    """Write the three sewer layers."""
    sewer_papers.write(out, nodes(), links(), loads())
