"""A rule as data: what is measured, the limit it is held against, how hard it is.

Comes in: ``data/rules.toml``. Goes out: :class:`Rule`, :func:`read_rules`. Must not know: sites, criteria, weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.planning.asking import Asking, VerbSheet, read_asking
from xingu_geo.ground.planning.projects import Brief, VibrationClass

Kind = Literal["land", "environment", "capacity"]
Severity = Literal["exclude", "flag"]
Comparison = Literal["at_least", "at_most", "allowed"]
ProjectFlag = Literal["arsenic", "toxic_air", "fluoride", "plating"]


class Rule(Asking):
    """One rule.

    ``severity`` ``exclude`` puts a site out, ``flag`` only says so. ``kind`` tells two sorts of no apart: a rule of
    ``capacity`` can be met by an upgrade, the others cannot.

    A number is held against, in this order: the brief's figure ``limit_need`` where the brief gives it;
    ``limit_by_vibration`` for the project's vibration class; ``limit``. Where none of them is known the rule is not
    assessed. A word passes when it is one of ``allowed``; ``words`` says how each word the measure may answer with is
    spoken. ``only_flagged`` keeps the rule for projects that carry a flag.
    ``advice`` says what to do about it.
    """

    kind: Kind
    severity: Severity
    comparison: Comparison
    limit: float | None = None
    limit_need: str = ""
    limit_by_vibration: dict[VibrationClass, float] = Field(default_factory=dict)
    words: dict[str, Label] = Field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    only_flagged: ProjectFlag | None = None
    advice: Label

    @model_validator(mode="after")
    def _limit_fits(self) -> Self:
        if self.is_class != (self.comparison == "allowed"):
            raise ValueError("allowed for a class measure, at_least or at_most for any other")
        has_limit = self.limit is not None or bool(self.limit_need) or bool(self.limit_by_vibration)
        if self.is_class == has_limit or self.is_class != bool(self.allowed) or self.is_class != bool(self.words):
            raise ValueError("words and allowed for a class measure, a limit for any other, never both")
        if not set(self.allowed) <= set(self.words):
            raise ValueError("every allowed word has its label in words")
        return self

    def limit_for(self, brief: Brief) -> float:
        """The number this project's sites are held against, NaN where it is unknown."""
        need = brief.need(self.limit_need) if self.limit_need else math.nan
        if math.isfinite(need):
            return need
        if self.limit_by_vibration:
            return self.limit_by_vibration.get(brief.type.vibration, math.nan)
        return math.nan if self.limit is None else self.limit


def read_rules(path: Path, verbs: Mapping[str, VerbSheet]) -> tuple[Rule, ...]:
    """The rules of the TOML file at ``path``, in its order; complaints name file, key, found and expected."""
    return read_asking(Rule, path, verbs)
