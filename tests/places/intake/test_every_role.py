"""Every shipped layer can be replaced by a foreign file, and so can one that only the planner's rules name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import rasterio
from kit import forked
from kit import intake as kit
from kit.opening import Options, intake, open_catalogue
from kit.shipped import LAYERS, ROOT, default_result, shipped, tables
from rasterio import Affine

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.audit import audit, known_sources
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.places.intake import pen
from xingu_geo.places.intake.fields import read_fields
from xingu_geo.places.place.place import Place
from xingu_geo.siting.measuring.roles import roles_of
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import run

SHIPPED = sorted(open_catalogue(LAYERS))
SEWER_ROLES = ROLE_SETS[SEWERS].roles


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker as a fork of this process: the same code without loading every library again."""
    monkeypatch.setattr(pen, "_run", forked.run)
    monkeypatch.setattr(pen, "IMPORT_MEMORY_BYTES_MAX", 8_000_000_000)


def _foreign(role: str, folder: Path) -> Path:
    """The shipped layer as somebody else would send it: the same columns, no passport, a name that tells nothing."""
    entry = shipped().entries[role]
    return Path(shutil.copy(entry.file, folder / f"资料{entry.file.suffix}"))


def _brought(role: str, folder: Path) -> Catalogue:
    said = Options(datum="wgs84", confidence=shipped().passport(role).confidence)
    intake(_foreign(role, folder), role=role, into=folder / "mine", options=said)
    return open_catalogue(folder / "mine")


def _problems(catalogue: Catalogue) -> list[str]:
    findings = audit(catalogue, known_sources(ROOT / "data", *catalogue.folders))
    return [finding.sentence("en") for finding in findings if finding.is_error or finding.code != "set_incomplete"]


def _same_ranking(laid: Catalogue) -> None:
    result = run(Place(laid, tables()), Study())
    pd.testing.assert_frame_equal(result.ranking.table, default_result().ranking.table)
    pd.testing.assert_frame_equal(result.scores.contributions, default_result().scores.contributions)


@pytest.mark.parametrize("role", SHIPPED)
def test_every_shipped_role_can_be_brought_in_and_stands_its_audit(role: str, tmp_path: Path) -> None:
    mine = _brought(role, tmp_path)
    assert set(mine) == {role}
    assert _problems(mine) == []
    passport, old = mine.passport(role), shipped().passport(role)
    assert (passport.geometry, passport.features) == (old.geometry, old.features)
    # Every column keeps its name and its unit.
    units = {column.name: column.unit for column in passport.fields}
    assert {column.name: units.get(column.name) for column in old.fields} == {
        column.name: column.unit for column in old.fields
    }


@pytest.mark.parametrize("role", sorted(SEWER_ROLES))
def test_one_sewer_layer_alone_leaves_a_ranking_that_says_what_is_missing(role: str, tmp_path: Path) -> None:
    laid = shipped().overlaid(_brought(role, tmp_path))
    result = run(Place(laid, tables()), Study())
    assert len(result.ranking.table)
    (complaint,) = laid.complaints
    missing = [one for one in ROLE_SETS[SEWERS].required if one != role]
    assert complaint.facts["missing"] == ROLE_SETS[SEWERS].words(missing)


def test_equal_values_give_the_equal_ranking_whichever_role_is_replaced(tmp_path: Path) -> None:
    asked = {role for block in (*tables().rules, *tables().criteria) for role in roles_of(block)}
    plain = sorted(asked - set(SEWER_ROLES))
    assert {"actors", "core_parts", "street", "wings", "elevation", "parcels", "roads"} <= set(plain)
    for number, role in enumerate(plain):
        folder = tmp_path / str(number)
        folder.mkdir()
        _same_ranking(shipped().overlaid(_brought(role, folder)))


def test_the_whole_sewer_brought_layer_by_layer_gives_the_equal_ranking(tmp_path: Path) -> None:
    for role in SEWER_ROLES:
        mine = _brought(role, tmp_path)
    assert mine.complaints == ()
    _same_ranking(shipped().overlaid(mine))


