"""Weights made fit for use: checked, completed, normalised.

Comes in: weights as a person gave them. Goes out: weights that sum to 1, or every complaint about them.
Must not know: values, sites, methods.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from xingu_geo.ground.base.errors import XinguError, raise_all


def normalised(weights: Mapping[str, float]) -> dict[str, float]:
    """``weights`` scaled to sum to 1, in the order given; zero weights stay zero.

    Raises
    ------
    XinguError
        ``weight_not_finite`` (NaN, infinite, no number), ``weight_negative``, ``weights_all_zero``;
        all complaints of one set together.

    Examples
    --------
    >>> normalised({"noise": 3, "metro": 1})
    {'noise': 0.75, 'metro': 0.25}
    """
    raise_all([complaint for name, weight in weights.items() if (complaint := _complaint(name, weight))])
    greatest = max(weights.values(), default=0.0)
    if greatest == 0:
        raise XinguError("weights_all_zero", names=", ".join(weights) or "–")
    # Dividing by the greatest first keeps the sum finite whatever scale the weights came in.
    scaled = {name: float(weight) / float(greatest) for name, weight in weights.items()}
    total = math.fsum(scaled.values())
    return {name: weight / total for name, weight in scaled.items()}


def assigned(
    weights: Mapping[str, float], *, criteria: Sequence[str], not_assessed: Sequence[str] = ()
) -> dict[str, float]:
    """One weight per criterion of ``criteria``, in that order, summing to 1.

    A criterion that is not mentioned weighs 0. The weight of a criterion in ``not_assessed`` (its layer is absent)
    goes to the others in proportion; the caller reports it.

    Raises
    ------
    XinguError
        ``weight_unknown`` for a name that is neither assessed nor known as not assessed, and those of
        :func:`normalised`.
    """
    known = {*criteria, *not_assessed}
    raise_all(
        [
            XinguError("weight_unknown", name=name, known=", ".join(sorted(known)))
            for name in weights
            if name not in known
        ]
    )
    normalised(weights)  # complaints first, also about weights that will not be used
    return normalised({name: weights.get(name, 0.0) for name in criteria})


def _complaint(name: str, weight: object) -> XinguError | None:
    # A NumPy integer is a number too; a truth value is not.
    if isinstance(weight, bool) or not isinstance(weight, int | float | np.number) or not math.isfinite(weight):
        return XinguError("weight_not_finite", name=name, found=repr(weight))
    if weight < 0:
        return XinguError("weight_negative", name=name, found=weight)
    return None
