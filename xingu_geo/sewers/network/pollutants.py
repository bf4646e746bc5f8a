"""What the water carries against the quotas of plants and parks, and water that must never leave its site.

Comes in: an assessed network, ``data/pollutants.toml``, a project's concentrations and flags.
Goes out: tables by limit.
Must not know: hydraulics, sites.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.specs import Label, Spec
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.ground.planning.projects import FactConfidence
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.flows import Flows
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.utilisation import shares_of_path

# mg/L times m³/d is g/d.
G_PER_KG: Final = 1000.0


class Concentration(Spec):
    """A mean concentration [mg/L] and its warrant."""

    value: float = Field(ge=0)
    source: str = Field(min_length=1)
    confidence: FactConfidence
    note: str = ""


class Pollutant(Spec):
    """A pollutant's name."""

    title: Label


class Limit(Spec):
    """The most a node may receive: kg/d on the mean day, or the highest mean concentration [mg/L]."""

    id: str = Field(min_length=1)
    at: str = Field(min_length=1)
    pollutant: str
    kind: Literal["quota_kg_d", "inlet_mg_l"]
    value: float = Field(ge=0)
    source: str = Field(min_length=1)
    confidence: FactConfidence
    note: str = ""


class Never(Spec):
    """Water that must not leave the site, by the flag of the project type."""

    flag: str
    title: Label
    demand: Label
    source: str
    confidence: FactConfidence


class Background(Spec):
    """What is discharged today [mg/L], by pollutant."""

    domestic: dict[str, Concentration]
    industrial: dict[str, Concentration]


class Pollutants(Spec):
    """``data/pollutants.toml``."""

    pollutant: dict[str, Pollutant]
    background: Background
    discharge: dict[str, Concentration]
    limit: tuple[Limit, ...] = ()
    never: tuple[Never, ...] = ()

    @model_validator(mode="after")
    def _names_known(self) -> Self:
        known = set(self.pollutant)
        for table in (self.background.domestic, self.background.industrial, self.discharge):
            if set(table) != known:
                raise ValueError(f"a concentration for each of {', '.join(sorted(known))}, and for no other")
        for limit in self.limit:
            if limit.pollutant not in known:
                raise ValueError(f"limit {limit.id} is for one of {', '.join(sorted(known))}")
        if len({limit.id for limit in self.limit}) != len(self.limit):
            raise ValueError("every limit has its own id")
        return self


def forbidden(flags: Iterable[str], pollutants: Pollutants) -> tuple[Never, ...]:
    """The waters among a project's flags that must never be discharged, whatever quota is left."""
    carried = set(flags)
    return tuple(never for never in pollutants.never if never.flag in carried)


def pollution_of(assessed: Assessed, pollutants: Pollutants) -> pd.DataFrame:
    """Every limit and how far it is used today, indexed by limit id; limits at nodes of other places are left out.

    Columns: ``at``, ``pollutant``, ``kind``, ``value`` (kg/d or mg/L), ``load_kg_d``, ``concentration_mg_l`` (of all
    water arriving, infiltration included; NaN where none arrives), ``utilisation``, ``confidence``.
    """
    network, flows = assessed.network, assessed.flows
    limits = _here(network, pollutants)
    at = network.nodes.index.get_indexer(pd.Index([limit.at for limit in limits], dtype=object))
    load = np.array(
        [_load_kg_d(flows, pollutants, limit.pollutant)[place] for limit, place in zip(limits, at, strict=True)]
    )
    volume = flows.mean[at] * M3_D_PER_L_S
    concentration = np.where(volume > 0, load * G_PER_KG / np.where(volume > 0, volume, 1.0), np.nan)
    value = np.array([limit.value for limit in limits])
    is_quota = np.array([limit.kind == "quota_kg_d" for limit in limits], dtype=bool)
    used = np.where(is_quota, load, np.nan_to_num(concentration))
    return pd.DataFrame(
        {
            "at": [limit.at for limit in limits],
            "pollutant": [limit.pollutant for limit in limits],
            "kind": [limit.kind for limit in limits],
            "value": value,
            "load_kg_d": load,
            "concentration_mg_l": concentration,
            "utilisation": np.divide(used, value, out=np.where(used > 0, np.inf, 0.0), where=value > 0),
            "confidence": [limit.confidence for limit in limits],
        },
        index=pd.Index([limit.id for limit in limits], name="limit", dtype=object),
    )


