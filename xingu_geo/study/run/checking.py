"""Projects put on sites, checked against the sewer: the conflict ticket of a set of placements, and the works for it.

Comes in: a place, placements, a phase. Goes out: :class:`Checked`, the cheapest works.
Must not know: files to write, screens to draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.places.place.place import Place
from xingu_geo.sewers.network.assessed import Assessed, assessed_of
from xingu_geo.sewers.network.headroom import effluent_of, headroom_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.phases import Phase
from xingu_geo.sewers.network.tie_in import site_headroom
from xingu_geo.sewers.relief.discharge import Discharge, discharge_of
from xingu_geo.sewers.relief.remedies import remedies_of
from xingu_geo.sewers.relief.remedy import Remedy
from xingu_geo.sewers.relief.ticket import Ticket, ticket_of
from xingu_geo.sewers.relief.upgrades import UpgradePlan, cheapest_upgrades


@dataclass(frozen=True, slots=True)
class Placement:
    """A project on a site; where no sites are known, ``site`` is a node of the network."""

    brief: Brief
    site: str


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A ticket, the network it was checked on, the ways out of its conflicts; ``later`` the same in later phases."""

    ticket: Ticket
    network: Network
    remedies: tuple[Remedy, ...]
    later: tuple[tuple[Phase, Ticket], ...] = ()


def check(place: Place, placements: Sequence[Placement], *, phase: str) -> Checked:
    """The ticket of all ``placements`` together, in the order in which they are given, and what would help.

    The same discharges are held against the limits of every later phase too.

    Raises
    ------
    XinguError
        ``no_network``, ``phase_unknown``; what :func:`discharges_of` and
        :func:`~xingu_geo.sewers.relief.ticket.ticket_of` refuse.
    """
    assessed, later = place.assessed(phase), place.later(phase)
    network = assessed.network
    discharges = discharges_of(place, placements, assessed)
    ticket = ticket_of(assessed, discharges)
    shapes = place.sites.table.geometry if place.has_sites else None
    remedies = remedies_of(network, ticket, place.tables.costs, sites=shapes)
    return Checked(ticket, network, remedies, tuple((phase, ticket_of(other, discharges)) for phase, other in later))


def works_for(place: Place, placements: Sequence[Placement], network: Network) -> UpgradePlan:
    """The cheapest works on ``network`` that make all ``placements`` fit, proven cheapest."""
    discharges = discharges_of(place, placements, assessed_of(network))
    return cheapest_upgrades(network, discharges, place.tables.costs)


def cheapest_works(place: Place, checked: Checked) -> UpgradePlan:
    """The cheapest works that make the projects of a ticket fit, proven cheapest."""
    return cheapest_upgrades(checked.network, checked.ticket.discharges, place.tables.costs)


def ticket_on(place: Place, placements: Sequence[Placement], network: Network) -> Ticket:
    """The ticket of ``placements`` on any network, such as a copy on which something is tried."""
    assessed = assessed_of(network)
    return ticket_of(assessed, discharges_of(place, placements, assessed))


def discharges_of(place: Place, placements: Sequence[Placement], assessed: Assessed) -> list[Discharge]:
    """What each placement discharges, and at which node.

    Raises
    ------
    XinguError
        ``discharge_unknown``, ``sewer_node_unknown``, ``ticket_site_unknown``; what
        :func:`~xingu_geo.sewers.relief.discharge.discharge_of` refuses.
    """
    return [_discharge(place, placement, assessed) for placement in placements]


def _discharge(place: Place, placement: Placement, assessed: Assessed) -> Discharge:
    brief, network = placement.brief, assessed.network
    effluent = effluent_of(brief, network.norms)
    sites = place.sites if place.has_sites else None
    if sites is not None and placement.site in sites.table.index:
        sewered = assessed.once(
            ("headroom by site", sites.digest, effluent),
            lambda: site_headroom(sites, network, headroom_of(assessed, effluent)),
        )
        found = discharge_of(brief, placement.site, sewered, network.norms)
        return _named(found, brief, sites.table.loc[placement.site])
    if placement.site not in network.nodes.index:
        raise XinguError("ticket_site_unknown", site=placement.site)
    flow_m3_d = brief.need("wastewater_m3_d")
    if math.isnan(flow_m3_d):
        raise XinguError("discharge_unknown", project=brief.project)
    found = Discharge(brief.project, placement.site, placement.site, flow_m3_d, effluent)
    return _named(found, brief, network.nodes.loc[placement.site])


def _named(discharge: Discharge, brief: Brief, place: Any) -> Discharge:
    """``discharge`` with what people call its project and the site or node it is put on."""
    site_name = Bilingual(str(place["name_zh"]), str(place["name_en"]))
    return replace(discharge, project_name=brief.type.title.spoken, site_name=site_name)
