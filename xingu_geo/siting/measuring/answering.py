"""A rule or a criterion put to its verb.

Comes in: a context, a specification. Goes out: the answer for every site, or why there is none.
Must not know: limits, value functions.
"""

from __future__ import annotations

import math

from xingu_geo.ground.planning.asking import Asking
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS, measured
from xingu_geo.siting.measuring.verb import Absent, Answer


def ask(context: Context, asking: Asking) -> Answer | Absent:
    """The measure of every site, blank (NaN or ``""``) where the site's kind is not concerned."""
    if context.brief.type.needs not in asking.applies_to.projects:
        return Absent("project", context.brief.type.needs)
    options = VERBS[asking.measure].options.model_validate(asking.options)
    answer = measured(context, asking.measure, layer=asking.layer, options=options)
    if isinstance(answer, Absent):
        return answer
    concerned = context.sites.table["kind"].isin(asking.applies_to.sites)
    blank = "" if asking.is_class else math.nan
    return Answer(answer.values.where(concerned, blank), answer.confidence, answer.left_out)
