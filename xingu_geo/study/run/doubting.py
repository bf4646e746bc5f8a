"""What a result is not sure of: the project's real demand, where the layers' lines lie, where its partners stand.

Comes in: a result. Goes out: robustness of its ranking. Must not know: screens, files.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, get_args

from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.projects import Case
from xingu_geo.siting.doubt.robustness import DEFAULT, Robustness, Sampling, robustness
from xingu_geo.study.run.drawing import chain_of, drawing
from xingu_geo.study.run.result import Measured, Result
from xingu_geo.study.run.spec import brief_asked
from xingu_geo.study.run.stages import Progress, measure

CASES: Final[tuple[Case, ...]] = get_args(Case)
# Extended Pearson-Tukey: three points stand for a distribution with these shares (Keefer and Bodily 1983, Management
# Science 29(5)); low and high are taken for its 5th and 95th percentile.
SHARES: Final = (0.185, 0.63, 0.185)
DISTANCES: Final = ("distance", "road_distance", "tie_in_distance")


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is drawn beside the weights.

    ``demand`` (low, typical, high), the ``position`` of the layers, and the ``partners`` in the chain whose place
    nobody knows.
    """

    demand: bool = True
    position: bool = True
    partners: bool = True


def doubted(
    result: Result,
    *,
    sampling: Sampling = DEFAULT,
    doubts: Doubts = Doubts(),
    progress: Progress | None = None,
) -> Robustness:
    """How firm the ranking of ``result`` stands when weights, demand and positions are drawn.

    Demand: each draw lives in one case, for all sites alike; a site the case's discharge or land puts out is not
    ranked in it. Position: each distance in metres moves by up to the root of the squared accuracies of the sites
    and of the layer it is measured to, evenly, each site for itself. That is a simplification: a layer shifted as a
    whole moves its distances together, which changes ranks less.

    Raises
    ------
    XinguError
        What :func:`xingu_geo.siting.doubt.robustness.robustness` refuses.
    """
    uncertainty = None
    if doubts.demand or doubts.position or doubts.partners:
        worlds = _worlds(result, progress) if doubts.demand else {"typical": result.measured}
        if progress:
            progress("stage.drawing")
        reach = accuracies_m(result.measured) if doubts.position else {}
        chain = chain_of(result, position=doubts.position, whereabouts=doubts.partners)
        uncertainty = drawing(result, worlds, reach, SHARES if doubts.demand else (1.0,), chain)
    return robustness(result.matrix, result.scores, result.ranking, sampling=sampling, uncertainty=uncertainty)


def accuracies_m(measured: Measured) -> dict[str, float]:
    """By how many metres the distance of each criterion that is one may be off; partners have their own accuracies."""
    catalogue = measured.place.catalogue
    roles = {criterion.id: _role(criterion) for criterion in measured.criteria if criterion.measure in DISTANCES}
    placed = {name: role for name, role in roles.items() if role in catalogue and name in measured.matrix.raw}
    own = measured.sites.accuracy_m
    return {name: math.hypot(own, catalogue.passport(role).positional_accuracy_m) for name, role in placed.items()}


def _role(criterion: Criterion) -> str:
    return str(criterion.options.get("to_layer", criterion.layer)) or "sewer_nodes"


def _worlds(result: Result, progress: Progress | None) -> dict[str, Measured]:
    """The same question with the project's low, typical and high demand."""
    worlds: dict[str, Measured] = {}
    measured, chosen = result.measured, result.study.project
    for case in CASES:
        if case == chosen.case:
            worlds[case] = measured
            continue
        other = result.study.model_copy(update={"project": chosen.model_copy(update={"case": case})})
        question = replace(measured.question, brief=brief_asked(other, measured.place.tables))
        worlds[case] = measure(measured.place, question, progress=progress)
    return worlds
