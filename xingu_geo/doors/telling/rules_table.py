"""Rules as rows of a Markdown table, for the manual.

Comes in: rules. Goes out: Markdown. Must not know: where it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence

from xingu_geo.ground.base.units import unit_label
from xingu_geo.ground.planning.rules import Rule

HEADER = "| id | 规则 · rule | kind | severity | measure | layer | asks | for |\n|---|---|---|---|---|---|---|---|"


def rules_table(rules: Sequence[Rule]) -> str:
    """One row for each rule, in the order of the file, both languages."""
    return "\n".join([HEADER, *(_row(rule) for rule in rules)])


def _row(rule: Rule) -> str:
    concerned = f"{'/'.join(rule.applies_to.sites)}; {'/'.join(rule.applies_to.projects)} projects"
    cells = (
        f"`{rule.id}`",
        f"{rule.title.zh} · {rule.title.en}",
        rule.kind,
        rule.severity,
        f"`{rule.measure}`",
        f"`{rule.layer}`" if rule.layer else "",
        _asks(rule),
        concerned + (f" flagged {rule.only_flagged}" if rule.only_flagged else ""),
    )
    return f"| {' | '.join(cells)} |"


def _asks(rule: Rule) -> str:
    if rule.is_class:
        return " or ".join(rule.words[word].en for word in rule.allowed)
    word, unit = rule.comparison.replace("_", " "), unit_label(rule.unit)
    limits = [f"the brief's `{rule.limit_need}`"] if rule.limit_need else []
    limits += [f"{name} {limit:g}" for name, limit in rule.limit_by_vibration.items()]
    limits += [] if rule.limit is None else [f"{rule.limit:g}"]
    return f"{word} {', else '.join(limits)} {unit}".strip()
