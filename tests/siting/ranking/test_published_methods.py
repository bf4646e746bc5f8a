"""Combination methods against tables published by their authors."""

from __future__ import annotations

import numpy as np
import pytest

from xingu_geo.siting.ranking.additive import exponent_of, ordered_average, ordered_parts, weighted_product
from xingu_geo.siting.ranking.ideal import topsis, vikor
from xingu_geo.siting.ranking.outranking import Preference, promethee


def test_weighted_product_of_triantaphyllou() -> None:
    """Triantaphyllou and Mann (1989); Triantaphyllou (2000): the ratios of the products."""
    matrix = np.array([[25, 20, 15, 30], [10, 30, 20, 30], [30, 10, 30, 10]], dtype=float)
    first, second, third = weighted_product(matrix, np.array([0.20, 0.15, 0.40, 0.25]))
    assert first / second == pytest.approx(1.007, abs=5e-4)
    assert first / third == pytest.approx(1.067, abs=5e-4)
    assert second / third == pytest.approx(1.059, abs=5e-4)


def test_topsis_of_tzeng_and_huang() -> None:
    """Tzeng and Huang (2011), Multiple Attribute Decision Making: Methods and Applications."""
    matrix = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], dtype=float)
    closeness = topsis(matrix, np.array([0.3, 0.4, 0.3]), np.ones(3))
    assert closeness == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=1e-4)


def test_vikor_of_the_mountain_climber() -> None:
    """Opricovic and Tzeng (2004), EJOR 156: risk to be kept low, altitude high."""
    result = vikor(np.array([[1, 3000], [2, 3750], [5, 4500.0]]), np.array([0.5, 0.5]), np.array([-1.0, 1.0]))
    assert result.group == pytest.approx([0.5, 0.375, 0.5])
    assert result.regret == pytest.approx([0.5, 0.25, 0.5])
    assert result.compromise == pytest.approx([1.0, 0.0, 1.0])
    assert result.chosen == (1,)


RESERVOIRS = np.array(
    [
        [4184.3, 2914.0, 407.2, 251.0, 195, 244, 15, 2.41],
        [5211.9, 3630.0, 501.7, 308.3, 282, 346, 21, 1.41],
        [5021.3, 3920.5, 504.0, 278.6, 12, 56, 3, 4.42],
        [5566.1, 3957.9, 559.5, 335.3, 167, 268, 16, 3.36],
        [5060.5, 3293.5, 514.1, 284.2, 69, 90, 7, 4.04],
        [4317.9, 2925.9, 432.8, 239.3, 12, 55, 3, 4.36],
    ]
)


@pytest.mark.parametrize(
    ("weights", "group", "regret", "compromise", "chosen"),
    [
        (
            [1, 1, 1, 1, 1, 1, 1, 1],
            [0.692, 0.700, 0.290, 0.423, 0.280, 0.346],
            [0.125, 0.125, 0.121, 0.125, 0.067, 0.125],
            [0.991, 1.000, 0.473, 0.670, 0.000, 0.578],
            (4,),
        ),
        (
            [2, 2, 2, 2, 1, 1, 1, 1],
            [0.701, 0.600, 0.386, 0.365, 0.317, 0.459],
            [0.167, 0.114, 0.161, 0.167, 0.089, 0.167],
            [1.000, 0.533, 0.552, 0.563, 0.000, 0.686],
            (4,),
        ),
        (
            [1, 1, 1, 1, 2, 2, 2, 2],
            [0.683, 0.800, 0.193, 0.480, 0.243, 0.232],
            [0.113, 0.167, 0.080, 0.122, 0.044, 0.083],
            [0.684, 1.000, 0.147, 0.554, 0.041, 0.191],
            (2, 4, 5),
        ),
    ],
)
def test_vikor_of_the_drina_reservoirs(
    weights: list, group: list, regret: list, compromise: list, chosen: tuple
) -> None:
    """Opricovic and Tzeng (2007), EJOR 178, tables of S, R and Q for three sets of weights."""
    directions = np.array([1, -1, 1, 1, -1, -1, -1, 1.0])
    result = vikor(RESERVOIRS, np.array(weights) / np.sum(weights), directions)
    assert result.group == pytest.approx(group, abs=1e-3)
    assert result.regret == pytest.approx(regret, abs=1e-3)
    assert result.compromise == pytest.approx(compromise, abs=1e-3)
    assert result.chosen == chosen


def test_promethee_of_the_power_stations() -> None:
    """Brans and Vincke (1985), Management Science 31(6): six stations, one criterion of each type.

    The paper prints the sums of preference indices rounded to three places, so its flows carry ± 0.002; here they
    are divided by the five other alternatives.
    """
    matrix = np.array(
        [
            [80, 90, 6, 5.4, 8, 5],
            [65, 58, 2, 9.7, 1, 1],
            [83, 60, 4, 7.2, 4, 7],
            [40, 80, 10, 7.5, 7, 10],
            [52, 72, 6, 2.0, 3, 8],
            [94, 96, 7, 3.6, 5, 6],
        ]
    )
    preferences = [
        Preference("u_shape", indifference=10),
        Preference("v_shape", strict=30),
        Preference("linear", indifference=0.5, strict=5),
        Preference("level", indifference=1, strict=6),
        Preference("usual"),
        Preference("gaussian", spread=5),
    ]
    flows = promethee(matrix, np.full(6, 1 / 6), np.array([-1, 1, -1, -1, -1, 1.0]), preferences)
    assert 5 * flows.leaving == pytest.approx([1.099, 1.980, 1.234, 1.644, 2.274, 1.500], abs=2.5e-3)
    assert 5 * flows.entering == pytest.approx([1.827, 1.895, 1.681, 1.746, 0.808, 1.774], abs=2.5e-3)
    assert 5 * flows.net == pytest.approx([-0.728, 0.085, -0.447, -0.102, 1.466, -0.274], abs=2.5e-3)
    assert np.argsort(-flows.net).tolist() == [4, 1, 3, 5, 2, 0]


def test_plain_owa_by_a_textbook() -> None:
    """Ray, Soft Computing and Its Applications 1 (ISBN 978-1-926895-38-3), example 2.39: 0.2·6 + 0.7·5 + 0.1·4."""
    assert ordered_average(np.array([[5.0, 6.0, 4.0]]), np.array([0.2, 0.7, 0.1])) == pytest.approx([5.1])


def test_owa_with_importances_of_yager() -> None:
    """Yager (1996), Quantifier guided aggregation using OWA operators: Q(p) = p², importances 1, 0.6, 0.5, 0.9.

    Worked there to two places for each weight: 0.609 for x, 0.567 for y.
    """
    importances = np.array([1.0, 0.6, 0.5, 0.9]) / 3.0
    satisfied = np.array([[0.7, 1.0, 0.5, 0.6], [0.6, 0.3, 0.9, 1.0]])
    points = ordered_parts(satisfied, importances, 2.0).sum(axis=1)
    assert points == pytest.approx([0.609, 0.567], abs=1.5e-3)


@pytest.mark.parametrize("risk", [0.0, 0.1, 0.25, 0.5, 0.8, 1.0])
def test_the_orness_of_the_quantifier_is_the_risk(risk: float) -> None:
    """Yager (1996): the orness of Q is the area under it; here by Simpson's rule on a fine grid."""
    grid = np.linspace(0, 1, 200_001)
    with np.errstate(divide="ignore"):
        area = np.trapezoid(np.where(grid > 0, grid ** exponent_of(risk), 0.0), grid)
    assert area == pytest.approx(risk, abs=1e-4)
