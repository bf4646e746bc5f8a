"""A ranking asked once more is taken from disk to the last byte, and never when anything has changed that has a say."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.six_fields import write_six_fields

from xingu_geo.doors.cli import again as module
from xingu_geo.doors.cli.again import FOLDER, answered_once
from xingu_geo.doors.cli.asked import Asked
from xingu_geo.doors.cli.main import main
from xingu_geo.ground.base import store as store_module
from xingu_geo.study.run.manifest import LIBRARIES

ROOT = Path(__file__).parents[3]
NAMES = ["manifest.json", "ranking.csv", "ranking.geojson"]


class Home:
    """A home of layers and tables, an own layer, a study, a cache; and a question put to it."""

    def __init__(self, root: Path) -> None:
        self.root, self.layers, self.data, self.mine = root, root / "layers", root / "data", root / "mine"
        for folder in (self.layers / "below", self.data, self.mine):
            folder.mkdir(parents=True)
        for file in self.files:
            file.write_text(file.name, encoding="utf-8")
        self.asked = Asked(my_layers=self.mine, study=root / "study.toml", weights=["headroom=3"])
        self.made = 0

    @property
    def files(self) -> list[Path]:
        """One file of each kind that has a say."""
        below = self.layers / "below"
        own = self.mine / "parcels.gpkg"
        return [below / "a.geojson", below / "a.toml", self.data / "rules.toml", own, self.root / "study.toml"]

    def ask(self, *options: object, asked: Asked | None = None, command: str = "rank") -> str:
        """What is written when the question is put."""
        out = self.root / "out"
        shutil.rmtree(out, ignore_errors=True)

        def answer() -> module.Answer:
            self.made += 1
            return {"a.txt": f"answer {self.made}\r\n杭州"}, [f"written into {FOLDER}"]

        answered_once(command, asked or self.asked, *options, folder=out, answer=answer)
        return (out / "a.txt").read_bytes().decode("utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a cache of its own."""
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    monkeypatch.setenv("XINGU_GEO_CACHE", str(tmp_path / "kept"))
    return Home(tmp_path)


