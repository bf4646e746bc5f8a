"""``capacity``: the sewers at the command line, on the shipped network or any other.

Comes in: options. Goes out: sentences or JSON. Must not know: any computation.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.base.errors import XinguError
from xingu_geo.base.settings import data_dir, language
from xingu_geo.cli import options

if TYPE_CHECKING:
    from xingu_geo.sewers.network import Network

NetworkDir = Annotated[Path | None, typer.Option("--network", help="管网目录 · folder with the sewer layers")]
Top = Annotated[int, typer.Option("--top", min=0, help="列出几项,0 为全部 · how many to list, 0 for all")]

app = typer.Typer(no_args_is_help=True, help="环境容量:管段、泵站、污水厂 · what the sewers can carry")


@app.command("elements")
def elements_command(network: NetworkDir = None, top: Top = 20, as_json: options.Json = False) -> None:
    """列出最紧的管段、泵站和污水厂 · the fullest pipes, stations and plants."""
    from xingu_geo.outputs.capacity import element_lines, fullest_first
    from xingu_geo.sewers.utilisation import utilisation_of

    drawn = _network(network)
    table = fullest_first(utilisation_of(drawn))
    shown = table.head(top) if top else table
    if as_json:
        options.print_json({"confidence": drawn.confidence.value, "elements": options.rows(shown)})
        return
    for line in element_lines(drawn, shown, language()):
        typer.echo(line)
    _say_warranty(drawn)


@app.command("headroom")
def headroom_command(
    nodes: Annotated[list[str] | None, typer.Argument(help="节点编号,缺省为全部 · node ids, all by default")] = None,
    project: options.Project = None,
    network: NetworkDir = None,
    as_json: options.Json = False,
) -> None:
    """每个节点还能接纳多少,卡在哪里 · how much more each node can take, and what binds."""
    from xingu_geo.outputs.capacity import headroom_line
    from xingu_geo.planning.projects import brief_of
    from xingu_geo.sewers.headroom import effluent_of, headroom_of

    drawn = _network(network)
    effluent = effluent_of(brief_of(options.tables().types, project or "fab12"), drawn.norms)
    headroom = headroom_of(drawn, effluent)
    for node in nodes or ():
        drawn.position(node)
    chosen = nodes or [str(node) for node in headroom.table.index]
    if as_json:
        options.print_json({"confidence": drawn.confidence.value, "nodes": options.rows(headroom.table.loc[chosen])})
        return
    for node in chosen:
        typer.echo(headroom_line(drawn, headroom, node, language()))
    _say_warranty(drawn)


@app.command("ticket")
def ticket_command(
    sites: Annotated[list[str], typer.Option("--site", help="地块编号，或 项目@地块；可重复 · site, or project@site")],
    project: options.Project = None,
    capacity: options.CapacityOption = None,
    changes: options.Set = None,
    layers: options.Layers = None,
    as_json: options.Json = False,
) -> None:
    """冲突单：项目落在地块上，污水接不接得住 · can the sewer carry a project at a site, or several together?"""
    from xingu_geo.outputs.ticket import ticket_document, ticket_lines
    from xingu_geo.portfolio.costs import read_upgrade_costs
    from xingu_geo.study.tickets import Placement, check_placements

    placements = []
    for named in sites:
        kind, at, site = named.rpartition("@")
        study = options.study_of(None, project=kind or project, capacity=capacity, changes=changes)
        placements.append(Placement(study, site if at else named))
    costs = read_upgrade_costs(data_dir() / "upgrade_costs.toml")
    checked = check_placements(placements, options.catalogue_of(layers), options.tables(), costs)
    if as_json:
        options.print_json(ticket_document(checked))
        return
    for line in ticket_lines(checked, language()):
        typer.echo(line)


def _network(folder: Path | None) -> Network:
    from xingu_geo.sewers.network import network_of

    catalogue = options.catalogue_of(folder)
    if "sewer_nodes" not in catalogue:
        raise XinguError("no_network", folder=catalogue.folder)
    return network_of(catalogue)


def _say_warranty(network: Network) -> None:
    from xingu_geo.outputs.capacity import warranty

    note = warranty(network.confidence).to(language())
    if note:
        typer.echo(note)
