"""Rules: verdicts, limits, the two kinds of no, and the laws of screening."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.ground import brief, context, lay, parcels, sewered
from shapely.geometry import LineString, Point, box

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.planning.projects import brief_of, read_project_types
from xingu_geo.ground.planning.rules import Rule, read_rules
from xingu_geo.sewers.network.fit import FitState, fit_of
from xingu_geo.siting.judging.eligibility import Eligibility, Verdict
from xingu_geo.siting.judging.screen import screen
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS

DATA = Path(__file__).parents[3] / "data"
SHIPPED = read_rules(DATA / "rules.toml", VERBS)
TYPES = read_project_types(DATA / "project_types.toml")
BY_ID = {rule.id: rule for rule in SHIPPED}
HECTARE = box(0, 0, 100, 100)


def rule(**changes: Any) -> Rule:
    plain = {
        "id": "homes", "title": {"zh": "居住", "en": "homes"}, "kind": "environment", "severity": "exclude",
        "measure": "distance", "layer": "residential", "unit": "m", "comparison": "at_least", "limit": 100,
        "why": {"zh": "因", "en": "why"}, "advice": {"zh": "宜", "en": "do"}, "sources": ["test"],
    }  # fmt: skip
    return Rule.model_validate({**plain, **changes}, context=VERBS)


def verdict(place: Context, name: str, site: str = "A") -> Verdict:
    found: Verdict = screen([BY_ID[name]], place).verdict.loc[site, name]  # type: ignore[assignment]
    return found


def test_a_site_exactly_at_the_limit_passes_and_a_millimetre_nearer_fails(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(0, 200, 100.001, 300)})
    lay(tmp_path, "residential", {"H": box(200, 0, 300, 300)}, persons=1)
    found = screen([rule()], context(tmp_path))
    assert found.verdict["homes"].tolist() == [Verdict.PASS, Verdict.FAIL]
    assert found.observed["homes"].tolist() == pytest.approx([100, 99.999])
    assert found.limit["homes"].tolist() == [100, 100]
    assert found.unit["homes"] == "m"
    assert found.eligible.tolist() == [True, False]
    assert found.reasons("B") == ["homes"]
    assert found.reasons("A") == []


def test_a_flag_excludes_nobody(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "residential", {"H": box(110, 0, 200, 100)}, persons=1)
    found = screen([rule(severity="flag")], context(tmp_path))
    assert found.verdict.loc["A", "homes"] == Verdict.FLAG
    assert found.eligible.all()
    assert found.flags("A") == ["homes"]


def test_a_missing_layer_is_not_assessed_never_passed(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    found = screen([rule()], context(tmp_path))
    assert found.verdict.loc["A", "homes"] == Verdict.NOT_ASSESSED
    assert found.observed.loc["A", "homes"] is None
    assert found.why_not["homes"].sentence("en") == "the place has no layer residential"
    assert found.eligible.all()


def test_an_unknown_limit_is_not_assessed_even_where_the_layer_is_there(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "residential", {"H": box(110, 0, 200, 100)}, persons=1)
    found = screen([BY_ID["homes_setback"]], context(tmp_path))
    assert found.verdict.loc["A", "homes_setback"] == Verdict.NOT_ASSESSED
    assert found.why_not["homes_setback"].what == "homes_setback_m"
    given_setback = screen([BY_ID["homes_setback"]], context(tmp_path, brief({"homes_setback_m": 300})))
    assert given_setback.verdict.loc["A", "homes_setback"] == Verdict.FAIL
    assert given_setback.limit.loc["A", "homes_setback"] == 300


def test_exactly_the_headroom_fits_and_one_cubic_metre_a_day_more_does_not(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    sewers = sewered({"A": 5300.25})
    fits = context(tmp_path, brief({"wastewater_m3_d": 5300.25}), sewers)
    more = context(tmp_path, brief({"wastewater_m3_d": 5301.25}), sewers)
    assert verdict(fits, "headroom") == Verdict.PASS
    assert verdict(more, "headroom") == Verdict.FAIL


def test_a_full_trunk_waits_for_an_upgrade_unlike_a_small_or_unsewered_plot(tmp_path: Path) -> None:
    sites = {
        "full": HECTARE,
        "small": box(0, 200, 50, 250),
        "dry": box(0, 400, 100, 500),
        "good": box(0, 600, 100, 700),
    }
    parcels(tmp_path, sites)
    project = brief({"wastewater_m3_d": 500, "land_m2": 9000})
    sewers = sewered({"full": 400, "small": 400, "dry": np.nan, "good": 501})
    found = screen([BY_ID["area"], BY_ID["headroom"]], context(tmp_path, project, sewers))
    assert dict(found.eligible) == {"dry": False, "full": False, "good": True, "small": False}
    assert dict(found.waits_for_capacity) == {"dry": False, "full": True, "good": False, "small": False}
    assert found.verdict.loc["dry", "headroom"] == Verdict.UNKNOWN
    assert found.kind == {"area": "land", "headroom": "capacity"}


def test_a_negative_headroom_is_seen_as_observed(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    found = screen([BY_ID["headroom"]], context(tmp_path, brief({"wastewater_m3_d": 1}), sewered({"A": -120})))
    assert found.observed.loc["A", "headroom"] == -120


def test_land_rules_pass_over_carriers_and_a_land_project_does_not_move_in(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "carriers", {"C": box(200, 0, 300, 100)}, floor_area_free_m2=5000.0, status="occupied")
    land = screen(SHIPPED, context(tmp_path, brief({"land_m2": 5000})))
    assert land.verdict.loc["C", "area"] == Verdict.NOT_APPLICABLE
    assert land.verdict.loc["C", "way_in"] == Verdict.FAIL
    assert (land.verdict["floor_space"] == Verdict.NOT_APPLICABLE).all()
    floor = screen(SHIPPED, context(tmp_path, brief({"floor_area_m2": 6000}, needs="floor")))
    assert floor.verdict.loc["C", "way_in"] == Verdict.PASS
    assert floor.verdict.loc["C", "floor_space"] == Verdict.FAIL
    assert floor.verdict.loc["A", "floor_space"] == Verdict.PASS  # 1 ha at plot ratio 2
    assert floor.verdict.loc["C", "carrier_status"] == Verdict.PASS
    assert (floor.verdict["area"] == Verdict.NOT_APPLICABLE).all()


def test_a_parcel_without_a_plot_ratio_has_unknown_floors(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE}, plot_ratio_max=np.nan)
    project = brief({"floor_area_m2": 6000}, needs="floor")
    assert verdict(context(tmp_path, project), "floor_space") == Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("status", "expected"),
    [("vacant", Verdict.PASS), ("low_efficiency", Verdict.PASS), ("occupied", Verdict.FAIL), ("", Verdict.UNKNOWN)],
)
def test_only_vacant_and_low_efficiency_land_is_offered(tmp_path: Path, status: str, expected: Verdict) -> None:
    parcels(tmp_path, {"A": HECTARE}, status=status)
    assert verdict(context(tmp_path), "status") == expected


def test_a_sliver_of_farmland_is_digitising_noise_and_more_is_not(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(0, 200, 100, 300)})
    fields = {"sliver": box(99.95, 0, 200, 100), "more": box(99.85, 200, 200, 300)}  # 0.05 % and 0.15 %
    lay(tmp_path, "protected", fields, kind="farmland")
    place = context(tmp_path)
    assert verdict(place, "protected_land") == Verdict.PASS
    assert verdict(place, "protected_land", "B") == Verdict.FAIL
    assert verdict(place, "protected_water") == Verdict.PASS


def test_the_air_screen_flags_only_projects_with_toxic_exhaust(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "residential", {"H": box(599, 0, 700, 100)}, persons=1)
    assert verdict(context(tmp_path, brief(flags=["toxic_air"])), "air_screening") == Verdict.FLAG
    assert verdict(context(tmp_path, brief()), "air_screening") == Verdict.NOT_APPLICABLE
    further = context(tmp_path, brief({"air_screen_m": 300}, flags=["toxic_air"]))
    assert verdict(further, "air_screening") == Verdict.PASS


@pytest.mark.parametrize(
    ("vibration", "expected"),
    [("none", Verdict.NOT_APPLICABLE), ("VC-C", Verdict.PASS), ("VC-D", Verdict.FLAG)],
)
def test_vibration_is_screened_by_class_against_the_metro(tmp_path: Path, vibration: str, expected: Verdict) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "metro", {"M": Point(400, 50)})  # 300 m: beyond 200 m for VC-C, within 500 m for VC-D
    assert verdict(context(tmp_path, brief(vibration=vibration)), "vibration_rail") == expected
    assert "measure" in BY_ID["vibration_rail"].advice.en


def test_a_rail_setback_of_the_brief_overrules_the_class(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "metro", {"M": Point(400, 50)})
    assert verdict(context(tmp_path, brief({"rail_setback_m": 250})), "vibration_rail") == Verdict.PASS
    quiet = context(tmp_path, brief({"rail_setback_m": 350}, vibration="none"))
    assert verdict(quiet, "vibration_rail") == Verdict.FLAG


def test_expressways_flag_vibration_and_dust_streets_do_not(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    roads = {"E": LineString([(140, 0), (140, 100)]), "S": LineString([(100, 0), (100, 100)])}
    lay(tmp_path, "roads", roads, **{"class": {"E": "expressway", "S": "street"}})
    place = context(tmp_path, brief({"road_setback_m": 50}))
    found = screen([BY_ID["vibration_road"], BY_ID["road_dust"]], place)
    assert found.observed.loc["A"].tolist() == [40, 40]
    assert found.verdict.loc["A"].tolist() == [Verdict.FLAG, Verdict.FLAG]


def test_arsenic_is_flagged_wherever_the_project_goes(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    assert verdict(context(tmp_path, brief(flags=["arsenic"])), "arsenic") == Verdict.FLAG
    assert verdict(context(tmp_path), "arsenic") == Verdict.PASS


def test_a_verdict_is_no_surer_than_the_weakest_layer_under_it(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "residential", {"H": box(210, 0, 300, 100)}, persons=1)
    found = screen([rule(), BY_ID["headroom"]], context(tmp_path, brief({"wastewater_m3_d": 1}), sewered({"A": 10})))
    assert found.confidence == {"homes": Confidence.DIGITISED, "headroom": Confidence.ILLUSTRATIVE}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"comparison": "allowed"}, "allowed for a class measure"),
        ({"limit": None}, "a limit for any other"),
        ({"severity": "warn"}, "severity"),
        ({"kind": "money"}, "kind"),
        ({"limit_by_vibration": {"VC-Z": 1}}, "limit_by_vibration"),
        ({"measure": "way_in", "layer": "", "unit": "class"}, "allowed for a class measure"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        rule(**changes)


def test_an_allowed_word_needs_its_label() -> None:
    with pytest.raises(ValueError, match="label in words"):
        Rule.model_validate({**BY_ID["arsenic"].model_dump(), "allowed": ["perhaps"]})


def town(folder: Path, names: list[str]) -> Context:
    folder.mkdir(exist_ok=True)
    lay_out = {name: box(300 * int(name[1:]), 0, 300 * int(name[1:]) + 90 + 20 * int(name[1:]), 150) for name in names}
    parcels(folder, lay_out, status={name: "vacant" if int(name[1:]) % 3 else "occupied" for name in names})
    lay(folder, "residential", {"H": box(-400, 0, -100, 100)}, persons=1)
    lay(folder, "protected", {"P": box(650, 100, 980, 500)}, kind="farmland")
    headroom = sewered({name: 700.0 * int(name[1:]) for name in names})
    project = brief({"land_m2": 17_000, "wastewater_m3_d": 1500, "homes_setback_m": 500})
    return context(folder, project, headroom)


NAMES = [f"S{i}" for i in range(8)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return town(tmp_path_factory.mktemp("town"), NAMES)


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 3000), st.floats(0, 3000), st.sampled_from(["at_least", "at_most"]))
def test_a_stricter_rule_gives_a_subset(place: Context, one: float, two: float, comparison: str) -> None:
    loose, strict = sorted([one, two], reverse=comparison == "at_most")

    def kept(limit: float) -> set[object]:
        found = screen([rule(limit=limit, comparison=comparison), *SHIPPED], place).eligible
        return set(found.index[found])

    assert kept(strict) <= kept(loose)


def test_one_rule_more_gives_a_subset(place: Context) -> None:
    before = set(NAMES)
    seen_fewer = 0
    for count in range(1, len(SHIPPED) + 1):
        found = screen(SHIPPED[:count], place).eligible
        after = set(found.index[found])
        assert after <= before
        seen_fewer += after < before
        before = after
    assert seen_fewer >= 3
    assert before


def test_the_order_of_rows_and_rules_changes_no_verdict(tmp_path: Path) -> None:
    forward = screen(SHIPPED, town(tmp_path / "one", NAMES))
    backward = screen(SHIPPED[::-1], town(tmp_path / "two", NAMES[::-1]))
    assert forward.verdict.equals(backward.verdict[forward.verdict.columns])
    assert forward.eligible.equals(backward.eligible)


def test_dropping_a_parcel_changes_no_other_verdict(tmp_path: Path) -> None:
    whole = screen(SHIPPED, town(tmp_path / "whole", NAMES))
    less = screen(SHIPPED, town(tmp_path / "less", NAMES[1:]))
    assert whole.verdict.drop(index="S0").equals(less.verdict)


def test_every_site_is_told_by_which_rule_it_is_out(place: Context) -> None:
    found: Eligibility = screen(SHIPPED, place)
    for site in NAMES:
        assert bool(found.reasons(site)) != bool(found.eligible[site])


def test_every_project_type_is_screened_and_nothing_passes_unasked(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    for project in TYPES:
        found = screen(SHIPPED, context(tmp_path, brief_of(TYPES, project)))
        assert set(found.verdict.columns) == set(BY_ID)
        for name in ("headroom", "protected_land", "protected_water"):
            assert found.verdict.loc["A", name] == Verdict.NOT_ASSESSED


def test_the_shipped_rules_cover_land_environment_and_capacity() -> None:
    assert {one.kind for one in SHIPPED} == {"land", "environment", "capacity"}
    assert {one.severity for one in SHIPPED} == {"exclude", "flag"}
    assert [one.id for one in SHIPPED if one.kind == "capacity"] == ["headroom", "headroom_to_come"]


def test_without_rules_everybody_is_eligible_and_nobody_waits(place: Context) -> None:
    found = screen([], place)
    assert found.eligible.tolist() == [True] * len(NAMES)
    assert not found.waits_for_capacity.any()


@given(discharge=st.floats(0.01, 500_000), parts=st.floats(-40, 40))
def test_the_rule_the_ratio_and_the_fit_draw_the_same_line(one_site: Context, discharge: float, parts: float) -> None:
    # Four times the tolerance of 1e-9 on either side of the discharge.
    headroom = discharge * (1 + parts * 1e-10)
    asked = replace(one_site, brief=brief({"wastewater_m3_d": discharge}), headroom=sewered({"A": headroom}))
    fits = fit_of(headroom, discharge, confidence=Confidence.SURVEYED).state is FitState.FITS
    assert (verdict(asked, "headroom") == Verdict.PASS) is fits
    ratio = VERBS["headroom_ratio"].function(asked, BY_ID["headroom"])
    assert bool(ratio.values["A"] >= 1) is fits


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A place with one site, read once."""
    folder = tmp_path_factory.mktemp("place")
    parcels(folder, {"A": HECTARE})
    return context(folder)
