"""A second, tiny place runs through the same engine, and its numbers are those on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.opening import open_catalogue
from kit.six_fields import write_six_fields

from xingu_geo.doors.exchange.bundle import write_ranking
from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.places.place.place import Place
from xingu_geo.places.place.tables import Tables
from xingu_geo.study.run.result import Measured, Result
from xingu_geo.study.run.spec import ProjectSpec, Study, question_of
from xingu_geo.study.run.stages import measure, open_tables, run, weigh

Runner = Callable[[Study], Result]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The shipped tables; only the place is another one."""
    return open_tables(data_dir())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six Fields on disk."""
    return write_six_fields(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def run_six(place: Path, tables: Tables) -> Runner:
    """Run a study on Six Fields."""
    return lambda study: run(Place(open_catalogue(place), tables), study)


@pytest.fixture(scope="module")
def measured(place: Path, tables: Tables) -> Measured:
    """Six Fields measured for the default project."""
    return measure(Place(open_catalogue(place), tables), question_of(Study(), tables))


def test_fields_that_may_not_be_built_on_are_out_for_the_right_reason(run_six: Runner) -> None:
    result = run_six(Study())
    # D is occupied and E is zoned for homes; F is third-class industry, which a fab does not need.
    assert "status" in result.eligibility.reasons("D")
    assert "land_use" in result.eligibility.reasons("E")
    assert set(result.ranking.table.index) == {"A", "B", "C"}


def test_a_place_without_sewers_says_so_and_excludes_nobody_for_it(run_six: Runner) -> None:
    result = run_six(Study())
    assert result.measured.site_headroom is None
    assert set(result.eligibility.verdict["headroom"]) == {"not_assessed"}
    assert "headroom_ratio" in result.manifest["not_assessed"]  # type: ignore[operator]


def test_more_land_needed_leaves_fewer_fields(run_six: Runner) -> None:
    # Every field is 400 m × 250 m = 10 ha in UTM; a project of 11 ha fits none of them.
    result = run_six(Study(project=ProjectSpec(set={"land_m2": 110_000})))
    assert result.ranking.table.empty
    assert all("area" in result.eligibility.reasons(site) for site in "ABCDEF")


def test_the_same_study_gives_the_same_bytes(run_six: Runner, tmp_path: Path) -> None:
    once, twice = (write_ranking(run_six(Study()), tmp_path / name) for name in ("once", "twice"))
    assert [file.read_bytes() for file in once] == [file.read_bytes() for file in twice]


def test_the_manifest_tells_two_studies_apart(run_six: Runner) -> None:
    runs = {
        run_six(study).manifest["run"]
        for study in (Study(), Study(weights={"compactness": 90}), Study(project=ProjectSpec(set={"land_m2": 9e4})))
    }
    assert len(runs) == 3


def test_the_manifest_names_no_path_and_no_time(run_six: Runner, place: Path) -> None:
    text = json.dumps(dict(run_six(Study()).manifest), ensure_ascii=False)
    assert str(place) not in text
    assert str(data_dir()) not in text


def test_contributions_add_up_to_the_score(run_six: Runner) -> None:
    table = result_table(run_six(Study()))
    points = table[[name for name in table if name.endswith("_points")]].sum(axis="columns")
    ranked = table["rank"].notna()
    assert ranked.sum() == 3
    assert points[ranked].to_numpy() == pytest.approx(table.loc[ranked, "score"].to_numpy(dtype=float), abs=1e-5)


def test_the_ranked_come_first_then_the_others_and_nobody_is_lost(run_six: Runner) -> None:
    table = result_table(run_six(Study()))
    assert list(table.index[:3]) == list(run_six(Study()).ranking.table.index)
    assert sorted(table.index) == list("ABCDEF")
    assert table.loc[~table["eligible"], "rank"].isna().all()


def test_a_file_of_the_table_reads_back_with_the_same_ranks(run_six: Runner, tmp_path: Path) -> None:
    result = run_six(Study())
    write_ranking(result, tmp_path)
    back = pd.read_csv(tmp_path / "ranking.csv", index_col="site_id", encoding="utf-8-sig")
    assert back["rank"].dropna().astype(int).to_dict() == result.ranking.table["rank"].to_dict()


def test_both_languages_carry_the_same_numbers(run_six: Runner) -> None:
    table = result_table(run_six(Study()))
    numbers = [table[f"why_{lang}"].str.findall(r"\d+(?:[.,]\d+)*") for lang in ("zh", "en")]
    assert numbers[0].map(len).sum() > 0
    assert numbers[0].map(sorted).tolist() == numbers[1].map(sorted).tolist()


@settings(max_examples=25, deadline=None)
@given(scale=st.floats(0.01, 1000))
def test_scaling_all_weights_changes_nothing(scale: float, measured: Measured) -> None:
    base = {criterion.id: criterion.weight for criterion in measured.criteria}
    scaled = Study(weights={name: weight * scale for name, weight in base.items()})
    plain = weigh(measured, Study())
    again = weigh(measured, scaled)
    pd.testing.assert_frame_equal(plain.ranking.table, again.ranking.table, rtol=1e-9)


def test_measuring_once_and_weighing_later_is_a_run(measured: Measured, run_six: Runner) -> None:
    study = Study(weights={"homes_distance": 40})
    pd.testing.assert_frame_equal(weigh(measured, study).ranking.table, run_six(study).ranking.table)


def test_an_unknown_rule_is_refused_by_name(run_six: Runner) -> None:
    with pytest.raises(XinguError) as caught:
        run_six(Study(skip_rules=("beauty",)))
    assert caught.value.code == "unknown_rule"


def test_a_skipped_rule_lets_more_in(run_six: Runner) -> None:
    assert "D" in run_six(Study(skip_rules=("status",))).ranking.table.index


def test_what_rests_on_the_ground_alone_may_come_from_another_project(
    place: Path, tables: Tables, measured: Measured
) -> None:
    question = question_of(Study(project=ProjectSpec(type="wet_chem")), tables)
    alone = measure(Place(open_catalogue(place), tables), question)
    helped = measure(measured.place, question)
    assert helped.place.ground is measured.place.ground
    pd.testing.assert_frame_equal(alone.matrix.raw, helped.matrix.raw)
    pd.testing.assert_frame_equal(alone.eligibility.verdict, helped.eligibility.verdict)


def test_a_site_outside_every_zone_says_so(run_six: Runner) -> None:
    # Six Fields has no core, no street and no wings.
    assert set(result_table(run_six(Study()))["zone_en"]) == {run_six(Study()).measured.zones.spoken("A", "en")}


def test_a_sentence_never_speaks_in_codes(run_six: Runner) -> None:
    table = result_table(run_six(Study()))
    assert table.loc["D", "reasons"].split(";") == ["status"]
    assert "occupied" not in table.loc["D", "why_zh"]
    assert "已占用" in table.loc["D", "why_zh"]
