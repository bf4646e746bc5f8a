"""Which way the water goes, as arrays: drawn direction, split shares, an order in which every inflow is known.

Comes in: the start, end and share of each link. Goes out: :class:`Topology`, flows carried down it.
Must not know: pipes, pumps, units.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from xingu_geo.ground.base.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """A network's direction of flow; nodes and links are positions 0 … n−1.

    ``start``, ``end`` and ``share`` are per link; a link of share 0 (a relief pipe, dry in dry weather) carries
    nothing and stands outside the order. ``levels`` groups the other links so that when a level is reached, all
    that flows into its start nodes is known; within a level links are sorted by end node. ``rank`` is the level of
    each node. ``out`` holds the carrying links sorted by start node, those of node ``v`` at
    ``out[out_at[v]:out_at[v + 1]]``. ``circling`` names nodes on cycles, each cycle's knot as one array; flows are
    defined only when it is empty.
    """

    nodes: int
    start: Ints
    end: Ints
    share: Floats
    levels: tuple[Ints, ...]
    rank: Ints
    out: Ints
    out_at: Ints
    circling: tuple[Ints, ...]

    def leaving(self, node: int) -> Ints:
        """The carrying links that leave ``node``."""
        return self.out[self.out_at[node] : self.out_at[node + 1]]

    @property
    def outlets(self) -> Ints:
        """How many carrying links leave each node."""
        return np.diff(self.out_at)


def topology_of(start: Ints, end: Ints, share: Floats, *, nodes: int) -> Topology:
    """The topology of links ``start → end``; cycles are reported in ``circling``, not raised."""
    carrying = np.flatnonzero(share > 0)
    out = carrying[np.argsort(start[carrying], kind="stable")]
    out_at = np.concatenate(([0], np.cumsum(np.bincount(start[out], minlength=nodes)))).astype(np.int64)
    waiting = np.bincount(end[out], minlength=nodes)
    rank = np.full(nodes, -1, dtype=np.int64)
    frontier = np.flatnonzero(waiting == 0)
    levels: list[Ints] = []
    depth = 0
    while frontier.size:
        rank[frontier] = depth
        links = out[_spans(out_at[frontier], out_at[frontier + 1])]
        reached = end[links]
        if links.size:
            levels.append(links[np.argsort(reached, kind="stable")])
        np.subtract.at(waiting, reached, 1)
        frontier = np.unique(reached[waiting[reached] == 0])
        depth += 1
    circling = _knots(start[out], end[out], nodes) if (rank < 0).any() else ()
    return Topology(nodes, start, end, share, tuple(levels), rank, out, out_at, circling)


def accumulate(topology: Topology, loads: Floats) -> Floats:
    """What passes each node when ``loads`` (quantities × nodes) enter there: the loads and all that arrives.

    The flow in link ``e`` is ``share[e]`` of what passes its start node.
    """
    passing = np.array(np.transpose(loads), dtype=np.float64, order="C", copy=True)
    for links in topology.levels:
        carried = topology.share[links, None] * passing[topology.start[links]]
        end = topology.end[links]
        first = np.flatnonzero(np.concatenate(([True], end[1:] != end[:-1])))
        passing[end[first]] += np.add.reduceat(carried, first, axis=0)
    return np.ascontiguousarray(passing.T)


def downstream(topology: Topology, node: int, *, stops: Bools | None = None) -> list[tuple[int, float]]:
    """Every element a unit flow from ``node`` passes, in flow order, each with the part of it that passes there.

    The flow goes no further than the nodes marked in ``stops``, except the one it starts from.

    Elements are nodes, then links: link ``e`` is element ``topology.nodes + e``. Pushing a unit is exact where flow
    splits and meets again; taking minima over the branches is not.
    """
    part = {node: 1.0}
    queue = [(int(topology.rank[node]), node)]
    passed: list[tuple[int, float]] = []
    while queue:
        _, here = heapq.heappop(queue)
        passed.append((here, part[here]))
        if stops is not None and stops[here] and here != node:
            continue
        for link in topology.leaving(here).tolist():
            there, carried = int(topology.end[link]), part[here] * float(topology.share[link])
            passed.append((topology.nodes + link, carried))
            if there not in part:
                heapq.heappush(queue, (int(topology.rank[there]), there))
            part[there] = part.get(there, 0.0) + carried
    return passed


def upstream(topology: Topology, node: int) -> Ints:
    """Every node whose water passes ``node``, ``node`` itself included, in rising position."""
    reaches = np.zeros(topology.nodes, dtype=bool)
    reaches[node] = True
    for links in reversed(topology.levels):
        np.logical_or.at(reaches, topology.start[links], reaches[topology.end[links]])
    return np.flatnonzero(reaches)


def _spans(first: Ints, last: Ints) -> Ints:
    """The positions first[0]…last[0]−1, first[1]…last[1]−1, … one after the other."""
    counts = last - first
    offsets = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return offsets + np.arange(counts.sum())


def _knots(start: Ints, end: Ints, nodes: int) -> tuple[Ints, ...]:
    graph = coo_array((np.ones(start.size), (start, end)), shape=(nodes, nodes))
    _, knot = connected_components(graph, directed=True, connection="strong")
    looped = set(start[start == end].tolist())
    sizes = np.bincount(knot)
    return tuple(_members(knot, sizes, looped))


def _members(knot: Ints, sizes: Ints, looped: set[int]) -> Iterator[Ints]:
    for label in np.flatnonzero(sizes > 1):
        yield np.flatnonzero(knot == label)
    for node in sorted(looped):
        if sizes[knot[node]] == 1:
            yield np.array([node], dtype=np.int64)
