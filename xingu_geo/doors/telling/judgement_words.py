"""What a set of pairwise judgements amounts to, in words.

Comes in: an :class:`~xingu_geo.siting.weighting.ahp.Ahp`, titles of criteria. Goes out: one sentence.
Must not know: how consistency is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from xingu_geo.ground.base.say import Lang, Spoken, say
from xingu_geo.siting.weighting.ahp import Ahp


def consistency_sentence(result: Ahp, lang: Lang, *, criteria: Mapping[str, Spoken] | None = None) -> str:
    """Whether the judgements agree with each other, and if not, which one to think over and what would mend it."""
    ratio = f"{result.consistency.ratio:.3f}"
    found = result.revisit
    if found is None:
        return say("ahp.consistent", lang, ratio=ratio)

    def _title(name: str) -> str:
        return criteria[name].to(lang) if criteria and name in criteria else name

    return say(
        "ahp.revisit" if found.is_enough else "ahp.revisit_more",
        lang,
        ratio=ratio,
        first=_title(found.first),
        second=_title(found.second),
        now=judgement_label(found.now),
        proposed=judgement_label(found.proposed),
        after=f"{found.ratio:.3f}",
    )


def judgement_label(judgement: float) -> str:
    """A judgement as people write it: ``3``, ``1/5``, ``2.5``.

    Examples
    --------
    >>> judgement_label(3.0), judgement_label(0.2), judgement_label(2.5)
    ('3', '1/5', '2.5')
    """
    nearest = Fraction(judgement).limit_denominator(9)
    if abs(float(nearest) - judgement) < 1e-9 and 1 in (nearest.numerator, nearest.denominator):
        return str(nearest)
    return f"{judgement:.3g}"
