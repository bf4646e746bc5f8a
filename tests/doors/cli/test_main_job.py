"""The main job at the command line, on the shipped layers and on another place, each command a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from kit.rfc7946 import complaints
from kit.six_fields import write_six_fields

ROOT = Path(__file__).parents[3]


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "xingu_geo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def _json(*arguments: str) -> Any:
    return json.loads(_run(*arguments, "--json"))


@pytest.fixture(scope="module")
def fab12(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ranking of a 12-inch fab on the shipped layers."""
    out = tmp_path_factory.mktemp("fab12")
    _run("rank", "--project", "fab12", "--out", str(out))
    return out


def test_it_writes_three_files_and_the_same_bytes_again(fab12: Path, tmp_path: Path) -> None:
    names = ["manifest.json", "ranking.csv", "ranking.geojson"]
    assert sorted(file.name for file in fab12.iterdir()) == names
    _run("rank", "--project", "fab12", "--out", str(tmp_path))
    assert [(fab12 / name).read_bytes() for name in names] == [(tmp_path / name).read_bytes() for name in names]


def test_the_geojson_obeys_rfc_7946_and_gdal_agrees(fab12: Path) -> None:
    file = fab12 / "ranking.geojson"
    document = json.loads(file.read_text(encoding="utf-8"))
    assert len(document["features"]) >= 600
    assert complaints(document) == []
    info = pyogrio.read_info(file, force_feature_count=True)
    assert (info["features"], info["crs"]) == (len(document["features"]), "EPSG:4326")


def test_every_feature_carries_what_a_planner_must_defend(fab12: Path) -> None:
    features = json.loads((fab12 / "ranking.geojson").read_text(encoding="utf-8"))["features"]
    first = features[0]["properties"]
    assert first["rank"] == 1
    wanted = {"score", "eligible", "reasons", "headroom_m3_d", "binding_element", "confidence", "why_zh", "why_en"}
    assert wanted <= set(first)
    criteria = [name.removesuffix("_raw") for name in first if name.endswith("_raw")]
    assert len(criteria) >= 12
    assert {f"{name}_{part}" for name in criteria for part in ("unit", "value", "points")} <= set(first)
    out = [feature["properties"] for feature in features if not feature["properties"]["eligible"]]
    assert out
    assert all(properties["reasons"] and properties["rank"] is None for properties in out)


def test_a_verdict_on_illustrative_layers_never_looks_surer(fab12: Path) -> None:
    features = json.loads((fab12 / "ranking.geojson").read_text(encoding="utf-8"))["features"]
    ranked = [feature["properties"] for feature in features if feature["properties"]["rank"] is not None]
    assert ranked
    assert all(properties["confidence"] == "illustrative" for properties in ranked)
    assert all("仅供示意" in properties["why_zh"] for properties in ranked)
    assert all("illustrative only" in properties["why_en"] for properties in ranked)


def test_less_wastewater_lets_more_sites_in_and_never_another_set(tmp_path: Path) -> None:
    eligible = {}
    for flow in ("500", "5300", "9000"):
        out = tmp_path / flow
        _run("rank", "--project", "fab12", "--set", f"wastewater_m3_d={flow}", "--out", str(out))
        features = json.loads((out / "ranking.geojson").read_text(encoding="utf-8"))["features"]
        eligible[flow] = {feature["id"] for feature in features if feature["properties"]["eligible"]}
    # A stricter limit gives a subset, and on the shipped network each step really puts sites out.
    assert eligible["9000"] < eligible["5300"] < eligible["500"]


def test_some_sites_fit_a_fab_and_some_are_out_for_the_sewer_alone(fab12: Path) -> None:
    features = json.loads((fab12 / "ranking.geojson").read_text(encoding="utf-8"))["features"]
    reasons = [feature["properties"]["reasons"] for feature in features]
    assert "" in reasons
    assert "headroom" in reasons


def test_explain_names_the_binding_element_and_its_numbers(fab12: Path) -> None:
    features = json.loads((fab12 / "ranking.geojson").read_text(encoding="utf-8"))["features"]
    short = next(feature for feature in features if feature["properties"]["reasons"] == "headroom")
    told = _json("explain", short["id"], "--project", "fab12")
    sewer = told["sewer"]
    assert sewer["binding"] == short["properties"]["binding_element"]
    assert sewer["binding_element"]["capacity_l_s"] > 0
    assert sewer["missing_m3_d"] == pytest.approx(sewer["discharge_m3_d"] - sewer["headroom_m3_d"])
    assert sewer["binding"] in sewer["path"]
    assert sewer["binding"] in _run("explain", short["id"], "--project", "fab12")


def test_the_shipped_layers_keep_what_their_passports_promise() -> None:
    assert _json("check") == []


def test_another_place_without_sewers_runs_through_the_same_command(tmp_path: Path) -> None:
    place = write_six_fields(tmp_path / "place")
    told = _json("rank", "--layers", str(place), "--out", str(tmp_path / "out"))
    assert (told["sites"], told["eligible"]) == (6, 3)
    assert [item["site"] for item in told["top"]] == ["A", "B", "C"]


def test_the_capacity_of_every_element_is_listed_fullest_first() -> None:
    listed = _json("capacity", "elements", "--top", "0")["elements"]
    known = [element["utilisation"] for element in listed if element["utilisation"] is not None]
    assert len(known) > 50
    assert known == sorted(known, reverse=True)
