"""Which project goes where, when all share one sewer: as much priority × score as fits, with proof.

Comes in: candidates (project, site, score, discharge) and a network. Goes out: :class:`Allocation`.
Must not know: how a score was made.

In words: give each project at most one site and no site more than it has, so that the sewer carries all of it, and the
sum of priority × score is greatest.

    maximise Σ w_c·x_c   with  Σ_{c of project i} x_c ≤ 1,  Σ_c claim_cs·x_c ≤ 1 for every site s,
    Σ_c load_ce·x_c ≤ room_e for every element e,  x 0 or 1.

Peak flow is not linear, so the last rows come in two forms (``linear``). The safe form gives an
answer that fits. The hopeful form gives a bound; its answer is held against the exact rules, and each set of
placements that overloads an element is ruled out by name, until the best hopeful answer fits or cannot beat the safe.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import Assessed, assessed_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.fewest import fewest_in_conflict
from xingu_geo.sewers.relief.ticket import Ticket, ticket_of, ways_of
from xingu_geo.study.portfolio.linear import capacity_rows
from xingu_geo.study.portfolio.programme import Programme, best_choice, losses

ROUNDS_MAX: Final = 200
COLUMNS_MAX: Final = 2_000
"""Beyond this many candidates those that provably cannot matter are left out first."""
COLUMNS_FIRST: Final = 800
ROUNDING: Final = 1e-7
SLACK_L_S: Final = 2e-6
"""The solver keeps rows to a millionth only: the safe rows are that much tighter, the hopeful ones that much looser."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project at a site that would do for it alone: land, rules and shape are settled before.

    ``claims`` is what it takes of each place, as a share: 1 of a parcel, 1 of every parcel of an assembly, floor area
    needed over floor area free of a carrier. ``score`` is from 0 to 100. Without a sewer at the place ``discharge`` is
    None.
    """

    project: str
    site: str
    score: float
    claims: Mapping[str, float]
    discharge: Discharge | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """The best found placement of the projects.

    ``table`` is indexed by project, in order of the name, with ``site`` (``""`` where it has no place), ``score``,
    ``priority`` and ``value`` = priority × score. ``objective`` is their sum, ``bound`` what no placement can exceed;
    ``is_proven`` says that the two agree within the gap asked for. ``ticket`` is the sewer's answer to all placements
    together (None without a network).
    """

    table: pd.DataFrame
    chosen: tuple[Candidate, ...]
    objective: float
    bound: float
    is_proven: bool
    ticket: Ticket | None

    @property
    def gap(self) -> float:
        """How much better the best possible could be, as a share of what was found."""
        return (self.bound - self.objective) / self.objective if self.objective > 0 else 0.0


def allocate(
    candidates: Sequence[Candidate],
    priorities: Mapping[str, float],
    network: Network | None = None,
    *,
    gap: float = 0.0,
    seconds: float = 20.0,
) -> Allocation:
    """The placement with the greatest sum of priority × score that the sewer carries.

    Candidates that a single project cannot use should be left out before; a candidate with a missing score is
    refused. ``gap`` is how far from the best possible is good enough, ``seconds`` how long to search at most (a search
    cut short by time may differ from one run to the next; its bound holds all the same).

    Raises
    ------
    XinguError
        ``candidate_wrong`` for a score that is missing or negative, a claim outside (0, 1], a project without priority.
    """
    ordered = sorted(candidates, key=lambda one: (one.project, one.site))
    _check(ordered, priorities)
    before = None if network is None else assessed_of(network)
    if not ordered:
        return _answer([], priorities, bound=0.0, gap=gap, before=before)
    value = np.array([priorities[one.project] * one.score for one in ordered])
    groups = np.asarray(pd.factorize(np.array([one.project for one in ordered], dtype=object))[0], dtype=np.int64)
    exclusive = _exclusive(ordered, groups)
    free = Programme(value, exclusive, np.ones(exclusive.shape[0]))
    if before is None or all(one.discharge is None for one in ordered):
        x, bound = best_choice(free, gap=gap, seconds=seconds)
        return _answer([ordered[k] for k in np.flatnonzero(x)], priorities, bound=bound, gap=gap, before=before)
    x, bound = _searched(_Search(before, ordered, *_forms(free, before, ordered, groups), gap), seconds=seconds)
    return _answer([ordered[k] for k in np.flatnonzero(x)], priorities, bound=bound, gap=gap, before=before)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What the search asks: candidates, the safe and the hopeful programme, the network as it is."""

    before: Assessed
    ordered: Sequence[Candidate]
    safe: Programme
    hopeful: Programme
    gap: float

    def only(self, kept: Ints) -> _Search:
        """The same among the candidates ``kept``."""
        ordered = [self.ordered[k] for k in kept.tolist()]
        return _Search(self.before, ordered, self.safe.only(kept), self.hopeful.only(kept), self.gap)


def _searched(search: _Search, *, seconds: float) -> tuple[Floats, float]:
    """The best choice that fits, and what no choice can exceed."""
    until = time.monotonic() + seconds
    count = len(search.ordered)
    if count <= COLUMNS_MAX:
        return _cut_down(search, np.zeros(count), until=until)
    limit, loss = losses(search.hopeful)
    few = np.sort(np.argsort(loss, kind="stable")[:COLUMNS_FIRST])
    first, _ = _cut_down(search.only(few), np.zeros(len(few)), until=time.monotonic() + seconds / 4)
    value = float(search.safe.value[few] @ first)
    kept = np.union1d(np.flatnonzero(loss <= limit - value + ROUNDING), few)
    found, bound = _cut_down(search.only(kept), _spread(first, few, count)[kept], until=until)
    return _spread(found, kept, count), min(bound, limit)


