"""Projects put on sites, checked against the sewer: the conflict ticket of a set of placements.

Comes in: placements, a network, the sites, the tables. Goes out: :class:`Checked`.
Must not know: files to write, screens to draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.headroom import effluent_of, headroom_of
from xingu_geo.sewers.network.network import Network, network_of
from xingu_geo.sewers.network.phases import Phase, Phases, at_phase
from xingu_geo.sewers.network.tie_in import site_headroom
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.discharge import Discharge, discharge_of
from xingu_geo.sewers.relief.remedies import remedies_of
from xingu_geo.sewers.relief.remedy import Remedy
from xingu_geo.sewers.relief.ticket import Ticket, ticket_of
from xingu_geo.study.run.spec import Study, Tables

Later = Sequence[tuple[Phase, Network]]


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


def network_at(catalogue: Catalogue, study: Study, tables: Tables) -> Network:
    """The place's network as it stands in the study's phase; raises ``no_network`` where there is none."""
    if "sewer_nodes" not in catalogue:
        raise XinguError("no_network", folder=catalogue.folder)
    return at_phase(network_of(catalogue), tables.phases.named(study.phase))


def later_networks(drawn: Network, phases: Phases, chosen: str) -> Later:
    """The network as drawn in every phase that comes after the ``chosen`` one."""
    return tuple((phase, at_phase(drawn, phase)) for phase in phases.after(phases.named(chosen)))


def check_placements(
    placements: Sequence[Placement], network: Network, sites: Sites | None, costs: UpgradeCosts, *, later: Later = ()
) -> Checked:
    """The ticket of all ``placements`` together, in the order in which they are given, and what would help.

    ``later`` are the networks of the phases to come, on which the same discharges are held against the limits too.

    Raises
    ------
    XinguError
        What :func:`discharges_of` and :func:`~xingu_geo.sewers.relief.ticket.ticket_of` refuse.
    """
    discharges = discharges_of(placements, network, sites)
    ticket = ticket_of(network, discharges)
    shapes = None if sites is None else sites.table.geometry
    remedies = remedies_of(network, ticket, costs, sites=shapes)
    return Checked(ticket, network, remedies, tuple((phase, ticket_of(other, discharges)) for phase, other in later))


def discharges_of(placements: Sequence[Placement], network: Network, sites: Sites | None) -> list[Discharge]:
    """What each placement discharges, and at which node.

    Raises
    ------
    XinguError
        ``discharge_unknown``, ``sewer_node_unknown``; what ``discharge_of`` refuses.
    """
    return [_discharge(placement, network, sites) for placement in placements]


def _discharge(placement: Placement, network: Network, sites: Sites | None) -> Discharge:
    brief = placement.brief
    effluent = effluent_of(brief, network.norms)
    if sites is not None and placement.site in sites.table.index:
        sewered = site_headroom(sites, network, headroom_of(network, effluent))
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
