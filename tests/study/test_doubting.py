"""Is first place luck? Demand cases and positions are drawn beside the weights."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from kit.six_fields import write_six_fields

from xingu_geo.base.settings import data_dir
from xingu_geo.catalogue.read import Catalogue, open_catalogue
from xingu_geo.outputs.robust import robustness_lines, with_robustness
from xingu_geo.outputs.table import result_table
from xingu_geo.ranking.robustness import Sampling
from xingu_geo.study.doubting import SHARES, Doubts, accuracies_m, doubted
from xingu_geo.study.result import Result
from xingu_geo.study.run import run
from xingu_geo.study.spec import ProjectSpec, Study, Tables, read_tables

FEW = Sampling(draws=400, top=3)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The shipped tables."""
    return read_tables(data_dir())


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Six Fields, opened."""
    return open_catalogue(write_six_fields(tmp_path_factory.mktemp("place")))


@pytest.fixture(scope="module")
def result(six: Catalogue, tables: Tables) -> Result:
    """The default project on Six Fields."""
    return run(Study(), six, tables)


def test_an_accuracy_is_the_root_of_both_squares(result: Result, six: Catalogue) -> None:
    # Sites and homes of Six Fields both lie to 1 m: √(1² + 1²).
    assert accuracies_m(result.measured, six)["homes_distance"] == pytest.approx(math.sqrt(2))


def test_without_doubts_only_the_weights_are_drawn(result: Result, six: Catalogue, tables: Tables) -> None:
    plain = doubted(result, six, tables, sampling=FEW, doubts=Doubts(demand=False, position=False))
    # A is at least as good as B in every criterion but the plot ratio, which both have to spare: it dominates.
    assert plain.table.index[0] == "A"
    assert plain.table["p_first"].sum() >= 1


def test_a_demand_that_only_fits_in_the_low_case_ranks_sites_in_that_case_alone(six: Catalogue, tables: Tables) -> None:
    # 11.5 ha per 30,000 wafers would not fit 10 ha; the typical land of fab12 is 4.3 ha per 10,000 wafers a month and
    # the low one 4.1, so at 24,000 wafers the low case asks 9.84 ha and the typical one 10.32 ha of fields of 10 ha.
    low = run(Study(project=ProjectSpec(capacity=24_000, case="low")), six, tables)
    assert not low.ranking.table.empty
    assert run(Study(project=ProjectSpec(capacity=24_000)), six, tables).ranking.table.empty
    seen = doubted(low, six, tables, sampling=Sampling(draws=4_000, top=3), doubts=Doubts(position=False))
    # First place can only be taken in draws that live in the low case: a share of 0.185, give or take its error.
    share = seen.table["p_first"].sum()
    assert share == pytest.approx(SHARES[0], abs=4 * math.sqrt(SHARES[0] * (1 - SHARES[0]) / 4_000))


def test_the_same_seed_gives_the_same_answer(result: Result, six: Catalogue, tables: Tables) -> None:
    one, two = (doubted(result, six, tables, sampling=FEW) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)


def test_the_table_says_how_often_each_site_was_first(result: Result, six: Catalogue, tables: Tables) -> None:
    seen = doubted(result, six, tables, sampling=FEW)
    table = with_robustness(result_table(result), seen)
    assert table.loc["A", "p_first"] == seen.table.loc["A", "p_first"]
    assert math.isnan(table.loc["D", "p_first"])
    assert "A" in robustness_lines(result, seen, "zh")[0]
