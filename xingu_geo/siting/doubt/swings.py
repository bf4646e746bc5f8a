"""What happens to first place when one weight swings: the bars of a tornado plot.

Comes in: the matrix, scores and ranking of one run. Goes out: the lead of first place for each weight turned down and
up. Must not know: how a bar is drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.missing import checked_policy, filled
from xingu_geo.siting.ranking.overtaking import shifted
from xingu_geo.siting.ranking.ranked import Ranking, Scores


def swings(matrix: CriteriaMatrix, scores: Scores, ranking: Ranking, *, swing: float = 0.5) -> pd.DataFrame:
    """The lead of first place over the best other site, one weight at a time turned down and up by ``swing``.

    Parameters
    ----------
    swing
        Share of the weight, in (0, 1]: 0.5 halves it and raises it by half (to 1 at most); the others keep their
        proportions.

    Returns
    -------
    By criterion with a weight, the widest swing first: ``weight``, ``weight_down``, ``weight_up``; ``lead_down`` and
    ``lead_up`` in score points, negative where another site takes first place; ``first_down`` and ``first_up``, the
    site first then. Leads are NaN where only one site is ranked, or one criterion weighed.

    Raises
    ------
    XinguError
        ``nothing_ranked``, ``swing_wrong``.
    """
    if ranking.table.empty:
        raise XinguError("nothing_ranked")
    if not 0 < swing <= 1:
        raise XinguError("swing_wrong", found=swing)
    names = sorted(name for name, weight in scores.weights.items() if weight > 0)
    weights = np.array([scores.weights[name] for name in names])
    values = filled(
        matrix.value.loc[ranking.table.index, names].to_numpy(dtype=float), checked_policy(scores.missing_policy)
    )
    rows = []
    for column, weight in enumerate(weights):
        row: dict[str, object] = {"weight": float(weight)}
        for side, factor in (("down", 1 - swing), ("up", 1 + swing)):
            turned = min(float(weight) * factor, 1.0)
            lead, first = float("nan"), str(ranking.table.index[0])
            if weight < 1:
                lead, first = _lead(values, shifted(weights, column, turned), scores, ranking.table.index)
            row |= {f"weight_{side}": turned, f"lead_{side}": lead, f"first_{side}": first}
        rows.append(row)
    table = pd.DataFrame(rows, index=pd.Index(names, name="criterion"))
    width = (table["lead_up"] - table["lead_down"]).abs()
    return table.loc[width.sort_values(ascending=False, kind="stable").index]


def _lead(values: Floats, weights: Floats, scores: Scores, index: pd.Index[str]) -> tuple[float, str]:
    """How far today's first site is ahead of the best other, and who is first with these weights."""
    points = 100 * METHODS[scores.method].points(values, weights, scores.risk)[0]
    others = points[1:]
    if not len(others):
        return float("nan"), str(index[0])
    # On a draw today's first site stays first, as nothing has taken its place.
    best = int(others.argmax()) + 1
    lead = float(points[0] - points[best])
    return lead, str(index[0 if lead >= -1e-9 else best])
