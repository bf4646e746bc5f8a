"""One place, whole: catalogue, tables, sites, zones and the sewers of every phase.

Comes in: a catalogue and the tables. Goes out: :class:`Place`. Must not know: projects, weights, screens.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.read import Catalogue, open_catalogue
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.ground.planning.sites import Sites, sites_of
from xingu_geo.ground.planning.zones import Zones, zones_of
from xingu_geo.places.place.ground import Ground
from xingu_geo.places.place.tables import Tables
from xingu_geo.sewers.network.assessed import Assessed, assessed_of
from xingu_geo.sewers.network.network import Network, network_of
from xingu_geo.sewers.network.phases import Phase, at_phase

WORKING_CRS: Final = "EPSG:4549"  # CGCS2000 / 3-degree Gauss-Kruger, central meridian 120° E
SITE_ROLES = ("parcels", "carriers")


def working_crs() -> str:
    """The CRS a place is opened in: areas and distances are measured in it, every layer is brought into it."""
    return WORKING_CRS


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Layers and tables of one place, and what is made of them once for everybody.

    ``ground`` keeps what rests on sites and layers, ``layered`` what rests on layers alone; two places that differ in
    their sites share the latter. ``surveyed`` is a network that stands in for the layers' own.
    """

    catalogue: Catalogue
    tables: Tables
    ground: Ground = field(default_factory=Ground)
    layered: Ground = field(default_factory=Ground)
    surveyed: Network | None = None
    joined: Sites | None = None

    @property
    def sites(self) -> Sites:
        """The sites of the place, or those it was given instead (:meth:`with_sites`)."""
        return self.joined or self.layered.once("sites", lambda: sites_of(self.catalogue))

    @property
    def has_sites(self) -> bool:
        """Whether any layer holds sites."""
        return self.joined is not None or any(role in self.catalogue for role in SITE_ROLES)

    @property
    def zones(self) -> Zones:
        """Which zones of the plan each site lies in."""
        return zones_kept(self.ground, self.sites, self.catalogue)

    @property
    def has_sewers(self) -> bool:
        """Whether the place has a sewer network."""
        return self.surveyed is not None or self.catalogue.is_whole(SEWERS)

    @property
    def sewer_digests(self) -> tuple[object, ...]:
        """All that the sewers rest on, without reading them; a network of its own by its digest."""
        own = self.surveyed.digest if self.surveyed else ""
        layers = {role: digest for role, digest in self.catalogue.digests.items() if role in ROLE_SETS[SEWERS].roles}
        return own, layers, self.tables.digest, str(self.catalogue.crs)

    @property
    def drawn(self) -> Network:
        """The sewers as drawn, every load and no upgrade counted.

        Raises
        ------
        XinguError
            ``set_incomplete``, ``no_network``, every complaint about the network together.
        """
        if self.surveyed is None:
            self.catalogue.require_whole(SEWERS)
        if not self.has_sewers:
            raise XinguError("no_network", folder=self.catalogue.folder)
        norms = self.tables.norms
        return self.surveyed or self.layered.once("network", lambda: network_of(self.catalogue, norms=norms))

    def network(self, phase: str) -> Network:
        """The sewers as they stand in the phase of that id; see :attr:`drawn`, and ``phase_unknown``."""
        chosen = self.tables.phases.named(phase)
        return self.layered.once(("network", phase), lambda: at_phase(self.drawn, chosen))

    def assessed(self, phase: str) -> Assessed:
        """The same with flows, limits and water surface, worked out once for all who ask."""
        return self.layered.once(("assessed", phase), lambda: assessed_of(self.network(phase)))

    def later(self, phase: str) -> tuple[tuple[Phase, Assessed], ...]:
        """Every phase that comes after the one of that id, with the sewers as they stand then."""
        phases = self.tables.phases
        return tuple((other, self.assessed(other.id)) for other in phases.after(phases.named(phase)))

    def with_sites(self, sites: Sites) -> Place:
        """The same place looked at for other sites, such as parcels joined."""
        return replace(self, joined=sites, ground=Ground())

    def overlaid(self, own: Catalogue) -> Place:
        """The same place with the layers of ``own`` in the stead of those of the same role."""
        ground = Ground(self.ground.store)
        return replace(self, catalogue=self.catalogue.overlaid(own), ground=ground, layered=Ground())

    def with_network(self, network: Network) -> Place:
        """The same place with ``network`` in the stead of its own sewers."""
        return replace(self, surveyed=network, ground=Ground(), layered=Ground())


def layers_in(folder: Path, own: Path | None = None) -> Catalogue:
    """The layers of ``folder`` in the working CRS, those of the folder ``own`` laid over."""
    return open_catalogue(own or folder, crs=WORKING_CRS, over=folder if own else None)


def zones_kept(ground: Ground, sites: Sites, catalogue: Catalogue) -> Zones:
    """Which zones of the plan each of ``sites`` lies in, worked out once for their ``ground``."""

    def make() -> Zones:
        key = ("zones", str(catalogue.crs), sites.digest, catalogue.digests)
        return Zones.of_parts(ground.kept(key, lambda: zones_of(sites, catalogue).parts))

    return ground.once("zones", make)


def place_of_network(network: Network, tables: Tables, folder: Path) -> Place:
    """A place that has sewers and nothing else."""
    return Place(Catalogue({}, folder=folder, crs=network.crs or WORKING_CRS), tables, surveyed=network)
