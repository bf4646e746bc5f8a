"""The methods of combination by id, each with what it assumes and whether it lets a newcomer reorder the others.

Comes in: values in [0, 1], weights that sum to 1, a risk attitude. Goes out: points in [0, 1] and, for additive
methods, what each criterion added. Must not know: sites, eligibility, missing policies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.siting.ranking.additive import exponent_of, ordered_parts, weighted_product, weighted_sum
from xingu_geo.siting.ranking.ideal import topsis, vikor
from xingu_geo.siting.ranking.outranking import Preference, promethee

Points = tuple[Floats, Floats | None]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to combine values: ``points(values, weights, risk)`` gives the points and their parts by criterion.

    ``compares``: a site's points depend on the other candidates, so that adding or removing one can reorder the
    rest. ``additive``: the parts sum to the points. ``fills_gaps``: may be used with a policy that counts a gap as
    the worst value; where the reference is made of the candidates, a gap could shift it and so help.
    """

    id: str
    title: Bilingual
    about: Bilingual
    compares: bool
    additive: bool
    fills_gaps: bool
    points: Callable[[Floats, Floats, float], Points]


def _weighted_sum(values: Floats, weights: Floats, _risk: float) -> Points:
    return weighted_sum(values, weights), values * weights


def _weighted_product(values: Floats, weights: Floats, _risk: float) -> Points:
    return weighted_product(values, weights), None


def _owa(values: Floats, weights: Floats, risk: float) -> Points:
    parts = ordered_parts(values, weights, exponent_of(risk))
    return parts.sum(axis=1), parts


def _anchors(values: Floats) -> tuple[Floats, Floats]:
    criteria = values.shape[1]
    return np.ones(criteria), np.zeros(criteria)


def _topsis(values: Floats, weights: Floats, _risk: float) -> Points:
    upward = np.ones_like(weights)
    return topsis(values, weights, upward, scaling="none", bounds=_anchors(values)), None


def _topsis_relative(values: Floats, weights: Floats, _risk: float) -> Points:
    return topsis(values, weights, np.ones_like(weights)), None


def _vikor(values: Floats, weights: Floats, _risk: float) -> Points:
    upward = np.ones_like(weights)
    return 1 - vikor(values, weights, upward, bounds=_anchors(values)).compromise, None


def _vikor_relative(values: Floats, weights: Floats, _risk: float) -> Points:
    return 1 - vikor(values, weights, np.ones_like(weights)).compromise, None


# Differences below a twentieth of a criterion's span are noise; from three tenths on the preference is full.
_PREFERENCE: Final = Preference("linear", indifference=0.05, strict=0.30)


def _promethee(values: Floats, weights: Floats, _risk: float) -> Points:
    flows = promethee(values, weights, np.ones_like(weights), [_PREFERENCE] * len(weights))
    parts = weights * (1 + flows.by_criterion) / 2
    return parts.sum(axis=1), parts


