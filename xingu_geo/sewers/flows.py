"""Mean flows carried down the network, each kind apart, and the peak they make at every element.

Comes in: a :class:`~xingu_geo.sewers.network.Network`. Goes out: :class:`Flows`. Must not know: capacities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xingu_geo.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network import Network
from xingu_geo.sewers.peaking import Peaking, peaking_of
from xingu_geo.sewers.topology import Floats, accumulate


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
    def mean(self) -> Floats:
        """Mean-day flow, infiltration included: what a plant is sized on."""
        return self.domestic + self.industrial + self.infiltration

    def peak(self, peaking: Peaking) -> Floats:
        """Dry-weather design flow: what pipes and pumps are sized on."""
        return design_flow_l_s(self.domestic, self.weighted, self.infiltration, peaking)


def design_flow_l_s(domestic: Floats, weighted: Floats, infiltration: Floats, peaking: Peaking) -> Floats:
    """``Qdr = K·Qd + Σ K'·Qm + Qu`` [L/s], with K taken at the accumulated domestic flow.

    Peaks are never added: K falls as flow grows, so the peak of a sum is less than the sum of peaks.

    Sources: gb_50014, 4.1.13 and 4.1.15.
    """
    return peaking.peak(domestic) + weighted + infiltration


def flows_of(network: Network) -> Flows:
    """The flows of every element."""
    t = network.topology
    nodes = accumulate(t, loads_by_node(network))
    links = nodes[:, t.start] * t.share
    return Flows(*np.concatenate((nodes, links), axis=1))


def peaking_in(network: Network) -> Peaking:
    """K by the edition the network's norms name."""
    return peaking_of(network.norms.peaking_table)


def loads_by_node(network: Network) -> Floats:
    """What enters each node [L/s]: rows domestic, industrial, K'·industrial, infiltration.

    Infiltration is as measured, else the network's share of the mean domestic plus industrial flow.
    """
    loads = network.loads
    domestic, industrial = loads["domestic_m3_d"].to_numpy(), loads["industrial_m3_d"].to_numpy()
    peaking = loads["industrial_peaking"].fillna(network.norms.industrial_peaking.value).to_numpy()
    measured = loads["infiltration_m3_d"].to_numpy()
    assumed = network.infiltration_share * (domestic + industrial)
    infiltration = np.where(np.isnan(measured), assumed, measured)
    at = network.nodes.index.get_indexer(loads["node"].array)
    kinds = (domestic, industrial, peaking * industrial, infiltration)
    return np.stack([np.bincount(at, kind, minlength=len(network.nodes)) for kind in kinds]) / M3_D_PER_L_S
