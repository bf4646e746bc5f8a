"""A link between trunks: where some of the flow could be led over, and the least that must be.

Comes in: a network and a ticket with conflicts. Goes out: :class:`CrossLink`. Must not know: costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Bools, Floats, Ints
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import within
from xingu_geo.sewers.network.flows import design_flow_l_s
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.tie_in import joinable
from xingu_geo.sewers.network.topology import downstream
from xingu_geo.sewers.relief.ticket import Ticket
from xingu_geo.sewers.relief.users import passing_shares
from xingu_geo.sewers.relief.whatif import Change

PAIRS_MAX: Final = 200
HALVINGS: Final = 60


@dataclass(frozen=True, slots=True)
class CrossLink:
    """A link from ``start`` on the overloaded way to ``end`` on another.

    ``share`` of what passes ``start`` must go over at least, ``flow_m3_d`` of mean flow (infiltration included) and
    ``peak_l_s`` at peak; ``shares`` are the new split shares of the links that leave ``start`` already.
    """

    start: str
    end: str
    length_m: float
    share: float
    flow_m3_d: float
    peak_l_s: float
    shares: tuple[Change, ...]


def cross_links(network: Network, ticket: Ticket, *, reach_m: float) -> list[CrossLink]:
    """The shortest link between trunks, up to ``reach_m`` long, that resolves all conflicts of ``ticket`` alone.

    It starts at a manhole or station that all overloaded elements lie below, ends where the water passes none of
    them, and closes no cycle. Flows are linear in the share led over, so the least share is found on arrays; at most
    :data:`PAIRS_MAX` pairs are looked at, the shortest first.
    """
    after = ticket.after
    for start, end, length in _pairs(network, after, ticket, reach_m):
        share = _least_share(after, ticket, start, end)
        if share is not None:
            return [_described(after, start, end, length, share)]
    return []


def _pairs(network: Network, after: Assessed, ticket: Ticket, reach_m: float) -> list[tuple[int, int, float]]:
    """Start, end and length of the links worth looking at, shortest first."""
    nodes = network.nodes
    below = [_reaching(after, conflict.element) for conflict in ticket.conflicts]
    overloaded = nodes.index.isin([conflict.element for conflict in ticket.conflicts])
    can_join = joinable(network).to_numpy()
    is_start = can_join & np.logical_and.reduce(below) & ~overloaded & ~network.marks.ends_way
    starts, ends = np.flatnonzero(is_start), np.flatnonzero(can_join & ~np.logical_or.reduce(below))
    points = nodes[["x_m", "y_m"]].to_numpy(float)
    length = np.hypot(*(points[starts, None, :] - points[None, ends, :]).transpose(2, 0, 1))
    rows, columns = np.nonzero(length <= reach_m)
    order = np.argsort(length[rows, columns], kind="stable")[:PAIRS_MAX]
    return [
        (int(starts[row]), int(ends[column]), float(length[row, column]))
        for row, column in zip(rows[order], columns[order], strict=True)
    ]


def _reaching(after: Assessed, element: str) -> Bools:
    """The nodes whose water passes ``element``."""
    return passing_shares(after.network.topology, after.position(element)) > 0


def _least_share(after: Assessed, ticket: Ticket, start: int, end: int) -> float | None:
    """The least part of what passes ``start`` that must go to ``end`` to resolve all conflicts; None if none does."""
    topology = after.network.topology
    if start in (element for element, _ in downstream(topology, end)):
        return None
    elements, relief = _relief(after, start, end)
    parts = after.flows.parts
    base, passing = parts[:, elements], parts[:, [start]]

    def _over(share: float) -> Bools:
        return _is_over(after, elements, base + passing * relief * share)

    conflicting = np.isin(elements, [after.position(conflict.element) for conflict in ticket.conflicts])
    if (_over(1.0) & conflicting).any():
        return None
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if (_over(middle) & conflicting).any() else (low, middle)
    return None if (_over(high) & (conflicting | (relief > 0))).any() else high


def _relief(after: Assessed, start: int, end: int) -> tuple[Ints, Floats]:
    """The elements below either end, and how much more of ``start``'s water passes each when all of it goes over."""
    topology = after.network.topology
    change: dict[int, float] = {}
    for node, sign in ((start, -1.0), (end, 1.0)):
        for element, part in downstream(topology, node):
            if element != start:
                change[element] = change.get(element, 0.0) + sign * part
    elements = np.array(sorted(change), dtype=np.int64)
    return elements, np.array([change[element] for element in elements.tolist()])


def _is_over(after: Assessed, elements: Ints, parts: Floats) -> Bools:
    demand = after.asked_l_s(parts, elements)
    return ~within(demand, after.limit_l_s[elements])


def _described(after: Assessed, start: int, end: int, length_m: float, share: float) -> CrossLink:
    network = after.network
    domestic, industrial, weighted, infiltration = after.flows.parts[:, start] * share
    peak = design_flow_l_s(np.array([domestic]), np.array([weighted]), np.array([infiltration]), after.peaking)
    topology = network.topology
    leaving = np.flatnonzero(topology.start == start)
    shares = tuple(
        Change(str(network.links.index[link]), "split_share", float(topology.share[link]) * (1 - share))
        for link in leaving.tolist()
    )
    return CrossLink(
        start=str(network.nodes.index[start]),
        end=str(network.nodes.index[end]),
        length_m=length_m,
        share=share,
        flow_m3_d=float(domestic + industrial + infiltration) * M3_D_PER_L_S,
        peak_l_s=float(peak[0]),
        shares=shares,
    )
