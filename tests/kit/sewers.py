"""Builders of small and random sewer networks.

A node or link is written in a line; what is not said takes a sane value. ``plant`` and ``station`` are shorthand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit import tables as planner
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.sewers.network.limits import capacity_of
from xingu_geo.sewers.network.network import Network, make_network
from xingu_geo.sewers.network.norms import Norms

NODE: dict[str, Any] = {"kind": "manhole", "ground_m": 6.0, "invert_m": 1.0}
LINK: dict[str, Any] = {
    "kind": "gravity",
    "diameter_mm": 1000.0,
    "length_m": 500.0,
    "invert_from_m": 1.3,
    "invert_to_m": 1.0,
    "roughness_n": 0.013,
    "material": "concrete",
}
LOAD: dict[str, Any] = {
    "state": "existing",
    "year": 2025,
    "domestic_m3_d": 0.0,
    "industrial_m3_d": 0.0,
    "industrial_peaking": 1.2,
}


def plant(name: str, capacity_m3_d: float = 1e9, **facts: Any) -> dict[str, Any]:
    return {"id": name, "kind": "plant", "capacity_m3_d": capacity_m3_d, **facts}


def station(name: str, rated_l_s: float, duty: int = 1, standby: int = 1, **facts: Any) -> dict[str, Any]:
    pumps = {"pump_rated_l_s": rated_l_s, "pump_duty": duty, "pump_standby": standby}
    return {"id": name, "kind": "station", **pumps, **facts}


def frame(rows: Sequence[dict[str, Any]], defaults: dict[str, Any]) -> pd.DataFrame:
    """Rows with an ``id`` as a table indexed by it, gaps filled from ``defaults``."""
    table = pd.DataFrame([{**defaults, **row} for row in rows])
    return table.set_index("id") if len(table) else table


def link(start: str, end: str, name: str = "", **facts: Any) -> dict[str, Any]:
    return {"id": name or f"{start}-{end}", "from_node": start, "to_node": end, **facts}


def load(node: str, domestic_m3_d: float = 0.0, industrial_m3_d: float = 0.0, name: str = "", **facts: Any) -> dict:
    flows = {"domestic_m3_d": domestic_m3_d, "industrial_m3_d": industrial_m3_d}
    return {"id": name or f"load-{node}", "node": node, **flows, **facts}


def network(
    nodes: Sequence[str | dict[str, Any]],
    links: Sequence[dict[str, Any]],
    loads: Sequence[dict[str, Any]] = (),
    *,
    upgrades: Sequence[dict[str, Any]] = (),
    norms: Norms | None = None,
    confidence: Confidence = Confidence.SURVEYED,
) -> Network:
    """A network from short rows; a node that is only a name is a manhole."""
    rows = [{"id": node} if isinstance(node, str) else node for node in nodes]
    return make_network(
        frame(rows, NODE),
        frame(links, LINK),
        frame(loads, LOAD),
        upgrades=frame(upgrades, {}),
        norms=norms or planner.norms(),
        confidence=confidence,
    )


def norms_without_infiltration() -> Norms:
    norms = planner.norms()
    none = norms.infiltration_share.model_copy(update={"value": 0.0})
    return norms.model_copy(update={"infiltration_share": none})


def frames_of(net: Network) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Copies to spoil."""
    return net.nodes.copy(), net.links.copy(), net.loads.copy()


def chain(count: int = 3, *, domestic_m3_d: float = 1000.0, **pipe: Any) -> Network:
    """n0 → n1 → … → works, the same pipe throughout, one load at the head."""
    names = [f"n{i}" for i in range(count)]
    ends = [*names[1:], "works"]
    links = [link(a, b, **pipe) for a, b in zip(names, ends, strict=True)]
    return network([*names, plant("works")], links, [load("n0", domestic_m3_d)])


