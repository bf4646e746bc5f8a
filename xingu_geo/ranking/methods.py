"""The methods of combination by id, each with what it assumes and whether it lets a newcomer reorder the others.

Comes in: values in [0, 1], weights that sum to 1, a risk attitude. Goes out: points in [0, 1] and, for additive
methods, what each criterion added. Must not know: sites, eligibility, missing policies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from xingu_geo.base.errors import XinguError
from xingu_geo.base.say import Bilingual
from xingu_geo.ranking.additive import Floats, weighted_sum

Points = tuple[Floats, Floats | None]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to combine values: ``points(values, weights, risk)`` gives the points and their parts by criterion.

    ``compares``: a site's points depend on the other candidates, so that adding or removing one can reorder the
    rest. ``additive``: the parts sum to the points.
    """

    id: str
    title: Bilingual
    about: Bilingual
    compares: bool
    additive: bool
    points: Callable[[Floats, Floats, float], Points]


def _weighted_sum(values: Floats, weights: Floats, _risk: float) -> Points:
    return weighted_sum(values, weights), values * weights


_ALL = (
    Method(
        id="weighted_sum",
        title=Bilingual("加权求和", "Weighted sum"),
        about=Bilingual(
            "各指标得分乘权重后相加,一项的不足可由另一项按固定比例弥补;增减地块不会改变其他地块的次序。",
            "Values times weights, summed: a weakness can be made good elsewhere at a fixed rate. "
            "Adding or removing a parcel never reorders the others.",
        ),
        compares=False,
        additive=True,
        points=_weighted_sum,
    ),
)

METHODS: Final[Mapping[str, Method]] = MappingProxyType({method.id: method for method in _ALL})


def checked_method(method: str) -> Method:
    """The method called ``method``; another name is refused with ``method_unknown``."""
    try:
        return METHODS[method]
    except KeyError as error:
        raise XinguError("method_unknown", found=method, known=", ".join(METHODS)) from error
