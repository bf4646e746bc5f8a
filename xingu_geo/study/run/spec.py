"""A study: which project, which weights, which rules, which choices.

Comes in: a study's TOML file, or nothing (the defaults). Goes out: :class:`Study`, :class:`Question`.
Must not know: layers' contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from xingu_geo.ground.base.digest import digest_value
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.specs import Label, Spec, read_toml, validated
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.presets import preset_weights
from xingu_geo.ground.planning.projects import Brief, Case, brief_of
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.places.place.tables import Tables
from xingu_geo.sewers.network.phases import Phase


class ProjectSpec(Spec):
    """Which project: a type, its capacity (the type's typical one if absent), the case, and figures set by hand."""

    type: str = "fab12"
    capacity: float | None = Field(default=None, gt=0)
    case: Case = "typical"
    set: dict[str, float] = Field(default_factory=dict)


class Study(Spec):
    """Everything a run depends on beside the layers; every choice has a default, and the manifest records them all.

    ``weights`` replaces the criteria's default weights one by one. ``skip_rules`` names rules not to apply.
    ``missing`` says what becomes of a site without a value: ``exclude`` it from the ranking and say so, give it the
    ``worst`` value, or weigh it down by ``confidence``. ``risk`` is OWA's attitude, 0 cautious … 1 bold. ``phase``
    says which upgrades and commitments hold.
    """

    title: Label = Label(zh="未命名研究", en="Untitled study")
    project: ProjectSpec = ProjectSpec()
    weights: dict[str, float] = Field(default_factory=dict)
    skip_rules: tuple[str, ...] = ()
    method: str = "weighted_sum"
    risk: float = Field(default=0.5, ge=0, le=1)
    missing: Literal["exclude", "worst", "confidence"] = "exclude"
    phase: str = "present"
    seed: int = Field(default=0, ge=0)

    @property
    def digest(self) -> str:
        """Of every choice, in canonical form."""
        return digest_value(self.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a place, without weights: for which brief, in which phase, by which rules and criteria."""

    brief: Brief
    phase: Phase
    rules: tuple[Rule, ...]
    criteria: tuple[Criterion, ...]


def question_of(study: Study, tables: Tables) -> Question:
    """What ``study`` asks.

    Raises
    ------
    XinguError
        An unknown project, figure, phase, rule or criterion.
    """
    chosen_weights(study, tables.criteria)
    phase = tables.phases.named(study.phase)
    return Question(brief_asked(study, tables), phase, chosen_rules(study, tables.rules), tables.criteria)


def brief_asked(study: Study, tables: Tables) -> Brief:
    """The brief a study describes."""
    project = study.project
    return brief_of(tables.types, project.type, capacity=project.capacity, case=project.case, changes=project.set)


def read_study(path: Path) -> Study:
    """The study of the TOML file at ``path``; complaints name file, key, found and expected."""
    return validated(Study, read_toml(path), file=path.name)


def weights_of_preset(name: str, tables: Tables) -> Mapping[str, float]:
    """The weights of the example ``name`` for the criteria there are; raises ``unknown_preset``."""
    if name not in tables.presets:
        raise XinguError("unknown_preset", name=name, known=", ".join(tables.presets))
    groups = {criterion.id: str(criterion.group) for criterion in tables.criteria}
    return preset_weights(
        tables.presets[name], groups, {criterion.id: criterion.weight for criterion in tables.criteria}
    )


def chosen_weights(study: Study, criteria: tuple[Criterion, ...]) -> Mapping[str, float]:
    """The weight of every criterion: the study's where it names one, else the criterion's own default."""
    weights = {criterion.id: criterion.weight for criterion in criteria}
    for name in study.weights:
        if name not in weights:
            raise XinguError("unknown_criterion", name=name, known=", ".join(weights))
    return weights | dict(study.weights)


def chosen_rules(study: Study, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules less those the study skips."""
    known = [rule.id for rule in rules]
    for name in study.skip_rules:
        if name not in known:
            raise XinguError("unknown_rule", name=name, known=", ".join(known))
    return tuple(rule for rule in rules if rule.id not in study.skip_rules)
