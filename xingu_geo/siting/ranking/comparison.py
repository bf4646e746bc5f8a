"""Two rankings side by side: who moved, and what moved them.

Comes in: scores and rankings of two runs or two sets of weights. Goes out: :class:`Comparison`, sentences.
Must not know: why the two runs differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xingu_geo.siting.ranking.ranked import Ranking, Scores


@dataclass(frozen=True, slots=True)
class Standing:
    """One run's scores and ranking."""

    scores: Scores
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one standing to another.

    ``table``, by site_id of either side, in the order after (those without a rank last): ``rank_before`` and
    ``rank_after`` (NaN where unranked), ``moved`` (places gained, negative where lost), ``state_before`` and
    ``state_after`` (``ranked``, ``ineligible``, ``missing``, ``absent``), ``score_before``, ``score_after``,
    ``change`` (score points), and where both methods are weighted sums ``by_weights`` and ``by_values``, which sum to
    the change, and ``driver`` with ``driver_points``: the criterion whose contribution changed most in the direction
    of the change (``""`` where nothing did).
    ``differences`` is site_id × criterion, contribution after minus before; empty where a method does not add up.
    ``weights`` is criterion × (before, after, change). ``agreement`` is Kendall's τ-b over the sites ranked on both
    sides, 1 for the same order, NaN for fewer than two or all tied.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    weights: pd.DataFrame
    entered: tuple[str, ...]
    left: tuple[str, ...]
    agreement: float

    @property
    def moved(self) -> pd.DataFrame:
        """The sites ranked on both sides whose rank changed, the greatest moves first."""
        rows = self.table[self.table["moved"].fillna(0) != 0]
        order = np.lexsort((rows["rank_after"], -rows["moved"].abs()))
        return rows.iloc[order]


def compare(before: Standing, after: Standing) -> Comparison:
    """What moved between two standings, and why."""
    index = before.scores.score.index.union(after.scores.score.index)
    table = pd.concat([_side(before, index, "before"), _side(after, index, "after")], axis="columns")
    table["moved"] = table["rank_before"] - table["rank_after"]
    table["change"] = table["score_after"] - table["score_before"]
    weights = _weights(before.scores.weights, after.scores.weights)
    differences = _differences(before.scores, after.scores, index, list(weights.index))
    table = pd.concat([table, _reasons(before.scores, after.scores, index, differences)], axis="columns")
    order = np.lexsort((table.index.to_numpy(dtype=object), table["rank_after"].fillna(np.inf)))
    table = table.iloc[order]
    ranked = (table["state_before"] == "ranked", table["state_after"] == "ranked")
    return Comparison(
        table=table,
        differences=differences.loc[table.index],
        weights=weights,
        entered=tuple(table.index[~ranked[0] & ranked[1]]),
        left=tuple(table.index[ranked[0] & ~ranked[1]]),
        agreement=_agreement(table[ranked[0] & ranked[1]]),
    )


def _side(standing: Standing, index: pd.Index[str], name: str) -> pd.DataFrame:
    unranked = standing.ranking.unranked.reindex(index)
    state = pd.Series("absent", index=index, dtype="str").mask(unranked.notna(), unranked)
    state = state.mask(index.isin(standing.ranking.table.index), "ranked")
    return pd.DataFrame(
        {
            f"rank_{name}": standing.ranking.table["rank"].reindex(index).astype(float),
            f"state_{name}": state,
            f"score_{name}": standing.scores.score.reindex(index),
        },
        index=index,
    )


def _weights(before: Mapping[str, float], after: Mapping[str, float]) -> pd.DataFrame:
    names = [*before, *(name for name in after if name not in before)]
    table = pd.DataFrame(
        {"before": [before.get(name, 0.0) for name in names], "after": [after.get(name, 0.0) for name in names]},
        index=pd.Index(names, name="criterion"),
    )
    table["change"] = table["after"] - table["before"]
    return table


def _differences(before: Scores, after: Scores, index: pd.Index[str], names: list[str]) -> pd.DataFrame:
    """Contribution after minus before; a criterion that one side does not have contributed nothing there."""
    if before.contributions.columns.empty or after.contributions.columns.empty:
        return pd.DataFrame(index=index)
    return _points(after, index, names) - _points(before, index, names)


def _points(scores: Scores, index: pd.Index[str], names: list[str]) -> pd.DataFrame:
    known = scores.score.reindex(index).notna()
    points = scores.contributions.reindex(index=index, columns=names).astype(float)
    return points.fillna(0.0).where(known, np.nan)


def _reasons(before: Scores, after: Scores, index: pd.Index[str], differences: pd.DataFrame) -> pd.DataFrame:
    if before.method != "weighted_sum" or after.method != "weighted_sum" or differences.columns.empty:
        return pd.DataFrame(index=index)
    names = list(differences.columns)
    by_weights = pd.Series(0.0, index=index).where(differences.notna().all(axis="columns"), np.nan)
    for name in names:
        old, new = before.weights.get(name, 0.0), after.weights.get(name, 0.0)
        value_old = _value(before, name, old, index)
        value_new = _value(after, name, new, index)
        # Δ(w v) = Δw × mean v + Δv × mean w; where one side has no weight its value did not count: take the other's.
        mean = (value_old.fillna(value_new) + value_new.fillna(value_old)) / 2
        by_weights = by_weights + 100 * (new - old) * mean.fillna(0.0)
    change = differences.sum(axis="columns", min_count=1)
    signed = differences.mul(np.sign(change), axis="index").fillna(-np.inf)
    strongest = signed.to_numpy().argmax(axis=1)
    moved = (change.abs() > 1e-9).to_numpy()
    at = np.arange(len(index))
    return pd.DataFrame(
        {
            "by_weights": by_weights,
            "by_values": change - by_weights,
            "driver": pd.Series(
                np.where(moved, np.array(names, dtype=object)[strongest], ""), index=index, dtype="str"
            ),
            "driver_points": np.where(moved, differences.to_numpy()[at, strongest], np.nan),
        },
        index=index,
    )


def _value(scores: Scores, name: str, weight: float, index: pd.Index[str]) -> pd.Series[float]:
    if weight == 0 or name not in scores.contributions.columns:
        return pd.Series(np.nan, index=index)
    return scores.contributions[name].reindex(index) / (100 * weight)


def _agreement(both: pd.DataFrame) -> float:
    if both["rank_before"].nunique() < 2 or both["rank_after"].nunique() < 2:
        return float("nan")
    from scipy.stats import kendalltau  # noqa: PLC0415 - half a second that only a comparison needs

    return float(kendalltau(both["rank_before"], both["rank_after"]).statistic)
