"""Everything a measure may look at: the sites, the layers, the project, the sewer's headroom.

Comes in: carriers of lower rooms. Goes out: :class:`Context`. Must not know: rules, criteria.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.geo.crs import require_same
from xingu_geo.ground.geo.shapes import Shapes, as_shapes, valid
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.ground.planning.zones import Zones
from xingu_geo.places.place.ground import Ground
from xingu_geo.places.place.place import zones_kept


class HeadroomBySite(Protocol):
    """What measures need of the sewers' ``SiteHeadroom``.

    ``table`` is indexed by site_id with ``state`` (``sewered``/``unsewered``), ``tie_in``, ``distance_m``,
    ``headroom_m3_d`` (NaN where unsewered) and ``binding``.
    """

    @property
    def table(self) -> pd.DataFrame:
        """One row for each site."""
        ...

    @property
    def confidence(self) -> Confidence:
        """Of the sewer layers."""
        ...

    @property
    def digest(self) -> str:
        """Of the network and the effluent."""
        ...


class HeadroomToCome(Protocol):
    """What measures need of the sewers' ``Outlook``."""

    @property
    def least_m3_d(self) -> pd.Series[float]:
        """The least headroom of each site over all phases to come; NaN where unknown."""
        ...

    @property
    def confidence(self) -> Confidence:
        """Of the sewer layers."""
        ...

    @property
    def digest(self) -> str:
        """Of the networks and the effluent."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """One question: this project, these sites, these layers.

    ``headroom`` is None where the place has no sewer layers, ``outlook`` also where no phase is to come. What two
    measures both need (the distance that a rule and a criterion ask for) is worked out once: in the context what
    looks at the project, in ``ground`` what rests on sites and layers, in ``layered`` what rests on layers alone.
    Nothing that is kept is part of the context's value.
    """

    sites: Sites
    catalogue: Catalogue
    brief: Brief
    headroom: HeadroomBySite | None = None
    outlook: HeadroomToCome | None = None
    ground: Ground = field(default_factory=Ground, repr=False, compare=False)
    layered: Ground = field(default_factory=Ground, repr=False, compare=False)
    asked: Ground = field(default_factory=Ground, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse sites on other ground than the layers': no distance between them would be one."""
        require_same(self.sites.table, self.catalogue.crs, name="sites")

    @property
    def shapes(self) -> Shapes:
        """The sites' polygons in the order of the table, those that cross themselves rebuilt."""
        return self.ground.once("shapes", lambda: valid(as_shapes(self.sites.table.geometry)))

    @property
    def zones(self) -> Zones:
        """Which zones of the plan each site lies in."""
        return zones_kept(self.ground, self.sites, self.catalogue)
