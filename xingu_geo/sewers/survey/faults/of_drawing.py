"""Faults of where things are drawn: ends off their nodes, nodes surveyed twice, lengths that do not fit the line.

Comes in: shaped node and link tables with unique ids. Goes out: what was found. Must not know: levels, flow.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from xingu_geo.sewers.network.frames import strangers
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.survey.faults.found import Found, marked


def ends(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:
    """Lines that stop short of the node they name; and for a name that does not exist, the node meant most likely."""
    lines = _lines(links)
    placed = nodes.dropna(subset=["x_m", "y_m"])
    if lines.empty or placed.empty:
        return []
    found: list[Found] = []
    for column, at in (("from_node", 0), ("to_node", -1)):
        tip = pd.DataFrame(
            shapely.get_coordinates(shapely.get_point(lines.to_numpy(), at)), lines.index, ["x_m", "y_m"]
        )
        named = links.loc[lines.index, column]
        own = placed[["x_m", "y_m"]].reindex(named).set_axis(lines.index)
        away = pd.Series(np.hypot(tip["x_m"] - own["x_m"], tip["y_m"] - own["y_m"]), name="distance_m")
        found += marked("end_off_node", away > norms.checks.snap_m, named.rename("node"), away)
        gap, nearest = KDTree(placed[["x_m", "y_m"]]).query(tip)
        near = pd.Series(placed.index[nearest], index=lines.index, name="nearest")
        distance = pd.Series(gap, index=lines.index, name="distance_m")
        is_lost = strangers(named, nodes.index) & (distance <= norms.checks.snap_m)
        found += marked("end_snaps", is_lost, named.rename("node"), near, distance)
    return found


def twins(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:
    """Two nodes in one place, and two links that are the same pipe."""
    placed = nodes.dropna(subset=["x_m", "y_m"])
    found: list[Found] = []
    if len(placed):
        for one, two in sorted(KDTree(placed[["x_m", "y_m"]]).query_pairs(norms.checks.coincident_m)):
            found.append(Found("node_coincident", str(placed.index[two]), {"other": str(placed.index[one])}))
    same = ["from_node", "to_node", "kind", "diameter_mm", "invert_from_m", "invert_to_m"]
    first = links.reset_index(names="id").groupby(same, dropna=False)["id"].transform("first")
    other = pd.Series(first.to_numpy(), index=links.index, name="other")
    # Parallel barrels are told apart by their shares; without a share the second one is most likely a copy.
    is_copy = (other != links.index) & links["split_share"].isna()
    return found + marked("link_repeated", is_copy, other)


def lengths(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Lengths missing, not positive, or unlike the line's."""
    stated = links["length_m"]
    found = marked("length_wrong", ~(stated > 0))
    drawn = _lines(links).length.rename("drawn_m")
    gap = (drawn - stated.reindex(drawn.index)).abs()
    is_apart = (gap > norms.checks.length_m) & (gap > norms.checks.length_share * drawn)
    return found + marked("length_differs", is_apart, stated.rename("length_m"), drawn)


def _lines(links: pd.DataFrame) -> gpd.GeoSeries:
    """The lines that were drawn; a table without geometry has none to compare with."""
    if not isinstance(links, gpd.GeoDataFrame):
        return gpd.GeoSeries([], index=links.index[:0])
    lines = links.geometry
    return lines[lines.notna() & (lines.geom_type == "LineString")]
