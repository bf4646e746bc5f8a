"""What becomes of every site's headroom in the phases to come: approvals that begin to flow, upgrades that get built.

Comes in: sites, the network of each later phase. Goes out: :class:`Outlook`. Must not know: projects, rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import Fit, fits_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.phases import Phase
from xingu_geo.sewers.network.tie_in import SiteHeadroom, site_headroom


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """The headroom of every site in ``phases``, none of which has happened yet.

    ``later`` is the headroom by site in each of them, in the order they are shown.
    """

    phases: tuple[Phase, ...]
    later: tuple[SiteHeadroom, ...]
    confidence: Confidence
    digest: str

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The headroom of each phase as frames and plain values, to be kept on disk; see :meth:`of_parts`."""
        return [one.parts for one in self.later]

    @classmethod
    def of_parts(cls, phases: tuple[Phase, ...], parts: Sequence[Mapping[str, Any]]) -> Outlook:
        """What :attr:`parts` took apart."""
        return _outlook(phases, [SiteHeadroom(**{**one, "confidence": Confidence(one["confidence"])}) for one in parts])

    def at(self, site_id: str, discharge_m3_d: float) -> list[tuple[Phase, float, Fit]]:
        """Each phase with the headroom it leaves ``site_id``, and whether a discharge fits there."""
        return [
            (phase, float(one.table["headroom_m3_d"][site_id]), one.fit_at(site_id, discharge_m3_d))
            for phase, one in zip(self.phases, self.later, strict=True)
        ]

    def fits(self, discharge_m3_d: float) -> pd.DataFrame:
        """Whether a discharge fits at each site in every phase: columns as of ``SiteHeadroom.fits``."""
        return fits_of(self.least_m3_d, discharge_m3_d)

    @property
    def headroom_m3_d(self) -> pd.DataFrame:
        """Site id × phase id; signed, NaN where unknown or unsewered."""
        tables = zip(self.phases, self.later, strict=True)
        return pd.DataFrame({phase.id: one.table["headroom_m3_d"] for phase, one in tables})

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
    found = [site_headroom(sites, one.network, headroom_of(one, effluent)) for _, one in later]
    return _outlook(tuple(phase for phase, _ in later), found)


def _outlook(phases: tuple[Phase, ...], found: Sequence[SiteHeadroom]) -> Outlook:
    digests = {phase.id: one.digest for phase, one in zip(phases, found, strict=True)}
    return Outlook(
        phases=phases,
        later=tuple(found),
        confidence=weakest(*(one.confidence for one in found)),
        digest=digest_all([digest_value(sorted(digests)), *(digests[name] for name in sorted(digests))]),
    )
