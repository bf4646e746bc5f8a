"""The carriers of a run: what was measured, and the result once weighed.

Comes in: the carriers of every room below. Goes out: :class:`Measured`, :class:`Result`.
Must not know: how to compute anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingu_geo.ground.catalogue.passport import Confidence
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.ground.planning.zones import Zones
from xingu_geo.sewers.network.headroom import Headroom
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.outlook import Outlook
from xingu_geo.sewers.network.phases import Phase
from xingu_geo.sewers.network.tie_in import SiteHeadroom
from xingu_geo.siting.judging.eligibility import Eligibility
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.ranking.ranked import Ranking, Scores
from xingu_geo.study.run.spec import Study


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about a brief on a place that no weight can change: one measuring serves many weighings.

    ``network``, ``headroom`` and ``site_headroom`` are None where the place has no sewer layers;
    ``outlook`` is what later phases leave, None also where there is none.
    ``layers`` maps each role of the place to the digest of its layer; ``confidence`` is the weakest layer a verdict
    rests on. ``context`` keeps what rests on the ground alone, for the next measuring (see ``near`` of
    :func:`~xingu_geo.study.run.stages.measure`).
    """

    study: Study
    brief: Brief
    context: Context
    sites: Sites
    zones: Zones
    phase: Phase
    network: Network | None
    headroom: Headroom | None
    site_headroom: SiteHeadroom | None
    outlook: Outlook | None
    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    eligibility: Eligibility
    matrix: CriteriaMatrix
    confidence: Confidence
    layers: Mapping[str, str]
    tables_digest: str


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run: what was measured, the weighing, and the manifest that names all that made it."""

    measured: Measured
    study: Study
    scores: Scores
    ranking: Ranking
    manifest: Mapping[str, object]

    @property
    def sites(self) -> Sites:
        """The sites that were ranked or put out."""
        return self.measured.sites

    @property
    def brief(self) -> Brief:
        """The project that is looking for a place."""
        return self.measured.brief

    @property
    def eligibility(self) -> Eligibility:
        """Which rules each site passes."""
        return self.measured.eligibility

    @property
    def matrix(self) -> CriteriaMatrix:
        """The raw measures and values of the sites."""
        return self.measured.matrix
