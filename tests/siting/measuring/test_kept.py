"""What was measured once is not measured again, and is what measuring would say, to the last bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.ground import CRS, brief, lay, lay_raster, moved, parcels
from kit.opening import open_catalogue
from kit.shipped import place as shipped_place
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.store import Store
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.places.place.ground import Ground
from xingu_geo.siting.measuring import kept, registry
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS, measured
from xingu_geo.siting.measuring.verb import Absent, Answer

PARCELS = {"a": box(0, 0, 300, 200), "b": box(500, 0, 900, 350), "c": Polygon([(1000, 0), (1300, 40), (1100, 500)])}
HOMES = {"h1": box(200, 260, 420, 480), "h2": box(870, 300, 1500, 420), "h3": Point(40, 900).buffer(150)}
ROADS = {"r1": LineString([(-50, -10), (400, -20), (1500, -5)]), "r2": LineString([(400, -20), (450, 800)])}
STATIONS = {"s1": Point(420, 700)}
ASKED: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("distance", "homes", {}),
    ("distance", "homes", {"where": {"kind": ("old",)}}),
    ("overlap_share", "homes", {}),
    ("people_within", "homes", {"column": "persons", "reach_m": 250}),
    ("road_distance", "roads", {"to_layer": "stations"}),
    ("raster", "elevation", {"statistic": "mean"}),
)
ON_HOMES = [number for number, (_, layer, _) in enumerate(ASKED) if layer == "homes"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three parcels, three homes, two roads, a station and a raster."""
    layers = tmp_path / "layers"
    layers.mkdir()
    return _lay_all(layers)


def _lay_all(layers: Path) -> Path:
    parcels(layers, PARCELS)
    _lay_homes(layers, HOMES)
    lay(layers, "roads", ROADS)
    lay(layers, "stations", STATIONS)
    cells = np.arange(2_000.0).reshape(40, 50) % 37
    cells[3, 4] = np.nan
    lay_raster(layers, "elevation", cells, cell_m=31.0)
    return layers


def _lay_homes(layers: Path, shapes: dict[str, BaseGeometry]) -> None:
    rows = {"persons": {"h1": 100, "h2": 37, "h3": 11}, "kind": {"h1": "old", "h2": "new", "h3": "old"}}
    lay(layers, "homes", shapes, **rows)


def _opened(
    layers: Path | Catalogue, store: Store | None = None, shapes: dict[str, BaseGeometry | None] | None = None
) -> Context:
    """The place as a new process opens it; with ``shapes`` its sites are those instead."""
    catalogue = open_catalogue(layers) if isinstance(layers, Path) else layers
    sites = sites_of(catalogue)
    if shapes is not None:
        table = sites.table.iloc[[0] * len(shapes)].set_index(pd.Index(list(shapes), name="site_id"))
        sites = replace(sites, table=table.set_geometry([moved(each) for each in shapes.values()], crs=CRS))
    return Context(sites, catalogue, brief(), ground=Ground(store))


def _answers(context: Context) -> list[Answer | Absent]:
    return [
        measured(context, verb, layer=layer, options=VERBS[verb].options.model_validate(options))
        for verb, layer, options in ASKED
    ]


def _plain(answer: Answer | Absent) -> object:
    """All that an answer says, so that two that differ in one bit differ."""
    if isinstance(answer, Absent):
        return answer
    values = answer.values
    index = values.index.tolist(), values.index.name, values.index.dtype
    return index, values.dtype, values.name, values.to_numpy().tobytes(), answer.confidence, dict(answer.left_out)


def _said(context: Context) -> list[object]:
    return [_plain(answer) for answer in _answers(context)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Context], dict[int, list[str]]]:
    """Which of :data:`ASKED` are put to their verbs, and for which sites, when a context is asked all of them."""
    seen: list[tuple[str, str, object, list[str]]] = []

    def watched(name: str) -> registry.Verb:
        def function(context: Context, ask: Any) -> Answer | Absent:
            seen.append((name, ask.layer, ask.options, list(context.sites.table.index)))
            return VERBS[name].function(context, ask)

        return replace(VERBS[name], function=function)

    def ask_all(context: Context) -> dict[int, list[str]]:
        seen.clear()
        monkeypatch.setattr(registry, "VERBS", {name: watched(name) for name in VERBS})
        _answers(context)
        whole = [(verb, layer, VERBS[verb].options.model_validate(options)) for verb, layer, options in ASKED]
        return {whole.index((verb, layer, options)): sites for verb, layer, options, sites in seen}

    return ask_all


EVERYONE = list(PARCELS)
ALL = dict.fromkeys(range(len(ASKED)), EVERYONE)


