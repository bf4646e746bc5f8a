"""Ways out that build: pumps, a pipe, a share of the plant, a link between trunks.

Comes in: conflicts, costs. Goes out: remedies. Must not know: projects, sentences.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.kinds import PRESSURE
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.stations import fixed_pumps, running_l_s
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.crosslink import CrossLink
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind
from xingu_geo.sewers.relief.ticket import Conflict, Ticket
from xingu_geo.sewers.relief.whatif import Change, NewLink, least_value, limits_with

DIAMETER_MAX_MM: Final = 6000.0
PUMPS_MAX: Final = 20.0
HALVINGS: Final = 50
ROUNDING: Final = 1e-12


def led_over(network: Network, ticket: Ticket, link: CrossLink, costs: UpgradeCosts) -> Remedy:
    """A link between trunks, a pressure main of the next size on the market."""
    velocity = network.norms.velocity.pressure_max_m_s.value
    size = costs.pressure.next_size(_main_mm(link.peak_l_s, velocity))
    pipe = NewLink(
        id=f"{link.start}>{link.end}",
        from_node=link.start,
        to_node=link.end,
        kind=PRESSURE,
        diameter_mm=size,
        length_m=max(link.length_m, 1.0),
        split_share=link.share,
        material="steel",
    )
    return Remedy(
        kind=RemedyKind.CROSS_LINK,
        project="",
        element=link.end,
        figure=link.flow_m3_d,
        unit="m3_d",
        missing_m3_d=link.flow_m3_d,
        is_enough=not math.isnan(size),
        cost_10k_cny=main_cost_10k_cny(network, link.peak_l_s, link.length_m, costs),
        changes=link.shares,
        links=() if math.isnan(size) else (pipe,),
        discharges=ticket.discharges,
    )


def enlarged(network: Network, ticket: Ticket, conflict: Conflict, costs: UpgradeCosts) -> list[Remedy]:
    """What limits the overloaded element made large enough for all that is to pass it; none if no figure does."""
    figures = network.kind_of(conflict.binder).figures
    if "diameter_mm" in figures:
        is_own = conflict.binder == conflict.element
        needed = conflict.demand_l_s if is_own else _sent_l_s(network, conflict)
        kind, figure, unit, cost, change = _pipe(network, conflict.binder, needed, costs)
    elif "pump_rated_l_s" in figures:
        kind, figure, unit, cost, change = _pumps(network, conflict, costs)
    elif "capacity_m3_d" in figures:
        kind, figure, unit, cost, change = _plant(network, conflict, costs)
    else:
        return []
    remedy = Remedy(
        kind=kind,
        project="",
        element=conflict.binder,
        figure=figure,
        unit=unit,
        missing_m3_d=conflict.missing_m3_d,
        is_enough=not math.isnan(figure),
        cost_10k_cny=cost,
        changes=() if math.isnan(figure) else (change,),
        discharges=ticket.discharges,
    )
    return [remedy]


Enlargement = tuple[RemedyKind, float, str, float, Change]


def _pumps(network: Network, conflict: Conflict, costs: UpgradeCosts) -> Enlargement:
    """Pumps of a larger rating; on a shared main they must be larger than the demand over their number."""
    name, needed = conflict.element, conflict.demand_l_s
    rated = needed / _figure(network.nodes, name, "pump_duty")
    low, high = rated, rated * PUMPS_MAX
    if limits_with(network, name, column="pump_rated_l_s", values=np.array([rated]))[0] < needed * (1 - ROUNDING):
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            reached = limits_with(network, name, column="pump_rated_l_s", values=np.array([middle]))[0] >= needed
            low, high = (low, middle) if reached else (middle, high)
        is_found = limits_with(network, name, column="pump_rated_l_s", values=np.array([high]))[0] >= needed
        rated = high if is_found else math.nan
    cost = (needed - conflict.limit_l_s) * costs.pump_l_s.value + costs.mobilisation.value
    figure = math.nan if math.isnan(rated) else needed
    return RemedyKind.PUMP, figure, "l_s", cost, Change(name, "pump_rated_l_s", rated)


def _plant(network: Network, conflict: Conflict, costs: UpgradeCosts) -> Enlargement:
    needed = conflict.demand_l_s * M3_D_PER_L_S
    more = needed - _figure(network.nodes, conflict.element, "capacity_m3_d")
    change = Change(conflict.element, "capacity_m3_d", needed)
    return RemedyKind.PLANT, needed, "m3_d", more * costs.plant_m3_d.value + costs.mobilisation.value, change


def _pipe(network: Network, name: str, needed_l_s: float, costs: UpgradeCosts) -> Enlargement:
    diameter = least_value(network, name, column="diameter_mm", needed_l_s=needed_l_s, high=DIAMETER_MAX_MM)
    catalogue = costs.pipes(str(network.links["kind"][name]))
    per_m, length_m = catalogue.of(catalogue.next_size(diameter)), _figure(network.links, name, "length_m")
    cost = per_m * length_m + costs.mobilisation.value
    return RemedyKind.PIPE, diameter, "mm", cost, Change(name, "diameter_mm", diameter)


def _sent_l_s(network: Network, conflict: Conflict) -> float:
    """What a fixed-speed station sends through the pipe that binds it, at the demand of the ticket."""
    station, pipe = (
        network.position(conflict.element),
        int(network.elements.get_indexer(pd.Index([conflict.binder]))[0]),
    )
    (pumps,) = [pumps for pumps in fixed_pumps(network) if pumps.station == station]
    part = float(pumps.parts[pumps.elements == pipe][0])
    return float(running_l_s(pumps, np.array(conflict.demand_l_s))) * part


def main_cost_10k_cny(network: Network, flow_l_s: float, length_m: float, costs: UpgradeCosts) -> float:
    """Cost of a new pressure main for ``flow_l_s`` at the greatest velocity; NaN where none on the market is enough."""
    size = costs.pressure.next_size(_main_mm(flow_l_s, network.norms.velocity.pressure_max_m_s.value))
    return costs.pressure.of(size) * length_m + costs.mobilisation.value


def _main_mm(flow_l_s: float, velocity_m_s: float) -> float:
    return 1000 * math.sqrt(4 * flow_l_s / 1000 / (math.pi * velocity_m_s))


def _figure(table: pd.DataFrame, name: str, column: str) -> float:
    return float(table[column][name])
