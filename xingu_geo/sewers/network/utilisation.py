"""How full every pipe, station and plant is, and the way water takes from a node to the outfall.

Comes in: an assessed network. Goes out: tables by element id. Must not know: sites.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import TOLERANCE, exceeds
from xingu_geo.sewers.network.headroom import Effluent, element_headroom_l_s
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.network.topology import downstream

State = Literal["ample", "nearly_full", "at_limit", "over", "unknown"]


def utilisation_of(assessed: Assessed, *, effluent: Effluent | None = None) -> pd.DataFrame:
    """The utilisation of every link, station and plant, indexed by element id.

    Columns: ``kind``, ``name_zh``, ``name_en``, ``mean_m3_d``, ``peak_l_s`` (the
    design flow, or what fixed-speed pumps send where that is more), ``capacity_l_s``, ``utilisation`` (peak over
    capacity, of a plant mean over capacity), ``headroom_m3_d`` (what this element alone can still pass of
    ``effluent``, by default purely industrial water with the norms' K'), ``state``, and the parts ``domestic_m3_d``,
    ``industrial_m3_d``, ``infiltration_m3_d``.
    """
    network, flows, capacity = assessed.network, assessed.flows, assessed.capacity
    chosen = effluent or Effluent(0.0, network.norms.industrial_peaking.value)
    sent = assessed.sent_l_s
    utilisation = shares_used(np.where(capacity.is_mean, flows.mean, sent), capacity.limit_l_s)
    whole = pd.concat([network.nodes, network.links])[["kind", "name_zh", "name_en"]]
    table = whole.assign(
        mean_m3_d=flows.mean * M3_D_PER_L_S,
        peak_l_s=sent,
        capacity_l_s=capacity.limit_l_s,
        utilisation=utilisation,
        headroom_m3_d=element_headroom_l_s(assessed, chosen) * M3_D_PER_L_S,
        state=states_of(utilisation, network.norms),
        domestic_m3_d=flows.domestic * M3_D_PER_L_S,
        industrial_m3_d=flows.industrial * M3_D_PER_L_S,
        infiltration_m3_d=flows.infiltration * M3_D_PER_L_S,
    )
    return pd.DataFrame(table[network.marks.has_limit])


def shares_used(flow_l_s: Floats, limit_l_s: Floats) -> Floats:
    """Flow over limit; where the limit is 0 (a pump starved by its neighbour) infinite, or 0 if nothing flows."""
    is_shut = limit_l_s == 0
    used = np.divide(flow_l_s, limit_l_s, out=np.zeros_like(flow_l_s), where=~is_shut)
    used[is_shut & (flow_l_s > 0)] = np.inf
    return used


def states_of(utilisation: Floats, norms: Norms) -> np.ndarray:
    """The band each utilisation falls in; ``at_limit`` is exactly full, within rounding."""
    full = norms.full.value
    is_in = [
        np.isnan(utilisation),
        exceeds(utilisation, full),
        utilisation >= full * (1 - TOLERANCE),
        utilisation >= norms.nearly_full.value,
    ]
    return np.select(is_in, ["unknown", "over", "at_limit", "nearly_full"], default="ample")


def path_of(network: Network, node_id: str) -> tuple[str, ...]:
    """Every element the water of ``node_id`` passes down to the outfall, nodes and links, in flow order.

    Raises
    ------
    XinguError
        ``sewer_node_unknown``.
    """
    names = network.elements
    return tuple(str(names[element]) for element, _ in downstream(network.topology, network.position(node_id)))


def shares_of_path(network: Network, node_id: str) -> pd.Series[float]:
    """The part of a discharge at ``node_id`` that passes each element on its way, indexed by element id."""
    elements, part = zip(*downstream(network.topology, network.position(node_id)), strict=True)
    return pd.Series(part, index=network.elements[list(elements)], name="share", dtype=float)
