"""Measures of a site against a layer: distance, share, people, neighbours, ways, zones, ground.

Comes in: a context. Goes out: one figure or word for each site. Must not know: limits, values.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from xingu_geo.ground.base.confidence import weakest
from xingu_geo.ground.base.specs import Spec
from xingu_geo.ground.geo.nearest import nearest_distance
from xingu_geo.ground.geo.roads import junctions_between, road_distance, road_graph
from xingu_geo.ground.geo.shapes import Numbers, as_shapes, covered_share, disjoint_pieces, share_within
from xingu_geo.ground.geo.zonal import Statistic, zonal_statistic
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.pick import Where, pick
from xingu_geo.siting.measuring.verb import Absent, Answer, Ask


class PickOptions(Spec):
    """Which features of the layer: column → the words it may hold; all features by default."""

    where: Where = Field(default_factory=dict)


class PeopleOptions(Spec):
    """Whom to count, how far."""

    column: str
    reach_m: float = Field(gt=0)


class RoadOptions(Spec):
    """Where to: the features of a layer, or the junctions with roads of a class; and which roads a site opens onto.

    Exactly one of ``to_layer`` and ``to_junctions_with`` is given.
    """

    to_layer: str = ""
    to_junctions_with: Where = Field(default_factory=dict)
    join: Where = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_destination(self) -> Self:
        if bool(self.to_layer) == bool(self.to_junctions_with):
            raise ValueError("exactly one of to_layer and to_junctions_with")
        return self


class RasterOptions(Spec):
    """Which statistic of the cells under the site."""

    statistic: Statistic


def distance(context: Context, ask: Ask) -> Answer | Absent:
    """Distance from the site's edge to the nearest feature, 0 where they touch; no boundary cuts anything off."""
    picked = pick(context, ask.layer, ask.options.where)
    if isinstance(picked, Absent):
        return picked
    found = nearest_distance(context.shapes, as_shapes(picked.features.geometry))
    return Answer(_by_site(context, found), picked.confidence, picked.left_out)


def overlap(context: Context, ask: Ask) -> Answer | Absent:
    """Share of the site's area under the union of the features."""
    picked = pick(context, ask.layer, ask.options.where, may_be_empty=True)
    if isinstance(picked, Absent):
        return picked
    shapes = as_shapes(picked.features.geometry)
    pieces = context.layered.once(("pieces", ask.layer, repr(ask.options)), lambda: disjoint_pieces(shapes))
    return Answer(_by_site(context, covered_share(context.shapes, pieces)), picked.confidence, picked.left_out)


def people(context: Context, ask: Ask) -> Answer | Absent:
    """Persons within reach of the site's edge; an area partly within reach counts with its share of area.

    NaN for a site that reaches an area whose number of persons is unknown.
    """
    picked = pick(context, ask.layer, {}, columns=(ask.options.column,))
    if isinstance(picked, Absent):
        return picked
    persons = pd.to_numeric(picked.features[ask.options.column], errors="coerce").to_numpy(dtype=float)
    shapes = as_shapes(picked.features.geometry)
    of_site, of_area, share = share_within(context.shapes, shapes, reach_m=ask.options.reach_m)
    count = np.bincount(of_site, weights=persons[of_area] * share, minlength=len(context.sites.table)).astype(float)
    return Answer(_by_site(context, count), picked.confidence, picked.left_out)


def road(context: Context, ask: Ask) -> Answer | Absent:
    """Shortest way along the roads from the site to its destination, both tie-in legs included.

    NaN where no way leads there.
    """
    picked = pick(context, ask.layer, {}, columns=(*ask.options.to_junctions_with, *ask.options.join))
    if isinstance(picked, Absent):
        return picked
    lines = picked.features
    graph = context.layered.once(("roads", ask.layer), lambda: road_graph(as_shapes(lines.geometry)))
    confidence = picked.confidence
    if ask.options.to_layer:
        goal = pick(context, ask.options.to_layer, {})
        if isinstance(goal, Absent):
            return goal
        destinations, confidence = as_shapes(goal.features.geometry), weakest(confidence, goal.confidence)
    else:
        destinations = junctions_between(graph, _chosen(lines, ask.options.to_junctions_with))
    if not len(destinations):
        return Absent("feature", ask.layer)
    may_join = _chosen(lines, ask.options.join)
    found = road_distance(context.shapes, graph, destinations, may_join=may_join)
    return Answer(_by_site(context, found), confidence, picked.left_out)


def zone_fit(context: Context, _ask: Ask) -> Answer | Absent:
    """Whether the site lies where the plan wants this kind of project.

    ``preferred``: in a zone the project type names; ``core``: elsewhere in the core; ``structure``: elsewhere on the
    street or in a wing; ``outside`` of all of them.
    """
    wanted = context.brief.type.zones
    if not wanted:
        return Absent("figure", "zones")
    zones = context.zones
    table = zones.table
    planned = table[["core", "park", "zone", "street", "wing"]]
    fit = np.select(
        [
            table.isin(wanted).any(axis="columns"),
            (planned[["core", "park", "zone"]] != "").any(axis="columns"),
            (planned != "").any(axis="columns"),
        ],
        ["preferred", "core", "structure"],
        default="outside",
    )
    return Answer(pd.Series(fit, index=table.index, dtype=object), zones.confidence)


def raster(context: Context, ask: Ask) -> Answer | Absent:
    """Mean, maximum or minimum of the cells under the site, each weighted by the exact share covered."""
    layer = context.catalogue.raster(ask.layer)
    found = zonal_statistic(context.shapes, layer.file, crs=context.catalogue.crs, statistic=ask.options.statistic)
    confidence = weakest(context.sites.confidence, layer.passport.confidence)
    return Answer(_by_site(context, found), confidence)


def _by_site(context: Context, found: Numbers) -> pd.Series[float]:
    return pd.Series(found, index=context.sites.table.index, dtype=float)


def _chosen(lines: pd.DataFrame, where: Where) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    chosen = np.ones(len(lines), dtype=bool)
    for column, words in where.items():
        chosen &= lines[column].isin(words).to_numpy()
    return chosen
