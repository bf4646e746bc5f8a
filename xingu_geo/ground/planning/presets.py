"""Weights by group and criterion, and the presets of ``data/weights.toml``.

Comes in: weights of groups, weights within groups, which criterion belongs where. Goes out: weights by criterion.
Must not know: values, sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.ground.base.specs import Label, Spec, read_toml, validated
from xingu_geo.ground.planning.weights import normalised


class Preset(Spec):
    """A set of weights someone might start from, always an example and never a recommendation.

    ``groups`` weighs the groups of criteria. ``within`` weighs criteria inside a group; a group not listed there
    shares its weight by the criteria's own weights.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Label
    about: Label
    example: bool
    groups: dict[str, float]
    within: dict[str, dict[str, float]] = Field(default_factory=dict)


def read_presets(path: Path) -> Mapping[str, Preset]:
    """The presets of the TOML file at ``path`` by id, in its order; every complaint names file and key."""
    found: dict[str, Preset] = {}
    complaints: list[XinguError] = []
    for place, table in enumerate(read_toml(path).get("preset", [])):
        try:
            preset = validated(Preset, table, file=path.name, prefix=f"preset[{place}].")
            _check(preset, file=path.name, known=found)
            found[preset.id] = preset
        except Complaints as several:
            complaints += several.complaints
        except XinguError as one:
            complaints.append(one)
    if complaints:
        raise complaints[0] if len(complaints) == 1 else Complaints(complaints)
    return found


def preset_weights(preset: Preset, groups: Mapping[str, str], shares: Mapping[str, float]) -> dict[str, float]:
    """Weights by criterion, summing to 1, for the criteria there are.

    Parameters
    ----------
    groups
        The group of each criterion.
    shares
        Each criterion's own weight, by which a group without an entry in ``within`` is split; where they are all 0,
        evenly.

    Notes
    -----
    A place may lack a group or a criterion (no sewers, say): its weight goes to the others in proportion. Where
    nothing is left ``weights_all_zero`` is raised.
    """
    inside: dict[str, dict[str, float]] = {}
    for criterion, group in groups.items():
        own = preset.within[group].get(criterion, 0.0) if group in preset.within else shares.get(criterion, 0.0)
        inside.setdefault(group, {})[criterion] = own
    even = {
        group: members if any(members.values()) else dict.fromkeys(members, 1.0) for group, members in inside.items()
    }
    return hierarchy_weights({group: preset.groups.get(group, 0.0) for group in even}, even)


def hierarchy_weights(groups: Mapping[str, float], within: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Each criterion's weight: its share within its group times the group's share, summing to 1.

    Groups of weight 0 need no weights inside. Raises as :func:`xingu_geo.ground.planning.weights.normalised`, and
    ``group_empty`` where a weighted group has no criterion.

    Examples
    --------
    >>> hierarchy_weights({"land": 3, "noise": 1}, {"land": {"area": 1, "shape": 1}, "noise": {"homes": 5}})
    {'area': 0.375, 'shape': 0.375, 'homes': 0.25}
    """
    shares = normalised(groups)
    weights: dict[str, float] = {}
    for group, share in shares.items():
        members = within.get(group, {})
        if share == 0:
            weights |= dict.fromkeys(members, 0.0)
            continue
        if not members:
            raise XinguError("group_empty", group=group)
        weights |= {criterion: share * inside for criterion, inside in normalised(members).items()}
    return weights


def group_weights(weights: Mapping[str, float], groups: Mapping[str, str]) -> dict[str, float]:
    """The summed weight of each group, for showing weights by group."""
    summed: dict[str, float] = {}
    for criterion, weight in weights.items():
        group = groups[criterion]
        summed[group] = summed.get(group, 0.0) + weight
    return summed


def _check(preset: Preset, *, file: str, known: Mapping[str, Preset]) -> None:
    if preset.id in known:
        raise XinguError("preset_doubled", file=file, preset=preset.id)
    normalised(preset.groups)
    for members in preset.within.values():
        normalised(members)
