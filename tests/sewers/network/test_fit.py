"""Whether a discharge fits: decided once, and the same for a card, a phase and a ticket."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.sewers import link, load, network, norms_without_infiltration, plant, random_network, station

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.fit import Check, FitState, exceeds, fit_of, fits_of, within
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.relief.discharge import Discharge
from xingu_geo.sewers.relief.ticket import ticket_of

KNOWN = Confidence.SURVEYED
LITRE_M3_D = 0.001
STEADY = Effluent(0.0, 1.0)


def state(headroom: float, discharge: float, **facts: object) -> FitState:
    return fit_of(headroom, discharge, confidence=KNOWN, **facts).state  # type: ignore[arg-type]


@given(headroom=st.floats(0, 500_000))
def test_exactly_the_headroom_fits_and_one_more_litre_a_day_does_not(headroom: float) -> None:
    assert state(headroom, headroom) is FitState.FITS
    assert state(headroom, headroom + LITRE_M3_D) is FitState.SHORT


def test_the_four_answers_and_what_is_missing() -> None:
    found = fit_of(3600.0, 5000.0, confidence=KNOWN, binding="lift", check=Check.PUMP)
    assert (found.state, found.missing_m3_d, found.binding, found.check) == (FitState.SHORT, 1400.0, "lift", "pump")
    # A deficit comes on top; what is boundless takes anything; nothing fits into what nobody knows.
    assert fit_of(-493.0, 0.0, confidence=KNOWN).missing_m3_d == 493.0
    assert fit_of(math.inf, 1e9, confidence=KNOWN).missing_m3_d == 0.0
    for headroom, discharge in ((math.nan, 5.0), (5.0, math.nan)):
        unknown = fit_of(headroom, discharge, confidence=KNOWN)
        assert unknown.state is FitState.UNKNOWN
        assert math.isnan(unknown.missing_m3_d)
    unsewered = fit_of(math.nan, 5.0, confidence=KNOWN, is_sewered=False)
    assert unsewered.state is FitState.UNSEWERED
    assert math.isnan(unsewered.missing_m3_d)


@given(rooms=st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1), discharge=st.floats(0, 1e6))
def test_the_columns_are_the_single_answers_one_below_the_other(rooms: list[float], discharge: float) -> None:
    table = fits_of(pd.Series(rooms, dtype=float), discharge)
    alone = [fit_of(room, discharge, confidence=KNOWN) for room in rooms]
    assert table["state"].tolist() == [one.state for one in alone]
    np.testing.assert_array_equal(table["missing_m3_d"], [one.missing_m3_d for one in alone])


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_what_keeps_a_limit_does_not_exceed_it_and_the_unknown_does_neither(demand: float, limit: float) -> None:
    assert bool(within(demand, limit)) != bool(exceeds(demand, limit))
    assert not within(math.nan, limit)
    assert not exceeds(math.nan, limit)


@pytest.mark.parametrize("seed", range(12))
def test_a_ticket_and_a_headroom_draw_the_same_line(seed: int) -> None:
    before = assessed_of(random_network(seed, 40, splits=0.2, load_m3_d=60.0))
    table = headroom_of(before, Effluent(0.2, 1.3)).table
    seen = 0
    for node, room in table["headroom_m3_d"].items():
        if 0 < room < 1e8:
            for flow in (room, room + 0.01):
                found = ticket_of(before, [Discharge("fab", "site", str(node), flow, Effluent(0.2, 1.3))])
                assert found.fit.state is state(room, flow)
                seen += 1
    assert seen >= 4


def test_a_ticket_says_by_which_check_its_worst_element_binds() -> None:
    # The station moves 50 L/s, 4,320 m³/d of steady water; of 5,000 680 are too much.
    nodes = ["a", station("lift", 50.0), plant("works")]
    wide = {"kind": "pressure", "diameter_mm": 2000.0, "velocity_max_m_s": 2.0}
    town = network(
        nodes, [link("a", "lift", **wide), link("lift", "works", **wide)], norms=norms_without_infiltration()
    )
    fit = ticket_of(assessed_of(town), [Discharge("fab", "site", "a", 5000.0, STEADY)]).fit
    assert (fit.state, fit.binding, fit.check) == (FitState.SHORT, "lift", Check.PUMP)
    assert fit.missing_m3_d == pytest.approx(680)
    row = headroom_of(assessed_of(town), STEADY).table.loc["a"]
    assert (row["binding"], row["check"]) == ("lift", Check.PUMP)


@pytest.mark.parametrize(
    ("pipe", "check"),
    [({"diameter_mm": 300.0}, Check.MANNING), ({"kind": "pressure", "diameter_mm": 300.0}, Check.MAIN)],
)
def test_a_pipe_binds_by_uniform_flow_and_a_main_by_its_velocity(pipe: dict[str, object], check: Check) -> None:
    town = network(["a", plant("works")], [link("a", "works", **pipe)], [load("a", 100.0)])
    assert headroom_of(assessed_of(town), STEADY).table.loc["a", "check"] == check
