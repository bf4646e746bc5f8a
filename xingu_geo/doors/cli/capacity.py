"""``capacity``: the sewers at the command line, on the shipped network or any other.

Comes in: options. Goes out: sentences or JSON. Must not know: any computation.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.doors.cli import options
from xingu_geo.doors.cli.asked import Asked, study_of
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import data_dir, language, layers_dir

if TYPE_CHECKING:
    from xingu_geo.places.place.place import Place
    from xingu_geo.sewers.network.network import Network
    from xingu_geo.study.run.checking import Placement

NetworkDir = Annotated[Path | None, typer.Option("--network", help="管网目录 · folder with nodes, links, loads")]
Top = Annotated[int, typer.Option("--top", min=0, help="列出几项，0 为全部 · how many to list, 0 for all")]
Placed = Annotated[list[str], typer.Option("--site", help="地块或节点，可写 项目@地块，可重复 · site or project@site")]

app = typer.Typer(no_args_is_help=True, help="环境容量：管段、泵站、污水厂 · what the sewers can carry")


@app.command("elements")
def elements_command(
    network: NetworkDir = None, phase: options.Phase = None, top: Top = 20, as_json: options.Json = False
) -> None:
    """列出最紧的管段、泵站和污水厂 · the fullest pipes, stations and plants."""
    from xingu_geo.doors.telling.sewer_words import element_lines, fullest_first
    from xingu_geo.study.run.carrying import loads_of_elements

    cut = network_asked(network, phase)
    table = fullest_first(loads_of_elements(cut))
    shown = table.head(top) if top else table
    if as_json:
        options.print_json(_about(cut) | {"elements": options.rows(shown.rename_axis("element"))})
        return
    _say_all(element_lines(cut, shown, language()), cut)


@app.command("headroom")
def headroom_command(
    nodes: Annotated[list[str] | None, typer.Argument(help="节点编号，缺省为全部 · node ids, all by default")] = None,
    project: options.Project = None,
    network: NetworkDir = None,
    phase: options.Phase = None,
    as_json: options.Json = False,
) -> None:
    """每个节点还能接纳多少，卡在哪里 · how much more each node can take, and what binds."""
    from xingu_geo.doors.telling.sewer_words import headroom_line
    from xingu_geo.ground.planning.projects import brief_of
    from xingu_geo.study.run.carrying import room_at_nodes

    place = options.place_of(network=network or layers_dir())
    cut = place.network(phase or options.PRESENT)
    headroom = room_at_nodes(cut, brief_of(place.tables.types, project or "fab12"))
    for node in nodes or ():
        cut.position(node)
    chosen = nodes or [str(node) for node in headroom.table.index]
    if as_json:
        options.print_json(_about(cut) | {"nodes": options.rows(headroom.table.loc[chosen].rename_axis("node"))})
        return
    _say_all([headroom_line(cut, headroom, node, language()) for node in chosen], cut)


@app.command("curve")
def curve_command(
    element: Annotated[str, typer.Argument(help="管段、泵站或污水厂编号 · a link, station or plant")],
    network: NetworkDir = None,
    as_json: options.Json = False,
) -> None:
    """一个设施在各阶段的占用与余量 · one element's use and headroom in every phase."""
    from xingu_geo.doors.telling.sewer_words import curve_lines
    from xingu_geo.study.run.carrying import curve

    place = options.place_of(network=network or layers_dir())
    drawn, found = place.drawn, curve(place, element)
    if as_json:
        options.print_json(_about(drawn) | {"element": element, "curve": options.rows(found.rename_axis("phase"))})
        return
    _say_all(curve_lines(drawn, place.tables.phases, element, found, language()), drawn)


@app.command("faults")
def faults_command(network: NetworkDir = None, as_json: options.Json = False) -> None:
    """管网体检：每处错误及其处理办法 · what is wrong with a network, and what to do; exit code 1 on errors."""
    from xingu_geo.study.run.simulator import faults_of
    from xingu_geo.study.run.stages import open_tables

    faults = faults_of(network or layers_dir() / "sewers", open_tables(data_dir()))
    errors = sum(fault.severity == "error" for fault in faults)
    if as_json:
        options.print_json([asdict(fault) | {"sentence": fault.sentence(language())} for fault in faults])
    else:
        for fault in faults:
            typer.echo(fault.sentence(language()))
        typer.echo(say("capacity.faults", language(), errors=errors, all=len(faults)))
    if errors:
        raise typer.Exit(1)


@app.command("ticket")
def ticket_command(
    sites: Placed,
    project: options.Project = None,
    capacity: options.CapacityOption = None,
    changes: options.Set = None,
    layers: options.Layers = None,
    my_layers: options.MyLayers = None,
    network: NetworkDir = None,
    phase: options.Phase = None,
    report: Annotated[Path | None, typer.Option("--report", help="一页报告 · one-page report, an .html file")] = None,
    as_json: options.Json = False,
) -> None:
    """冲突单：项目落在地块上，污水接不接得住 · can the sewer carry a project at a site, or several together?"""
    from xingu_geo.doors.paper.conflict_sheet import conflict_report
    from xingu_geo.doors.telling.ticket_words import ticket_document, ticket_lines
    from xingu_geo.ground.base.atomic import write_atomically
    from xingu_geo.study.run.checking import check

    place = options.place_of(layers, my_layers, network)
    placements = placements_of(place, sites, project=project, capacity=capacity, changes=changes)
    checked = check(place, placements, phase=phase or options.PRESENT)
    if report is not None:
        named = place.tables.phases.named(checked.ticket.phase).title.to(language())
        page = conflict_report(checked, language(), phase=named)
        write_atomically(report, lambda file: options.write_text(file, page))
    if as_json:
        options.print_json(ticket_document(checked))
        return
    for line in ticket_lines(checked, language()):
        typer.echo(line)


def placements_of(
    place: Place, named: list[str], *, project: str | None, capacity: float | None, changes: list[str] | None
) -> list[Placement]:
    """What ``--site`` named: each a site (or node) with its own project, else the one of ``--project``."""
    from xingu_geo.study.run.checking import Placement
    from xingu_geo.study.run.spec import brief_asked

    placements = []
    for item in named:
        kind, at, site = item.rpartition("@")
        study = study_of(Asked(project=kind or project, capacity=capacity, changes=changes), place)
        placements.append(Placement(brief_asked(study, place.tables), site if at else item))
    return placements


def network_asked(folder: Path | None, phase: str | None) -> Network:
    """The network of ``folder`` (by default the shipped one), cut to ``phase``."""
    return options.place_of(network=folder or layers_dir()).network(phase or options.PRESENT)


def _about(network: Network) -> dict[str, object]:
    return {"confidence": network.confidence.value, "phase": network.phase}


def _say_all(lines: list[str], network: Network) -> None:
    from xingu_geo.doors.telling.sewer_words import warranty

    for line in lines:
        typer.echo(line)
    note = warranty(network.confidence).to(language())
    if note:
        typer.echo(note)
