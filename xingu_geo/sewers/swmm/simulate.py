"""A simulation of an ``.inp`` with EPA SWMM, apart in a process of its own.

Comes in: the path of an ``.inp``. Goes out: :class:`SwmmRun`. Must not know: the engine, networks.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from xingu_geo.ground.base.errors import XinguError

SECONDS_MAX: Final = 600.0
_ENGINE: Final = "xingu_geo.sewers.swmm.engine"
_ROOT: Final = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True, eq=False)
class SwmmRun:
    """What the simulator found, as means over the last hours of the run.

    ``links`` (by SWMM's id): ``flow_l_s`` (negative against the drawn direction), ``depth_m`` (SWMM's link depth: the
    mean of the depths at both ends), ``full_flow_l_s`` (NaN for what is not a conduit). ``nodes``: ``depth_m`` above
    the node's own elevation. ``drift``: the largest change of a flow within those hours over the largest flow; near
    0 means steady. ``continuity_share``: routing error, part of all inflow.
    """

    links: pd.DataFrame
    nodes: pd.DataFrame
    drift: float
    continuity_share: float


def swmm_run(path: Path, *, last_hours: float = 2.0, seconds_max: float = SECONDS_MAX) -> SwmmRun:
    """The flows and depths EPA SWMM computes for the file at ``path``.

    Raises
    ------
    XinguError
        ``swmm_missing`` (the extra ``swmm`` is not installed), ``inp_run_refused`` with the engine's own first
        complaint, ``inp_run_silent`` (the file asks for no results), ``inp_run_slow``, ``inp_run_died``.
    """
    if importlib.util.find_spec("swmm") is None:
        raise XinguError("swmm_missing")
    with tempfile.TemporaryDirectory(prefix="xingu-swmm-") as folder:
        place = Path(folder)
        # Under a plain name beside its results: the engine opens no path with letters beyond ASCII on every system.
        _copy(path, place / "run.inp")
        _in_child(path.name, place, last_hours, seconds_max)
        result = place / "result.json"
        if not result.is_file():
            raise XinguError("inp_run_died", file=path.name)
        found = json.loads(result.read_text(encoding="utf-8"))
        report = _report(place / "run.rpt")
    if "error" in found:
        raise XinguError("inp_run_refused", file=path.name, detail=_first_complaint(report) or found["error"][:160])
    if not found["links"]:
        raise XinguError("inp_run_silent", file=path.name)
    links = pd.DataFrame.from_dict(found["links"], orient="index", columns=["flow_l_s", "depth_m"])
    links["full_flow_l_s"] = pd.Series(_full_flows(report), dtype=float).reindex(links.index)
    nodes = pd.DataFrame.from_dict(found["nodes"], orient="index", columns=["depth_m"])
    return SwmmRun(links, nodes, drift=found["drift"], continuity_share=_continuity(report))


def _copy(path: Path, target: Path) -> None:
    try:
        shutil.copyfile(path, target)
    except FileNotFoundError as error:
        raise XinguError("file_missing", file=path.name, folder=path.parent) from error
    except OSError as error:
        raise XinguError("file_unreadable", file=path.name, detail=type(error).__name__) from error


def _in_child(name: str, place: Path, last_hours: float, seconds_max: float) -> None:
    command = [sys.executable, "-m", _ENGINE, "run.inp", ".", str(last_hours)]
    # The child works in its own folder, so a package that runs from a checkout has to be found by path.
    paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        subprocess.run(  # noqa: S603 - our own interpreter, our own module, no shell
            command,
            cwd=place,
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds_max,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise XinguError("inp_run_slow", file=name, seconds=f"{seconds_max:g}") from error


def _report(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _first_complaint(report: str) -> str:
    found = re.search(r"ERROR \d+:[^\n]*", report)
    return " ".join(found.group().split())[:160] if found else ""


def _continuity(report: str) -> float:
    parts = report.split("Flow Routing Continuity", 1)
    found = re.search(r"Continuity Error \(%\)[ .]*(-?[\d.]+)", parts[1]) if len(parts) == 2 else None
    return float(found.group(1)) / 100 if found else float("nan")


def _full_flows(report: str) -> dict[str, float]:
    """The engine's own full-flow capacities [L/s], from the table it prints when asked to echo its input in LPS."""
    parts = report.split("Cross Section Summary", 1)
    if len(parts) < 2 or not re.search(r"Flow Units [ .]*LPS", report):
        return {}
    flows: dict[str, float] = {}
    for line in parts[1].splitlines():
        cells = line.split()
        if len(cells) == 8 and re.fullmatch(r"[\d.]+", cells[-1]):
            flows[cells[0]] = float(cells[-1])
        elif flows and not cells:
            break
    return flows
