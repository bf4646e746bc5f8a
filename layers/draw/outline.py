"""Land, water and banks: the district in outline, drawn so that land and water keep their published areas.

Comes in: the facts. Goes out: :class:`Ground`. Must not know: roads, parcels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from layers.draw import facts
from layers.draw.facts import LonLat
from layers.draw.ground import curve, largest, path, polygons


@dataclass(frozen=True, slots=True)
class Ground:
    """Both banks' land, the district (land and its half of the water), the whole river, canals, dikes."""

    west: Polygon
    east: Polygon
    district: Polygon
    river: Polygon
    canals: dict[str, tuple[str, Polygon]]
    dikes: dict[str, LineString]

    @property
    def land(self) -> MultiPolygon:
        """Both banks."""
        return MultiPolygon([self.west, self.east])

    @property
    def water(self) -> BaseGeometry:
        """River and canals in one."""
        return unary_union([self.river, *(shape for _, shape in self.canals.values())])


@cache
def ground() -> Ground:
    """The drawn ground; the same on every call."""
    west_dike, east_dike = curve(facts.XIASHA_DIKE), curve(facts.JIANGDONG_DIKE)
    west = _ring(west_dike, path(facts.XIASHA_INLAND))
    wanted_km2 = facts.DISTRICT_LAND_KM2 - west.area / 1e6
    east = _fitted(lambda d: _ring(east_dike, path(_lower(facts.JIANGDONG_INLAND, d))), wanted_km2)
    south = list(curve(facts.MID_RIVER_SOUTH).coords)
    inland = [xy for xy in east.exterior.coords if xy not in set(east_dike.coords)]

    def district(lift: float) -> Polygon:
        north = list(curve(_lower(facts.MID_RIVER_NORTH, -lift)).coords)
        ring = [*north, *inland, *reversed(south), *reversed(list(path(facts.XIASHA_INLAND).coords)[1:])]
        return Polygon(largest(Polygon(ring).buffer(0).union(shapely.union_all([west, east]))).exterior)

    whole = _fitted(district, facts.DISTRICT_LAND_KM2 + facts.DISTRICT_WATER_KM2)
    river = _river(west, east)
    canals = {}
    for key, name, width_m, course in facts.CANALS:
        bed = curve(course, step_m=80).buffer(width_m / 2, cap_style="flat", join_style="mitre")
        canals[key] = (name, largest(bed.intersection(shapely.union_all([west, east]))))
    return Ground(west, east, whole, river, canals, {"xiasha": west_dike, "jiangdong": east_dike})


def _ring(dike: LineString, inland: LineString) -> Polygon:
    return Polygon([*dike.coords, *list(inland.coords)[1:-1]])


def _lower(course: Sequence[LonLat], d: float) -> list[LonLat]:
    return [course[0], *((lon, lat - d) for lon, lat in course[1:-1]), course[-1]]


def _fitted(draw: Callable[[float], Polygon], wanted_km2: float) -> Polygon:
    """What ``draw`` draws for the shift (degrees of latitude) at which its area is ``wanted_km2``."""
    low, high = -0.02, 0.02
    for _ in range(50):
        middle = (low + high) / 2
        if draw(middle).area / 1e6 < wanted_km2:
            low = middle
        else:
            high = middle
    return draw((low + high) / 2)


def _river(west: Polygon, east: Polygon) -> Polygon:
    upstream = path([(120.2500, 30.2960), facts.XIASHA_DIKE[0]])
    left = [*upstream.coords, *curve(facts.XIASHA_DIKE).coords, *curve(facts.FAR_BANK_NORTH).coords]
    down = path([(120.7500, 30.2350), (120.7200, 30.2560), facts.JIANGDONG_DIKE[-1]])
    right = [*down.coords, *reversed(curve(facts.JIANGDONG_DIKE).coords), *reversed(curve(facts.FAR_BANK_SOUTH).coords)]
    whole = Polygon([*left, *right]).buffer(0)
    return polygons(whole.difference(shapely.union_all([west, east])))[0]
