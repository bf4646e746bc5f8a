"""Projects put on sites, checked against the sewer: the conflict ticket of a set of placements.

Comes in: placements, a catalogue, the tables. Goes out: :class:`~xingu_geo.portfolio.ticket.Ticket`.
Must not know: files to write, screens to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xingu_geo.base.errors import XinguError
from xingu_geo.catalogue.read import Catalogue
from xingu_geo.planning.sites import Sites, sites_of
from xingu_geo.portfolio.costs import UpgradeCosts
from xingu_geo.portfolio.discharge import Discharge, discharge_of
from xingu_geo.portfolio.remedies import remedies_of
from xingu_geo.portfolio.remedy import Remedy
from xingu_geo.portfolio.ticket import Ticket, ticket_of
from xingu_geo.sewers.headroom import effluent_of, headroom_of
from xingu_geo.sewers.network import Network, network_of
from xingu_geo.sewers.sites import site_headroom
from xingu_geo.study.run import brief_of_study
from xingu_geo.study.spec import Study, Tables


@dataclass(frozen=True, slots=True)
class Placement:
    """A project on a site."""

    study: Study
    site: str


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A ticket, the network it was checked on, the ways out of its conflicts."""

    ticket: Ticket
    network: Network
    remedies: tuple[Remedy, ...]


def check_placements(
    placements: Sequence[Placement], catalogue: Catalogue, tables: Tables, costs: UpgradeCosts
) -> Checked:
    """The ticket of all ``placements`` together, in the order in which they are given, and what would help.

    Raises
    ------
    XinguError
        ``no_network`` where the place has no sewer layers; what :func:`~xingu_geo.portfolio.discharge.discharge_of`
        and :func:`~xingu_geo.portfolio.ticket.ticket_of` refuse.
    """
    if "sewer_nodes" not in catalogue:
        raise XinguError("no_network", folder=catalogue.folder)
    sites, network = sites_of(catalogue), network_of(catalogue)
    discharges = [_discharge(placement, sites, network, tables) for placement in placements]
    ticket = ticket_of(network, discharges)
    return Checked(ticket, network, remedies_of(network, ticket, costs, sites=sites.table.geometry))


def _discharge(placement: Placement, sites: Sites, network: Network, tables: Tables) -> Discharge:
    brief = brief_of_study(placement.study, tables)
    headroom = headroom_of(network, effluent_of(brief, network.norms))
    return discharge_of(brief, placement.site, site_headroom(sites, network, headroom), network.norms)
