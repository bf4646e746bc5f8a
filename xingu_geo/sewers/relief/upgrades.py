"""The cheapest works that make a list of projects fit, proven cheapest.

Comes in: a network, discharges, costs. Goes out: :class:`UpgradePlan`. Must not know: sites, scores, sentences.

In words: choose options so that every overloaded element has one that is enough for what passes it, at least cost,
paying the mobilisation once for each kind of works in a town.

    minimise  Σ c_k·x_k + m·Σ y_g    with  Σ_{k enough for e} x_k ≥ 1 for every e over its limit,  x_k ≤ y_g(k),
    x and y whole numbers 0 or 1.

Whether an option is enough is decided by the non-linear rules themselves, so nothing is linearised. The plan is then
built on a copy and looked at again; what it overloads in turn becomes a further condition, and the search goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.sewers.network.assessed import Assessed, assessed_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.market import Upgrade, is_enough, upgrade_options
from xingu_geo.sewers.relief.ticket import ways_of
from xingu_geo.sewers.relief.whatif import compared, whatif

ROUNDS_MAX: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class UpgradePlan:
    """The cheapest works for a list of discharges.

    ``upgrades`` is empty where everything fits as it is. ``unresolved`` names elements for which nothing on the market
    is enough: there is then no plan. ``cost_10k_cny`` includes the mobilisation, ``is_cheapest`` says that the optimum
    was proven. ``network`` has the works built, without the discharges; ``table`` shows every element before and after,
    the discharges placed in both.
    """

    discharges: tuple[Discharge, ...]
    upgrades: tuple[Upgrade, ...]
    unresolved: tuple[str, ...]
    cost_10k_cny: float
    is_cheapest: bool
    network: Network
    table: pd.DataFrame
    confidence: Confidence
    digest: str

    @property
    def is_possible(self) -> bool:
        """Whether the discharges fit once the works are built."""
        return not self.unresolved


@dataclass(slots=True)
class _Model:
    """What the search knows so far: options as columns, conditions as rows ``Σ sign·x ≥ least``."""

    options: list[Upgrade] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def cheapest_upgrades(network: Network, discharges: Sequence[Discharge], costs: UpgradeCosts) -> UpgradePlan:
    """The cheapest works after which ``network`` carries all ``discharges``, with the loads it has.

    Raises
    ------
    XinguError
        ``discharge_doubled``, ``discharge_wrong``, ``sewer_node_unknown``.
    """
    model = _Model()
    chosen: list[int] = []
    built = network
    before = assessed_of(with_discharges(network, discharges))
    for _ in range(ROUNDS_MAX):
        after = assessed_of(with_discharges(built, discharges))
        over = _over(before, after, discharges)
        if not over:
            return _plan(before, after, built, discharges, [model.options[k] for k in chosen], costs)
        unresolved = _require(model, network, after, over, chosen, costs)
        if unresolved:
            break
        solution = solved([option.cost_10k_cny for option in model.options], _works(model), model.rows, costs)
        if solution is None:
            unresolved = over
            break
        chosen = np.flatnonzero(solution).tolist()
        built = built_with(network, [model.options[k] for k in chosen])
    else:
        unresolved = over
    return _plan(before, before, network, discharges, [], costs, unresolved=unresolved)


def solved(
    cost: Sequence[float], works: Sequence[str], rows: Sequence[tuple[dict[int, float], float]], costs: UpgradeCosts
) -> Floats | None:
    """The cheapest 0/1 choice that meets ``rows``; None if there is none. Mobilisation is paid once per ``works``."""
    groups = sorted(set(works))
    count, total = len(cost), len(cost) + len(groups)
    matrix = np.zeros((len(rows) + count, total))
    least = np.zeros(len(matrix))
    for number, (signs, bound) in enumerate(rows):
        matrix[number, list(signs)], least[number] = list(signs.values()), bound
    for k, group in enumerate(works):  # y_g − x_k ≥ 0
        matrix[len(rows) + k, [k, count + groups.index(group)]] = -1.0, 1.0
    price = np.concatenate([np.asarray(cost, dtype=float), np.full(len(groups), costs.mobilisation.value)])
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - a third of a second to load

    answer = milp(
        price,
        integrality=np.ones(total),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(csr_array(matrix), least, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    return None if answer.x is None else np.round(answer.x[:count])


def built_with(network: Network, upgrades: Sequence[Upgrade]) -> Network:
    """A copy of ``network`` with the works built."""
    changes = [change for upgrade in upgrades for change in upgrade.changes]
    return whatif(network, changes, links=[link for upgrade in upgrades for link in upgrade.links])


def cost_of(upgrades: Sequence[Upgrade], costs: UpgradeCosts) -> float:
    """What the works cost together [10,000 CNY], each mobilisation once."""
    mobilised = len({upgrade.site_works for upgrade in upgrades})
    return sum(upgrade.cost_10k_cny for upgrade in upgrades) + mobilised * costs.mobilisation.value


def _over(before: Assessed, after: Assessed, discharges: Sequence[Discharge]) -> list[str]:
    """What gives out on the discharges' ways, or anywhere because of the works; each named once.

    Of a fixed-speed station it is the pipe that binds it. ``before`` has the discharges, but none of the works.
    """
    elements = after.network.elements
    passed = elements.isin(ways_of(after.network, discharges).index)
    old = before.network.elements[before.is_over | before.is_unknown]
    over = elements[(after.is_over | after.is_unknown) & (passed | ~elements.isin(old))]
    return list(dict.fromkeys(after.binder(str(name)) for name in over))


def _require(
    model: _Model, network: Network, after: Assessed, over: list[str], chosen: list[int], costs: UpgradeCosts
) -> list[str]:
    """Add what the overloaded elements demand; returns those nothing is enough for."""
    unresolved = []
    for element in over:
        if element in model.seen or element not in network.elements:
            # What was chosen for it does not do beside the rest of the choice: not this combination again.
            model.rows.append((dict.fromkeys(chosen, -1.0), 1.0 - len(chosen)))
            continue
        model.seen.add(element)
        first = len(model.options)
        model.options += [o for o in upgrade_options(network, element, costs) if is_enough(after, o)]
        new = range(first, len(model.options))
        if not new and not chosen:
            unresolved.append(element)
        # Only as long as all that is chosen now stays chosen is it sure that the element is over.
        model.rows.append(({**dict.fromkeys(chosen, -1.0), **dict.fromkeys(new, 1.0)}, 1.0 - len(chosen)))
    return unresolved


def _works(model: _Model) -> list[str]:
    return [option.site_works for option in model.options]


def _plan(
    before: Assessed,
    after: Assessed,
    built: Network,
    discharges: Sequence[Discharge],
    upgrades: Sequence[Upgrade],
    costs: UpgradeCosts,
    *,
    unresolved: Sequence[str] = (),
) -> UpgradePlan:
    plain = [[upgrade.element, upgrade.works.value, upgrade.figure] for upgrade in upgrades]
    return UpgradePlan(
        discharges=tuple(discharges),
        upgrades=tuple(upgrades),
        unresolved=tuple(unresolved),
        cost_10k_cny=float("nan") if unresolved else cost_of(upgrades, costs),
        is_cheapest=not unresolved,
        network=built,
        table=compared(before, after),
        confidence=built.confidence,
        digest=digest_all([built.digest, digest_value([plain, costs.model_dump(mode="json")])]),
    )
