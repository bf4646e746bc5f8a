"""A network laid out as SWMM wants it: one link per outfall, pumps as links, flow splits frozen or left to hydraulics.

Comes in: a :class:`~xingu_geo.sewers.network.network.Network` and :class:`ExportOptions`. Goes out: :class:`Layout`.
Must not know: the text of an ``.inp``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import backwater_of
from xingu_geo.sewers.network.limits import Pipes, inverts_of
from xingu_geo.sewers.network.network import Network

WET_WELL_DEPTH_M: Final = 5.0
SUMP_M: Final = 1.0
SURCHARGE_DEPTH_M: Final = 100.0
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_.#$%&@+\-][A-Za-z0-9_.#$%&@+\-/:()]{0,30}")

NodeSection = Literal["junction", "storage", "outfall"]
LinkSection = Literal["conduit", "main", "pump", "drop"]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a network is written for SWMM.

    ``flows``: ``mean``, the mean day of the loads; ``peak``, the design peak flow of every link. ``mains``:
    ``ideal``, a station lifts its water straight to the end of its pressure main; ``force_main``, the main is a
    full pipe. ``pumps``: ``ideal`` follow the inflow, ``rated`` run at their rated discharge or not at all.
    ``splits``: ``frozen`` keeps the network's shares, ``hydraulic`` joins every outlet to its node and lets SWMM
    decide. ``levels_m`` gives the water level at plants and outfalls where it is known; elsewhere water falls freely.
    """

    flows: Literal["mean", "peak"] = "mean"
    mains: Literal["ideal", "force_main"] = "ideal"
    pumps: Literal["ideal", "rated"] = "ideal"
    splits: Literal["frozen", "hydraulic"] = "frozen"
    levels_m: Mapping[str, float] = field(default_factory=dict)
    hours: float = 24.0


@dataclass(frozen=True, slots=True)
class LaidNode:
    """A node of the ``.inp``: ``of`` is the network's node it stands for or was split from."""

    name: str
    section: NodeSection
    of: str
    elevation_m: float
    depth_m: float
    surcharge_m: float = 0.0
    level_m: float = math.nan


@dataclass(frozen=True, slots=True)
class LaidLink:
    """A link of the ``.inp``: ``of`` is the network's link, ``""`` for a pump that only feeds one.

    ``well`` is the station a pump stands in. A ``drop`` is a short wide pipe from one into the next well.
    """

    name: str
    section: LinkSection
    of: str
    start: str
    end: str
    well: str = ""


@dataclass(slots=True)
class Layout:
    """Nodes, links and constant inflows [L/s] of an ``.inp``; every name is unique whatever its case.

    ``load_l_s`` is what a node's own users add (at peak flow, what makes its outlets carry their peak: negative where
    peaks meet, for the peak of a sum is less than the sum of peaks); ``moved_l_s`` what is carried past a cut.
    ``left_out`` names links that SWMM has no place for: a dry overflow beside a pump.
    """

    nodes: list[LaidNode] = field(default_factory=list)
    links: list[LaidLink] = field(default_factory=list)
    load_l_s: dict[str, float] = field(default_factory=dict)
    moved_l_s: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def layout_of(network: Network, options: ExportOptions) -> Layout:
    """The network as SWMM wants it.

    A plant or outfall becomes one outfall for each link that reaches it, for SWMM allows no more. A plant with a
    way on is cut there: what arrives leaves, and the same flow enters below; so is a station whose flow divides, and
    at peak flow every station. Where flow splits by shares, the branch
    that asks for the highest water level stays joined and every other starts apart with its share as inflow.

    Raises
    ------
    XinguError
        Every complaint together: ``inp_no_invert``, ``inp_no_diameter``, ``inp_no_length``; ``inp_no_end`` if
        nothing reaches a plant or an outfall.
    """
    return _Layer(network, options).laid()


def safe_names(names: list[str]) -> dict[str, str]:
    """A name SWMM can read for each of ``names``: itself where it can, else a number; unique whatever the case."""
    taken: set[str] = set()
    safe: dict[str, str] = {}
    for name in names:
        wanted = name if _PLAIN_ID.fullmatch(name) else f"x{len(safe)}"
        while wanted.casefold() in taken:
            wanted = f"x{len(safe)}_{wanted}"[:31]
        taken.add(wanted.casefold())
        safe[name] = wanted
    return safe


def floors_of(network: Network, pipes: Pipes) -> Floats:
    """The elevation of each node [m]: its invert or the lowest gravity pipe that meets it; NaN where none is known."""
    t, (upper, lower) = network.topology, inverts_of(network)
    floor = network.nodes["invert_m"].to_numpy(float).copy()
    gravity = ~pipes.is_pressure
    for at, invert in ((t.start, upper), (t.end, lower)):
        lowest = np.full(t.nodes, np.inf)
        np.fmin.at(lowest, at[gravity], invert[gravity])
        floor = np.fmin(floor, np.where(np.isinf(lowest), np.nan, lowest))
    return floor


