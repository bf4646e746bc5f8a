"""The carrier of criteria: raw measures and their values between 0 and 1.

Comes in: measured columns. Goes out: :class:`CriteriaMatrix`. Must not know: weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.siting.measuring.verb import Absent


@dataclass(frozen=True, slots=True)
class CriteriaMatrix:
    """Every criterion of every site.

    ``raw`` and ``value`` are float frames of site_id × criterion id; ``raw`` is in the criterion's unit, ``value``
    in [0, 1] with 1 best, NaN where the measure is missing. A criterion whose layer the place does not have, or
    whose figure the brief does not give, is absent from both and named in ``not_assessed``; ``why_not`` says why.
    ``confidence`` is per criterion.

    A class criterion (status, land use) has in ``raw`` the place of its word in the criterion's ``classes``, counted
    from 0, and in ``words`` (site_id × class criterion) the word itself, ``""`` where unknown. ``left_out`` counts, by
    criterion and reason, the features of a layer that could not be considered, such as unplaced actors.
    """

    raw: pd.DataFrame
    value: pd.DataFrame
    confidence: Mapping[str, Confidence]
    not_assessed: tuple[str, ...]
    digest: str
    words: pd.DataFrame = field(default_factory=pd.DataFrame)
    why_not: Mapping[str, Absent] = field(default_factory=dict)
    left_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
