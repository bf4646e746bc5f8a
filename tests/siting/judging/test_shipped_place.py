"""The shipped layers through the shipped rules and criteria."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from kit.opening import open_catalogue

from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.planning.criteria import read_criteria
from xingu_geo.ground.planning.projects import brief_of, read_project_types
from xingu_geo.ground.planning.rules import read_rules
from xingu_geo.ground.planning.sites import Sites, sites_of
from xingu_geo.ground.planning.zones import zones_of
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.judging.screen import screen
from xingu_geo.siting.judging.valuing import criteria_matrix
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS

ROOT = Path(__file__).parents[3]
CRITERIA = read_criteria(ROOT / "data" / "criteria.toml", VERBS)
RULES = read_rules(ROOT / "data" / "rules.toml", VERBS)
TYPES = read_project_types(ROOT / "data" / "project_types.toml")


@cache
def ground() -> tuple[Catalogue, Sites]:
    catalogue = open_catalogue(ROOT / "layers")
    return catalogue, sites_of(catalogue)


def asked(project: str) -> Context:
    catalogue, sites = ground()
    return Context(sites, catalogue, brief_of(TYPES, project))


@cache
def matrix(project: str) -> CriteriaMatrix:
    return criteria_matrix(CRITERIA, asked(project))


def test_a_fab_is_measured_by_at_least_twelve_criteria_before_any_sewer() -> None:
    found = matrix("fab12")
    assert len(found.raw.columns) >= 12
    assert set(found.not_assessed) == {"space_floor", "headroom_ratio", "headroom_after", "tie_in_distance"}
    assert found.value.notna().all(axis=None)
    assert (found.value.std() > 0.05).all()  # a criterion that tells no parcels apart is no criterion


def test_the_neighbours_that_could_not_be_found_are_counted() -> None:
    actors = ground()[0].vector("actors").table
    left_out = matrix("fab12").left_out["chain_neighbours"]
    assert 0 < left_out["unplaced"] <= int(actors.geometry.isna().sum())
    assert left_out["vague"] == int((pd.to_numeric(actors["accuracy_m"]) > 1000).sum())


def test_setbacks_and_shares_agree_with_plain_shapely() -> None:
    catalogue, sites = ground()
    found = matrix("wet_chem").raw
    homes = catalogue.vector("residential").table.geometry
    roads = catalogue.vector("roads").table
    expressways = roads[roads["class"] == "expressway"].geometry
    verdicts = screen(RULES, asked("fab12"))
    water = catalogue.vector("protected").table
    union = shapely.union_all(water[water["kind"] == "water"].geometry.to_numpy())
    for site in sites.table.index[::97]:
        shape = sites.table.geometry[site]
        assert found.loc[site, "homes_distance"] == pytest.approx(min(shape.distance(home) for home in homes))
        assert verdicts.observed.loc[site, "vibration_road"] == pytest.approx(
            min(shape.distance(road) for road in expressways)
        )
        share = shape.intersection(union).area / shape.area
        assert verdicts.observed.loc[site, "protected_water"] == pytest.approx(share, abs=1e-9)


def test_a_way_along_roads_is_never_shorter_than_the_straight_line() -> None:
    catalogue, sites = ground()
    way = matrix("fab12").raw["metro_way"]
    stations = catalogue.vector("metro").table.geometry.to_numpy()
    straight = np.array([shapely.distance(shape, stations).min() for shape in sites.table.geometry])
    assert (way.to_numpy() >= straight - 1e-6).all()
    assert way.notna().all()


def test_every_zone_a_project_type_prefers_is_a_feature_of_the_plan() -> None:
    catalogue, sites = ground()
    known = {
        str(name) for role in ("core", "core_parts", "street", "wings") for name in catalogue.vector(role).table.index
    }
    wanted = {zone for kind in TYPES.values() for zone in kind.zones}
    assert len(wanted) > 8
    assert wanted <= known
    zones = zones_of(sites, catalogue)
    assert zones.absent == ()
    assert (zones.table != "").any().all()


def test_some_plots_pass_every_rule_of_land_and_environment_and_each_of_the_others_knows_why_not() -> None:
    found = screen(RULES, asked("fab12"))
    assert 10 <= found.eligible.sum() < len(found.eligible)
    for site in found.eligible.index[~found.eligible][:50]:
        assert found.reasons(site)
    assert (found.verdict["headroom"] == Verdict.NOT_ASSESSED).all()
    assert found.why_not["headroom"].reason == "sewers"


def test_floors_are_offered_to_projects_that_rent_them() -> None:
    found = screen(RULES, asked("ic_design"))
    kind = ground()[1].table["kind"]
    assert found.eligible[kind == "carrier"].any()
    assert not screen(RULES, asked("fab12")).eligible[kind == "carrier"].any()


def test_sessions_in_several_threads_get_the_same_answer() -> None:
    projects = ["fab12", "wet_chem", "ic_design"]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda project: criteria_matrix(CRITERIA, asked(project)), projects))
    for project, found in zip(projects, together, strict=True):
        pd.testing.assert_frame_equal(found.value, matrix(project).value)
