"""Measures of a site's neighbours in the industry chain: how many, how near.

Comes in: a context with actors (多点). Goes out: one figure for each site. Must not know: what a neighbour is worth.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from pydantic import Field

from xingu_geo.ground.base.specs import Spec
from xingu_geo.ground.geo.nearest import count_within, nearest_distance
from xingu_geo.ground.geo.shapes import as_shapes
from xingu_geo.ground.planning.chain import Stage
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.pick import Picked, pick
from xingu_geo.siting.measuring.verb import Absent, Answer, Ask


class ChainOptions(Spec):
    """Who is a neighbour: ``partners`` maps each stage to the stages up and down the chain from it.

    An actor located less well than ``accuracy_max_m`` is not considered.
    """

    partners: dict[Stage, tuple[Stage, ...]]
    accuracy_max_m: float = Field(gt=0)


class NearChainOptions(ChainOptions):
    """The same, within reach."""

    reach_m: float = Field(gt=0)


def neighbours(context: Context, ask: Ask) -> Answer | Absent:
    """How many actors up or down the chain from the project lie within reach of the site's edge."""
    actors = _partners(context, ask)
    if isinstance(actors, Absent):
        return actors
    sites = context.sites.table
    count = count_within(context.shapes, as_shapes(actors.features.geometry), reach_m=ask.options.reach_m)
    return Answer(pd.Series(count, index=sites.index, dtype=float), actors.confidence, actors.left_out)


def nearest_neighbour(context: Context, ask: Ask) -> Answer | Absent:
    """Distance from the site's edge to the nearest actor up or down the chain from the project."""
    actors = _partners(context, ask)
    if isinstance(actors, Absent):
        return actors
    sites = context.sites.table
    found = nearest_distance(context.shapes, as_shapes(actors.features.geometry))
    return Answer(pd.Series(found, index=sites.index, dtype=float), actors.confidence, actors.left_out)


def _partners(context: Context, ask: Ask) -> Picked | Absent:
    stages = ask.options.partners.get(context.brief.type.stage)
    if not stages:
        return Absent("project", context.brief.type.stage.value)
    picked = pick(context, ask.layer, {"stage": tuple(stage.value for stage in stages)})
    if isinstance(picked, Absent) or "accuracy_m" not in picked.features:
        return picked
    # An actor whose accuracy nobody states may be anywhere: it is left out like a vague one.
    located = pd.to_numeric(picked.features["accuracy_m"], errors="coerce") <= ask.options.accuracy_max_m
    if not located.any():
        return Absent("unlocated", ask.layer)
    vague = int((~located).sum())
    left_out = {**picked.left_out, "vague": vague} if vague else picked.left_out
    return replace(picked, features=picked.features[located], left_out=left_out)
