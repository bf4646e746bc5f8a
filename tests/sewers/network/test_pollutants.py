"""Loads, quotas and inlet limits by hand; water that must not leave its site."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.sewers import link, load, network, placed, plant
from pydantic import ValidationError

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.pollutants import Pollutants, forbidden, pollutant_headroom, pollution_of

WARRANT = {"source": "own_assumption", "confidence": "assumption-illustrative"}


def two(*limits):
    """Metal 1 mg/L in domestic, 4 in industrial water; a project brings 10 unless it says otherwise."""
    one = {"value": 0.0, **WARRANT}
    return Pollutants.model_validate(
        {
            "pollutant": {"metal": {"title": {"zh": "金属", "en": "metal"}}},
            "background": {
                "domestic": {"metal": {**one, "value": 1.0}},
                "industrial": {"metal": {**one, "value": 4.0}},
            },
            "discharge": {"metal": {**one, "value": 10.0}},
            "limit": [{"id": f"l{i}", "pollutant": "metal", **WARRANT, **limit} for i, limit in enumerate(limits)],
            "never": [
                {
                    "flag": "arsenic",
                    "title": {"zh": "含砷", "en": "As"},
                    "demand": {"zh": "回用", "en": "reuse"},
                    **WARRANT,
                }
            ],
        }
    )


def town():
    """1,000 m³/d domestic and 500 industrial at a, all to w; with a tenth of infiltration 1,650 m³/d arrive."""
    return network(["a", plant("w")], [link("a", "w")], [load("a", 1000, 500)])


QUOTA = {"at": "w", "kind": "quota_kg_d", "value": 5.0}
INLET = {"at": "w", "kind": "inlet_mg_l", "value": 2.0}


def test_loads_are_flow_times_concentration_and_infiltration_dilutes():
    # 1000·1 + 500·4 = 3,000 g/d = 3 kg/d in 1,650 m³/d: 1.818 mg/L.
    table = pollution_of(assessed_of(town()), two(QUOTA, INLET))
    assert table.loc["l0", "load_kg_d"] == pytest.approx(3.0)
    assert table.loc["l0", "utilisation"] == pytest.approx(0.6)
    assert table.loc["l1", "concentration_mg_l"] == pytest.approx(3000 / 1650)
    assert table.loc["l1", "utilisation"] == pytest.approx(3000 / 1650 / 2)


def test_a_quota_leaves_its_rest_over_the_concentration():
    # 2 kg/d left at 10 mg/L are 200 m³/d; at 4 mg/L 500.
    assert pollutant_headroom(assessed_of(town()), two(QUOTA), "a").loc["l0", "headroom_m3_d"] == pytest.approx(200)
    weaker = pollutant_headroom(assessed_of(town()), two(QUOTA), "a", concentrations_mg_l={"metal": 4.0})
    assert weaker.loc["l0", "headroom_m3_d"] == pytest.approx(500)


def test_an_inlet_limit_counts_the_water_that_comes_along():
    # (3000 + 10q) = 2·(1650 + 1.1q) gives q = 300 / 7.8 = 38.46 m³/d.
    found = pollutant_headroom(assessed_of(town()), two(INLET), "a").loc["l0", "headroom_m3_d"]
    assert found == pytest.approx(300 / 7.8)
    after = pollution_of(assessed_of(placed(town(), "a", found, 0.0, 1.2)), two(INLET)).loc["l0"]
    # The background holds new industry at 4 mg/L; the project's 10 are added by hand.
    assert (after["load_kg_d"] + found * 6 / 1000) * 1000 / (1650 + 1.1 * found) == pytest.approx(2.0)


def test_water_weaker_than_the_inlet_limit_never_binds():
    found = pollutant_headroom(assessed_of(town()), two(INLET), "a", concentrations_mg_l={"metal": 2.0})
    assert np.isposinf(found.loc["l0", "headroom_m3_d"])


def test_an_exceeded_limit_leaves_a_deficit_and_the_least_comes_first():
    limits = (QUOTA, {**QUOTA, "value": 2.5}, INLET)
    found = pollutant_headroom(assessed_of(town()), two(*limits), "a")
    assert list(found.index) == ["l1", "l2", "l0"]
    assert found.loc["l1", "headroom_m3_d"] == pytest.approx(-50)


def test_a_split_sends_only_its_part_to_the_limit():
    net = network(
        ["a", plant("w"), plant("v")],
        [link("a", "w", split_share=0.25), link("a", "v", split_share=0.75)],
        [load("a", 1000, 500)],
    )
    # A quarter arrives: 0.75 kg/d of 5; the 4.25 left allow 425 m³/d at the plant, four times that at the node.
    assert pollutant_headroom(assessed_of(net), two(QUOTA), "a").loc["l0", "headroom_m3_d"] == pytest.approx(1700)


def test_limits_of_another_place_or_another_branch_do_not_count():
    net = network(["a", plant("w"), "b", plant("v")], [link("a", "w"), link("b", "v")], [load("a", 1)])
    limits = two({**QUOTA, "at": "elsewhere"}, {**QUOTA, "at": "v"})
    assert list(pollution_of(assessed_of(net), limits).index) == ["l1"]
    assert pollutant_headroom(assessed_of(net), limits, "a").empty


def test_a_plant_that_receives_nothing_has_no_concentration_and_is_not_over():
    row = pollution_of(assessed_of(network(["a", plant("w")], [link("a", "w")])), two(INLET)).loc["l0"]
    assert np.isnan(row["concentration_mg_l"])
    assert row["utilisation"] == 0


def test_arsenic_water_must_not_leave_its_site_whatever_is_left():
    shipped = planner.pollutants()
    assert [never.flag for never in forbidden(["arsenic", "toxic_air"], shipped)] == ["arsenic"]
    assert forbidden(["toxic_air"], shipped) == ()
    assert "不得外排" in forbidden(["arsenic"], shipped)[0].demand.zh


def test_wrong_concentrations_are_refused():
    for given_values, code in (({"gold": 1.0}, "pollutant_unknown"), ({"metal": -1.0}, "concentration_wrong")):
        with pytest.raises(XinguError) as refusal:
            pollutant_headroom(assessed_of(town()), two(QUOTA), "a", concentrations_mg_l=given_values)
        assert refusal.value.code == code


def test_a_limit_on_an_unnamed_pollutant_or_twice_the_same_id_is_refused():
    with pytest.raises(ValidationError):
        two({**QUOTA, "pollutant": "gold"})
    with pytest.raises(ValidationError):
        two({**QUOTA, "id": "same"}, {**QUOTA, "id": "same"})


def test_every_shipped_number_says_where_it_comes_from_and_how_sure_it_is():
    shipped = planner.pollutants()
    assert {"cod", "nh3_n", "tn", "tp", "fluoride", "salts"} <= set(shipped.pollutant)
    assert {limit.pollutant for limit in shipped.limit} == set(shipped.pollutant)


@given(extra=st.floats(0, 5000), strength=st.floats(0.1, 100))
@settings(deadline=None, max_examples=40)
def test_more_load_never_leaves_more_quota(extra, strength):
    net = town()
    more = network(["a", plant("w")], [link("a", "w")], [load("a", 1000, 500), load("a", 0, extra, name="x")])
    before, after = (
        pollutant_headroom(assessed_of(n), two(QUOTA), "a", concentrations_mg_l={"metal": strength})["headroom_m3_d"][
            "l0"
        ]
        for n in (net, more)
    )
    assert after <= before + 1e-9