def test_the_same_question_is_answered_once_in_any_folder(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert [home.ask(), home.ask()] == ["answer 1\r\n杭州"] * 2
    assert capsys.readouterr().out == f"written into {home.root / 'out'}\n" * 2
    answered_once("rank", home.asked, folder=home.root / "elsewhere", answer=lambda: ({}, []))
    assert capsys.readouterr().out == f"written into {home.root / 'elsewhere'}\n"
    assert (home.root / "elsewhere" / "a.txt").is_file()


CHANGES: list[Callable[[Path], object]] = [
    lambda file: file.write_text("changed", encoding="utf-8"),
    lambda file: file.write_bytes(file.read_bytes()[:-1] + b"X"),
    lambda file: file.unlink(),
    lambda file: file.rename(file.with_name("renamed.toml")),
    lambda file: file.with_name("one_more.toml").write_text("", encoding="utf-8"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("number", range(5))
def test_every_file_that_has_a_say_is_looked_at(change: Callable[[Path], object], number: int, home: Home) -> None:
    if number == 4 and change in CHANGES[3:]:
        return  # a study's file is named: another beside it says nothing
    home.ask()
    change(home.files[number])
    assert home.ask().startswith("answer 2")
    assert home.ask().startswith("answer 2")


def test_what_was_there_before_is_known_again(home: Home) -> None:
    home.ask()
    home.files[0].write_text("changed", encoding="utf-8")
    home.ask()
    home.files[0].write_text(home.files[0].name, encoding="utf-8")
    assert home.ask().startswith("answer 1")


def test_every_option_is_looked_at(home: Home) -> None:
    mine, study = home.mine, home.root / "study.toml"
    questions: list[dict[str, Any]] = [
        {"asked": Asked()},
        {"asked": Asked(layers=home.data)},
        {"asked": Asked(my_layers=mine)},
        {"asked": Asked(study=study)},
        *[{"asked": Asked(**{name: "fab12"})} for name in ("project", "case", "phase", "preset", "method", "missing")],
        *[{"asked": Asked(**{name: ["a=1"]})} for name in ("changes", "weights", "without")],
        *[{"asked": Asked(**{name: 0.5})} for name in ("capacity", "risk")],
        {"asked": Asked(weights=["a=1", "b=2"])},
        {"asked": Asked(weights=["b=2", "a=1"])},
        {"asked": Asked(weights=["a=1, b=2"])},
        {"command": "explain"},
        {},
    ]
    every = [(question, options) for question in questions for options in ((), (True,), (False,), (True, 10))]
    seen = [home.ask(*options, **question) for question, options in every]
    assert len(set(seen)) == len(every)
    assert [home.ask(*options, **question) for question, options in every] == seen


def test_language_and_program_are_looked_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [home.ask()]
    monkeypatch.setenv("XINGU_GEO_LANG", "en")
    seen.append(home.ask())
    monkeypatch.setattr(store_module, "code_version", lambda: "another program")
    seen.append(home.ask())
    assert len(set(seen)) == 3
    monkeypatch.undo()


def test_every_library_that_a_manifest_names_is_part_of_the_key_and_of_the_product() -> None:
    # Else an answer that is kept would go on naming the version it was made with.
    assert set(LIBRARIES) <= set(store_module._LIBRARIES)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split("[^a-zA-Z-]", wanted)[0] for wanted in project["dependencies"]}
    assert set(LIBRARIES) <= needed


def test_a_file_changed_while_it_was_answered_is_not_kept_under_its_old_name(home: Home) -> None:
    file = home.files[0]

    def answer() -> module.Answer:
        file.write_text("changed", encoding="utf-8")
        return {"a.txt": "of the changed file"}, []

    answered_once("rank", home.asked, folder=home.root / "out", answer=answer)
    file.write_text(file.name, encoding="utf-8")
    assert home.ask().startswith("answer 1")


def test_a_folder_that_is_a_link_is_not_trusted(home: Home, tmp_path: Path) -> None:
    (home.root / "far").mkdir()
    (home.root / "far" / "big.gpkg").write_text("1", encoding="utf-8")
    (home.layers / "far").symlink_to(home.root / "far")
    home.ask()
    (home.root / "far" / "big.gpkg").write_text("2", encoding="utf-8")
    assert home.ask().startswith("answer 2")


def test_a_linked_file_is_looked_at_where_it_lies(home: Home) -> None:
    (home.root / "far.geojson").write_text("1", encoding="utf-8")
    (home.layers / "far.geojson").symlink_to(home.root / "far.geojson")
    (home.layers / "nowhere.geojson").symlink_to(home.root / "nothing")
    assert [home.ask(), home.ask()] == ["answer 1\r\n杭州"] * 2
    (home.root / "far.geojson").write_text("2", encoding="utf-8")
    assert home.ask().startswith("answer 2")


def test_a_file_that_may_not_be_read_means_that_nothing_is_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, "no", str(path))

    with monkeypatch.context() as closed:
        closed.setattr(module, "digest_file", refuse)
        assert [home.ask()[:8], home.ask()[:8]] == ["answer 1", "answer 2"]
    assert home.ask().startswith("answer 3")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 are Linux's own")
def test_a_file_named_in_another_encoding_is_no_hindrance(home: Home) -> None:
    Path(os.fsdecode(os.fsencode(home.layers) + b"/" + "说明.txt".encode("gbk"))).write_text("1", encoding="utf-8")
    assert [home.ask(), home.ask()] == ["answer 1\r\n杭州"] * 2


def test_a_refusal_is_not_kept(home: Home) -> None:
    def refuse() -> module.Answer:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        answered_once("rank", home.asked, folder=home.root / "out", answer=refuse)
    assert home.ask().startswith("answer 1")


def test_switched_off_nothing_is_looked_at_or_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINGU_GEO_CACHE", "off")
    monkeypatch.setattr(module, "digest_file", lambda path: pytest.fail(f"looked at {path}"))
    assert [home.ask()[:8], home.ask()[:8]] == ["answer 1", "answer 2"]


@pytest.fixture
def ranked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Rank Six Fields in this process; gives the files' bytes and what was said."""
    layers, out = write_six_fields(tmp_path / "layers"), tmp_path / "out"
    monkeypatch.setenv("XINGU_GEO_CACHE", str(tmp_path / "kept"))

    def run(*arguments: str) -> tuple[list[bytes], str]:
        shutil.rmtree(out, ignore_errors=True)
        with pytest.raises(SystemExit) as left:
            main(["rank", "--layers", str(layers), "--out", str(out), *arguments])
        said = capsys.readouterr()
        assert (left.value.code, said.err) == (0, "")
        assert sorted(file.name for file in out.iterdir()) == NAMES
        return [(out / name).read_bytes() for name in NAMES], said.out

    return run


def _flip(entries: list[Path]) -> None:
    for entry in entries:
        content = bytearray(entry.read_bytes())
        content[len(content) // 2] ^= 1
        entry.write_bytes(content)


def _cut(entries: list[Path]) -> None:
    for entry in entries:
        entry.write_bytes(entry.read_bytes()[: entry.stat().st_size // 2])


def _empty(entries: list[Path]) -> None:
    for entry in entries:
        entry.write_bytes(b"")


def _swap(entries: list[Path]) -> None:
    contents = [entry.read_bytes() for entry in entries]
    for entry, content in zip(entries, [*contents[1:], contents[0]], strict=True):
        entry.write_bytes(content)


def _folders(entries: list[Path]) -> None:
    for entry in entries:
        entry.unlink()
        entry.mkdir()


@pytest.mark.parametrize("spoil", [_flip, _cut, _empty, _swap, _folders])
def test_a_spoilt_cache_is_made_again(
    spoil: Callable[[list[Path]], None], ranked: Callable[..., Any], tmp_path: Path
) -> None:
    plain = ranked()
    entries = sorted((tmp_path / "kept").rglob("*.kept"))
    assert len(entries) > 3
    spoil(entries)
    assert ranked() == plain
    if spoil is not _folders:
        # Whole again: the answer is there, and what it was made of.
        assert not set(entries) - set((tmp_path / "kept").rglob("*.kept"))
    assert ranked() == plain


def test_the_answer_lost_and_its_parts_kept_is_the_same_answer(ranked: Callable[..., Any], tmp_path: Path) -> None:
    plain = ranked()
    largest = max((tmp_path / "kept").rglob("*.kept"), key=lambda entry: entry.stat().st_size)
    assert b"ranking.geojson" in largest.read_bytes()
    largest.unlink()
    assert ranked() == plain
    assert ranked("--robustness") != plain


def test_a_full_disk_hinders_nobody(
    ranked: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: bytes) -> None:
        path.write_bytes(b"a part")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(store_module, "_write_new", full)
        plain = ranked()
        assert ranked() == plain
    assert not [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert [ranked(), ranked()] == [plain] * 2


def test_a_cache_that_cannot_be_written_or_is_off_hinders_nobody(
    ranked: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ranked()
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below", "off", ""):
        monkeypatch.setenv("XINGU_GEO_CACHE", str(place))
        assert [ranked(), ranked()] == [plain] * 2
    assert (tmp_path / "file").read_text(encoding="utf-8") == "no folder"


def test_a_changed_layer_or_option_is_ranked_anew(ranked: Callable[..., Any], tmp_path: Path) -> None:
    seen = [ranked(), ranked("--weight", "space_land=40"), ranked("--top", "1"), ranked("--json")]
    file = tmp_path / "layers" / "parcels.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"illustrative"', '"surveyed"'), encoding="utf-8")
    seen.append(ranked())
    file.write_text(text, encoding="utf-8")
    assert len({repr(one) for one in seen}) == 5
    assert ranked() == seen[0]


def _command(cache: Path, out: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "XINGU_GEO_CACHE": str(cache)}
    command = [sys.executable, "-m", "xingu_geo", "rank", "--out", str(out), *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _written(process: subprocess.Popen[bytes], out: Path) -> tuple[list[bytes], bytes]:
    said, complained = process.communicate(timeout=300)
    assert (process.returncode, complained) == (0, b"")
    return [(out / name).read_bytes() for name in NAMES], said.replace(os.fsencode(out), b"<out>")


@pytest.mark.skipif(sys.platform == "win32", reason="counts the processor time of children")
def test_the_second_rank_of_the_shipped_place_takes_a_third_of_the_processor_at_most(tmp_path: Path) -> None:
    spent, found = [os.times()], []
    for turn in range(2):
        out = tmp_path / f"out{turn}"
        found.append(_written(_command(tmp_path / "kept", out, "--project", "fab12"), out))
        spent.append(os.times())
    assert found[0] == found[1]
    user, system = (np.diff([getattr(each, f"children_{kind}") for each in spent]) for kind in ("user", "system"))
    first, second = user + system
    assert second < first / 3, f"{first:.2f} s, then {second:.2f} s"


def _forked(arguments: list[str], said: Path) -> int:
    """The process number of a rank in a process of its own, whose libraries are loaded already."""
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException), said.open("w", encoding="utf-8") as sys.stdout:
            try:
                main(arguments)
            except SystemExit as left:
                code = int(left.code or 0)
        os._exit(code)
    return child


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_eight_processes_that_rank_at_once_over_a_cache_that_is_spoilt_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = write_six_fields(tmp_path / "layers")

    def rank(out: Path) -> int:
        return _forked(["rank", "--layers", str(layers), "--out", str(out)], out.with_suffix(".txt"))

    def found(out: Path) -> tuple[list[bytes], str]:
        told = out.with_suffix(".txt").read_text(encoding="utf-8").replace(str(out), "<out>")
        return [(out / name).read_bytes() for name in NAMES], told

    assert os.waitpid(rank(tmp_path / "plain"), 0)[1] == 0
    plain = found(tmp_path / "plain")
    monkeypatch.setenv("XINGU_GEO_CACHE", str(tmp_path / "kept"))
    for turn in range(2):
        outs = [tmp_path / f"{turn}-{number}" for number in range(8)]
        children = [rank(out) for out in outs]
        while children:
            for entry in (tmp_path / "kept").rglob("*.kept"):
                with contextlib.suppress(OSError):  # gone meanwhile
                    _flip([entry])
            time.sleep(0.02)
            done = [(child, *os.waitpid(child, os.WNOHANG)) for child in children]
            assert all(code == 0 for _, ended, code in done if ended)
            children = [child for child, ended, _ in done if not ended]
        assert [found(out) for out in outs] == [plain] * 8
