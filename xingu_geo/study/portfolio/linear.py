"""Capacity as linear rows: safe ones that never overload, and hopeful ones that never refuse what fits.

Comes in: an assessed network and possible discharges. Goes out: :class:`CapacityRows`. Must not know: sites, scores.

An element takes an added domestic flow x and steady flow y when p(D + x) − p(D) + y ≤ limit − demand. With the
steepest chord β of p from D, over all that could ever be added, β·x + y ≤ room is enough for that; with the flattest
it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.peaking import Peaking
from xingu_geo.sewers.network.topology import downstream
from xingu_geo.sewers.relief.discharge import Discharge

# A flow below this is none: its chord is the tangent, and dividing by it would overflow.
NOTHING_L_S: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CapacityRows:
    """One row for each element that could give out.

    ``safe`` and ``hopeful`` are (rows × discharges): what each would take of ``room_l_s``. A choice that keeps every
    safe row overloads nothing; a choice that overloads nothing keeps every hopeful row.
    """

    elements: tuple[str, ...]
    safe: csr_array
    hopeful: csr_array
    room_l_s: Floats


def capacity_rows(before: Assessed, discharges: Sequence[Discharge], *, groups: Ints) -> CapacityRows:
    """The rows for choosing among ``discharges``, of which at most one of each group is chosen.

    An element that is over already, or cannot be computed, has no room: nothing more may pass it. Elements that all
    groups together cannot fill have no row.
    """
    shares = _shares(before, discharges)
    sigma = np.array([discharge.effluent.domestic_share for discharge in discharges])
    weight = np.array([discharge.effluent.industrial_peaking for discharge in discharges]) * (1 - sigma)
    flow = shares.multiply(np.array([discharge.flow_m3_d for discharge in discharges]) / M3_D_PER_L_S).tocsr()
    seeping = before.network.infiltration_share
    is_mean = before.capacity.is_mean
    domestic = before.flows.domestic
    most = _largest_by_group(flow.multiply(sigma).tocsr(), groups)
    room = np.where(before.is_unknown, 0.0, np.maximum(before.limit_l_s - before.demand_l_s, 0.0))
    made = {}
    for name, is_steepest in (("safe", True), ("hopeful", False)):
        chord = chord_slopes(before.peaking, domestic, most, steepest=is_steepest)
        steady, peaked = flow.multiply(weight + seeping), flow.multiply(sigma)
        peak_rows = steady + csr_array(peaked.multiply(chord[:, None]))
        mean_rows = flow.multiply(np.full(len(discharges), 1 + seeping))
        made[name] = csr_array(peak_rows.multiply(~is_mean[:, None]) + mean_rows.multiply(is_mean[:, None]))
    could_fill = (_largest_by_group(made["safe"], groups) > room) & np.isfinite(room)
    kept = np.flatnonzero(could_fill)
    return CapacityRows(
        elements=tuple(before.network.elements[kept].astype(str)),
        safe=made["safe"][kept],
        hopeful=made["hopeful"][kept],
        room_l_s=room[kept],
    )


def chord_slopes(peaking: Peaking, start: Floats, reach: Floats, *, steepest: bool) -> Floats:
    """The steepest (or flattest) slope of a chord of the peak-flow curve from ``start`` to anywhere ``reach`` further.

    With ``reach`` next to 0 it is the slope of the curve at ``start``. Exact: on each straight piece a + b·q of K the
    chord's slope is c/t + d + b·t, whose extremes lie at the ends of the piece or where its derivative vanishes.
    """
    base = peaking.peak(start)
    piece = np.searchsorted(peaking.knots, start, side="right")
    best = peaking.a[piece] + 2 * peaking.b[piece] * start
    choose = np.maximum if steepest else np.minimum
    lows = np.concatenate([[-np.inf], peaking.knots])
    highs = np.concatenate([peaking.knots, [np.inf]])
    for low, high, a, b in zip(lows, highs, peaking.a, peaking.b, strict=True):
        first = np.maximum(low - start, 0.0)
        last = np.minimum(high - start, reach)
        constant = a * start + b * start**2 - base
        turning = np.sqrt(np.maximum(constant * b, 0.0)) / abs(b) if b else np.zeros_like(start)
        for t in (first, last, np.clip(turning, first, np.maximum(first, last))):
            usable = (t > NOTHING_L_S) & (t >= first) & (t <= last)
            step = np.where(usable, t, 1.0)
            slope = constant / step + a + 2 * b * start + b * step
            best = np.where(usable, choose(best, slope), best)
    return np.asarray(best, dtype=np.float64)


def _shares(before: Assessed, discharges: Sequence[Discharge]) -> csr_array:
    """The part of each discharge that passes each element, (elements × discharges)."""
    network = before.network
    ways: dict[str, tuple[list[int], list[float]]] = {}
    for node in {discharge.node for discharge in discharges}:
        passed = downstream(network.topology, network.position(node))
        ways[node] = ([element for element, _ in passed], [part for _, part in passed])
    rows = [ways[discharge.node][0] for discharge in discharges]
    parts = [ways[discharge.node][1] for discharge in discharges]
    columns = np.repeat(np.arange(len(discharges)), [len(row) for row in rows])
    shape = (len(network.elements), len(discharges))
    return csr_array((np.concatenate(parts), (np.concatenate(rows), columns)), shape=shape)


def _largest_by_group(matrix: csr_array, groups: Ints) -> Floats:
    """Row by row: of each group the largest entry, all groups added up."""
    entries = matrix.tocoo()
    table = pd.DataFrame({"row": entries.row, "group": groups[entries.col], "value": entries.data})
    largest = table.groupby(["row", "group"])["value"].max().groupby(level="row").sum()
    total = np.zeros(matrix.shape[0])
    total[largest.index.to_numpy()] = largest.to_numpy()
    return total
