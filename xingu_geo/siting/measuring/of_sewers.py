"""Measures of the sewer at a site's tie-in, before and after the project.

Comes in: a context with headroom. Goes out: one figure for each site, NaN where it is unsewered.
Must not know: how headroom is found.
"""

from __future__ import annotations

import math

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.sewers.network.fit import settled
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.verb import Absent, Answer, Ask

DISCHARGE = "wastewater_m3_d"


def headroom_m3_d(context: Context, _ask: Ask) -> Answer | Absent:
    """The mean flow that may still be added at the site's tie-in; a deficit is negative."""
    found = _column(context, "headroom_m3_d")
    return found if isinstance(found, Absent) else _settled(found.values, found.confidence, context)


def headroom_to_come_m3_d(context: Context, _ask: Ask) -> Answer | Absent:
    """The least of it over the phases after the chosen one: approvals flow by then, upgrades stand or do not."""
    if context.outlook is None:
        return _unsewered(context) if context.headroom is None else Absent("phase")
    values = context.outlook.least_m3_d.reindex(context.sites.table.index)
    return _settled(values, weakest(context.sites.confidence, context.outlook.confidence), context)


def tie_in_m(context: Context, _ask: Ask) -> Answer | Absent:
    """Distance from the site to its tie-in."""
    return _column(context, "distance_m")


def headroom_after_m3_d(context: Context, ask: Ask) -> Answer | Absent:
    """Headroom less the project's discharge: what others could still add."""
    headroom, discharge = headroom_m3_d(context, ask), context.brief.need(DISCHARGE)
    if isinstance(headroom, Absent) or not math.isfinite(discharge):
        return headroom if isinstance(headroom, Absent) else Absent("figure", DISCHARGE)
    return Answer(headroom.values - discharge, headroom.confidence)


def headroom_ratio(context: Context, ask: Ask) -> Answer | Absent:
    """Headroom over the project's discharge: 1 just fits, below 1 the trunk is too full for it."""
    headroom, discharge = headroom_m3_d(context, ask), context.brief.need(DISCHARGE)
    if isinstance(headroom, Absent) or not discharge > 0:
        return headroom if isinstance(headroom, Absent) else Absent("figure", DISCHARGE)
    return Answer(headroom.values / discharge, headroom.confidence)


def _settled(values: pd.Series[float], confidence: Confidence, context: Context) -> Answer:
    """Headroom that is short of the discharge by rounding only is that discharge: rules compare to the last digit."""
    return Answer(settled(values, context.brief.need(DISCHARGE)), confidence)


def _column(context: Context, column: str) -> Answer | Absent:
    if context.headroom is None:
        return _unsewered(context)
    values: pd.Series[float] = context.headroom.table[column].reindex(context.sites.table.index).astype(float)
    return Answer(values, weakest(context.sites.confidence, context.headroom.confidence))


def _unsewered(context: Context) -> Absent:
    missing = context.catalogue.incomplete.get(SEWERS)
    return Absent("incomplete", ROLE_SETS[SEWERS].words(missing)) if missing else Absent("sewers")
