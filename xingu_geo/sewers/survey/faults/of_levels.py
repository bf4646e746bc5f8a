"""Faults of levels: inverts missing or above ground, pipes that run the wrong way, steps up, cover.

Comes in: shaped node and link tables with unique ids. Goes out: what was found. Must not know: flow.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xingu_geo.sewers.network.kinds import which
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.survey.faults.found import Found, gravity_in, looked_up, marked


def inverts(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Gravity pipes without an invert, at an end whose node has none either; nodes whose invert lies above ground."""
    gravity = gravity_in(links)
    upper, lower = ends_of(nodes, gravity)
    found = marked("invert_missing", upper.isna() | lower.isna())
    # A plant's inlet works may well stand above ground; a manhole or a station's well may not.
    is_above = (nodes["invert_m"] > nodes["ground_m"]) & which(
        nodes["kind"], lambda kind: kind.is_node and not kind.ends_way
    )
    return found + marked("invert_above_ground", is_above, nodes["invert_m"], nodes["ground_m"])


def slopes(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:
    """Gravity pipes that fall against their direction, lie flat, or plunge."""
    gravity = gravity_in(links[links["length_m"] > 0])
    upper, lower = ends_of(nodes, gravity)
    slope = ((upper - lower) / gravity["length_m"]).rename("slope")
    is_flat = (slope >= 0) & (slope < norms.slope_floor.value)
    return [
        *marked("slope_adverse", slope < 0, upper.rename("upper_m"), lower.rename("lower_m")),
        *marked("slope_flat", is_flat, slope),
        *marked("slope_steep", slope > norms.checks.slope_steep, slope),
    ]


def steps(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:
    """Gravity pipes that leave a manhole above the lowest gravity pipe arriving there: water stands below the step.

    Only the lowest outlet of a manhole is looked at; a higher one is a relief pipe and meant to be so.
    """
    gravity = gravity_in(links)
    upper, lower = ends_of(nodes, gravity)
    arriving = lower.groupby(gravity["to_node"]).min()
    is_lowest = upper == upper.groupby(gravity["from_node"]).transform("min")
    below = looked_up(gravity["from_node"], arriving)
    # A station lifts: what arrives low leaves high.
    is_lifted = which(looked_up(gravity["from_node"], nodes["kind"]), lambda kind: kind.stores)
    step = (upper - below).rename("step_m")
    return marked("step_up", (step > norms.checks.step_up_m) & is_lowest & ~is_lifted, gravity["from_node"], step)


def covers(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:
    """Gravity pipes too near the surface, or deeper than anyone digs."""
    gravity = gravity_in(links)
    upper, lower = ends_of(nodes, gravity)
    depth = pd.concat(
        [
            looked_up(gravity["from_node"], nodes["ground_m"]) - upper,
            looked_up(gravity["to_node"], nodes["ground_m"]) - lower,
        ],
        axis=1,
    )
    cover = (depth.min(axis=1) - gravity["diameter_mm"] / 1000).rename("cover_m")
    deepest = depth.max(axis=1).rename("depth_m")
    return [
        *marked("cover_thin", cover < norms.checks.cover_min_m, cover),
        *marked("cover_deep", deepest > norms.checks.depth_max_m, deepest),
    ]


def ends_of(nodes: pd.DataFrame, links: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Invert at the upper and lower end of each link [m]; a missing one is that of the node it meets."""
    upper = links["invert_from_m"].fillna(looked_up(links["from_node"], nodes["invert_m"]))
    lower = links["invert_to_m"].fillna(looked_up(links["to_node"], nodes["invert_m"]))
    return upper.astype(np.float64), lower.astype(np.float64)
