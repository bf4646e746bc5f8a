"""Conversion factors and how a unit is written for people.

Comes in: nothing. Goes out: constants; :func:`unit_label`. Must not know: which quantity uses them.
"""

from __future__ import annotations

from typing import Final

from xingu_geo.ground.base.say import Bilingual, Lang

M3_D_PER_L_S: Final = 86.4
M3_D_PER_M3_S: Final = 86_400.0
M2_PER_HA: Final = 10_000.0
M2_PER_KM2: Final = 1_000_000.0
M2_PER_MU: Final = 10_000.0 / 15.0
DAYS_PER_YEAR: Final = 365.0

_SIGNS: Final = {
    "m2": "m²",
    "km2": "km²",
    "m3": "m³",
    "m3_d": "m³/d",
    "l_s": "L/s",
    "m_s": "m/s",
    "kg_d": "kg/d",
    "mg_l": "mg/L",
    "mb": "MB",
    "share": "",
    "ratio": "",
    "count": "",
    "class": "",
    "degree": "°",
}
_WORDS: Final = {
    "persons": Bilingual("人", "persons"),
    "mu": Bilingual("亩", "mu"),
    "10k_cny": Bilingual("万元", "× 10,000 CNY"),
}


def unit_label(unit: str, lang: Lang = "en") -> str:
    """How ``unit`` is written on screen: ``m3_d`` becomes ``m³/d``, ``persons`` 人, a bare share or ratio nothing."""
    return _WORDS[unit].to(lang) if unit in _WORDS else _SIGNS.get(unit, unit)
