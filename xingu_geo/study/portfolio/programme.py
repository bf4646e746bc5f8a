"""Choosing 0/1 under rows of limits, and telling which candidates cannot be in any better choice.

Comes in: values, rows, limits. Goes out: choices and bounds. Must not know: what a candidate is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from xingu_geo.ground.base.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Maximise ``value·x`` with ``rows·x ≤ limits`` and x 0 or 1."""

    value: Floats
    rows: csr_array
    limits: Floats

    def only(self, kept: Ints) -> Programme:
        """The same with the candidates ``kept`` alone."""
        return Programme(self.value[kept], csr_array(self.rows[:, kept]), self.limits)


def best_choice(
    programme: Programme, *, ruled_out: Sequence[Ints] = (), gap: float, seconds: float
) -> tuple[Floats, float]:
    """The best choice found and what no choice can exceed; a set of ``ruled_out`` may not be chosen whole."""
    rows, limits = [programme.rows], [programme.limits]
    if ruled_out:
        columns = np.concatenate(ruled_out)
        numbers = np.repeat(np.arange(len(ruled_out)), [len(one) for one in ruled_out])
        shape = (len(ruled_out), len(programme.value))
        rows.append(csr_array((np.ones(len(columns)), (numbers, columns)), shape=shape))
        limits.append(np.array([len(one) - 1.0 for one in ruled_out]))
    answer = milp(
        -programme.value,
        integrality=np.ones(len(programme.value)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(csr_array(vstack(rows)), -np.inf, np.concatenate(limits)),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    bound = float(programme.value.sum()) if answer.mip_dual_bound is None else -float(answer.mip_dual_bound)
    found = np.zeros(len(programme.value)) if answer.x is None else np.round(answer.x)
    return found, bound


def losses(programme: Programme) -> tuple[float, Floats]:
    """What no choice can exceed, and by how much less that is for any choice with a given candidate in it.

    From the linear relaxation and its reduced costs: a candidate whose loss exceeds the bound less the value of a
    choice in hand is in no better choice, and may be left out without giving up the proof.
    """
    answer = linprog(-programme.value, A_ub=programme.rows, b_ub=programme.limits, bounds=(0, None), method="highs")
    if answer.x is None:
        return float(programme.value.sum()), np.zeros(len(programme.value))
    return -float(answer.fun), np.maximum(np.asarray(answer.lower.marginals, dtype=np.float64), 0.0)
