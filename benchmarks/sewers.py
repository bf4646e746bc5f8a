"""Headroom of every node of a 100,000-link network, against a straightforward networkx traversal, in one run.

    python -m benchmarks.sewers [--links 100000]

Both start from the same frames already in memory and end with headroom and binding element of every node; both give
the same answer, which is checked before anything is printed. Times are the best of three.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd

from xingu_geo.ground.base.settings import data_dir
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.limits import capacity_of
from xingu_geo.sewers.network.network import Network, make_network
from xingu_geo.study.run.stages import open_tables

FAB = Effluent(domestic_share=0.1, industrial_peaking=1.2)


def town(links: int, *, spread: int, seed: int = 42) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A random tree: a node drains to one of the ``spread`` before it, node 0 is the plant; loads at every other."""
    rng = np.random.default_rng(seed)
    names = np.array([f"n{i:07d}" for i in range(links + 1)])
    order = np.arange(1, links + 1)
    below = order - rng.integers(1, np.minimum(order, spread) + 1)
    nodes = pd.DataFrame({"kind": "manhole", "ground_m": 6.0, "invert_m": 1.0}, index=names)
    nodes.loc[names[0], "kind"] = "plant"
    nodes.loc[names[0], "capacity_m3_d"] = links * 20.0
    length = rng.uniform(30, 120, size=links)
    pipes = pd.DataFrame(
        {
            "from_node": names[order],
            "to_node": names[below],
            "kind": "gravity",
            "diameter_mm": rng.choice([400.0, 600.0, 800.0, 1200.0, 2000.0], size=links),
            "length_m": length,
            "invert_from_m": 1.0 + length * rng.uniform(5e-4, 4e-3, size=links),
            "invert_to_m": 1.0,
            "roughness_n": 0.013,
        },
        index=[f"p{i:07d}" for i in order],
    )
    loaded = names[1::2]
    loads = pd.DataFrame(
        {
            "node": loaded,
            "state": "existing",
            "domestic_m3_d": rng.uniform(0, 10, size=loaded.size),
            "industrial_m3_d": rng.uniform(0, 10, size=loaded.size),
            "industrial_peaking": 1.2,
        },
        index=[f"l{i:07d}" for i in range(loaded.size)],
    )
    return nodes, pipes, loads


def by_networkx(network: Network) -> pd.Series[float]:
    """The same answer as an engineer would first write it: a digraph, attributes, a walk down and a walk up."""
    norms, limits = network.norms, dict(zip(network.elements, capacity_of(network).limit_l_s, strict=True))
    table = norms.peaking_table
    infiltration = norms.infiltration_share.value
    graph = nx.DiGraph()
    graph.add_nodes_from(network.nodes.index, domestic=0.0, other=0.0, mean=0.0)
    for name, row in network.links.iterrows():
        graph.add_edge(row["from_node"], row["to_node"], id=name)
    for _, row in network.loads.iterrows():
        node = graph.nodes[row["node"]]
        both = row["domestic_m3_d"] + row["industrial_m3_d"]
        node["domestic"] += row["domestic_m3_d"] / 86.4
        node["other"] += (row["industrial_peaking"] * row["industrial_m3_d"] + infiltration * both) / 86.4
        node["mean"] += both * (1 + infiltration) / 86.4
    order = list(nx.topological_sort(graph))
    for name in order:
        for below in graph.successors(name):
            for kind in ("domestic", "other", "mean"):
                graph.nodes[below][kind] += graph.nodes[name][kind]
    steady = FAB.industrial_peaking * (1 - FAB.domestic_share) + infiltration
    knots, factors = list(table.flow_l_s), list(table.factor)
    pieces = [(factors[0], 0.0)]
    for (q1, k1), (q2, k2) in pairwise(zip(knots, factors, strict=True)):
        bend = (k2 - k1) / (q2 - q1)
        pieces.append((k1 - bend * q1, bend))
    pieces.append((factors[-1], 0.0))
    edges = [-np.inf, *knots, np.inf]
    head: dict[str, float] = {}
    for name in reversed(order):
        node = graph.nodes[name]
        if graph.out_degree(name) == 0:
            head[name] = (limits[name] - node["mean"]) / (1 + infiltration)
            continue
        (below,) = graph.successors(name)
        budget = limits[graph.edges[name, below]["id"]] - node["other"]
        room = _root(node["domestic"], budget, steady, pieces, edges)
        head[name] = min(room, head[below])
    return pd.Series(head) * 86.4


def _root(
    domestic: float, budget: float, steady: float, pieces: list[tuple[float, float]], edges: list[float]
) -> float:
    share = FAB.domestic_share
    for (a, b), low, high in zip(pieces, edges[:-1], edges[1:], strict=True):
        square, linear = b * share**2, share * (a + 2 * b * domestic) + steady
        constant = (a + b * domestic) * domestic - budget
        inside = linear**2 - 4 * square * constant
        if inside < 0:
            continue
        root = -constant / linear if square == 0 else (-linear + inside**0.5) / (2 * square)
        if low <= domestic + share * root <= high:
            return root
    raise AssertionError("no piece holds the root")


def best_of(times: int, work: Callable[[], object]) -> float:
    """The shortest of several runs [s]."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Check that both agree, then time them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=100_000)
    links = parser.parse_args().links
    for spread in (5000, 300):  # bushy and long
        _compare(links, spread)


def _compare(links: int, spread: int) -> None:
    tables = town(links, spread=spread)
    network = make_network(*tables, norms=open_tables(data_dir()).norms)
    ours, theirs = headroom_of(assessed_of(network), FAB).table["headroom_m3_d"], by_networkx(network)
    np.testing.assert_allclose(ours, theirs.reindex(ours.index), rtol=1e-9, atol=1e-6)
    build = best_of(3, lambda: make_network(*tables, norms=network.norms))
    own = best_of(3, lambda: headroom_of(assessed_of(network), FAB))
    other = best_of(1, lambda: by_networkx(network))
    levels = len(network.topology.levels)
    sys.stdout.write(
        f"{links:,} links, {levels} levels; same headroom at every node (1e-9)\n"
        f"  reading frames into a network  {build:7.3f} s\n"
        f"  headroom of all nodes          {own:7.3f} s\n"
        f"  networkx traversal             {other:7.3f} s   ({other / own:.0f} times as long)\n"
    )


if __name__ == "__main__":
    main()
