"""Why a site stands where it stands: plain facts, no words.

Comes in: the matrix, scores, ranking and eligibility of one run. Goes out: :class:`Explanation`.
Must not know: languages, geometry, how a value was measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.judging.eligibility import Eligibility
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.exclusion import Failure, failures, figure
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.siting.ranking.order import TIE_DECIMALS
from xingu_geo.siting.ranking.overtaking import (
    Change,
    level_values_of_sum,
    level_weights_of_sum,
    needed_values,
    needed_weights,
)
from xingu_geo.siting.ranking.ranked import Ranking, Scores

State = Literal["ranked", "ineligible", "missing"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion does for a site.

    ``raw`` is in the criterion's unit (a word for a class) and ``value`` in [0, 1], both None where missing.
    ``points`` are score points, ``possible`` what a value of 1 would give, ``lost`` their difference; None for methods
    that do not add up.
    """

    criterion: str
    weight: float
    raw: float | str | None
    value: float | None
    points: float | None
    possible: float | None
    lost: float | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Rival:
    """Another ranked site and the distance to it in score points, never negative."""

    site_id: str
    rank: int
    score: float
    gap: float


@dataclass(frozen=True, slots=True)
class Overtake:
    """What would put the site level with ``rival``: one criterion's value, or one criterion's weight, at a time."""

    rival: Rival
    values: tuple[Change, ...]
    weights: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every fact behind one site's place.

    ``parts`` stand in waterfall order, most points first (by weight × value where the method does not add up),
    criteria without weight left out. ``strongest`` gives most points, ``weakest`` loses most. ``first`` is the site
    in first place, ``ahead`` the nearest better and ``behind`` the nearest worse one, None where there is none.
    ``tied`` counts the other sites in the same place; ``of`` counts the ranked. A site that is out has no ``rank``,
    but ``would_rank``: its place if it were let in as it is. ``confidence`` is the weakest under the score.
    """

    site_id: str
    state: State
    method: str
    score: float | None
    rank: int | None
    would_rank: int | None
    tied: int
    of: int
    parts: tuple[Part, ...]
    gaps: tuple[str, ...]
    strongest: str | None
    weakest: str | None
    first: Rival | None
    ahead: Rival | None
    behind: Rival | None
    overtake: Overtake | None
    failures: tuple[Failure, ...]
    flags: tuple[str, ...]
    confidence: Confidence


def explain(
    matrix: CriteriaMatrix,
    scores: Scores,
    ranking: Ranking,
    *,
    site_id: str,
    eligibility: Eligibility | None = None,
) -> Explanation:
    """The facts behind the place of ``site_id``, or behind its having none.

    Raises
    ------
    XinguError
        ``site_unknown`` where the run knows no such site.
    """
    if site_id not in scores.score.index:
        raise XinguError("site_unknown", site=site_id)
    score = _number(scores.score.loc[site_id])
    table = ranking.table
    ranked = site_id in ranking.table.index
    state: State = "ranked" if ranked else ("ineligible" if _reason(ranking, site_id) == "ineligible" else "missing")
    parts = _parts(matrix, scores, site_id)
    known = [part for part in parts if part.value is not None]
    own = int(table["rank"].to_numpy()[table.index.get_loc(site_id)]) if ranked else None
    first, ahead, behind, tied = _neighbours(table, own) if own else (None, None, None, 0)
    return Explanation(
        site_id=site_id,
        state=state,
        method=scores.method,
        score=score,
        rank=own,
        would_rank=None if ranked or score is None else _would_rank(table, score),
        tied=tied,
        of=len(table),
        parts=parts,
        gaps=tuple(part.criterion for part in parts if part.value is None),
        strongest=known[0].criterion if known else None,
        weakest=_most_lost(parts),
        first=first,
        ahead=ahead,
        behind=behind,
        overtake=_overtake(matrix, scores, site_id, ahead) if ahead else None,
        failures=failures(eligibility, site_id=site_id) if eligibility is not None else (),
        flags=tuple(eligibility.flags(site_id)) if eligibility is not None else (),
        confidence=weakest(*(part.confidence for part in parts)),
    )


def _reason(ranking: Ranking, site_id: str) -> str:
    return str(ranking.unranked.get(site_id, "missing"))


def _number(cell: object) -> float | None:
    found = figure(cell)
    return found if isinstance(found, float) else None


def _parts(matrix: CriteriaMatrix, scores: Scores, site_id: str) -> tuple[Part, ...]:
    values, raws = matrix.value.loc[site_id], matrix.raw.loc[site_id]
    adds = not scores.contributions.columns.empty
    points = scores.contributions.loc[site_id] if adds else None
    made = []
    for name, weight in scores.weights.items():
        if weight == 0:
            continue
        gained = _number(points[name]) if points is not None else None
        possible = 100 * weight if adds and scores.method == "weighted_sum" else None
        made.append(
            Part(
                criterion=name,
                weight=weight,
                raw=_word(matrix, name, site_id) or figure(raws[name]),
                value=_number(values[name]),
                points=gained,
                possible=possible,
                lost=None if gained is None or possible is None else max(possible - gained, 0.0),
                confidence=matrix.confidence[name],
            )
        )
    return tuple(sorted(made, key=lambda part: (-_gained(part), part.criterion)))


def _word(matrix: CriteriaMatrix, criterion: str, site_id: str) -> str | None:
    """The word of a class criterion, whose raw figure is only the word's place in its list."""
    return str(matrix.words.loc[site_id, criterion]) if criterion in matrix.words.columns else None


