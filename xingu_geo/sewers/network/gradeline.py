"""One circular pipe under its flow: normal and critical depth, and the water surface from its lower end upwards.

Comes in: numbers of one pipe. Goes out: depths. Must not know: networks.

Steady momentum over a reach, water level ``h``, discharge ``Q``::

    h1 − h2 = L·n²·Q²/(A·Aw·R^(4/3)) − s·Q²·(A2 − A1)/(g·A²·Aw)

with ``A``, ``R`` at the mean depth of the reach. Near critical flow the weights ``s`` and ``Aw`` shift the reach
upstream, as dynamic-wave routing does, so that the surface stays smooth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

GRAVITY_M_S2: Final = 9.80665
_HALVINGS: Final = 36
_FULLEST: Final = 0.938181  # h/D of the largest free-surface flow
_SLIVER: Final = 1e-4  # h/D below which a pipe counts as this full, so that nothing is divided by 0


@dataclass(frozen=True, slots=True)
class Reach:
    """A circular pipe [m]: inverts at its upper and lower end, Manning's n."""

    diameter_m: float
    length_m: float
    invert_upper_m: float
    invert_lower_m: float
    roughness: float

    @property
    def slope(self) -> float:
        """Fall per length; negative where the pipe climbs."""
        return (self.invert_upper_m - self.invert_lower_m) / self.length_m

    def area_m2(self, depth_m: float) -> float:
        """Wetted area; the full pipe's where the depth exceeds it."""
        return self._section(depth_m)[0]

    def _section(self, depth_m: float) -> tuple[float, float, float]:
        """Wetted area, hydraulic radius, surface width."""
        d = self.diameter_m
        fill = min(max(depth_m / d, _SLIVER), 1.0)
        half = math.acos(1 - 2 * fill)
        area = d * d / 4 * (half - math.sin(half) * math.cos(half))
        return area, area / (half * d), d * math.sin(half)

    def normal_depth_m(self, flow_m3_s: float) -> float:
        """Depth of uniform flow; infinite where there is none (too much flow, no fall)."""
        if flow_m3_s <= 0:
            return 0.0
        if self.slope <= 0:
            return math.inf
        wanted = flow_m3_s * self.roughness / math.sqrt(self.slope)

        def _conveyed(depth: float) -> float:
            area, radius, _ = self._section(depth)
            return float(area * radius ** (2 / 3))

        top = _FULLEST * self.diameter_m
        return math.inf if _conveyed(top) < wanted else _root(lambda depth: _conveyed(depth) - wanted, 0.0, top)

    def critical_depth_m(self, flow_m3_s: float) -> float:
        """Depth of least energy, at most the diameter."""
        if flow_m3_s <= 0:
            return 0.0

        def _excess(depth: float) -> float:
            area, _, width = self._section(depth)
            return area**3 * GRAVITY_M_S2 - flow_m3_s**2 * max(width, 1e-9)

        return _root(_excess, 0.0, self.diameter_m)

    def profile_m(self, flow_m3_s: float, level_below_m: float, *, steps: int) -> list[float]:
        """Depths at ``steps`` + 1 equally spaced points, from the lower end up, for a water level below the pipe.

        Where that level lies beneath critical (in a steep pipe: normal) depth, water falls out of the pipe at that
        depth. A steep pipe that is not drowned flows at normal depth whatever lies below.

        A single step is a simulator's answer, whose upper end may be too high after a free fall; about sixteen follow
        the surface.
        """
        normal, critical = self.normal_depth_m(flow_m3_s), self.critical_depth_m(flow_m3_s)
        least = min(normal, critical)
        depths = [max(level_below_m - self.invert_lower_m, least)]
        for _ in range(steps):
            below = depths[-1]
            # Backed-up water comes down to normal depth going upstream and never beneath it.
            bottom = normal if least <= normal <= below else least
            above = self._depth_above(flow_m3_s, below, bottom, self.length_m / steps)
            # Drawn-down water (curve M2) comes up to normal depth and never beyond it. A reach does, because it has the
            # friction of its mean depth all along: where that is normal, it ends as far above as it began beneath. A
            # simulator's single reach does so too, and is kept as it is to compare with (docs/decisions/0080).
            depths.append(min(above, normal) if steps > 1 and below < normal else above)
        return depths

    def _depth_above(self, flow: float, depth_below: float, least: float, length: float) -> float:
        fall = self.slope * length
        if flow <= 0:
            return max(depth_below - fall, 0.0)
        full, radius, _ = self._section(self.diameter_m)
        steepest = length * (self.roughness * flow / full) ** 2 / radius ** (4 / 3)

        def _excess(depth: float) -> float:
            return depth + fall - depth_below - self._loss(flow, depth, depth_below, length)

        high = max(depth_below - fall, self.diameter_m, least) + 2 * steepest + 1.0
        return least if _excess(least) >= 0 else _root(_excess, least, high)

    def _loss(self, flow: float, above: float, below: float, length: float) -> float:
        area_above, radius_above, _ = self._section(above)
        area_below = self.area_m2(below)
        area, radius, width = self._section((min(above, self.diameter_m) + min(below, self.diameter_m)) / 2)
        weight = 1.0
        if min(above, below) < self.diameter_m:
            froude = flow / area / math.sqrt(GRAVITY_M_S2 * area / max(width, 1e-3 * self.diameter_m))
            weight = min(max(2 * (1 - froude), 0.0), 1.0)
        weighted = area_above + (area - area_above) * weight
        weighted_radius = radius_above + (radius - radius_above) * weight
        friction = length * (self.roughness * flow) ** 2 / (area * weighted * weighted_radius ** (4 / 3))
        speeding = weight * flow * flow * (area_below - area_above) / (GRAVITY_M_S2 * area * area * weighted)
        return float(friction - speeding)


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
