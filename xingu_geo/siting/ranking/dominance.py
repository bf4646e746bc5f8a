"""Who is better in everything that counts, whatever the weights.

Comes in: values, which criteria count. Goes out: how many sites dominate each. Must not know: how much each counts.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.missing import checked_policy, filled
from xingu_geo.siting.ranking.ranked import Ranking, Scores

_CELLS: Final = 8_000_000


def dominators(values: Floats, rows: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.int64]:
    """How many sites are at least as good in every criterion and better in one, for each of ``rows`` (default all).

    Parameters
    ----------
    values
        (sites, criteria); rows with a gap dominate nobody and count 0.

    Notes
    -----
    Compares each asked row with every site, in blocks: sites × rows × criteria. For all of 1,500 sites that is a
    moment, for all of 100,000 it is minutes: ask for the rows that matter.
    """
    asked = np.arange(len(values)) if rows is None else rows
    count = np.zeros(len(asked), dtype=np.int64)
    step = max(1, _CELLS // max(values.size, 1))
    for start in range(0, len(asked), step):
        block = values[asked[start : start + step], None, :]
        no_worse = (values[None, :, :] >= block).all(axis=2)
        better = (values[None, :, :] > block).any(axis=2)
        count[start : start + step] = (no_worse & better).sum(axis=1)
    return count


def dominated_by(matrix: CriteriaMatrix, scores: Scores, ranking: Ranking, *, first: int = 50) -> pd.Series[int]:
    """How many ranked sites dominate each of the ``first`` in the ranking, in the criteria that have a weight.

    0 means that some weights put the site first, alone or jointly; a dominated site no weights ever put ahead of its
    dominator. Gaps count as in ``scores``.
    """
    names = sorted(name for name, weight in scores.weights.items() if weight > 0)
    policy = checked_policy(scores.missing_policy)
    values = filled(matrix.value.loc[ranking.table.index, names].to_numpy(dtype=float), policy)
    rows = np.arange(min(first, len(values)))
    return pd.Series(dominators(values, rows), index=ranking.table.index[rows], name="dominated_by")
