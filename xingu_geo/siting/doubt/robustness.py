"""How firm a ranking stands when its weights, and its values, are not taken for certain.

Comes in: the matrix, scores and ranking of one run, what is uncertain. Goes out: :class:`Robustness`.
Must not know: geometry, why a value is uncertain, languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.doubt.acceptability import Acceptability, Groups, accept, best_under, one_thread
from xingu_geo.siting.doubt.draws import any_weights, ordered_weights, weights_around
from xingu_geo.siting.doubt.stability import Grade, Stability, stability_of, wilson
from xingu_geo.siting.doubt.switching import room_of_weights, searched_room, weight_to_move
from xingu_geo.siting.doubt.uncertainty import Uncertainty, sites_of, value_groups
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.missing import checked_policy, filled
from xingu_geo.siting.ranking.overtaking import PointsOf
from xingu_geo.siting.ranking.ranked import Ranking, Scores

About = Literal["around", "order", "any"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """What is drawn, how often, and from which seed.

    ``about``: ``around`` the chosen weights (Dirichlet with ``concentration``), any that keep their ``order``, or
    ``any`` at all; criteria of weight 0 stay out. ``top`` is how many places are counted.
    """

    about: About = "around"
    draws: int = 1_000
    top: int = 10
    concentration: float = 100.0
    seed: int = 20_260_101


DEFAULT: Final = Sampling()
SEARCHED_SITES: Final = 500


@dataclass(frozen=True, slots=True)
class Robustness:
    """The ranking under drawn weights and values.

    ``table``, by site_id, of every site that came among the first ``sampling.top`` in some draw, likeliest first:
    ``p_first`` (alone or jointly) with its 95 % interval ``p_first_low``, ``p_first_high``; ``p_top``;
    ``confidence_factor``, the probability of being first under its own central weights. ``acceptability`` is
    site_id × place; ``central_weights`` site_id × criterion, of the sites that ever were first.
    ``standard_error`` is the greatest of any ``p_first``. ``switch``, by criterion (exact for the weighted sum, else
    searched, and empty beyond :data:`SEARCHED_SITES` sites): the weight, the range ``low``–``high`` in which first
    place stays, who draws level at its ends (``""`` where nobody does), and ``room``, how far the nearest such end is
    (NaN where first place stays whatever this weight is). ``to_move`` is the least share of all weight that must
    change hands before ``move_rival`` draws level; None for other methods, 1.0 without rival where none can.
    """

    table: pd.DataFrame
    acceptability: pd.DataFrame
    central_weights: pd.DataFrame
    stability: Stability
    standard_error: float
    switch: pd.DataFrame
    to_move: float | None
    move_rival: str
    sampling: Sampling

    @property
    def grade(self) -> Grade:
        """The stability of first place in one word."""
        return self.stability.grade


def robustness(
    matrix: CriteriaMatrix,
    scores: Scores,
    ranking: Ranking,
    *,
    sampling: Sampling = DEFAULT,
    uncertainty: Uncertainty | None = None,
) -> Robustness:
    """How often each ranked site is first and among the first, and how far weights may move.

    Gaps are treated as in ``scores``, whose method is used too; its weights are what the draws are about.

    Raises
    ------
    XinguError
        ``nothing_ranked``, ``sampling_wrong``, ``uncertainty_lacks``, ``scenario_shares``, ``range_reversed``.

    Notes
    -----
    The weighted sum takes a tenth of a second for 1,000 draws over 100,000 sites; other methods, and values drawn
    afresh for every draw, are evaluated draw by draw and suit thousands of sites.
    """
    _check(sampling, ranking)
    names = sorted(name for name, weight in scores.weights.items() if weight > 0)
    centre = np.array([scores.weights[name] for name in names])
    policy = checked_policy(scores.missing_policy)
    base = matrix.value.loc[ranking.table.index, names]
    base = pd.DataFrame(filled(base.to_numpy(dtype=float), policy), index=base.index, columns=base.columns)
    sites = sites_of(base, uncertainty)
    weight_rng, value_rng, second_rng = np.random.default_rng(sampling.seed).spawn(3)
    weights = _drawn(sampling, centre, weight_rng)
    groups = value_groups(base, uncertainty, sites=sites, draws=sampling.draws, rng=value_rng)
    found = accept(groups, weights, top=sampling.top, points_of=_points_of(scores))
    factors = _confidence_factors(
        found,
        value_groups(base, uncertainty, sites=sites, draws=sampling.draws, rng=second_rng),
        sites=len(sites),
        points_of=_points_of(scores),
    )
    table, acceptability, central = _tables(found, factors, sites=sites, names=names, top=sampling.top)
    leaders = ranking.table.index[ranking.table["rank"] == 1]
    first = int(max((found.first_counts[found.sites == sites.get_loc(name)].sum() for name in leaders), default=0))
    switch, to_move, rival = _switches(base, centre, leader=str(leaders[0]), points_of=_points_of(scores))
    return Robustness(
        table=table,
        acceptability=acceptability,
        central_weights=central,
        stability=stability_of(str(leaders[0]), first, sampling.draws),
        standard_error=float(np.sqrt(table["p_first"] * (1 - table["p_first"]) / sampling.draws).max()),
        switch=switch,
        to_move=to_move,
        move_rival=rival,
        sampling=sampling,
    )


def _check(sampling: Sampling, ranking: Ranking) -> None:
    if ranking.table.empty:
        raise XinguError("nothing_ranked")
    if sampling.about not in get_args(About):
        raise XinguError("sampling_wrong", key="about", found=sampling.about)
    for key in ("draws", "top", "concentration"):
        found = getattr(sampling, key)
        if not np.isfinite(found) or found <= 0:
            raise XinguError("sampling_wrong", key=key, found=found)


def _drawn(sampling: Sampling, centre: Floats, rng: np.random.Generator) -> Floats:
    if sampling.about == "any":
        return any_weights(sampling.draws, len(centre), rng=rng)
    if sampling.about == "order":
        return ordered_weights(-centre, sampling.draws, rng=rng)
    return weights_around(centre, sampling.draws, concentration=sampling.concentration, rng=rng)


def _points_of(scores: Scores) -> PointsOf | None:
    if scores.method == "weighted_sum":
        return None
    method = METHODS[scores.method]
    return lambda values, weights: method.points(values, weights, scores.risk)[0]


def _confidence_factors(found: Acceptability, groups: Groups, *, sites: int, points_of: PointsOf | None) -> Floats:
    """The share of fresh value draws in which each found site is first under its central weights."""
    central = np.full((sites, found.weight_sums.shape[1]), np.nan)
    central[found.sites] = found.central_weights
    won = np.zeros(sites)
    with one_thread():
        for values, draws in groups:
            if len(draws):
                won += len(draws) * best_under(values, central, points_of=points_of)
    return np.where(np.isnan(central).any(axis=1), np.nan, won / found.draws)[found.sites]


def _tables(
    found: Acceptability, factors: Floats, *, sites: pd.Index[str], names: list[str], top: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    index = sites[found.sites].rename("site_id")
    shares = found.counts / found.draws
    low, high = wilson(found.first_counts, found.draws)
    table = pd.DataFrame(
        {
            "p_first": shares[:, 0],
            "p_first_low": low,
            "p_first_high": high,
            "p_top": shares.sum(axis=1),
            "confidence_factor": factors,
        },
        index=index,
    )
    # Sites come by id and the sort is stable, so equal sites stay in the order of the id.
    order = np.lexsort((-found.counts.sum(axis=1), -found.first_counts))
    places = pd.DataFrame(shares, index=index, columns=pd.RangeIndex(1, top + 1, name="place"))
    central = pd.DataFrame(found.central_weights, index=index, columns=names)
    ever = (found.first_counts > 0)[order]
    return table.iloc[order], places.iloc[order], central.iloc[order][ever]


def _switches(
    base: pd.DataFrame, centre: Floats, *, leader: str, points_of: PointsOf | None
) -> tuple[pd.DataFrame, float | None, str]:
    columns = ["weight", "low", "high", "low_rival", "high_rival", "room"]
    if points_of is not None and len(base) > SEARCHED_SITES:
        return pd.DataFrame(columns=columns), None, ""
    ordered = base.sort_index()
    values, position = ordered.to_numpy(dtype=float), int(np.flatnonzero(ordered.index == leader)[0])
    if points_of is None:
        room = room_of_weights(values, centre, leader=position)
    else:
        room = searched_room(values, centre, leader=position, points_of=points_of)
    named = np.array([*ordered.index, ""], dtype=object)
    switch = pd.DataFrame(
        {
            "weight": centre,
            "low": room.low,
            "high": room.high,
            "low_rival": named[room.low_rival],
            "high_rival": named[room.high_rival],
            "room": room.nearest(centre),
        },
        index=pd.Index(base.columns, name="criterion"),
        columns=columns,
    )
    if points_of is not None:
        return switch, None, ""
    to_move, rival = weight_to_move(values, centre, leader=position)
    return switch, to_move, str(named[rival])
