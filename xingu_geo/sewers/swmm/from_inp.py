"""An ``.inp`` as a sewer network: nodes, links, dry-weather loads, and what could not be taken over.

Comes in: a file, and at will a simulation of it. Goes out: :class:`Imported`. Must not know: where it is saved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.ground.geo.crs import is_metric, to_wgs84, to_working
from xingu_geo.sewers.network.frames import LINKS, LOADS, NODES, Shape
from xingu_geo.sewers.network.kinds import GRAVITY, MANHOLE, OUTFALL, PRESSURE, STATION
from xingu_geo.sewers.network.network import Network, make_network
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.swmm.calibrate import Calibration, drawn
from xingu_geo.sewers.swmm.import_findings import Finding
from xingu_geo.sewers.swmm.inp_model import SwmmLink, SwmmModel, model_of
from xingu_geo.sewers.swmm.inp_rows import Inp
from xingu_geo.sewers.swmm.left_out import doubts_of, limits_of

UNPLACED: Final = "none"
NOWHERE: Final = "-"
Placing = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """The network of an ``.inp``, and what is to be known about it.

    ``needs_calibration``: the drawing leaves open where dry-weather flow goes, and no simulation was given.
    """

    network: Network
    findings: tuple[Finding, ...]
    is_calibrated: bool

    @property
    def needs_calibration(self) -> bool:
        """Whether a finding asks for a simulation."""
        return any(finding.severity == "calibrate" for finding in self.findings)


def network_of_inp(
    inp: Inp,
    *,
    norms: Norms,
    crs: str | Placing,
    confidence: Confidence = Confidence.ILLUSTRATIVE,
    calibration: Calibration | None = None,
) -> Imported:
    """The network an ``.inp`` describes.

    Dry-weather flow becomes domestic load with no infiltration on top, for SWMM does not tell them apart; constant
    external inflow becomes infiltration, which is not peaked. Where several links leave a node, flow takes the
    lowest (docs/decisions/0022) unless a ``calibration`` says otherwise. A file that we wrote ourselves gives back
    the network it was written from.

    Parameters
    ----------
    crs
        The CRS of the file's coordinates, as ``EPSG:…``; ``none`` leaves every element without a place. Or a
        function that brings nodes, then links, drawn in the file's coordinates, into the CRS to be used.

    Raises
    ------
    XinguError
        What :func:`~xingu_geo.sewers.swmm.inp_model.model_of` raises; ``inp_circle`` where the links as drawn lead in a
        circle and no calibration was given; ``inp_crs_missing``, ``inp_crs_unknown``, ``inp_off_the_map``.
    """
    frames = _own(inp) if inp.records and calibration is None and not inp.is_edited else None
    findings = [Finding("edited", "note")] if inp.is_edited else []
    if frames is None:
        model = model_of(inp)
        chosen = calibration or drawn(model)
        frames = _nodes(model), _links(model, chosen), _loads(model)
        findings += [*limits_of(model), *chosen.findings]
    # Our own files name their CRS, or lie nowhere on earth; any other has to be told where it lies.
    where = crs or own_crs(inp) or (NOWHERE if inp.records and not inp.is_edited else "")
    placed = [_placed(frame, where, name=inp.name) for frame in frames[:2]]
    try:
        network = make_network(placed[0], placed[1], frames[2], norms=norms, confidence=confidence)
    except XinguError as error:
        if error.code != "sewer_cycle" or calibration is not None:
            raise
        raise XinguError("inp_circle", file=inp.name, nodes=error.facts["nodes"], count=error.facts["count"]) from error
    if calibration is None:
        findings += doubts_of(network)
    return Imported(network, tuple(findings), is_calibrated=calibration is not None)


def own_crs(inp: Inp) -> str | None:
    """The CRS that a file which we wrote ourselves names; None where it names none, or is not as we wrote it."""
    named = [record.get("crs") for record in inp.records if record.get("is") == "file" and not inp.is_edited]
    return str(named[0]) if named and named[0] else None


def link_id(name: str, nodes: Container[str]) -> str:
    """The id of SWMM's link ``name``: SWMM lets a node and a link share a name, here no two elements do."""
    return f"{name}~link" if name in nodes else name


def _nodes(model: SwmmModel) -> pd.DataFrame:
    lifted: dict[str, list[float]] = {}
    for link in model.links.values():
        if link.kind == "pump":
            lifted.setdefault(link.start, []).append(link.rated_l_s)
    rows = []
    for node in model.nodes.values():
        pumps = lifted.get(node.name, [])
        kind = OUTFALL if node.kind == "outfall" else STATION if pumps else MANHOLE
        rows.append(
            {
                "id": node.name,
                "kind": kind,
                "ground_m": node.ground_m,
                "invert_m": node.invert_m,
                # SWMM knows no standby: every pump counts as duty, their flows added and shared out evenly.
                "pump_duty": float(len(pumps)) if pumps else math.nan,
                "pump_standby": 0.0 if pumps else math.nan,
                "pump_rated_l_s": float(np.mean(pumps)) if pumps else math.nan,
                "place": Point(node.x, node.y) if not math.isnan(node.x + node.y) else None,
            }
        )
    return _frame(rows, NODES)


