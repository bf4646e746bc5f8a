"""Phases: what holds by when, and that planned and present are never mixed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.sewers import link, load, network, norms_without_infiltration, plant, random_network
from pydantic import ValidationError

from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.ground.base.specs import Label
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.curves import curve_of, curves_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.phases import Phase, Phases, at_phase

WORDS = Label(zh="时期", en="phase")
STEADY = Effluent(0.0, 1.0)


def phase(name, loads_until, pipes_until):
    return Phase(id=name, title=WORDS, about=WORDS, loads_until=loads_until, pipes_until=pipes_until)


NOW, THEN, LATER = phase("now", 2026, 2026), phase("then", 2027, 2027), phase("later", 2030, 2030)


def growing():
    """A works of 1,000 m³/d with 400 today, 500 approved for 2027, 300 for 2030; enlarged to 1,400 in 2029."""
    loads = [
        load("a", 0, 400),
        load("a", 0, 500, name="approved", state="committed", year=2027),
        load("a", 0, 300, name="later", state="committed", year=2030),
    ]
    larger = {"id": "u", "element": "w", "year": 2029, "field": "capacity_m3_d", "value": 1400.0}
    return network(
        ["a", plant("w", 1000)], [link("a", "w")], loads, upgrades=[larger], norms=norms_without_infiltration()
    )


def _room(net):
    return headroom_of(assessed_of(net), STEADY).table.loc["w", "headroom_m3_d"]


def test_a_phase_holds_the_commitments_and_upgrades_of_its_years():
    # 1000 − 400 = 600; 1000 − 900 = 100; 1400 − 1200 = 200. As drawn, every load and no upgrade: 1000 − 1200.
    found = [_room(at_phase(growing(), one)) for one in (NOW, THEN, LATER)]
    assert found == pytest.approx([600, 100, 200])
    assert _room(growing()) == pytest.approx(-200)


def test_an_approval_counted_whatever_its_year_is_a_phase_too():
    promised = phase("promised", 9999, 2026)
    assert _room(at_phase(growing(), promised)) == pytest.approx(-200)


def test_a_network_cut_to_a_phase_is_never_cut_again():
    cut = at_phase(growing(), NOW)
    assert cut.phase == "now"
    with pytest.raises(XinguError) as refusal:
        at_phase(cut, LATER)
    assert refusal.value.code == "phase_mixed"


def test_a_result_names_its_phase_and_differs_in_its_digest():
    heads = [headroom_of(assessed_of(at_phase(growing(), one)), STEADY) for one in (NOW, THEN)]
    assert [head.phase for head in heads] == ["now", "then"]
    assert heads[0].digest != heads[1].digest


def test_cutting_leaves_the_network_as_it_was():
    net = growing()
    before = net.digest, net.nodes.loc["w", "capacity_m3_d"]
    at_phase(net, LATER)
    assert (net.digest, net.nodes.loc["w", "capacity_m3_d"]) == before


def test_existing_loads_and_loads_without_a_year_always_count():
    loads = [load("a", 0, 1, year=2050), load("a", 0, 2, name="b", state="reserved", year=None)]
    net = network(["a", plant("w")], [link("a", "w")], loads)
    assert len(at_phase(net, NOW).loads) == 2


def test_upgrades_of_one_figure_apply_in_the_order_of_their_years():
    rows = [
        {"id": "a-later", "element": "n-w", "year": 2029, "field": "diameter_mm", "value": 900.0},
        {"id": "b-first", "element": "n-w", "year": 2027, "field": "diameter_mm", "value": 700.0},
    ]
    net = network(["n", plant("w")], [link("n", "w", diameter_mm=500.0)], upgrades=rows)
    sizes = [at_phase(net, one).links.loc["n-w", "diameter_mm"] for one in (NOW, THEN, LATER)]
    assert sizes == [500, 700, 900]


def test_pipes_may_not_run_ahead_of_loads():
    with pytest.raises(ValidationError, match="may not run ahead"):
        phase("wishful", 2026, 2030)


@pytest.mark.parametrize(
    "change",
    [
        {"element": "nowhere", "field": "diameter_mm", "value": 1.0},
        {"element": "w", "field": "diameter_mm", "value": 1.0},
        {"element": "a-w", "field": "kind", "value": 1.0},
        {"element": "a-w", "field": "diameter_mm", "value": None},
    ],
)
def test_an_upgrade_of_nothing_is_refused(change):
    net = network(["a", plant("w")], [link("a", "w")], upgrades=[{"id": "u", "year": 2026, **change}])
    with pytest.raises(XinguError) as refusal:
        at_phase(net, NOW)
    assert refusal.value.code == "upgrade_wrong"
    assert not isinstance(refusal.value, Complaints)


def test_an_unknown_phase_is_refused_and_doubled_ids_too():
    with pytest.raises(XinguError) as refusal:
        planner.phases().named("2199")
    assert "2027" in refusal.value.facts["known"]
    with pytest.raises(ValidationError, match="own id"):
        Phases(phase=(NOW, NOW))


def test_the_shipped_phases_are_present_promised_2027_and_2030():
    assert planner.phases().ids == ("present", "promised", "2027", "2030")


def test_a_curve_follows_an_element_through_the_phases():
    curve = curve_of(growing(), Phases(phase=(NOW, THEN, LATER)), "w", effluent=STEADY)
    assert list(curve.index) == ["now", "then", "later"]
    assert list(curve["utilisation"]) == pytest.approx([0.4, 0.9, 1200 / 1400])
    assert list(curve["headroom_m3_d"]) == pytest.approx([600, 100, 200])
    assert list(curve["state"]) == ["ample", "nearly_full", "nearly_full"]
    assert list(curve["loads_until"]) == [2026, 2027, 2030]
    with pytest.raises(XinguError) as refusal:
        curve_of(growing(), Phases(phase=(NOW,)), "a")
    assert refusal.value.code == "sewer_element_unknown"


def test_every_element_has_a_row_in_every_phase():
    net = random_network(1, 20)
    curves = curves_of(net, Phases(phase=(NOW, LATER)))
    kinds = net.nodes["kind"].isin(("station", "plant")).sum()
    assert len(curves) == 2 * (len(net.links) + kinds)


@given(years=st.lists(st.integers(2026, 2032), min_size=1, max_size=6), until=st.integers(2026, 2032))
@settings(deadline=None, max_examples=30)
def test_later_loads_on_the_same_pipes_never_add_room(years, until):
    loads = [load("a", 10, 10, name=f"l{i}", state="committed", year=year) for i, year in enumerate(years)]
    net = network(["a", plant("w", 1e4)], [link("a", "w")], loads)
    sooner, later = (
        headroom_of(assessed_of(at_phase(net, phase("p", y, 2026))), STEADY).table for y in (until, until + 1)
    )
    assert (later["headroom_m3_d"] <= sooner["headroom_m3_d"]).all()
