"""Every way on the market to make one element carry more, with its cost.

Comes in: a network, an element, costs. Goes out: :class:`Upgrade`. Must not know: which are needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import within
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.whatif import Change, NewLink, limits_with

LARGER_PUMPS: Final = (1.25, 1.5, 2.0, 3.0)
PLANT_MODULES_MAX: Final = 40


class Works(StrEnum):
    """What is built: a larger pipe in place of the old, a second pipe beside it, pumps added or replaced, treatment."""

    PIPE = "pipe"
    PARALLEL = "parallel"
    MORE_PUMPS = "more_pumps"
    LARGER_PUMPS = "larger_pumps"
    PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One option for one element.

    ``figure`` is the diameter [mm], the number of duty pumps, the rating of each pump [L/s], or the plant's capacity
    [m³/d] after it. ``cost_10k_cny`` leaves out the mobilisation, which is paid once for each ``site_works`` (one
    kind of works in one town). ``limits_l_s`` are what the element and, for a parallel pipe, the new one then carry;
    ``shares`` the part of the element's flow each takes.
    """

    element: str
    works: Works
    figure: float
    cost_10k_cny: float
    site_works: str
    limits_l_s: tuple[float, ...]
    changes: tuple[Change, ...]
    shares: tuple[float, ...] = (1.0,)
    links: tuple[NewLink, ...] = ()


def upgrade_options(network: Network, element: str, costs: UpgradeCosts) -> tuple[Upgrade, ...]:
    """Every option for ``element``, enough or not; nothing where nothing limits.

    Raises
    ------
    XinguError
        ``sewer_element_unknown``.
    """
    if element in network.links.index:
        return _pipes(network, element, costs)
    return _machines(network, element, costs)


def is_enough(after: Assessed, upgrade: Upgrade) -> bool:
    """Whether the element, so upgraded, carries what passes it in ``after``."""
    shares, at = np.array(upgrade.shares), after.position(upgrade.element)
    demand = after.asked_l_s(after.flows.parts[:, [at]] * shares, at)
    if upgrade.element in after.network.links.index:
        # A pipe below fixed-speed pumps must take what they send; a station moves what arrives.
        demand = np.maximum(demand, shares * after.sent_l_s[at])
    return bool(within(demand, np.array(upgrade.limits_l_s)).all())


def _pipes(network: Network, element: str, costs: UpgradeCosts) -> tuple[Upgrade, ...]:
    """Larger pipes in place of the old one, then a second pipe beside it."""
    now, sizes = float(network.links["diameter_mm"][element]), costs.pipes(_kind(network, element)).diameter_mm
    limits = _limits(network, element, "diameter_mm", np.array([*sizes, now]))
    by_size = dict(zip(sizes, limits[:-1], strict=True))
    larger = {size: limit for size, limit in by_size.items() if not size <= now}
    return (
        *_larger_pipes(network, element, costs, larger),
        *_parallel_pipes(network, element, costs, by_size, limits[-1]),
    )


def _larger_pipes(
    network: Network, element: str, costs: UpgradeCosts, limits: Mapping[float, float]
) -> tuple[Upgrade, ...]:
    price, length_m = costs.pipes(_kind(network, element)), float(network.links["length_m"][element])
    return tuple(
        Upgrade(
            element=element,
            works=Works.PIPE,
            figure=size,
            cost_10k_cny=price.of(size) * length_m,
            site_works=_site_works(network, element),
            limits_l_s=(limit,),
            changes=(Change(element, "diameter_mm", size),),
        )
        for size, limit in limits.items()
    )


def _parallel_pipes(
    network: Network, element: str, costs: UpgradeCosts, limits: Mapping[float, float], old: float
) -> tuple[Upgrade, ...]:
    """A second pipe at the same levels; the two share the flow as their capacities."""
    kind, row = _kind(network, element), network.links.loc[[element]].iloc[0]
    price, length_m = costs.pipes(kind), float(row["length_m"])
    share = _share(network, element)
    found = []
    for size, limit in limits.items():
        part = limit / (limit + old)
        twin = NewLink(
            id=f"{element} ∥",
            from_node=str(row["from_node"]),
            to_node=str(row["to_node"]),
            kind=kind,
            diameter_mm=size,
            length_m=length_m,
            split_share=share * part,
            invert_from_m=float(row["invert_from_m"]),
            invert_to_m=float(row["invert_to_m"]),
            roughness_n=float(row["roughness_n"]),
            velocity_max_m_s=float(row["velocity_max_m_s"]),
            material=str(row["material"]),
        )
        found.append(
            Upgrade(
                element=element,
                works=Works.PARALLEL,
                figure=size,
                cost_10k_cny=price.of(size) * length_m,
                site_works=_site_works(network, element),
                limits_l_s=(old, limit),
                shares=(1 - part, part),
                changes=_shares_beside(network, element, share * (1 - part)),
                links=(twin,),
            )
        )
    return tuple(found)


def _machines(network: Network, element: str, costs: UpgradeCosts) -> tuple[Upgrade, ...]:
    """More or larger pumps, a larger plant: whatever figure makes the element's limit, at the cost of what is added."""
    figures, row = network.kind_of(element).figures, network.nodes.loc[[element]].iloc[0]
    choices: list[tuple[Works, str, Floats, Floats]] = []
    if "pump_rated_l_s" in figures:
        duty, rated = float(row["pump_duty"]), float(row["pump_rated_l_s"])
        more = np.arange(duty + 1, costs.pump_duty_max.value + 1)
        larger = rated * np.array(LARGER_PUMPS)
        price = costs.pump_l_s.value
        choices.append((Works.MORE_PUMPS, "pump_duty", more, (more - duty) * rated * price))
        choices.append((Works.LARGER_PUMPS, "pump_rated_l_s", larger, larger * duty * price))
    if "capacity_m3_d" in figures:
        added = np.arange(1.0, PLANT_MODULES_MAX + 1) * costs.plant_module_m3_d.value
        choices.append(
            (Works.PLANT, "capacity_m3_d", float(row["capacity_m3_d"]) + added, added * costs.plant_m3_d.value)
        )
    return tuple(
        Upgrade(
            element=element,
            works=works,
            figure=value,
            cost_10k_cny=cost,
            site_works=f"{'plant' if works is Works.PLANT else 'pumps'} {element}",
            limits_l_s=(limit,),
            changes=(Change(element, column, value),),
        )
        for works, column, values, prices in choices
        if values.size and not np.isnan(values + prices).any()
        for value, cost, limit in zip(
            values.tolist(), prices.tolist(), _limits(network, element, column, values), strict=True
        )
    )


def _limits(network: Network, element: str, column: str, values: Floats) -> list[float]:
    limits: list[float] = limits_with(network, element, column=column, values=values).tolist()
    return limits


def _kind(network: Network, element: str) -> str:
    return str(network.links["kind"][element])


def _site_works(network: Network, element: str) -> str:
    return f"pipes {network.nodes['town'][str(network.links['from_node'][element])]}"


def _share(network: Network, element: str) -> float:
    return float(network.topology.share[network.links.index.get_indexer(pd.Index([element]))[0]])


def _shares_beside(network: Network, element: str, share: float) -> tuple[Change, ...]:
    """The split share of ``element``; of its neighbours too where shares were left to the rule."""
    links = network.links
    beside = links.index[(links["from_node"] == links["from_node"][element]) & links["split_share"].isna()]
    others = [Change(str(name), "split_share", _share(network, str(name))) for name in beside if name != element]
    return (Change(element, "split_share", share), *others)
