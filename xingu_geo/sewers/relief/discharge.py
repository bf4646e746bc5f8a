"""Projects put on sites, as the sewer sees them: who discharges how much of what, and where.

Comes in: briefs, site headroom. Goes out: :class:`Discharge`, and a network that carries them.
Must not know: what the sewer answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.sewers.network.frames import LOADS, shaped
from xingu_geo.sewers.network.headroom import Effluent, effluent_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.network.tie_in import SiteHeadroom

_NAMELESS: Final = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Discharge:
    """One project at one site: its mean-day wastewater enters the sewer at ``node``.

    ``project_name`` and ``site_name`` are what people call the two; empty where nobody said.
    """

    project: str
    site: str
    node: str
    flow_m3_d: float
    effluent: Effluent
    project_name: Bilingual = _NAMELESS
    site_name: Bilingual = _NAMELESS

    @property
    def id(self) -> str:
        """What the load is called in the network: project and site."""
        return f"{self.project}@{self.site}"


def discharge_of(brief: Brief, site_id: str, sewered: SiteHeadroom, norms: Norms) -> Discharge:
    """The discharge of ``brief`` at ``site_id``, at the tie-in the site has.

    Raises
    ------
    XinguError
        ``unknown_site``; ``discharge_unknown`` where the brief has no wastewater figure; ``site_unsewered``.
    """
    if site_id not in sewered.table.index:
        raise XinguError("ticket_site_unknown", site=site_id)
    flow = brief.need("wastewater_m3_d")
    if math.isnan(flow):
        raise XinguError("discharge_unknown", project=brief.project)
    row = sewered.table.loc[site_id]
    if not row["tie_in"]:
        raise XinguError("site_unsewered", site=site_id, reach=sewered.reach_m, distance=row["distance_m"])
    return Discharge(brief.project, site_id, str(row["tie_in"]), flow, effluent_of(brief, norms))


def with_discharges(network: Network, discharges: Sequence[Discharge]) -> Network:
    """The network with the discharges as reserved loads; infiltration comes on top as for every load.

    Pipes and their topology stay the very same, so this is cheap enough to be asked for every remedy.

    Raises
    ------
    XinguError
        ``discharge_doubled`` when a project is put on one site twice; ``discharge_wrong`` for a flow that is not a
        number of at least 0; ``sewer_node_unknown``.
    """
    for discharge in discharges:
        network.position(discharge.node)
        if not (math.isfinite(discharge.flow_m3_d) and discharge.flow_m3_d >= 0):
            raise XinguError("discharge_wrong", discharge=discharge.id, value=discharge.flow_m3_d)
    if not discharges:
        return network
    loads = loads_of(discharges)
    doubled = loads.index[loads.index.duplicated() | loads.index.isin(network.loads.index)]
    if len(doubled):
        raise XinguError("discharge_doubled", discharge=doubled[0])
    return replace(
        network,
        loads=pd.concat([network.loads, shaped(loads, LOADS)]).sort_index(kind="stable"),
        digest=digest_all([network.digest, digest_value([asdict(discharge) for discharge in discharges])]),
    )


def loads_of(discharges: Sequence[Discharge]) -> pd.DataFrame:
    """The discharges as rows of the network's load table."""
    flow = np.array([discharge.flow_m3_d for discharge in discharges], dtype=float)
    domestic = np.array([discharge.effluent.domestic_share for discharge in discharges], dtype=float)
    return pd.DataFrame(
        {
            "node": [discharge.node for discharge in discharges],
            "state": "reserved",
            "domestic_m3_d": flow * domestic,
            "industrial_m3_d": flow * (1 - domestic),
            "industrial_peaking": [discharge.effluent.industrial_peaking for discharge in discharges],
            "source_zh": [discharge.id for discharge in discharges],
            "source_en": [discharge.id for discharge in discharges],
        },
        index=pd.Index([discharge.id for discharge in discharges], dtype=str),
    )


def mixed(discharges: Sequence[Discharge], shares: Sequence[float]) -> tuple[float, Effluent]:
    """The flow [m³/d] and the effluent of what passes an element, of each discharge the part ``shares``."""
    passing = [discharge.flow_m3_d * share for discharge, share in zip(discharges, shares, strict=True)]
    domestic = [q * d.effluent.domestic_share for q, d in zip(passing, discharges, strict=True)]
    industrial = [q - own for q, own in zip(passing, domestic, strict=True)]
    weighted = sum(q * d.effluent.industrial_peaking for q, d in zip(industrial, discharges, strict=True))
    total, process = math.fsum(passing), math.fsum(industrial)
    peaking = weighted / process if process > 0 else 1.0
    share = math.fsum(domestic) / total if total > 0 else 0.0
    return total, Effluent(domestic_share=min(max(share, 0.0), 1.0), industrial_peaking=max(peaking, 1.0))
