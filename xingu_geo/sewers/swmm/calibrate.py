"""Directions and split shares frozen from one simulation of the same file.

Comes in: a SWMM model and what the simulator found. Goes out: :class:`Calibration`. Must not know: frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xingu_geo.sewers.swmm.import_findings import Finding, named
from xingu_geo.sewers.swmm.inp_model import SwmmLink, SwmmModel
from xingu_geo.sewers.swmm.simulate import SwmmRun

NOTHING: Final = 1e-5  # of the largest flow: what is less does not count as flowing
DRIFT_MAX: Final = 0.02


@dataclass(frozen=True, slots=True)
class Calibration:
    """Links that flow against their drawing, and the share of each outlet where several carry."""

    turned: frozenset[str] = frozenset()
    shares: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def drawn(model: SwmmModel) -> Calibration:
    """No simulation: links flow as drawn, the lowest outlet carries all, a pump that is off nothing.

    A weir, orifice, pump or pipe is judged by the level at which water starts to enter it.
    """
    shares: dict[str, float] = {}
    for outlets in _by_start(model.links.values()).values():
        if len(outlets) > 1 and any(link.is_off for link in outlets):
            lowest = min(outlets, key=lambda link: (link.is_off, link.upper_m, link.name))
            shares.update({link.name: float(link is lowest) for link in outlets})
    return Calibration(shares=shares)


def calibrated(model: SwmmModel, run: SwmmRun) -> Calibration:
    """Directions and shares as the simulator found them.

    A link without flow is drawn from the higher water level to the lower, so that dry pipes close no circle; beside
    a carrying outlet its share is 0. A node all of whose outlets are dry keeps the rule of the lowest.
    """
    flow = {name: _found(run, name) for name in model.links}
    nothing = NOTHING * max((abs(value) for value in flow.values()), default=0.0)
    level = {name: node.invert_m + float(run.nodes["depth_m"].get(name, 0.0)) for name, node in model.nodes.items()}
    turned = frozenset(
        link.name
        for link in model.links.values()
        if flow[link.name] < -nothing
        or (abs(flow[link.name]) <= nothing and link.kind != "pump" and level[link.end] > level[link.start])
    )
    shares: dict[str, float] = {}
    for outlets in _by_start(model.links.values(), turned).values():
        carried = {link.name: abs(flow[link.name]) for link in outlets if abs(flow[link.name]) > nothing}
        if carried and len(outlets) > 1:
            total = sum(carried.values())
            shares.update({link.name: carried.get(link.name, 0.0) / total for link in outlets})
    return Calibration(turned, shares, tuple(_findings(turned, shares, flow, nothing, run)))


def _findings(
    turned: frozenset[str], shares: Mapping[str, float], flow: Mapping[str, float], nothing: float, run: SwmmRun
) -> list[Finding]:
    carrying = sorted(name for name in turned if abs(flow[name]) > nothing)
    split = [name for name, share in shares.items() if 0 < share < 1]
    findings = [Finding("calibrated", "note", {"turned": len(carrying), "split": len(split)})]
    if carrying:
        findings.append(Finding("turned", "note", named(carrying)))
    if run.drift > DRIFT_MAX:
        findings.append(Finding("unsteady", "limit", {"share": f"{run.drift:.0%}"}))
    return findings


def _found(run: SwmmRun, name: str) -> float:
    return float(run.links["flow_l_s"].get(name, 0.0))


def _by_start(links: object, turned: frozenset[str] = frozenset()) -> dict[str, list[SwmmLink]]:
    groups: dict[str, list[SwmmLink]] = {}
    for link in links:  # type: ignore[attr-defined]
        groups.setdefault(link.end if link.name in turned else link.start, []).append(link)
    return groups
