"""What to do where a value is missing: the study's explicit choice, never a silent zero and never a help.

Comes in: values with gaps, weights, the confidence of each criterion. Goes out: values and weights a method can use.
Must not know: methods, ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

import numpy as np

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.planning.weights import normalised

Missing = Literal["exclude", "worst", "confidence"]
MISSING: Final[tuple[Missing, ...]] = get_args(Missing)

# A judgement, not a measurement (docs/decisions/0041): evenly stepped, so that no class is ever ignored.
TRUST: Final[Mapping[Confidence, float]] = {
    Confidence.SURVEYED: 1.0,
    Confidence.OFFICIAL_MAP: 0.9,
    Confidence.DIGITISED: 0.8,
    Confidence.INFERRED: 0.6,
    Confidence.ILLUSTRATIVE: 0.4,
}


def checked_policy(missing: str) -> Missing:
    """``missing`` as one of the three policies; anything else is refused with ``missing_policy_unknown``."""
    for policy in MISSING:
        if policy == missing:
            return policy
    raise XinguError("missing_policy_unknown", found=missing, known=", ".join(MISSING))


def trusted(weights: Mapping[str, float], confidence: Mapping[str, Confidence]) -> dict[str, float]:
    """``weights`` times the trust in each criterion's layer, summing to 1 again."""
    return normalised({name: weight * TRUST[confidence[name]] for name, weight in weights.items()})


def filled(values: Floats, policy: Missing) -> Floats:
    """``values`` with its gaps at 0, the worst value, unless the policy is ``exclude``, which leaves them open.

    Nothing above the worst would be safe: whatever higher value a gap were given, some site would gain by having
    its poor value go missing.
    """
    if policy == "exclude" or not np.isnan(values).any():
        return values
    return np.nan_to_num(values, nan=0.0)
