"""Just enough sewer arithmetic to draw a plausible network (GB 50014-2021; the engine checks it independently).

Comes in: mean flows. Goes out: peak flows, pipe capacities, pipe sizes. Must not know: where pipes run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

M3_D_PER_L_S = 86.4
INFILTRATION = 0.10
PEAKING_INDUSTRIAL = 1.2
PROJECT_DOMESTIC = 0.05
PROJECT_PEAKING = 1.2
ROUGHNESS = 0.013

K_FLOW_L_S = (5.0, 15.0, 40.0, 70.0, 100.0, 200.0, 500.0, 1000.0)
K = (2.7, 2.4, 2.1, 2.0, 1.9, 1.8, 1.6, 1.5)
LEAST_SLOPE: Mapping[int, float] = {
    300: 0.0030, 400: 0.0015, 500: 0.0012, 600: 0.0010, 800: 0.0008, 1000: 0.0006, 1200: 0.0006, 1400: 0.0005, 1500: 0.0005,
    1800: 0.0005,
}  # fmt: skip
MAINS_MM = (400, 500, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000)


def peaking(domestic_l_s: float) -> float:
    """K of 4.1.15, linear between the knots."""
    q = min(max(domestic_l_s, K_FLOW_L_S[0]), K_FLOW_L_S[-1])
    for (q0, k0), (q1, k1) in zip(
        zip(K_FLOW_L_S, K, strict=True), zip(K_FLOW_L_S[1:], K[1:], strict=True), strict=False
    ):
        if q <= q1:
            return k0 + (k1 - k0) * (q - q0) / (q1 - q0)
    return K[-1]


def peak_l_s(domestic_m3_d: float, industrial_m3_d: float) -> float:
    """Design flow ``K·Qd + K'·Qm + Qu`` [L/s] of accumulated means."""
    domestic, industrial = domestic_m3_d / M3_D_PER_L_S, industrial_m3_d / M3_D_PER_L_S
    return peaking(domestic) * domestic + PEAKING_INDUSTRIAL * industrial + INFILTRATION * (domestic + industrial)


def with_project(domestic_m3_d: float, industrial_m3_d: float, extra_m3_d: float) -> float:
    """Design flow [L/s] once a project of ``extra_m3_d`` (a deficit where negative) is added."""
    return peak_l_s(
        domestic_m3_d + PROJECT_DOMESTIC * extra_m3_d, industrial_m3_d + (1 - PROJECT_DOMESTIC) * extra_m3_d
    )


def full_enough(diameter_mm: int) -> float:
    """The largest design fullness of 5.2.4."""
    return 0.55 if diameter_mm < 350 else 0.65 if diameter_mm < 500 else 0.70 if diameter_mm < 1000 else 0.75


def gravity_l_s(diameter_mm: int, slope: float) -> float:
    """What a circular pipe carries at its largest design fullness (Manning) [L/s]."""
    d, fill = diameter_mm / 1000, full_enough(diameter_mm)
    theta = 2 * math.acos(1 - 2 * fill)
    area = d**2 / 8 * (theta - math.sin(theta))
    radius = area / (d * theta / 2)
    return float(area * radius ** (2 / 3) * math.sqrt(slope) / ROUGHNESS * 1000)


def pipe_for(need_l_s: float, *, least_mm: int) -> int:
    """The smallest pipe at its least slope that carries ``need_l_s``, not below ``least_mm``."""
    for size, slope in LEAST_SLOPE.items():
        if size >= least_mm and gravity_l_s(size, slope) >= need_l_s:
            return size
    return max(LEAST_SLOPE)


def main_for(flow_l_s: float) -> int:
    """The pressure main in which ``flow_l_s`` moves nearest to 1.3 m/s, within 0.7–2.0 m/s."""

    def speed(size: int) -> float:
        return flow_l_s / 1000 / (math.pi * (size / 1000) ** 2 / 4)

    fitting = [size for size in MAINS_MM if 0.8 <= speed(size) <= 1.8]
    return min(fitting or MAINS_MM, key=lambda size: (abs(speed(size) - 1.3), size))
