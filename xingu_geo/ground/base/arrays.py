"""The types of our arrays, named once.

Comes in: nothing. Goes out: :data:`Floats`, :data:`Ints`, :data:`Bools`. Must not know: what an array holds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def complete(matrix: Floats) -> Bools:
    """Which rows have no gap."""
    gaps = np.isnan(matrix)
    # Going along the rows costs many times the look at all cells, and mostly there is no gap at all.
    return np.asarray(~gaps.any(axis=1)) if gaps.any() else np.ones(len(matrix), dtype=bool)
