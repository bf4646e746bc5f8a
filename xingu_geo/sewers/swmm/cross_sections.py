"""Pipes that are not round, as the round pipe that carries as much when full.

Comes in: the name and sizes of a SWMM cross-section. Goes out: a diameter. Must not know: networks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

Sizes = tuple[float, float, float, float]

# Full area and hydraulic radius over the square and the first power of the height, from SWMM's reference manual.
_BY_HEIGHT: Final[Mapping[str, tuple[float, float]]] = {
    "EGG": (0.5105, 0.1931),
    "HORSESHOE": (0.8293, 0.2538),
    "GOTHIC": (0.6554, 0.2269),
    "CATENARY": (0.70277, 0.23172),
    "SEMIELLIPTICAL": (0.785, 0.242),
    "BASKETHANDLE": (0.7862, 0.2464),
    "SEMICIRCULAR": (1.2697, 0.2946),
}


def equivalent_diameter_m(shape: str, sizes: Sizes, barrels: float) -> float:
    """Diameter [m] of the round pipe with the same full Manning flow as ``barrels`` of this shape; NaN if unknown.

    ``Q ∝ A·R^(2/3)`` and for a circle ``A·R^(2/3) = π/4·D²·(D/4)^(2/3)``, hence ``D = (A·R^(2/3)·4^(5/3)/π)^(3/8)``.
    """
    if not (sizes[0] > 0 and barrels >= 1):
        return math.nan
    if shape in ("CIRCULAR", "FORCE_MAIN") and barrels == 1:
        return sizes[0]
    full = _full(shape, sizes)
    if full is None or not min(full) > 0:
        return math.nan
    area, radius = full
    return float((barrels * area * radius ** (2 / 3) * 4 ** (5 / 3) / math.pi) ** (3 / 8))


def _full(shape: str, sizes: Sizes) -> tuple[float, float] | None:
    """Full area and hydraulic radius [m², m]."""
    if shape in _BY_HEIGHT:
        area, radius = _BY_HEIGHT[shape]
        return area * sizes[0] ** 2, radius * sizes[0]
    measure = _MEASURED.get(shape)
    return None if measure is None else measure(sizes)


def _circle(sizes: Sizes) -> tuple[float, float]:
    return math.pi / 4 * sizes[0] ** 2, sizes[0] / 4


def _box(sizes: Sizes) -> tuple[float, float]:
    height, width = sizes[:2]
    return height * width, height * width / (2 * (height + width))


def _channel(sizes: Sizes) -> tuple[float, float]:
    height, width, missing = sizes[:3]
    return height * width, height * width / (width + (2 - missing) * height)


def _trapezium(sizes: Sizes) -> tuple[float, float]:
    height, base, left, right = sizes
    area = height * (base + height * (left + right) / 2)
    return area, area / (base + height * (math.hypot(1, left) + math.hypot(1, right)))


def _triangle(sizes: Sizes) -> tuple[float, float]:
    height, width = sizes[:2]
    return height * width / 2, height * width / 2 / (2 * math.hypot(height, width / 2))


_MEASURED: Final[Mapping[str, Callable[[Sizes], tuple[float, float]]]] = {
    "CIRCULAR": _circle,
    "FORCE_MAIN": _circle,
    "RECT_CLOSED": _box,
    "RECT_OPEN": _channel,
    "TRAPEZOIDAL": _trapezium,
    "TRIANGULAR": _triangle,
}