def _gained(part: Part) -> float:
    return part.points if part.points is not None else part.weight * (part.value or 0.0)


def _most_lost(parts: tuple[Part, ...]) -> str | None:
    """The criterion that costs most; None where nothing is lost."""
    if not parts:
        return None
    worst = max(parts, key=lambda part: part.weight * (1 - (part.value or 0.0)))
    return worst.criterion if (worst.value or 0.0) < 1 else None


def _would_rank(table: pd.DataFrame, score: float) -> int:
    better = np.round(table["score"].to_numpy(dtype=float), TIE_DECIMALS) > round(score, TIE_DECIMALS)
    return int(better.sum()) + 1


def _neighbours(table: pd.DataFrame, own: int) -> tuple[Rival | None, Rival | None, Rival | None, int]:
    """First, nearest better and nearest worse site of rank ``own``, and how many others share it."""
    ranks, points = table["rank"].to_numpy(), table["score"].to_numpy(dtype=float)
    start, stop = int(np.searchsorted(ranks, own, side="left")), int(np.searchsorted(ranks, own, side="right"))

    def _rival(position: int) -> Rival:
        gap = abs(points[position] - points[start])
        return Rival(str(table.index[position]), int(ranks[position]), float(points[position]), float(gap))

    first = _rival(0) if own > 1 else None
    ahead = _rival(int(np.searchsorted(ranks, ranks[start - 1], side="left"))) if start > 0 else None
    behind = _rival(stop) if stop < len(table) else None
    return first, ahead, behind, stop - start - 1


def _overtake(matrix: CriteriaMatrix, scores: Scores, site_id: str, rival: Rival) -> Overtake | None:
    method = METHODS[scores.method]
    if method.compares:
        return None
    names = [name for name, weight in scores.weights.items() if weight > 0]
    weights = np.array([scores.weights[name] for name in names])
    pair = np.nan_to_num(matrix.value.loc[[site_id, rival.site_id], names].to_numpy(dtype=float), nan=0.0)

    values: list[float | None]
    by_weight: list[float | None]
    if scores.method == "weighted_sum":
        values = level_values_of_sum(pair[0], pair[1], weights)
        level = level_weights_of_sum(pair[0], pair[1:], weights)[0]
        by_weight = [None if math.isnan(weight) else float(weight) for weight in level]
    else:

        def _points_of(values: Floats, by: Floats) -> Floats:
            return method.points(values, by, scores.risk)[0]

        values = needed_values(pair[0], pair[1], weights, points_of=_points_of)
        by_weight = needed_weights(pair[0], pair[1], weights, points_of=_points_of)
    return Overtake(
        rival=rival,
        values=tuple(Change(n, float(v), needed) for n, v, needed in zip(names, pair[0], values, strict=True)),
        weights=tuple(Change(n, float(w), needed) for n, w, needed in zip(names, weights, by_weight, strict=True)),
    )
