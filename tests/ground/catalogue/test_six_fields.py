"""The tiny second place opens, measures and stays in its own format and CRS."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.opening import open_catalogue
from kit.six_fields import CRS as SIX_FIELDS_CRS
from kit.six_fields import write_six_fields
from pyproj import CRS

from xingu_geo.ground.geo.crs import is_accurate_transform
from xingu_geo.ground.planning.sites import sites_of


def test_six_fields_open_with_three_roles_and_no_sewers(tmp_path: Path) -> None:
    catalogue = open_catalogue(write_six_fields(tmp_path / "six"))
    assert sorted(catalogue) == ["parcels", "residential", "roads"]
    assert catalogue.passport("parcels").crs == SIX_FIELDS_CRS


def test_each_field_measures_ten_hectares_in_the_working_crs(tmp_path: Path) -> None:
    sites = sites_of(open_catalogue(write_six_fields(tmp_path)))
    assert list(sites.table.index) == ["A", "B", "C", "D", "E", "F"]
    # 400 m × 250 m = 100,000 m2; UTM 51N → EPSG:4549 changes areas by less than 0.1 % there
    assert list(sites.table["area_m2"]) == pytest.approx([100_000.0] * 6, rel=0.001)


def test_wgs84_is_let_into_the_working_crs_and_beijing_54_is_not() -> None:
    working = CRS.from_epsg(4549)
    assert is_accurate_transform(CRS.from_epsg(4326), working)
    assert not is_accurate_transform(CRS.from_epsg(2414), working)
