"""The shipped files: every one passes its audit, reads as RFC 7946, and is drawn again byte for byte."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from kit.shipped import LAYERS, ROLES, ROOT, shipped

from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.catalogue.audit import audit, known_sources

GEOJSON = sorted(LAYERS.rglob("*.geojson"))
GROUPS = ("context", "land", "sewers", "structure", "terrain")


def test_every_role_of_the_contract_is_filled() -> None:
    assert set(shipped()) >= ROLES


def test_every_shipped_layer_passes_its_audit() -> None:
    looked: list[str] = []
    findings = audit(shipped(), known_sources(data_dir()), progress=looked.append)
    assert set(looked) >= ROLES
    assert [finding.sentence("en") for finding in findings] == []


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "layers.draw", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "12345"}, check=True, timeout=300)
    drawn = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert len(drawn) >= 2 * len(ROLES)
    assert [str(path) for path in drawn if (LAYERS / path).read_bytes() != (tmp_path / path).read_bytes()] == []


def test_the_layers_stay_small() -> None:
    files = [path for group in GROUPS for path in (LAYERS / group).iterdir()]
    assert len(files) >= 2 * len(ROLES)
    assert sum(path.stat().st_size for path in files) < 8_000_000
    assert (LAYERS / "terrain" / "elevation.tif").stat().st_size < 1_500_000


@pytest.mark.parametrize("path", GEOJSON, ids=lambda path: path.stem)
def test_each_geojson_is_rfc_7946(path: Path) -> None:
    tree = json.loads(path.read_text(encoding="utf-8"))
    assert tree["type"] == "FeatureCollection"
    assert "crs" not in tree
    ids = [feature["id"] for feature in tree["features"]]
    assert ids
    assert ids == sorted(ids)
    assert ids == [feature["properties"]["id"] for feature in tree["features"]]
    for feature in tree["features"]:
        for ring, is_outer in _rings(feature["geometry"]):
            assert ring[0] == ring[-1]
            assert (_twice_area(ring) > 0) == is_outer, feature["id"]


@pytest.mark.parametrize("path", GEOJSON, ids=lambda path: path.stem)
def test_coordinates_carry_at_most_seven_decimals_and_lie_around_hangzhou_bay(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"\[(12\d\.\d+),(3\d\.\d+)\]", text)
    assert found
    assert max(len(number.split(".")[1]) for pair in found for number in pair) <= 7
    assert all(120.2 < float(lon) < 120.8 and 30.2 < float(lat) < 30.45 for lon, lat in found)


def _rings(geometry: dict[str, object] | None) -> list[tuple[list[list[float]], bool]]:
    if geometry is None or "Polygon" not in str(geometry["type"]):
        return []
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [(ring, number == 0) for part in parts for number, ring in enumerate(part)]  # type: ignore[attr-defined]


def _twice_area(ring: list[list[float]]) -> float:
    # The shoelace sum about the first corner, so that degrees near 120 cancel no digits.
    (x0, y0), rest = ring[0], ring[1:]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in itertools.pairwise(rest))


def test_whoever_is_illustrative_says_so_in_both_languages() -> None:
    seen = 0
    for role in ROLES:
        passport = shipped().passport(role)
        if passport.confidence == "illustrative":
            seen += 1
            assert "示意" in passport.about.zh, role
            assert "illustrative" in passport.about.en, role
    assert seen >= 12


def test_nothing_claims_to_be_surveyed_or_an_official_map() -> None:
    claims = {role: shipped().passport(role).confidence for role in ROLES}
    assert set(claims.values()) <= {"digitised", "inferred", "illustrative"}
    assert {role for role, claim in claims.items() if claim != "illustrative"} == {
        "actors",
        "metro",
        "street",
        "street_crossings",
    }


def test_every_source_has_title_address_date_and_note() -> None:
    sources = tomllib.loads((data_dir() / "sources.toml").read_text(encoding="utf-8"))
    assert len(sources) >= 20
    for key, source in sources.items():
        assert set(source) == {"title", "address", "accessed_on", "note"}, key
        assert set(source["title"]) == set(source["note"]) == {"zh", "en"}, key
