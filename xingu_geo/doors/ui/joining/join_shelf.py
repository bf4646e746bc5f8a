"""How parcels are to be joined, and the last answers, shared by all who ask the same.

Comes in: a study, settings noted by the reader. Goes out: :class:`Assembled`. Must not know: how anything is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from typing import Final

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.notepad import noted
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.siting.land.footprint import Building
from xingu_geo.study.run.assembling import Assembled, Joining, rank_assemblies
from xingu_geo.study.run.spec import Study, brief_asked
from xingu_geo.study.run.stages import Progress, weigh

# So many sites are searched without being asked; five parcels of the shipped 1,370 take little more than a second.
QUICK_SITES: Final = 5_000
# An example: a hall of two hectares.
USUAL_SIDE_M: Final = (200.0, 100.0)


def joining_noted() -> Joining:
    """How parcels may be joined, as the reader set it."""
    usual = Joining()
    owners = int(noted("owners", 0))
    return Joining(
        members=int(noted("members", usual.members)),
        owners=owners or None,
        gap_m=float(noted("gap", usual.gap_m)),
        limit=usual.limit,
    )


def building_noted(brief: Brief) -> Building | None:
    """The building to place, the brief's own size unless the reader set another; None where none is wanted."""
    if not noted("with_building", default=True):
        return None
    width, depth = usual_size(brief)
    return Building(float(noted("width", width)), float(noted("depth", depth)), setback_m=float(noted("setback", 10.0)))


def usual_size(brief: Brief) -> tuple[float, float]:
    """Width and depth [m] of the project's building, a plain hall where the brief does not say."""
    sizes = (brief.need("footprint_width_m"), brief.need("footprint_depth_m"))
    return tuple(usual if math.isnan(size) else size for size, usual in zip(sizes, USUAL_SIDE_M, strict=True))  # type: ignore[return-value]


def is_example_size(brief: Brief) -> bool:
    """Whether the size of the building is neither the project's nor the reader's own, but an example."""
    known = ("footprint_width_m" in brief.demand, "footprint_depth_m" in brief.demand)
    return not all(known) and noted("width", None) is None and noted("depth", None) is None


def at_hand(study: Study) -> Assembled | None:
    """The assemblies of ``study`` under the settings of the moment, weighed as it says; None before anybody asked."""
    return joined(study) if cache.memory().has(_key(study)) else None


def joined(study: Study, *, progress: Progress | None = None) -> Assembled:
    """The assemblies of ``study`` under the settings of the moment. No weight changes which there are."""
    building = building_noted(brief_asked(study, cache.tables()))

    def make() -> Assembled:
        plain = study.model_copy(update=cache.WEIGHING)
        return rank_assemblies(cache.place(), plain, joining_noted(), building=building, progress=progress)

    found = cache.memory().once(_key(study), make)
    return cache.memory().once(
        ("weighed", _key(study), study.digest), lambda: replace(found, result=weigh(found.result.measured, study))
    )


def is_quick() -> bool:
    """Whether the search takes a second or two, so that nobody need ask for it."""
    return len(cache.sites().table) <= QUICK_SITES


def _key(study: Study) -> Hashable:
    building = building_noted(brief_asked(study, cache.tables()))
    return ("joined", cache.measured_key(study), joining_noted(), building)
