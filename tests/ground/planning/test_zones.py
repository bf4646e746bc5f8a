"""Which zone each site belongs to, on ground drawn by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.ground import lay, parcels
from kit.opening import open_catalogue
from kit.six_fields import write_six_fields
from shapely.geometry import LineString, box

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.ground.planning.zones import COLUMNS, Zones, zones_of


def zones_in(folder: Path) -> Zones:
    catalogue = open_catalogue(folder)
    return zones_of(sites_of(catalogue), catalogue)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    sites = {
        "in_part": box(0, 0, 100, 100),
        "in_core": box(400, 0, 500, 100),
        "straddling": box(960, 0, 1060, 100),  # 40 of its 100 m in the core
        "far": box(9000, 0, 9100, 100),
    }
    parcels(tmp_path, sites)
    lay(tmp_path, "core", {"core": box(-100, -100, 1000, 1000)}, name_zh="核心区", name_en="Core")
    lay(tmp_path, "core_parts", {"park": box(-100, -100, 200, 200), "zone": box(-100, -100, 300, 300)},
        kind={"park": "park", "zone": "zone"})  # fmt: skip
    lay(tmp_path, "street", {"north": LineString([(50, 300), (50, 900)]), "south": LineString([(50, -900), (50, 300)])})
    lay(tmp_path, "wings", {"east": box(900, -100, 2000, 1000)})
    return tmp_path


def test_a_site_belongs_to_the_core_its_park_its_zone_and_the_street_beside_it(place: Path) -> None:
    found = zones_in(place)
    assert found.of("in_part") == ("core", "park", "zone", "south")
    assert found.of("in_core") == ("core", "south")  # 350 m from the street
    assert found.of("straddling") == ("east",)
    assert found.of("far") == ()


def test_columns_without_a_layer_are_empty_and_named(place: Path) -> None:
    found = zones_in(place)
    assert found.absent == ("subdistrict",)
    assert (found.table["subdistrict"] == "").all()
    assert tuple(found.table.columns) == COLUMNS


def test_zones_are_spoken_by_name_or_else_by_id(place: Path) -> None:
    names = zones_in(place).names
    assert names["core"] == Bilingual("核心区", "Core")
    assert names["east"] == Bilingual("east", "east")
    assert zones_in(place).spoken("in_core", "zh") == "核心区 · south"
    assert zones_in(place).spoken("far", "en") == "outside core, street and wings"


def test_a_site_more_than_five_hundred_metres_off_is_not_on_the_street(tmp_path: Path) -> None:
    parcels(tmp_path, {"near": box(500, 0, 600, 100), "off": box(501, 200, 600, 300)})
    lay(tmp_path, "street", {"middle": LineString([(0, -500), (0, 500)])})
    found = zones_in(tmp_path)
    assert found.table["street"].to_dict() == {"near": "middle", "off": ""}


def test_a_site_at_the_meeting_of_two_stretches_belongs_to_the_lower_id(tmp_path: Path) -> None:
    parcels(tmp_path, {"A": box(100, -50, 200, 50)})
    lay(tmp_path, "street", {"b": LineString([(0, 0), (0, 500)]), "a": LineString([(0, -500), (0, 0)])})
    assert zones_in(tmp_path).table.loc["A", "street"] == "a"


def test_a_place_without_any_structure_has_no_zones(tmp_path: Path) -> None:
    found = zones_in(write_six_fields(tmp_path / "six"))
    assert found.absent == COLUMNS
    assert (found.table == "").all(axis=None)
    assert found.confidence == Confidence.ILLUSTRATIVE
