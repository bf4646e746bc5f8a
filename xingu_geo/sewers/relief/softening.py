"""Ways out that leave the sewer as it is: a smaller discharge, reuse, another tie-in.

Comes in: a ticket and its network. Goes out: remedies. Must not know: pipes, sentences.
"""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.fit import FitState, fits_of
from xingu_geo.sewers.network.flows import design_flow_l_s
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.peaking import peaking_of
from xingu_geo.sewers.network.tie_in import joinable
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.enlarging import main_cost_10k_cny
from xingu_geo.sewers.relief.fewest import added_l_s
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind
from xingu_geo.sewers.relief.ticket import Ticket, ways_of


def smaller_or_reused(network: Network, ticket: Ticket, number: int, costs: UpgradeCosts) -> list[Remedy]:
    """A smaller discharge, and reuse of process water, of one project while the others stay."""
    one, rest = ticket.discharges[number], _without(network, ticket, number)
    least = _headroom_at(rest, one.node, one.effluent)
    remains = min(max(least, 0.0), one.flow_m3_d)
    smaller = Remedy(
        kind=RemedyKind.DISCHARGE,
        project=one.id,
        element="",
        figure=remains,
        unit="m3_d",
        missing_m3_d=one.flow_m3_d - least,
        is_enough=least >= 0,
        cost_10k_cny=0.0,
        discharges=_replaced(ticket.discharges, number, replace(one, flow_m3_d=remains)),
    )
    return [smaller, *_reuse(rest, ticket, number, costs)]


def _reuse(rest: Network, ticket: Ticket, number: int, costs: UpgradeCosts) -> list[Remedy]:
    """Domestic water cannot be reused in the process: it stays, and the process water shrinks until all fits."""
    one = ticket.discharges[number]
    domestic = one.flow_m3_d * one.effluent.domestic_share
    process = one.flow_m3_d - domestic
    if process <= 0:
        return []
    only_domestic = replace(one, flow_m3_d=domestic, effluent=replace(one.effluent, domestic_share=1.0))
    room = _headroom_at(with_discharges(rest, [only_domestic]), one.node, replace(one.effluent, domestic_share=0.0))
    remains = min(max(room, 0.0), process)
    share = 1 - remains / process
    total = domestic + remains
    effluent = replace(one.effluent, domestic_share=domestic / total) if total > 0 else one.effluent
    return [
        Remedy(
            kind=RemedyKind.REUSE,
            project=one.id,
            element="",
            figure=share,
            unit="share",
            missing_m3_d=process - room,
            is_enough=room >= 0 and share <= costs.reuse_share_max.value,
            cost_10k_cny=(process - remains) * costs.reuse_m3_d.value,
            discharges=_replaced(ticket.discharges, number, replace(one, flow_m3_d=total, effluent=effluent)),
        )
    ]


def other_tie_in(
    network: Network,
    ticket: Ticket,
    number: int,
    costs: UpgradeCosts,
    *,
    sites: gpd.GeoSeries | None,
    reach_m: float,
) -> list[Remedy]:
    """The nearest other node, within ``reach_m``, that takes all of one project while the others stay."""
    one, rest = ticket.discharges[number], _without(network, ticket, number)
    room = headroom_of(assessed_of(rest), one.effluent).table["headroom_m3_d"]
    free = network.nodes[joinable(network) & (fits_of(room, one.flow_m3_d)["state"] == FitState.FITS)]
    distance = _distances(network, free, one, sites)
    if distance.empty or distance.min() > reach_m:
        return []
    node = str(distance.index[int(np.argmin(distance.to_numpy()))])
    length_m = float(distance[node])
    return [
        Remedy(
            kind=RemedyKind.TIE_IN,
            project=one.id,
            element=node,
            figure=length_m,
            unit="m",
            missing_m3_d=one.flow_m3_d,
            is_enough=True,
            cost_10k_cny=main_cost_10k_cny(network, _peak_l_s(network, one), length_m, costs),
            discharges=_replaced(ticket.discharges, number, replace(one, node=node)),
        )
    ]


def contributors(network: Network, ticket: Ticket) -> list[int]:
    """The positions of the discharges that pass an overloaded element."""
    ways = ways_of(network, ticket.discharges)
    over = ways.loc[[conflict.element for conflict in ticket.conflicts]]
    numbers: list[int] = np.flatnonzero((over > 0).any(axis=0).to_numpy()).tolist()
    return [number for number in numbers if ticket.discharges[number].flow_m3_d > 0]


def _without(network: Network, ticket: Ticket, number: int) -> Network:
    return with_discharges(network, [*ticket.discharges[:number], *ticket.discharges[number + 1 :]])


def _headroom_at(network: Network, node: str, effluent: Effluent) -> float:
    room = float(headroom_of(assessed_of(network), effluent).table["headroom_m3_d"][node])
    return -math.inf if math.isnan(room) else room


def _replaced(discharges: tuple[Discharge, ...], number: int, new: Discharge) -> tuple[Discharge, ...]:
    return (*discharges[:number], new, *discharges[number + 1 :])


def _distances(network: Network, nodes: pd.DataFrame, one: Discharge, sites: gpd.GeoSeries | None) -> pd.Series[float]:
    points = shapely.points(nodes[["x_m", "y_m"]].to_numpy(float))
    if sites is not None and one.site in sites.index:
        start = sites[one.site]
    else:
        start = shapely.Point(*network.nodes.loc[one.node, ["x_m", "y_m"]].astype(float))
    return pd.Series(shapely.distance(points, start), index=nodes.index).drop(one.node, errors="ignore").dropna()


def _peak_l_s(network: Network, one: Discharge) -> float:
    """The peak a connection of its own must carry for this project alone."""
    domestic, _, weighted, infiltration = added_l_s(network, [one], np.ones(1))
    return float(design_flow_l_s(domestic, weighted, infiltration, peaking_of(network.norms.peaking_table))[0])
