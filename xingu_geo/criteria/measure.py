"""The criteria matrix: every criterion measured and valued, column by column.

Comes in: criteria, a context. Goes out: :class:`~xingu_geo.criteria.matrix.CriteriaMatrix`.
Must not know: weights, rules, which sites are eligible.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import pandas as pd

from xingu_geo.base.say import Lang, say
from xingu_geo.criteria.matrix import CriteriaMatrix
from xingu_geo.criteria.spec import Criterion
from xingu_geo.measuring.asking import ask
from xingu_geo.measuring.context import Context
from xingu_geo.measuring.digest import question_digest
from xingu_geo.measuring.speech import figure_text
from xingu_geo.measuring.verb import Absent, Measured


def criteria_matrix(criteria: Sequence[Criterion], context: Context) -> CriteriaMatrix:
    """Every criterion of every site of ``context``, eligible or not.

    Values come from each criterion's fixed anchors alone, so no site's value depends on which other sites there are.
    """
    answers = {criterion.id: ask(context, criterion) for criterion in criteria}
    taken = {name: answer for name, answer in answers.items() if isinstance(answer, Measured)}
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


def raw_text(matrix: CriteriaMatrix, criterion: Criterion, site_id: str, lang: Lang) -> str:
    """How one measured figure is said: ``1,250 m``, a class's label, or that it is not known."""
    if criterion.is_class:
        entry = criterion.classes.get(str(matrix.words.loc[site_id, criterion.id]))
        return entry.label.to(lang) if entry else say("figure.unknown", lang)
    return figure_text(float(matrix.raw[criterion.id][site_id]), criterion.unit, lang)


def left_out_text(matrix: CriteriaMatrix, criterion: str, lang: Lang) -> str:
    """How many features of the layer the criterion could not consider, and why; ``""`` where it considered all."""
    left_out = matrix.left_out.get(criterion, {})
    return say("left_out.join", lang).join(say(f"left_out.{reason}", lang, count=n) for reason, n in left_out.items())


def _raw(criterion: Criterion, values: pd.Series[float]) -> pd.Series[float]:
    if not criterion.is_class:
        return values.astype(float)
    places = {word: float(place) for place, word in enumerate(criterion.classes)}
    return values.map(places).astype(float)
