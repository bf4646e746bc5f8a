"""Mean flows carried down the network, each kind apart, and the peak they make at every element.

Comes in: a :class:`~xingu_geo.sewers.network.network.Network`. Goes out: :class:`Flows`. Must not know: capacities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.frames import STATES
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.peaking import Peaking
from xingu_geo.sewers.network.topology import accumulate

FlowKind = Literal["mean", "peak"]


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """What passes each element [L/s, mean day]; arrays over :attr:`Network.elements`.

    ``weighted`` is industrial flow times the K' of whoever discharges it: K' belongs to the source, so it is
    carried along and not applied to the sum.
    """

    domestic: Floats
    industrial: Floats
    weighted: Floats
    infiltration: Floats

    @property
    def parts(self) -> Floats:
        """Rows domestic, industrial, K'·industrial, infiltration."""
        return np.stack([self.domestic, self.industrial, self.weighted, self.infiltration])

    @property
    def mean(self) -> Floats:
        """Mean-day flow, infiltration included: what a plant is sized on."""
        return self.domestic + self.industrial + self.infiltration

    def peak(self, peaking: Peaking) -> Floats:
        """Dry-weather design flow: what pipes and pumps are sized on."""
        return design_flow_l_s(self.domestic, self.weighted, self.infiltration, peaking)


def design_flow_l_s(domestic: Floats, weighted: Floats, infiltration: Floats, peaking: Peaking) -> Floats:
    """``Qdr = K·Qd + Σ K'·Qm + Qu`` [L/s], with K taken at the accumulated domestic flow.

    Peaks are never added: K falls as flow grows, so the peak of a sum is less than the sum of peaks.

    Sources: gb50014_2021, 4.1.13 and 4.1.15.
    """
    return peaking.peak(domestic) + weighted + infiltration


def flows_of(network: Network) -> Flows:
    """The flows of every element."""
    return Flows(*through_elements(network, loads_by_node(network)))


def through_elements(network: Network, enters: Floats) -> Floats:
    """What passes every element (quantities × elements) when ``enters`` (quantities × nodes) enters the nodes."""
    t = network.topology
    nodes = accumulate(t, enters)
    return np.concatenate((nodes, nodes[:, t.start] * t.share), axis=1)


def loads_by_node(network: Network) -> Floats:
    """What enters each node [L/s]: rows domestic, industrial, K'·industrial, infiltration."""
    return at_nodes(network, loads_one_by_one(network))


def loads_one_by_one(network: Network) -> Floats:
    """Each load [L/s]: rows domestic, industrial, K'·industrial, infiltration; columns as in ``network.loads``.

    Infiltration is as measured, else the network's share of the mean domestic plus industrial flow.
    """
    loads = network.loads
    domestic, industrial = loads["domestic_m3_d"].to_numpy(), loads["industrial_m3_d"].to_numpy()
    peaking = loads["industrial_peaking"].fillna(network.norms.industrial_peaking.value).to_numpy()
    measured = loads["infiltration_m3_d"].to_numpy()
    assumed = network.infiltration_share * (domestic + industrial)
    infiltration = np.where(np.isnan(measured), assumed, measured)
    return np.stack([domestic, industrial, peaking * industrial, infiltration]) / M3_D_PER_L_S


def at_nodes(network: Network, each: Floats) -> Floats:
    """Quantities given load by load (quantities × loads) added up at their nodes (quantities × nodes)."""
    at = network.nodes.index.get_indexer(pd.Index(network.loads["node"]))
    return np.stack([np.bincount(at, quantity, minlength=len(network.nodes)) for quantity in each])


def mean_by_state(network: Network) -> pd.DataFrame:
    """Mean-day flow [m³/d, infiltration included] through every element by the state of the loads it comes from.

    Indexed by element id; columns existing, committed, reserved, which add up to the whole.
    """
    each = loads_one_by_one(network)[[0, 1, 3]].sum(axis=0)
    parts = np.stack([np.where(network.loads["state"] == state, each, 0.0) for state in STATES])
    return pd.DataFrame(
        through_elements(network, at_nodes(network, parts)).T * M3_D_PER_L_S, network.elements, list(STATES)
    )
