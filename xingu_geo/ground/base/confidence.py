"""How sure a thing is, and what may be claimed that rests on several.

Comes in: nothing. Goes out: :class:`Confidence`, :func:`weakest`. Must not know: layers.
"""

from __future__ import annotations

from enum import StrEnum


class Confidence(StrEnum):
    """How a layer came to be, best first; a verdict is no surer than the weakest layer under it."""

    SURVEYED = "surveyed"
    OFFICIAL_MAP = "official_map"
    DIGITISED = "digitised"
    INFERRED = "inferred"
    ILLUSTRATIVE = "illustrative"

    @property
    def weakness(self) -> int:
        """0 for surveyed … 4 for illustrative."""
        return list(Confidence).index(self)


def weakest(*confidences: Confidence) -> Confidence:
    """The confidence a verdict may claim that rests on all of these; of none, ``surveyed``."""
    return max(confidences, key=lambda c: c.weakness, default=Confidence.SURVEYED)
