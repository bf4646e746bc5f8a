"""Options that several commands share, and what they have in common to say.

Comes in: what was typed. Goes out: a place, JSON, progress. Must not know: any computation.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import data_dir, language, layers_dir

if TYPE_CHECKING:
    import pandas as pd

    from xingu_geo.places.intake.raw import Options
    from xingu_geo.places.place.place import Place
    from xingu_geo.study.run.result import Result
    from xingu_geo.study.run.spec import Study

Layers = Annotated[Path | None, typer.Option("--layers", help="图层目录 · folder of layers with passports")]
MyLayers = Annotated[
    Path | None,
    typer.Option("--my-layers", help="自己的图层目录，按角色替换其余图层 · own layers, replacing the others by role"),
]
StudyFile = Annotated[Path | None, typer.Option("--study", help="研究文件 · study (TOML)")]
Project = Annotated[str | None, typer.Option("--project", help="项目类型 · project type, e.g. fab12")]
CapacityOption = Annotated[float | None, typer.Option("--capacity", help="产能 · capacity, in the type's unit")]
Case = Annotated[str | None, typer.Option("--case", help="low | typical | high")]
Set = Annotated[list[str] | None, typer.Option("--set", help="改一项需求 · change one figure: wastewater_m3_d=4000")]
Weight = Annotated[list[str] | None, typer.Option("--weight", help="改一个权重 · change one weight: headroom=30")]
Preset = Annotated[str | None, typer.Option("--preset", help="权重预设（示例） · example weights, data/weights.toml")]
Phase = Annotated[str | None, typer.Option("--phase", help="阶段 · phase of data/phases.toml, by default present")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]

PRESENT = "present"


def place_of(layers: Path | None = None, my_layers: Path | None = None, network: Path | None = None) -> Place:
    """The place of ``--layers`` (else the shipped one), ``--my-layers`` laid over it, ``--network`` for its sewers.

    A network alone is a place without sites.
    """
    from xingu_geo.ground.base.store import Store, cache_dir
    from xingu_geo.study.run.simulator import open_network
    from xingu_geo.study.run.stages import open_place, open_tables

    if network is None:
        return open_place(layers or layers_dir(), data_dir(), own=my_layers, store=Store(cache_dir()))
    alone = open_network(network, open_tables(data_dir()))
    if layers is None and my_layers is None:
        return alone
    return open_place(layers or layers_dir(), data_dir(), own=my_layers).with_network(alone.drawn)


def intake_options() -> Options:
    """What the place says about any file that comes in: its CRS and its tables."""
    from xingu_geo.places.intake.raw import Options
    from xingu_geo.places.place.place import working_crs
    from xingu_geo.study.run.stages import open_tables

    tables = open_tables(data_dir())
    return Options(working_crs(), tables.fields, tables.norms)


def run_study(place: Place, study: Study, *, quiet: bool) -> Result:
    """The study's result, its stages told on stderr unless ``quiet``."""
    from xingu_geo.study.run.stages import run

    with telling(quiet=quiet) as tell:
        return run(place, study, progress=tell)


@contextmanager
def telling(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A progress line on stderr that says the stage under way; silent when ``quiet`` or not on a terminal."""
    from rich.console import Console

    console = Console(stderr=True, quiet=quiet)
    if not console.is_terminal:
        yield lambda _stage: None
        return
    with console.status("…") as status:
        yield lambda stage: status.update(say(stage, language()))


def print_json(document: Mapping[str, object] | Sequence[object]) -> None:
    """One JSON document on stdout; NaN becomes null."""
    typer.echo(json_text(document))


def json_text(document: Mapping[str, object] | Sequence[object]) -> str:
    """``document`` as indented JSON; NaN becomes null."""
    return json.dumps(_plain(document), ensure_ascii=False, indent=2)


def write_text(file: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with the same line ends on every system."""
    file.write_text(text, encoding="utf-8", newline="\n")


def rows(table: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of ``table`` as plain mappings, each with its index under the index's name."""
    return [
        {str(table.index.name): str(key)} | {str(name): cell for name, cell in row.items()}
        for key, row in table.astype(object).iterrows()
    ]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
