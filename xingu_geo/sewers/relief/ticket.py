"""The conflict ticket: whether projects fit into the sewer together, what gives out, who uses it, since when.

Comes in: an assessed network with its loads and the discharges to be placed. Goes out: :class:`Ticket`.
Must not know: remedies, costs, sentences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.assessed import Assessed, assessed_of
from xingu_geo.sewers.network.fit import Fit, FitState, states
from xingu_geo.sewers.network.frames import STATES
from xingu_geo.sewers.network.headroom import element_headroom_l_s
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.utilisation import shares_of_path
from xingu_geo.sewers.relief.discharge import Discharge, mixed, with_discharges
from xingu_geo.sewers.relief.fewest import fewest_in_conflict
from xingu_geo.sewers.relief.users import users_of


class Outcome(StrEnum):
    """Whether the discharges fit; ``unknown`` where something on the way cannot be computed."""

    FITS = "fits"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """One element that cannot carry what the ticket asks.

    ``required_m3_d`` is the mean discharge of the ticket's projects that passes here, ``available_m3_d`` the mean flow
    of just this mixture the element can still take without them (negative: over already), ``missing_m3_d`` their
    difference: exact, found by inverting the peaking. ``demand_l_s`` is held against ``limit_l_s``: peak flows, of a
    plant mean flows. ``binder`` is the element whose fault the limit is: itself, or the pipe that cannot take what its
    fixed-speed pumps send. ``since`` is the load that first takes it over, ``""`` if unknown; ``used_m3_d`` the mean
    flow by state, ``users`` the table of :func:`~xingu_geo.sewers.relief.users.users_of`.
    """

    element: str
    kind: str
    name: Bilingual
    required_m3_d: float
    available_m3_d: float
    demand_l_s: float
    limit_l_s: float
    binder: str
    since: str
    used_m3_d: Mapping[str, float]
    users: pd.DataFrame

    @property
    def missing_m3_d(self) -> float:
        """What must go, or come on top, for the element to carry it."""
        return self.required_m3_d - self.available_m3_d


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """The answer for a set of discharges, in the order in which they would be promised.

    ``after`` is the network with all of them. ``conflicts`` come worst first; ``unknown`` names elements on the way
    that cannot be computed. ``together`` are the fewest discharges that overload an element, a single one where it is
    over without them; ``is_fewest`` is False where there were too many to try every subset (see
    :mod:`~xingu_geo.sewers.relief.fewest`).
    """

    discharges: tuple[Discharge, ...]
    after: Assessed
    fit: Fit
    conflicts: tuple[Conflict, ...]
    unknown: tuple[str, ...]
    together: tuple[str, ...]
    is_fewest: bool
    phase: str
    digest: str

    @property
    def confidence(self) -> Confidence:
        """That of the network."""
        return self.fit.confidence

    @property
    def outcome(self) -> Outcome:
        """The fit of all together."""
        return Outcome.CONFLICT if self.fit.state is FitState.SHORT else Outcome(self.fit.state)


def ticket_of(before: Assessed, discharges: Sequence[Discharge]) -> Ticket:
    """Whether the network as assessed ``before`` carries the ``discharges`` on top of the loads it has.

    Every element on their way to the outfall is held against its limit, with the loads of all states; one that is
    over already counts as a conflict for whoever adds to it.

    Raises
    ------
    XinguError
        ``discharge_doubled``, ``sewer_node_unknown``.
    """
    network = before.network
    after = assessed_of(with_discharges(network, discharges))
    way = ways_of(network, discharges)
    passed = network.elements.isin(way.index)
    over = [str(name) for name in network.elements[passed & after.is_over]]
    unknown = tuple(str(name) for name in network.elements[passed & after.is_unknown])
    conflicts = [_conflict(before, after, discharges, way.loc[[element]]) for element in over]
    conflicts.sort(key=lambda conflict: -conflict.missing_m3_d)
    together, is_fewest = fewest_in_conflict(before, discharges, way.loc[over])
    return Ticket(
        discharges=tuple(discharges),
        after=after,
        fit=_fit(network, conflicts, unknown),
        conflicts=tuple(conflicts),
        unknown=unknown,
        together=together,
        is_fewest=is_fewest,
        phase=network.phase,
        digest=digest_all([network.digest, digest_value([asdict(discharge) for discharge in discharges])]),
    )


def _fit(network: Network, conflicts: Sequence[Conflict], unknown: Sequence[str]) -> Fit:
    """That of the worst conflict; of the first unknown element where there is none."""
    binding = conflicts[0].binder if conflicts else unknown[0] if unknown else ""
    return Fit(
        state=FitState(str(states(bool(conflicts), bool(unknown)))),
        missing_m3_d=conflicts[0].missing_m3_d if conflicts else math.nan if unknown else 0.0,
        binding=binding,
        check=network.kind_of(binding).check if binding else "",
        confidence=network.confidence,
    )


def ways_of(network: Network, discharges: Sequence[Discharge]) -> pd.DataFrame:
    """The part of each discharge (columns, by position) that passes each element on their ways (rows, by id)."""
    paths = [shares_of_path(network, discharge.node) for discharge in discharges]
    way = pd.concat(paths, axis=1, keys=range(len(paths))).fillna(0.0) if paths else pd.DataFrame()
    way = way.reindex(network.elements[network.elements.isin(way.index)])
    return way[way.gt(0).any(axis=1)]


def _conflict(before: Assessed, after: Assessed, discharges: Sequence[Discharge], way: pd.DataFrame) -> Conflict:
    element = str(way.index[0])
    at, nodes = before.position(element), before.network.nodes
    required, mixture = mixed(discharges, way.to_numpy(float)[0].tolist())
    row = (nodes if element in nodes.index else before.network.links).loc[element]
    users = users_of(after, element, last=[discharge.id for discharge in discharges])
    since = users.index[users["is_over"]]
    used = users.groupby("state")["mean_m3_d"].sum().reindex(list(STATES), fill_value=0.0)
    return Conflict(
        element=element,
        kind=str(row["kind"]),
        name=Bilingual(str(row["name_zh"]) or element, str(row["name_en"]) or element),
        required_m3_d=required,
        available_m3_d=float(element_headroom_l_s(before, mixture)[at]) * M3_D_PER_L_S,
        demand_l_s=float(after.demand_l_s[at]),
        limit_l_s=float(after.limit_l_s[at]),
        binder=after.binder(element),
        since=str(since[0]) if len(since) else "",
        used_m3_d=MappingProxyType({str(state): float(flow) for state, flow in used.items()}),
        users=users,
    )
