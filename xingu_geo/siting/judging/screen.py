"""Screening: every rule held against every site, one column each.

Comes in: rules, a context. Goes out: :class:`~xingu_geo.siting.judging.eligibility.Eligibility`.
Must not know: criteria, weights, ranks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.siting.judging.eligibility import Eligibility, Verdict
from xingu_geo.siting.measuring.answering import ask
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.question import question_digest
from xingu_geo.siting.measuring.verb import Absent, Answer


@dataclass(frozen=True, slots=True)
class _Column:
    verdict: pd.Series[Any]
    observed: pd.Series[Any]
    limit: float | str | None
    confidence: Confidence
    answer: Answer | Absent


def screen(rules: Sequence[Rule], context: Context) -> Eligibility:
    """Which rules each site of ``context`` passes, fails or is flagged by, with what was observed and the limit.

    A measure missing at one site is ``unknown`` there, and an excluding rule puts the site out for it; a rule that
    cannot be applied at all is ``not_assessed`` everywhere, excludes nobody, and is named in ``why_not``.
    """
    columns = {rule.id: _column(rule, context) for rule in rules}
    index = context.sites.table.index
    absent = {name: column.answer for name, column in columns.items() if isinstance(column.answer, Absent)}
    left_out = {
        name: MappingProxyType(dict(column.answer.left_out))
        for name, column in columns.items()
        if isinstance(column.answer, Answer) and column.answer.left_out
    }
    return Eligibility(
        verdict=pd.DataFrame({name: column.verdict for name, column in columns.items()}, index=index, dtype=object),
        observed=pd.DataFrame({name: column.observed for name, column in columns.items()}, index=index, dtype=object),
        limit=pd.DataFrame({name: column.limit for name, column in columns.items()}, index=index, dtype=object),
        severity=MappingProxyType({rule.id: rule.severity for rule in rules}),
        confidence=MappingProxyType({name: column.confidence for name, column in columns.items()}),
        digest=question_digest(rules, context),
        unit=MappingProxyType({rule.id: rule.unit for rule in rules}),
        kind=MappingProxyType({rule.id: rule.kind for rule in rules}),
        why_not=MappingProxyType(absent),
        left_out=MappingProxyType(left_out),
    )


def _column(rule: Rule, context: Context) -> _Column:
    index = context.sites.table.index
    concerned = context.sites.table["kind"].isin(rule.applies_to.sites)
    limit = math.nan if rule.is_class else rule.limit_for(context.brief)
    answer = _answer(rule, context, limit)
    said: float | str | None = ",".join(rule.allowed) if rule.is_class else (limit if math.isfinite(limit) else None)
    if isinstance(answer, Absent):
        blank = Verdict.NOT_APPLICABLE if answer.reason == "project" else Verdict.NOT_ASSESSED
        nothing = pd.Series([None] * len(index), index=index, dtype=object)
        return _Column(pd.Series(blank, index=index, dtype=object), nothing, said, context.sites.confidence, answer)
    values = answer.values
    known = values.ne("") if rule.is_class else values.notna()
    bad = Verdict.FAIL if rule.severity == "exclude" else Verdict.FLAG
    verdict = np.select(
        [~concerned, ~known, _holds(rule, values, limit)],
        [Verdict.NOT_APPLICABLE.value, Verdict.UNKNOWN.value, Verdict.PASS.value],
        default=bad.value,
    )
    verdicts = pd.Series([Verdict(word) for word in verdict], index=index, dtype=object)
    observed = values.astype(object).where(known & concerned, None)
    return _Column(verdicts, observed, said, answer.confidence, answer)


def _answer(rule: Rule, context: Context, limit: float) -> Answer | Absent:
    if context.brief.type.needs not in rule.applies_to.projects:
        return Absent("project", context.brief.type.needs)
    if rule.only_flagged and rule.only_flagged not in context.brief.type.flags:
        return Absent("project", rule.only_flagged)
    if rule.limit_by_vibration and context.brief.type.vibration == "none" and not math.isfinite(limit):
        return Absent("project", "vibration")
    if not rule.is_class and not math.isfinite(limit):
        return Absent("figure", rule.limit_need)
    return ask(context, rule)


def _holds(rule: Rule, values: pd.Series[Any], limit: float) -> pd.Series[bool]:
    if rule.comparison == "allowed":
        return values.isin(rule.allowed)
    return values >= limit if rule.comparison == "at_least" else values <= limit
