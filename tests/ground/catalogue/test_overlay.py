"""A study's own layers lie over another place's, role by role, and bring their confidence and digests along."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from kit.opening import open_catalogue
from kit.places import write_layer
from kit.six_fields import CRS, ORIGIN, write_six_fields
from shapely.geometry import LineString, Point, box

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.audit import audit, known_sources
from xingu_geo.ground.catalogue.index import stac_items
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.places.place.place import Place
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import open_tables, run

ROOT = Path(__file__).parents[3]
X, Y = ORIGIN


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_six_fields(tmp_path / "base")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


def _parcels(folder: Path, *, confidence: str = "official_map") -> None:
    """Two official fields where A and B lie."""
    frame = gpd.GeoDataFrame(
        {"id": ["N1", "N2"], "land_use_code": "100102", "status": "vacant", "plot_ratio_max": "2"},
        geometry=[box(X, Y, X + 400, Y + 250), box(X + 400, Y, X + 800, Y + 250)],
        crs=CRS,
    )
    write_layer(folder, "parcels", frame, confidence=confidence)


def _metro(folder: Path) -> None:
    frame = gpd.GeoDataFrame({"id": ["M"], "line": ["1"]}, geometry=[Point(X, Y)], crs=CRS)
    write_layer(folder, "metro", frame, geometry="point", confidence="official_map")


def _ran(catalogue: Catalogue) -> Result:
    return run(Place(catalogue, open_tables(ROOT / "data")), Study())


def test_a_replaced_role_is_the_new_layer_and_all_others_remain(base: Path, mine: Path) -> None:
    _parcels(mine)
    laid = open_catalogue(mine, over=base)
    assert set(laid) == {"parcels", "roads", "residential"}
    assert set(laid.vector("parcels").table.index) == {"N1", "N2"}
    assert set(laid.vector("roads").table.index) == {"R1", "R2"}
    assert laid.folders == (base, mine)


def test_a_role_the_base_does_not_have_is_added(base: Path, mine: Path) -> None:
    _metro(mine)
    assert set(open_catalogue(mine, over=base)) == {"parcels", "roads", "residential", "metro"}


def test_laying_over_changes_neither_catalogue(base: Path, mine: Path) -> None:
    _parcels(mine)
    under, upper = open_catalogue(base), open_catalogue(mine)
    under.overlaid(upper)
    assert set(under.vector("parcels").table.index) == {"A", "B", "C", "D", "E", "F"}
    assert set(upper) == {"parcels"}


def test_of_three_folders_the_last_one_wins(base: Path, mine: Path, tmp_path: Path) -> None:
    _parcels(mine)
    _metro(mine)
    later = tmp_path / "later"
    later.mkdir()
    frame = gpd.GeoDataFrame({"id": ["Z"]}, geometry=[box(X, Y, X + 10, Y + 10)], crs=CRS)
    write_layer(later, "parcels", frame)
    laid = open_catalogue(base).overlaid(open_catalogue(mine)).overlaid(open_catalogue(later))
    assert list(laid.vector("parcels").table.index) == ["Z"]
    assert "metro" in laid
    assert laid.folders == (base, mine, later)


def test_the_manifest_names_the_digests_of_the_layers_that_were_used(base: Path, mine: Path) -> None:
    _parcels(mine)
    before, after = (_ran(open_catalogue(base)), _ran(open_catalogue(mine, over=base)))
    first, second = (result.measured.place.catalogue.digests for result in (before, after))
    assert first["roads"] == second["roads"]
    assert second["parcels"] == open_catalogue(mine).entries["parcels"].digest != first["parcels"]
    assert before.manifest["run"] != after.manifest["run"]
    assert set(after.ranking.table.index) <= {"N1", "N2"}


def test_a_verdict_gets_surer_only_when_no_illustrative_layer_is_left_under_it(base: Path, mine: Path) -> None:
    _parcels(mine)
    assert _ran(open_catalogue(mine, over=base)).measured.confidence == Confidence.ILLUSTRATIVE
    road = gpd.GeoDataFrame(
        {"id": ["R"], "class": ["arterial"]}, geometry=[LineString([(X - 200, Y), (X + 1400, Y)])], crs=CRS
    )
    write_layer(mine, "roads", road, geometry="line", confidence="surveyed")
    home = gpd.GeoDataFrame({"id": ["H"], "persons": ["300"]}, geometry=[box(X + 1250, Y, X + 1350, Y + 250)], crs=CRS)
    write_layer(mine, "residential", home, confidence="digitised")
    # official map, surveyed and digitised: the weakest is digitised.
    assert _ran(open_catalogue(mine, over=base)).measured.confidence == Confidence.DIGITISED


def test_the_audit_knows_the_sources_of_every_folder(base: Path, mine: Path) -> None:
    _metro(mine)  # its passport names own_drawing, which only the file written here knows
    laid = open_catalogue(mine, over=base)
    unknown = [finding.facts["source"] for finding in audit(laid, known_sources(base))]
    assert unknown == ["own_drawing"]
    (mine / "sources.toml").write_text(
        '[own_drawing]\ntitle = { zh = "图", en = "drawing" }\naddress = "here"\naccessed_on = 2026-01-01\n'
        'note = { zh = "", en = "" }\n',
        encoding="utf-8",
    )
    assert audit(laid, known_sources(*laid.folders)) == ()


def test_the_index_names_each_file_from_its_own_folder(base: Path, mine: Path) -> None:
    _metro(mine)
    items = stac_items(open_catalogue(mine, over=base), collection="place")
    places = {item["id"]: item["assets"]["data"]["href"] for item in items}
    assert places == {
        "metro": "metro.geojson", "parcels": "parcels.gpkg", "residential": "residential.gpkg", "roads": "roads.gpkg",
    }  # fmt: skip


def test_a_missing_own_folder_is_refused_and_says_which(base: Path, tmp_path: Path) -> None:
    with pytest.raises(XinguError) as refused:
        open_catalogue(tmp_path / "nowhere", over=base)
    assert refused.value.code == "folder_missing"
    assert "nowhere" in refused.value.sentence("en")
