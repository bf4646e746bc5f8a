"""How full an element is over time: the same network cut to every phase in turn.

Comes in: a network as drawn and phases. Goes out: a table by element and phase. Must not know: what draws it.
"""

from __future__ import annotations

import pandas as pd

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.phases import Phase, Phases, at_phase
from xingu_geo.sewers.network.utilisation import utilisation_of

COLUMNS = ("mean_m3_d", "peak_l_s", "capacity_l_s", "utilisation", "headroom_m3_d", "state")


def curves_of(network: Network, phases: Phases, *, effluent: Effluent | None = None) -> pd.DataFrame:
    """Every link, station and plant in every phase: the figures of utilisation, indexed by element and phase id.

    Each phase is computed on its own cut of the network as drawn; ``loads_until`` stands beside the figures. The
    rows of an element follow the order of ``phases``.
    """
    tables = [_cut(network, phase, effluent) for phase in phases.phase]
    order = pd.CategoricalDtype(list(phases.ids), ordered=True)
    whole = pd.concat(tables).astype({"phase": order}).sort_values(["element", "phase"])
    return whole.astype({"phase": str}).set_index(["element", "phase"])


def curve_of(network: Network, phases: Phases, element: str, *, effluent: Effluent | None = None) -> pd.DataFrame:
    """One element's curve, indexed by phase id; raises ``sewer_element_unknown``."""
    curves = curves_of(network, phases, effluent=effluent)
    if element not in curves.index.get_level_values("element"):
        raise XinguError("sewer_element_unknown", element=element)
    return pd.DataFrame(curves.xs(element, level="element"))


def _cut(network: Network, phase: Phase, effluent: Effluent | None) -> pd.DataFrame:
    table = utilisation_of(assessed_of(at_phase(network, phase)), effluent=effluent)[list(COLUMNS)]
    named = table.rename_axis("element").reset_index()
    return named.assign(phase=phase.id, loads_until=phase.loads_until)
