"""Who is better in everything that counts, whatever the weights.

Comes in: values. Goes out: how many sites dominate each. Must not know: weights.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from xingu_geo.ranking.additive import Floats

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
