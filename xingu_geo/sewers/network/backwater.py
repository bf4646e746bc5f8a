"""The water surface of the whole network in one pass from the outfalls up, and the headroom it leaves at a node.

Comes in: an assessed network. Goes out: :class:`Backwater`, :class:`BackwaterHeadroom`.
Must not know: sites, simulators.

Manning's uniform flow knows nothing of what lies below a pipe: where a branch joins a deep trunk invert to invert it
promises two to four times what the branch can carry. This pass knows (docs/decisions/0080).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.flows import FlowKind, design_flow_l_s
from xingu_geo.sewers.network.gradeline import Reach
from xingu_geo.sewers.network.headroom import Effluent
from xingu_geo.sewers.network.limits import inverts_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.stations import with_running_pumps
from xingu_geo.sewers.network.topology import downstream

Levels = Mapping[str, float]
OVER: Final = 1e-9  # how far above its limit a fullness counts as over: at the limit is still within
_HALVINGS: Final = 26
_DOUBLINGS: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Backwater:
    """The water surface under one flow.

    ``links`` (by link id; NaN for pressure mains, and upstream of anything unknown): ``flow_l_s``;
    ``normal_fill`` (h/D of uniform flow, infinite where there is none); ``lower_depth_m`` and ``upper_depth_m``
    (water above the invert at each end, more than the diameter where surcharged); ``fill`` (mean of both ends over
    the diameter, each end at most full, as SWMM reports it); ``fill_limit``; ``drowned_m`` (length that stands
    deeper than the limit); ``state``: ``ok``, ``end_drowned`` (only the lower end is deeper), ``backwater`` (too
    deep because of what lies below), ``over`` (its own flow is too much for it), ``spills`` (a relief pipe taken as dry
    whose head is under water), ``""`` unknown or under pressure.

    ``nodes`` (by node id): ``level_m`` (water level; −inf where water falls free) and ``freeboard_m`` (ground above
    it, negative where it would flood).
    """

    links: pd.DataFrame
    nodes: pd.DataFrame
    flows: FlowKind
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class BackwaterHeadroom:
    """The largest extra mean flow [m³/d] at a node with every gravity pipe on its way within its fullness limit.

    ``binding`` is the pipe that gives out next, ``""`` and infinity where there is none. A deficit is negative;
    −infinity where a pipe stands too deep without any flow (a high level at the plant). NaN where a pipe on the way
    is unknown.
    """

    node_id: str
    headroom_m3_d: float
    binding: str
    flows: FlowKind
    confidence: Confidence


def backwater_of(
    assessed: Assessed, *, flows: FlowKind = "peak", levels_m: Levels | None = None, steps: int = 1
) -> Backwater:
    """The water surface of every gravity pipe, from the outfalls up.

    Parameters
    ----------
    assessed
        Loops do not occur in its network; where flow splits, the node stands at the highest level its outlets ask for.
    flows
        ``peak``: every link under its own design flow; ``mean``: the mean day.
    levels_m
        Water level by plant, outfall or station. Where none is given water falls free into it. Stations and plants
        reset the level: nothing below them reaches above.
    steps
        Reaches per pipe. One is what dynamic-wave simulators use; more follow the drawdown at a free outfall closer.
    """
    if levels_m or steps != 1:
        return _backwater(assessed, flows, levels_m or {}, steps)
    return assessed.once(("backwater", flows), lambda: _backwater(assessed, flows, {}, 1))


def _backwater(assessed: Assessed, flows: FlowKind, levels_m: Levels, steps: int) -> Backwater:
    network, passing = assessed.network, assessed.passing_l_s(flows)[len(assessed.network.nodes) :]
    surface = _Surface(assessed, levels_m, steps)
    levels = surface.empty_levels()
    ends = np.full((len(network.links), 2), np.nan)
    for links in reversed(network.topology.levels):
        for link in links.tolist():
            ends[link] = surface.raise_level(levels, link, float(passing[link]))
    for link in np.flatnonzero(network.topology.share == 0).tolist():
        ends[link] = surface.standing(levels, link)
    return Backwater(
        links=_link_table(network, surface, passing, ends),
        nodes=_node_table(network, levels),
        flows=flows,
        confidence=network.confidence,
    )


def backwater_headrooms(
    assessed: Assessed,
    effluent: Effluent,
    node_ids: Sequence[str],
    *,
    flows: FlowKind = "peak",
    levels_m: Levels | None = None,
    steps: int = 1,
) -> list[BackwaterHeadroom]:
    """What the water surface leaves at each of ``node_ids``, asked alone, by bisection on the extra flow.

    Only gravity pipes are asked; stations, mains and plants are the matter of
    :func:`~xingu_geo.sewers.network.headroom.headroom_of`, and the lesser of both holds.

    Raises
    ------
    XinguError
        ``sewer_node_unknown``.
    """
    network, surface, found = assessed.network, _Surface(assessed, levels_m or {}, steps), []
    for node_id in node_ids:
        room, binding = _Way(assessed, network.position(node_id), surface, effluent, flows).room_l_s()
        name = str(network.links.index[binding]) if binding >= 0 else ""
        found.append(BackwaterHeadroom(node_id, room * M3_D_PER_L_S, name, flows, network.confidence))
    return found


class _Surface:
    """The pipes of a network as reaches, and how a level below becomes a level above."""

    def __init__(self, assessed: Assessed, levels_m: Levels, steps: int) -> None:
        network, pipes = assessed.network, assessed.pipes
        upper, lower = inverts_of(network)
        self.network, self.levels_m, self.steps = network, levels_m, steps
        self.is_gravity, self.fill_limit = ~pipes.is_pressure, pipes.fill_limit
        self.diameter_m = pipes.diameter_m
        lengths = network.links["length_m"].to_numpy(float)
        self.start, self.end = network.topology.start.tolist(), network.topology.end.tolist()
        figures = np.stack([pipes.diameter_m, lengths, upper, lower, pipes.roughness], axis=1)
        self.reaches = [Reach(*row) for row in figures.tolist()]
        self.is_known = (np.isfinite(figures).all(axis=1) & (lengths > 0)).tolist()
        self.holds = network.marks.stops

    def empty_levels(self) -> Floats:
        """Where the pass starts: the given levels, and a free fall everywhere else."""
        return np.array([self.levels_m.get(str(name), -math.inf) for name in self.network.nodes.index])

    def raise_level(self, levels: Floats, link: int, flow_l_s: float) -> tuple[float, float]:
        """Depths at the lower and upper end of ``link``; lifts the level of the node above it in ``levels``."""
        if not self.is_gravity[link]:
            return math.nan, math.nan
        start, below = self.start[link], levels[self.end[link]]
        if not self.is_known[link] or math.isnan(below) or math.isnan(flow_l_s):
            if not self.holds[start]:
                levels[start] = math.nan
            return math.nan, math.nan
        reach = self.reaches[link]
        profile = reach.profile_m(flow_l_s / 1000, below, steps=self.steps)
        if not self.holds[start]:
            # np.maximum keeps an unknown level unknown, whichever outlet is asked first.
            levels[start] = np.maximum(levels[start], reach.invert_upper_m + profile[-1])
        return profile[0], profile[-1]

    def standing(self, levels: Floats, link: int) -> tuple[float, float]:
        """Depths at both ends of a pipe without flow: the water its end nodes hold."""
        if not (self.is_gravity[link] and self.is_known[link]):
            return math.nan, math.nan
        reach = self.reaches[link]
        below, above = levels[self.end[link]] - reach.invert_lower_m, levels[self.start[link]] - reach.invert_upper_m
        # np.maximum, unlike max, keeps what is unknown unknown.
        return float(np.maximum(below, 0.0)), float(np.maximum(above, 0.0))

    def fill(self, link: int, ends: tuple[float, float]) -> float:
        """Mean of the end depths over the diameter, each at most full."""
        diameter = self.diameter_m[link]
        return float((min(ends[0], diameter) + min(ends[1], diameter)) / 2 / diameter)


class _Way:
    """The pipes one node's water passes, and how deep they stand when more of it comes."""

    def __init__(self, assessed: Assessed, node: int, surface: _Surface, effluent: Effluent, flows: FlowKind) -> None:
        t = assessed.network.topology
        passed = downstream(t, node)
        self.elements = np.array([element for element, _ in passed], dtype=np.int64)
        self.part = np.array([part for _, part in passed])
        links = [element - t.nodes for element, _ in passed if element >= t.nodes]
        self.links = sorted(links, key=lambda link: -int(t.rank[t.start[link]]))
        self.network, self.surface, self.effluent, self.kind = assessed.network, surface, effluent, flows
        self.own, self.peaking = assessed.flows, assessed.peaking
        self.start_levels = surface.empty_levels()

    def room_l_s(self) -> tuple[float, int]:
        """The extra mean flow [L/s] and the pipe that binds."""
        if not any(self.surface.is_gravity[link] for link in self.links):
            return math.inf, -1
        margin, binding = self._least_margin(0.0)
        if math.isnan(margin):
            return math.nan, binding
        fits, over = self._bracket(0.0, is_over=margin < -OVER)
        if math.isinf(over) or math.isinf(fits):
            return (math.inf, -1) if math.isinf(over) else (-math.inf, binding)
        for _ in range(_HALVINGS):
            middle = (fits + over) / 2
            if self._least_margin(middle)[0] < -OVER:
                over = middle
            else:
                fits = middle
        return fits, self._least_margin(over)[1]

    def _bracket(self, start: float, *, is_over: bool) -> tuple[float, float]:
        """Two extra flows, the first within every limit, the second not; infinite where there is no such flow."""
        step = max(1.0, float(self._flows(0.0)[self.elements].max())) * (-0.125 if is_over else 0.125)
        inside = start
        for _ in range(_DOUBLINGS):
            beyond = inside + step
            if (self._least_margin(beyond)[0] < -OVER) != is_over:
                return (beyond, inside) if is_over else (inside, beyond)
            if is_over and not self._flows(beyond)[self.elements].any():
                return -math.inf, inside
            inside, step = beyond, step * 2
        return (-math.inf, inside) if is_over else (inside, math.inf)

    def _flows(self, extra: float) -> Floats:
        """What passes every element with ``extra`` entering at the node."""
        own, sigma = self.own, self.effluent.domestic_share
        added = np.zeros_like(own.domestic)
        added[self.elements] = self.part * extra
        infiltration = own.infiltration + self.network.infiltration_share * added
        domestic = np.maximum(own.domestic + sigma * added, 0.0)
        if self.kind == "mean":
            total = domestic + own.industrial + (1 - sigma) * added + infiltration
        else:
            weighted = own.weighted + self.effluent.industrial_peaking * (1 - sigma) * added
            total = design_flow_l_s(domestic, weighted, infiltration, self.peaking)
            total = with_running_pumps(self.network, np.maximum(total, 0.0))
        return np.maximum(total, 0.0)

    def _least_margin(self, extra: float) -> tuple[float, int]:
        """The least of limit − fullness over the way's gravity pipes, and its pipe; NaN where one is unknown."""
        levels, flows = self.start_levels.copy(), self._flows(extra)[len(self.network.nodes) :]
        least, binding = math.inf, -1
        for link in self.links:
            ends = self.surface.raise_level(levels, link, float(flows[link]))
            if not self.surface.is_gravity[link]:
                continue
            margin = float(self.surface.fill_limit[link]) - self.surface.fill(link, ends)
            if math.isnan(margin):
                return math.nan, link
            if margin < least:
                least, binding = margin, link
        return least, binding


