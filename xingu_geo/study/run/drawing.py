"""One draw of every value that is not certain, sites and criteria together.

Comes in: a result, its worlds of demand, accuracies, partners. Goes out: a function for :func:`robustness` to call.
Must not know: how probable a place is, why a figure is uncertain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.siting.doubt.uncertainty import DrawValues
from xingu_geo.siting.measuring.registry import VERBS
from xingu_geo.siting.measuring.whereabouts import Partners, partners_of
from xingu_geo.siting.ranking.missing import checked_policy, filled
from xingu_geo.study.run.result import Measured, Result

NEIGHBOURS: Final = "chain_neighbours"
NEAREST: Final = "chain_distance"
CHAIN: Final = (NEIGHBOURS, NEAREST)


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain criteria of a result, and the partners each looks at.

    ``partners`` are by question, so that two criteria that ask for the same actors see them at the same places in a
    draw; ``asked`` maps each criterion to its question. ``position`` and ``whereabouts`` say what of them is drawn.
    """

    partners: Mapping[str, Partners]
    asked: Mapping[str, str]
    position: bool
    whereabouts: bool

    def drawn(self, criteria: Mapping[str, Criterion], rng: np.random.Generator) -> dict[str, Floats]:
        """One draw of the figure of each chain criterion, by criterion, one for each site."""
        seen = {
            question: partners.drawn_m(rng, position=self.position, whereabouts=self.whereabouts)
            for question, partners in self.partners.items()
        }
        return {name: _figure(criteria[name], seen[question]) for name, question in self.asked.items()}


def chain_of(result: Result, *, position: bool, whereabouts: bool) -> Chain:
    """The partners of the ranked sites of ``result``; empty where neither is to be drawn or none is weighed."""
    measured = result.measured
    partners: dict[str, Partners] = {}
    asked: dict[str, str] = {}
    for criterion in measured.criteria if position or whereabouts else ():
        weighed = result.scores.weights.get(criterion.id) and criterion.id in result.matrix.value
        if not weighed or criterion.measure not in CHAIN:
            continue
        options: Any = VERBS[criterion.measure].options.model_validate(criterion.options)
        chosen = options.partners.get(measured.brief.type.stage, ())
        question = f"{criterion.layer} {sorted(chosen)} {options.accuracy_max_m}"
        asked[criterion.id] = question
        if question not in partners:
            partners[question] = partners_of(
                measured.context,
                criterion.layer,
                options,
                asking=result.ranking.table.index.sort_values(),
                zones=measured.zones.table,
            )
    return Chain(partners, asked, position, whereabouts)


def drawing(
    result: Result, worlds: Mapping[str, Measured], reach_m: Mapping[str, float], shares: Sequence[float], chain: Chain
) -> DrawValues:
    """A function that draws the values of the ranked sites, site_id × weighted criterion, by id and by name.

    Each draw lives in one of ``worlds`` (with these ``shares``); a site that is not eligible there has no values.
    ``reach_m`` moves a criterion's distance by as much, evenly, each site for itself; ``chain`` draws its own.
    """
    names = sorted(name for name, weight in result.scores.weights.items() if weight > 0)
    columns = {name: place for place, name in enumerate(names)}
    criteria = {criterion.id: criterion for criterion in result.measured.criteria}
    policy = checked_policy(result.scores.missing_policy)
    index = result.ranking.table.index.sort_values()
    frames = []
    for world in worlds.values():
        eligible = world.eligibility.eligible.loc[index].to_numpy()
        values = filled(world.matrix.value.loc[index, names].to_numpy(float), policy)
        values = np.where(eligible[:, None], values, np.nan)
        raw = {name: world.matrix.raw.loc[index, name].to_numpy(float) for name in reach_m if name in columns}
        frames.append((eligible, values, raw))
    lots = np.cumsum(shares) / np.sum(shares)

    def _draw(_number: int, rng: np.random.Generator) -> pd.DataFrame:
        eligible, values, raw = frames[int(np.searchsorted(lots, rng.random(), side="right"))]
        drawn = values.copy()
        figures = {
            name: np.maximum(raw[name] + rng.uniform(-reach_m[name], reach_m[name], len(index)), 0) for name in raw
        }
        for name, figure in {**figures, **chain.drawn(criteria, rng)}.items():
            moved = criteria[name].worth(figure)
            drawn[:, columns[name]] = np.where(eligible & ~np.isnan(moved), moved, values[:, columns[name]])
        return pd.DataFrame(drawn, index, names)

    return _draw


def _figure(criterion: Criterion, distance_m: Floats) -> Floats:
    if criterion.measure == NEIGHBOURS:
        return np.asarray((distance_m <= criterion.options["reach_m"]).sum(axis=1), dtype=float)
    return np.asarray(distance_m.min(axis=1, initial=np.inf), dtype=float)
