"""A copy of an ``.inp`` for dry weather: its pipes and pumps, constant loads, no rain, no rules, no other files.

Comes in: :class:`~xingu_geo.sewers.swmm.inp_rows.Inp` and its model. Goes out: the text of an ``.inp``.
Must not know: the simulator.

A file nobody vouches for is never given to the simulator itself: it may name other files to read and to write.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from xingu_geo.sewers.swmm.inp_model import L_S, SwmmModel, option
from xingu_geo.sewers.swmm.inp_rows import Inp, Row

_KEPT: Final = (
    "JUNCTIONS",
    "CONDUITS",
    "PUMPS",
    "ORIFICES",
    "WEIRS",
    "OUTLETS",
    "XSECTIONS",
    "TRANSECTS",
    "STREETS",
    "CURVES",
)
_STORAGE_CELLS: Final = {
    "TABULAR": 7
}  # what follows is seepage; the other shapes have three sizes where this has a name
_LOSS_CELLS: Final = 5
_OPTIONS: Final = """\
FLOW_ROUTING DYNWAVE
ALLOW_PONDING NO
SKIP_STEADY_STATE NO
IGNORE_RAINFALL YES
START_DATE 01/01/2025
START_TIME 00:00:00
REPORT_START_DATE 01/01/2025
REPORT_START_TIME 00:00:00
END_TIME 00:00:00
REPORT_STEP 00:10:00
ROUTING_STEP 0:00:10
VARIABLE_STEP 0.75
INERTIAL_DAMPING PARTIAL
NORMAL_FLOW_LIMITED BOTH
MAX_TRIALS 20
THREADS 1"""
_TAKEN_OVER: Final = ("LINK_OFFSETS", "FORCE_MAIN_EQUATION", "SURCHARGE_METHOD", "MIN_SURFAREA", "MIN_SLOPE")


def dry_text(inp: Inp, model: SwmmModel, *, days: int = 3) -> str:
    """The file as it stands in steady dry weather, in its own units, for ``days`` days."""
    sections = {
        "OPTIONS": _options(inp, model, days),
        "OUTFALLS": [_outfall(row) for row in inp.rows("OUTFALLS")],
        "STORAGE": [_cells(_storage(row)) for row in inp.rows("STORAGE")],
        "LOSSES": [_cells(row.cells[:_LOSS_CELLS]) for row in inp.rows("LOSSES")],
        **{name: [_cells(row.cells) for row in inp.rows(name)] for name in _KEPT},
        "DIVIDERS": [],
        "DWF": [f"{node} FLOW {flow / L_S[model.units]:.10g}" for node, flow in model.dry_l_s.items()],
        "INFLOWS": [
            f'{node} FLOW "" FLOW 1 1 {flow / L_S[model.units]:.10g}' for node, flow in model.steady_l_s.items()
        ],
        "REPORT": ["INPUT NO", "CONTROLS NO", "NODES ALL", "LINKS ALL"],
    }
    # Under dynamic routing a divider is a junction; its own columns say how it would divide under kinematic routing.
    sections["JUNCTIONS"] += [_cells(row.cells[:2]) for row in inp.rows("DIVIDERS")]
    return "\n".join(f"[{name}]\n" + "\n".join(rows) + "\n" for name, rows in sections.items() if rows)


def _options(inp: Inp, model: SwmmModel, days: int) -> list[str]:
    own = [(key, option(inp, key, "")) for key in _TAKEN_OVER]
    kept = [f"{key} {value}" for key, value in own if value]
    return [f"FLOW_UNITS {model.units}", *kept, *_OPTIONS.splitlines(), f"END_DATE 01/{1 + days:02d}/2025"]


def _outfall(row: Row) -> str:
    """A fixed level stays; tides and series, which need other tables, become a free outfall."""
    kind = row.cells[2].upper() if len(row.cells) > 2 else "FREE"
    if kind == "FIXED":
        return _cells(row.cells[:4])
    return _cells([*row.cells[:2], "NORMAL" if kind == "NORMAL" else "FREE"])


def _storage(row: Row) -> tuple[str, ...]:
    shape = row.cells[4].upper() if len(row.cells) > 4 else ""
    return row.cells[: _STORAGE_CELLS.get(shape, 9)]


def _cells(cells: Iterable[str]) -> str:
    return " ".join(cell if cell else '""' for cell in cells)
