"""How a figure is said: rounded by its unit, with separators and its unit, the same on every door.

Comes in: a figure, its unit, how sure it is. Goes out: text in one language. Must not know: the sentence around it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import unit_label

if TYPE_CHECKING:
    import pandas as pd

SHARE: Final = "share"

# From which size up how many digits after the point, the sizes falling; below zero: so many significant digits.
# A share is sized and rounded in per cent. The rows that are no unit are asked for by name: what stands beside a limit
# may differ from it by little, what was typed or is given in the data is said as it was given, and some sentences need
# their own. What has no row takes the last one.
ROUNDING: Final[Mapping[str, tuple[tuple[float, int], ...]]] = MappingProxyType(
    dict.fromkeys(("count", "m2", "mm", "persons", "10k_cny", "whole"), ((0, 0),))
    | dict.fromkeys(("ha", "km", "l_s", "mb", "points", SHARE, "tenths"), ((0, 1),))
    | {
        "hundredths": ((0, 2),),
        "ten_thousandths": ((0, 4),),
        "m": ((10, 0), (0, 1)),
        "m3_d": ((100, 0), (0.01, -3), (0, 0)),
        "limit": ((100, 0), (0, -3)),
        "given": ((0, -10),),
        "": ((100, 0), (0, 2)),
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its unit and how sure it is; NaN is unknown, infinity without limit.

    ``rule`` names another row of :data:`ROUNDING` where the unit's own is not meant.

    Examples
    --------
    >>> Figure(1250.4, "m").spoken("en"), Figure(0.034, "share").spoken("zh"), Figure(float("nan"), "m").spoken("en")
    ('1,250 m', '3.4 %', 'unknown')
    >>> Figure(1250.4, "m").bare, Figure(0.034, "share").bare, Figure(-3.27, "points").signed, Figure(9.0, "m3_d").bare
    ('1,250', '3.4', '-3.3', '9')
    """

    value: float
    unit: str
    confidence: Confidence | None = None
    rule: str = ""

    def spoken(self, lang: Lang) -> str:
        """The figure with its unit; unknown where there is none."""
        if math.isnan(self.value):
            return say("figure.unknown", lang)
        return f"{self.bare} {'%' if self.unit == SHARE else unit_label(self.unit, lang)}".strip()

    to = spoken  # a sentence takes a figure as it takes a label

    @property
    def bare(self) -> str:
        """The figure without its unit, for a table that names it at the head; a dash where there is none."""
        return self._written("")

    @property
    def signed(self) -> str:
        """The same of a difference, with its sign."""
        return self._written("+")

    @property
    def rounded(self) -> float:
        """The figure as it is said, still a number; a share in per cent."""
        return float(f"{self._sized:{self._form}}")

    def on_side(self, side: str) -> Figure:
        """The figure rounded to one ``side`` (a rounding of :mod:`decimal`), so that it still works as it is said."""
        exact = Decimal(repr(self.value))
        if not exact.is_finite():
            return self
        places = self._digits + (2 if self.unit == SHARE else 0)
        return replace(self, value=float(exact.quantize(Decimal(1).scaleb(-places), rounding=side)))

    @property
    def _sized(self) -> float:
        return 100 * self.value if self.unit == SHARE else self.value

    @property
    def _digits(self) -> int:
        steps = ROUNDING.get(self.rule or self.unit, ROUNDING[""])
        return next((digits for size, digits in steps if abs(self._sized) >= size), 0)

    @property
    def _form(self) -> str:
        return f".{self._digits}f" if self._digits >= 0 else f".{-self._digits}g"

    def _written(self, sign: str) -> str:
        if not math.isfinite(self.value):
            return "—" if math.isnan(self.value) else "∞"
        return f"{self._sized:{sign},{self._form}}"


def beside_limit(value: float, unit: str) -> Figure:
    """A figure that is compared with another: with enough digits to tell the two apart."""
    return Figure(value, unit, rule="" if unit == SHARE else "limit")


def number(value: float, unit: str = "count", rule: str = "") -> str:
    """A bare figure; a count where no unit is named."""
    return Figure(value, unit, rule=rule).bare


def per_cent(share: float, rule: str = "") -> str:
    """A share written close, ``94.2%``, for a label or a table; a dash where it is unknown."""
    return "—" if math.isnan(share) else f"{number(share, SHARE, rule)}%"


def rounded(values: pd.Series[float], unit: str) -> pd.Series[float]:
    """A column as it is said, still numbers to sort by; shares in per cent."""
    return values.map(lambda value: Figure(float(value), unit).rounded)


def column_form(unit: str, sign: str = "") -> str:
    """How a table writes each number of a column, for a unit that has the same digits at every size."""
    return f"%{sign}.{ROUNDING[unit][0][1]}f"
