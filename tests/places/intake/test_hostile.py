"""Every file of the kit ends as expected: no traceback, no hang, no leak, no call, no code run."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit import forked
from kit.opening import Options, intake

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS
from xingu_geo.places.intake import pen

sys.path.insert(0, str(Path(__file__).parent))
import hostile

CANARY = "CANARY-9b1f3e"
CASES = hostile.cases()
# Files meant as attacks meet the real worker, a fresh process each; the merely faulty ones a fork of this process, with
# the same code, which saves the loading of the libraries. XINGU_GEO_KIT=real sends all of them to real workers.
ATTACKS = {case.name for case in (*hostile.virtual(), *hostile.archives(), *hostile.foreign())}
ALL_REAL = os.environ.get("XINGU_GEO_KIT") == "real"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[hostile.Ground]:
    """A listener, a canary and an empty marker folder; after all cases nobody called and nothing ran."""
    folder = tmp_path_factory.mktemp("kit")
    canary = folder / "canary.csv"
    canary.write_text(f"WKT,secret\nPOINT (120.4 30.3),{CANARY}\n")
    marker = folder / "marker"
    marker.mkdir()
    calls: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, caller = server.accept()
            except OSError:
                return
            calls.append(caller)
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    made = folder / "made"
    made.mkdir()
    yield hostile.Ground(made, server.getsockname()[1], canary, marker)
    server.close()
    assert calls == []
    assert list(marker.iterdir()) == []


def test_the_kit_holds_at_least_sixty_files_under_different_names() -> None:
    assert len({case.name for case in CASES}) >= 60
    assert sum(case.code is not None for case in CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=[case.key for case in CASES])
def test_a_file_of_the_kit_ends_as_expected(
    case: hostile.Case, ground: hostile.Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case.name not in ATTACKS and not ALL_REAL:
        monkeypatch.setattr(pen, "_run", forked.run)
        # The limit counts the address space this process had before the fork.
        monkeypatch.setattr(pen, "IMPORT_MEMORY_BYTES_MAX", 8_000_000_000)
    content = case.make if isinstance(case.make, bytes) else case.make(ground)
    path = tmp_path / case.name
    path.write_bytes(content)
    into = tmp_path / "into"
    if case.code is not None:
        with pytest.raises(XinguError) as caught:
            intake(path, role=case.role, into=into, options=case.options)
        assert caught.value.code == case.code
        for lang in LANGS:
            sentence = caught.value.sentence(lang)
            assert len(sentence.splitlines()) == 1
            assert CANARY not in sentence
            assert "Traceback" not in sentence
        assert not into.exists()
        return
    report = intake(path, role=case.role, into=into, options=case.options)
    said = json.dumps([report.plain(lang) for lang in LANGS]) + report.text("zh") + report.text("en")
    assert CANARY not in said
    assert not any(CANARY.encode() in file.read_bytes() for file in into.iterdir())
    assert case.notes <= {note.code for note in report.notes}
    assert case.repairs.items() <= {repair.feature: repair.code for repair in report.repairs}.items()
    if case.features is not None:
        assert report.layers[0].features == case.features


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1/x.geojson", "path_not_file"),
        ("/vsicurl/http://127.0.0.1/x.geojson", "path_not_file"),
        ("/vsizip/a.zip/a.shp", "path_not_file"),
        ("//server/share/a.shp", "path_not_file"),
        ("WFS:http://127.0.0.1/", "path_not_file"),
        ("/dev/null", "path_not_file"),
        ("nowhere.geojson", "file_missing"),
    ],
)
def test_only_ordinary_files_are_opened(address: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(XinguError) as caught:
        intake(Path(address), role="parcels", into=tmp_path / "into")
    assert caught.value.code == code


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.geojson"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(XinguError) as caught:
            intake(path, role="parcels", into=tmp_path / "into")
        assert caught.value.code == "path_not_file"


def test_a_file_over_the_cap_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.geojson"
    with path.open("wb") as stream:
        stream.truncate(50_000_001)
    with pytest.raises(XinguError) as caught:
        intake(path, role="parcels", into=tmp_path / "into", options=Options())
    assert caught.value.code == "file_too_big"
