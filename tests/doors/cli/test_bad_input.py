"""Bad input is met with one sentence on stderr and exit code 2: no traceback, nothing half written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kit.six_fields import write_six_fields

from xingu_geo.doors.cli.main import main
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.planning.criteria import read_criteria
from xingu_geo.siting.measuring.registry import VERBS


def _refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    told = capsys.readouterr()
    assert stop.value.code == 2
    assert told.out == ""
    lines = told.err.strip().splitlines()
    assert len(lines) == 1, told.err
    assert "Traceback" not in told.err
    return lines[0]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The tiny second place, free to be broken."""
    return write_six_fields(tmp_path / "place")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINGU_GEO_LANG", "en")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--project", "fab13"], ["fab13", "fab12"]),
        (["--set", "wastewater_m3_d"], ["--set", "wastewater_m3_d", "name=number"]),
        (["--set", "wastewater_m3_d=much"], ["--set", "wastewater_m3_d=much"]),
        (["--set", "wastewater=1"], ["'wastewater'", "wastewater_m3_d"]),
        (["--set", "wastewater_m3_d=-1"], ["wastewater_m3_d", "-1"]),
        (["--set", "wastewater_m3_d=nan"], ["wastewater_m3_d", "nan"]),
        (["--weight", "beauty=3"], ["beauty"]),
        (["--capacity", "0"], ["capacity"]),
        (["--case", "best"], ["case", "best"]),
        (["--method", "magic"], ["magic", "weighted_sum"]),
        (["--missing", "zero"], ["missing", "zero"]),
        (["--risk", "2"], ["--risk", "equal to 1"]),
        (["--phase", "2099"], ["2099", "present"]),
        (["--preset", "mine"], ["mine"]),
        (["--without-rule", "taste"], ["taste"]),
        (["--nonsense"], ["--nonsense"]),
        (["--study", "missing.toml"], ["missing.toml"]),
    ],
)
def test_options_that_cannot_be_meant(
    options: list[str], words: list[str], place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    sentence = _refusal(["rank", "--layers", str(place), "--out", str(out), *options], capsys)
    assert [word for word in words if word not in sentence] == []
    assert not out.exists()


def _weights(figure: str) -> list[str]:
    names = [criterion.id for criterion in read_criteria(data_dir() / "criteria.toml", VERBS)]
    return [part for name in names for part in ("--weight", f"{name}={figure}")]


@pytest.mark.parametrize("figure", ["nan", "-1", "inf", "0"])
def test_weights_that_cannot_be_weighed(
    figure: str, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    sentence = _refusal(["rank", "--layers", str(place), "--out", str(out), *_weights(figure)], capsys)
    assert "weight" in sentence
    assert not out.exists()


def _break(place: Path, old: str, new: str) -> None:
    passport = next(place.rglob("parcels.toml"))
    text = passport.read_text(encoding="utf-8")
    assert old in text
    passport.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--layers" in _refusal(
        ["rank", "--layers", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")], capsys
    )


def test_a_place_without_parcels(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next(place.rglob("parcels.toml")).unlink()
    assert "parcels" in _refusal(["rank", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)


def test_a_passport_without_its_file(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passport = next(place.rglob("parcels.toml"))
    next(file for file in place.rglob("parcels.*") if file != passport).unlink()
    assert "parcels.toml" in _refusal(["rank", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)


def test_a_passport_with_the_wrong_crs(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = next(place.rglob("parcels.toml")).read_text(encoding="utf-8")
    declared = next(line for line in text.splitlines() if line.startswith("crs"))
    _break(place, declared, 'crs = "EPSG:4528"')
    sentence = _refusal(["rank", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)
    assert "parcels.toml" in sentence
    assert "EPSG:4528" in sentence


def test_a_passport_that_is_not_toml(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _break(place, "role", "role role")
    assert "parcels.toml" in _refusal(["rank", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)


def test_a_passport_with_a_key_missing_and_one_unknown(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(place, "licence", "license")
    sentence = _refusal(["rank", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)
    assert "parcels.toml" in sentence
    assert "1 more" in sentence


def test_a_site_nobody_knows(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "XS-9999" in _refusal(["explain", "XS-9999", "--layers", str(place)], capsys)


def test_an_output_that_is_a_file_is_left_alone(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.write_text("mine", encoding="utf-8")
    _refusal(["rank", "--layers", str(place), "--out", str(out)], capsys)
    assert out.read_text(encoding="utf-8") == "mine"


def test_a_study_with_a_broken_key(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = tmp_path / "study.toml"
    study.write_text('missing = "perhaps"\n', encoding="utf-8")
    sentence = _refusal(["rank", "--study", str(study), "--layers", str(place), "--out", str(tmp_path / "out")], capsys)
    assert [word for word in ("study.toml", "missing", "perhaps") if word not in sentence] == []


def test_the_same_refusals_speak_chinese(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINGU_GEO_LANG", "zh")
    sentence = _refusal(["rank", "--project", "fab13", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)
    assert "没有项目类型 fab13" in sentence


def test_broken_tables_name_the_file(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(data_dir(), home / "data")
    (home / "data" / "criteria.toml").write_text("[[", encoding="utf-8")
    monkeypatch.setenv("XINGU_GEO_HOME", str(home))
    assert "criteria.toml" in _refusal(["rank", "--layers", str(place), "--out", str(tmp_path / "out")], capsys)
