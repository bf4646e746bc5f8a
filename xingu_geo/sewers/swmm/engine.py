"""The simulator's own process: run one ``.inp``, put the means of its last hours into a JSON file.

Comes in: paths and a window on the command line. Goes out: a JSON file, an exit code. Must not know: networks.

A child process, because the engine keeps its state in globals, prints to standard output and, on a spoilt file, may
end the process it runs in. This is the only module that imports it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from swmm.toolkit import output, shared_enum, solver

_FLOW_L_S = {
    "CFS": 28.316846592,
    "GPM": 0.0630901964,
    "MGD": 43.8126363889,
    "CMS": 1000.0,
    "LPS": 1.0,
    "MLD": 11.5740740741,
}
_FOOT_M = 0.3048
_US = ("CFS", "GPM", "MGD")


def simulate(inp: Path, folder: Path) -> str:
    """Run ``inp`` to its end, report and results into ``folder``; the engine's complaint, ``""`` if it has none."""
    try:
        solver.swmm_open(str(inp), str(folder / "run.rpt"), str(folder / "run.out"))
        solver.swmm_start(1)
        while solver.swmm_step() > 0:
            pass
        solver.swmm_end()
        solver.swmm_report()
        solver.swmm_close()
    except Exception as error:  # noqa: BLE001 - the toolkit raises bare Exceptions; the text is all there is
        return " ".join(str(error).split())
    return ""


def means(out: Path, last_hours: float) -> dict[str, Any]:
    """Mean flow [L/s] and depth [m] of every link, mean depth [m] of every node, over the last hours of ``out``.

    ``drift`` is the largest change of a link's flow over that window, as a part of the largest flow anywhere.
    """
    handle = output.init()
    output.open(handle, str(out))
    try:
        units = [unit.name for unit in shared_enum.FlowUnits][output.get_units(handle)[1]]
        periods = output.get_times(handle, shared_enum.Time.NUM_PERIODS)
        step_s = output.get_times(handle, shared_enum.Time.REPORT_STEP)
        first = max(0, periods - max(2, round(last_hours * 3600 / step_s)))
        length = _FOOT_M if units in _US else 1.0
        counts = output.get_proj_size(handle)
        nodes, links = {}, {}
        change = 0.0
        for at in range(counts[1]):
            name = output.get_elem_name(handle, shared_enum.ElementType.NODE, at)
            depth = _series(output.get_node_series, handle, at, shared_enum.NodeAttribute.INVERT_DEPTH, first, periods)
            nodes[name] = {"depth_m": _mean(depth) * length}
        for at in range(counts[2]):
            name = output.get_elem_name(handle, shared_enum.ElementType.LINK, at)
            flow = _series(output.get_link_series, handle, at, shared_enum.LinkAttribute.FLOW_RATE, first, periods)
            depth = _series(output.get_link_series, handle, at, shared_enum.LinkAttribute.FLOW_DEPTH, first, periods)
            change = max(change, abs(flow[-1] - flow[0]))
            links[name] = {"flow_l_s": _mean(flow) * _FLOW_L_S[units], "depth_m": _mean(depth) * length}
        largest = max((abs(link["flow_l_s"]) for link in links.values()), default=0.0) / _FLOW_L_S[units]
        return {"nodes": nodes, "links": links, "drift": change / largest if largest else 0.0}
    finally:
        output.close(handle)


def _series(read: Any, handle: Any, at: int, attribute: Any, first: int, periods: int) -> list[float]:
    # The toolkit's end index is inclusive; one past it is error 422.
    return [float(value) for value in read(handle, at, attribute, first, periods - 1)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def main(inp: str, folder: str, last_hours: str) -> int:
    """Simulate and summarise; ``result.json`` holds the means or the engine's complaint."""
    place = Path(folder)
    complaint = simulate(Path(inp), place)
    result = {"error": complaint} if complaint else means(place / "run.out", float(last_hours))
    (place / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
