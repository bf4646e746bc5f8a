"""Parcels joined where none is large enough alone: assemblies screened, scored and ranked like any site.

Comes in: a place, a study, how parcels may be joined. Goes out: :class:`Assembled`.
Must not know: files to write, screens to draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.places.place.place import Place
from xingu_geo.siting.land.assemblies import Assemblies, LandNeed, assemble, assembled_sites
from xingu_geo.siting.land.footprint import Building, fit_footprints
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study, brief_asked
from xingu_geo.study.run.stages import Progress, run

SLACK = 1.5


@dataclass(frozen=True, slots=True)
class Joining:
    """How parcels may be joined: at most ``members`` of them, of at most ``owners``, across at most ``gap_m``.

    ``limit`` is how many assemblies, the most compact first, are screened and scored.
    """

    members: int = 3
    owners: int | None = None
    gap_m: float = 0.0
    limit: int = 300


@dataclass(frozen=True, slots=True)
class Assembled:
    """The assemblies found, the most compact of them ranked; ``footprints`` where a building was asked for."""

    assemblies: Assemblies
    result: Result
    footprints: gpd.GeoDataFrame | None


def rank_assemblies(
    place: Place,
    study: Study,
    joining: Joining,
    *,
    building: Building | None = None,
    progress: Progress | None = None,
) -> Assembled:
    """Assemblies of between the land the project needs and half as much again, ranked by the study.

    Raises
    ------
    XinguError
        ``assembly_no_need`` when the brief does not say how much land the project needs; ``assembly_none`` when no
        parcels can be joined into it; whatever :func:`xingu_geo.study.run.stages.run` refuses.
    """
    tell = progress or (lambda _stage: None)
    need = land_need(brief_asked(study, place.tables), joining)
    tell("stage.assembling")
    sites = place.sites
    assemblies = assemble(sites, need)
    if assemblies.table.empty:
        raise XinguError("assembly_none", area_m2=need.area_min_m2, members=joining.members)
    joined = assembled_sites(sites, assemblies, assemblies.table.index[: joining.limit])
    result = run(place.with_sites(joined), study, progress=progress)
    footprints = fit_footprints(result.sites.table, building) if building else None
    return Assembled(assemblies=assemblies, result=result, footprints=footprints)


def land_need(brief: Brief, joining: Joining) -> LandNeed:
    """The window of land an assembly must lie in for this brief."""
    land_m2 = brief.need("land_m2")
    if math.isnan(land_m2):
        raise XinguError("assembly_no_need", project=brief.project)
    return LandNeed(
        area_min_m2=land_m2,
        area_max_m2=land_m2 * SLACK,
        owners_max=joining.owners,
        members_max=joining.members,
        gap_m=joining.gap_m,
    )
