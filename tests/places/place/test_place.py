"""A place is opened once and asked by all: what it makes is made once, and parts company only where it must."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from kit.opening import open_catalogue
from kit.places import write_layer
from kit.sewers import chain
from kit.shipped import LAYERS
from kit.six_fields import CRS, ORIGIN, write_six_fields
from shapely.geometry import box

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.base.store import Store
from xingu_geo.places.place.place import Place, place_of_network
from xingu_geo.study.run.stages import open_place, open_tables

X, Y = ORIGIN


@pytest.fixture
def fields(tmp_path: Path) -> Place:
    """Six Fields, which have no sewers."""
    return open_place(write_six_fields(tmp_path / "fields"), data_dir(), store=Store(tmp_path / "kept"))


@pytest.fixture
def qiantang() -> Place:
    """The shipped place, opened for this test alone."""
    return open_place(LAYERS, data_dir())


def _homes(folder: Path, role: str = "residential") -> Path:
    folder.mkdir()
    frame = gpd.GeoDataFrame({"id": ["H"]}, geometry=[box(X, Y - 900, X + 100, Y - 800)], crs=CRS)
    write_layer(folder, role, frame)
    return folder


def test_a_place_without_sewers_says_so(fields: Place) -> None:
    assert not fields.has_sewers
    with pytest.raises(XinguError) as refused:
        _ = fields.drawn
    assert refused.value.code == "no_network"
    with pytest.raises(XinguError) as refused:
        fields.network("present")
    assert refused.value.code == "no_network"


def test_a_place_with_a_part_of_the_sewers_has_none_and_says_what_is_missing(tmp_path: Path, fields: Place) -> None:
    folder = tmp_path / "fields"
    frame = gpd.GeoDataFrame({"id": ["N"], "kind": ["manhole"]}, geometry=gpd.points_from_xy([X], [Y]), crs=CRS)
    write_layer(folder, "sewer_nodes", frame, geometry="point")
    place = Place(open_catalogue(folder), fields.tables)
    assert not place.has_sewers
    with pytest.raises(XinguError) as refused:
        _ = place.drawn
    assert refused.value.code == "set_incomplete"


def test_the_sewers_of_each_phase_are_made_once(qiantang: Place) -> None:
    assert qiantang.has_sewers
    phases = [phase.id for phase in qiantang.tables.phases.phase]
    networks = {phase: qiantang.network(phase) for phase in phases}
    assert {phase: network.phase for phase, network in networks.items()} == {phase: phase for phase in phases}
    assert all(qiantang.network(phase) is networks[phase] for phase in phases)
    assert qiantang.drawn is qiantang.drawn
    with pytest.raises(XinguError) as refused:
        qiantang.network("1999")
    assert refused.value.code == "phase_unknown"


def test_later_are_the_phases_after_with_their_own_sewers(qiantang: Place) -> None:
    later = qiantang.later("present")
    assert [phase.id for phase, _ in later] == ["promised", "2027", "2030"]
    assert all(one is qiantang.assessed(phase.id) for phase, one in later)
    assert all(one.network is qiantang.network(phase.id) for phase, one in later)
    assert [phase.id for phase, _ in qiantang.later("2027")] == ["2030"]
    assert qiantang.later("2030") == ()


def test_a_network_of_its_own_stands_in_and_leaves_the_other_place_as_it_was(qiantang: Place) -> None:
    surveyed = chain(3)
    other = qiantang.with_network(surveyed)
    assert other.drawn is surveyed
    assert qiantang.drawn is not surveyed
    assert other.network("present").nodes.index.equals(surveyed.nodes.index)
    assert other.ground is not qiantang.ground
    assert other.layered is not qiantang.layered
    assert not other.ground.store.is_on
    assert other.catalogue is qiantang.catalogue
    assert other.sewer_digests != qiantang.sewer_digests
    assert other.sewer_digests != qiantang.with_network(chain(4)).sewer_digests


def test_sewers_are_known_by_their_layers_without_being_read(qiantang: Place, fields: Place, tmp_path: Path) -> None:
    again = open_place(LAYERS, data_dir())
    assert again.sewer_digests == qiantang.sewer_digests
    # What is no layer of the sewers does not count.
    base = open_catalogue(tmp_path / "fields")
    assert fields.sewer_digests == Place(base, fields.tables).sewer_digests
    assert fields.overlaid(open_catalogue(_homes(tmp_path / "mine"))).sewer_digests == fields.sewer_digests


def test_a_place_of_a_network_alone_has_sewers_and_no_sites(tmp_path: Path) -> None:
    surveyed = chain(2)
    place = place_of_network(surveyed, open_tables(data_dir()), tmp_path)
    assert (place.has_sewers, place.has_sites) == (True, False)
    assert place.drawn is surveyed


def test_other_sites_share_the_layers_and_nothing_that_rests_on_sites(fields: Place) -> None:
    sites = fields.sites
    some = replace(sites, table=sites.table.iloc[:2])
    other = fields.with_sites(some)
    assert other.sites is some
    assert other.has_sites
    assert fields.sites is sites
    assert other.layered is fields.layered
    assert other.ground is not fields.ground
    assert not other.ground.store.is_on
    assert len(other.zones.table) == 2
    assert len(fields.zones.table) == 6


def test_layers_laid_over_share_the_store_alone(fields: Place, tmp_path: Path) -> None:
    own = open_catalogue(_homes(tmp_path / "mine"))
    other = fields.overlaid(own)
    assert other.ground.store is fields.ground.store
    assert other.ground is not fields.ground
    assert other.layered is not fields.layered
    assert list(other.catalogue.vector("residential").table.index) == ["H"]
    assert list(fields.catalogue.vector("residential").table.index) == ["H1"]
    assert other.tables is fields.tables


def test_layers_laid_over_leave_a_network_and_sites_that_were_put_in(fields: Place, tmp_path: Path) -> None:
    own = open_catalogue(_homes(tmp_path / "mine"))
    surveyed = chain(2)
    sites = replace(fields.sites, table=fields.sites.table.iloc[:2])
    other = fields.with_network(surveyed).with_sites(sites).overlaid(own)
    assert other.drawn is surveyed
    assert other.sites is sites


def test_a_place_of_roads_has_no_sites(tmp_path: Path) -> None:
    place = Place(open_catalogue(_homes(tmp_path / "homes")), open_tables(data_dir()))
    assert not place.has_sites
    with pytest.raises(XinguError) as refused:
        _ = place.sites
    assert refused.value.code == "layer_missing"


def test_eight_threads_that_ask_for_everything_get_the_same(qiantang: Place) -> None:
    asks: list[Callable[[], object]] = [
        lambda: qiantang.sites,
        lambda: qiantang.zones,
        lambda: qiantang.drawn,
        *[lambda phase=phase.id: qiantang.network(phase) for phase in qiantang.tables.phases.phase],
        *[lambda phase=phase: qiantang.later("present")[phase][1] for phase in range(3)],
    ]
    together = threading.Barrier(8, timeout=60)

    def ask(turn: int) -> dict[int, object]:
        together.wait()
        order = [*range(turn % len(asks), len(asks)), *range(turn % len(asks))]
        return {at: asks[at]() for at in order}

    with ThreadPoolExecutor(8) as pool:
        found = [future.result(120) for future in [pool.submit(ask, turn) for turn in range(8)]]
    assert all(each[at] is found[0][at] for each in found for at in range(len(asks)))
    assert found[0][len(asks) - 1] is qiantang.assessed("2030")
