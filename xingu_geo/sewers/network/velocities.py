"""How fast water runs and how deep it stands in every pipe, against what the standard asks.

Comes in: a :class:`~xingu_geo.sewers.network.network.Network`. Goes out: a table by link id. Must not know: headroom.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xingu_geo.sewers.network.flows import flows_of, peaking_in
from xingu_geo.sewers.network.hydraulics import fill_of_flow, full_flow_l_s, pressure_flow_l_s, velocity_m_s
from xingu_geo.sewers.network.limits import pipes_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.stations import with_running_pumps


def velocities_of(network: Network) -> pd.DataFrame:
    """Depth and velocity of every link, indexed by link id.

    Columns: ``kind``; ``fill`` (uniform-flow h/D at the design flow, infinite where the pipe is surcharged, NaN for
    pressure mains); ``fill_limit``; ``velocity_m_s`` (gravity: at the fullness limit, where the standard asks for the
    least velocity; pressure: at the design flow); ``velocity_at_peak_m_s``; ``velocity_min_m_s``;
    ``velocity_max_m_s``; ``state``: ``slow`` (deposits), ``fast``, ``ok`` or ``unknown``. A pressure main without
    flow is ``slow``.

    Sources: gb50014_2021, 5.2.4, 5.2.5, 5.2.7, 5.2.9.
    """
    pipes, limits = pipes_of(network), network.norms.velocity
    peak = with_running_pumps(network, flows_of(network).peak(peaking_in(network)))[len(network.nodes) :]
    gravity = {"slope": pipes.slope, "roughness": pipes.roughness}
    fill = fill_of_flow(peak / full_flow_l_s(pipes.diameter_m, **gravity))
    in_main = peak / pressure_flow_l_s(pipes.diameter_m, np.ones_like(pipes.diameter_m))
    # A surcharged pipe runs full; an empty one stands still.
    depth = np.minimum(np.where(fill > 0, fill, np.nan), 1.0)
    in_gravity = np.where(fill == 0, 0.0, velocity_m_s(pipes.diameter_m, depth, **gravity))
    at_peak = np.where(pipes.is_pressure, in_main, in_gravity)
    judged = np.where(pipes.is_pressure, in_main, pipes.velocity_m_s)
    least = np.where(pipes.is_pressure, limits.pressure_min_m_s.value, limits.gravity_min_m_s.value)
    verdicts = [np.isnan(judged), judged < least, np.maximum(judged, at_peak) > pipes.velocity_max_m_s]
    return pd.DataFrame(
        {
            "kind": network.links["kind"],
            "fill": fill,
            "fill_limit": pipes.fill_limit,
            "velocity_m_s": judged,
            "velocity_at_peak_m_s": at_peak,
            "velocity_min_m_s": least,
            "velocity_max_m_s": pipes.velocity_max_m_s,
            "state": np.select(verdicts, ["unknown", "slow", "fast"], default="ok"),
        },
        index=network.links.index,
    )
