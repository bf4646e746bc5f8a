"""What later phases leave of each site's headroom."""

from __future__ import annotations

import geopandas as gpd
import pytest
from kit.sewers import link, load, network, norms_without_infiltration, plant
from shapely import box

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.fit import Check, FitState
from xingu_geo.sewers.network.headroom import Effluent
from xingu_geo.sewers.network.outlook import Outlook, outlook_of
from xingu_geo.sewers.network.phases import Phase, Phases, at_phase

WORDS = Label(zh="时期", en="phase")
STEADY = Effluent(0.0, 1.0)


def phase(name: str, loads_until: int, pipes_until: int) -> Phase:
    return Phase(id=name, title=WORDS, about=WORDS, loads_until=loads_until, pipes_until=pipes_until)


NOW, HARD = phase("now", 2026, 2026), phase("hard", 9999, 2026)
SOON, LATE = phase("soon", 2027, 2027), phase("late", 2030, 2030)
ALL = Phases(phase=(NOW, HARD, SOON, LATE))


def seen() -> Outlook:
    """A works of 1,000 m³/d at (0, 0): 400 today, 500 more in 2027, 300 more in 2030; enlarged to 1,400 in 2029."""
    loads = [
        load("w", 0, 400, name="today"),
        load("w", 0, 500, name="approved", state="committed", year=2027),
        load("w", 0, 300, name="later", state="committed", year=2030),
    ]
    larger = {"id": "u", "element": "w", "year": 2029, "field": "capacity_m3_d", "value": 1400.0}
    drawn = network(
        [{"id": "a", "x_m": 0, "y_m": 50}, plant("w", 1000, x_m=0, y_m=0)],
        [link("a", "w")],
        loads,
        upgrades=[larger],
        norms=norms_without_infiltration(),
    )
    shapes = {"far": box(90_000, 0, 90_100, 100), "near": box(-50, -150, 50, -50)}
    table = gpd.GeoDataFrame(geometry=list(shapes.values()), index=list(shapes), crs="EPSG:4549")
    sites = Sites(table, Confidence.DIGITISED, 10.0, "sites")
    return outlook_of(sites, [(one, assessed_of(at_phase(drawn, one))) for one in ALL.after(NOW)], STEADY)


def test_a_later_phase_has_more_loads_and_no_fewer_pipes() -> None:
    # "hard" flows with every load on today's pipes: it comes after today, not after 2027, whose pipes it lacks.
    assert [one.id for one in ALL.after(NOW)] == ["hard", "soon", "late"]
    assert [one.id for one in ALL.after(SOON)] == ["late"]
    assert ALL.after(LATE) == ALL.after(HARD) == ()


def test_each_phase_leaves_what_its_loads_and_upgrades_leave() -> None:
    # 1,000 − 1,200 with every load; 1,000 − 900 in 2027; 1,400 − 1,200 in 2030.
    assert seen().headroom_m3_d.loc["near"].to_dict() == pytest.approx({"hard": -200.0, "soon": 100.0, "late": 200.0})
    told = seen().at("near", 100.0)
    assert [(one.id, fit.state, fit.missing_m3_d) for one, _, fit in told] == [
        ("hard", FitState.SHORT, pytest.approx(300.0)),
        ("soon", FitState.FITS, 0.0),
        ("late", FitState.FITS, 0.0),
    ]
    assert {(fit.binding, fit.check) for _, _, fit in told} == {("w", Check.PLANT)}
    assert {fit.state for _, _, fit in seen().at("far", 100.0)} == {FitState.UNSEWERED}


def test_the_least_is_that_of_the_tightest_phase_and_unknown_stays_unknown() -> None:
    found = seen()
    assert found.least_m3_d["near"] == pytest.approx(-200.0)
    assert found.tightest.to_dict() == {"near": "hard", "far": ""}
    assert found.least_m3_d.isna()["far"]
    assert found.confidence == Confidence.DIGITISED
