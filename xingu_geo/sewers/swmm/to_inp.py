"""A sewer network with its loads as a SWMM ``.inp``, ready to run.

Comes in: a :class:`~xingu_geo.sewers.network.network.Network`. Goes out: text, a file. Must not know: the simulator.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.atomic import write_atomically
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.say import LANGS, say
from xingu_geo.sewers.network.frames import LINKS, LOADS, NODES, Shape
from xingu_geo.sewers.network.limits import inverts_of, pipes_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.swmm.inp_rows import RECORD, digest_of_text
from xingu_geo.sewers.swmm.layout import ExportOptions, LaidLink, Layout, layout_of

WELL_AREA_M2: Final = 50.0
HELD_AREA_M2: Final = 1e5  # a well whose level is given: so wide that filling the empty pipes does not lower it
DROP_M: Final = 2.0  # diameter of a drop pipe: wide enough for any main
NOTHING_L_S: Final = 1e-9
# Hazen–Williams C of a main whose condition nobody measured; the rougher end for steel and ductile iron in service.
HAZEN_WILLIAMS: Final = 110.0
_START_DEPTH_M: Final = 1.0
_STOP_DEPTH_M: Final = 0.3
_STAGE_M: Final = 0.3

_OPTIONS: Final = """\
FLOW_UNITS LPS
FLOW_ROUTING DYNWAVE
LINK_OFFSETS ELEVATION
FORCE_MAIN_EQUATION H-W
IGNORE_RAINFALL YES
ALLOW_PONDING NO
SKIP_STEADY_STATE NO
START_DATE 01/01/2025
START_TIME 00:00:00
REPORT_START_DATE 01/01/2025
REPORT_START_TIME 00:00:00
END_DATE {end_date}
END_TIME {end_time}
REPORT_STEP 00:05:00
ROUTING_STEP 0:00:05
VARIABLE_STEP 0.75
LENGTHENING_STEP 0
MIN_SLOPE 0
INERTIAL_DAMPING PARTIAL
NORMAL_FLOW_LIMITED BOTH
MAX_TRIALS 20
HEAD_TOLERANCE 0.0001
THREADS 1"""


def export_swmm(network: Network, path: Path, *, options: ExportOptions | None = None) -> Layout:
    """The network as ``.inp`` at ``path``, replaced in one step; what stands for what is in the layout returned.

    Loads of the network's phase become constant inflows: on the mean day as they are, at the peak such that every
    link carries its design flow. What SWMM has no word for (kinds of load, plant capacities, names) stays in
    comments, from which :func:`~xingu_geo.sewers.swmm.from_inp.read_inp` restores the network.

    Raises
    ------
    XinguError
        As :func:`~xingu_geo.sewers.swmm.layout.layout_of`, and as
        :func:`~xingu_geo.ground.base.atomic.write_atomically`.
    """
    chosen = options or ExportOptions()
    layout = layout_of(network, chosen)
    text = inp_text(network, layout, options=chosen)
    write_atomically(path, lambda file: _save(file, text), read_back=lambda file: _same(file, text))
    return layout


def inp_text(network: Network, layout: Layout, *, options: ExportOptions) -> str:
    """The text of the ``.inp``: same network and options, same text."""
    sections = {
        "TITLE": _title(network, options),
        "OPTIONS": _options(options.hours),
        **_nodes(layout),
        **_links(network, layout, options),
        "INFLOWS": [_row(name, "FLOW", '""', "FLOW", 1, 1, flow) for name, flow in _inflows(layout, options)],
        "DWF": [_row(name, "FLOW", flow) for name, flow in _loads(layout, options)],
        "REPORT": ["INPUT YES", "CONTROLS NO", "NODES ALL", "LINKS ALL"],
        **_map(network, layout),
    }
    written = [f"[{name}]\n" + "\n".join(rows) + "\n" for name, rows in sections.items() if rows]
    text = "\n".join(written)
    stamp = RECORD + json.dumps(
        {"is": "file", "digest": digest_of_text(text), "crs": network.crs.to_string() if network.crs else ""}
    )
    return "\n".join([text, stamp, *_records(network, layout)]) + "\n"


def _title(network: Network, options: ExportOptions) -> list[str]:
    """What the file is; an illustrative network says so here too, in both languages."""
    facts = {"phase": network.phase or "–", "links": len(network.links)}
    lines = [say(f"inp.title.{options.flows}", lang, **facts) for lang in LANGS]
    if network.confidence is Confidence.ILLUSTRATIVE:
        lines.append(" · ".join(say("verdict.illustrative_only", lang) for lang in LANGS))
    return lines


def _options(hours: float) -> list[str]:
    days, rest = divmod(hours, 24)
    minutes = round(rest * 60)
    end = {"end_date": f"01/{1 + int(days):02d}/2025", "end_time": f"{minutes // 60:02d}:{minutes % 60:02d}:00"}
    return _OPTIONS.format(**end).splitlines()


def _nodes(layout: Layout) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {"JUNCTIONS": [], "OUTFALLS": [], "STORAGE": []}
    for node in layout.nodes:
        if node.section == "junction":
            rows["JUNCTIONS"].append(_row(node.name, node.elevation_m, node.depth_m, 0, node.surcharge_m, 0))
        elif node.section == "storage":
            is_held = not math.isnan(node.level_m)
            start = max(node.level_m - node.elevation_m, 0.0) if is_held else 0.0
            area = HELD_AREA_M2 if is_held else WELL_AREA_M2
            depth = max(node.depth_m, start)
            rows["STORAGE"].append(_row(node.name, node.elevation_m, depth, start, "FUNCTIONAL", 0, 0, area))
        elif math.isnan(node.level_m):
            rows["OUTFALLS"].append(_row(node.name, node.elevation_m, "FREE", "NO"))
        else:
            rows["OUTFALLS"].append(_row(node.name, node.elevation_m, "FIXED", node.level_m, "NO"))
    return rows


def _links(network: Network, layout: Layout, options: ExportOptions) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {"CONDUITS": [], "PUMPS": [], "XSECTIONS": [], "CURVES": []}
    pipes, (upper, lower) = pipes_of(network), inverts_of(network)
    edges = {node.name: node.elevation_m for node in layout.nodes}
    for link in layout.links:
        if link.section == "drop":
            edge = edges[link.start]
            rows["CONDUITS"].append(_row(link.name, link.start, link.end, 10.0, 0.013, edge, edge - 0.1, 0, 0))
            rows["XSECTIONS"].append(_row(link.name, "CIRCULAR", DROP_M, 0, 0, 0, 1))
            continue
        if link.section == "pump":
            curve = _pump_curve(network, link, options)
            rows["CURVES"] += curve
            depths = (_START_DEPTH_M, _STOP_DEPTH_M) if curve else (0, 0)
            rows["PUMPS"].append(_row(link.name, link.start, link.end, f"{link.name}" if curve else "*", "ON", *depths))
            continue
        at = int(network.links.index.get_indexer(pd.Index([link.of]))[0])
        length, diameter = network.links["length_m"].to_numpy()[at], pipes.diameter_m[at]
        ends = ("*", "*") if link.section == "main" else (upper[at], lower[at])
        rows["CONDUITS"].append(_row(link.name, link.start, link.end, length, pipes.roughness[at], *ends, 0, 0))
        shape = ("FORCE_MAIN", diameter, HAZEN_WILLIAMS) if link.section == "main" else ("CIRCULAR", diameter, 0)
        rows["XSECTIONS"].append(_row(link.name, *shape, 0, 0, 1))
    return rows


def _pump_curve(network: Network, link: LaidLink, options: ExportOptions) -> list[str]:
    """Duty pumps starting one after the other as the well fills; nothing where the pump follows the inflow."""
    at = network.position(link.well)
    rated, duty = (float(network.nodes[column].to_numpy()[at]) for column in ("pump_rated_l_s", "pump_duty"))
    if options.pumps == "ideal" or not rated > 0 or not duty >= 1:
        return []
    stages = [(_START_DEPTH_M + _STAGE_M * count, rated * count) for count in range(1, int(duty) + 1)]
    return [_row(link.name, "PUMP2" if at == 0 else "", *stage) for at, stage in enumerate(stages)]


def _inflows(layout: Layout, options: ExportOptions) -> list[tuple[str, float]]:
    """Flow moved past a cut; at the peak also the loads, for dry-weather flow may not be negative."""
    inflow = dict(layout.moved_l_s)
    if options.flows == "peak":
        for name, flow in layout.load_l_s.items():
            inflow[name] = inflow.get(name, 0.0) + flow
    return [(name, flow) for name, flow in inflow.items() if abs(flow) > NOTHING_L_S]


def _loads(layout: Layout, options: ExportOptions) -> list[tuple[str, float]]:
    if options.flows == "peak":
        return []
    return [(name, flow) for name, flow in layout.load_l_s.items() if flow > NOTHING_L_S]


def _map(network: Network, layout: Layout) -> dict[str, list[str]]:
    x, y = network.nodes["x_m"], network.nodes["y_m"]
    places = [(node.name, float(x[node.of]), float(y[node.of])) for node in layout.nodes]
    rows = {"COORDINATES": [_row(*place) for place in places if not math.isnan(place[1] + place[2])]}
    if "geometry" not in network.links:
        return rows
    shapes = network.links["geometry"]
    rows["VERTICES"] = [
        _row(link.name, *point[:2])
        for link in layout.links
        if link.of and shapes[link.of] is not None
        for point in list(shapes[link.of].coords)[1:-1]
    ]
    return rows


def _records(network: Network, layout: Layout) -> list[str]:
    """The network's own rows as comments: what SWMM cannot hold, and which of its names stand for what."""
    nodes = {node.of: node.name for node in layout.nodes if "~" not in node.name}
    links = {link.of: link.name for link in layout.links if link.of}
    tables: tuple[tuple[str, pd.DataFrame, Shape, dict[str, str]], ...] = (
        ("node", network.nodes, NODES, nodes),
        ("link", network.links, LINKS, links),
        ("load", network.loads, LOADS, {}),
    )
    lines = []
    for kind, table, columns, names in tables:
        for row in table[list(columns)].itertuples():
            name, *values = row
            facts = {key: value for key, value in zip(columns, values, strict=True) if not _is_missing(value)}
            record = {"is": kind, "id": name, "as": names.get(name, ""), **facts}
            lines.append(RECORD + json.dumps(record, ensure_ascii=False))
    return lines


def _is_missing(value: object) -> bool:
    return value == "" or (isinstance(value, float) and math.isnan(value))


def _row(*cells: object) -> str:
    return " ".join(_cell(cell) for cell in cells if cell != "")


def _cell(cell: object) -> str:
    return f"{float(cell):.10g}" if isinstance(cell, (float, np.floating)) else str(cell)


def _save(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _same(file: Path, text: str) -> None:
    if file.read_text(encoding="utf-8") != text:
        raise OSError("written differently")
