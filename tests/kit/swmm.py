"""Networks for the simulator, and the simulator's answer in the network's own ids."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.sewers import link, load, network, norms_without_infiltration, plant, station
from xingu_geo.sewers.network.limits import pipes_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.swmm.layout import ExportOptions
from xingu_geo.sewers.swmm.simulate import SwmmRun, swmm_run
from xingu_geo.sewers.swmm.to_inp import export_swmm

SIZES_MM = (300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1400, 1600, 1800)


def simulated(net: Network, *, hours: float = 12.0, **options: Any) -> SwmmRun:
    """The simulator's links and nodes, named as the network names them."""
    chosen = replace(ExportOptions(hours=hours), **options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.inp"
        layout = export_swmm(net, path, options=chosen)
        run = swmm_run(path)
    links = {laid.name: laid.of for laid in layout.links if laid.of}
    nodes = {laid.name: laid.of for laid in layout.nodes if "~" not in laid.name}
    return replace(
        run,
        links=run.links.rename(links).loc[list(links.values())],
        nodes=run.nodes.rename(nodes).loc[list(nodes.values())],
    )


def tree(
    seed: int, count: int, *, joined: str, slope: tuple[float, float] = (0.0012, 0.004), fill: float = 0.55
) -> Network:
    """A random town of ``count`` pipes draining to one plant, sized for its flow; pipes meet at crowns or at inverts.

    Node i drains to a node of lower number, so node 0 is the last manhole before the plant.
    """
    rng = np.random.default_rng(seed)
    parent = [-1] + [int(rng.integers(max(0, i - 4), i)) for i in range(1, count)]
    loads = rng.uniform(150.0, 900.0, count)
    flow = loads.copy()
    for i in range(count - 1, 0, -1):
        flow[parent[i]] += flow[i]
    falls, lengths = rng.uniform(*slope, count), rng.uniform(40.0, 140.0, count)
    diameters = [_size(flow[i] / 86.4, falls[i], fill) for i in range(count)]
    for i in range(1, count):
        diameters[parent[i]] = max(diameters[parent[i]], diameters[i])
    for i in range(count - 1, 0, -1):
        diameters[parent[i]] = max(diameters[parent[i]], diameters[i])
    lower, upper = np.zeros(count), np.zeros(count)
    for i in range(count):
        below = 0.0 if i == 0 else upper[parent[i]]
        step = 0.0 if i == 0 or joined == "inverts" else diameters[parent[i]] - diameters[i]
        lower[i] = below + step
        upper[i] = lower[i] + falls[i] * lengths[i]
    nodes: list[Any] = [
        {"id": f"m{i:03d}", "invert_m": float(upper[i]), "ground_m": float(upper[i] + 8)} for i in range(count)
    ]
    nodes.append(plant("works", invert_m=-1.0, ground_m=9.0))
    links = [
        link(
            f"m{i:03d}",
            "works" if i == 0 else f"m{parent[i]:03d}",
            f"p{i:03d}",
            diameter_mm=diameters[i] * 1000,
            length_m=float(lengths[i]),
            invert_from_m=float(upper[i]),
            invert_to_m=float(lower[i]),
        )
        for i in range(count)
    ]
    return network(
        nodes, links, [load(f"m{i:03d}", float(loads[i])) for i in range(count)], norms=norms_without_infiltration()
    )


def _size(flow_l_s: float, slope: float, fill: float) -> float:
    """The smallest catalogue diameter [m] that carries the flow at about ``fill`` of its full flow."""
    for size in SIZES_MM:
        d = size / 1000
        if np.pi / 4 * d**2 * (d / 4) ** (2 / 3) * slope**0.5 / 0.013 * 1000 * fill >= flow_l_s:
            return d
    return SIZES_MM[-1] / 1000


def pump_chain(**facts: Any) -> Network:
    """Two towns, each with a station: the first lifts to the second's trunk, the second to the plant."""
    nodes: list[Any] = [
        {"id": "a1", "invert_m": 3.0, "ground_m": 9.0},
        {"id": "a2", "invert_m": 2.8, "ground_m": 9.0},
        station("pump_a", 120.0, duty=2, invert_m=1.0, ground_m=9.0),
        {"id": "b1", "invert_m": 6.0, "ground_m": 10.0},
        {"id": "b2", "invert_m": 5.4, "ground_m": 10.0},
        station("pump_b", 300.0, duty=2, invert_m=3.0, ground_m=10.0),
        plant("works", invert_m=8.0, ground_m=12.0),
    ]
    links = [
        link("a1", "a2", "a1-a2", length_m=100.0, diameter_mm=500.0, invert_from_m=3.0, invert_to_m=2.8),
        link("a2", "pump_a", "a2-pump_a", length_m=100.0, diameter_mm=600.0, invert_from_m=2.7, invert_to_m=2.5),
        link(
            "pump_a",
            "b1",
            "main_a",
            kind="pressure",
            length_m=900.0,
            diameter_mm=400.0,
            invert_from_m=None,
            invert_to_m=None,
        ),
        link("b1", "b2", "b1-b2", length_m=200.0, diameter_mm=800.0, invert_from_m=6.0, invert_to_m=5.6),
        link("b2", "pump_b", "b2-pump_b", length_m=200.0, diameter_mm=800.0, invert_from_m=5.4, invert_to_m=5.0),
        link(
            "pump_b",
            "works",
            "main_b",
            kind="pressure",
            length_m=1500.0,
            diameter_mm=700.0,
            invert_from_m=None,
            invert_to_m=None,
        ),
    ]
    loads = [load("a1", 3000.0, 1000.0), load("a2", 1500.0), load("b1", 2500.0, 4000.0), load("b2", 800.0)]
    return network(nodes, links, loads, **facts)


def split_town(*, share: float | None = None, relief_invert_m: float = 2.6) -> Network:
    """A trunk with a relief pipe that leaves it at ``head`` and meets it again at ``foot``.

    Without ``share`` the relief pipe is dry by the rule of the lowest invert; with it, it carries that share.
    """
    shares = (None, None) if share is None else (1 - share, share)
    nodes: list[Any] = [
        {"id": name, "invert_m": invert, "ground_m": 8.0}
        for name, invert in (("top", 2.2), ("head", 2.0), ("mid", 1.8), ("foot", 1.6))
    ]
    nodes.append(plant("works", invert_m=0.0, ground_m=8.0))
    links = [
        link("top", "head", "in", length_m=100.0, diameter_mm=800.0, invert_from_m=2.2, invert_to_m=2.0),
        link(
            "head",
            "mid",
            "low_1",
            length_m=100.0,
            diameter_mm=800.0,
            invert_from_m=2.0,
            invert_to_m=1.8,
            split_share=shares[0],
        ),
        link("mid", "foot", "low_2", length_m=100.0, diameter_mm=800.0, invert_from_m=1.8, invert_to_m=1.6),
        link(
            "head",
            "foot",
            "relief",
            length_m=150.0,
            diameter_mm=500.0,
            invert_from_m=relief_invert_m,
            invert_to_m=2.0,
            split_share=shares[1],
        ),
        link("foot", "works", "out", length_m=100.0, diameter_mm=1000.0, invert_from_m=1.6, invert_to_m=1.4),
    ]
    loads = [load("top", 6000.0, 2000.0), load("mid", 500.0), load("head", 300.0)]
    return network(nodes, links, loads, norms=norms_without_infiltration())


def headroom_in_swmm(net: Network, node: str, around_l_s: float, **options: Any) -> float:
    """The largest constant extra inflow [L/s] at ``node`` that leaves every pipe on its way within its fullness limit,
    by bisection to a fiftieth of ``around_l_s``, which only says where to begin: what does not enclose is widened.
    """
    way = _way(net, node)
    limit = pd.Series(pipes_of(net).fill_limit, net.links.index)[way]
    diameter = net.links["diameter_mm"][way] / 1000

    def is_within(extra: float) -> bool:
        more = net.with_loads(pd.DataFrame([{"node": node, "state": "reserved", **_steady(extra)}], index=["extra"]))
        run = simulated(more, **options)
        return bool((run.links["depth_m"][way] / diameter <= limit + 1e-6).all())

    low, high = 0.8 * around_l_s, 1.25 * around_l_s
    while not is_within(low):
        low /= 2
    while is_within(high):
        high *= 2
    while high - low > 0.02 * around_l_s:
        middle = (low + high) / 2
        low, high = (middle, high) if is_within(middle) else (low, middle)
    return (low + high) / 2


def _steady(extra_l_s: float) -> dict[str, float]:
    return {"domestic_m3_d": 0.0, "industrial_m3_d": extra_l_s * 86.4, "industrial_peaking": 1.0, "year": 2025}


def _way(net: Network, node: str) -> list[str]:
    """The gravity pipes on the way from ``node`` of a tree, followed by hand."""
    way = []
    onward = net.links.reset_index(names="link").set_index("from_node")
    while node in onward.index:
        row = onward.loc[node]
        if row["kind"] == "gravity":
            way.append(row["link"])
        node = row["to_node"]
    return way


def looped_town(seed: int = 3, *, side: int = 4) -> str:
    """The text of a flat town on a grid, every street sewered, pipes drawn in any direction, one outfall at a corner.

    Written by hand and in feet and CFS, so that nothing of our own writer is in it.
    """
    rng = np.random.default_rng(seed)
    names = {(i, j): f"J{i}{j}" for i in range(side) for j in range(side)}
    junctions = [f"{name} 100 10 0 0 0" for name in names.values()]
    conduits, sections = [], []
    for (i, j), name in names.items():
        for other in (names.get((i + 1, j)), names.get((i, j + 1))):
            if other is None:
                continue
            start, end = (name, other) if rng.random() < 0.5 else (other, name)
            conduits.append(f"P{len(conduits)} {start} {end} {rng.uniform(200, 500):.1f} 0.013 0 0 0 0")
            sections.append(f"P{len(sections)} CIRCULAR {rng.choice([1.5, 2.0, 2.5])} 0 0 0 1")
    loads = [f"{name} FLOW {rng.uniform(0.02, 0.12):.4f}" for name in names.values()]
    places = [f"{names[i, j]} {1000 * i} {1000 * j}" for i, j in names]
    parts = {
        "OPTIONS": ["FLOW_UNITS CFS", "LINK_OFFSETS DEPTH", "FLOW_ROUTING DYNWAVE"],
        "JUNCTIONS": junctions,
        "OUTFALLS": ["OUT 99 FREE NO"],
        "CONDUITS": [*conduits, "POUT J00 OUT 300 0.013 0 0 0 0"],
        "XSECTIONS": [*sections, "POUT CIRCULAR 3 0 0 0 1"],
        "DWF": loads,
        "COORDINATES": [*places, "OUT -500 -500"],
    }
    return "\n".join(f"[{name}]\n" + "\n".join(rows) + "\n" for name, rows in parts.items())


def published(name: str) -> Path:
    """An ``.inp`` that nobody here wrote, from the package ``pystorms``, found without importing it."""
    path = Path(str(distribution("pystorms").locate_file(f"pystorms/networks/{name}.inp")))
    assert path.is_file()
    return path
