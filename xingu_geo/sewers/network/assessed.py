"""A network with its flows and limits worked out once, to be asked many times.

Comes in: a network. Goes out: :class:`Assessed`. Must not know: projects, tickets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Bools, Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.flows import Flows, flows_of, peaking_in
from xingu_geo.sewers.network.headroom import Effluent, element_headroom_l_s
from xingu_geo.sewers.network.limits import Capacity, capacity_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.stations import with_running_pumps
from xingu_geo.sewers.network.utilisation import LIMIT_TOLERANCE


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """Flows and limits of a network, arrays over its elements.

    ``demand_l_s`` is what is held against ``limit_l_s``: the peak flow, of a plant the mean flow. The limit is what may
    arrive, so that a fixed-speed station stands for the pipes that must take its whole pumps (:meth:`binder`).
    ``sent_l_s`` is the peak with what such pumps send. ``is_over`` is beyond the limit by more than rounding:
    exactly full is not over. ``is_unknown`` is what cannot be judged: a figure is missing, or water arrives at a dead
    end.
    """

    network: Network
    flows: Flows
    capacity: Capacity
    demand_l_s: Floats
    sent_l_s: Floats
    is_over: Bools
    is_unknown: Bools

    def position(self, element: str) -> int:
        """Where ``element`` stands among the elements; raises ``sewer_element_unknown``."""
        if element not in self.network.elements:
            raise XinguError("sewer_element_unknown", element=element)
        return int(self.network.elements.get_indexer(pd.Index([element]))[0])

    @property
    def limit_l_s(self) -> Floats:
        """The most that may arrive at each element."""
        return self.capacity.passable_l_s

    def binder(self, element: str) -> str:
        """The element whose fault the limit of ``element`` is: itself, or a pipe below its fixed-speed pumps."""
        return str(self.network.elements[self.capacity.binder[self.position(element)]])

    def parts_l_s(self, element: str) -> Floats:
        """Domestic, industrial, K'·industrial and infiltration flow there, (4,)."""
        flows, at = self.flows, self.position(element)
        return np.array([part[at] for part in (flows.domestic, flows.industrial, flows.weighted, flows.infiltration)])

    def room_m3_d(self, element: str, effluent: Effluent) -> float:
        """The mean flow of ``effluent`` the element alone can still take, negative where it is over."""
        room = element_headroom_l_s(self.network, self.flows, self.capacity, effluent)
        return float(room[self.position(element)]) * M3_D_PER_L_S


def assessed_of(network: Network) -> Assessed:
    """The flows and limits of ``network``."""
    flows, capacity = flows_of(network), capacity_of(network)
    peak = flows.peak(peaking_in(network))
    demand = np.where(capacity.is_mean, flows.mean, peak)
    is_dead_end = np.concatenate([network.dead_ends, np.zeros(len(network.links), dtype=bool)])
    return Assessed(
        network=network,
        flows=flows,
        capacity=capacity,
        demand_l_s=demand,
        sent_l_s=with_running_pumps(network, peak),
        is_over=demand > capacity.passable_l_s * (1 + LIMIT_TOLERANCE),
        is_unknown=np.isnan(demand) | np.isnan(capacity.passable_l_s) | is_dead_end,
    )
