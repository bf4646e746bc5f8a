"""The criteria matrix: every criterion measured and valued, column by column.

Comes in: criteria, a context. Goes out: :class:`~xingu_geo.siting.judging.matrix.CriteriaMatrix`.
Must not know: weights, rules, which sites are eligible.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import pandas as pd

from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.measuring.answering import ask
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.question import question_digest
from xingu_geo.siting.measuring.verb import Absent, Answer


def criteria_matrix(criteria: Sequence[Criterion], context: Context) -> CriteriaMatrix:
    """Every criterion of every site of ``context``, eligible or not.

    Values come from each criterion's fixed anchors alone, so no site's value depends on which other sites there are.
    """
    answers = {criterion.id: ask(context, criterion) for criterion in criteria}
    taken = {name: answer for name, answer in answers.items() if isinstance(answer, Answer)}
    absent = {name: answer for name, answer in answers.items() if isinstance(answer, Absent)}
    index = context.sites.table.index
    assessed = [criterion for criterion in criteria if criterion.id in taken]
    raw = {criterion.id: _raw(criterion, taken[criterion.id].values) for criterion in assessed}
    value = {criterion.id: criterion.value(taken[criterion.id].values) for criterion in assessed}
    words = {criterion.id: taken[criterion.id].values for criterion in assessed if criterion.is_class}
    left_out = {name: MappingProxyType(dict(answer.left_out)) for name, answer in taken.items() if answer.left_out}
    return CriteriaMatrix(
        raw=pd.DataFrame(raw, index=index, dtype=float),
        value=pd.DataFrame(value, index=index, dtype=float),
        confidence=MappingProxyType({name: answer.confidence for name, answer in taken.items()}),
        not_assessed=tuple(absent),
        digest=question_digest(criteria, context),
        words=pd.DataFrame(words, index=index, dtype=object),
        why_not=MappingProxyType(absent),
        left_out=MappingProxyType(left_out),
    )


def _raw(criterion: Criterion, values: pd.Series[float]) -> pd.Series[float]:
    if not criterion.is_class:
        return values.astype(float)
    places = {word: float(place) for place, word in enumerate(criterion.classes)}
    return values.map(places).astype(float)
