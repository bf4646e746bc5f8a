"""The carriers of ranking.

Comes in: scores and ranks. Goes out: :class:`Scores`, :class:`Ranking`. Must not know: how they were computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Scores:
    """A score in [0, 100] for every site, eligible or not, and what it is made of.

    ``contributions`` (site_id × criterion) sum to ``score`` for additive methods; it is empty for the others.
    ``weights`` are normalised to 1. ``missing`` counts the criteria a site has no value for.
    """

    score: pd.Series[float]
    contributions: pd.DataFrame
    weights: Mapping[str, float]
    missing: pd.Series[int]
    method: str
    missing_policy: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks of the eligible sites, best first.

    ``table`` is indexed by site_id in rank order (ties in the order of the id) with ``rank`` (1 = best, joint
    places share the smaller number: 1, 1, 3), ``is_tied`` and ``score``.
    """

    table: pd.DataFrame
