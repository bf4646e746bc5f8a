"""Every verb on bare ground, against arithmetic done by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from kit.ground import ToCome, brief, context, lay, lay_raster, parcels, sewered
from shapely.geometry import LineString, Point, box

from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.question import question_digest
from xingu_geo.siting.measuring.registry import VERBS, measured
from xingu_geo.siting.measuring.verb import Absent, Answer

HECTARE = box(0, 0, 100, 100)
PARTNERS = {"fab": ["materials", "design"]}


def take(place: Context, verb: str, layer: str = "", **options: Any) -> Answer:
    answer = measured(place, verb, layer=layer, options=VERBS[verb].options.model_validate(options))
    assert isinstance(answer, Answer), answer
    return answer


def figures(place: Context, verb: str, layer: str = "", **options: Any) -> dict[str, Any]:
    return dict(take(place, verb, layer, **options).values)


def why_not(place: Context, verb: str, layer: str = "", **options: Any) -> Absent:
    answer = measured(place, verb, layer=layer, options=VERBS[verb].options.model_validate(options))
    assert isinstance(answer, Absent)
    return answer


def test_a_homes_source_fifty_metres_outside_the_study_area_counts(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "district", {"D": box(-500, -500, 120, 500)})
    lay(tmp_path, "residential", {"far": box(-480, 0, -400, 100), "outside": box(170, 0, 250, 100)}, persons=10)
    assert figures(context(tmp_path), "distance", "residential")["A"] == pytest.approx(70, rel=1e-3)


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:4326", "EPSG:4490", "EPSG:32651", "EPSG:4528"])
def test_areas_setbacks_and_shares_are_the_same_from_any_crs(tmp_path: Path, crs: str) -> None:
    parcels(tmp_path, {"A": HECTARE}, crs=crs)
    lay(tmp_path, "residential", {"H": box(300, 0, 400, 100)}, persons=10, crs=crs)
    lay(tmp_path, "protected", {"P": box(-50, -50, 25, 150), "Q": box(0, -50, 25, 150)}, kind="water", crs=crs)
    place = context(tmp_path)
    assert figures(place, "site_number", column="area_m2")["A"] == pytest.approx(10_000, rel=1e-3)
    assert figures(place, "distance", "residential")["A"] == pytest.approx(200, rel=1e-3)
    assert figures(place, "overlap_share", "protected")["A"] == pytest.approx(0.25, rel=1e-3)


def test_only_the_features_asked_for_are_measured_against(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    shapes = {"near": box(150, 0, 200, 100), "far": box(300, 0, 400, 100)}
    lay(tmp_path, "protected", shapes, kind={"near": "water", "far": "farmland"})
    asked = figures(context(tmp_path), "distance", "protected", where={"kind": ["farmland"]})
    assert asked["A"] == pytest.approx(200)


def test_a_layer_without_the_feature_asked_for_is_no_far_away(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "protected", {"P": box(150, 0, 200, 100)}, kind="water")
    place = context(tmp_path)
    assert why_not(place, "distance", "protected", where={"kind": ["farmland"]}) == Absent("feature", "protected")
    assert why_not(place, "distance", "protected", where={"sort": ["x"]}) == Absent("column", "protected.sort")
    assert why_not(place, "distance", "residential") == Absent("layer", "residential")
    # nothing protected of that kind is drawn: then none of the parcel is
    assert figures(place, "overlap_share", "protected", where={"kind": ["farmland"]})["A"] == 0


def test_persons_count_with_the_share_of_area_within_reach(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(5000, 0, 5100, 100)})
    homes = {"half": box(1050, 20, 1150, 80), "in": box(200, 20, 300, 80), "out": box(2000, 0, 2100, 100)}
    lay(tmp_path, "residential", homes, persons={"half": 400, "in": 70, "out": 9000})
    found = figures(context(tmp_path), "people_within", "residential", column="persons", reach_m=1000)
    assert found == pytest.approx({"A": 0.5 * 400 + 70, "B": 0}, rel=1e-3)


def test_an_area_with_an_unknown_number_of_persons_leaves_only_the_sites_near_it_unknown(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(5000, 0, 5100, 100)})
    homes = {"H1": box(200, 0, 300, 100), "H2": box(5200, 0, 5300, 100)}
    lay(tmp_path, "residential", homes, persons={"H1": np.nan, "H2": 30})
    found = figures(context(tmp_path), "people_within", "residential", column="persons", reach_m=1000)
    assert np.isnan(found["A"])
    assert found["B"] == pytest.approx(30)


def actors(folder: Path) -> None:
    places = {"F1": Point(200, 50), "M1": Point(400, 50), "M2": Point(900, 50), "M3": Point(120, 50), "D1": None}
    stages = {"F1": "fab", "M1": "materials", "M2": "materials", "M3": "materials", "D1": "design"}
    accuracies = {"F1": 50, "M1": 50, "M2": 50, "M3": 3500, "D1": np.nan}
    lay(folder, "actors", places, stage=stages, accuracy_m=accuracies)


def test_neighbours_are_those_up_and_down_the_chain_and_the_lost_and_vague_are_said(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    actors(tmp_path)
    place = context(tmp_path)
    options = {"partners": PARTNERS, "accuracy_max_m": 1000}
    count = take(place, "chain_neighbours", "actors", reach_m=500, **options)
    assert dict(count.values) == {"A": 1}  # M1 at 300 m; M2 is too far, F1 is no partner, M3 vague, D1 unplaced
    assert count.left_out == {"unplaced": 1, "vague": 1}
    assert figures(place, "chain_distance", "actors", **options)["A"] == pytest.approx(300)


def test_a_stage_without_partners_has_no_neighbours_to_count(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    actors(tmp_path)
    place = context(tmp_path, brief(stage="services"))
    options = {"partners": PARTNERS, "accuracy_max_m": 1000}
    assert why_not(place, "chain_distance", "actors", **options) == Absent("project", "services")


def test_partners_none_of_whom_is_located_are_not_counted_as_none(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "actors", {"D1": None, "F1": Point(0, 0)}, stage={"D1": "design", "F1": "fab"}, accuracy_m=10)
    options = {"partners": PARTNERS, "accuracy_max_m": 1000}
    assert why_not(context(tmp_path), "chain_distance", "actors", **options) == Absent("unlocated", "actors")


def test_the_way_to_an_expressway_ends_at_its_junction_and_no_site_opens_onto_it(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    roads = {
        "E": LineString([(-1000, 110), (500, 110), (2000, 110)]),  # passes 10 m north of the site
        "S": LineString([(0, -20), (500, -20), (500, 110)]),  # 20 m south of it
    }
    lay(tmp_path, "roads", roads, **{"class": {"E": "expressway", "S": "street"}})
    options = {"to_junctions_with": {"class": ["expressway"]}, "join": {"class": ["street"]}}
    way = figures(context(tmp_path), "road_distance", "roads", **options)["A"]
    # 20 m to the street, at most 500 m along it (the frontage is 100 m), 130 m north
    assert 20 + 400 + 130 - 1e-6 <= way <= 20 + 500 + 130 + 1e-6


def test_the_way_to_a_station_counts_both_legs(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(0, 20, 100, 120)})
    lay(tmp_path, "roads", {"S": LineString([(100, 0), (1000, 0)])}, **{"class": "street"})
    lay(tmp_path, "metro", {"M": Point(600, 30)})
    way = figures(context(tmp_path), "road_distance", "roads", to_layer="metro")["A"]
    assert way == pytest.approx(20 + 500 + 30)


def test_raster_figures_come_by_exact_cover(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(5, 0, 20, 10)})
    lay_raster(tmp_path, "elevation", np.array([[7.0, 8.0]]), cell_m=10)
    assert figures(context(tmp_path), "raster", "elevation", statistic="mean")["A"] == pytest.approx(23 / 3)


def test_ratios_are_to_what_the_brief_needs_and_unknown_needs_are_named(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    options = {"column": "area_m2", "need": "land_m2"}
    assert figures(context(tmp_path, brief({"land_m2": 8000})), "ratio_to_need", **options)["A"] == pytest.approx(1.25)
    assert why_not(context(tmp_path), "ratio_to_need", **options) == Absent("figure", "land_m2")


@pytest.mark.parametrize(
    ("code", "fit"),
    [("100102", "first"), ("100101", "listed"), ("100103", "group"), ("0701", "other"), ("", "")],
)
def test_land_use_fits_by_code_and_main_class(tmp_path: Path, code: str, fit: str) -> None:
    parcels(tmp_path, {"A": HECTARE}, land_use_code=code)
    assert figures(context(tmp_path), "land_use_fit") == {"A": fit}


def test_land_use_of_a_type_without_codes_is_not_judged(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    assert why_not(context(tmp_path, brief(land_use_codes=[])), "land_use_fit").reason == "figure"


@pytest.mark.parametrize(
    ("needs", "ways"), [("land", {"A": "land", "C": "none"}), ("floor", {"A": "build", "C": "floor"})]
)
def test_a_project_takes_land_moves_in_or_builds(tmp_path: Path, needs: str, ways: Mapping[str, str]) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "carriers", {"C": box(200, 0, 300, 100)}, floor_area_free_m2=5000.0)
    assert figures(context(tmp_path, brief(needs=needs)), "way_in") == ways


def test_free_floors_are_a_carriers_own_and_a_parcels_by_its_plot_ratio(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(0, 200, 100, 300)}, plot_ratio_max={"A": 2.0, "B": np.nan})
    lay(tmp_path, "carriers", {"C": box(200, 0, 300, 100)}, floor_area_free_m2=5000.0)
    found = figures(
        context(tmp_path, brief({"floor_area_m2": 10_000}, needs="floor")),
        "ratio_to_need", column="floor_area_free_m2", need="floor_area_m2",
    )  # fmt: skip
    assert found == pytest.approx({"A": 2.0, "B": np.nan, "C": 0.5}, nan_ok=True)


def test_headroom_is_measured_before_and_after_the_project(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(200, 0, 300, 100), "C": box(400, 0, 500, 100)})
    place = context(tmp_path, brief({"wastewater_m3_d": 400}), sewered({"A": 1000, "B": -50, "C": np.nan}))
    approx = {"nan_ok": True}
    assert figures(place, "headroom") == pytest.approx({"A": 1000, "B": -50, "C": np.nan}, **approx)
    assert figures(place, "headroom_after") == pytest.approx({"A": 600, "B": -450, "C": np.nan}, **approx)
    assert figures(place, "headroom_ratio") == pytest.approx({"A": 2.5, "B": -0.125, "C": np.nan}, **approx)
    assert figures(place, "tie_in_distance")["A"] == 100


def test_without_sewers_or_discharge_headroom_is_not_measured(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    assert why_not(context(tmp_path), "headroom") == Absent("sewers")
    assert why_not(context(tmp_path), "headroom_ratio") == Absent("sewers")
    unknown = context(tmp_path, headroom=sewered({"A": 1000}))
    assert why_not(unknown, "headroom_ratio") == Absent("figure", "wastewater_m3_d")
    assert why_not(unknown, "headroom_after") == Absent("figure", "wastewater_m3_d")


def test_headroom_to_come_is_the_least_of_the_phases_to_come(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(200, 0, 300, 100)})
    now = context(tmp_path, headroom=sewered({"A": 1000, "B": 500}))
    assert why_not(context(tmp_path), "headroom_to_come") == Absent("sewers")
    assert why_not(now, "headroom_to_come") == Absent("phase")
    later = replace(now, outlook=ToCome(pd.Series({"B": -200.0})))
    assert figures(later, "headroom_to_come") == pytest.approx({"A": np.nan, "B": -200}, nan_ok=True)
    assert question_digest([], later) != question_digest([], now)


def test_a_site_the_sewers_do_not_know_is_unknown_not_zero(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE, "B": box(200, 0, 300, 100)})
    assert np.isnan(figures(context(tmp_path, headroom=sewered({"A": 1000})), "headroom")["B"])


def test_zones_wanted_for_the_project_come_before_the_core_and_the_rest(tmp_path: Path) -> None:
    sites = {
        "part": box(0, 0, 100, 100), "core": box(500, 0, 600, 100),
        "wing": box(3000, 0, 3100, 100), "none": box(9000, 0, 9100, 100),
    }  # fmt: skip
    parcels(tmp_path, sites)
    lay(tmp_path, "core", {"core": box(-50, -50, 1000, 1000)})
    lay(tmp_path, "core_parts", {"majors": box(-50, -50, 200, 200)}, kind="zone")
    lay(tmp_path, "wings", {"east": box(2900, -50, 3200, 200)})
    found = figures(context(tmp_path, brief(zones=["majors"])), "zone_fit", "core")
    assert found == {"part": "preferred", "core": "core", "wing": "structure", "none": "outside"}
    assert why_not(context(tmp_path), "zone_fit", "core") == Absent("figure", "zones")


def test_the_same_question_is_worked_out_once(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    place = context(tmp_path)
    assert take(place, "compactness") is take(place, "compactness")


QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("site_number", "", {"column": "area_m2"}),
    ("site_class", "", {"column": "status"}),
    ("compactness", "", {}),
    ("distance", "residential", {}),
    ("overlap_share", "protected", {}),
    ("people_within", "residential", {"column": "persons", "reach_m": 500}),
    ("road_distance", "roads", {"to_layer": "metro"}),
    ("raster", "elevation", {"statistic": "mean"}),
]


def test_what_rests_on_the_ground_alone_serves_every_project_and_is_the_same_for_each(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    lay(tmp_path, "residential", {"H": box(150, 0, 250, 100)}, persons=10)
    lay(tmp_path, "protected", {"P": box(50, 0, 200, 100)}, kind="water")
    lay(tmp_path, "roads", {"S": LineString([(0, -20), (900, -20)])}, **{"class": "street"})
    lay(tmp_path, "metro", {"M": Point(600, 30)})
    lay_raster(tmp_path, "elevation", np.full((20, 20), 6.0), cell_m=10)
    assert {name for name, verb in VERBS.items() if not verb.of_project} == {name for name, _, _ in QUESTIONS}
    first = context(tmp_path)
    other = brief({"land_m2": 1, "wastewater_m3_d": 2}, stage="design", needs="floor", vibration="none", zones=["x"])
    kept, fresh = replace(first, brief=other, headroom=sewered({"A": 5})), context(tmp_path, other, sewered({"A": 5}))
    for verb, layer, options in QUESTIONS:
        answer = take(first, verb, layer, **options)
        assert take(kept, verb, layer, **options) is answer
        assert take(fresh, verb, layer, **options).values.equals(answer.values)


def test_what_looks_at_the_project_is_asked_anew(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": HECTARE})
    options = {"column": "area_m2", "need": "land_m2"}
    first = context(tmp_path, brief({"land_m2": 10_000}), sewered({"A": 5}))
    second = replace(first, brief=brief({"land_m2": 5_000}), headroom=sewered({"A": 7}))
    assert figures(first, "ratio_to_need", **options)["A"] == pytest.approx(1)
    assert figures(second, "ratio_to_need", **options)["A"] == pytest.approx(2)
    assert (figures(first, "headroom")["A"], figures(second, "headroom")["A"]) == (5, 7)


def test_every_verb_says_its_unit_and_what_it_needs() -> None:
    assert len(VERBS) >= 15
    for name, verb in VERBS.items():
        assert verb.function.__doc__, name
        assert verb.needs in ("sites", "vector", "raster", "sewers")


def test_an_absence_is_said_in_both_languages() -> None:
    for reason in ("layer", "feature", "unlocated", "column", "figure", "sewers", "project"):
        absent = Absent(reason, "roads")  # type: ignore[arg-type]
        assert absent.sentence("zh") != absent.sentence("en")


def test_every_column_of_a_measure_is_indexed_by_site(tmp_path: Path) -> None:
    parcels(tmp_path, {"B": box(200, 0, 300, 100), "A": HECTARE})
    values = take(context(tmp_path), "compactness").values
    assert isinstance(values, pd.Series)
    assert values.index.tolist() == ["A", "B"]
