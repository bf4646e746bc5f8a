"""Faults of the way water takes: cycles, dead ends, parts without an outlet, undivided splits.

Comes in: shaped node and link tables with unique ids. Goes out: what was found. Must not know: levels, sizes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from xingu_geo.sewers.network.frames import strangers
from xingu_geo.sewers.network.kinds import Kind, which
from xingu_geo.sewers.network.network import cycle_complaint, drawn_topology
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.survey.faults.found import Found, marked


def cycles(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Rings of flow, each named by its nodes: an error, for no flow can be computed on them."""
    topology = drawn_topology(nodes, _joined(nodes, links))
    complaints = [cycle_complaint(nodes, knot) for knot in topology.circling]
    return [Found(one.code, str(one.facts["first"]), one.facts, is_error=True) for one in complaints]


def ways(nodes: pd.DataFrame, links: pd.DataFrame, norms: Norms) -> list[Found]:  # noqa: ARG001 - one signature for all checks
    """Where water cannot go on, or not as drawn."""
    joined = _joined(nodes, links)
    leaving = nodes.index.to_series().map(joined["from_node"].value_counts()).fillna(0)
    arriving = nodes.index.to_series().map(joined["to_node"].value_counts()).fillna(0)
    is_end, is_shut = (which(nodes["kind"], holds) for holds in (_ends_way, _only_ends))
    is_alone = (leaving == 0) & (arriving == 0)
    undivided = joined[joined["split_share"].isna()]["from_node"].value_counts()
    outlets = undivided[undivided > 1].rename("count")
    return [
        *marked("node_alone", is_alone & ~is_end),
        *marked("dead_end", (leaving == 0) & ~is_alone & ~is_end),
        *marked("outfall_flows_on", is_shut & (leaving > 0)),
        *marked("bifurcation_without_split", outlets > 0, outlets),
        *_parts(nodes, joined, ~is_alone),
    ]


def _parts(nodes: pd.DataFrame, links: pd.DataFrame, counts: pd.Series[bool]) -> list[Found]:
    """Connected parts without an outlet, and parts with more than one; named by their first node or second outlet."""
    start, end = (nodes.index.get_indexer(pd.Index(links[name])) for name in ("from_node", "to_node"))
    graph = coo_array((np.ones(start.size), (start, end)), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=False)
    part = pd.Series(label, index=nodes.index)[counts]
    # A plant that sends its water on to a river outfall is one way out, not two.
    is_last = which(nodes["kind"], _ends_way) & ~nodes.index.isin(links["from_node"])
    found: list[Found] = []
    for _, members in part.groupby(part):
        outlets = members.index[is_last[members.index]]
        if outlets.empty:
            found.append(Found("part_without_outlet", str(members.index[0]), {"count": len(members)}))
        facts = {"first": str(outlets[0])} if len(outlets) else {}
        found += [Found("outlet_second", str(extra), facts) for extra in outlets[1:]]
    return found


def _ends_way(kind: Kind) -> bool:
    return kind.ends_way


def _only_ends(kind: Kind) -> bool:
    """Whether nothing flows on: works may send their water to the river by an outfall."""
    return kind.ends_way and not kind.stores


def _joined(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The links both of whose ends exist."""
    is_lost = strangers(links["from_node"], nodes.index) | strangers(links["to_node"], nodes.index)
    joined: pd.DataFrame = links[~is_lost]
    return joined
