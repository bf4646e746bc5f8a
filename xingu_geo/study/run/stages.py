"""The whole order, once: layers and a study become a result.

Comes in: a study, a catalogue, the planner's tables. Goes out: :class:`Measured`, :class:`Result`.
Must not know: files to write, screens to draw.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from xingu_geo.ground.catalogue.passport import Confidence, weakest
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.planning.projects import Brief, brief_of
from xingu_geo.ground.planning.sites import Sites, sites_of
from xingu_geo.ground.planning.zones import zones_of
from xingu_geo.sewers.network.headroom import Headroom, effluent_of, headroom_of
from xingu_geo.sewers.network.network import Network, network_of
from xingu_geo.sewers.network.outlook import Outlook, outlook_of
from xingu_geo.sewers.network.phases import Phase, Phases, at_phase
from xingu_geo.sewers.network.tie_in import SiteHeadroom, site_headroom
from xingu_geo.siting.judging.eligibility import Eligibility
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.judging.screen import screen
from xingu_geo.siting.judging.valuing import criteria_matrix
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.ranking.order import rank
from xingu_geo.siting.ranking.scoring import score
from xingu_geo.study.run.manifest import manifest_of
from xingu_geo.study.run.result import Measured, Result
from xingu_geo.study.run.spec import Study, Tables, chosen_rules, chosen_weights

Progress = Callable[[str], None]


def run(study: Study, catalogue: Catalogue, tables: Tables, *, progress: Progress | None = None) -> Result:
    """The ranking of the catalogue's sites for the study's project.

    ``progress`` is told the key of each stage as it begins (``stage.sites`` … in the text files).

    Raises
    ------
    XinguError
        Whatever a room refuses: an unknown project, criterion or rule, weights that cannot be weighed, a missing layer.
    """
    return weigh(measure(study, catalogue, tables, progress=progress), study)


def measure(
    study: Study,
    catalogue: Catalogue,
    tables: Tables,
    *,
    sites: Sites | None = None,
    near: Measured | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Screening and criteria of a study, before any weight; see :func:`run`.

    ``sites`` are measured instead of the catalogue's own, such as parcels joined into assemblies. ``near`` is an
    earlier measuring of the same catalogue and sites: what rests on the ground alone is taken from it, whatever
    project it was for.
    """
    tell = progress or (lambda _stage: None)
    chosen_weights(study, tables.criteria)
    phase = tables.phases.named(study.phase)
    rules = chosen_rules(study, tables.rules)
    brief = brief_of_study(study, tables)
    tell("stage.sites")
    chosen = sites or (near.sites if near else sites_of(catalogue))
    tell("stage.sewers")
    same = near is not None and near.sites is chosen
    ground = near.context if near is not None and same else Context(sites=chosen, catalogue=catalogue, brief=brief)
    network, headroom, sewered, outlook = _sewers(ground, brief, tables.phases, phase)
    context = ground.for_project(brief, sewered, outlook)
    tell("stage.screening")
    eligibility = screen(rules, context)
    tell("stage.criteria")
    matrix = criteria_matrix(tables.criteria, context)
    return Measured(
        study=study,
        brief=brief,
        context=context,
        sites=chosen,
        zones=near.zones if near is not None and same else zones_of(chosen, catalogue),
        phase=phase,
        network=network,
        headroom=headroom,
        site_headroom=sewered,
        outlook=outlook,
        criteria=tables.criteria,
        rules=rules,
        eligibility=eligibility,
        matrix=matrix,
        confidence=_confidence(chosen, eligibility, matrix),
        layers=MappingProxyType({role: catalogue.entries[role].digest for role in sorted(catalogue)}),
        tables_digest=tables.digest,
    )


def brief_of_study(study: Study, tables: Tables) -> Brief:
    """The brief a study describes."""
    project = study.project
    return brief_of(tables.types, project.type, capacity=project.capacity, case=project.case, changes=project.set)


def weigh(measured: Measured, study: Study) -> Result:
    """The result of weighing what was measured with the weights and choices of ``study``.

    Only the weights, the method and the policy for missing values may differ from the study that was measured.
    """
    weights = chosen_weights(study, measured.criteria)
    eligible = measured.eligibility.eligible
    scores = score(
        measured.matrix, weights, method=study.method, missing=study.missing, risk=study.risk, candidates=eligible
    )
    ranking = rank(scores, eligible)
    manifest = manifest_of(measured, study, scores)
    return Result(measured=measured, study=study, scores=scores, ranking=ranking, manifest=manifest)


def _sewers(
    ground: Context, brief: Brief, phases: Phases, phase: Phase
) -> tuple[Network | None, Headroom | None, SiteHeadroom | None, Outlook | None]:
    """The sewers in the chosen phase, and what later phases leave; nothing where the place has none."""
    if "sewer_nodes" not in ground.catalogue:
        return None, None, None, None
    network = _network_at(ground, phase)
    effluent = effluent_of(brief, network.norms)
    headroom = headroom_of(network, effluent)
    later = [(other, _network_at(ground, other)) for other in phases.after(phase)]
    outlook = outlook_of(ground.sites, later, effluent) if later else None
    return network, headroom, site_headroom(ground.sites, network, headroom), outlook


def _network_at(ground: Context, phase: Phase) -> Network:
    """The network of ``phase``, read and cut once for all projects on the same ground."""
    drawn = ground.once_on_ground("network", lambda: network_of(ground.catalogue))
    return ground.once_on_ground(("network", phase.model_dump_json()), lambda: at_phase(drawn, phase))


def _confidence(sites: Sites, eligibility: Eligibility, matrix: CriteriaMatrix) -> Confidence:
    return weakest(sites.confidence, *eligibility.confidence.values(), *matrix.confidence.values())
