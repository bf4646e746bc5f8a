"""Blocks between roads and their subdivision into plots, irregular as real ones are.

Comes in: the noded roads, canals, a seed. Goes out: :class:`Plot` shapes that share edges exactly and never overlap.
Must not know: land use, sewers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

import shapely
from shapely import STRtree
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box

from layers.draw.areas import Area, jiangdong_areas
from layers.draw.ground import GRID_M, frame_of, knit, largest, polygons
from layers.draw.outline import ground
from layers.draw.roads import HALF_WIDTH_M, edges
from layers.draw.xiasha import xiasha_area

BLOCK_MIN_M2 = 6_000.0
PLOT_MIN_M2 = 5_500.0
FACE_MAX_M2 = 1_100_000.0


@dataclass(frozen=True, slots=True)
class Block:
    """The ground between roads and canals; ``area`` names the built-up area it lies in."""

    area: str
    shape: Polygon


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot of a block (``block`` is its number)."""

    area: str
    block: int
    shape: Polygon


@cache
def blocks() -> tuple[Block, ...]:
    """Every block of the built-up areas, chamfered at the junctions, sorted by place."""
    network = edges()
    faces = polygons(shapely.polygonize([edge.line for edge in network]))
    tree = STRtree([edge.line for edge in network])
    wet = [shape.buffer(9, join_style="mitre") for _, shape in ground().canals.values()]
    areas = [xiasha_area(), *jiangdong_areas()]
    found: list[Block] = []
    for face in faces:
        area = _area_of(face, areas)
        if area is None:
            continue
        near = [network[int(k)] for k in tree.query(face, predicate="intersects")]
        road = [edge.line.buffer(HALF_WIDTH_M[edge.street.rank], cap_style="square") for edge in near]
        rest = face.difference(shapely.union_all([*road, *wet]))
        found += [Block(area.key, _chamfered(part)) for part in polygons(rest) if part.area >= BLOCK_MIN_M2]
    return tuple(sorted(found, key=lambda one: (one.area, round(one.shape.centroid.x), one.shape.centroid.y)))


def plots(target_m2: Callable[[int, Random], float], *, holes: Sequence[Polygon], seed: int) -> list[Plot]:
    """The plots of all blocks, cut towards ``target_m2`` and around ``holes``; neighbours share their vertices."""
    rng = Random(seed)
    taken = shapely.union_all([hole.buffer(8, join_style="mitre") for hole in holes])
    found: list[Plot] = []
    for number, block in enumerate(blocks()):
        rough = [block.shape] if not block.shape.intersects(taken) else polygons(block.shape.difference(taken))
        opened = [piece for part in rough for piece in _opened(part)]
        cut = [piece for part in opened for piece in _split(part, target_m2(number, rng), rng)]
        pieces = _with_l_shapes(cut, rng)
        found += [Plot(block.area, number, piece) for piece in knit(pieces) if _is_usable(piece)]
    return found


def _area_of(face: Polygon, areas: Sequence[Area]) -> Area | None:
    if face.area > FACE_MAX_M2:
        return None
    shares = [(face.intersection(area.outline).area / face.area, area) for area in areas]
    share, best = max(shares, key=lambda one: one[0])
    return best if share > 0.5 else None


def _chamfered(shape: Polygon, *, cut_m: float = 14.0) -> Polygon:
    """``shape`` with its street corners cut off, as sight lines ask for."""
    inner = shape.buffer(-cut_m, join_style="mitre")
    parts = polygons(inner.buffer(cut_m, join_style="bevel"))
    return largest(parts[0].intersection(shape).simplify(0.2)) if parts else shape


def _opened(shape: Polygon) -> list[Polygon]:
    """``shape`` cut through its holes, so that no plot surrounds another owner's ground."""
    if not shape.interiors:
        return [shape]
    x = Polygon(shape.interiors[0]).centroid.x
    left, bottom, _, top = shape.bounds
    half = box(left - 1, bottom - 1, x, top + 1)
    return [
        piece
        for side in (shape.intersection(half), shape.difference(half))
        for part in polygons(side)
        for piece in _opened(part)
    ]


def _split(shape: Polygon, target_m2: float, rng: Random) -> list[Polygon]:
    if shape.area < 1.55 * target_m2 or shape.area < 2 * PLOT_MIN_M2:
        return [shape]
    half = _cut(shape, rng)
    sides = [*polygons(shape.difference(half)), *polygons(shape.intersection(half))]
    parts = [part for part in sides if part.area > 1.0]
    if len(parts) < 2:
        return [shape]
    return [piece for part in parts for piece in _split(part, target_m2 * rng.uniform(0.75, 1.3), rng)]


def _cut(shape: Polygon, rng: Random) -> Polygon:
    """A half plane whose edge crosses the long side of ``shape`` near its middle, a little askew."""
    a, b, c = frame_of(shape)
    long, short = (a, b), (b, c)
    if math.dist(*short) > math.dist(*long):
        long, short = short, long
    centre, reach = Point((a[0] + c[0]) / 2, (a[1] + c[1]) / 2), math.dist(*long) + math.dist(*short)
    heading = math.degrees(math.atan2(long[1][1] - long[0][1], long[1][0] - long[0][0]))
    shift = (rng.uniform(0.36, 0.64) - 0.5) * math.dist(*long)
    half = box(centre.x + shift, centre.y - reach, centre.x + shift + reach, centre.y + reach)
    skew = rng.choice((0.0, 0.0, rng.uniform(-7, 7)))
    half = rotate(half, skew, origin=Point(centre.x + shift, centre.y))
    return rotate(half, heading, origin=centre)


def _with_l_shapes(pieces: Sequence[Polygon], rng: Random) -> list[Polygon]:
    """Now and then two neighbours of unlike size become one L-shaped plot."""
    rest = list(pieces)
    if len(rest) < 3 or rng.random() > 0.30:
        return rest
    for i in range(len(rest)):
        for j in range(i + 1, len(rest)):
            joined = shapely.union(rest[i], rest[j], grid_size=GRID_M)
            if (
                isinstance(joined, Polygon)
                and not joined.interiors
                and 0.6 < joined.area / joined.convex_hull.area < 0.9
            ):
                return [*(piece for k, piece in enumerate(rest) if k not in (i, j)), joined]
    return rest


def _is_usable(shape: Polygon) -> bool:
    if shape.area < PLOT_MIN_M2 or not shape.is_valid:
        return False
    a, b, c = frame_of(shape)
    sides = sorted((math.dist(a, b), math.dist(b, c)))
    return bool(sides[0] / sides[1] * (shape.area / (sides[0] * sides[1])) >= 0.16 and sides[0] >= 45)
