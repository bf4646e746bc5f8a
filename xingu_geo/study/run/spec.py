"""A study: which project, which weights, which rules, which choices.

Comes in: a study's TOML file, or nothing (the defaults). Goes out: :class:`Study`, :class:`Tables`.
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
from xingu_geo.ground.planning.criteria import Criterion, read_criteria
from xingu_geo.ground.planning.presets import preset_weights, read_presets
from xingu_geo.ground.planning.projects import Case, ProjectTypes, read_project_types
from xingu_geo.ground.planning.rules import Rule, read_rules
from xingu_geo.sewers.network.phases import Phases, read_phases
from xingu_geo.siting.measuring.registry import VERBS


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
class Tables:
    """The planner's tables: criteria, rules, project types and phases of one data folder, and their digest."""

    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    types: ProjectTypes
    phases: Phases
    digest: str


def read_study(path: Path) -> Study:
    """The study of the TOML file at ``path``; complaints name file, key, found and expected."""
    return validated(Study, read_toml(path), file=path.name)


def read_tables(folder: Path) -> Tables:
    """``criteria.toml``, ``rules.toml``, ``project_types.toml`` and ``phases.toml`` of ``folder``."""
    criteria = read_criteria(folder / "criteria.toml", VERBS)
    rules = read_rules(folder / "rules.toml", VERBS)
    types = read_project_types(folder / "project_types.toml")
    phases = read_phases(folder / "phases.toml")
    parts = {
        "criteria": [criterion.model_dump(mode="json") for criterion in criteria],
        "rules": [rule.model_dump(mode="json") for rule in rules],
        "types": {name: kind.model_dump(mode="json") for name, kind in types.items()},
        "phases": phases.model_dump(mode="json"),
    }
    return Tables(criteria=criteria, rules=rules, types=types, phases=phases, digest=digest_value(parts))


def preset_of(name: str, folder: Path, criteria: tuple[Criterion, ...]) -> Mapping[str, float]:
    """The weights of the preset ``name`` of ``folder``'s ``weights.toml``, for these criteria."""
    presets = read_presets(folder / "weights.toml")
    if name not in presets:
        raise XinguError("unknown_preset", name=name, known=", ".join(presets))
    groups = {criterion.id: str(criterion.group) for criterion in criteria}
    return preset_weights(presets[name], groups, {criterion.id: criterion.weight for criterion in criteria})


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
