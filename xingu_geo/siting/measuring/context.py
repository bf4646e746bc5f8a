"""Everything a measure may look at: the sites, the layers, the project, the sewer's headroom.

Comes in: carriers of lower rooms. Goes out: :class:`Context`. Must not know: rules, criteria.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

import pandas as pd

from xingu_geo.ground.catalogue.passport import Confidence
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.geo.shapes import Shapes, as_shapes, valid
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.ground.planning.sites import Sites

T = TypeVar("T")


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
    measures both need (a road graph, the distance that a rule and a criterion ask for) is worked out once and kept in
    the context; nothing of it is part of the context's value. What rests on sites and layers alone outlives the
    project: see :meth:`for_project`.
    """

    sites: Sites
    catalogue: Catalogue
    brief: Brief
    headroom: HeadroomBySite | None = None
    outlook: HeadroomToCome | None = None
    _kept: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ground: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def for_project(
        self, brief: Brief, headroom: HeadroomBySite | None = None, outlook: HeadroomToCome | None = None
    ) -> Context:
        """The same sites and layers for another project; distances, shares and ways are not measured again."""
        other = Context(self.sites, self.catalogue, brief, headroom, outlook)
        object.__setattr__(other, "_ground", self._ground)
        return other

    @property
    def shapes(self) -> Shapes:
        """The sites' polygons in the order of the table, those that cross themselves rebuilt."""
        return self.once_on_ground("shapes", lambda: valid(as_shapes(self.sites.table.geometry)))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made at most once for each ``key`` (two threads may both make it, harmlessly)."""
        return _once(self._kept, key, make)

    def once_on_ground(self, key: Hashable, make: Callable[[], T]) -> T:
        """The same for what depends on sites and layers only, never on the project or its headroom."""
        return _once(self._ground, key, make)


def _once(kept: dict[Hashable, object], key: Hashable, make: Callable[[], T]) -> T:
    if key not in kept:
        kept[key] = make()
    return cast("T", kept[key])
