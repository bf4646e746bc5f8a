"""``cache``: what is kept on disk between runs, and letting go of it.

Comes in: nothing. Goes out: sentences or JSON. Must not know: what is kept.
"""

from __future__ import annotations

from dataclasses import asdict

import typer

from xingu_geo.doors.cli import options
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import language
from xingu_geo.ground.base.store import Info, Store, cache_dir

app = typer.Typer(no_args_is_help=True, help="缓存：算过的不再重算，可随时清空 · what is kept between runs")


@app.command("info")
def info_command(as_json: options.Json = False) -> None:
    """缓存在哪里、有多大 · where it is, how large."""
    _say("cli.cache_info", Store(cache_dir()).info(), as_json=as_json)


@app.command("clear")
def clear_command(as_json: options.Json = False) -> None:
    """清空缓存 · let go of everything; it is made again when asked for."""
    _say("cli.cache_cleared", Store(cache_dir()).clear(), as_json=as_json)


def _say(key: str, info: Info, *, as_json: bool) -> None:
    if as_json:
        options.print_json({**asdict(info), "folder": info.folder and str(info.folder)})
    elif info.folder is None:
        typer.echo(say("cli.cache_off", language()))
    else:
        facts = {"megabytes": number(info.bytes / 1e6, "mb"), "most": Figure(info.bytes_max / 1e6, "mb", rule="whole")}
        typer.echo(say(key, language(), folder=info.folder, entries=info.entries, **facts))
