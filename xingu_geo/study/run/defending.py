"""What a planner defends a ranking with: why, what if, who else, and where its weights come from.

Comes in: results, judgements. Goes out: explanations, comparisons, weights. Must not know: screens to draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.planning.asking import Asking
from xingu_geo.siting.doubt.swings import swings
from xingu_geo.siting.measuring.roles import roles_of
from xingu_geo.siting.ranking.comparison import Comparison, Standing, compare
from xingu_geo.siting.ranking.dominance import dominated_by
from xingu_geo.siting.ranking.explanation import Explanation, explain
from xingu_geo.siting.weighting.ahp import Ahp, ahp, judgements_of
from xingu_geo.siting.weighting.objective import critic_weights, entropy_weights
from xingu_geo.siting.weighting.ordinal import places_of, rank_order_centroid, rank_sum
from xingu_geo.study.run.result import Result

ORDERS: Final = MappingProxyType({"roc": rank_order_centroid, "sum": rank_sum})


def explanation_of(result: Result, site_id: str) -> Explanation:
    """Every fact behind the place of ``site_id`` in ``result``."""
    return explain(result.matrix, result.scores, result.ranking, site_id=site_id, eligibility=result.eligibility)


def moved(before: Result, after: Result) -> Comparison:
    """What moved between two results, and why."""
    return compare(Standing(before.scores, before.ranking), Standing(after.scores, after.ranking))


def outdone(result: Result) -> pd.Series[int]:
    """By how many others each ranked site is outdone in everything that counts."""
    return dominated_by(result.matrix, result.scores, result.ranking)


def widest_swings(result: Result) -> pd.DataFrame:
    """What happens to first place when each weight is halved or raised by half, the widest first."""
    return swings(result.matrix, result.scores, result.ranking)


def layers_behind(asked: Sequence[Asking]) -> frozenset[str]:
    """The roles of the layers that these rules and criteria look at."""
    return frozenset().union(*(roles_of(one) for one in asked))


def judged(
    names: Sequence[str],
    pairs: Mapping[tuple[str, str], float],
    *,
    solving: Literal["eigenvector", "geometric_mean"],
) -> Ahp:
    """What judgements in pairs amount to."""
    return ahp(judgements_of(list(names), pairs), method=solving)


def shares_of_order(places: Mapping[str, float], method: str) -> dict[str, float]:
    """Weights by an order alone (``roc``, ``sum``); equal places share theirs."""
    return dict(zip(places, ORDERS[method](places_of(places)).tolist(), strict=True))


def shares_of_data(result: Result, method: str) -> tuple[dict[str, float], int]:
    """Weights read off the ranked sites (``entropy``, ``critic``), and from how many; 0 where nobody has a value."""
    values = result.matrix.value.loc[result.ranking.table.index]
    values = values[[name for name in values.columns if values[name].notna().any()]]
    table = values.to_numpy(dtype=float)
    rows = int((~np.isnan(table).any(axis=1)).sum())
    # Values are already 0 … 1 with 1 best, so every direction is up.
    found: Floats = entropy_weights(table) if method == "entropy" else critic_weights(table, np.ones(table.shape[1]))
    weights = dict.fromkeys(result.matrix.value.columns.astype(str), 0.0)
    return weights | dict(zip(values.columns.astype(str), found.tolist(), strict=True)), rows
