"""``osm`` and ``postgis``: bring layers in from OpenStreetMap or a PostGIS database.

Comes in: a rectangle, or an address and a table. Goes out: reports on stdout; a refusal is one sentence on stderr.
Must not know: how either is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.doors.cli.options import intake_options
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import language, layers_dir

if TYPE_CHECKING:
    from xingu_geo.places.intake.doctor import IntakeReport

Into = Annotated[Path, typer.Option("--into", help="研究的图层目录 · the study's layers folder")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON · print one JSON document")]


def osm_command(
    bounds: Annotated[str, typer.Argument(help="西,南,东,北（度） · west,south,east,north in degrees")],
    into: Into = Path("my_layers"),
    role: Annotated[
        list[str] | None, typer.Option("--role", help="roads | residential | river | protected | metro")
    ] = None,
    cache: Annotated[Path, typer.Option("--cache", help="缓存目录 · what was asked before")] = Path(".osm_cache"),
    server: Annotated[str | None, typer.Option("--server", help="Overpass 服务器 · Overpass server")] = None,
    as_json: Json = False,
) -> None:
    """从 OpenStreetMap 导入道路、居住、水体等（ODbL） · bring in roads, homes, water … from OpenStreetMap."""
    from xingu_geo.places.intake.from_osm import OVERPASS, intake_osm

    def tell(name: str) -> None:
        typer.echo(name, err=True)

    asked = None if as_json else tell
    reports = intake_osm(
        _bounds(bounds),
        into=into,
        options=intake_options(),
        cache=cache,
        roles=role or None,
        address=server or OVERPASS,
        progress=asked,
    )
    _say(reports, as_json=as_json)


def postgis_command(
    table: Annotated[str, typer.Argument(help="模式.表 · schema.table")],
    role: Annotated[str, typer.Option("--role", help="充当的角色 · the role it fills, as in intake")] = "parcels",
    into: Into = Path("my_layers"),
    address: Annotated[
        str, typer.Option("--address", envvar="XINGU_GEO_POSTGIS", help="postgresql://… · better as XINGU_GEO_POSTGIS")
    ] = "",
    as_json: Json = False,
) -> None:
    """从 PostGIS 导入一张表为图层 · bring a PostGIS table in as a layer."""
    from xingu_geo.places.intake.from_postgis import intake_postgis

    trusted = layers_dir()
    options = replace(intake_options(), trusted=str(trusted.resolve()) if trusted.is_dir() else None)
    _say([intake_postgis(address, table, role=role, into=into, options=options)], as_json=as_json)


def _bounds(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError as error:
        raise XinguError("osm_bounds", bounds=text) from error
    return west, south, east, north


def _say(reports: Sequence[IntakeReport], *, as_json: bool) -> None:
    lang = language()
    if as_json:
        plain = [report.plain(lang) for report in reports]
        whole = {
            key: [part for report in plain for part in _parts(report[key])] for key in ("layers", "warnings", "repairs")
        }
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    for report in reports:
        typer.echo(report.text(lang))


def _parts(value: object) -> list[object]:
    return value if isinstance(value, list) else []
