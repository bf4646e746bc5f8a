"""Where a project's partners may stand: those with a place, give or take, and those nobody has located.

Comes in: a context, a chain measure's options, the sites that ask, their zones. Goes out: :class:`Partners`.
Must not know: weights, what a partner is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xingu_geo.ground.geo.shapes import Numbers, Shapes, as_shapes
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.of_chain import ChainOptions

WITHIN: Final = "within"
"""The actors' column that names the zone the plan puts an actor in, where it names one."""
PLACES_MAX: Final = 2_000
_DISTANCES_MAX: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Partners:
    """The actors up and down the chain from a project, as some sites see them.

    ``distance_m`` (sites, partners) is measured from a site's edge, infinite for a partner whose place is not known
    well enough to be considered; ``accuracy_m`` (partners,) is how far a known distance may be off. ``place_m``
    (sites, places) leads to the places where the others may stand, ``choices`` lists those of each one of them.
    """

    distance_m: Numbers
    accuracy_m: Numbers
    place_m: Numbers
    unlocated: NDArray[np.intp]
    choices: tuple[NDArray[np.intp], ...]

    def drawn_m(self, rng: np.random.Generator, *, position: bool, whereabouts: bool) -> Numbers:
        """One draw of ``distance_m``.

        ``position`` moves each known distance by up to its accuracy, evenly; ``whereabouts`` stands each of the others
        at one of its places.
        """
        drawn = self.distance_m
        if position:
            drawn = np.maximum(drawn + rng.uniform(-1.0, 1.0, drawn.shape) * self.accuracy_m, 0.0)
        if whereabouts and len(self.unlocated):
            lot = rng.random(len(self.unlocated))
            at = [places[int(ticket * len(places))] for places, ticket in zip(self.choices, lot, strict=True)]
            drawn = drawn.copy()
            drawn[:, self.unlocated] = self.place_m[:, at]
        return drawn


def partners_of(
    context: Context, layer: str, options: ChainOptions, *, asking: pd.Index[str], zones: pd.DataFrame
) -> Partners:
    """The partners of the context's project as the sites of ``asking`` see them.

    A partner nobody has located may stand at any site of the place; at those of a zone where its column
    :data:`WITHIN` names one of ``zones`` (site_id × kind of zone); at those within its accuracy where it is known
    vaguely. Of many sites, every n-th stands for all.
    """
    stages = [stage.value for stage in options.partners.get(context.brief.type.stage, ())]
    table = context.catalogue.vector(layer).table.sort_index()
    table = table[table["stage"].isin(stages)]
    accuracy = _accuracy(table)
    placed = (table.geometry.notna() & ~table.geometry.is_empty).to_numpy()
    located = placed & ~(accuracy > options.accuracy_max_m)
    rows = context.sites.table.index.get_indexer(asking)
    shapes, points = context.shapes[rows], as_shapes(table.geometry)
    distance = np.full((len(rows), len(table)), np.inf)
    distance[:, located] = shapely.distance(shapes[:, None], points[located][None, :])
    unlocated = np.flatnonzero(~located)
    pool = _pool(len(context.shapes), len(rows)) if len(unlocated) else np.empty(0, dtype=np.intp)
    places = shapely.point_on_surface(context.shapes[pool])
    zone_rows = zones.reindex(context.sites.table.index[pool]).to_numpy(dtype=object)
    within = table[WITHIN].fillna("").tolist() if WITHIN in table else [""] * len(table)
    return Partners(
        distance_m=distance,
        accuracy_m=np.where(located, np.hypot(context.sites.accuracy_m, np.nan_to_num(accuracy)), 0.0),
        place_m=shapely.distance(shapes[:, None], places[None, :]),
        unlocated=unlocated,
        choices=tuple(
            _about(points[one], accuracy[one], places) if placed[one] else _inside(zone_rows, within[one])
            for one in unlocated
        ),
    )


def _accuracy(table: gpd.GeoDataFrame) -> Numbers:
    """How well each actor is located; an accuracy that nobody states is no accuracy where the layer has the column."""
    if "accuracy_m" not in table:
        return np.zeros(len(table))
    return np.asarray(pd.to_numeric(table["accuracy_m"], errors="coerce").fillna(np.inf), dtype=float)


def _pool(places: int, asking: int) -> NDArray[np.intp]:
    """Every n-th place, so many that their distances to all who ask stay a matter of seconds."""
    most = min(PLACES_MAX, max(1, _DISTANCES_MAX // max(asking, 1)))
    return np.arange(0, places, max(1, -(-places // most)), dtype=np.intp)


def _about(point: shapely.Point, accuracy_m: float, places: Shapes) -> NDArray[np.intp]:
    """The places within the accuracy of a vague position, the nearest at least."""
    away = shapely.distance(places, point)
    return np.flatnonzero(away <= max(accuracy_m, float(away.min())))


def _inside(zone_rows: Shapes, zone: str) -> NDArray[np.intp]:
    """The places in ``zone``; all of them where no zone is named, or none is there."""
    if zone:
        inside = np.flatnonzero((zone_rows == zone).any(axis=1))
        if len(inside):
            return inside
    return np.arange(len(zone_rows), dtype=np.intp)
