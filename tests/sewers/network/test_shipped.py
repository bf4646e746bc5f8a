"""The method on the shipped place: exact at every site, in every phase; figures and faults of the shipped network."""

from __future__ import annotations

import math

import pytest
from kit import tables as planner
from kit.sewers import Forwards
from kit.shipped import shipped

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.base.specs import read_toml
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import Network, network_of
from xingu_geo.sewers.network.phases import at_phase
from xingu_geo.sewers.network.pollutants import pollution_of
from xingu_geo.sewers.network.tie_in import site_headroom
from xingu_geo.sewers.network.utilisation import path_of, utilisation_of
from xingu_geo.sewers.survey.faults.faults import faults_in

FAB = Effluent(0.05, 1.2)


@pytest.fixture(scope="module")
def drawn() -> Network:
    return network_of(shipped(), norms=planner.norms())


@pytest.mark.parametrize("phase_id", ["present", "2027", "2030"])
def test_exactly_the_headroom_fits_at_every_site_and_one_cubic_metre_a_day_more_does_not(drawn, phase_id):
    net = at_phase(drawn, planner.phases().named(phase_id))
    head = headroom_of(assessed_of(net), FAB)
    table = site_headroom(sites_of(shipped()), net, head).table
    sewered = table[table["state"] == "sewered"]
    assert len(sewered) > 100
    forwards = Forwards(net)
    discharge = {"domestic_share": FAB.domestic_share, "peaking": FAB.industrial_peaking}
    for tie_in, sites in sewered.groupby("tie_in"):
        assert sites["headroom_m3_d"].nunique(dropna=False) == 1
        room, way = float(sites["headroom_m3_d"].iloc[0]), set(path_of(net, tie_in))
        assert math.isfinite(room)
        if room < 0:
            assert forwards.over() & way
            continue
        assert not forwards.over(tie_in, room, **discharge) & way
        assert sites["binding"].iloc[0] in forwards.over(tie_in, room + 1, **discharge) & way


def test_every_path_ends_in_one_of_the_two_plants(drawn):
    assert {path_of(drawn, node)[-1] for node in drawn.nodes.index} == {"WWTP-LJ", "WWTP-QG"}


def test_the_two_sourced_plant_sizes_are_those_of_the_sources(drawn):
    assert drawn.nodes.loc["WWTP-LJ", "capacity_m3_d"] == 300_000
    assert drawn.nodes.loc["WWTP-QG", "capacity_m3_d"] == 1_500_000


def test_a_verdict_on_the_shipped_network_is_illustrative(drawn):
    assert headroom_of(assessed_of(drawn), FAB).confidence is Confidence.ILLUSTRATIVE


def test_the_shipped_network_raises_no_alarm(drawn):
    assert [fault.sentence("en") for fault in faults_in(drawn)] == []


def test_upgrades_are_of_elements_that_exist_and_relieve_them(drawn):
    phases = planner.phases()
    before = utilisation_of(assessed_of(at_phase(drawn, phases.named("promised"))))["utilisation"]
    after = utilisation_of(assessed_of(at_phase(drawn, phases.named("2030"))))["utilisation"]
    assert (after[drawn.upgrades["element"].unique()] < before[drawn.upgrades["element"].unique()]).all()


def test_every_pollutant_limit_is_at_a_node_of_the_shipped_network(drawn):
    table = pollution_of(assessed_of(drawn), planner.pollutants())
    assert len(table) == len(planner.pollutants().limit)
    assert table["load_kg_d"].gt(0).all()


def test_every_source_that_is_named_exists():
    known = set(read_toml(data_dir() / "sources.toml"))
    norms, pollutants = planner.norms(), planner.pollutants()
    named = {table.source for table in norms.peaking} | {material.source for material in norms.material.values()}
    named |= {norms.fullness.source, norms.checks.source, norms.uncertainty.source, norms.reach_m.source}
    named |= {figure.source for _, figure in norms.velocity}
    named |= {limit.source for limit in pollutants.limit} | {never.source for never in pollutants.never}
    named |= {one.source for one in pollutants.discharge.values()}
    assert named <= known
