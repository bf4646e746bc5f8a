"""The carrier of criteria: raw measures and their values between 0 and 1.

Comes in: measured columns. Goes out: :class:`CriteriaMatrix`. Must not know: weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from xingu_geo.catalogue.passport import Confidence


@dataclass(frozen=True, slots=True)
class CriteriaMatrix:
    """Every criterion of every site.

    ``raw`` and ``value`` are float frames of site_id × criterion id; ``raw`` is in the criterion's unit, ``value``
    in [0, 1] with 1 best, NaN where the measure is missing. A criterion whose layer the place does not have is
    absent from both and named in ``not_assessed``. ``confidence`` is per criterion.
    """

    raw: pd.DataFrame
    value: pd.DataFrame
    confidence: Mapping[str, Confidence]
    not_assessed: tuple[str, ...]
    digest: str
