"""Neighbouring fields joined: what paper says of Six Fields (each 400 m × 250 m)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.opening import open_catalogue
from kit.six_fields import write_six_fields

from xingu_geo.doors.exchange.assembled_files import assembled_table, write_assembled
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.places.place.place import Place
from xingu_geo.places.place.tables import Tables
from xingu_geo.siting.land.footprint import Building
from xingu_geo.study.run.assembling import Joining, rank_assemblies
from xingu_geo.study.run.spec import ProjectSpec, Study
from xingu_geo.study.run.stages import open_tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The shipped tables."""
    return open_tables(data_dir())


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Six Fields, opened."""
    return open_catalogue(write_six_fields(tmp_path_factory.mktemp("place")))


def _land(land_m2: float) -> Study:
    return Study(project=ProjectSpec(set={"land_m2": land_m2}))


def test_two_fields_make_nineteen_hectares(six: Catalogue, tables: Tables) -> None:
    # D is occupied. Of A–B–C along the south, E and F on the north, the neighbours are A+B, B+C, E+F, B+E, C+F.
    assembled = rank_assemblies(Place(six, tables), _land(190_000), Joining(members=2))
    assert set(assembled.assemblies.table.index) == {"A+B", "B+C", "E+F", "B+E", "C+F"}
    # E is zoned for homes, F is third-class industry, and B and C differ in land use, so their pair has none.
    assert set(assembled.result.ranking.table.index) == {"A+B"}


def test_a_hall_longer_than_a_field_needs_two(six: Catalogue, tables: Tables) -> None:
    fits = rank_assemblies(
        Place(six, tables), _land(190_000), Joining(members=2), building=Building(600, 200)
    ).footprints
    assert fits is not None
    # Side by side two fields are 800 m × 250 m; one above the other 400 m × 500 m, where 600 m stands nowhere,
    # for even the diagonal is √(400² + 500²) = 640 m and a 600 m × 200 m hall is wider than that corner to corner.
    assert fits["fit"].to_dict() == {"A+B": "fits", "B+C": "fits", "E+F": "fits", "B+E": "no", "C+F": "no"}


def test_a_need_nobody_can_meet_is_one_sentence(six: Catalogue, tables: Tables) -> None:
    with pytest.raises(XinguError) as caught:
        rank_assemblies(Place(six, tables), _land(5_000_000), Joining())
    assert caught.value.code == "assembly_none"


def test_what_is_written_is_what_was_ranked(six: Catalogue, tables: Tables, tmp_path: Path) -> None:
    assembled = rank_assemblies(Place(six, tables), _land(190_000), Joining(members=2), building=Building(600, 200))
    files = write_assembled(assembled, tmp_path)
    assert [file.name for file in files] == ["assemblies.geojson", "footprints.geojson"]
    features = json.loads(files[0].read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in features] == list(assembled_table(assembled).index)
    assert len(json.loads(files[1].read_text(encoding="utf-8"))["features"]) == 3
