"""Writes the generated tables of docs/criteria.md anew from data/criteria.toml and data/rules.toml.

Run from the project's folder: ``python -m docs.write_criteria``. A test holds that the page is up to date.
"""

from __future__ import annotations

import re
from pathlib import Path

from xingu_geo.doors.telling.criteria_table import criteria_table
from xingu_geo.doors.telling.rules_table import rules_table
from xingu_geo.ground.planning.criteria import read_criteria
from xingu_geo.ground.planning.rules import read_rules
from xingu_geo.siting.measuring.registry import VERBS, verbs_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "criteria.md"


def tables() -> dict[str, str]:
    """The generated blocks by name."""
    return {
        "criteria": criteria_table(read_criteria(ROOT / "data" / "criteria.toml", VERBS)),
        "rules": rules_table(read_rules(ROOT / "data" / "rules.toml", VERBS)),
        "verbs": verbs_table(),
    }


def renewed(page: str) -> str:
    """``page`` with each block between its marks replaced."""
    for name, table in tables().items():
        block = f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
        page = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, block=block: block, page, flags=re.DOTALL)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
