"""Connected sets of a graph under an upper weight, each exactly once, grown level by level on arrays.

Comes in: node weights and edges. Goes out: sorted rows of node numbers. Must not know: that nodes are parcels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Bools, Floats, Ints
from xingu_geo.ground.base.errors import XinguError

SETS_MAX: Final = 3_000_000


def connected_sets(
    weight: Floats,
    edges: Ints,
    *,
    members_max: int,
    weight_max: float,
    keep: Callable[[Ints], Bools] | None = None,
    narrow: Callable[[Ints], Ints] | None = None,
) -> Iterator[Ints]:
    """Every connected set of 1 … ``members_max`` nodes with a total weight of at most ``weight_max``, each once.

    ``edges`` is (m, 2), ``weight`` not negative. The k-th array is (n, k): sorted node numbers, rows in lexical
    order. A connected set of k + 1 nodes always holds a connected one of k, which weighs no more; so growing level
    by level, dropping what is too heavy and keeping one of equal rows finds all of them.

    ``keep`` says which rows of a level stay; the search stays exact if, whenever it keeps a set, it also keeps all
    its connected subsets. ``narrow`` picks the rows a level is grown from; with it the search is a heuristic.

    Raises
    ------
    XinguError
        ``assembly_too_many`` when a level has more than :data:`SETS_MAX` sets.
    """
    light = weight <= weight_max
    usable = edges[light[edges].all(axis=1)]
    start, neighbours = _neighbours(len(weight), usable)
    level = np.flatnonzero(light)[:, None].astype(np.int64)
    yield level
    for _ in range(1, members_max):
        level = _grown(narrow(level) if narrow else level, start, neighbours)
        level = level[weight[level].sum(axis=1) <= weight_max]
        if keep:
            level = level[keep(level)]
        if len(level) > SETS_MAX:
            raise XinguError("assembly_too_many", count=len(level), limit=SETS_MAX)
        yield level


def is_connected(adjacent: Bools) -> Bools:
    """Whether each of the (n, k, k) graphs is connected, shape (n,)."""
    reached = np.zeros(adjacent.shape[:2], dtype=bool)
    reached[:, 0] = True
    for _ in range(adjacent.shape[1] - 1):
        reached |= (adjacent & reached[:, :, None]).any(axis=1)
    return np.asarray(reached.all(axis=1), dtype=bool)


def distinct_of(codes: Ints) -> Ints:
    """How many different codes each row holds, shape (n,)."""
    ordered = np.sort(codes, axis=1)
    return np.asarray(1 + (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1), dtype=np.int64)


def _neighbours(count: int, edges: Ints) -> tuple[Ints, Ints]:
    """Compressed neighbour lists: those of node i are ``neighbours[start[i]:start[i + 1]]``."""
    both = np.concatenate([edges, edges[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    start = np.searchsorted(both[:, 0], np.arange(count + 1))
    return start.astype(np.int64), both[:, 1]


def _grown(level: Ints, start: Ints, neighbours: Ints) -> Ints:
    """Every set of ``level`` with one neighbour more, each once, members sorted, rows in lexical order."""
    rows, size = level.shape
    degree = (start[1:] - start[:-1])[level].ravel()
    parent = np.repeat(np.repeat(np.arange(rows), size), degree)
    offset = np.arange(len(parent)) - np.repeat(np.cumsum(degree) - degree, degree)
    added = neighbours[np.repeat(start[level].ravel(), degree) + offset]
    parent, added = np.divmod(_sorted_once(parent * len(start) + added), len(start))
    is_new = (level[parent] != added[:, None]).all(axis=1)
    grown = np.concatenate([level[parent[is_new]], added[is_new, None]], axis=1)
    return _unique_rows(np.sort(grown, axis=1))


def _sorted_once(keys: Ints) -> Ints:
    """The distinct keys in order; sorting beats numpy's hashing on keys that are mostly distinct."""
    ordered = np.sort(keys)
    is_first = np.ones(len(ordered), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def _unique_rows(rows: Ints) -> Ints:
    """The distinct rows in lexical order, by one integer key built column by column so that it cannot overflow."""
    key = rows[:, 0]
    for column in range(1, rows.shape[1]):
        key = np.unique(key, return_inverse=True)[1] * (int(rows.max(initial=0)) + 1) + rows[:, column]
    return rows[np.unique(key, return_index=True)[1]]
