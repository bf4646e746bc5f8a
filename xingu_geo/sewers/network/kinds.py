"""The kinds of element there are and what each means for flow: one table that every room and door asks.

Comes in: the kinds of nodes and links, their figures. Goes out: :data:`KINDS`, :class:`Marks`, limits by kind.
Must not know: any one network, flows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Bools, Floats
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.fit import Check
from xingu_geo.sewers.network.hydraulics import L_S_PER_M3_S, area_m2, gravity_flow_l_s, pressure_flow_l_s

Limit = Callable[[pd.DataFrame], Floats]

MANHOLE: Final = "manhole"
STATION: Final = "station"
OUTFALL: Final = "outfall"
GRAVITY: Final = "gravity"
PRESSURE: Final = "pressure"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of node or link.

    ``limit_l_s`` gives what each row can carry by its own figures [L/s], NaN where one is missing: of nodes from the
    node table, of links from the columns of :class:`~xingu_geo.sewers.network.limits.Pipes`. None: it limits nothing.
    ``check`` is what that holds the water to (of :class:`~xingu_geo.sewers.network.fit.Check`); ``figures`` are the
    columns that make it and may be changed. ``is_mean``: the limit is held against the mean day, else the peak.
    ``stores``: water stands open there (a well, inlet works), so that pressure ends and levels begin anew.
    ``ends_way``: water leaves the network there. ``lifts``: pumps send the water on. ``can_be_joined``: a site may tie
    in at such a node. ``is_pressure``: a link that runs full.
    """

    title: Bilingual
    limit_l_s: Limit | None = None
    check: str = ""
    figures: tuple[str, ...] = ()
    is_node: bool = True
    is_mean: bool = False
    stores: bool = False
    ends_way: bool = False
    lifts: bool = False
    can_be_joined: bool = True
    is_pressure: bool = False


def _duty_pumps_l_s(nodes: pd.DataFrame) -> Floats:
    return (nodes["pump_duty"] * nodes["pump_rated_l_s"]).to_numpy(float)


def _design_day_l_s(nodes: pd.DataFrame) -> Floats:
    return nodes["capacity_m3_d"].to_numpy(float) / M3_D_PER_L_S


def _uniform_flow_l_s(pipes: pd.DataFrame) -> Floats:
    size, fill = pipes["diameter_m"].to_numpy(), pipes["fill_limit"].to_numpy()
    figures = {"slope": pipes["slope"].to_numpy(), "roughness": pipes["roughness"].to_numpy()}
    fastest = area_m2(size, fill) * pipes["velocity_max_m_s"].to_numpy() * L_S_PER_M3_S
    limit: Floats = np.minimum(gravity_flow_l_s(size, fill, **figures), fastest)
    return limit


def _full_pipe_l_s(pipes: pd.DataFrame) -> Floats:
    return pressure_flow_l_s(pipes["diameter_m"].to_numpy(), pipes["velocity_max_m_s"].to_numpy())


KINDS: Final[dict[str, Kind]] = {
    MANHOLE: Kind(Bilingual("检查井", "manhole")),
    STATION: Kind(
        Bilingual("泵站", "pumping station"),
        limit_l_s=_duty_pumps_l_s,
        check=Check.PUMP,
        figures=("pump_duty", "pump_rated_l_s"),
        stores=True,
        lifts=True,
    ),
    "plant": Kind(
        Bilingual("污水处理厂", "treatment plant"),
        limit_l_s=_design_day_l_s,
        check=Check.PLANT,
        figures=("capacity_m3_d",),
        is_mean=True,
        stores=True,
        ends_way=True,
    ),
    OUTFALL: Kind(Bilingual("排放口", "outfall"), ends_way=True, can_be_joined=False),
    GRAVITY: Kind(
        Bilingual("重力管", "gravity sewer"),
        limit_l_s=_uniform_flow_l_s,
        check=Check.MANNING,
        figures=("diameter_mm",),
        is_node=False,
    ),
    PRESSURE: Kind(
        Bilingual("压力管", "pressure main"),
        limit_l_s=_full_pipe_l_s,
        check=Check.MAIN,
        figures=("diameter_mm", "velocity_max_m_s"),
        is_node=False,
        is_pressure=True,
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What the kinds of a network say, as arrays: over its nodes, ``is_pressure`` over its links.

    ``is_mean``, ``has_limit`` and ``check`` are over its elements, nodes then links.
    """

    stores: Bools
    ends_way: Bools
    lifts: Bools
    can_be_joined: Bools
    is_pressure: Bools
    is_mean: Bools
    has_limit: Bools
    check: np.ndarray

    @property
    def stops(self) -> Bools:
        """Where pressure ends and levels begin anew: wells and works, and where water leaves."""
        return self.stores | self.ends_way


def marks_of(nodes: pd.DataFrame, links: pd.DataFrame) -> Marks:
    """What the kinds of ``nodes`` and ``links`` say."""
    node, link = nodes["kind"], links["kind"]
    both = pd.concat([node, link])
    return Marks(
        stores=which(node, lambda kind: kind.stores).to_numpy(),
        ends_way=which(node, lambda kind: kind.ends_way).to_numpy(),
        lifts=which(node, lambda kind: kind.lifts).to_numpy(),
        can_be_joined=which(node, lambda kind: kind.can_be_joined).to_numpy(),
        is_pressure=which(link, lambda kind: kind.is_pressure).to_numpy(),
        is_mean=which(both, lambda kind: kind.is_mean).to_numpy(),
        has_limit=which(both, lambda kind: kind.limit_l_s is not None).to_numpy(),
        check=both.map({name: kind.check for name, kind in KINDS.items()}).to_numpy(object),
    )


def which(kinds: pd.Series[str], holds: Callable[[Kind], bool]) -> pd.Series[bool]:
    """Of which of ``kinds`` the table says so; of a kind that is not in it nothing is."""
    return kinds.isin([name for name, kind in KINDS.items() if holds(kind)])


def own_limits_l_s(table: pd.DataFrame) -> Floats:
    """What each row of a node or pipe table can carry by its own figures [L/s]; infinite where nothing limits."""
    limit = np.full(len(table), np.inf)
    for name in table["kind"].unique():
        asked = KINDS[name].limit_l_s
        if asked is not None:
            limit = np.where(table["kind"] == name, asked(table), limit)
    return limit
