"""The seven subdistricts, schematic: the land cut along lines of ours between the known places.

Comes in: the ground, anchors. Goes out: polygons by name. Must not know: parcels.
"""

from __future__ import annotations

from functools import cache

import shapely
from shapely.geometry import Point, Polygon

from layers.draw import facts
from layers.draw.facts import LonLat
from layers.draw.ground import curve, faces_of, point
from layers.draw.outline import ground

BORDERS: tuple[tuple[LonLat, ...], ...] = (
    ((120.338, 30.390), (120.3320, 30.3400), (120.3355, 30.3180), (120.3416, 30.3120), (120.3416, 30.2920), (120.3280, 30.2830), (120.3150, 30.2650)),
    ((120.511, 30.400), (120.5040, 30.3600), (120.4990, 30.3350), (120.4960, 30.3180), (120.4860, 30.3050), (120.4740, 30.2900), (120.4610, 30.2500)),
    ((120.538, 30.400), (120.5300, 30.3500), (120.5200, 30.3080), (120.5130, 30.2900), (120.5150, 30.2300)),
    ((120.566, 30.400), (120.5590, 30.3500), (120.5560, 30.3050), (120.5580, 30.2800), (120.5640, 30.2200)),
    ((120.626, 30.400), (120.6140, 30.3500), (120.6050, 30.3120), (120.6000, 30.2880), (120.5960, 30.2200)),
)  # fmt: skip


@cache
def subdistricts() -> dict[str, Polygon]:
    """Each subdistrict's polygon by its Chinese name; together they are the land of both banks."""
    cuts = [curve(border) for border in BORDERS]
    rings = [shape.exterior for shape in (ground().west, ground().east)]
    faces = faces_of(shapely.union_all([*rings, *cuts], grid_size=0.01))
    land = shapely.union_all([ground().west, ground().east]).buffer(1)
    found: dict[str, list[Polygon]] = {name: [] for name in facts.ANCHORS}
    for face in faces:
        if land.contains(face.representative_point()):
            found[_nearest(face, found)].append(face)
    return {name: max(parts, key=lambda p: p.area) for name, parts in found.items()}


def subdistrict_at(spot: Point) -> str:
    """The name of the subdistrict that holds ``spot``, or the nearest one."""
    return min(subdistricts().items(), key=lambda one: (one[1].distance(spot), one[0]))[0]


def _nearest(face: Polygon, names: dict[str, list[Polygon]]) -> str:
    def away(name: str) -> float:
        return min(face.distance(point(*anchor)) for anchor in facts.ANCHORS[name])

    inside = [n for n in names if any(face.contains(point(*a)) for a in facts.ANCHORS[n])]
    return inside[0] if inside else min(names, key=away)
