"""Circular pipes: geometry, Manning flow at a fullness; pressure mains.

Comes in: diameters, slopes, roughness as numbers or arrays. Goes out: the same kind. Must not know: networks.

Formulas: ``θ = 2·acos(1 − 2·h/D)``, ``A = D²/8·(θ − sin θ)``, ``R = A/(D·θ/2)``, ``v = R^⅔·√I/n``, ``Q = A·v``.
Sources: gb50014_2021, 5.2.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.sewers.network.norms import Fullness

L_S_PER_M3_S: Final = 1000.0


def area_m2(diameter_m: Floats, fill: Floats) -> Floats:
    """Wetted area at the fullness ``fill`` = h/D."""
    angle = _angle(fill)
    return diameter_m**2 / 8 * (angle - np.sin(angle))


def hydraulic_radius_m(diameter_m: Floats, fill: Floats) -> Floats:
    """Wetted area over wetted perimeter."""
    angle = _angle(fill)
    return diameter_m / 4 * (1 - np.sin(angle) / angle)


def velocity_m_s(diameter_m: Floats, fill: Floats, *, slope: Floats, roughness: Floats) -> Floats:
    """Manning velocity at the fullness ``fill``."""
    return hydraulic_radius_m(diameter_m, fill) ** (2 / 3) * np.sqrt(slope) / roughness


def gravity_flow_l_s(diameter_m: Floats, fill: Floats, *, slope: Floats, roughness: Floats) -> Floats:
    """Manning flow at the fullness ``fill``."""
    velocity = velocity_m_s(diameter_m, fill, slope=slope, roughness=roughness)
    return area_m2(diameter_m, fill) * velocity * L_S_PER_M3_S


def pressure_flow_l_s(diameter_m: Floats, velocity_max_m_s: Floats) -> Floats:
    """Flow of a pressure main at its velocity limit."""
    return np.pi / 4 * diameter_m**2 * velocity_max_m_s * L_S_PER_M3_S


def fill_limit(diameter_mm: Floats, fullness: Fullness) -> Floats:
    """Deepest design fullness by diameter; between two classes of the table the smaller class holds."""
    row = np.searchsorted(fullness.from_mm, diameter_mm, side="right") - 1
    fill: Floats = np.array(fullness.fill)[np.maximum(row, 0)]
    return np.where(np.isnan(diameter_mm), np.nan, fill)


def _angle(fill: Floats) -> Floats:
    return 2 * np.arccos(1 - 2 * np.asarray(fill, dtype=np.float64))