def _link_table(network: Network, surface: _Surface, passing: Floats, ends: Floats) -> pd.DataFrame:
    diameter, limit = surface.diameter_m, surface.fill_limit
    normal = np.array([_normal_fill(surface, link, float(flow)) for link, flow in enumerate(passing)])
    normal = np.where(np.isnan(ends[:, 0]), np.nan, normal)
    fill = np.minimum(ends, diameter[:, None]).mean(axis=1) / diameter
    table = pd.DataFrame(
        {
            "flow_l_s": passing,
            "normal_fill": normal,
            "lower_depth_m": ends[:, 0],
            "upper_depth_m": ends[:, 1],
            "fill": fill,
            "fill_limit": limit,
            "drowned_m": _drowned(ends, limit * diameter, network.links["length_m"].to_numpy(float)),
        },
        index=network.links.index,
    )
    lower = ends[:, 0] / diameter
    spills = (network.topology.share == 0) & (ends[:, 1] > 0)
    states = [np.isnan(fill), spills, normal > limit + OVER, fill > limit + OVER, lower > limit + OVER]
    table["state"] = np.select(states, ["", "spills", "over", "backwater", "end_drowned"], default="ok")
    return table


def _normal_fill(surface: _Surface, link: int, flow_l_s: float) -> float:
    if not (surface.is_gravity[link] and surface.is_known[link]) or math.isnan(flow_l_s):
        return math.nan
    reach = surface.reaches[link]
    return reach.normal_depth_m(flow_l_s / 1000) / reach.diameter_m


def _drowned(ends: Floats, limit_m: Floats, length_m: Floats) -> Floats:
    """The length deeper than the limit, the surface taken straight between the two ends."""
    low, high = np.min(ends, axis=1), np.max(ends, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip((high - limit_m) / (high - low), 0.0, 1.0)
    share = np.where(low > limit_m, 1.0, np.where(high <= limit_m, 0.0, share))
    return np.where(np.isnan(low), np.nan, share * length_m)


def _node_table(network: Network, levels: Floats) -> pd.DataFrame:
    freeboard = network.nodes["ground_m"].to_numpy(float) - levels
    return pd.DataFrame({"level_m": levels, "freeboard_m": freeboard}, index=network.nodes.index)
