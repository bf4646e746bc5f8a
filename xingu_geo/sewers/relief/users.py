"""Who uses an element: every load whose water passes it, in the order in which they were promised.

Comes in: an assessed network and an element. Goes out: a table of loads. Must not know: projects still to be placed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import exceeds
from xingu_geo.sewers.network.flows import loads_one_by_one
from xingu_geo.sewers.network.frames import STATES
from xingu_geo.sewers.network.topology import Topology


def users_of(assessed: Assessed, element: str, *, last: Sequence[str] = ()) -> pd.DataFrame:
    """The loads whose water passes ``element``, indexed by load id, in order of promise.

    The order is existing, committed, reserved; within each by year, then id; loads named in ``last`` come at the end
    in that order. Columns: ``state``, ``year``, ``node``, ``source_zh``, ``source_en``, ``share`` (part of the load
    that passes), ``mean_m3_d`` (that part, infiltration included), ``demand_l_s`` (what the element must carry for
    this load and all before it: peak flow, of a plant mean flow), ``is_over`` (whether that exceeds its limit).

    Raises
    ------
    XinguError
        ``sewer_element_unknown``.
    """
    network, position = assessed.network, assessed.position(element)
    loads = network.loads
    at = network.nodes.index.get_indexer(pd.Index(loads["node"]))
    share = passing_shares(network.topology, position)[at]
    table = loads.loc[share > 0, ["state", "year", "node", "source_zh", "source_en"]].assign(share=share[share > 0])
    parts = loads_one_by_one(network)[:, share > 0] * share[share > 0]
    table["mean_m3_d"] = (parts[0] + parts[1] + parts[3]) * M3_D_PER_L_S
    order = _order_of_promise(table, last)
    summed = np.cumsum(parts[:, order], axis=1)
    ordered, demand = table.iloc[order], assessed.asked_l_s(summed, position)
    limit = float(assessed.limit_l_s[position])
    return ordered.assign(demand_l_s=demand, is_over=exceeds(demand, limit))


def passing_shares(topology: Topology, element: int) -> Floats:
    """Of a unit put in at each node, the part that passes ``element`` (nodes first, then links)."""
    part = np.zeros(topology.nodes)
    if element < topology.nodes:
        part[element] = 1.0
    else:
        link = element - topology.nodes
        part[topology.start[link]] = topology.share[link]
    for links in reversed(topology.levels):
        np.add.at(part, topology.start[links], topology.share[links] * part[topology.end[links]])
    return part


def _order_of_promise(table: pd.DataFrame, last: Sequence[str]) -> np.ndarray:
    place = {name: number for number, name in enumerate(last)}
    keys = pd.DataFrame(
        {
            "last": [place.get(str(name), -1) for name in table.index],
            "state": table["state"].map({state: number for number, state in enumerate(STATES)}).to_numpy(),
            "year": table["year"].fillna(np.inf).to_numpy(),
            "id": table.index.to_numpy(),
        }
    )
    return keys.sort_values(["last", "state", "year", "id"], kind="stable").index.to_numpy()
