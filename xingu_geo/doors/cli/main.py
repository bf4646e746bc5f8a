"""The command line's front door: commands, and one sentence for whatever goes wrong.

Comes in: arguments. Goes out: an exit code: 0 done, 1 findings, 2 bad input, 70 a fault of ours.
Must not know: any computation.
"""

from __future__ import annotations

import os
import sys

import typer
from typer.exceptions import TyperException

from xingu_geo import __version__
from xingu_geo.doors.cli import assemble, bring, capacity, check, disk, intake, rank, serve, works
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.gdal import close_doors
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import language

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="中国芯谷选址与环境容量 · Siting and environmental capacity. 语言 language: XINGU_GEO_LANG=zh|en",
)
app.command("check")(check.check_command)
app.command("rank")(rank.rank_command)
app.command("explain")(rank.explain_command)
app.command("compare")(rank.compare_command)
app.command("export")(rank.export_command)
app.command("assemble")(assemble.assemble_command)
app.command("intake")(intake.intake_command)
app.command("osm")(bring.osm_command)
app.command("postgis")(bring.postgis_command)
app.command("serve")(serve.serve_command)
capacity.app.command("upgrade")(works.upgrade_command)
capacity.app.command("backwater")(works.backwater_command)
capacity.app.command("check-swmm")(works.check_swmm_command)
capacity.app.command("export-swmm")(works.export_swmm_command)
capacity.app.command("import-swmm")(works.import_swmm_command)
app.add_typer(capacity.app, name="capacity")
app.add_typer(disk.app, name="cache")


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", help="版本 · the version", is_eager=True, callback=_say_version),
) -> None:
    """Hold the options that come before a command."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; whatever a person can put right is one sentence on stderr and exit code 2."""
    close_doors()
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        return app(arguments, standalone_mode=False) or 0
    except XinguError as error:
        typer.echo(error.sentence(language()), err=True)
    except TyperException as error:
        typer.echo(" ".join(error.format_message().split()), err=True)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        if os.environ.get("XINGU_GEO_DEBUG"):
            raise
        typer.echo(say("cli.internal", language(), kind=type(error).__name__), err=True)
        return 70
    return 2