def pollutant_headroom(
    assessed: Assessed, pollutants: Pollutants, node_id: str, *, concentrations_mg_l: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The extra mean flow [m³/d] each limit on the way of ``node_id`` still allows, indexed by limit id, least first.

    Columns: ``at``, ``pollutant``, ``concentration_mg_l`` (of the discharge), ``headroom_m3_d`` (signed; infinite
    where the discharge is no stronger than the limit), ``confidence``. A quota allows ``(quota − load)/(c·a)``; an
    inlet limit ``l`` the root of ``(load + c·a·q) = l·(volume + (1 + i)·a·q)``: linear, because transport is
    conservative; ``a`` is the part of the discharge that arrives, ``i`` the infiltration it brings.

    Raises
    ------
    XinguError
        ``sewer_node_unknown``; ``pollutant_unknown``; ``concentration_wrong`` (negative or not finite).
    """
    strength = _strengths(pollutants, concentrations_mg_l or {})
    network = assessed.network
    part = shares_of_path(network, node_id)
    limits = [limit for limit in _here(network, pollutants) if limit.at in part.index]
    today = pollution_of(assessed, pollutants)
    volume = assessed.flows.mean * M3_D_PER_L_S
    rows = []
    for limit in limits:
        arriving = float(part[limit.at])
        used = float(today["load_kg_d"][limit.id]) * G_PER_KG
        at = network.position(limit.at)
        room, rise = _room_and_rise(
            limit, used, float(volume[at]), strength[limit.pollutant], network.infiltration_share
        )
        rows.append(
            {
                "at": limit.at,
                "pollutant": limit.pollutant,
                "concentration_mg_l": strength[limit.pollutant],
                "headroom_m3_d": room / (rise * arriving) if rise > 0 else np.inf,
                "confidence": limit.confidence,
            }
        )
    columns = ["at", "pollutant", "concentration_mg_l", "headroom_m3_d", "confidence"]
    table = pd.DataFrame(
        rows, index=pd.Index([limit.id for limit in limits], name="limit", dtype=object), columns=columns
    )
    return table.sort_values("headroom_m3_d", kind="stable")


def _room_and_rise(
    limit: Limit, used_g_d: float, volume_m3_d: float, strength_mg_l: float, infiltration: float
) -> tuple[float, float]:
    """What is left of a limit [g/d], and how fast a cubic metre of discharge uses it up [g/m³]."""
    if limit.kind == "quota_kg_d":
        return limit.value * G_PER_KG - used_g_d, strength_mg_l
    return limit.value * volume_m3_d - used_g_d, strength_mg_l - limit.value * (1 + infiltration)


def _load_kg_d(flows: Flows, pollutants: Pollutants, name: str) -> Floats:
    domestic, industrial = pollutants.background.domestic[name].value, pollutants.background.industrial[name].value
    load: Floats = (flows.domestic * domestic + flows.industrial * industrial) * M3_D_PER_L_S / G_PER_KG
    return load


def _here(network: Network, pollutants: Pollutants) -> list[Limit]:
    return [limit for limit in pollutants.limit if limit.at in network.nodes.index]


def _strengths(pollutants: Pollutants, given: Mapping[str, float]) -> dict[str, float]:
    strength = {name: concentration.value for name, concentration in pollutants.discharge.items()}
    for name, value in given.items():
        if name not in strength:
            raise XinguError("pollutant_unknown", name=name, known=", ".join(strength))
        if not np.isfinite(value) or value < 0:
            raise XinguError("concentration_wrong", name=name, value=value)
        strength[name] = float(value)
    return strength