class _Layer:
    """The work of :func:`layout_of`: what every step of it needs, held once."""

    def __init__(self, network: Network, options: ExportOptions) -> None:
        self.network, self.options, self.layout = network, options, Layout()
        assessed = assessed_of(network)
        self.pipes = assessed.pipes
        self.upper, self.lower = inverts_of(network)
        self.floor = floors_of(network, self.pipes)
        self.passing, self.flow = np.split(assessed.passing_l_s(options.flows), [len(network.nodes)])
        surface = backwater_of(assessed, flows=options.flows, levels_m=options.levels_m).links
        self.head_m = np.nan_to_num(self.upper + surface["upper_depth_m"].to_numpy(float), nan=-np.inf)
        self.lifts, self.ends_way = network.marks.lifts, network.marks.ends_way
        self.ground = network.nodes["ground_m"].to_numpy(float)
        self.node_ids = [str(name) for name in network.nodes.index]
        self.link_ids = [str(name) for name in network.links.index]
        self.names = safe_names([*self.node_ids, *self.link_ids])
        self.taken = {name.casefold() for name in self.names.values()}
        t = network.topology
        self.leaving = _grouped(t.start, t.nodes)
        self.arriving = _grouped(t.end, t.nodes)

    def laid(self) -> Layout:
        """Nodes first, then links; every complaint before anything is laid."""
        raise_all(self._complaints())
        for node in range(len(self.node_ids)):
            if not self._ends_here(node):
                self._lay_node(node)
        for link in range(len(self.link_ids)):
            self._lay_link(link)
        if not any(node.section == "outfall" for node in self.layout.nodes):
            raise XinguError("inp_no_end")
        return self.layout

    def _complaints(self) -> list[XinguError]:
        wrong = [XinguError("inp_no_invert", node=self.node_ids[at]) for at in np.flatnonzero(np.isnan(self.floor))]
        needs_pipe = ~self.pipes.is_pressure
        if self.options.mains == "force_main":
            needs_pipe = np.ones_like(needs_pipe)
        for column, code in (("diameter_mm", "inp_no_diameter"), ("length_m", "inp_no_length")):
            bad = needs_pipe & ~(self.network.links[column].to_numpy(float) > 0)
            wrong += [XinguError(code, link=self.link_ids[at]) for at in np.flatnonzero(bad)]
        return wrong

    def _ends_here(self, node: int) -> bool:
        return bool(self.ends_way[node])

    def _is_cut(self, node: int) -> bool:
        """Whether a station's inflow leaves the model and enters again below: an ideal pump passes on all it gets.

        It would pass on too much where peaks meet, and where the station's flow divides.
        """
        share = self.network.topology.share
        divides = sum(share[link] > 0 for link in self.leaving[node]) > 1
        return bool(self.lifts[node]) and (divides or self.options.flows == "peak")

    def _lay_node(self, node: int) -> None:
        name = self.names[self.node_ids[node]]
        mains = [link for link in (*self.leaving[node], *self.arriving[node]) if self._is_full_pipe(link)]
        if self.network.marks.stores[node]:
            # The well's floor lies beneath every pipe, so that water falls in freely unless a level is given.
            level = math.nan if self._is_cut(node) else self.options.levels_m.get(self.node_ids[node], math.nan)
            self._add_node(name, "storage", node, self.floor[node] - SUMP_M, level_m=level)
        else:
            self._add_node(name, "junction", node, self.floor[node], surcharge_m=SURCHARGE_DEPTH_M if mains else 0.0)
        arriving = float(self.flow[self.arriving[node]].sum())
        onward = float(self.flow[self.leaving[node]].sum()) if self._flows_on(node) else float(self.passing[node])
        if self._is_cut(node):
            arriving = float(sum(self.flow[link] for link in self.leaving[node] if self._is_apart(link, node)))
        self.layout.load_l_s[name] = onward - arriving

    def _lay_link(self, link: int) -> None:
        t, name = self.network.topology, self.names[self.link_ids[link]]
        start = int(t.start[link])
        head, is_station = self.names[self.node_ids[start]], self.lifts[start]
        if is_station and not t.share[link] > 0 and self._flows_on(start):
            # An ideal pump must be its node's only outlet, so a dry overflow beside it cannot be written.
            self.layout.left_out.append(self.link_ids[link])
            return
        tail = self._tail(link)
        if self._ends_here(start) or self._is_apart(link, start):
            head = self._head_apart(link)
            self._move(head, float(self.flow[link]))
            if not self._ends_here(start) and not self._is_cut(start):
                self._move(self.names[self.node_ids[start]], -float(self.flow[link]))
        elif is_station and self.pipes.is_pressure[link] and self.options.mains == "ideal":
            self._add_link(name, "pump", link, head, self._over_the_edge(link, tail))
            return
        elif is_station:
            lifted = self._head_apart(link)
            self._add_link(self._fresh(f"{name}~pump"), "pump", -1, head, lifted, pumps_for=start)
            head = lifted
        self._add_link(name, "main" if self.pipes.is_pressure[link] else "conduit", link, head, tail)

    def _over_the_edge(self, link: int, tail: str) -> str:
        """Where an ideal pump ends: before another well there stands a drop pipe.

        An ideal pump passes on what its well receives in the same step, and may be asked before the pump that feeds
        the well: then water is lost to it. A node all of whose links are ideal pumps is refused (SWMM's error 134).
        """
        end = int(self.network.topology.end[link])
        if not self.lifts[end] or self._is_cut(end):
            return tail
        edge = self._fresh(f"{self.names[self.link_ids[link]]}~edge")
        self._add_node(edge, "junction", end, self.floor[end], surcharge_m=SURCHARGE_DEPTH_M)
        self._add_link(self._fresh(f"{self.names[self.link_ids[link]]}~drop"), "drop", -1, edge, tail)
        return edge

    def _is_full_pipe(self, link: int) -> bool:
        lifted = self.lifts[self.network.topology.start[link]]
        return bool(self.pipes.is_pressure[link]) and not (lifted and self.options.mains == "ideal")

    def _flows_on(self, node: int) -> bool:
        return bool((self.network.topology.share[self.leaving[node]] > 0).any())

    def _is_apart(self, link: int, start: int) -> bool:
        """Whether the link is a branch with a frozen share beside a larger one."""
        share = self.network.topology.share
        carrying = [other for other in self.leaving[start] if share[other] > 0]
        if not share[link] > 0 or len(carrying) < 2:
            return False
        if self.options.splits == "hydraulic" and not self.lifts[start]:
            return False
        return max(carrying, key=lambda other: (self.head_m[other], share[other], -other)) != link

    def _head_apart(self, link: int) -> str:
        start = int(self.network.topology.start[link])
        is_main = bool(self.pipes.is_pressure[link])
        name = self._fresh(f"{self.names[self.link_ids[link]]}~head")
        elevation = self.floor[start] if is_main else self.upper[link]
        self._add_node(name, "junction", start, elevation, surcharge_m=SURCHARGE_DEPTH_M if is_main else 0.0)
        return name

    def _tail(self, link: int) -> str:
        end = int(self.network.topology.end[link])
        plain = self.names[self.node_ids[end]]
        if not self._ends_here(end) and not self._is_cut(end):
            return plain
        name = (
            plain
            if self._ends_here(end) and self.arriving[end][0] == link
            else self._fresh(f"{plain}~{self.link_ids[link]}"[:31])
        )
        elevation = self.floor[end] if self.pipes.is_pressure[link] else self.lower[link]
        level = self.options.levels_m.get(self.node_ids[end], math.nan)
        self._add_node(name, "outfall", end, elevation, level_m=level)
        return name

    def _add_node(
        self,
        name: str,
        section: NodeSection,
        node: int,
        elevation_m: float,
        *,
        surcharge_m: float = 0.0,
        level_m: float = math.nan,
    ) -> None:
        # No ground level known: 0, which SWMM reads as "the crown of the highest pipe".
        depth = self.ground[node] - elevation_m if self.ground[node] > elevation_m else 0.0
        if section == "storage":
            depth = max(depth, WET_WELL_DEPTH_M)
        of = self.node_ids[node]
        self.layout.nodes.append(LaidNode(name, section, of, float(elevation_m), float(depth), surcharge_m, level_m))

    def _add_link(
        self, name: str, section: LinkSection, link: int, start: str, end: str, *, pumps_for: int = -1
    ) -> None:
        of = self.link_ids[link] if link >= 0 else ""
        if section == "pump" and link >= 0:
            pumps_for = int(self.network.topology.start[link])
        well = self.node_ids[pumps_for] if pumps_for >= 0 else ""
        self.layout.links.append(LaidLink(name, section, of, start, end, well))

    def _move(self, name: str, flow_l_s: float) -> None:
        self.layout.moved_l_s[name] = self.layout.moved_l_s.get(name, 0.0) + flow_l_s

    def _fresh(self, name: str) -> str:
        wanted, count = name, 1
        while wanted.casefold() in self.taken or not _PLAIN_ID.fullmatch(wanted.replace("~", "_")):
            count += 1
            wanted = f"x{len(self.taken)}~{count}"
        self.taken.add(wanted.casefold())
        return wanted


def _grouped(at: Ints, count: int) -> list[list[int]]:
    groups: list[list[int]] = [[] for _ in range(count)]
    for link, node in enumerate(at.tolist()):
        groups[node].append(link)
    return groups
