"""What an ``.inp`` says of the network, in metres and litres a second, whatever units it was written in.

Comes in: :class:`~xingu_geo.sewers.swmm.inp_rows.Inp`. Goes out: :class:`SwmmModel`. Must not know: our frames, runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.base.settings import UPLOAD_FEATURES_MAX
from xingu_geo.sewers.swmm.cross_sections import equivalent_diameter_m
from xingu_geo.sewers.swmm.inp_rows import Inp, Row

NodeKind = Literal["junction", "outfall", "storage", "divider"]
LinkKind = Literal["conduit", "pump", "orifice", "weir", "outlet"]

L_S: Final = {
    "CFS": 28.316846592,
    "GPM": 0.0630901964,
    "MGD": 43.8126363889,
    "CMS": 1000.0,
    "LPS": 1.0,
    "MLD": 11.5740740741,
}
FOOT_M: Final = 0.3048
_METRIC: Final = ("CMS", "LPS", "MLD")
_NODES: Final[Mapping[str, NodeKind]] = {
    "JUNCTIONS": "junction",
    "OUTFALLS": "outfall",
    "STORAGE": "storage",
    "DIVIDERS": "divider",
}
_LINKS: Final[Mapping[str, LinkKind]] = {
    "CONDUITS": "conduit",
    "PUMPS": "pump",
    "ORIFICES": "orifice",
    "WEIRS": "weir",
    "OUTLETS": "outlet",
}


@dataclass(frozen=True, slots=True)
class SwmmNode:
    """A node; ``ground_m`` is NaN where the file gives no depth, the place NaN where it gives no coordinates."""

    name: str
    kind: NodeKind
    invert_m: float
    ground_m: float
    x: float = math.nan
    y: float = math.nan


@dataclass(frozen=True, slots=True)
class SwmmLink:
    """A link; levels are absolute, the crest of a weir or orifice and the start level of a pump in ``upper_m``.

    ``diameter_m`` is that of the equivalent round pipe, NaN where there is none; ``rated_l_s`` a pump's largest flow,
    NaN for an ideal one.
    """

    name: str
    kind: LinkKind
    start: str
    end: str
    upper_m: float
    lower_m: float
    length_m: float = math.nan
    roughness: float = math.nan
    shape: str = ""
    barrels: float = 1.0
    diameter_m: float = math.nan
    rated_l_s: float = math.nan
    is_off: bool = False
    bends: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SwmmModel:
    """The network of an ``.inp`` and its steady inflows [L/s] by node."""

    name: str
    units: str
    nodes: Mapping[str, SwmmNode]
    links: Mapping[str, SwmmLink]
    dry_l_s: Mapping[str, float]
    steady_l_s: Mapping[str, float]
    patterned: tuple[str, ...]
    with_series: tuple[str, ...]
    counted: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_metric(self) -> bool:
        """Whether the file is written in metres."""
        return self.units in _METRIC


def option(inp: Inp, key: str, default: str) -> str:
    """The value of an option of the file, in capitals."""
    rows = (row for row in inp.rows("OPTIONS") if row.cells[0].upper() == key and len(row.cells) > 1)
    return next((row.cells[1].upper() for row in rows), default)


def model_of(inp: Inp) -> SwmmModel:
    """The model an ``.inp`` describes.

    Raises
    ------
    XinguError
        ``inp_units``, ``inp_no_network``, ``inp_too_many``; every one of ``inp_doubled``, ``inp_end_unknown``,
        ``inp_not_above_0``, ``inp_no_section`` (a conduit without a cross-section) together; what
        :meth:`~xingu_geo.sewers.swmm.inp_rows.Inp.number` raises.
    """
    units = option(inp, "FLOW_UNITS", "CFS")
    if units not in L_S:
        raise XinguError("inp_units", file=inp.name, found=units[:20], known=", ".join(L_S))
    reader = _Reader(inp, units)
    nodes = reader.nodes()
    if not nodes or not any(inp.rows(section) for section in _LINKS):
        raise XinguError("inp_no_network", file=inp.name)
    links = reader.links(nodes)
    raise_all(reader.complaints)
    dry, patterned = reader.dry_weather(nodes)
    steady, with_series = reader.inflows(nodes)
    raise_all(reader.complaints)
    return SwmmModel(inp.name, units, nodes, links, dry, steady, patterned, with_series, inp.counted)


class _Reader:
    """One file being read: its units, and the names found so far (SWMM takes ``j1`` for ``J1``)."""

    def __init__(self, inp: Inp, units: str) -> None:
        self.inp = inp
        self.length = 1.0 if units in _METRIC else FOOT_M
        self.flow = L_S[units]
        self.is_absolute = option(inp, "LINK_OFFSETS", "DEPTH").startswith("ELEV")
        self.node_names: dict[str, str] = {}
        self.link_names: dict[str, str] = {}
        self.complaints: list[XinguError] = []

    def nodes(self) -> dict[str, SwmmNode]:
        """Every node, placed where the file says."""
        found: dict[str, SwmmNode] = {}
        for section, kind in _NODES.items():
            for row in self.inp.rows(section):
                name = self._new_name(row, section, self.node_names)
                invert = self.inp.number(section, row, 1) * self.length
                deep = kind in ("junction", "storage")
                depth = self.inp.number(section, row, 2, 0.0) * self.length if deep else 0.0
                found[name] = SwmmNode(name, kind, invert, invert + depth if depth > 0 else math.nan)
        self._check_count(len(found))
        for row in self.inp.rows("COORDINATES"):
            known = self.node_names.get(row.cells[0].casefold())
            if known in found:
                x, y = (self.inp.number("COORDINATES", row, at) for at in (1, 2))
                found[known] = replace(found[known], x=x, y=y)
        return found

    def links(self, nodes: Mapping[str, SwmmNode]) -> dict[str, SwmmLink]:
        """Every link whose ends are known; the others are complained about."""
        found: dict[str, SwmmLink] = {}
        readers: Mapping[LinkKind, Callable[[Row, SwmmLink, Mapping[str, SwmmNode]], SwmmLink]] = {
            "conduit": self._conduit,
            "pump": self._pump,
            "orifice": self._opening,
            "weir": self._opening,
            "outlet": self._opening,
        }
        self.sections = {row.cells[0].casefold(): row for row in self.inp.rows("XSECTIONS")}
        self.curves = self._pump_curves()
        for section, kind in _LINKS.items():
            for row in self.inp.rows(section):
                name = self._new_name(row, section, self.link_names)
                ends = [self._node(section, row, at) for at in (1, 2)]
                if ends[0] and ends[1]:
                    bare = SwmmLink(name, kind, ends[0], ends[1], nodes[ends[0]].invert_m, nodes[ends[1]].invert_m)
                    found[name] = readers[kind](row, bare, nodes)
        self._check_count(len(found))
        return self._bent(found)

    def dry_weather(self, nodes: Mapping[str, SwmmNode]) -> tuple[dict[str, float], tuple[str, ...]]:
        """Mean dry-weather flow by node, and the nodes where it follows a pattern of the day or week."""
        means = self._pattern_means()
        flows: dict[str, float] = {}
        patterned = []
        for row in self.inp.rows("DWF"):
            if self.inp.text("DWF", row, 1).upper() != "FLOW":
                continue
            node = self._node("DWF", row, 0)
            if not node:
                continue
            named = [cell for cell in row.cells[3:] if cell]
            factor = math.prod(means.get(cell.casefold(), 1.0) for cell in named)
            flows[node] = flows.get(node, 0.0) + self.inp.number("DWF", row, 2) * self.flow * factor
            patterned += [node] if named else []
        return {node: flow for node, flow in flows.items() if node in nodes}, tuple(patterned)

    def inflows(self, nodes: Mapping[str, SwmmNode]) -> tuple[dict[str, float], tuple[str, ...]]:
        """Constant external inflow by node, and the nodes with a time series, which is left out."""
        flows: dict[str, float] = {}
        series = []
        for row in self.inp.rows("INFLOWS"):
            if self.inp.text("INFLOWS", row, 1).upper() != "FLOW":
                continue
            node = self._node("INFLOWS", row, 0)
            if not node:
                continue
            series += [node] if len(row.cells) > 2 and row.cells[2].strip('" ') else []
            baseline = self.inp.number("INFLOWS", row, 6, 0.0) * self.flow
            if baseline:
                flows[node] = flows.get(node, 0.0) + baseline
        return {node: flow for node, flow in flows.items() if node in nodes}, tuple(series)

    def _conduit(self, row: Row, link: SwmmLink, nodes: Mapping[str, SwmmNode]) -> SwmmLink:
        section = self.sections.get(link.name.casefold())
        if section is None:
            self.complaints.append(XinguError("inp_no_section", file=self.inp.name, link=link.name))
            return link
        shape, diameter, barrels = self._shape(section)
        return replace(
            link,
            length_m=self._positive("CONDUITS", row, 3) * self.length,
            roughness=self._positive("CONDUITS", row, 4),
            upper_m=self._level("CONDUITS", row, 5, nodes[link.start]),
            lower_m=self._level("CONDUITS", row, 6, nodes[link.end]),
            shape=shape,
            barrels=barrels,
            diameter_m=diameter,
        )

    def _shape(self, row: Row) -> tuple[str, float, float]:
        """Shape, equivalent diameter, barrels; transects and streets have names where others have sizes."""
        shape = self.inp.text("XSECTIONS", row, 1).upper()
        if shape in ("IRREGULAR", "STREET", "CUSTOM", "DUMMY"):
            return shape, math.nan, 1.0
        height, width, third, fourth = (self.inp.number("XSECTIONS", row, at, 0.0) for at in (2, 3, 4, 5))
        barrels = self.inp.number("XSECTIONS", row, 6, 1.0) or 1.0
        sizes = (height * self.length, width * self.length, third, fourth)
        return shape, equivalent_diameter_m(shape, sizes, barrels), barrels

    def _pump(self, row: Row, link: SwmmLink, nodes: Mapping[str, SwmmNode]) -> SwmmLink:
        curve = self.inp.text("PUMPS", row, 3, "*")
        start = self.inp.number("PUMPS", row, 5, 0.0) * self.length
        is_off = self.inp.text("PUMPS", row, 4, "ON").upper() == "OFF" and start == 0
        rated = self.curves.get(curve.casefold(), math.nan)
        return replace(link, upper_m=nodes[link.start].invert_m + start, rated_l_s=rated, is_off=is_off)

    def _opening(self, row: Row, link: SwmmLink, nodes: Mapping[str, SwmmNode]) -> SwmmLink:
        """A weir, orifice or outlet: only the level it starts at is modelled."""
        section, at = {"orifice": ("ORIFICES", 4), "weir": ("WEIRS", 4), "outlet": ("OUTLETS", 3)}[link.kind]
        crest = self._level(section, row, at, nodes[link.start])
        return replace(link, upper_m=crest)

    def _level(self, section: str, row: Row, at: int, node: SwmmNode) -> float:
        if self.inp.text(section, row, at, "*") == "*":
            return node.invert_m
        offset = self.inp.number(section, row, at) * self.length
        # SWMM raises an end that lies beneath its node to the node.
        return max(offset if self.is_absolute else node.invert_m + offset, node.invert_m)

    def _positive(self, section: str, row: Row, at: int) -> float:
        number = self.inp.number(section, row, at)
        if number <= 0:
            facts = {"file": self.inp.name, "section": section, "line": row.line, "found": row.cells[at]}
            self.complaints.append(XinguError("inp_not_above_0", **facts))
        return number

    def _pump_curves(self) -> dict[str, float]:
        """The largest flow of each pump curve [L/s]; only its first row names its type."""
        largest: dict[str, float] = {}
        pumps: set[str] = set()
        for row in self.inp.rows("CURVES"):
            key = row.cells[0].casefold()
            values = row.cells[1:]
            if values and values[0].upper().startswith("PUMP"):
                pumps.add(key)
                values = values[1:]
            if key in pumps and len(values) >= 2:
                at = len(row.cells) - len(values) + 1
                flows = [self.inp.number("CURVES", row, place) for place in range(at, len(row.cells), 2)]
                largest[key] = max([largest.get(key, 0.0), *(flow * self.flow for flow in flows)])
        return largest

    def _pattern_means(self) -> dict[str, float]:
        values: dict[str, list[float]] = {}
        for row in self.inp.rows("PATTERNS"):
            first = 2 if len(row.cells) > 1 and row.cells[1].isalpha() else 1
            numbers = [self.inp.number("PATTERNS", row, at) for at in range(first, len(row.cells))]
            values.setdefault(row.cells[0].casefold(), []).extend(numbers)
        return {name: sum(numbers) / len(numbers) for name, numbers in values.items() if numbers}

    def _bent(self, links: dict[str, SwmmLink]) -> dict[str, SwmmLink]:
        bends: dict[str, list[tuple[float, float]]] = {}
        for row in self.inp.rows("VERTICES"):
            known = self.link_names.get(row.cells[0].casefold())
            if known in links:
                point = (self.inp.number("VERTICES", row, 1), self.inp.number("VERTICES", row, 2))
                bends.setdefault(known, []).append(point)
        return {name: replace(link, bends=tuple(bends.get(name, ()))) for name, link in links.items()}

    def _new_name(self, row: Row, section: str, taken: dict[str, str]) -> str:
        name = row.cells[0]
        if name.casefold() in taken:
            self.complaints.append(
                XinguError("inp_doubled", file=self.inp.name, id=name, section=section, line=row.line)
            )
        taken[name.casefold()] = name
        return name

    def _node(self, section: str, row: Row, at: int) -> str:
        wanted = self.inp.text(section, row, at)
        known = self.node_names.get(wanted.casefold(), "")
        if not known:
            facts = {"file": self.inp.name, "section": section, "line": row.line, "node": wanted[:40]}
            self.complaints.append(XinguError("inp_end_unknown", **facts))
        return known

    def _check_count(self, count: int) -> None:
        if count > UPLOAD_FEATURES_MAX:
            raise XinguError("inp_too_many", file=self.inp.name, limit=UPLOAD_FEATURES_MAX)
