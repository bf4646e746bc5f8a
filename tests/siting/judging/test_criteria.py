"""Value functions, the matrix and its laws."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.ground import brief, context, lay, parcels, sewered
from kit.opening import open_catalogue
from kit.six_fields import write_six_fields
from shapely.geometry import Point, box

from xingu_geo.doors.telling.criterion_words import left_out_text, raw_text
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.planning.criteria import Criterion, read_criteria
from xingu_geo.ground.planning.projects import brief_of, read_project_types
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.judging.valuing import criteria_matrix
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS

DATA = Path(__file__).parents[3] / "data"
SHIPPED = read_criteria(DATA / "criteria.toml", VERBS)
TYPES = read_project_types(DATA / "project_types.toml")


def criterion(**changes: Any) -> Criterion:
    plain = {
        "id": "homes", "title": {"zh": "居住", "en": "homes"}, "group": "environment", "measure": "distance",
        "layer": "residential", "unit": "m", "direction": "more", "anchors": [[0, 0], [100, 0.5], [300, 1]],
        "weight": 1, "why": {"zh": "因", "en": "why"}, "sources": ["test"],
    }  # fmt: skip
    return Criterion.model_validate({**plain, **changes}, context=VERBS)


STATUS = criterion(
    id="status",
    group="land",
    measure="site_class",
    layer="",
    options={"column": "status"},
    unit="class",
    direction="class",
    anchors=[],
    classes={
        "vacant": {"value": 1, "label": {"zh": "闲置", "en": "vacant"}},
        "occupied": {"value": 0, "label": {"zh": "占用", "en": "occupied"}},
    },
)


def test_a_value_is_linear_between_anchors_and_flat_beyond() -> None:
    values = criterion().value(pd.Series([-10.0, 0, 50, 100, 200, 300, 1e9]))
    assert values.tolist() == pytest.approx([0, 0, 0.25, 0.5, 0.75, 1, 1])


def test_what_is_missing_or_infinite_has_no_value() -> None:
    assert np.isnan(criterion().value(pd.Series([np.nan, np.inf, -np.inf]))).all()


def test_a_word_is_worth_what_its_table_says_and_an_unlisted_one_is_missing() -> None:
    values = STATUS.value(pd.Series(["occupied", "vacant", "sold", ""], dtype=object))
    assert values.tolist() == pytest.approx([0, 1, np.nan, np.nan], nan_ok=True)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(-1000, 1000), st.floats(0, 1)), min_size=2, max_size=6, unique_by=lambda p: p[0]),
    st.floats(-2000, 2000),
    st.floats(-2000, 2000),
)
def test_a_criterion_of_more_never_values_less_higher(points: list[tuple[int, float]], one: float, two: float) -> None:
    figures, worths = sorted(figure for figure, _ in points), sorted(worth for _, worth in points)
    more = criterion(anchors=list(zip(figures, worths, strict=True)))
    low, high = more.value(pd.Series(sorted([one, two])))
    assert 0 <= low <= high + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"measure": "nearness"}, "measure is one of"),
        ({"layer": ""}, "needs a layer"),
        ({"measure": "compactness", "unit": "share"}, "needs no layer"),
        ({"unit": "km"}, "the unit of distance is m"),
        ({"anchors": [[0, 0]]}, "at least two anchors"),
        ({"anchors": [[5, 0], [5, 1]]}, "figures increasing"),
        ({"anchors": [[0, 0], [1, 1.5]]}, "between 0 and 1"),
        ({"anchors": [[0, 1], [1, 0]]}, "direction more"),
        ({"direction": "less"}, "direction less"),
        ({"direction": "class"}, "direction is class"),
        ({"anchors": []}, "anchors for any other"),
        ({"weight": -1}, "greater than or equal to 0"),
        ({"weight": math.nan}, "finite"),
        ({"sources": []}, "at least 1"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        criterion(**changes)


def test_complaints_name_the_file_and_every_key(tmp_path: Path) -> None:
    text = (DATA / "criteria.toml").read_text(encoding="utf-8")
    broken = text.replace('direction = "target"', 'direction = "sideways"', 1)
    broken = broken.replace('statistic = "mean"', 'statistic = "median"').replace("weight = 8", "heft = 8", 1)
    (tmp_path / "mine.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(XinguError) as caught:
        read_criteria(tmp_path / "mine.toml", VERBS)
    keys = {(one.code, one.facts.get("key")) for one in caught.value.complaints}  # type: ignore[attr-defined]
    assert ("key_wrong", "space_land.direction") in keys
    assert ("key_wrong", "ground_level.options.statistic") in keys
    assert {("key_missing", "status.weight"), ("key_unknown", "status.heft")} <= keys
    assert all(one.facts["file"] == "mine.toml" for one in caught.value.complaints)  # type: ignore[attr-defined]


def test_a_way_needs_one_destination(tmp_path: Path) -> None:
    text = (DATA / "criteria.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('to_layer = "metro", ', ""), encoding="utf-8")
    with pytest.raises(XinguError) as caught:
        read_criteria(tmp_path / "mine.toml", VERBS)
    assert "exactly one of to_layer and to_junctions_with" in caught.value.sentence("en")


def test_a_block_that_is_no_table_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("homes = 3", encoding="utf-8")
    with pytest.raises(XinguError) as caught:
        read_criteria(tmp_path / "mine.toml", VERBS)
    assert caught.value.code == "block_wrong"


def test_the_matrix_holds_figure_and_value_and_names_what_is_not_assessed(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(0, 0, 100, 100), "B": box(0, 200, 100, 300)}, status={"A": "vacant", "B": "lost"})
    lay(tmp_path, "residential", {"H": box(150, 0, 250, 100)}, persons=1)
    rail = criterion(id="rail", layer="metro")
    matrix = criteria_matrix([criterion(), STATUS, rail], context(tmp_path))
    assert matrix.raw.loc["A"].tolist() == pytest.approx([50, 0])  # "vacant" is the first class
    assert matrix.value.loc["A"].tolist() == pytest.approx([0.25, 1])
    assert matrix.value.loc["B", "status"] != matrix.value.loc["B", "status"]
    assert dict(matrix.words["status"]) == {"A": "vacant", "B": "lost"}
    assert matrix.not_assessed == ("rail",)
    assert matrix.why_not["rail"].sentence("en") == "the place has no layer metro"
    assert matrix.confidence["homes"] == Confidence.DIGITISED


def test_figures_are_said_with_unit_or_word_or_as_unknown(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(0, 0, 100, 100), "B": box(0, 200, 100, 300)}, status={"A": "vacant", "B": "lost"})
    lay(tmp_path, "residential", {"H": box(1350, 0, 1400, 100)}, persons=1)
    matrix = criteria_matrix([criterion(), STATUS], context(tmp_path))
    assert raw_text(matrix, criterion(), "A", "en") == "1,250 m"
    assert raw_text(matrix, STATUS, "A", "zh") == "闲置"
    assert raw_text(matrix, STATUS, "B", "en") == "unknown"


def test_what_could_not_be_considered_is_said_beside_the_figure(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(0, 0, 100, 100)})
    shapes = {"H": box(150, 0, 250, 100), "lost": None, "gone": None}
    lay(tmp_path, "residential", shapes, persons=1)
    matrix = criteria_matrix([criterion(), STATUS], context(tmp_path))
    assert left_out_text(matrix, "homes", "zh") == "2 处位置不明"
    assert left_out_text(matrix, "status", "en") == ""


def test_a_project_that_a_criterion_does_not_concern_does_not_meet_it(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(0, 0, 100, 100)})
    lay(tmp_path, "residential", {"H": box(150, 0, 250, 100)}, persons=1)
    for_floors = criterion(applies_to={"projects": ["floor"]})
    assert criteria_matrix([for_floors], context(tmp_path)).not_assessed == ("homes",)
    assert criteria_matrix([for_floors], context(tmp_path, brief(needs="floor"))).not_assessed == ()


def shipped_matrix(folder: Path, project: str = "fab12", headroom: Any = None) -> CriteriaMatrix:
    catalogue = open_catalogue(folder)
    return criteria_matrix(SHIPPED, Context(sites_of(catalogue), catalogue, brief_of(TYPES, project), headroom))


def town(folder: Path, sites: dict[str, Any]) -> Path:
    folder.mkdir()
    parcels(folder, sites, status="vacant")
    homes = {f"H{i}": box(700 * i, 1500, 700 * i + 300, 1800) for i in range(5)}
    lay(folder, "residential", homes, persons={name: 100.0 * len(name) for name in homes})
    places = {f"M{i}": Point(500 * i, -300) for i in range(6)}
    lay(folder, "actors", places, stage="materials", accuracy_m=100)
    lay(folder, "protected", {"P": box(-500, 2000, 5000, 2500)}, kind="farmland")
    return folder


SITES = {f"S{i}": box(600 * i, 0, 600 * i + 200 + 40 * i, 300) for i in range(6)}


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    forward = shipped_matrix(town(tmp_path / "one", SITES))
    backward = shipped_matrix(town(tmp_path / "two", dict(reversed(SITES.items()))))
    pd.testing.assert_frame_equal(forward.raw, backward.raw)
    pd.testing.assert_frame_equal(forward.value, backward.value)


@pytest.mark.parametrize("dropped", ["S0", "S3"])
def test_dropping_a_parcel_changes_no_other_value(tmp_path: Path, dropped: str) -> None:
    whole = shipped_matrix(town(tmp_path / "whole", SITES))
    less = shipped_matrix(town(tmp_path / "less", {name: shape for name, shape in SITES.items() if name != dropped}))
    pd.testing.assert_frame_equal(whole.raw.drop(index=dropped), less.raw)
    pd.testing.assert_frame_equal(whole.value.drop(index=dropped), less.value)


def test_nothing_given_is_changed(tmp_path: Path) -> None:
    place = context(town(tmp_path / "town", SITES))
    before = place.sites.table.copy()
    criteria_matrix(SHIPPED, place)
    pd.testing.assert_frame_equal(place.sites.table, before)


def test_another_place_in_another_crs_without_sewers_runs_through_the_same_criteria(tmp_path: Path) -> None:
    matrix = shipped_matrix(write_six_fields(tmp_path / "six"))
    assert list(matrix.raw.index) == ["A", "B", "C", "D", "E", "F"]
    assert matrix.raw["space_land"].tolist() == pytest.approx([100_000 / 86_000] * 6, rel=1e-3)
    assert matrix.raw["homes_distance"].tolist() == pytest.approx([850, 450, 50] * 2, rel=1e-3)
    # 400 × 250: 4π·100,000 / 1,300²
    assert matrix.raw["compactness"].tolist() == pytest.approx([0.743574] * 6, rel=1e-3)
    assert {"headroom_ratio", "zone", "metro_way", "ground_level"} <= set(matrix.not_assessed)
    assert "residential" not in " ".join(absent.sentence("en") for absent in matrix.why_not.values())


def test_the_digest_follows_the_sites_the_brief_and_the_criteria(tmp_path: Path) -> None:
    folder = town(tmp_path / "town", SITES)
    plain = shipped_matrix(folder)
    assert shipped_matrix(folder).digest == plain.digest
    assert shipped_matrix(folder, "fab6").digest != plain.digest
    assert shipped_matrix(folder, headroom=sewered(dict.fromkeys(SITES, 1.0))).digest != plain.digest
    catalogue = open_catalogue(folder)
    fewer = criteria_matrix(SHIPPED[1:], Context(sites_of(catalogue), catalogue, brief_of(TYPES, "fab12")))
    assert fewer.digest != plain.digest


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context(town(tmp_path_factory.mktemp("built") / "town", SITES), brief_of(TYPES, "fab12"))


ON_SEWERS = [one for one in SHIPPED if one.group == "sewers"]


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(SITES)), st.floats(-5000, 50_000), max_size=6))
def test_headroom_that_is_missing_stays_missing(built: Context, given_m3_d: dict[str, float]) -> None:
    headroom = sewered({"S0": 1.0, **given_m3_d})
    matrix = criteria_matrix(ON_SEWERS, Context(built.sites, built.catalogue, built.brief, headroom))
    known = {"S0", *given_m3_d}
    for name in ("headroom_ratio", "headroom_after"):
        assert set(matrix.value.index[matrix.value[name].notna()]) == known


def test_the_shipped_criteria_cover_every_kind_of_measure() -> None:
    assert len(SHIPPED) >= 12
    measures = {one.measure for one in SHIPPED}
    wanted = {"raster", "zone_fit", "chain_neighbours", "road_distance", "headroom_ratio", "distance", "people_within"}
    assert wanted <= measures
    assert {one.group for one in SHIPPED} == {"land", "plan", "access", "environment", "sewers", "terrain"}


def test_every_project_type_can_be_asked_for(built: Context) -> None:
    for project in TYPES:
        matrix = criteria_matrix(SHIPPED, Context(built.sites, built.catalogue, brief_of(TYPES, project)))
        assert matrix.value.notna().any(axis=None)
        assert ((matrix.value >= 0) & (matrix.value <= 1) | matrix.value.isna()).all(axis=None)
        assert set(matrix.raw.columns) | set(matrix.not_assessed) == {one.id for one in SHIPPED}


def test_without_criteria_the_matrix_has_its_sites_and_no_columns(built: Context) -> None:
    found = criteria_matrix([], built)
    assert found.value.index.tolist() == sorted(SITES)
    assert list(found.value.columns) == []
