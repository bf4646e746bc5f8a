"""What would make the projects of a ticket fit, each with the exact figure at which they do.

Comes in: a ticket and its network, costs. Goes out: remedies in order of what they cost to build.
Must not know: sentences.
"""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd

from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.crosslink import cross_links
from xingu_geo.sewers.relief.enlarging import enlarged, led_over
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind, applied
from xingu_geo.sewers.relief.softening import contributors, other_tie_in, smaller_or_reused
from xingu_geo.sewers.relief.ticket import Outcome, Ticket, ticket_of


def remedies_of(
    network: Network,
    ticket: Ticket,
    costs: UpgradeCosts,
    *,
    sites: gpd.GeoSeries | None = None,
    reach_m: float = 5_000.0,
) -> tuple[Remedy, ...]:
    """The ways out of ``ticket``'s conflicts: those that are enough alone first, then by cost of building.

    Parameters
    ----------
    network
        The network the ticket was written on.
    sites
        Site geometries by site_id, in the network's CRS, to measure the length of another connection; without them it
        is measured from the node the site ties in at now.
    reach_m
        The longest new connection or link between trunks worth proposing [m].
    """
    if not ticket.conflicts:
        return ()
    found: list[Remedy] = []
    for number in contributors(network, ticket):
        found += smaller_or_reused(network, ticket, number, costs)
        found += other_tie_in(network, ticket, number, costs, sites=sites, reach_m=reach_m)
    found += [led_over(network, ticket, link, costs) for link in cross_links(network, ticket, reach_m=reach_m)]
    found += [remedy for conflict in ticket.conflicts for remedy in enlarged(network, ticket, conflict, costs)]
    judged = [replace(remedy, is_enough=remedy.is_enough and resolves(network, ticket, remedy)) for remedy in found]
    return tuple(sorted(judged, key=_order))


def resolves(network: Network, ticket: Ticket, remedy: Remedy) -> bool:
    """Whether everything fits once the remedy is in effect, and nothing elsewhere gives out because of it."""
    changed, discharges = applied(network, remedy)
    tried = ticket_of(assessed_of(changed), discharges)
    if tried.outcome is not Outcome.FITS:
        return False
    before, after = ticket.after, tried.after
    old = before.network.elements[before.is_over | before.is_unknown]
    return bool(after.network.elements[after.is_over | after.is_unknown].isin(old).all())


def _order(remedy: Remedy) -> tuple[bool, float, int]:
    cost = math.inf if math.isnan(remedy.cost_10k_cny) else remedy.cost_10k_cny
    return not remedy.is_enough, cost, list(RemedyKind).index(remedy.kind)
