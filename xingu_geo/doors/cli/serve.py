"""``serve``: results at a URL, as OGC API Features, for QGIS and others; read-only, on this machine by default.

Comes in: options. Goes out: a running server. Must not know: any computation.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from xingu_geo.doors.cli import options
from xingu_geo.doors.cli.asked import Asked, asks_study, place_of, study_of
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual, say
from xingu_geo.ground.base.settings import language

Files = Annotated[list[Path] | None, typer.Argument(help="要发布的 GeoJSON · GeoJSON files of ours; else the ranking")]


@asks_study
def serve_command(
    asked: Asked,
    files: Files = None,
    host: Annotated[str, typer.Option("--host", help="监听地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口，0 为任选 · port, 0 for any")] = 8765,
) -> None:
    """发布：让 QGIS 等软件用网址连接结果（只读） · publish results as OGC API Features, read-only."""
    with tempfile.TemporaryDirectory() as folder:
        _serve(_given(files) if files else _computed(Path(folder), asked), host, port)


def _given(files: list[Path]) -> dict[str, tuple[Path, Bilingual]]:
    for file in files:
        if not file.is_file():
            raise XinguError("file_missing", file=file.name, folder=file.parent)
    return {file.stem: (file.resolve(), Bilingual(file.stem, file.stem)) for file in files}


def _computed(folder: Path, asked: Asked) -> dict[str, tuple[Path, Bilingual]]:
    from xingu_geo.doors.exchange.element_table import elements_table
    from xingu_geo.doors.exchange.geojson import write_geojson
    from xingu_geo.doors.exchange.site_table import result_table

    place = place_of(asked)
    result = options.run_study(place, study_of(asked, place), quiet=False)
    frames = {"ranking": result_table(result)}
    if result.measured.network is not None:
        frames["sewers"] = elements_table(result.measured.network)
    published = {}
    for name, frame in frames.items():
        write_geojson(frame, folder / f"{name}.geojson")
        title = Bilingual(say(f"serve.{name}", "zh"), say(f"serve.{name}", "en"))
        published[name] = (folder / f"{name}.geojson", title)
    return published


def _serve(published: dict[str, tuple[Path, Bilingual]], host: str, port: int) -> None:
    try:
        from werkzeug.serving import make_server

        from xingu_geo.doors.exchange.ogc import ogc_application
    except ImportError as error:
        raise XinguError("extra_missing", extra="serve") from error
    import socket

    with socket.create_server((host, port)) as listening:
        port = listening.getsockname()[1]
        url = f"http://{host}:{port}"
        server = make_server(host, port, ogc_application(published, url=url), threaded=True, fd=listening.fileno())
        typer.echo(say("serve.ready", language(), url=url, collections=", ".join(published)))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo(say("serve.stopped", language()))
