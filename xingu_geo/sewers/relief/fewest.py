"""The fewest discharges that together overload an element.

Comes in: an assessed network, discharges, and which part of each passes which element. Goes out: their ids.
Must not know: tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import TOLERANCE
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.discharge import Discharge

SUBSETS_MAX: Final = 16
"""Up to this many discharges through an element every subset is tried."""

Excess = Callable[[Sequence[int]], float]


def fewest_in_conflict(
    before: Assessed, discharges: Sequence[Discharge], way: pd.DataFrame
) -> tuple[tuple[str, ...], bool]:
    """The fewest discharges that overload one of the elements of ``way`` (element × discharge: the part that passes).

    Nothing where no element is named; of equally small sets the one that overloads by most, relative to the limit.
    An element that is over without them needs one discharge only. The second value is False where there were too many
    to try every subset: the set then conflicts, and none of it can be left out, but a smaller one may exist.
    """
    best: tuple[int, float, tuple[int, ...]] | None = None
    is_fewest = True
    for element in way.index:
        added = added_l_s(before.network, discharges, way.loc[element].to_numpy(float))
        users = np.flatnonzero(added.sum(axis=0) > 0)
        excess = _excess_of(before, str(element), added)
        found, tried_all = _fewest(users, excess, at_most=best[0] if best else len(users))
        is_fewest &= tried_all
        if found and (best is None or (len(found), -excess(found)) < best[:2]):
            best = (len(found), -excess(found), found)
    return tuple(discharges[i].id for i in best[2]) if best else (), is_fewest


def added_l_s(network: Network, discharges: Sequence[Discharge], share: Floats) -> Floats:
    """What each discharge adds where ``share`` of it passes [L/s]; rows as in :attr:`Flows.parts`."""
    flow = np.array([discharge.flow_m3_d for discharge in discharges]) * share / M3_D_PER_L_S
    sigma = np.array([discharge.effluent.domestic_share for discharge in discharges])
    peaking = np.array([discharge.effluent.industrial_peaking for discharge in discharges])
    industrial = flow * (1 - sigma)
    return np.stack([flow * sigma, industrial, peaking * industrial, network.infiltration_share * flow])


def _excess_of(before: Assessed, element: str, added: Floats) -> Excess:
    """Demand over limit, less 1, of one element when some of the discharges are there."""
    at = before.position(element)
    base, limit = before.flows.parts[:, at], float(before.limit_l_s[at])

    def _excess(chosen: Sequence[int]) -> float:
        return float(before.asked_l_s(base + added[:, list(chosen)].sum(axis=1), at) / limit - 1)

    return _excess


def _fewest(users: Ints, excess: Excess, *, at_most: int) -> tuple[tuple[int, ...], bool]:
    """The fewest of ``users`` with an excess above 0, at most ``at_most``; and whether all subsets were tried."""
    chosen: list[int] = users.tolist()
    if len(chosen) <= SUBSETS_MAX:
        for size in range(1, min(at_most, len(chosen)) + 1):
            worst = max(combinations(chosen, size), key=excess)
            if excess(worst) > TOLERANCE:
                return worst, True
        return (), True
    for user in sorted(chosen, key=lambda one: excess([one])):
        without = [one for one in chosen if one != user]
        if excess(without) > TOLERANCE:
            chosen = without
    return tuple(chosen), False
