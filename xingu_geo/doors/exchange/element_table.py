"""The sewer elements as a layer: every pipe, station and plant with how full it is.

Comes in: a network and its utilisation. Goes out: a frame in the working CRS. Must not know: file formats.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.carrying import loads_of_elements


def elements_table(network: Network) -> gpd.GeoDataFrame:
    """Every link, station and plant by id, with the columns of ``utilisation_of``, its confidence and its geometry.

    Elements that are drawn nowhere are left out; a network read without geometry gives an empty frame.
    """
    table = loads_of_elements(network).assign(confidence=network.confidence.value, phase=network.phase)
    shapes = pd.concat([frame["geometry"] for frame in (network.nodes, network.links) if "geometry" in frame])
    placed = shapes[shapes.notna()].reindex(table.index).dropna()
    framed = gpd.GeoDataFrame(table.loc[placed.index], geometry=gpd.GeoSeries(placed, crs=network.crs))
    framed.index.name = "element"
    return framed
