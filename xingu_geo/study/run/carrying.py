"""What doors ask of a place's sewers: loads, room, users, water surface, what would happen if.

Comes in: networks and places. Goes out: tables by element or node. Must not know: files to write, screens to draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from xingu_geo.ground.planning.projects import Brief
from xingu_geo.places.place.place import Place
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import Backwater, backwater_of
from xingu_geo.sewers.network.curves import curve_of, curves_of
from xingu_geo.sewers.network.headroom import Effluent, Headroom, effluent_of, headroom_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.utilisation import path_of, utilisation_of
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.users import users_of
from xingu_geo.sewers.relief.whatif import Change, NewLink, compared, whatif

Step = tuple[Change | NewLink, ...]


def loads_of_elements(network: Network, effluent: Effluent | None = None) -> pd.DataFrame:
    """How full every link, station and plant is, by element id; headroom is told for ``effluent``."""
    return utilisation_of(assessed_of(network), effluent=effluent)


def water_of(brief: Brief, network: Network) -> Effluent:
    """What kind of water the project discharges."""
    return effluent_of(brief, network.norms)


def room_at_nodes(network: Network, brief: Brief) -> Headroom:
    """How much more of the project's water each node may take, and what binds."""
    return headroom_of(assessed_of(network), water_of(brief, network))


def way_to_outfall(network: Network, node: str) -> tuple[str, ...]:
    """Every element the water of ``node`` passes, in flow order; raises ``sewer_node_unknown``."""
    return path_of(network, node)


def with_project(network: Network, brief: Brief, node: str) -> Network:
    """The network with the project's discharge entering at ``node``; unchanged where that is not known or nothing."""
    flow_m3_d = brief.need("wastewater_m3_d")
    if math.isnan(flow_m3_d) or flow_m3_d <= 0:
        return network
    return with_discharges(network, [Discharge(brief.project, node, node, flow_m3_d, water_of(brief, network))])


def water_surface(network: Network, *, flows: Literal["mean", "peak"] = "peak") -> Backwater:
    """The water surface from the outfalls up: which pipes drown from below."""
    return backwater_of(assessed_of(network), flows=flows)


def curves(place: Place) -> pd.DataFrame:
    """Every element in every phase, indexed by element and phase id."""
    return place.layered.once("curves", lambda: curves_of(place.drawn, place.tables.phases))


def curve(place: Place, element: str) -> pd.DataFrame:
    """One element in every phase, indexed by phase id; raises ``sewer_element_unknown``."""
    return curve_of(place.drawn, place.tables.phases, element)


def users(network: Network, element: str) -> pd.DataFrame:
    """Every load whose water passes ``element``, in the order in which they were promised."""
    return users_of(assessed_of(network), element)


def tried(network: Network, steps: Sequence[Step]) -> Network:
    """A copy of ``network`` with every step taken in turn.

    Raises
    ------
    XinguError
        What :func:`~xingu_geo.sewers.relief.whatif.whatif` refuses, of the first step that cannot be taken.
    """
    for step in steps:
        links = [one for one in step if isinstance(one, NewLink)]
        network = whatif(network, [one for one in step if isinstance(one, Change)], links=links)
    return network


def before_and_after(before: Network, after: Network) -> pd.DataFrame:
    """Every element of two networks side by side."""
    return compared(assessed_of(before), assessed_of(after))
