"""The contract of ``python -m xingu_geo intake FILE --json``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from kit import intake as kit


def run(*arguments: str, lang: str = "zh") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XINGU_GEO_LANG": lang, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "xingu_geo", "intake", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, encoding="utf-8")


def test_accepted_is_exit_0_and_one_json_document(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile())
    done = run(str(path), "--into", str(tmp_path / "into"), "--json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert {"layers", "warnings", "repairs"} <= set(document)
    assert document["layers"][0]["role"] == "parcels"
    assert done.stderr == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_refused_is_exit_2_and_exactly_one_line(tmp_path: Path, lang: str) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile(prj=None))
    done = run(str(path), "--into", str(tmp_path / "into"), "--json", lang=lang)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "EPSG:4549" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--datum", "mars"),
        ("--confidence", "sure"),
        ("--seven", "1,2"),
        ("--column", "owner"),
        ("--role", "palaces"),
        ("--encoding", "klingon"),
    ],
)
def test_a_wrong_option_is_one_line_too(tmp_path: Path, options: tuple[str, str]) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile())
    done = run(str(path), "--into", str(tmp_path / "into"), *options, lang="en")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert options[1].split(",")[0] in done.stderr


def test_options_reach_the_reader(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile(prj=None))
    into = tmp_path / "into"
    done = run(str(path), "--into", str(into), "--crs", "EPSG:4549", "--accuracy-m", "0.5", "--confidence", "surveyed",
               "--column", "name_zh=权利人", "--column", "owner=", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (layer,) = json.loads(done.stdout)["layers"]
    assert layer["mapping"]["name_zh"] == "权利人"
    assert "owner" not in layer["mapping"]
    passport = (into / "parcels.toml").read_text(encoding="utf-8")
    assert 'confidence = "surveyed"' in passport
    assert "positional_accuracy_m = 0.5" in passport


def test_a_refusal_names_the_file_that_was_brought(tmp_path: Path) -> None:
    file = tmp_path / "官方地块.shp"
    file.write_text("this is no shapefile", encoding="utf-8")
    done = run(str(file), "--into", str(tmp_path / "layers"))
    assert done.returncode == 2
    assert "官方地块.shp" in done.stderr
    assert ".input" not in done.stderr
