"""Project types (archetypes) as editable data, and the brief a planner makes from one.

Comes in: ``data/project_types.toml`` and what the planner changes. Goes out: :class:`Brief`.
Must not know: sites, sewers, scores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from xingu_geo.ground.base.digest import digest_value
from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.base.specs import Label, Spec, read_toml, validated
from xingu_geo.ground.planning.chain import Stage

Case = Literal["low", "typical", "high"]
FactConfidence = Literal["verified", "verified-weak", "derived", "memory-unverified", "assumption-illustrative"]
VibrationClass = Literal["none", "VC-A", "VC-B", "VC-C", "VC-D", "VC-E"]
HazardClass = Literal["none", "甲类", "乙类", "丙类", "丁类", "戊类"]


class Quantity(Spec):
    """A figure with its range and its warrant; ``per`` is the capacity it is given for, 0 if it does not scale."""

    low: float | None = Field(default=None, ge=0)
    typical: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)
    unit: str
    per: float = Field(default=0, ge=0)
    source: str = Field(min_length=1)
    confidence: FactConfidence
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        given = [value for value in (self.low, self.typical, self.high) if value is not None]
        if given != sorted(given):
            raise ValueError("low ≤ typical ≤ high")
        return self


class Capacity(Spec):
    """What a project makes, the measure its figures scale with."""

    unit: Label
    typical: float = Field(gt=0)


class ProjectType(Spec):
    """An archetype: what projects of this kind need and give off.

    ``quantities`` is keyed by names that carry their unit: ``land_m2``, ``floor_area_m2``, ``wastewater_m3_d``,
    ``power_mw``, ``water_m3_d``, ``domestic_share``, ``industrial_peaking``, ``homes_setback_m``, ``rail_setback_m``,
    ``road_setback_m``, ``air_screen_m``, ``employees``. A quantity nobody knows is simply not there.
    """

    title: Label
    stage: Stage
    needs: Literal["land", "floor"]
    capacity: Capacity | None = None
    vibration: VibrationClass = "none"
    hazard: HazardClass = "none"
    flags: tuple[Literal["arsenic", "toxic_air", "fluoride", "plating"], ...] = ()
    zones: tuple[str, ...] = ()
    land_use_codes: tuple[str, ...] = ()
    quantities: dict[str, Quantity]


@dataclass(frozen=True, slots=True)
class Brief:
    """One project to be placed: a type, its capacity, and every figure as a number.

    ``demand`` maps a quantity's name to its value, already scaled to ``capacity`` (NaN never appears: an unknown
    figure is absent). ``changed`` names what the planner set by hand.
    """

    project: str
    type: ProjectType
    capacity: float
    case: Case
    demand: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    changed: tuple[str, ...] = field(default=())

    def need(self, name: str) -> float:
        """The figure ``name``, NaN where it is unknown."""
        return self.demand.get(name, math.nan)

    @property
    def digest(self) -> str:
        """Of everything that can change a result."""
        return digest_value(
            {
                "type": self.type.model_dump(mode="json"),
                "capacity": self.capacity,
                "case": self.case,
                "demand": dict(self.demand),
            }
        )


ProjectTypes = Mapping[str, ProjectType]


def read_project_types(path: Path) -> ProjectTypes:
    """Every project type of the TOML file at ``path``, by its id; complaints are collected over all of them."""
    types: dict[str, ProjectType] = {}
    complaints: list[XinguError] = []
    for name, tables in read_toml(path).items():
        try:
            types[name] = validated(ProjectType, tables, file=path.name, prefix=f"{name}.")
        except XinguError as complaint:
            complaints += getattr(complaint, "complaints", (complaint,))
    raise_all(complaints)
    return MappingProxyType(types)


def brief_of(
    types: ProjectTypes,
    project: str,
    *,
    capacity: float | None = None,
    case: Case = "typical",
    changes: Mapping[str, float] | None = None,
) -> Brief:
    """A brief from the type ``project``; figures scale to ``capacity``, then ``changes`` replace them one by one.

    Raises
    ------
    XinguError
        ``unknown_project``, ``unknown_quantity``, ``quantity_wrong`` (negative, NaN or infinite).
    """
    if project not in types:
        raise XinguError("unknown_project", project=project, known=", ".join(types))
    archetype = types[project]
    made = archetype.capacity.typical if archetype.capacity and capacity is None else (capacity or 0.0)
    if not math.isfinite(made) or made < 0:
        raise XinguError("quantity_wrong", name="capacity", value=capacity)
    demand: dict[str, float] = {}
    ranges: dict[str, tuple[float, float]] = {}
    for name, quantity in archetype.quantities.items():
        scale = made / quantity.per if quantity.per else 1.0
        chosen = next((v for v in (getattr(quantity, case), quantity.typical) if v is not None), None)
        if chosen is not None:
            low = quantity.low if quantity.low is not None else chosen
            high = quantity.high if quantity.high is not None else chosen
            demand[name] = chosen * scale
            ranges[name] = (low * scale, high * scale)
    for name, value in (changes or {}).items():
        _check_change(name, value)
        demand[name], ranges[name] = float(value), (float(value), float(value))
    return Brief(
        project=project,
        type=archetype,
        capacity=made,
        case=case,
        demand=MappingProxyType(demand),
        ranges=MappingProxyType(ranges),
        changed=tuple(sorted(changes or {})),
    )


QUANTITIES = (
    "land_m2",
    "floor_area_m2",
    "wastewater_m3_d",
    "domestic_share",
    "industrial_peaking",
    "power_mw",
    "water_m3_d",
    "homes_setback_m",
    "rail_setback_m",
    "road_setback_m",
    "air_screen_m",
    "employees",
    "investment_10k_cny",
    "plot_ratio",
    "footprint_width_m",
    "footprint_depth_m",
)


def _check_change(name: str, value: float) -> None:
    if name not in QUANTITIES:
        raise XinguError("unknown_quantity", name=name, known=", ".join(QUANTITIES))
    if not math.isfinite(value) or value < 0 or (name == "domestic_share" and value > 1):
        raise XinguError("quantity_wrong", name=name, value=value)
