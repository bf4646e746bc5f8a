"""The planner's tables of one data folder, read once and all complaints told together.

Comes in: ``data/``. Goes out: :class:`Tables`. Must not know: layers, sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xingu_geo.ground.base.digest import digest_value
from xingu_geo.ground.base.specs import read_spec
from xingu_geo.ground.planning.asking import VerbSheet
from xingu_geo.ground.planning.criteria import Criterion, read_criteria
from xingu_geo.ground.planning.presets import Preset, read_presets
from xingu_geo.ground.planning.projects import ProjectTypes, read_project_types
from xingu_geo.ground.planning.rules import Rule, read_rules
from xingu_geo.places.intake.fields import FieldsSpec, read_fields
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.network.phases import Phases
from xingu_geo.sewers.network.pollutants import Pollutants
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.survey.columns import FieldNames


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table of the planner, for whoever needs one: nobody else reads them.

    ``fields`` are the words of files that come in, ``survey_names`` those of a sewer survey. ``digest`` covers all
    that a ranking may rest on; pollutants, costs, words and examples are not among it.
    """

    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    types: ProjectTypes
    phases: Phases
    norms: Norms
    pollutants: Pollutants
    costs: UpgradeCosts
    fields: FieldsSpec
    survey_names: FieldNames
    presets: Mapping[str, Preset]
    digest: str


def read_tables(folder: Path, verbs: Mapping[str, VerbSheet]) -> Tables:
    """The tables of ``folder``; ``verbs`` are the measures that criteria and rules may ask for.

    Raises
    ------
    XinguError
        ``file_missing`` and whatever a table's own reader complains of. Only ``weights.toml`` may be absent.
    """
    criteria = read_criteria(folder / "criteria.toml", verbs)
    rules = read_rules(folder / "rules.toml", verbs)
    types = read_project_types(folder / "project_types.toml")
    phases = read_spec(Phases, folder / "phases.toml")
    norms = read_spec(Norms, folder / "sewers.toml")
    presets = folder / "weights.toml"
    parts = {
        "criteria": [criterion.model_dump(mode="json") for criterion in criteria],
        "rules": [rule.model_dump(mode="json") for rule in rules],
        "types": {name: kind.model_dump(mode="json") for name, kind in types.items()},
        "phases": phases.model_dump(mode="json"),
        "norms": norms.model_dump(mode="json"),
    }
    return Tables(
        criteria=criteria,
        rules=rules,
        types=types,
        phases=phases,
        norms=norms,
        pollutants=read_spec(Pollutants, folder / "pollutants.toml"),
        costs=read_spec(UpgradeCosts, folder / "upgrade_costs.toml"),
        fields=read_fields(folder),
        survey_names=read_spec(FieldNames, folder / "sewer_fields.toml"),
        presets=read_presets(presets) if presets.is_file() else {},
        digest=digest_value(parts),
    )