def test_a_workbook_with_chinese_headers_fills_the_loads(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("编号", "接入节点", "状态", "生活污水", "工业废水"),
        ("户1", "A", "现状", 10.5, 0),
        ("户2", "B", "已批未建", 0, 3),
    ):
        book.active.append(row)
    book.save(tmp_path / "负荷.xlsx")
    intake(tmp_path / "负荷.xlsx", role="sewer_loads", into=tmp_path / "mine")
    loads = open_catalogue(tmp_path / "mine").vector("sewer_loads").table
    assert loads["node"].tolist() == ["A", "B"]
    assert loads["state"].tolist() == ["existing", "committed"]
    assert loads[["domestic_m3_d", "industrial_m3_d"]].to_numpy().tolist() == [[10.5, 0.0], [0.0, 3.0]]


def test_a_table_without_places_is_asked_for_them_where_the_role_has_a_place(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.csv", b"id,node,state\n1,A,existing\n")
    with pytest.raises(XinguError) as refused:
        intake(path, role="metro", into=tmp_path / "mine")
    assert refused.value.code == "table_no_place"
    assert refused.value.facts["columns"] == ["id", "node", "state"]


OWN_RULE = """
[noise]
kind = "environment"
severity = "flag"
title = { zh = "噪声", en = "Noise" }
measure = "raster"
layer = "noise"
options = { statistic = "max" }
unit = "db"
comparison = "at_most"
limit = 55.0
why = { zh = "示例", en = "An example." }
advice = { zh = "示例", en = "An example." }
sources = ["own_assumption"]

[airport]
kind = "environment"
severity = "flag"
title = { zh = "机场", en = "Airport" }
measure = "distance"
layer = "airports"
unit = "m"
comparison = "at_least"
limit = 1000.0
why = { zh = "示例", en = "An example." }
advice = { zh = "示例", en = "An example." }
sources = ["own_assumption"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose rules name two roles that nobody ever heard of."""
    shutil.copytree(ROOT / "data", tmp_path / "home" / "data")
    shutil.copytree(LAYERS, tmp_path / "home" / "layers")
    with (tmp_path / "home" / "data" / "rules.toml").open("a", encoding="utf-8") as rules:
        rules.write(OWN_RULE)
    return tmp_path / "home"


def test_a_role_that_only_the_planners_rule_names_takes_what_comes(home: Path, tmp_path: Path) -> None:
    lots = gpd.GeoDataFrame({"名称": ["一", "二"]}, geometry=list(kit.LOTS), crs="EPSG:4549")
    lots.to_file(tmp_path / "机场.gpkg", driver="GPKG")
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:4549", "width": 4, "height": 4}
    with rasterio.open(
        tmp_path / "噪声.tif", "w", transform=Affine(500, 0, kit.EAST, 0, -500, kit.NORTH), **profile
    ) as sink:
        sink.write(np.full((4, 4), 60, dtype="float32"), 1)

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xingu_geo", *arguments]
        environment = {"XINGU_GEO_HOME": str(home), "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    mine = str(tmp_path / "mine")
    for role, name in (("airports", "机场.gpkg"), ("noise", "噪声.tif")):
        taken = ran("intake", str(tmp_path / name), "--role", role, "--into", mine)
        assert (taken.returncode, taken.stderr) == (0, "")
    assert ran("check", "--my-layers", mine).returncode == 0
    explained = ran("rank", "--my-layers", mine, "--out", str(tmp_path / "out"), "--json")
    assert (explained.returncode, explained.stderr) == (0, "")
    catalogue = open_catalogue(Path(mine))
    assert catalogue.passport("noise").fields[0].name == "noise"
    assert catalogue.passport("noise").geometry == "raster"
    unknown = ran("intake", str(tmp_path / "机场.gpkg"), "--role", "harbours", "--into", mine)
    assert unknown.returncode == 2
    assert "airports" in unknown.stderr
    assert read_fields(home / "data").roles["airports"].title.zh == "airports"
