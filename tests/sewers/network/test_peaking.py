"""K and its inverse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.sewers import chain
from pydantic import ValidationError

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.norms import PeakingTable
from xingu_geo.sewers.network.peaking import peaking_of

NORMS = planner.norms()
K_2021 = peaking_of(NORMS.peaking_table)
TABLE = {"edition": "own", "clause": "–", "source": "assumption", "confidence": "assumption-illustrative"}


@pytest.mark.parametrize(
    ("mean_l_s", "factor"),
    # Knots, the middle of each piece (the mean of its ends), and both constant reaches; GB 50014-2021 table 4.1.15.
    [(3, 2.7), (10, 2.55), (27.5, 2.25), (55, 2.05), (85, 1.95), (150, 1.85), (350, 1.7), (750, 1.55), (2000, 1.5)],
)
def test_k_is_interpolated_between_the_knots_of_the_table(mean_l_s, factor):
    assert K_2021.factor(np.array([mean_l_s]))[0] == pytest.approx(factor, rel=1e-12)


def test_the_edition_of_2006_lies_below_that_of_2021():
    old = peaking_of(NORMS.with_edition("2006").peaking_table)
    flows = np.linspace(1, 3000, 200)
    assert (old.factor(flows) < K_2021.factor(flows)).all()
    assert old.factor(np.array([10.0]))[0] == pytest.approx((2.3 + 2.0) / 2)


@given(st.floats(1e-6, 1e5))
@settings(deadline=None)
def test_the_inverse_gives_back_the_flow(mean_l_s):
    flow = np.array([mean_l_s])
    assert K_2021.mean(K_2021.peak(flow))[0] == pytest.approx(mean_l_s, rel=1e-12)


@given(
    domestic=st.floats(0, 3000),
    added=st.floats(-2000, 3000),
    share=st.sampled_from([0.0, 1e-9, 0.05, 0.5, 1.0]),
    steady=st.floats(0.1, 2),
)
@settings(deadline=None, max_examples=400)
def test_room_is_the_root_of_the_design_equation(domestic, added, share, steady):
    # Forward: what the budget would be if exactly `added` fitted; backward must find `added` again.
    q, d = np.array([added]), np.array([domestic])
    budget = K_2021.peak(d + share * q) + steady * q
    found = K_2021.room(d, budget, domestic_share=share, steady=steady)
    assert found[0] == pytest.approx(added, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize(
    ("flows", "factors"),
    [
        ((5, 15), (3.0, 0.9)),  # below 1
        ((5, 5), (2.0, 2.0)),  # not rising
        ((0, 5), (2.0, 2.0)),  # starts at nothing
        ((5, 15, 40), (2.7, 2.4)),  # one short
        ((100, 101), (2.0, 1.5)),  # K·q falls from 200 to 151.5: no inverse
        ((5, 10), (6.0, 1.0)),  # K·q falls from 30 to 10
    ],
)
def test_a_table_without_an_inverse_is_refused(flows, factors):
    with pytest.raises(ValidationError):
        PeakingTable(flow_l_s=flows, factor=factors, **TABLE)


def test_a_table_that_dips_inside_a_piece_is_refused_though_its_ends_rise():
    # From (10, 2.2) to (20, 1.2): K·q is 22 at 10 and 24 at 20, but K = 3.2 − 0.1q gives 25.6 at 16: it falls after.
    with pytest.raises(ValidationError, match="no inverse"):
        PeakingTable(flow_l_s=(10, 20), factor=(2.2, 1.2), **TABLE)


def test_an_unknown_edition_is_refused_with_the_known_ones():
    with pytest.raises(XinguError) as refusal:
        chain().norms.with_edition("1987")
    assert refusal.value.facts["known"] == "2021, 2006"
