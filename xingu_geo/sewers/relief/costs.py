"""What upgrades cost, as a planner edits it.

Comes in: ``data/upgrade_costs.toml``. Goes out: :class:`UpgradeCosts`. Must not know: networks.
"""

from __future__ import annotations

import math
from typing import Self

from pydantic import Field, model_validator

from xingu_geo.ground.base.specs import Spec
from xingu_geo.ground.planning.projects import FactConfidence
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.norms import Figure


class PipeCosts(Spec):
    """Cost per metre laid [10,000 CNY/m] at each diameter that is on the market [mm]."""

    diameter_mm: tuple[float, ...] = Field(min_length=1)
    cost_10k_cny_m: tuple[float, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    confidence: FactConfidence

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(self.diameter_mm) != len(self.cost_10k_cny_m):
            raise ValueError("as many costs as diameters")
        if list(self.diameter_mm) != sorted(set(self.diameter_mm)) or self.diameter_mm[0] <= 0:
            raise ValueError("diameters above 0 in rising order")
        if min(self.cost_10k_cny_m) < 0:
            raise ValueError("costs of at least 0")
        return self

    def next_size(self, diameter_mm: float) -> float:
        """The smallest diameter on the market that is not below ``diameter_mm``; NaN if none is."""
        return next((size for size in self.diameter_mm if size >= diameter_mm * (1 - 1e-9)), math.nan)

    def of(self, diameter_mm: float) -> float:
        """Cost per metre of a diameter on the market; NaN for one that is not."""
        return dict(zip(self.diameter_mm, self.cost_10k_cny_m, strict=True)).get(diameter_mm, math.nan)


class UpgradeCosts(Spec):
    """Every figure remedies and upgrades are priced with; money in 10,000 CNY."""

    gravity: PipeCosts
    pressure: PipeCosts
    pump_l_s: Figure
    pump_duty_max: Figure
    plant_m3_d: Figure
    plant_module_m3_d: Figure
    reuse_m3_d: Figure
    reuse_share_max: Figure
    mobilisation: Figure

    def pipes(self, kind: str) -> PipeCosts:
        """The costs of pipes of ``kind``: of mains where they run under pressure."""
        return self.pressure if KINDS[kind].is_pressure else self.gravity

    @property
    def is_illustrative(self) -> bool:
        """Whether some cost is only an assumption: every sum of money then says so."""
        figures = [getattr(self, name) for name in type(self).model_fields]
        return any(figure.confidence == "assumption-illustrative" for figure in figures)
