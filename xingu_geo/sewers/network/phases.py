"""Phases: which commitments flow and which upgrades stand by then; planned and present state never mixed.

Comes in: ``data/phases.toml`` and a network as drawn. Goes out: the network of one phase. Must not know: headroom.
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.base.specs import Label, Spec
from xingu_geo.sewers.network.network import AS_DRAWN, Network, rebuilt

NODE_FIELDS: Final = ("pump_duty", "pump_standby", "pump_rated_l_s", "capacity_m3_d")
LINK_FIELDS: Final = ("diameter_mm", "invert_from_m", "invert_to_m", "roughness_n", "velocity_max_m_s", "split_share")


class Phase(Spec):
    """One phase: loads that are not existing count up to ``loads_until``, upgrades up to ``pipes_until``."""

    id: str = Field(min_length=1)
    title: Label
    about: Label
    loads_until: int
    pipes_until: int

    @model_validator(mode="after")
    def _loads_first(self) -> Self:
        if self.pipes_until > self.loads_until:
            raise ValueError("pipes_until is no later than loads_until: pipes may not run ahead of loads")
        return self


class Phases(Spec):
    """The phases of a place, in the order they are shown."""

    phase: tuple[Phase, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        if len(set(self.ids)) != len(self.phase):
            raise ValueError("every phase has its own id")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all phases."""
        return tuple(phase.id for phase in self.phase)

    def named(self, phase_id: str) -> Phase:
        """The phase ``phase_id``; raises ``phase_unknown``."""
        found = next((phase for phase in self.phase if phase.id == phase_id), None)
        if found is None:
            raise XinguError("phase_unknown", phase=phase_id, known=", ".join(self.ids))
        return found

    def after(self, phase: Phase) -> tuple[Phase, ...]:
        """The phases that come after ``phase``: more loads flow in them, and no pipe of its own is missing."""
        return tuple(
            other
            for other in self.phase
            if other.loads_until > phase.loads_until and other.pipes_until >= phase.pipes_until
        )


def at_phase(network: Network, phase: Phase) -> Network:
    """The network as it stands in ``phase``: loads not yet flowing left out, upgrades built by then applied in order.

    Raises
    ------
    XinguError
        ``phase_mixed`` if the network was already cut to a phase: what was left out cannot come back;
        ``upgrade_wrong`` for an upgrade of no element, of a column that is not to be upgraded, or to no number.
    """
    if network.phase != AS_DRAWN:
        raise XinguError("phase_mixed", found=network.phase, asked=phase.id)
    loads = network.loads
    flows = (loads["state"] == "existing") | ~(loads["year"] > phase.loads_until)
    nodes, links = upgraded(network, until=phase.pipes_until)
    return rebuilt(network, nodes=nodes, links=links, loads=loads[flows], phase=phase.id)


def upgraded(network: Network, *, until: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Copies of nodes and links with every upgrade up to the year ``until`` applied, earlier ones first."""
    raise_all(_wrong(network))
    nodes, links = network.nodes.copy(), network.links.copy()
    built = network.upgrades[network.upgrades["year"] <= until]
    for row in built.reset_index().sort_values(["year", "id"]).to_dict("records"):
        table = nodes if row["element"] in nodes.index else links
        table.loc[row["element"], row["field"]] = row["value"]
    return nodes, links


def _wrong(network: Network) -> list[XinguError]:
    found: list[XinguError] = []
    for name, row in network.upgrades.iterrows():
        element = row["element"]
        if element not in network.nodes.index and element not in network.links.index:
            found.append(XinguError("upgrade_wrong", upgrade=name, key="element", value=element or "–"))
            continue
        fields = NODE_FIELDS if element in network.nodes.index else LINK_FIELDS
        if row["field"] not in fields:
            found.append(XinguError("upgrade_wrong", upgrade=name, key="field", value=row["field"] or "–"))
        if not np.isfinite(row["value"]) or not np.isfinite(row["year"]):
            key = "value" if not np.isfinite(row["value"]) else "year"
            found.append(XinguError("upgrade_wrong", upgrade=name, key=key, value=row[key]))
    return found
