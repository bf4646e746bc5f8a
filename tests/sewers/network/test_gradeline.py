"""One pipe under its flow, against hand calculation and the laws of open channels."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from xingu_geo.sewers.network.gradeline import GRAVITY_M_S2, Reach

MILD = Reach(diameter_m=1.0, length_m=100.0, invert_upper_m=0.1, invert_lower_m=0.0, roughness=0.013)
STEEP = Reach(diameter_m=0.5, length_m=50.0, invert_upper_m=1.0, invert_lower_m=0.0, roughness=0.013)


def _reach(diameter_m: float, length_m: float, slope: float, roughness: float) -> Reach:
    return Reach(diameter_m, length_m, slope * length_m, 0.0, roughness)


def _reaches(steepest: float) -> st.SearchStrategy[Reach]:
    return st.builds(
        _reach,
        diameter_m=st.floats(0.3, 2.0),
        length_m=st.floats(20.0, 300.0),
        slope=st.floats(1e-4, steepest),
        roughness=st.floats(0.009, 0.016),
    )


reaches, flat_reaches = _reaches(0.02), _reaches(0.003)
EXAMPLES = settings(deadline=None, max_examples=60)


def test_a_half_full_pipe_carries_half_of_its_full_flow_at_half_its_depth() -> None:
    # D = 1: A/2 = 0.392699, R = 0.25, slope 0.001: Q = 0.392699·0.25^(2/3)·0.001^0.5/0.013 = 0.379086 m³/s
    half = 0.392699 * 0.25 ** (2 / 3) * math.sqrt(0.001) / 0.013
    assert half == pytest.approx(0.37909, rel=1e-4)
    assert MILD.normal_depth_m(half) == pytest.approx(0.5, abs=1e-5)


def test_there_is_no_uniform_flow_above_the_largest_or_without_fall() -> None:
    # full flow 2·0.37909 = 0.75817; the largest free-surface flow is 1.076 of it
    assert MILD.normal_depth_m(0.75817 * 1.07) < 1.0
    assert math.isinf(MILD.normal_depth_m(0.75817 * 1.08))
    assert math.isinf(Reach(1.0, 100.0, 0.0, 0.0, 0.013).normal_depth_m(0.1))


@given(reach=reaches, fill=st.floats(0.05, 0.85))
@EXAMPLES
def test_at_critical_depth_the_froude_number_is_one(reach: Reach, fill: float) -> None:
    # choose the depth, compute its critical flow A·√(g·A/T), and expect the depth back
    angle = 2 * math.acos(1 - 2 * fill)
    area = reach.diameter_m**2 / 8 * (angle - math.sin(angle))
    width = reach.diameter_m * math.sin(angle / 2)
    flow = area * math.sqrt(GRAVITY_M_S2 * area / width)
    assert reach.critical_depth_m(flow) == pytest.approx(fill * reach.diameter_m, rel=1e-4)


def test_a_full_pipe_loses_the_friction_of_a_full_pipe() -> None:
    # level 3 m above the lower invert, Q = 1 m³/s, D = 1: A = 0.785398, R = 0.25,
    # loss = 100·(0.013·1/0.785398)²/0.25^(4/3) = 0.17397 m; level above 3.17397, depth above 3.07397
    lower, upper = MILD.profile_m(1.0, 3.0, steps=1)
    loss = 100 * (0.013 / 0.785398) ** 2 / 0.25 ** (4 / 3)
    assert lower == pytest.approx(3.0)
    assert upper == pytest.approx(3.0 + loss - 0.1, abs=1e-5)
    assert MILD.profile_m(1.0, 3.0, steps=5)[-1] == pytest.approx(upper, abs=1e-4)


def test_still_water_lies_level() -> None:
    assert MILD.profile_m(0.0, 0.4, steps=1) == pytest.approx([0.4, 0.3])
    assert MILD.profile_m(0.0, 0.05, steps=1) == pytest.approx([0.05, 0.0])


def test_a_steep_pipe_that_is_not_drowned_flows_at_normal_depth_at_its_head() -> None:
    normal, critical = STEEP.normal_depth_m(0.2), STEEP.critical_depth_m(0.2)
    assert normal < critical
    assert STEEP.profile_m(0.2, -9.0, steps=1)[-1] == pytest.approx(normal, abs=1e-4)


# Running 0.79 full, and falling free at its lower end: one reach ends 0.16 mm above normal depth.
FALLING_FREE = {"reach": _reach(0.375, 45.0, 0.0078125, 0.015625), "flow": 0.125}


def _part_full(reach: Reach, share: float) -> dict[str, Any]:
    full = math.pi * reach.diameter_m**2 / 4 * (reach.diameter_m / 4) ** (2 / 3) * reach.slope**0.5 / reach.roughness
    return {"reach": reach, "flow": share * full}


@given(
    pipe=st.builds(_part_full, flat_reaches, st.floats(0.01, 1.0)),
    fall=st.floats(0.0, 1.0),
    steps=st.integers(2, 24),
)
@example(pipe=FALLING_FREE, fall=1.0, steps=2)
@example(pipe={"reach": _reach(1.0, 250.0, 0.0008, 0.015), "flow": 0.05}, fall=1.0, steps=2)  # unbounded 23 mm above
@EXAMPLES
def test_water_drawn_down_below_never_stands_above_normal_depth_further_up(
    pipe: dict[str, Any], fall: float, steps: int
) -> None:
    reach, flow = pipe["reach"], pipe["flow"]
    normal, critical = reach.normal_depth_m(flow), reach.critical_depth_m(flow)
    assume(critical < normal < math.inf)
    depths = reach.profile_m(flow, normal + fall * (critical - normal), steps=steps)
    assert max(depths) <= normal + 1e-9


def test_a_single_reach_in_which_the_mean_depth_is_normal_ends_as_far_above_it_as_it_began_beneath() -> None:
    # Slow (Froude number 0.36) and so long that friction, taken at the mean depth, has to balance the fall of 20 m.
    long = _reach(1.0, 40_000.0, 0.0005, 0.013)
    normal, critical = long.normal_depth_m(0.05), long.critical_depth_m(0.05)
    above = long.profile_m(0.05, -1.0, steps=1)[-1]
    assert above - normal == pytest.approx(normal - critical, rel=0.02)
    assert long.profile_m(0.05, -1.0, steps=16)[-1] == pytest.approx(normal, abs=1e-4)


@given(
    reach=reaches,
    flow=st.floats(0.001, 2.0),
    level=st.floats(-1.0, 4.0),
    raised=st.floats(0.005, 0.3),
    steps=st.integers(16, 24),
)
@example(**FALLING_FREE, level=0.0, raised=0.3, steps=16)
@EXAMPLES
def test_in_a_mild_pipe_a_higher_level_below_never_lowers_the_water_above(
    reach: Reach, flow: float, level: float, raised: float, steps: int
) -> None:
    # A single reach may lower it, as a simulator's does: the less depth below, the more friction all along.
    assume(reach.normal_depth_m(flow) > reach.critical_depth_m(flow))
    low = reach.profile_m(flow, level, steps=steps)
    high = reach.profile_m(flow, level + raised, steps=steps)
    noticeable = 0.005 * reach.diameter_m
    assert all(b >= a - noticeable for a, b in zip(low, high, strict=True))


@given(reach=reaches, flow=st.floats(0.001, 1.0), level=st.floats(-1.0, 4.0))
@example(reach=_reach(0.85, 22.0, 0.003, 0.0104), flow=0.014, level=0.146)  # 0.2 mm lower under more flow
@EXAMPLES
def test_in_a_mild_pipe_more_flow_never_lowers_the_energy_above(reach: Reach, flow: float, level: float) -> None:
    # The level itself it may lower a little, where a stream slows down into deeper water and so lifts it; and in a
    # steep pipe more, for a faster stream pushes the jump further down.
    more = 1.2 * flow
    assume(reach.normal_depth_m(flow) > reach.critical_depth_m(flow))
    assume(reach.normal_depth_m(more) > reach.critical_depth_m(more))
    assert _energy_m(reach, more, level) >= _energy_m(reach, flow, level) - 1e-6


def _energy_m(reach: Reach, flow: float, level: float) -> float:
    depth = reach.profile_m(flow, level, steps=1)[-1]
    return depth + (flow / reach.area_m2(depth)) ** 2 / (2 * GRAVITY_M_S2)


@given(reach=reaches, flow=st.floats(0.001, 2.0), level=st.floats(0.0, 4.0))
@EXAMPLES
def test_water_rises_downstream_by_no_more_than_its_speed_can_lift_it(reach: Reach, flow: float, level: float) -> None:
    lower, upper = reach.profile_m(flow, level, steps=1)
    assume(upper > 0.01)
    speed = flow / reach.area_m2(upper)
    rise = reach.invert_lower_m + lower - reach.invert_upper_m - upper
    assert rise <= speed**2 / GRAVITY_M_S2 + 1e-6
