"""Faults of pipes and machines: diameters, materials, roughness, pumps and plants without figures.

Comes in: shaped node and link tables with unique ids. Goes out: what was found. Must not know: flow, levels.
"""

from __future__ import annotations

import pandas as pd

from xingu_geo.sewers.network.kinds import which
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.survey.faults.found import Found, gravity_in, looked_up, marked


def diameters(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Diameters missing, in the wrong unit, or smaller than the gravity pipe just upstream."""
    size, limits = links["diameter_mm"], norms.checks
    is_odd = (size < limits.diameter_low_mm) | (size > limits.diameter_high_mm)
    gravity = gravity_in(links[~is_odd])
    arriving = gravity.groupby("to_node")["diameter_mm"].max()
    # A side outlet may be small; the largest pipe that leaves is the one that must not be.
    largest = gravity["diameter_mm"] == gravity.groupby("from_node")["diameter_mm"].transform("max")
    above = looked_up(gravity["from_node"], arriving).rename("above_mm")
    is_drop = (gravity["diameter_mm"] < above) & largest
    return [
        *marked("diameter_missing", size.isna() | (size <= 0)),
        *marked("diameter_odd", is_odd & (size > 0), size),
        *marked("diameter_drop", is_drop, gravity["diameter_mm"], above),
    ]


def materials(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Roughness no pipe has, and materials whose roughness is not known where none is given."""
    n, limits = links["roughness_n"], norms.checks
    is_odd = (n < limits.roughness_low) | (n > limits.roughness_high)
    is_strange = n.isna() & ~links["material"].map(norms.knows_material).astype(bool)
    is_strange &= links.index.isin(gravity_in(links).index)
    default = norms.material["default"].roughness_n
    used = pd.Series(default, index=links.index, name="used", dtype=float)
    return [
        *marked("roughness_odd", is_odd, n),
        *marked("material_unknown", is_strange, links["material"].replace("", "–"), used),
    ]


def equipment(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Stations without pumps, plants without a size, pressure mains that start where no pump stands."""
    is_station = which(nodes["kind"], lambda kind: kind.lifts)
    is_works = which(nodes["kind"], lambda kind: "capacity_m3_d" in kind.figures)
    has_pumps = (nodes["pump_duty"] > 0) & (nodes["pump_rated_l_s"] > 0)
    mains = links[which(links["kind"], lambda kind: kind.is_pressure)]
    is_fed = mains["from_node"].isin(mains["to_node"]) | looked_up(mains["from_node"], is_station).eq(other=True)
    return [
        *marked("pumps_missing", is_station & ~has_pumps),
        *marked("standby_missing", is_station & has_pumps & ~(nodes["pump_standby"] >= 1)),
        *marked("plant_size_missing", is_works & ~(nodes["capacity_m3_d"] > 0)),
        *marked("main_unpumped", ~is_fed, mains["from_node"].rename("node")),
    ]
