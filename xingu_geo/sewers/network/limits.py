"""What each element can carry: pipes at their fullness limit, mains at their velocity limit, pumps, plants.

Comes in: a :class:`~xingu_geo.sewers.network.network.Network`. Goes out: :class:`Capacity`. Must not know: flows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Bools, Floats, Ints
from xingu_geo.sewers.network.hydraulics import fill_limit, velocity_m_s
from xingu_geo.sewers.network.kinds import own_limits_l_s
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.norms import Velocity
from xingu_geo.sewers.network.stations import firm_l_s, fixed_pumps


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """Limits by element, arrays over :attr:`Network.elements`.

    ``limit_l_s`` holds for the peak flow, where ``is_mean`` for the mean-day flow (plants). A manhole or outfall
    limits nothing: infinity. What cannot be computed (a diameter missing) is NaN: unknown, not boundless.
    ``passable_l_s`` is the most that may arrive at each element: its limit, except that a fixed-speed station may run
    only as many pumps as every pipe on its way can take. ``binder`` is the element whose fault that is.
    """

    limit_l_s: Floats
    passable_l_s: Floats
    is_mean: Bools
    binder: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Pipes:
    """The pipes as computed with, arrays over the links; gravity figures are NaN for pressure mains."""

    diameter_m: Floats
    slope: Floats
    roughness: Floats
    fill_limit: Floats
    velocity_m_s: Floats
    velocity_max_m_s: Floats
    is_pressure: Bools


def capacity_of(network: Network, pipes: Pipes | None = None) -> Capacity:
    """The limits of every element; ``pipes`` are the network's, where they are known already.

    A gravity pipe carries Manning's flow at its fullness limit, or less where that would exceed the velocity its
    material stands; a pressure main its velocity limit; a station its duty pumps, standby pumps never counted, less
    where several stations share a main; a plant its mean-day design flow.
    """
    pipes = pipes or pipes_of(network)
    figures = {item.name: getattr(pipes, item.name) for item in fields(pipes)}
    of_links = own_limits_l_s(pd.DataFrame({"kind": network.links["kind"].to_numpy(), **figures}))
    limit = np.concatenate((firm_l_s(network), of_links))
    passable, binder = limit.copy(), np.arange(limit.size)
    for pumps in fixed_pumps(network):
        room = limit[pumps.elements] / pumps.parts
        if room.size and not np.isnan(room).any():
            whole_pumps = np.floor(room.min() / pumps.rated_l_s * (1 + 1e-12)) * pumps.rated_l_s
            if whole_pumps < limit[pumps.station]:
                passable[pumps.station], binder[pumps.station] = whole_pumps, pumps.elements[np.argmin(room)]
    return Capacity(limit_l_s=limit, passable_l_s=passable, is_mean=network.marks.is_mean, binder=binder)


def pipes_of(network: Network) -> Pipes:
    """The pipes with every gap filled by its rule: inverts from the nodes, roughness from the material."""
    links, norms = network.links, network.norms
    is_pressure = network.marks.is_pressure
    slope = _slopes(network)
    diameter_mm = links["diameter_mm"].to_numpy()
    diameter_m = diameter_mm / 1000
    named = {name: norms.material_named(name) for name in links["material"].unique()}
    usual = links["material"].map({name: material.roughness_n for name, material in named.items()})
    is_metal = links["material"].map({name: material.is_metal for name, material in named.items()})
    roughness = links["roughness_n"].fillna(usual).to_numpy(float)
    fill = fill_limit(diameter_mm, norms.fullness)
    velocity = velocity_m_s(diameter_m, fill, slope=slope, roughness=roughness)
    return Pipes(
        diameter_m=diameter_m,
        slope=np.where(is_pressure, np.nan, slope),
        roughness=roughness,
        fill_limit=np.where(is_pressure, np.nan, fill),
        velocity_m_s=np.where(is_pressure, np.nan, velocity),
        velocity_max_m_s=_velocity_limits(links, norms.velocity, is_metal.to_numpy(bool), is_pressure),
        is_pressure=is_pressure,
    )


def inverts_of(network: Network) -> tuple[Floats, Floats]:
    """Invert at the upper and lower end of each link [m]; a missing one is that of the node it meets."""
    nodes, links, t = network.nodes["invert_m"].to_numpy(), network.links, network.topology
    upper, lower = links["invert_from_m"].to_numpy(), links["invert_to_m"].to_numpy()
    return np.where(np.isnan(upper), nodes[t.start], upper), np.where(np.isnan(lower), nodes[t.end], lower)


def _slopes(network: Network) -> Floats:
    upper, lower = inverts_of(network)
    drawn = (upper - lower) / network.links["length_m"].where(network.links["length_m"] > 0).to_numpy()
    floor = network.norms.slope_floor.value
    return np.where(drawn < floor, floor, drawn)


def _velocity_limits(links: pd.DataFrame, limits: Velocity, is_metal: Bools, is_pressure: Bools) -> Floats:
    usual = np.where(is_metal, limits.gravity_max_metal_m_s.value, limits.gravity_max_other_m_s.value)
    usual = np.where(is_pressure, limits.pressure_max_m_s.value, usual)
    own = links["velocity_max_m_s"].to_numpy()
    return np.where(np.isnan(own), usual, own)