_ALL = (
    Method(
        id="weighted_sum",
        title=Bilingual("加权求和", "Weighted sum"),
        about=Bilingual(
            "各指标得分乘权重后相加，一项的不足可由另一项按固定比例弥补。增减地块不会改变其他地块的次序。",
            "Values times weights, summed: a weakness can be made good elsewhere at a fixed rate. "
            "Adding or removing a parcel never reorders the others.",
        ),
        compares=False,
        additive=True,
        fills_gaps=True,
        points=_weighted_sum,
    ),
    Method(
        id="weighted_product",
        title=Bilingual("加权乘积", "Weighted product"),
        about=Bilingual(
            "各指标得分按权重作几何平均，短板越深扣得越重，任何一项为 0 则总分为 0。增减地块不会改变其他地块的次序。",
            "The weighted geometric mean: the deeper a weakness the more it costs, and a single 0 makes the whole 0. "
            "Adding or removing a parcel never reorders the others.",
        ),
        compares=False,
        additive=False,
        fills_gaps=True,
        points=_weighted_product,
    ),
    Method(
        id="owa",
        title=Bilingual("有序加权平均（风险态度）", "Ordered weighted average (risk attitude)"),
        about=Bilingual(
            "按风险态度在“最差项决定”（0）与“最好项决定”（1）之间取值，0.5 即加权求和。"
            "增减地块不会改变其他地块的次序。",
            "Between “the worst criterion decides” (risk 0) and “the best decides” (1); 0.5 is the weighted sum. "
            "Adding or removing a parcel never reorders the others.",
        ),
        compares=False,
        additive=True,
        fills_gaps=True,
        points=_owa,
    ),
    Method(
        id="topsis",
        title=Bilingual("TOPSIS（固定锚点）", "TOPSIS (fixed anchors)"),
        about=Bilingual(
            "离理想点（各项均为 1）越近、离负理想点（各项均为 0）越远越好。"
            "理想点固定，增减地块不会改变其他地块的次序。",
            "Near the ideal (1 in everything) and far from its opposite (0 in everything). "
            "The ideals are fixed, so adding or removing a parcel never reorders the others.",
        ),
        compares=False,
        additive=False,
        fills_gaps=True,
        points=_topsis,
    ),
    Method(
        id="vikor",
        title=Bilingual("VIKOR（固定锚点）", "VIKOR (fixed anchors)"),
        about=Bilingual(
            "一半看总体遗憾，一半看最大的单项遗憾。锚点固定，增减地块不会改变其他地块的次序。",
            "Half the summed regret, half the greatest single regret. "
            "The anchors are fixed, so adding or removing a parcel never reorders the others.",
        ),
        compares=False,
        additive=False,
        fills_gaps=True,
        points=_vikor,
    ),
    Method(
        id="topsis_relative",
        title=Bilingual("TOPSIS（以候选地块为参照）", "TOPSIS (relative to the candidates)"),
        about=Bilingual(
            "教科书中的 TOPSIS：理想点取自候选地块。增减一个地块可能改变其他地块的次序；缺数据的地块只能排除。",
            "TOPSIS of the textbook, its ideals taken from the candidates. Adding or removing a parcel can reorder "
            "the others; parcels with gaps can only be excluded.",
        ),
        compares=True,
        additive=False,
        fills_gaps=False,
        points=_topsis_relative,
    ),
    Method(
        id="vikor_relative",
        title=Bilingual("VIKOR（以候选地块为参照）", "VIKOR (relative to the candidates)"),
        about=Bilingual(
            "教科书中的 VIKOR：最好与最差值取自候选地块。增减一个地块可能改变其他地块的次序；缺数据的地块只能排除。",
            "VIKOR of the textbook, its best and worst taken from the candidates. Adding or removing a parcel can "
            "reorder the others; parcels with gaps can only be excluded.",
        ),
        compares=True,
        additive=False,
        fills_gaps=False,
        points=_vikor_relative,
    ),
    Method(
        id="promethee",
        title=Bilingual("PROMETHEE II", "PROMETHEE II"),
        about=Bilingual(
            "逐对比较：差距小于 0.05 视为无差别，达到 0.30 视为完全偏好。增减一个地块可能改变其他地块的次序。",
            "Pair by pair: a difference below 0.05 is indifferent, from 0.30 on it is a full preference. "
            "Adding or removing a parcel can reorder the others.",
        ),
        compares=True,
        additive=True,
        fills_gaps=True,
        points=_promethee,
    ),
)

METHODS: Final[Mapping[str, Method]] = MappingProxyType({method.id: method for method in _ALL})


def checked_method(method: str) -> Method:
    """The method called ``method``; another name is refused with ``method_unknown``."""
    try:
        return METHODS[method]
    except KeyError as error:
        raise XinguError("method_unknown", found=method, known=", ".join(METHODS)) from error
