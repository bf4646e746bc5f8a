"""A place may work in any CRS in metres: areas, distances, the ranking and every export go with it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kit.six_fields import CRS, write_six_fields

from xingu_geo.doors.exchange.export import export_result
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.base.store import Store
from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.places.place.ground import Ground
from xingu_geo.places.place.place import Place
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import open_tables, run

# A strip 1.5 degrees to either side of the fields (120.9° E): at its edge areas are 1 + (1.5°·cos 30°)² = 1.0005 large.
STRIPS = st.builds(
    "+proj=tmerc +lon_0={:.3f} +x_0={:.0f} +datum=WGS84 +units=m +type=crs".format,
    st.floats(119.5, 122.3),
    st.floats(0, 1e6),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six Fields on disk."""
    return write_six_fields(tmp_path_factory.mktemp("place"))


def _ranked(folder: Path, crs: str) -> Result:
    return run(Place(open_catalogue(folder, crs=crs), open_tables(data_dir())), Study())


@settings(max_examples=10, deadline=None)
@given(crs=STRIPS)
@example(crs="EPSG:32651")
@example(crs="EPSG:4528")
def test_any_ground_gives_the_same_areas_and_the_same_ranking(folder: Path, crs: str) -> None:
    result = _ranked(folder, crs)
    assert result.sites.table.crs == crs
    assert list(result.sites.table["area_m2"]) == pytest.approx([100_000.0] * 6, rel=1e-3)  # drawn 400 m × 250 m
    assert list(result.ranking.table.index) == list(_ranked(folder, CRS).ranking.table.index)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2263"])
def test_degrees_and_false_metres_are_no_ground(folder: Path, crs: str) -> None:
    with pytest.raises(XinguError) as caught:
        open_catalogue(folder, crs=crs)
    assert caught.value.code == "crs_not_metres"


def test_layers_of_two_grounds_are_not_laid_over_each_other(folder: Path) -> None:
    with pytest.raises(XinguError) as caught:
        open_catalogue(folder, crs="EPSG:4549").overlaid(open_catalogue(folder, crs="EPSG:32651"))
    assert caught.value.code == "crs_not_working"


def test_what_is_kept_of_one_ground_is_not_taken_for_another(folder: Path, tmp_path: Path) -> None:
    store, tables = Store(tmp_path), open_tables(data_dir())
    first, second = (Place(open_catalogue(folder, crs=crs), tables, ground=Ground(store)) for crs in (CRS, "EPSG:4528"))
    assert first.sewer_digests != second.sewer_digests
    run(first, Study())
    pd.testing.assert_frame_equal(run(second, Study()).matrix.raw, _ranked(folder, "EPSG:4528").matrix.raw)


def test_exports_say_the_ground_they_are_in(folder: Path, tmp_path: Path) -> None:
    result = _ranked(folder, "EPSG:32651")
    export_result(result, tmp_path / "r.gpkg")
    export_result(result, tmp_path / "r.dxf")
    assert pyogrio.read_info(tmp_path / "r.gpkg", layer="ranking")["crs"] == "EPSG:32651"
    drawing = (tmp_path / "r.dxf").read_text(encoding="ascii").splitlines()
    assert "EPSG:32651 WGS 84 / UTM zone 51N, metres" in drawing
    # Field A's corner is where it was drawn: E 300,000, N 3,340,000, to the drawing's tenth of a millimetre.
    corner = drawing.index("$EXTMIN")
    assert drawing[corner + 1 : corner + 5] == ["10", "300000.0000", "20", "3340000.0000"]


def test_sites_stand_in_the_ground_of_their_catalogue(folder: Path) -> None:
    catalogue = open_catalogue(folder, crs="EPSG:32651")
    assert sites_of(catalogue).table.crs == catalogue.crs == "EPSG:32651"
