"""The carriers of a run: what was measured, and the result once weighed.

Comes in: the carriers of every room below. Goes out: :class:`Measured`, :class:`Result`.
Must not know: how to compute anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.ground.planning.zones import Zones
from xingu_geo.places.place.place import Place
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.headroom import Headroom
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.outlook import Outlook
from xingu_geo.sewers.network.phases import Phase
from xingu_geo.sewers.network.tie_in import SiteHeadroom
from xingu_geo.siting.judging.eligibility import Eligibility
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.ranking.ranked import Ranking, Scores
from xingu_geo.study.run.spec import Question, Study


@dataclass(frozen=True, slots=True)
class Measured:
    """A question about a place answered as far as no weight can change it: one measuring serves many weighings.

    ``assessed`` (the sewers of the phase), ``headroom`` and ``site_headroom`` are None where the place has no sewer
    layers; ``outlook`` is what later phases leave, None also where there is none.
    """

    place: Place
    question: Question
    context: Context
    assessed: Assessed | None
    headroom: Headroom | None
    site_headroom: SiteHeadroom | None
    outlook: Outlook | None
    eligibility: Eligibility
    matrix: CriteriaMatrix

    @property
    def confidence(self) -> Confidence:
        """The weakest layer a verdict rests on."""
        judged = (*self.eligibility.confidence.values(), *self.matrix.confidence.values())
        return weakest(self.sites.confidence, *judged)

    @property
    def sites(self) -> Sites:
        """The sites that were measured."""
        return self.place.sites

    @property
    def zones(self) -> Zones:
        """Which zones of the plan each site lies in."""
        return self.place.zones

    @property
    def brief(self) -> Brief:
        """The project that is looking for a place."""
        return self.question.brief

    @property
    def phase(self) -> Phase:
        """The phase whose sewers were looked at."""
        return self.question.phase

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that were asked."""
        return self.question.criteria

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that were asked."""
        return self.question.rules

    @property
    def network(self) -> Network | None:
        """The sewers of the phase."""
        return self.assessed.network if self.assessed else None


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
