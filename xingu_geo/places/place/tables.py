"""The planner's tables of one data folder, read once and all complaints told together.

Comes in: ``data/``. Goes out: :class:`Tables`. Must not know: layers, sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xingu_geo.ground.base.digest import digest_value
from xingu_geo.ground.planning.asking import VerbSheet
from xingu_geo.ground.planning.criteria import Criterion, read_criteria
from xingu_geo.ground.planning.presets import Preset, read_presets
from xingu_geo.ground.planning.projects import ProjectTypes, read_project_types
from xingu_geo.ground.planning.rules import Rule, read_rules
from xingu_geo.sewers.network.norms import Norms, read_norms
from xingu_geo.sewers.network.phases import Phases, read_phases
from xingu_geo.sewers.relief.costs import UpgradeCosts, read_upgrade_costs


@dataclass(frozen=True, slots=True)
class Tables:
    """Criteria, rules, project types, phases, sewer norms, costs of works and example weights.

    ``digest`` covers all that a ranking may rest on; costs and examples are not among it.
    """

    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    types: ProjectTypes
    phases: Phases
    norms: Norms
    costs: UpgradeCosts
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
    phases = read_phases(folder / "phases.toml")
    norms = read_norms(folder / "sewers.toml")
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
        costs=read_upgrade_costs(folder / "upgrade_costs.toml"),
        presets=read_presets(presets) if presets.is_file() else {},
        digest=digest_value(parts),
    )
