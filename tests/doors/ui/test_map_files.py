"""The files of a map are drawn once for all starts of the server, and anew when anything they show has changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kit.shipped import LAYERS

from xingu_geo.doors.ui.kit import map_files as module
from xingu_geo.doors.ui.kit import webmap
from xingu_geo.doors.ui.kit.map_files import base_of, map_files
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.base.store import Store
from xingu_geo.places.place.place import Place
from xingu_geo.study.run.stages import open_place


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped layers without what costs time and is not drawn."""
    folder = tmp_path_factory.mktemp("place") / "layers"
    shutil.copytree(LAYERS, folder, ignore=shutil.ignore_patterns("draw", "terrain", "actors*", "roads*", "river*"))
    return folder


@pytest.fixture(scope="module")
def store(layers: Path) -> Store:
    """A store in which the files of the place in Chinese are kept."""
    kept = Store(layers.parent / "kept")
    _files(_start(layers, kept))
    return kept


def _start(layers: Path, store: Store | None = None) -> Place:
    """The place as a server opens it that has just started."""
    return open_place(layers, data_dir(), store=store)


def _files(place: Place, lang: Lang = "zh") -> object:
    return map_files(place, place.network("present"), lang)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn anew."""
    seen: list[str] = []

    def watch(home: Any, name: str) -> None:
        function = getattr(home, name)

        def watched(*arguments: Any, **options: Any) -> Any:
            seen.append(name)
            return function(*arguments, **options)

        monkeypatch.setattr(home, name, watched)

    watch(webmap, "base_map")
    watch(module.payload, "site_file")
    watch(module.payload, "sewer_file")
    return seen


def test_what_is_kept_is_what_would_be_drawn(layers: Path, store: Store, drawn: list[str]) -> None:
    kept = _files(_start(layers, store))
    assert drawn == []
    assert kept == _files(_start(layers))
    assert sorted(drawn) == ["base_map", "sewer_file", "site_file"]
    assert base_of(_start(layers, store), "zh") == base_of(_start(layers), "zh")


def test_each_language_has_its_own(layers: Path, store: Store, drawn: list[str]) -> None:
    assert _files(_start(layers, store), "en") == _files(_start(layers), "en") != _files(_start(layers, store), "zh")
    assert drawn == ["base_map", "site_file", "sewer_file"] * 2


def _edited(role: str, folder: str, edit: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def change(layers: Path) -> None:
        file = layers / folder / f"{role}.geojson"
        content = json.loads(file.read_text(encoding="utf-8"))
        edit(content["features"][0])
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return change


def _bend(feature: dict[str, Any]) -> None:
    """Lay a pipe another way between the same ends, as long as before by its own column."""
    (x0, y0), *_, (x1, y1) = line = feature["geometry"]["coordinates"]
    line.insert(1, [(x0 + x1) / 2 + 0.003, (y0 + y1) / 2 + 0.003])


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        (_edited("sewer_links", "sewers", _bend), ["base_map", "sewer_file"]),
        (
            _edited("parcels", "land", lambda feature: feature["properties"].update(name_zh="新地块")),
            ["base_map", "site_file"],
        ),
        (_edited("residential", "context", lambda feature: feature["properties"].update(name_zh="村")), ["base_map"]),
    ],
)
def test_a_changed_layer_is_drawn_anew_and_nothing_else(
    change: Callable[[Path], None], anew: list[str], layers: Path, store: Store, drawn: list[str], tmp_path: Path
) -> None:
    other = tmp_path / "layers"
    shutil.copytree(layers, other)
    change(other)
    kept = _files(_start(other, store))
    assert drawn == anew
    assert kept == _files(_start(other))


def test_a_network_does_not_know_where_its_pipes_lie(layers: Path, tmp_path: Path) -> None:
    # This is why the layers have a say in the name under which its file is kept.
    other = tmp_path / "layers"
    shutil.copytree(layers, other)
    _edited("sewer_links", "sewers", _bend)(other)
    assert _start(other).network("present").digest == _start(layers).network("present").digest


def test_a_place_without_sewers_has_no_file_of_them(layers: Path, drawn: list[str]) -> None:
    _, addresses = map_files(_start(layers), None, "zh")
    assert addresses["sewers"] is None
    assert drawn == ["base_map", "site_file"]
