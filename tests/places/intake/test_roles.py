"""Without a role a file still finds its place, and says which it took."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from kit import intake as kit
from kit.opening import intake, open_catalogue
from shapely.geometry import LineString

from xingu_geo.ground.base.errors import XinguError


def test_polygons_become_the_parcels_and_it_is_said(tmp_path: Path) -> None:
    report = intake(kit.write(tmp_path, "a.zip", kit.shapefile()), role="auto", into=tmp_path / "into")
    assert [layer.role for layer in report.layers] == ["parcels"]
    assert "role_taken_as" in {note.code for note in report.warnings}


def test_points_and_lines_take_no_role_of_the_engine(tmp_path: Path) -> None:
    into = tmp_path / "into"
    points = kit.write(tmp_path, "点.csv", "经度,纬度,名称\n120.4,30.3,甲\n".encode("gbk"))
    lines = tmp_path / "线.gpkg"
    gpd.GeoDataFrame(geometry=[LineString([(540_000, 3_353_000), (541_000, 3_353_000)])], crs="EPSG:4549").to_file(
        lines
    )
    roles = [intake(file, role="auto", into=into).layers[0].role for file in (points, lines)]
    assert all(role.startswith("extra_") for role in roles)
    assert len(set(roles)) == 2
    assert set(open_catalogue(into)) == set(roles)


def test_layers_called_like_roles_take_them(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    lots = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=list(kit.LOTS), crs="EPSG:4549")
    for name in ("residential", "protected", "别的"):
        lots.to_file(path, layer=name, driver="GPKG")
    report = intake(path, role="auto", into=tmp_path / "into")
    assert {layer.role for layer in report.layers} == {"residential", "protected"}


def test_several_layers_without_such_names_must_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    lots = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=list(kit.LOTS), crs="EPSG:4549")
    for name in ("一", "二"):
        lots.to_file(path, layer=name, driver="GPKG")
    with pytest.raises(XinguError) as caught:
        intake(path, role="auto", into=tmp_path / "into")
    assert caught.value.code == "layer_choose"


@pytest.mark.parametrize("role", ["extra_Ü", "extra_../x", "Parcels", "", "sewers"])
def test_a_name_that_is_no_role_is_refused_in_one_sentence(role: str, tmp_path: Path) -> None:
    with pytest.raises(XinguError) as caught:
        intake(kit.write(tmp_path, "a.zip", kit.shapefile()), role=role, into=tmp_path / "into")
    assert caught.value.code == "role_unknown"
    assert not (tmp_path / "into").exists()