def random_tables(
    seed: int, count: int, *, splits: float = 0.0, load_m3_d: float = 2000.0
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A random town: nodes v0 … draining to lower numbers, plants at the roots, stations here and there.

    ``splits`` is the chance that a node has a second outlet with a share of its own.
    """
    rng = np.random.default_rng(seed)
    plants = 1 + count // 40
    ids = [f"v{i:06d}" for i in range(count)]
    nodes, links, loads = [], [], []
    for i, name in enumerate(ids):
        place = {"x_m": float(rng.uniform(0, 5000)), "y_m": float(rng.uniform(0, 5000))}
        if i < plants:
            nodes.append(plant(name, float(rng.uniform(0.7, 5.0) * load_m3_d * count / plants), **place))
            continue
        is_station = rng.random() < 0.1
        rated = float(rng.uniform(20, 400))
        nodes.append(
            station(name, rated, duty=int(rng.integers(1, 4)), **place) if is_station else {"id": name, **place}
        )
        wanted = 2 if rng.random() < splits and i > plants else 1
        targets = rng.choice(np.arange(max(0, i - 12), i), size=min(wanted, i), replace=False)
        first = float(rng.uniform(0.1, 0.9))
        shares = [None] if len(targets) == 1 else [first, 1 - first]
        for target, share in zip(targets, shares, strict=True):
            links.append(_random_link(rng, name, ids[target], pressed=is_station, share=share))
        if rng.random() < 0.7:
            size = rng.uniform(0, load_m3_d, size=2)
            loads.append(load(name, *map(float, size), industrial_peaking=float(rng.uniform(1, 2))))
    return frame(nodes, NODE), frame(links, LINK), frame(loads, LOAD)


def random_network(seed: int, count: int = 60, *, splits: float = 0.0, load_m3_d: float = 300.0) -> Network:
    return make_network(*random_tables(seed, count, splits=splits, load_m3_d=load_m3_d), norms=planner.norms())


def _random_link(
    rng: np.random.Generator, start: str, end: str, *, pressed: bool, share: float | None
) -> dict[str, Any]:
    facts: dict[str, Any] = {"diameter_mm": float(rng.choice([300, 400, 500, 600, 800, 1000, 1200, 1500]))}
    if pressed:
        facts |= {"kind": "pressure", "velocity_max_m_s": float(rng.choice([1.5, 2.0])), "material": "steel"}
    else:
        length = float(rng.uniform(50, 900))
        facts |= {
            "length_m": length,
            "invert_from_m": 1.0 + length * float(rng.uniform(4e-4, 4e-3)),
            "invert_to_m": 1.0,
        }
    return link(start, end, **facts, split_share=share)


def deep_chain(count: int) -> Network:
    """One long trunk, a load at every node: the worst case for level-by-level passes."""
    names = [f"n{i:06d}" for i in range(count)]
    links = [link(a, b) for a, b in zip(names, [*names[1:], "works"], strict=True)]
    return network([*names, plant("works")], links, [load(name, 1.0) for name in names])


def placed(net: Network, node: str, flow_m3_d: float, domestic_share: float, industrial_peaking: float) -> Network:
    """The network with a project's discharge added at ``node``."""
    flows = (domestic_share * flow_m3_d, (1 - domestic_share) * flow_m3_d)
    row = load(node, *flows, name="the-project", state="reserved", year=2026, industrial_peaking=industrial_peaking)
    return net.with_loads(frame([row], LOAD))


class Forwards:
    """Which elements are over their limit, worked out forwards: the check the inversion is held against.

    Flows come from the dense matrix of shares, K from numpy's interpolation; nothing of the inversion is used.
    """

    def __init__(self, net: Network) -> None:
        self.net, t = net, net.topology
        step = np.zeros((t.nodes, t.nodes))
        np.add.at(step, (t.start, t.end), t.share)
        nodes = np.linalg.inv(np.eye(t.nodes) - step.T)
        self.part = np.vstack((nodes, t.share[:, None] * nodes[t.start]))
        self.limit = capacity_of(net).limit_l_s
        self.is_plant = np.append(net.nodes["kind"] == "plant", np.zeros(len(net.links), dtype=bool))
        self.infiltration = net.norms.infiltration_share.value
        self.entering = np.zeros((3, t.nodes))
        for row in net.loads.to_dict("records"):
            flows = (row["domestic_m3_d"], row["industrial_m3_d"], row["industrial_peaking"])
            self.entering[:, net.position(row["node"])] += self._kinds(*flows)

    def _kinds(self, domestic_m3_d: float, industrial_m3_d: float, peaking: float) -> np.ndarray:
        both = domestic_m3_d + industrial_m3_d
        seeping = self.infiltration * both
        return np.array([domestic_m3_d, peaking * industrial_m3_d + seeping, both + seeping]) / 86.4

    def over(
        self, node: str = "", flow_m3_d: float = 0.0, domestic_share: float = 0.0, peaking: float = 1.0
    ) -> set[str]:
        """The elements over their limit when a discharge is added at ``node``."""
        entering = self.entering.copy()
        if node:
            flows = (domestic_share * flow_m3_d, (1 - domestic_share) * flow_m3_d, peaking)
            entering[:, self.net.position(node)] += self._kinds(*flows)
        domestic, steady, mean = entering @ self.part.T
        table = self.net.norms.peaking_table
        peak = np.interp(domestic, table.flow_l_s, table.factor) * domestic + steady
        # Exactly full is not over: 1e-9, and the rounding of a dense inverse on top.
        is_over = np.where(self.is_plant, mean, peak) > self.limit * (1 + 1e-9 + 1e-12)
        return set(self.net.elements[is_over])


def overfull(net: Network) -> set[str]:
    """The elements over their limit."""
    return Forwards(net).over()