def test_the_first_second_and_third_time_say_what_is_said_without_a_store(folder: Path, tmp_path: Path) -> None:
    plain = _said(_opened(folder))
    store = Store(tmp_path / "kept")
    assert [_said(_opened(folder, store)) for _ in range(3)] == [plain] * 3
    assert store.info().entries == len(ASKED)
    assert all(isinstance(answer, Answer) and answer.values.notna().all() for answer in _answers(_opened(folder)))


SHAPES = st.builds(
    lambda x, y, width, depth, skew: Polygon([(x, y), (x + width, y + skew), (x + width / 3, y + depth)]),
    *[st.floats(0, 1_000, width=32)] * 2,
    *[st.floats(1, 500, width=32)] * 2,
    st.floats(-200, 0, width=32),
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The layers of :func:`folder`, read once."""
    return open_catalogue(_lay_all(tmp_path_factory.mktemp("ground")))


@settings(max_examples=25)
@given(shapes=st.lists(SHAPES, min_size=1, max_size=6), before=st.sets(st.integers(0, 5)))
def test_whatever_was_asked_before_no_bit_of_a_figure_differs(
    shapes: list[BaseGeometry], before: set[int], ground: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store(tmp_path_factory.mktemp("kept"))
    sites: dict[str, BaseGeometry | None] = {f"s{number}": shape for number, shape in enumerate(shapes)}
    some = {name: sites[name] for number, name in enumerate(sites) if number in before}
    if some:
        _answers(_opened(ground, store, dict(reversed(some.items()))))
    plain = _said(_opened(ground, None, sites))
    assert _said(_opened(ground, store, sites)) == plain
    assert _said(_opened(ground, store, sites)) == plain


def test_on_the_shipped_place_a_half_that_was_asked_before_leaves_no_trace(tmp_path: Path) -> None:
    place, store = shipped_place(), Store(tmp_path / "kept")
    blocks = {(one.measure, one.layer, repr(one.options)): one for one in (*place.tables.criteria, *place.tables.rules)}

    def said(half: slice, kept_in: Store | None) -> list[object]:
        sites = replace(place.sites, table=place.sites.table[half])
        context = Context(sites, place.catalogue, brief(), ground=Ground(kept_in), layered=place.layered)
        return [
            _plain(measured(context, one.measure, layer=one.layer, options=options))
            for one in blocks.values()
            if not (verb := VERBS[one.measure]).of_project and verb.needs != "sites"
            for options in [verb.options.model_validate(one.options)]
        ]

    every = slice(None)
    plain = said(every, None)
    assert len(plain) > 8
    said(slice(None, None, 2), store)
    assert said(every, store) == plain
    assert said(every, store) == plain
    assert said(slice(None, None, -3), store) == said(slice(None, None, -3), None)


def test_what_is_known_is_not_asked_again(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    assert asked(_opened(folder, store)) == ALL
    assert asked(_opened(folder, store)) == {}


def test_an_edited_parcel_is_one_row(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    asked(_opened(folder, store))
    parcels(folder, PARCELS | {"b": translate(PARCELS["b"], 0.5, 0)})
    assert asked(_opened(folder, store)) == {key: ["b"] for key in range(len(ASKED))}
    assert _said(_opened(folder, store)) == _said(_opened(folder))
    # Put back as it was, it is known; another word about it concerns no figure of the ground.
    parcels(folder, PARCELS, status="occupied")
    assert asked(_opened(folder, store)) == {}


def test_a_parcel_under_another_name_or_in_another_row_is_known_by_its_shape(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    asked(_opened(folder, store))
    parcels(folder, {"z": PARCELS["a"], "y": PARCELS["b"], "x": PARCELS["c"]})
    assert asked(_opened(folder, store)) == {}
    assert _said(_opened(folder, store)) == _said(_opened(folder))


def test_a_moved_home_is_every_column_that_rests_on_homes_and_no_other(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    asked(_opened(folder, store))
    _lay_homes(folder, HOMES | {"h2": translate(HOMES["h2"], 3, 0)})
    assert asked(_opened(folder, store)) == dict.fromkeys(ON_HOMES, EVERYONE)
    assert _said(_opened(folder, store)) == _said(_opened(folder))
    lay(folder, "stations", {"s1": Point(420, 650)})  # a layer named in the options only
    assert [ASKED[number][0] for number in asked(_opened(folder, store))] == ["road_distance"]


def test_a_changed_confidence_is_heard(folder: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    _answers(_opened(folder, store))
    for role in ("homes", "parcels"):
        passport = folder / f"{role}.toml"
        text = passport.read_text(encoding="utf-8")
        passport.write_text(text.replace('"digitised"', '"illustrative"'), encoding="utf-8")
        assert _said(_opened(folder, store)) == _said(_opened(folder))
    assert {answer.confidence for answer in _answers(_opened(folder, store)) if isinstance(answer, Answer)} == {
        Confidence.ILLUSTRATIVE
    }


def test_a_layer_taken_away_is_absent_again_and_known_when_it_is_back(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    asked(_opened(folder, store))
    away = [(folder / name, tmp_path / name) for name in ("homes.toml", "stations.toml")]
    for here, there in away:
        here.rename(there)
    answers = _answers(_opened(folder, store))
    assert [answers[number] for number in ON_HOMES] == [Absent("layer", "homes")] * len(ON_HOMES)
    assert answers[4] == Absent("layer", "stations")
    for here, there in away:
        there.rename(here)
    assert asked(_opened(folder, store)) == {}


def test_nothing_to_measure_against_is_said_each_time(folder: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    options = VERBS["distance"].options.model_validate({"where": {"kind": ["ruin"]}})
    for _ in range(2):
        context = _opened(folder, store)
        assert measured(context, "distance", layer="homes", options=options) == Absent("feature", "homes")


def test_sites_of_one_shape_and_sites_without_one(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    shapes: dict[str, BaseGeometry | None] = {
        "twin 1": PARCELS["a"],
        "none 1": None,
        "empty": Polygon(),
        "twin 2": PARCELS["a"],
        "none 2": None,
        "alone": PARCELS["b"],
    }
    plain = _said(_opened(folder, None, shapes))
    assert _said(_opened(folder, store, shapes)) == plain
    assert _said(_opened(folder, store, dict(reversed(shapes.items())))) == _said(
        _opened(folder, None, dict(reversed(shapes.items())))
    )
    assert asked(_opened(folder, store, shapes)) == {}
    # A twin that comes later is known too, in the place of its own parcels.
    assert asked(_opened(folder, store, {"third": PARCELS["a"], "c": PARCELS["c"]})) == {key: ["c"] for key in ALL}


def test_sets_of_sites_that_take_turns_do_not_push_each_other_out(
    folder: Path, tmp_path: Path, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    store = Store(tmp_path / "kept")
    sets: list[dict[str, BaseGeometry | None]] = [
        {f"{x}": box(x, x, x + 50 + turn, x + 40) for x in range(0, 100 * size, 100)}
        for turn, size in enumerate((9, 1, 4, 2, 1))
    ]
    for sites in sets:
        assert asked(_opened(folder, store, sites)) == {key: list(sites) for key in ALL}
    for sites in [*sets, *reversed(sets)]:
        assert _said(_opened(folder, store, sites)) == _said(_opened(folder, None, sites))
        assert asked(_opened(folder, store, sites)) == {}


def test_shapes_of_other_sets_do_not_gather_without_end(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Callable[[Context], dict[int, list[str]]]
) -> None:
    monkeypatch.setattr(kept, "OTHERS_MIN", 2)
    store = Store(tmp_path / "kept")
    sets: list[dict[str, BaseGeometry | None]] = [{"s": box(turn, 0, turn + 9, 9)} for turn in range(7)]
    for sites in sets:
        _answers(_opened(folder, store, sites))
    # Beside the one site of the place there is room for three others.
    known = [number for number in reversed(range(7)) if not asked(_opened(folder, store, sets[number]))]
    assert known == [6, 5, 4, 3]


def test_a_layer_changed_between_looking_and_reading_is_kept_under_no_name(folder: Path, tmp_path: Path) -> None:
    store, file = Store(tmp_path / "kept"), folder / "homes.gpkg"
    plain, as_it_was = _said(_opened(folder)), file.read_bytes()
    _answers(_opened(folder, store, {"a": PARCELS["a"]}))
    late = _opened(folder, store)
    assert late.catalogue.digests  # looked at, not read
    _lay_homes(folder, {name: translate(shape, 7, 0) for name, shape in HOMES.items()})
    assert _said(late) == _said(_opened(folder)) != plain  # nothing of before is mixed into it
    file.write_bytes(as_it_was)
    assert _said(_opened(folder, store)) == plain


def test_a_layer_that_vanishes_while_it_is_measured_fails_nobody(folder: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    plain = _said(_opened(folder))
    late = _opened(folder, store)
    assert late.catalogue.digests
    for role in ("homes", "roads", "stations"):
        late.catalogue.vector(role)
        (folder / f"{role}.gpkg").unlink()
    assert _said(late) == plain
    assert store.info().entries == 1  # the raster's
