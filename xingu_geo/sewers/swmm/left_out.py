"""What a network cannot take over from an ``.inp``, and where the drawing leaves dry-weather flow in doubt.

Comes in: a SWMM model; the network made of it. Goes out: findings. Must not know: simulations.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from xingu_geo.sewers.network.assessed import Assessed, assessed_of
from xingu_geo.sewers.network.backwater import backwater_of
from xingu_geo.sewers.network.limits import inverts_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.swmm.import_findings import Finding, named
from xingu_geo.sewers.swmm.inp_model import SwmmLink, SwmmModel

ROUND: Final = ("CIRCULAR", "FORCE_MAIN")
DOUBTFUL_SHARE: Final = 0.01  # of the network's dry-weather flow: less in doubt than this is let pass
_LEVEL_M: Final = 1e-6


def limits_of(model: SwmmModel) -> list[Finding]:
    """How the model was read, and what of it was left out."""
    links = model.links.values()
    notes = [Finding("units", "note", {"flow": model.units, "length": "m" if model.is_metric else "ft"})]
    if model.dry_l_s or model.steady_l_s:
        total = (sum(model.dry_l_s.values()) + sum(model.steady_l_s.values())) * 86.4
        facts = {"count": len({*model.dry_l_s, *model.steady_l_s}), "flow_m3_d": f"{total:,.0f}"}
        notes.append(Finding("loads", "note", facts))
    else:
        notes.append(Finding("no_loads", "limit"))
    equivalent = (link for link in links if _is_pipe(link) and not math.isnan(link.diameter_m) and not _is_round(link))
    notes += _about("patterns", "note", model.patterned)
    notes += _about("series", "limit", model.with_series)
    notes += _about("negative_inflow", "limit", (node for node, flow in model.steady_l_s.items() if flow < 0))
    notes += _about("shape_equivalent", "note", (link.name for link in equivalent))
    notes += _about(
        "shape_unknown", "limit", (link.name for link in links if _is_pipe(link) and math.isnan(link.diameter_m))
    )
    notes += _about("openings", "limit", (link.name for link in links if link.kind in ("orifice", "weir", "outlet")))
    notes += _about(
        "ideal_pumps", "limit", (link.name for link in links if link.kind == "pump" and math.isnan(link.rated_l_s))
    )
    notes += _about("dividers", "limit", (node.name for node in model.nodes.values() if node.kind == "divider"))
    rain = {key: value for key, value in model.counted.items() if key != "CONTROLS"}
    if rain:
        notes.append(Finding("wet_weather", "limit", {"sections": ", ".join(f"[{key}]" for key in rain)}))
    if "CONTROLS" in model.counted:
        notes.append(Finding("controls", "limit"))
    return notes


def doubts_of(network: Network) -> list[Finding]:
    """Where the rule of the lowest outlet may not be where the water goes: each asks for a simulation.

    ``overloaded`` (a limit, not a doubt): more arrives at a station than its pumps lift.
    ``stranded``: dry-weather flow ends at a node that is no outlet. ``tied``: two outlets at one level. ``spills``:
    the water of the carrying outlet stands above the next. ``climbs``: flow up a pipe drawn against its fall. What
    concerns less than a hundredth of all flow is let pass.
    """
    t, assessed = network.topology, assessed_of(network)
    flows = assessed.flows.mean
    nodes = network.nodes.index.to_numpy(object)
    passing, carried = flows[: t.nodes], flows[t.nodes :]
    upper, lower = inverts_of(network)
    outlets = network.marks.ends_way
    total = max(float(passing[outlets].sum()), float(passing[t.outlets == 0].sum()))
    least = DOUBTFUL_SHARE * total
    is_end = network.dead_ends & (passing > least)
    climbs = ~network.marks.is_pressure & (lower > upper + _LEVEL_M) & (carried > least)
    tied, spills = _splits(assessed, upper, passing, least)
    rated = (network.nodes["pump_duty"] * network.nodes["pump_rated_l_s"]).to_numpy()
    findings = _about("overloaded", "limit", nodes[passing > rated])
    findings += _about("stranded", "calibrate", nodes[is_end]) + _about("tied", "calibrate", nodes[sorted(tied)])
    findings += _about("spills", "calibrate", nodes[sorted(spills)])
    return findings + _about(
        "climbs", "calibrate" if (is_end.any() or tied or spills) else "note", network.links.index[climbs]
    )


def _splits(assessed: Assessed, upper: np.ndarray, passing: np.ndarray, least: float) -> tuple[set[int], set[int]]:
    """Nodes with two lowest outlets at one level, and nodes whose water stands above a dry outlet."""
    t = assessed.network.topology
    level = backwater_of(assessed, flows="mean").nodes["level_m"].to_numpy()
    carrying = np.full(t.nodes, np.nan)
    carrying[t.start[t.share > 0]] = upper[t.share > 0]
    tied: set[int] = set()
    spills: set[int] = set()
    for link in np.flatnonzero((t.share == 0) & (passing[t.start] > least)).tolist():
        node = int(t.start[link])
        if abs(upper[link] - carrying[node]) <= _LEVEL_M:
            tied.add(node)
        elif level[node] > upper[link] + _LEVEL_M:
            spills.add(node)
    return tied, spills - tied


def _about(code: str, severity: str, ids: Iterable[str]) -> list[Finding]:
    facts = named(ids)
    return [Finding(code, severity, facts)] if facts["count"] else []  # type: ignore[arg-type]


def _is_pipe(link: SwmmLink) -> bool:
    return link.kind == "conduit"


def _is_round(link: SwmmLink) -> bool:
    return link.shape in ROUND and link.barrels == 1
