"""Criteria as rows of a Markdown table, for the manual.

Comes in: criteria. Goes out: Markdown. Must not know: where it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence

from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import unit_label
from xingu_geo.ground.planning.criteria import Criterion

HEADER = (
    "| id | 指标 · criterion | group | measure | layer | unit | value | weight |\n|---|---|---|---|---|---|---|---|"
)


def criteria_table(criteria: Sequence[Criterion]) -> str:
    """One row for each criterion, in the order of the file, both languages."""
    return "\n".join([HEADER, *(_row(criterion) for criterion in criteria)])


def _row(criterion: Criterion) -> str:
    cells = (
        f"`{criterion.id}`",
        f"{criterion.title.zh} · {criterion.title.en}",
        _group(criterion, "en"),
        f"`{criterion.measure}`",
        f"`{criterion.layer}`" if criterion.layer else "",
        unit_label(criterion.unit) or criterion.unit,
        _worth(criterion),
        f"{criterion.weight:g}",
    )
    return f"| {' | '.join(cells)} |"


def _group(criterion: Criterion, lang: Lang) -> str:
    return say(f"group.{criterion.group}", lang)


def _worth(criterion: Criterion) -> str:
    if criterion.is_class:
        return ", ".join(f"{entry.label.en} {entry.value:g}" for entry in criterion.classes.values())
    return ", ".join(f"{figure:g} → {worth:g}" for figure, worth in criterion.anchors)
