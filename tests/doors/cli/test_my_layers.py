"""``--my-layers`` at the command line: an imported layer replaces the other of its role, and only that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
from kit.official import parcels_zip
from kit.places import write_layer
from kit.six_fields import CRS, ORIGIN, write_six_fields
from shapely.geometry import box

ROOT = Path(__file__).parents[3]
X, Y = ORIGIN


def _ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xingu_geo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_my_parcels_are_ranked_and_the_place_underneath_keeps_its_roads(tmp_path: Path) -> None:
    base, mine = write_six_fields(tmp_path / "base"), tmp_path / "mine"
    mine.mkdir()
    frame = gpd.GeoDataFrame(
        {"id": ["N1"], "land_use_code": "100102", "status": "vacant"},
        geometry=[box(X, Y, X + 800, Y + 500)],
        crs=CRS,
    )
    write_layer(mine, "parcels", frame, confidence="official_map")
    layers = ("--layers", str(base), "--my-layers", str(mine))
    ranked = _ran("rank", *layers, "--project", "fab8", "--out", str(tmp_path / "out"), "--json")
    assert (ranked.returncode, ranked.stderr) == (0, "")
    assert json.loads(ranked.stdout)["sites"] == 1
    digests = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["digests"]["layers"]
    assert set(digests) == {"parcels", "roads", "residential"}


def test_an_imported_file_drains_into_the_shipped_sewers(tmp_path: Path) -> None:
    file = tmp_path / "地块.zip"
    file.write_bytes(parcels_zip(count=3))
    mine = tmp_path / "mine"
    taken = _ran("intake", str(file), "--role", "parcels", "--into", str(mine), "--json")
    assert (taken.returncode, taken.stderr) == (0, "")
    ticket = _ran(
        "capacity", "ticket", "--site", "QT-2026-002", "--project", "fab12", "--my-layers", str(mine), "--json"
    )
    assert (ticket.returncode, ticket.stderr) == (0, "")
    assert "QT-2026-002" in ticket.stdout
    unknown = _ran("capacity", "ticket", "--site", "QT-2026-002", "--project", "fab12")
    assert unknown.returncode == 2
    assert len(unknown.stderr.strip().splitlines()) == 1


def test_an_own_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    refused = _ran("rank", "--my-layers", str(tmp_path / "nowhere"), "--out", str(tmp_path))
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "nowhere" in refused.stderr
