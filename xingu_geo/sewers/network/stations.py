"""Pumps as they run: several stations on one main, and pumps that know only on and off.

Comes in: a ``Network``, what its pipes can carry. Goes out: what stations can move, and
what they send on. Must not know: headroom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.sewers.network.kinds import own_limits_l_s
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.topology import downstream

# A pump known by one duty point: its head is this much of the duty head at no flow, and falls with the square of flow.
SHUTOFF: Final = 4 / 3
_ROUNDS: Final = 500
_SETTLED: Final = 1e-12
# Friction head of a full pipe after Manning [m]: 10.29·n²·L·Q²/D^(16/3), Q in m³/s, D and L in m.
_MANNING_FULL: Final = 10.29


@dataclass(frozen=True, slots=True)
class FixedPumps:
    """A station whose pumps run at their rated discharge or stand still, and the pipes that must take it.

    ``elements`` and ``parts`` name the pipes up to the next well or works, with the part of the station's water each
    carries: beyond a well the next pumps decide.
    """

    station: int
    rated_l_s: float
    elements: Ints
    parts: Floats


def firm_l_s(network: Network) -> Floats:
    """What each node can pass [L/s]; infinite where its kind limits nothing. Of pumps standby is never counted.

    Stations whose pressure mains join before the next well push against each other, so their ratings do not add:
    what each moves when all run is found from one-point pump curves and the friction of the shared pipes
    (docs/decisions/0028).
    """
    firm = own_limits_l_s(network.nodes)
    for stations, ways in _shared_mains(network):
        firm[stations] = _together(network, firm[stations], stations, ways)
    return firm


def fixed_pumps(network: Network) -> list[FixedPumps]:
    """Every station whose ``pump_drive`` is ``fixed``, with the pipes it sends to."""
    nodes, t = network.nodes, network.topology
    is_fixed = network.marks.lifts & (nodes["pump_drive"] == "fixed") & (nodes["pump_rated_l_s"] > 0)
    stops = network.marks.stops
    found = []
    for station in np.flatnonzero(is_fixed).tolist():
        way = [(element, part) for element, part in downstream(t, station, stops=stops) if element >= t.nodes]
        elements, parts = (np.array(column) for column in zip(*way, strict=True)) if way else (np.array([], int),) * 2
        found.append(FixedPumps(station, float(nodes["pump_rated_l_s"].iloc[station]), elements, parts))
    return found


def running_l_s(pumps: FixedPumps, inflow_l_s: Floats) -> Floats:
    """What the station sends on at an inflow: whole pumps, as many as the inflow needs."""
    count = np.ceil(inflow_l_s / pumps.rated_l_s * (1 - _SETTLED))
    return np.where(inflow_l_s > 0, np.maximum(count, 1), 0) * pumps.rated_l_s


def with_running_pumps(network: Network, peak_l_s: Floats) -> Floats:
    """Design peaks (… × elements) raised to what fixed-speed stations send: max(K·Q, running pumps) on their way."""
    raised = np.array(peak_l_s, dtype=np.float64)
    for pumps in fixed_pumps(network):
        sent = running_l_s(pumps, peak_l_s[..., pumps.station])
        raised[..., pumps.elements] = np.maximum(raised[..., pumps.elements], sent[..., None] * pumps.parts)
    return raised


def _shared_mains(network: Network) -> list[tuple[list[int], list[list[int]]]]:
    """Groups of stations whose mains meet: the stations, and the pressure links each one's water follows.

    A way ends at a well, a works, or where no single pressure link leads on: there the water is at atmosphere.
    """
    t = network.topology
    is_main, stops = network.marks.is_pressure, network.marks.stops
    ways: dict[int, list[int]] = {}
    for station in np.flatnonzero(network.marks.lifts).tolist():
        way, here = [], station
        while (mains := [link for link in t.leaving(here).tolist() if is_main[link]]) and len(mains) == 1:
            way.append(mains[0])
            here = int(t.end[mains[0]])
            if stops[here]:
                break
        ways[station] = way
    groups: dict[int, list[int]] = {}
    for station, way in ways.items():
        # Mains that meet run on together, so a group is known by its last pipe; alone there is nothing to share.
        if way:
            groups.setdefault(way[-1], []).append(station)
    return [(group, [ways[one] for one in group]) for group in groups.values() if len(group) > 1]


def _together(network: Network, alone_l_s: Floats, stations: list[int], ways: list[list[int]]) -> Floats:
    """What each station moves when all run [L/s]: every pump curve meets its system's head at once.

    Station by station the flow is the root of a quadratic, the others held; repeated until nothing moves.
    """
    pipes = sorted({pipe for way in ways for pipe in way})
    passes = np.array([[pipe in way for pipe in pipes] for way in ways], dtype=float)
    friction, lift = _friction(network, pipes), _lift(network, stations, ways)
    alone = alone_l_s / 1000
    duty_head = lift + (passes @ friction) * alone**2
    flow = alone.copy()
    for _ in range(_ROUNDS):
        before = flow.copy()
        for one in range(flow.size):
            others = passes.T @ flow - passes[one] * flow[one]
            # (4/3 − (Q/Qr)²/3)·Hr = lift + Σ k·(Q + others)², in Q
            square = passes[one] @ friction + duty_head[one] * (SHUTOFF - 1) / alone[one] ** 2
            linear = 2 * (passes[one] * friction) @ others
            constant = lift[one] + (passes[one] * friction) @ others**2 - SHUTOFF * duty_head[one]
            root = (-linear + np.sqrt(max(linear**2 - 4 * square * constant, 0.0))) / (2 * square)
            flow[one] = max(root, 0.0)
        if np.max(np.abs(flow - before)) <= _SETTLED * alone.max():
            break
    return flow * 1000


def _friction(network: Network, pipes: list[int]) -> Floats:
    links = network.links.iloc[pipes]
    usual = links["material"].map(lambda name: network.norms.material_named(name).roughness_n)
    roughness = links["roughness_n"].fillna(usual.astype(float)).to_numpy()
    diameter_m = links["diameter_mm"].to_numpy() / 1000
    head: Floats = _MANNING_FULL * roughness**2 * links["length_m"].to_numpy() / diameter_m ** (16 / 3)
    return head


def _lift(network: Network, stations: list[int], ways: list[list[int]]) -> Floats:
    """From each well's invert up to where its way ends [m], at least 0; unknown counts as 0.

    Without a lift the whole duty head is friction, and friction is what the stations share: the least firm reading.
    """
    wells = network.nodes["invert_m"].to_numpy()
    ends = [way[-1] for way in ways]
    top = network.links["invert_to_m"].to_numpy()[ends]
    top = np.where(np.isnan(top), wells[network.topology.end[ends]], top)
    lift = np.maximum(top - wells[stations], 0.0)
    return np.where(np.isnan(lift), 0.0, lift)
