"""``cache``: where it is and how large, in both languages; clearing takes what is ours and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xingu_geo.doors.cli.main import main
from xingu_geo.ground.base.store import BYTES_MAX, Store, key_of


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What ``cache`` says in one language, over one folder."""

    def run(*arguments: str, folder: object, lang: str = "zh") -> str:
        monkeypatch.setenv("XINGU_GEO_CACHE", str(folder))
        monkeypatch.setenv("XINGU_GEO_LANG", lang)
        with pytest.raises(SystemExit) as left:
            main(["cache", *arguments])
        said = capsys.readouterr()
        assert (left.value.code, said.err) == (0, "")
        return said.out

    return run


def _fill(folder: Path, entries: int, content: bytes = b"x" * 1_000_000) -> None:
    for number in range(entries):
        Store(folder).write(key_of(number), content)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["info", "clear"])
def test_switched_off_it_says_so(command: str, lang: str, told: Callable[..., str]) -> None:
    said = told(command, folder="off", lang=lang)
    assert "XINGU_GEO_CACHE=off" in said
    assert len(said.splitlines()) == 1
    off = {"folder": None, "entries": 0, "bytes": 0, "bytes_max": BYTES_MAX}
    assert json.loads(told(command, "--json", folder="off", lang=lang)) == off


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("entries", [0, 3])
def test_folder_entries_and_size_are_said(entries: int, lang: str, told: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    _fill(folder, entries)
    size = f"{entries}.0"  # MB
    for command in ("info", "clear"):
        said = told(command, folder=folder, lang=lang)
        assert str(folder) in said
        assert f"{entries} " in said
        assert size in said
    assert str(folder) in told("info", folder=folder, lang=lang)
    assert "500" in told("info", folder=folder, lang=lang)
    assert Store(folder).info().entries == 0


def test_the_two_languages_say_the_same_figures(told: Callable[..., str], tmp_path: Path) -> None:
    _fill(tmp_path, 2)
    said = {lang: told("info", folder=tmp_path, lang=lang) for lang in ("zh", "en")}
    assert said["zh"] != said["en"]
    assert all(figure in sentence for sentence in said.values() for figure in ("2 ", "2.0", "500"))


def test_json_gives_plain_figures(told: Callable[..., str], tmp_path: Path) -> None:
    _fill(tmp_path / "kept", 2, b"12345")
    head = 8 + 32 + 32  # mark, key, digest
    plain: dict[str, Any] = {"folder": str(tmp_path / "kept"), "bytes_max": BYTES_MAX}
    full = {**plain, "entries": 2, "bytes": 2 * (head + 5)}
    assert json.loads(told("info", "--json", folder=tmp_path / "kept")) == full
    assert json.loads(told("clear", "--json", folder=tmp_path / "kept")) == full
    assert json.loads(told("info", "--json", folder=tmp_path / "kept")) == {**plain, "entries": 0, "bytes": 0}


def test_clearing_takes_only_what_is_ours(told: Callable[..., str], tmp_path: Path) -> None:
    _fill(tmp_path, 3, b"1")
    room = next(path for path in tmp_path.iterdir() if path.is_dir())
    strange = [tmp_path / "notes.txt", room / "notes.kept", tmp_path / "other" / f"{'a' * 64}.kept"]
    for path in strange:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    told("clear", folder=tmp_path)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(strange)


@pytest.mark.parametrize("command", ["info", "clear"])
def test_no_folder_or_a_file_in_its_place_is_no_failure(command: str, told: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for folder in (tmp_path / "nowhere", tmp_path / "file"):
        assert json.loads(told(command, "--json", folder=folder))["entries"] == 0
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "nowhere").exists()
