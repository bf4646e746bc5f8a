"""The features of a layer a measure is about, and how many of them have no place.

Comes in: a context, a role, a filter. Goes out: :class:`Picked`, or why there is nothing to pick.
Must not know: what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.verb import Absent

Where = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Picked:
    """Placed features, sorted by id; ``left_out`` counts those that passed the filter but have no location."""

    features: gpd.GeoDataFrame
    confidence: Confidence
    left_out: Mapping[str, int]


def pick(
    context: Context, role: str, where: Where, *, columns: tuple[str, ...] = (), may_be_empty: bool = False
) -> Picked | Absent:
    """The features of ``role`` whose columns hold one of the words in ``where``.

    Absent where the place has no such layer, the layer lacks a column of ``where`` or ``columns``, or (unless
    ``may_be_empty``) nothing placed is left: "no station in the layer" is not the same as "far from every station".
    """
    if role not in context.catalogue:
        return Absent("layer", role)
    layer = context.catalogue.vector(role)
    table = layer.table.sort_index()
    for column in (*where, *columns):
        if column not in table:
            return Absent("column", f"{role}.{column}")
    for column, words in where.items():
        table = table[table[column].isin(words)]
    placed = table[table.geometry.notna() & ~table.geometry.is_empty]
    unplaced = len(table) - len(placed)
    if placed.empty and not may_be_empty:
        return Absent("unlocated" if unplaced else "feature", role)
    confidence = weakest(context.sites.confidence, layer.passport.confidence)
    return Picked(placed, confidence, {"unplaced": unplaced} if unplaced else {})
