"""``assemble``: neighbouring parcels joined where none is large enough alone.

Comes in: options. Goes out: files, sentences, JSON. Must not know: any computation.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.doors.cli import options
from xingu_geo.doors.cli.asked import Asked, asks_study, place_of, study_of
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import language

if TYPE_CHECKING:
    from xingu_geo.siting.land.footprint import Building

Out = Annotated[Path | None, typer.Option("--out", help="输出目录 · folder for assemblies.geojson, footprints.geojson")]
Size = Annotated[str | None, typer.Option("--building", help="厂房占地 宽x深(米) · building, e.g. 250x150")]


@asks_study
def assemble_command(
    asked: Asked,
    members: Annotated[int, typer.Option("--members", min=2, help="最多几块 · at most so many parcels")] = 3,
    owners: Annotated[int | None, typer.Option("--owners", min=1, help="最多几个业主 · at most so many owners")] = None,
    gap_m: Annotated[float, typer.Option("--gap", min=0, help="可跨越的道路宽(米) · joins across a road")] = 0.0,
    building: Size = None,
    setback_m: Annotated[float, typer.Option("--setback", min=0, help="退线(米) · setback")] = 0.0,
    out: Out = None,
    top: Annotated[int, typer.Option("--top", min=0)] = 10,
    as_json: options.Json = False,
) -> None:
    """拼地：把相邻地块拼成项目需要的用地并排名 · join neighbouring parcels, and rank what results."""
    from xingu_geo.doors.exchange.assembled_files import assembled_document, assembled_lines, write_assembled
    from xingu_geo.study.run.assembling import Joining, rank_assemblies

    place = place_of(asked)
    chosen = study_of(asked, place)
    with options.telling(quiet=as_json) as tell:
        assembled = rank_assemblies(
            place,
            chosen,
            Joining(members=members, owners=owners, gap_m=gap_m),
            building=_building(building, setback_m),
            progress=tell,
        )
    files = write_assembled(assembled, out) if out else ()
    if as_json:
        options.print_json(assembled_document(assembled, top) | {"files": [file.name for file in files]})
        return
    for line in assembled_lines(assembled, top, language()):
        typer.echo(line)
    for file in files:
        typer.echo(say("cli.wrote", language(), file=file))


def _building(typed: str | None, setback_m: float) -> Building | None:
    from xingu_geo.siting.land.footprint import Building

    if typed is None:
        return None
    width, times, depth = typed.lower().replace("×", "x").partition("x")
    try:
        size = float(width), float(depth)
    except ValueError as error:
        raise XinguError("building_typed", typed=typed) from error
    if not times:
        raise XinguError("building_typed", typed=typed)
    return Building(*size, setback_m=setback_m)
