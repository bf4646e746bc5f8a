"""How much more may enter at every node, and what binds: every element's peaking inverted, then carried upstream.

Comes in: an assessed network and what is to be added. Goes out: :class:`Headroom`.
Must not know: sites, projects.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.network.topology import Topology, downstream

BINDING: Final = 3  # how many elements are named: the one that binds, and the next two once it is put right


@dataclass(frozen=True, slots=True)
class Effluent:
    """What a project discharges, apart from how much: its domestic share, and K' of the rest.

    Raises ``effluent_wrong`` for a share outside [0, 1] or a K' below 1.
    """

    domestic_share: float
    industrial_peaking: float

    def __post_init__(self) -> None:
        if not 0 <= self.domestic_share <= 1:
            raise XinguError("effluent_wrong", name="domestic_share", value=self.domestic_share)
        if not (math.isfinite(self.industrial_peaking) and self.industrial_peaking >= 1):
            raise XinguError("effluent_wrong", name="industrial_peaking", value=self.industrial_peaking)


@dataclass(frozen=True, slots=True, eq=False)
class Headroom:
    """The largest extra mean flow at every node, for one kind of effluent.

    ``table`` is indexed by node_id: ``headroom_m3_d`` (signed: a deficit stays negative; NaN where an element on
    the way is unknown or the way leads nowhere), ``binding`` (the element id that gives it, also where it is
    unknown) with the ``check`` it is held to, then ``headroom_2_m3_d``, ``binding_2`` (what would bind once the first
    were put right) and ``…_3``. Where no element limits, headroom is infinite and binding ``""``. Of equal elements
    the first on the water's way binds.
    ``by_element`` is the extra flow each element itself could still pass [m³/d], over all elements.
    """

    table: pd.DataFrame
    by_element: pd.Series[float]
    effluent: Effluent
    confidence: Confidence
    phase: str
    digest: str


def effluent_of(brief: Brief, norms: Norms) -> Effluent:
    """What the project of ``brief`` discharges; a figure its type does not give is that of the norms."""
    share, peaking = brief.need("domestic_share"), brief.need("industrial_peaking")
    return Effluent(
        domestic_share=norms.domestic_share.value if math.isnan(share) else share,
        industrial_peaking=norms.industrial_peaking.value if math.isnan(peaking) else peaking,
    )


def headroom_of(assessed: Assessed, effluent: Effluent) -> Headroom:
    """The headroom of every node: the least, over all elements its water passes, of what still fits there.

    An element fits ``q`` more when ``K(Qd + σq)·(Qd + σq) + ΣK'Qm + K'(1 − σ)q + Qu + i·q`` stays within its limit,
    a plant when the mean day does; ``q`` is the project's discharge, the infiltration ``i·q`` it brings comes on
    top. Solved exactly, element by element; where flow splits a unit is pushed from the split
    (docs/decisions/0023).
    """
    network, own = assessed.network, element_headroom_l_s(assessed, effluent)
    least, which = carried_upstream(network.topology, np.where(np.isnan(own), -np.inf, own))
    return Headroom(
        table=_table(network, least, np.append(assessed.capacity.binder, -1)[which]),
        by_element=pd.Series(own * M3_D_PER_L_S, index=network.elements, name="headroom_m3_d"),
        effluent=effluent,
        confidence=network.confidence,
        phase=network.phase,
        digest=digest_all([network.digest, digest_value([effluent.domestic_share, effluent.industrial_peaking])]),
    )


def element_headroom_l_s(assessed: Assessed, effluent: Effluent) -> Floats:
    """What each element itself can still pass [L/s of mean discharge]; infinite where nothing limits.

    A dead end (no way on, and neither plant nor outfall) is NaN: water that arrives there is not disposed of.
    """
    network, flows, capacity = assessed.network, assessed.flows, assessed.capacity
    infiltration = network.infiltration_share
    steady = effluent.industrial_peaking * (1 - effluent.domestic_share) + infiltration
    bounded = np.isfinite(capacity.passable_l_s)
    limit = np.where(bounded, capacity.passable_l_s, 0.0)
    peak = assessed.peaking.room(
        flows.domestic,
        limit - flows.weighted - flows.infiltration,
        domestic_share=effluent.domestic_share,
        steady=steady,
    )
    mean = (limit - flows.mean) / (1 + infiltration)
    room = np.where(bounded, np.where(capacity.is_mean, mean, peak), capacity.passable_l_s)
    room[: len(network.nodes)][network.dead_ends] = np.nan
    return room


def carried_upstream(topology: Topology, own: Floats) -> tuple[Floats, Ints]:
    """The three least of ``own`` (over elements) on each node's way down, and their elements; (nodes × 3) each.

    One pass from the outlets up. A node whose flow splits asks of each element below how much of a unit arrives
    there; a node above it inherits that answer, for all its water passes the split.
    """
    nodes = topology.nodes
    least = np.full((nodes, BINDING), np.inf)
    which = np.full((nodes, BINDING), -1, dtype=np.int64)
    least[:, 0], which[:, 0] = own[:nodes], np.arange(nodes)
    splits = topology.outlets > 1
    for node in np.flatnonzero(splits).tolist():
        least[node], which[node] = _pushed(topology, own, node)
    for links in reversed(topology.levels):
        single = links[~splits[topology.start[links]]]
        start, end = topology.start[single], topology.end[single]
        room = np.column_stack((own[start], own[nodes + single], least[end]))
        element = np.column_stack((start, nodes + single, which[end]))
        best = np.argsort(room, axis=1, kind="stable")[:, :BINDING]
        least[start] = np.take_along_axis(room, best, axis=1)
        which[start] = np.take_along_axis(element, best, axis=1)
    return least, which


def _pushed(topology: Topology, own: Floats, node: int) -> tuple[Floats, Ints]:
    element, part = (np.array(column) for column in zip(*downstream(topology, node), strict=True))
    room = own[element] / part
    best = np.argsort(room, kind="stable")[:BINDING]
    return room[best], element[best]


def _table(network: Network, least: Floats, which: Ints) -> pd.DataFrame:
    names = np.append(network.elements.to_numpy(dtype=object), "")
    room = np.where(np.isneginf(least), np.nan, least) * M3_D_PER_L_S
    at = np.where(np.isposinf(least), -1, which)
    element = names[at]
    columns: dict[str, Floats] = {}
    for place in range(BINDING):
        suffix = f"_{place + 1}" if place else ""
        columns[f"headroom{suffix}_m3_d"] = room[:, place]
        columns[f"binding{suffix}"] = element[:, place]
        if not place:
            columns["check"] = np.append(network.marks.check, "")[at[:, 0]]
    return pd.DataFrame(columns, index=network.nodes.index)
