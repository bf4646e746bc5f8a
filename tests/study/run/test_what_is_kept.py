"""What is kept on disk changes no answer, and of a changed question only what changed is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from kit.opening import open_catalogue
from kit.places import write_layer
from kit.shipped import LAYERS, default_result
from kit.six_fields import CRS, ORIGIN, write_six_fields
from shapely.geometry import box

from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.base.store import Store
from xingu_geo.places.place.place import Place
from xingu_geo.siting.measuring import registry
from xingu_geo.siting.measuring.registry import VERBS
from xingu_geo.siting.measuring.verb import Answer
from xingu_geo.study.run.result import Measured
from xingu_geo.study.run.spec import ProjectSpec, Study, question_of
from xingu_geo.study.run.stages import measure, open_place, run, weigh

X, Y = ORIGIN
OTHER = Study(project=ProjectSpec(type="wet_chem"))


def _measured(place: Place, study: Study | None = None) -> Measured:
    return measure(place, question_of(study or Study(), place.tables))


def _frame(frame: pd.DataFrame) -> object:
    """Every bit of a frame."""
    columns = [frame[name].to_numpy() for name in frame.columns]
    cells = [column.tobytes() if column.dtype == float else list(map(repr, column)) for column in columns]
    return list(frame.index), frame.index.dtype, list(frame.columns), list(frame.dtypes), cells


def _bits(measured: Measured) -> object:
    matrix, eligibility, outlook = measured.matrix, measured.eligibility, measured.outlook
    frames = [matrix.raw, matrix.value, matrix.words, eligibility.verdict, eligibility.observed, eligibility.limit]
    if outlook is not None:
        frames += [one.table for one in outlook.later]
    said = [matrix, eligibility]
    plain = [(dict(one.confidence), one.digest, dict(one.why_not), repr(one.left_out)) for one in said]
    coming = outlook and (outlook.confidence, outlook.digest, outlook.phases)
    zones = measured.zones
    placed = _frame(zones.table), dict(zones.names), zones.absent, zones.confidence, zones.digest
    return [_frame(frame) for frame in frames], plain, coming, placed, measured.confidence


def test_the_shipped_place_says_the_same_with_a_store_the_first_second_and_third_time(tmp_path: Path) -> None:
    store, plain = Store(tmp_path / "kept"), _bits(default_result().measured)
    for _ in range(3):
        assert _bits(_measured(open_place(LAYERS, data_dir(), store=store))) == plain
    assert store.info().entries > 10


@pytest.fixture
def fields(tmp_path: Path) -> Path:
    """Six Fields."""
    return write_six_fields(tmp_path / "fields")


def _mine(folder: Path, role: str, frame: gpd.GeoDataFrame) -> Path:
    folder.mkdir()
    write_layer(folder, role, frame)
    return folder


def test_own_layers_that_take_turns_over_one_store_change_no_answer(fields: Path, tmp_path: Path) -> None:
    near = gpd.GeoDataFrame({"id": ["H"]}, geometry=[box(X + 700, Y - 200, X + 900, Y - 100)], crs=CRS)
    field = gpd.GeoDataFrame(
        {"id": ["A"], "land_use_code": "100102", "status": "vacant"}, geometry=[box(X, Y, X + 800, Y + 500)], crs=CRS
    )
    owns: list[Path | None] = [
        None,
        _mine(tmp_path / "homes", "residential", near),
        _mine(tmp_path / "homes further", "residential", near.set_geometry(near.translate(0, -50))),
        _mine(tmp_path / "parcels", "parcels", field),
    ]
    plain = [_bits(_measured(open_place(fields, data_dir(), own=own))) for own in owns]
    assert len({str(each) for each in plain}) == len(owns)
    store = Store(tmp_path / "kept")
    for _ in range(3):
        assert [_bits(_measured(open_place(fields, data_dir(), own=own, store=store))) for own in owns] == plain
    # The app lays them over one place that stays open.
    base = open_place(fields, data_dir(), store=store)
    for _ in range(2):
        laid = [base if own is None else base.overlaid(open_catalogue(own)) for own in owns]
        assert [_bits(_measured(place)) for place in laid] == plain


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], dict[str, list[list[str]]]]:
    """The verbs that measure something while something is done, each with the sites of every call.

    That there is nothing to measure against is said anew each time.
    """
    seen: dict[str, list[list[str]]] = {}

    def watched(name: str) -> registry.Verb:
        def function(context: Any, ask: Any) -> Any:
            answer = VERBS[name].function(context, ask)
            if isinstance(answer, Answer):
                seen.setdefault(name, []).append(list(context.sites.table.index))
            return answer

        return replace(VERBS[name], function=function)

    monkeypatch.setattr(registry, "VERBS", {name: watched(name) for name in VERBS})

    def during(act: Callable[[], object]) -> dict[str, list[list[str]]]:
        seen.clear()
        act()
        return dict(seen)

    return during


OF_GROUND = {name for name, verb in VERBS.items() if not verb.of_project}
ON_LAYERS = {name for name in OF_GROUND if VERBS[name].needs in ("vector", "raster")}


def test_a_changed_weight_touches_nothing(fields: Path, tmp_path: Path, asked: Callable[..., Any]) -> None:
    place = open_place(fields, data_dir(), store=Store(tmp_path / "kept"))
    found = _measured(place)
    named = found.criteria[0].id
    heavier = Study(weights={named: found.criteria[0].weight + 7})
    assert asked(lambda: weigh(found, heavier)) == {}
    # Nor does a new process measure for it what rests on layers.
    again = open_place(fields, data_dir(), store=Store(tmp_path / "kept"))
    assert not asked(lambda: run(again, heavier)).keys() & ON_LAYERS


def test_a_changed_project_touches_only_its_columns(fields: Path, tmp_path: Path, asked: Callable[..., Any]) -> None:
    store = Store(tmp_path / "kept")
    place = open_place(fields, data_dir(), store=store)
    first = asked(lambda: _measured(place))
    assert first.keys() >= {"distance", "people_within", "site_number", "land_use_fit"}
    assert asked(lambda: _measured(place)).keys() & OF_GROUND == set()
    second = asked(lambda: _measured(place, OTHER))
    assert "land_use_fit" in second
    assert second.keys() & OF_GROUND == set()
    fresh = asked(lambda: _measured(open_place(fields, data_dir(), store=store), OTHER))
    assert fresh.keys() & ON_LAYERS == set()


def test_an_edited_parcel_touches_only_its_row(fields: Path, tmp_path: Path, asked: Callable[..., Any]) -> None:
    store = Store(tmp_path / "kept")
    first = asked(lambda: _measured(open_place(fields, data_dir(), store=store)))
    file = fields / "parcels.gpkg"
    frame = gpd.read_file(file)
    frame.loc[frame["id"] == "B", "geometry"] = [box(X + 400, Y, X + 790, Y + 250)]
    file.unlink()
    frame.to_file(file, driver="GPKG", engine="pyogrio")
    edited = asked(lambda: _measured(open_place(fields, data_dir(), store=store)))
    on_layers = {name: calls for name, calls in edited.items() if name in ON_LAYERS}
    assert on_layers == {name: [["B"]] * len(calls) for name, calls in first.items() if name in ON_LAYERS}
    assert _bits(_measured(open_place(fields, data_dir(), store=store))) == _bits(
        _measured(open_place(fields, data_dir()))
    )


def test_sites_joined_for_a_look_are_kept_nowhere(fields: Path, tmp_path: Path, asked: Callable[..., Any]) -> None:
    store = Store(tmp_path / "kept")
    place = open_place(fields, data_dir(), store=store)
    plain = _bits(_measured(place))
    before = sorted(path.read_bytes() for path in (tmp_path / "kept").rglob("*.kept"))
    table = place.sites.table
    joined = table.iloc[[0]].set_geometry([table.geometry.iloc[:2].union_all()], crs=table.crs)
    joined.index = pd.Index(["A"], name="site_id")  # another shape under a name that is known
    other = place.with_sites(replace(place.sites, table=joined))
    assert _measured(other).matrix.raw.index.tolist() == ["A"]
    assert len(other.zones.table) == 1
    assert sorted(path.read_bytes() for path in (tmp_path / "kept").rglob("*.kept")) == before
    assert _bits(_measured(place)) == plain
    again = open_place(fields, data_dir(), store=store)
    assert not asked(lambda: _measured(again)).keys() & ON_LAYERS
    assert _bits(_measured(again)) == plain


def test_zones_are_worked_out_once_for_all_processes(
    fields: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanting = Study(project=ProjectSpec(type="fab12"))
    store = Store(tmp_path / "kept")
    plain = _bits(_measured(open_place(fields, data_dir(), store=store), wanting))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr("xingu_geo.places.place.place.zones_of", refuse)
    assert _bits(_measured(open_place(fields, data_dir(), store=store), wanting)) == plain