def _links(model: SwmmModel, calibration: Calibration) -> pd.DataFrame:
    rows = []
    for link in model.links.values():
        is_turned = link.name in calibration.turned
        start, end = (link.end, link.start) if is_turned else (link.start, link.end)
        upper, lower = (link.lower_m, link.upper_m) if is_turned else (link.upper_m, link.lower_m)
        rows.append(
            {
                "id": link_id(link.name, model.nodes),
                "from_node": start,
                "to_node": end,
                "kind": PRESSURE if link.kind == "pump" or link.shape == "FORCE_MAIN" else GRAVITY,
                "diameter_mm": link.diameter_m * 1000,
                "length_m": link.length_m,
                "invert_from_m": upper,
                "invert_to_m": lower,
                "roughness_n": link.roughness if link.shape != "FORCE_MAIN" else math.nan,
                "split_share": calibration.shares.get(link.name, math.nan),
                "place": _line(model, link, is_turned=is_turned),
            }
        )
    return _frame(rows, LINKS)


def _line(model: SwmmModel, link: SwmmLink, *, is_turned: bool) -> LineString | None:
    ends = [(model.nodes[name].x, model.nodes[name].y) for name in (link.start, link.end)]
    points = [ends[0], *link.bends, ends[1]]
    if any(math.isnan(x + y) for x, y in points) or len(set(points)) < 2:
        return None
    return LineString(points[::-1] if is_turned else points)


def _loads(model: SwmmModel) -> pd.DataFrame:
    rows = []
    for node in model.nodes:
        dry, steady = model.dry_l_s.get(node, 0.0), model.steady_l_s.get(node, 0.0)
        if dry or steady:
            rows.append(
                {
                    "id": f"{node}~load",
                    "node": node,
                    "state": "existing",
                    "domestic_m3_d": dry * M3_D_PER_L_S,
                    "industrial_m3_d": 0.0,
                    "infiltration_m3_d": max(steady, 0.0) * M3_D_PER_L_S,
                    "source_zh": model.name,
                    "source_en": model.name,
                }
            )
    return _frame(rows, LOADS)


def _own(inp: Inp) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None:
    """The frames a file of our own carries in its comments; nothing if they were tampered with."""
    wanted: dict[str, list[dict[str, object]]] = {"node": [], "link": [], "load": []}
    for record in inp.records:
        if str(record.get("is")) in wanted and isinstance(record.get("id"), str):
            wanted[str(record["is"])].append({key: value for key, value in record.items() if key != "is"})
    if not wanted["node"] or not wanted["link"]:
        return None
    places: dict[object, Point | None] = {}
    for node in wanted["node"]:
        x, y = node.get("x_m"), node.get("y_m")
        places[node["id"]] = Point(x, y) if isinstance(x, float) and isinstance(y, float) else None
        node["place"] = places[node["id"]]
    bends = _bends(inp)
    for link in wanted["link"]:
        ends = [place for key in ("from_node", "to_node") if (place := places.get(link.get(key))) is not None]
        points = [*ends[:1], *bends.get(str(link.pop("as", "")), []), *ends[1:]]
        link["place"] = LineString(points) if len(ends) == 2 and len(set(points)) > 1 else None
    return _frame(wanted["node"], NODES), _frame(wanted["link"], LINKS), _frame(wanted["load"], LOADS)


def _bends(inp: Inp) -> dict[str, list[Point]]:
    bends: dict[str, list[Point]] = {}
    for row in inp.rows("VERTICES"):
        x, y = (inp.number("VERTICES", row, at) for at in (1, 2))
        bends.setdefault(row.cells[0], []).append(Point(x, y))
    return bends


def _frame(rows: Sequence[Mapping[str, object]], columns: Shape) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["id", *columns, "place"]).set_index("id")
    return table if columns is not LOADS else table.drop(columns="place")


def _placed(table: pd.DataFrame, crs: str | Placing, *, name: str) -> gpd.GeoDataFrame:
    """The table with its places: in ``crs``, if that has no metres in the UTM zone; without any if it is ``none``."""
    bare = table.drop(columns=["place", "x_m", "y_m"], errors="ignore")
    shapes = gpd.GeoSeries(list(table["place"]), index=table.index)
    if crs == UNPLACED or not shapes.notna().any():
        return gpd.GeoDataFrame(bare, geometry=gpd.GeoSeries([None] * len(bare), index=bare.index))
    if crs == NOWHERE or callable(crs):
        frame = gpd.GeoDataFrame(bare, geometry=shapes)
        return crs(frame) if callable(crs) else frame
    if not crs:
        raise XinguError("inp_crs_missing", file=name)
    try:
        frame = gpd.GeoDataFrame(bare, geometry=shapes, crs=crs)
    except Exception as error:  # pyproj's own errors share no root that is stable across versions
        raise XinguError("inp_crs_unknown", file=name, crs=crs[:40]) from error
    on_earth = to_wgs84(frame, name=name)
    if not np.isfinite(on_earth.geometry.total_bounds).all():
        raise XinguError("inp_off_the_map", file=name, crs=crs[:40])
    return frame if is_metric(frame.crs) else to_working(frame, on_earth.estimate_utm_crs(), name=name)
