"""Exact distances from polygons to features, and what lies within reach.

Comes in: arrays of geometries in the working CRS. Goes out: distances and pairs.
Must not know: sites, layers, study areas (a feature outside any boundary counts like any other).
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from xingu_geo.ground.geo.shapes import Numbers, Shapes


def nearest_distance(shapes: Shapes, features: Shapes) -> Numbers:
    """Distance from each shape's edge to the nearest feature, 0 where they touch or overlap.

    [m] NaN for every shape if there is no feature.
    """
    distance = np.full(len(shapes), np.nan)
    if len(features):
        (of_shape, _), found = shapely.STRtree(features).query_nearest(shapes, all_matches=False, return_distance=True)
        distance[of_shape] = found
    return distance


def count_within(shapes: Shapes, features: Shapes, *, reach_m: float) -> NDArray[np.intp]:
    """How many features lie no farther than ``reach_m`` from each shape's edge."""
    if not len(features):
        return np.zeros(len(shapes), dtype=np.intp)
    of_shape, _ = shapely.STRtree(features).query(shapes, predicate="dwithin", distance=reach_m)
    return np.bincount(of_shape, minlength=len(shapes))
