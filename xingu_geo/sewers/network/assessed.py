"""A network with its flows, limits and water surface worked out once, to be asked many times.

Comes in: a network. Goes out: :class:`Assessed`. Must not know: projects, sites, tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Bools, Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.memory import Memory
from xingu_geo.sewers.network.fit import exceeds
from xingu_geo.sewers.network.flows import FlowKind, Flows, design_flow_l_s, flows_of
from xingu_geo.sewers.network.limits import Capacity, Pipes, capacity_of, pipes_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.peaking import Peaking, peaking_of
from xingu_geo.sewers.network.stations import with_running_pumps

T = TypeVar("T")
KEPT: Final = 64


@dataclass(frozen=True, eq=False)
class Assessed:
    """A network with what follows from it, arrays over its elements; each part is worked out when first asked for.

    Limits are what may arrive, so that a fixed-speed station stands for the pipes that must take its whole pumps
    (:meth:`binder`).
    """

    network: Network
    _kept: Memory = field(default_factory=lambda: Memory(KEPT), init=False, repr=False)

    @cached_property
    def peaking(self) -> Peaking:
        """K by the edition the network's norms name."""
        return peaking_of(self.network.norms.peaking_table)

    @cached_property
    def pipes(self) -> Pipes:
        """The pipes with every gap filled."""
        return pipes_of(self.network)

    @cached_property
    def flows(self) -> Flows:
        """What passes each element on the mean day, each kind of water apart."""
        return flows_of(self.network)

    @cached_property
    def capacity(self) -> Capacity:
        """What each element can carry."""
        return capacity_of(self.network, self.pipes)

    @property
    def limit_l_s(self) -> Floats:
        """The most that may arrive at each element."""
        return self.capacity.passable_l_s

    @cached_property
    def demand_l_s(self) -> Floats:
        """What is held against the limit: the peak flow, of a plant the mean flow."""
        return self.asked_l_s(self.flows.parts, slice(None))

    @cached_property
    def sent_l_s(self) -> Floats:
        """The peak flow with what fixed-speed pumps send on."""
        return with_running_pumps(self.network, self.flows.peak(self.peaking))

    @cached_property
    def is_over(self) -> Bools:
        """Whether each element is beyond its limit by more than rounding: exactly full is not over."""
        return exceeds(self.demand_l_s, self.limit_l_s)

    @cached_property
    def is_unknown(self) -> Bools:
        """What cannot be judged: a figure is missing, or water arrives at a dead end."""
        unknown: Bools = np.isnan(self.demand_l_s) | np.isnan(self.limit_l_s)
        unknown[: len(self.network.nodes)] |= self.network.dead_ends
        return unknown

    def asked_l_s(self, parts: Floats, at: Any) -> Floats:
        """What ``parts`` (as :attr:`Flows.parts`) ask of the elements at ``at``: their peak, of a plant their mean."""
        domestic, industrial, weighted, infiltration = parts
        peak = design_flow_l_s(domestic, weighted, infiltration, self.peaking)
        return np.where(self.capacity.is_mean[at], domestic + industrial + infiltration, peak)

    def passing_l_s(self, flows: FlowKind) -> Floats:
        """What passes every element: the mean day, or the design peak with what fixed-speed pumps send on."""
        return self.flows.mean if flows == "mean" else self.sent_l_s

    def position(self, element: str) -> int:
        """Where ``element`` stands among the elements; raises ``sewer_element_unknown``."""
        if element not in self.network.elements:
            raise XinguError("sewer_element_unknown", element=element)
        return int(self.network.elements.get_indexer(pd.Index([element]))[0])

    def binder(self, element: str) -> str:
        """The element whose fault the limit of ``element`` is: itself, or a pipe below its fixed-speed pumps."""
        return str(self.network.elements[self.capacity.binder[self.position(element)]])

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once for ``key`` however many ask at a time: for parts of later modules."""
        return self._kept.once(key, make)


def assessed_of(network: Network) -> Assessed:
    """The flows, limits and water surface of ``network``."""
    return Assessed(network)
