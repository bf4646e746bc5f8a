"""The figures of the design standard and the assumptions beside it, as a planner edits them.

Comes in: ``data/sewers.toml``. Goes out: :class:`Norms`. Must not know: any network.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.specs import Spec
from xingu_geo.ground.planning.projects import FactConfidence


class Figure(Spec):
    """One number and its warrant."""

    value: float
    source: str = Field(min_length=1)
    confidence: FactConfidence
    note: str = ""


class Material(Spec):
    """A pipe material: its roughness where none is measured, and the names survey tables give it."""

    roughness_n: float = Field(gt=0)
    is_metal: bool
    names: tuple[str, ...]
    source: str = Field(min_length=1)
    confidence: FactConfidence
    note: str = ""


class PeakingTable(Spec):
    """K against mean domestic flow [L/s], linear between knots, constant outside.

    A table whose peak flow ``K·q`` does not rise with ``q`` has no inverse and is refused.
    """

    edition: str
    clause: str
    flow_l_s: tuple[float, ...] = Field(min_length=2)
    factor: tuple[float, ...] = Field(min_length=2)
    source: str
    confidence: FactConfidence

    @model_validator(mode="after")
    def _has_an_inverse(self) -> Self:
        if len(self.flow_l_s) != len(self.factor):
            raise ValueError("as many factors as flows")
        if self.flow_l_s[0] <= 0 or min(self.factor) < 1:
            raise ValueError("flows above 0 and factors of at least 1")
        knots = list(zip(self.flow_l_s, self.factor, strict=True))
        for (low, k_low), (high, k_high) in pairwise(knots):
            if high <= low:
                raise ValueError("flows in rising order")
            bend = (k_high - k_low) / (high - low)
            # d(K·q)/dq = K + q·dK/dq is linear within a segment, so its two ends decide.
            if min(k_low + bend * low, k_high + bend * high) <= 0:
                raise ValueError(f"K·q falls between {low} and {high} L/s, so the table has no inverse")
        return self


class Fullness(Spec):
    """Deepest design flow h/D, from each diameter [mm] upwards to the next."""

    clause: str
    from_mm: tuple[float, ...] = Field(min_length=1)
    fill: tuple[float, ...] = Field(min_length=1)
    source: str
    confidence: FactConfidence

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(self.from_mm) != len(self.fill) or list(self.from_mm) != sorted(set(self.from_mm)):
            raise ValueError("as many fills as diameters, diameters in rising order")
        if self.from_mm[0] != 0 or not all(0 < fill <= 1 for fill in self.fill):
            raise ValueError("the first class starts at 0 and every fill lies in (0, 1]")
        return self


class Velocity(Spec):
    """Velocity limits [m/s]."""

    gravity_min_m_s: Figure
    gravity_max_metal_m_s: Figure
    gravity_max_other_m_s: Figure
    pressure_min_m_s: Figure
    pressure_max_m_s: Figure


class Checks(Spec):
    """Tolerances of the survey checks; see the comments in ``data/sewers.toml``."""

    snap_m: float = Field(gt=0)
    coincident_m: float = Field(gt=0)
    length_share: float = Field(gt=0)
    length_m: float = Field(gt=0)
    slope_steep: float = Field(gt=0)
    step_up_m: float = Field(ge=0)
    cover_min_m: float
    depth_max_m: float = Field(gt=0)
    diameter_low_mm: float = Field(gt=0)
    diameter_high_mm: float = Field(gt=0)
    roughness_low: float = Field(gt=0)
    roughness_high: float = Field(gt=0)
    source: str
    confidence: FactConfidence


class Spread(Spec):
    """How far a load may turn out below and above what is stated, as parts of it; triangular between."""

    low: float = Field(ge=0, le=1)
    high: float = Field(ge=1)


class Uncertainty(Spec):
    """The spread of loads by state, and how much of it they share (weather, business cycle): 0 none, 1 all."""

    existing: Spread
    committed: Spread
    reserved: Spread
    common_share: float = Field(ge=0, le=1)
    samples: int = Field(ge=100, le=1_000_000)
    source: str
    confidence: FactConfidence


class Norms(Spec):
    """Every figure the sewer checks use; ``edition`` names the peaking table in force."""

    edition: str
    peaking: tuple[PeakingTable, ...]
    fullness: Fullness
    material: dict[str, Material]
    slope_floor: Figure
    velocity: Velocity
    infiltration_share: Figure
    industrial_peaking: Figure
    domestic_share: Figure
    reach_m: Figure
    nearly_full: Figure
    full: Figure
    checks: Checks
    uncertainty: Uncertainty

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.edition not in self.editions:
            raise ValueError(f"edition is one of {', '.join(self.editions)}")
        if "default" not in self.material:
            raise ValueError("material.default is given")
        if self.infiltration_share.value < 0 or self.industrial_peaking.value < 1:
            raise ValueError("infiltration_share of at least 0 and industrial_peaking of at least 1")
        return self

    @property
    def editions(self) -> tuple[str, ...]:
        """The peaking tables to choose from."""
        return tuple(table.edition for table in self.peaking)

    @property
    def peaking_table(self) -> PeakingTable:
        """The peaking table in force."""
        return next(table for table in self.peaking if table.edition == self.edition)

    def material_named(self, name: str) -> Material:
        """The material a table calls ``name``, whatever its case; ``default`` where no material has that name."""
        wanted = name.strip().casefold()
        known = (m for m in self.material.values() if wanted in {alias.casefold() for alias in m.names})
        return next(known, self.material["default"])

    def knows_material(self, name: str) -> bool:
        """Whether a material goes by ``name``."""
        return self.material_named(name) is not self.material["default"]

    def with_edition(self, edition: str) -> Norms:
        """The same norms under another edition's peaking table; raises ``sewer_edition_unknown``."""
        if edition not in self.editions:
            raise XinguError("sewer_edition_unknown", edition=edition, known=", ".join(self.editions))
        return self.model_copy(update={"edition": edition})
