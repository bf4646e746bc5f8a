"""Headroom of every site: where it ties in, how far that is, what binds on the way to the outfall.

Comes in: sites, a network and its headroom. Goes out: :class:`SiteHeadroom`. Must not know: projects, rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.geo.crs import require_same
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.fit import Fit, fit_of, fits_of
from xingu_geo.sewers.network.headroom import Headroom
from xingu_geo.sewers.network.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class SiteHeadroom:
    """The headroom of every site.

    ``table`` is indexed by site_id: ``state`` (``sewered``, ``unsewered``), ``tie_in`` (node id, ``""`` unsewered),
    ``distance_m`` (site edge to the nearest node that can be joined, NaN where the place has none; given for
    unsewered sites too), ``headroom_m3_d`` (signed; NaN unsewered or unknown), ``binding`` (element id or ``""``),
    its ``check``, then the next two to bind as in :class:`~xingu_geo.sewers.network.headroom.Headroom`.
    """

    table: pd.DataFrame
    reach_m: float
    confidence: Confidence
    digest: str

    @property
    def parts(self) -> dict[str, Any]:
        """The fields as a frame and plain values, to be kept on disk."""
        plain = {"reach_m": self.reach_m, "confidence": self.confidence.value, "digest": self.digest}
        return {"table": self.table, **plain}

    def fits(self, discharge_m3_d: float) -> pd.DataFrame:
        """Whether a discharge fits at each site: columns of :func:`~xingu_geo.sewers.network.fit.fits_of`."""
        is_sewered = self.table["tie_in"] != ""
        return fits_of(self.table["headroom_m3_d"], discharge_m3_d, is_sewered=is_sewered)

    def fit_at(self, site_id: str, discharge_m3_d: float) -> Fit:
        """Whether a discharge fits at one site, and what binds."""
        row: dict[Any, Any] = self.table.loc[[site_id]].to_dict("records")[0]
        return fit_of(
            row["headroom_m3_d"],
            discharge_m3_d,
            confidence=self.confidence,
            is_sewered=bool(row["tie_in"]),
            binding=row["binding"],
            check=row["check"],
        )


def site_headroom(sites: Sites, network: Network, headroom: Headroom, *, reach_m: float | None = None) -> SiteHeadroom:
    """The headroom of every site at the nearest sewer node within ``reach_m``, by default the norms' reach.

    The distance is straight, from the site's edge, 0 where the node lies on the site; of nodes equally near the
    first id is taken. A site out of reach is unsewered: its headroom is neither 0 nor infinite but unknown.
    Only :func:`joinable` nodes count.
    """
    reach = network.norms.reach_m.value if reach_m is None else reach_m
    if network.crs is not None:
        require_same(sites.table, network.crs, name="sites")
    nearest = _nearest(sites.table.geometry, network.nodes[joinable(network)])
    is_sewered = (nearest["distance_m"] <= reach).to_numpy()
    tie_in = nearest["tie_in"].where(is_sewered, "")
    table = pd.DataFrame(
        {"state": np.where(is_sewered, "sewered", "unsewered"), "tie_in": tie_in, "distance_m": nearest["distance_m"]},
        index=sites.table.index,
    )
    below = headroom.table.reindex(tie_in).set_axis(table.index)
    names = [name for name in below if str(name).startswith(("binding", "check"))]
    table = table.join(below.assign(**{str(name): below[name].fillna("") for name in names}))
    return SiteHeadroom(
        table=table,
        reach_m=reach,
        confidence=weakest(sites.confidence, headroom.confidence),
        digest=digest_all([sites.digest, headroom.digest, digest_value(reach)]),
    )


def joinable(network: Network) -> pd.Series[bool]:
    """Whether a site can be joined to each node: placed, and a manhole, a station's well or a plant's inlet.

    Not an outfall (treated water leaves there), not a manhole from which a pressure main runs on (it is full under
    pressure), not a dead end.
    """
    nodes, t = network.nodes, network.topology
    starts_main = np.bincount(t.start[network.marks.is_pressure], minlength=len(nodes)) > 0
    is_open = network.marks.stores | (~starts_main & (t.outlets > 0))
    return nodes["x_m"].notna() & nodes["y_m"].notna() & network.marks.can_be_joined & is_open


def _nearest(sites: gpd.GeoSeries, nodes: pd.DataFrame) -> pd.DataFrame:
    """The nearest node of each site and its distance; ``""`` and NaN where there is no node at all."""
    found = pd.DataFrame({"tie_in": "", "distance_m": np.nan}, index=sites.index)
    if nodes.empty:
        return found
    tree = shapely.STRtree(np.asarray(shapely.points(nodes[["x_m", "y_m"]].to_numpy())))
    (site, node), distance_m = tree.query_nearest(sites.to_numpy(), return_distance=True, all_matches=True)
    pairs = pd.DataFrame({"site": site, "node": node, "distance_m": distance_m})
    # Nodes are sorted by id, so the lowest position is the first id.
    first = pairs.sort_values(["site", "node"]).drop_duplicates("site")
    return pd.DataFrame(
        {"tie_in": nodes.index.to_numpy()[first["node"]], "distance_m": first["distance_m"].to_numpy()},
        index=sites.index[first["site"]],
    ).reindex(sites.index)
