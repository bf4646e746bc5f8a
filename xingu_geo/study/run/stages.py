"""The whole order, once: a place and a study become a result.

Comes in: a place, a study. Goes out: :class:`Place`, :class:`Measured`, :class:`Result`.
Must not know: files to write, screens to draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from xingu_geo.ground.base.store import Store
from xingu_geo.places.place.ground import Ground
from xingu_geo.places.place.place import Place, layers_in
from xingu_geo.places.place.tables import Tables, read_tables
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.headroom import Effluent, Headroom, effluent_of, headroom_of
from xingu_geo.sewers.network.outlook import Outlook, outlook_of
from xingu_geo.sewers.network.tie_in import SiteHeadroom, site_headroom
from xingu_geo.siting.judging.screen import screen
from xingu_geo.siting.judging.valuing import criteria_matrix
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS
from xingu_geo.siting.ranking.order import rank
from xingu_geo.siting.ranking.scoring import score
from xingu_geo.study.run.manifest import manifest_of
from xingu_geo.study.run.result import Measured, Result
from xingu_geo.study.run.spec import Question, Study, chosen_weights, question_of

Progress = Callable[[str], None]


def open_place(layers: Path, data: Path, *, own: Path | None = None, store: Store | None = None) -> Place:
    """The place of the folders ``layers`` and ``data``, with the layers of ``own`` laid over; nothing is read twice.

    What rests on the ground alone is kept in ``store`` for the next process.

    Raises
    ------
    XinguError
        Every complaint about the passports together; those about the tables.
    """
    return Place(layers_in(layers, own), open_tables(data), ground=Ground(store))


def open_tables(data: Path) -> Tables:
    """The planner's tables in ``data``, held against the measures there are."""
    return read_tables(data, VERBS)


def run(place: Place, study: Study, *, progress: Progress | None = None) -> Result:
    """The ranking of the place's sites for the study's project.

    ``progress`` is told the key of each stage as it begins (``stage.sites`` … in the text files).

    Raises
    ------
    XinguError
        Whatever a room refuses: an unknown project, criterion or rule, weights that cannot be weighed, a missing layer.
    """
    return weigh(measure(place, question_of(study, place.tables), progress=progress), study)


def measure(place: Place, question: Question, *, progress: Progress | None = None) -> Measured:
    """Screening and criteria of a question, before any weight; see :func:`run`.

    What rests on the ground alone stays with the place, for every other question.
    """
    tell = progress or (lambda _stage: None)
    tell("stage.sites")
    sites = place.sites
    tell("stage.sewers")
    assessed, headroom, sewered, outlook = _sewers(place, question)
    context = Context(
        sites, place.catalogue, question.brief, sewered, outlook, ground=place.ground, layered=place.layered
    )
    tell("stage.screening")
    eligibility = screen(question.rules, context)
    tell("stage.criteria")
    matrix = criteria_matrix(question.criteria, context)
    return Measured(
        place=place,
        question=question,
        context=context,
        assessed=assessed,
        headroom=headroom,
        site_headroom=sewered,
        outlook=outlook,
        eligibility=eligibility,
        matrix=matrix,
    )


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
    place: Place, question: Question
) -> tuple[Assessed | None, Headroom | None, SiteHeadroom | None, Outlook | None]:
    """The sewers in the chosen phase, and what later phases leave; nothing where the place has none."""
    if not place.has_sewers:
        return None, None, None, None
    assessed, sites = place.assessed(question.phase.id), place.sites
    effluent = effluent_of(question.brief, assessed.network.norms)
    headroom = _headroom(place, assessed, effluent)
    return assessed, headroom, site_headroom(sites, assessed.network, headroom), _outlook(place, question, effluent)


def _outlook(place: Place, question: Question, effluent: Effluent) -> Outlook | None:
    """What later phases leave; their sewers are not even put together where that is known from before."""
    later = tuple(place.tables.phases.after(question.phase))
    if not later:
        return None
    named = (place.sites.digest, place.sewer_digests, question.phase.id, astuple(effluent))

    def make() -> list[dict[str, Any]]:
        return outlook_of(place.sites, place.later(question.phase.id), effluent).parts

    return Outlook.of_parts(later, place.ground.kept(("outlook", named), make))


def _headroom(place: Place, assessed: Assessed, effluent: Effluent) -> Headroom:
    key = ("headroom", assessed.network.digest, effluent)
    return place.layered.once(key, lambda: headroom_of(assessed, effluent))
