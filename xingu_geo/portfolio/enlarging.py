"""Ways out that build: pumps, a pipe, a share of the plant, a link between trunks.

Comes in: conflicts, costs. Goes out: remedies. Must not know: projects, sentences.
"""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from xingu_geo.base.units import M3_D_PER_L_S
from xingu_geo.portfolio.costs import UpgradeCosts
from xingu_geo.portfolio.crosslink import CrossLink
from xingu_geo.portfolio.remedy import Remedy, RemedyKind
from xingu_geo.portfolio.ticket import Conflict, Ticket
from xingu_geo.portfolio.whatif import Change, NewLink, least_value
from xingu_geo.sewers.network import Network

DIAMETER_MAX_MM: Final = 6000.0


def led_over(network: Network, ticket: Ticket, link: CrossLink, costs: UpgradeCosts) -> Remedy:
    """A link between trunks, a pressure main of the next size on the market."""
    velocity = network.norms.velocity.pressure_max_m_s.value
    size = costs.pressure.next_size(_main_mm(link.peak_l_s, velocity))
    pipe = NewLink(
        id=f"{link.start}>{link.end}",
        from_node=link.start,
        to_node=link.end,
        kind="pressure",
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


def enlarged(network: Network, ticket: Ticket, conflict: Conflict, costs: UpgradeCosts) -> Remedy:
    """The overloaded element made large enough for all that is to pass it."""
    make = {"station": _pumps, "plant": _plant}.get(conflict.kind, _pipe)
    kind, figure, unit, cost, change = make(network, conflict, costs)
    return Remedy(
        kind=kind,
        project="",
        element=conflict.element,
        figure=figure,
        unit=unit,
        missing_m3_d=conflict.missing_m3_d,
        is_enough=not math.isnan(figure),
        cost_10k_cny=cost,
        changes=() if math.isnan(figure) else (change,),
        discharges=ticket.discharges,
    )


Enlargement = tuple[RemedyKind, float, str, float, Change]


def _pumps(network: Network, conflict: Conflict, costs: UpgradeCosts) -> Enlargement:
    duty = _figure(network.nodes, conflict.element, "pump_duty")
    cost = (conflict.demand_l_s - conflict.limit_l_s) * costs.pump_l_s.value + costs.mobilisation.value
    change = Change(conflict.element, "pump_rated_l_s", conflict.demand_l_s / duty)
    return RemedyKind.PUMP, conflict.demand_l_s, "l_s", cost, change


def _plant(network: Network, conflict: Conflict, costs: UpgradeCosts) -> Enlargement:
    needed = conflict.demand_l_s * M3_D_PER_L_S
    more = needed - _figure(network.nodes, conflict.element, "capacity_m3_d")
    change = Change(conflict.element, "capacity_m3_d", needed)
    return RemedyKind.PLANT, needed, "m3_d", more * costs.plant_m3_d.value + costs.mobilisation.value, change


def _pipe(network: Network, conflict: Conflict, costs: UpgradeCosts) -> Enlargement:
    needed = least_value(
        network, conflict.element, column="diameter_mm", needed_l_s=conflict.demand_l_s, high=DIAMETER_MAX_MM
    )
    catalogue = costs.pipes(conflict.kind)
    cost = (
        catalogue.of(catalogue.next_size(needed)) * _figure(network.links, conflict.element, "length_m")
        + costs.mobilisation.value
    )
    return RemedyKind.PIPE, needed, "mm", cost, Change(conflict.element, "diameter_mm", needed)


def main_cost_10k_cny(network: Network, flow_l_s: float, length_m: float, costs: UpgradeCosts) -> float:
    """Cost of a new pressure main for ``flow_l_s`` at the greatest velocity; NaN where none on the market is enough."""
    size = costs.pressure.next_size(_main_mm(flow_l_s, network.norms.velocity.pressure_max_m_s.value))
    return costs.pressure.of(size) * length_m + costs.mobilisation.value


def _main_mm(flow_l_s: float, velocity_m_s: float) -> float:
    return 1000 * math.sqrt(4 * flow_l_s / 1000 / (math.pi * velocity_m_s))


def _figure(table: pd.DataFrame, name: str, column: str) -> float:
    return float(table[column][name])
