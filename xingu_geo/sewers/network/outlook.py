"""What becomes of every site's headroom in the phases to come: approvals that begin to flow, upgrades that get built.

Comes in: sites, the network of each later phase. Goes out: :class:`Outlook`. Must not know: projects, rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.catalogue.passport import Confidence, weakest
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.phases import Phase
from xingu_geo.sewers.network.tie_in import site_headroom


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """The headroom of every site in ``phases``, none of which has happened yet.

    ``headroom_m3_d`` (signed; NaN where the site is unsewered) and ``binding`` (element id or ``""``) are site_id ×
    phase id, the phases in the order they are shown.
    """

    phases: tuple[Phase, ...]
    headroom_m3_d: pd.DataFrame
    binding: pd.DataFrame
    confidence: Confidence
    digest: str

    @property
    def parts(self) -> dict[str, Any]:
        """All but the phases as frames and plain values, to be kept on disk; :meth:`of_parts` is the way back."""
        plain = {"confidence": self.confidence.value, "digest": self.digest}
        return {"headroom_m3_d": self.headroom_m3_d, "binding": self.binding, **plain}

    @classmethod
    def of_parts(cls, phases: tuple[Phase, ...], parts: Mapping[str, Any]) -> Outlook:
        """What :attr:`parts` took apart."""
        return cls(phases, parts["headroom_m3_d"], parts["binding"], Confidence(parts["confidence"]), parts["digest"])

    def at(self, site_id: str) -> list[tuple[Phase, float, str]]:
        """Each phase with the headroom it leaves ``site_id`` and what binds, in the order of the phases."""
        room, binding = self.headroom_m3_d, self.binding
        return [(one, float(room[one.id][site_id]), str(binding[one.id][site_id])) for one in self.phases]

    @property
    def least_m3_d(self) -> pd.Series[float]:
        """The least headroom of each site over all phases; NaN where one of them is unknown."""
        return self.headroom_m3_d.min(axis="columns", skipna=False)

    @property
    def tightest(self) -> pd.Series[str]:
        """The id of the phase that gives the least, the first of equal ones; ``""`` where it is unknown."""
        known = self.headroom_m3_d.notna().all(axis="columns")
        return self.headroom_m3_d.fillna(0.0).idxmin(axis="columns").astype(str).where(known, "")


def outlook_of(sites: Sites, later: Sequence[tuple[Phase, Assessed]], effluent: Effluent) -> Outlook:
    """The headroom of ``sites`` for ``effluent`` on the network of each later phase, at least one."""
    found = {phase.id: site_headroom(sites, one.network, headroom_of(one, effluent)) for phase, one in later}
    return Outlook(
        phases=tuple(phase for phase, _ in later),
        headroom_m3_d=pd.DataFrame({name: one.table["headroom_m3_d"] for name, one in found.items()}),
        binding=pd.DataFrame({name: one.table["binding"] for name, one in found.items()}),
        confidence=weakest(*(one.confidence for one in found.values())),
        digest=digest_all([digest_value(sorted(found)), *(found[name].digest for name in sorted(found))]),
    )