def _cut_down(search: _Search, best: Floats, *, until: float) -> tuple[Floats, float]:
    """The better of ``best`` and the safe answer, then hopeful answers until one fits or none can be better."""
    value = search.safe.value
    safe, _ = best_choice(search.safe, gap=search.gap, seconds=_left(until))
    if value @ safe > value @ best and not _conflict_in(search, safe):
        best = safe
    ruled_out: list[Ints] = []
    bound = float(value.sum())
    for _ in range(ROUNDS_MAX):
        hopeful, limit = best_choice(search.hopeful, ruled_out=ruled_out, gap=search.gap, seconds=_left(until))
        bound = min(bound, limit)
        if bound <= value @ best * (1 + search.gap) + ROUNDING:
            break
        overloading = _conflict_in(search, hopeful)
        if not overloading:
            best = hopeful if value @ hopeful > value @ best else best
            break
        ruled_out.append(np.array(overloading))
        if time.monotonic() > until:
            break
    return best, max(bound, float(value @ best))


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0.5)


def _spread(x: Floats, kept: Ints, count: int) -> Floats:
    """The choice among ``kept`` as one among all."""
    whole = np.zeros(count)
    whole[kept] = x
    return whole


def _conflict_in(search: _Search, x: Floats) -> list[int]:
    """The fewest chosen candidates that overload an element by the exact rules; nothing if all fits."""
    before, ordered = search.before, search.ordered
    chosen = [k for k in np.flatnonzero(x).tolist() if ordered[k].discharge is not None]
    discharges = [one.discharge for k in chosen if (one := ordered[k]).discharge is not None]
    after = assessed_of(with_discharges(before.network, discharges))
    ways = ways_of(before.network, discharges)
    passed = before.network.elements.isin(ways.index)
    over = before.network.elements[passed & (after.is_over | after.is_unknown)]
    if not len(over):
        return []
    named, _ = fewest_in_conflict(before, discharges, ways.loc[over])
    return [k for k, one in zip(chosen, discharges, strict=True) if one.id in named]


def _forms(
    free: Programme, before: Assessed, ordered: Sequence[Candidate], groups: Ints
) -> tuple[Programme, Programme]:
    """The programme with capacity in its safe and in its hopeful form; who has no discharge takes nothing."""
    sewered = np.array([k for k, one in enumerate(ordered) if one.discharge is not None])
    discharges = [one.discharge for one in ordered if one.discharge is not None]
    rows = capacity_rows(before, discharges, groups=groups[sewered])
    spread = csr_array((np.ones(len(sewered)), (np.arange(len(sewered)), sewered)), shape=(len(sewered), len(ordered)))
    tighter, looser = np.maximum(rows.room_l_s - SLACK_L_S, 0.0), rows.room_l_s + SLACK_L_S
    safe, hopeful = (
        Programme(free.value, csr_array(vstack([free.rows, form @ spread])), np.concatenate([free.limits, room]))
        for form, room in ((rows.safe, tighter), (rows.hopeful, looser))
    )
    return safe, hopeful


def _exclusive(ordered: Sequence[Candidate], groups: Ints) -> csr_array:
    """Rows of at most 1: one site for a project, no place claimed beyond its whole."""
    places = sorted({place for one in ordered for place in one.claims})
    row_of = {place: number for number, place in enumerate(places, start=int(groups.max(initial=-1)) + 1)}
    rows = [*groups.tolist(), *(row_of[place] for one in ordered for place in one.claims)]
    columns = [*range(len(ordered)), *(k for k, one in enumerate(ordered) for _ in one.claims)]
    shares = [*np.ones(len(ordered)).tolist(), *(share for one in ordered for share in one.claims.values())]
    return csr_array((shares, (rows, columns)), shape=(max(rows, default=-1) + 1, len(ordered)))


def _check(candidates: Sequence[Candidate], priorities: Mapping[str, float]) -> None:
    for one in candidates:
        fine = np.isfinite(one.score) and one.score >= 0 and all(0 < share <= 1 for share in one.claims.values())
        priority = priorities.get(one.project, np.nan)
        if not fine or not (np.isfinite(priority) and priority >= 0):
            raise XinguError("candidate_wrong", project=one.project, site=one.site, score=one.score, priority=priority)


def _answer(
    chosen: Sequence[Candidate], priorities: Mapping[str, float], *, bound: float, gap: float, before: Assessed | None
) -> Allocation:
    names = sorted(priorities)
    placed = {one.project: one for one in chosen}
    table = pd.DataFrame(
        {
            "site": [placed[name].site if name in placed else "" for name in names],
            "score": [placed[name].score if name in placed else np.nan for name in names],
            "priority": [priorities[name] for name in names],
        },
        index=pd.Index(names, name="project", dtype=str),
    )
    table["value"] = (table["priority"] * table["score"]).fillna(0.0)
    objective = float(table["value"].sum())
    discharges = [one.discharge for one in chosen if one.discharge is not None]
    return Allocation(
        table=table,
        chosen=tuple(chosen),
        objective=objective,
        bound=max(bound, objective),
        is_proven=bound <= objective * (1 + gap) + ROUNDING,
        ticket=ticket_of(before, discharges) if before is not None else None,
    )
