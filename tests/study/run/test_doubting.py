"""Is first place luck? Demand cases and positions are drawn beside the weights."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from kit.opening import open_catalogue
from kit.six_fields import CRS, ORIGIN, add_layer, write_six_fields
from shapely.geometry import Point

from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.doors.telling.doubt_words import robustness_lines, with_robustness
from xingu_geo.ground.base.settings import data_dir, layers_dir
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.places.place.place import Place
from xingu_geo.places.place.tables import Tables
from xingu_geo.siting.doubt.robustness import Sampling
from xingu_geo.study.run.doubting import SHARES, Doubts, accuracies_m, doubted
from xingu_geo.study.run.drawing import chain_of
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import ProjectSpec, Study
from xingu_geo.study.run.stages import open_tables, run

FEW = Sampling(draws=400, top=3)
NONE = Doubts(demand=False, position=False, partners=False)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The shipped tables."""
    return open_tables(data_dir())


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Six Fields, opened."""
    return open_catalogue(write_six_fields(tmp_path_factory.mktemp("place")))


@pytest.fixture(scope="module")
def result(six: Catalogue, tables: Tables) -> Result:
    """The default project on Six Fields."""
    return run(Place(six, tables), Study())


def test_an_accuracy_is_the_root_of_both_squares(result: Result, six: Catalogue) -> None:
    # Sites and homes of Six Fields both lie to 1 m: √(1² + 1²).
    assert accuracies_m(result.measured)["homes_distance"] == pytest.approx(math.sqrt(2))


def test_without_doubts_only_the_weights_are_drawn(result: Result, six: Catalogue, tables: Tables) -> None:
    plain = doubted(result, sampling=FEW, doubts=NONE)
    # A is at least as good as B in every criterion but the plot ratio, which both have to spare: it dominates.
    assert plain.table.index[0] == "A"
    assert plain.table["p_first"].sum() >= 1


def test_a_demand_that_only_fits_in_the_low_case_ranks_sites_in_that_case_alone(six: Catalogue, tables: Tables) -> None:
    # 11.5 ha per 30,000 wafers would not fit 10 ha; the typical land of fab12 is 4.3 ha per 10,000 wafers a month and
    # the low one 4.1, so at 24,000 wafers the low case asks 9.84 ha and the typical one 10.32 ha of fields of 10 ha.
    low = run(Place(six, tables), Study(project=ProjectSpec(capacity=24_000, case="low")))
    assert not low.ranking.table.empty
    assert run(Place(six, tables), Study(project=ProjectSpec(capacity=24_000))).ranking.table.empty
    seen = doubted(low, sampling=Sampling(draws=4_000, top=3), doubts=Doubts(position=False))
    # First place can only be taken in draws that live in the low case: a share of 0.185, give or take its error.
    share = seen.table["p_first"].sum()
    assert share == pytest.approx(SHARES[0], abs=4 * math.sqrt(SHARES[0] * (1 - SHARES[0]) / 4_000))


def test_the_same_seed_gives_the_same_answer(result: Result, six: Catalogue, tables: Tables) -> None:
    one, two = (doubted(result, sampling=FEW) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)


def test_the_table_says_how_often_each_site_was_first(result: Result, six: Catalogue, tables: Tables) -> None:
    seen = doubted(result, sampling=FEW)
    table = with_robustness(result_table(result), seen)
    assert table.loc["A", "p_first"] == seen.table.loc["A", "p_first"]
    assert math.isnan(table.loc["D", "p_first"])
    assert "A" in robustness_lines(result, seen, "zh")[0]


def write_actors(folder: Path) -> Path:
    """Two materials firms for the fields: one known, 100 m east of F; one of whom nobody knows more than its name."""
    x, y = ORIGIN
    names = ["known", "lost"]
    frame = gpd.GeoDataFrame(
        {"id": names, "name_zh": ["近", "远"], "name_en": names, "stage": "materials", "accuracy_m": [10.0, None]},
        geometry=[Point(x + 1300, y + 375), None],
        crs=CRS,
    )
    add_layer(folder, "actors", "多点", "point", frame)
    return folder


def test_a_partner_nobody_has_located_may_unseat_the_first_in_the_test_but_not_in_the_score(
    tmp_path: Path, tables: Tables
) -> None:
    place = open_catalogue(write_actors(write_six_fields(tmp_path / "place")))
    alone = dict.fromkeys((criterion.id for criterion in tables.criteria), 0.0) | {"chain_distance": 1.0}
    result = run(Place(place, tables), Study(weights=alone, project=ProjectSpec(capacity=20_000)))
    ranked = result.ranking.table.index.tolist()
    # In the score only the known one counts, 160 m from C's corner; B and A lie beyond. D, E and F are not eligible.
    assert ranked == ["C", "B", "A"]
    assert doubted(result, sampling=FEW, doubts=NONE).table["p_first"]["C"] == 1.0
    seen = doubted(result, sampling=FEW, doubts=Doubts(demand=False, position=False))
    # The lost one stands in the middle of one of six fields: inside A, B or C it is 0 m from that field; in the
    # middle of D, E or F 125 m from the field to its south, nearer than the known one. So A, B and C win in a third of
    # the draws each, give or take four standard errors.
    error = 4 * math.sqrt(1 / 3 * 2 / 3 / FEW.draws)
    assert seen.table["p_first"].to_dict() == pytest.approx(dict.fromkeys("ABC", 1 / 3), abs=error)


def test_with_nothing_drawn_the_partners_give_the_figures_that_were_measured(tables: Tables) -> None:
    result = run(Place(open_catalogue(layers_dir()), tables), Study())
    chain = replace(chain_of(result, position=True, whereabouts=True), position=False, whereabouts=False)
    criteria = {criterion.id: criterion for criterion in tables.criteria}
    drawn = chain.drawn(criteria, np.random.default_rng(1))
    assert set(drawn) == {"chain_neighbours", "chain_distance"}
    for name, figure in drawn.items():
        measured = result.matrix.raw[name].loc[result.ranking.table.index.sort_values()]
        np.testing.assert_allclose(figure, measured, rtol=0, atol=1e-6)
