"""``capacity upgrade``, ``export-swmm`` and ``import-swmm``: what would have to be built, and the way to the simulator.

Comes in: options. Goes out: sentences, JSON, files. Must not know: any computation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from xingu_geo.doors.cli import options
from xingu_geo.doors.cli.capacity import NetworkDir, Placed, network_asked, placements_of
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import data_dir, language

Flows = Annotated[Literal["mean", "peak"], typer.Option("--flows", help="日均或设计峰值 · mean day or design peak")]


def upgrade_command(
    sites: Placed,
    project: options.Project = None,
    capacity: options.CapacityOption = None,
    changes: options.Set = None,
    layers: options.Layers = None,
    my_layers: options.MyLayers = None,
    network: NetworkDir = None,
    phase: options.Phase = None,
    as_json: options.Json = False,
) -> None:
    """最省的扩建：让这些项目都接得住 · the cheapest works that make all of it fit, proven cheapest."""
    from xingu_geo.doors.telling.works_words import upgrade_document, upgrade_lines
    from xingu_geo.study.run.checking import works_for

    place = options.place_of(layers, my_layers, network)
    cut = place.network(phase or options.PRESENT)
    plan = works_for(place, placements_of(place, sites, project=project, capacity=capacity, changes=changes), cut)
    if as_json:
        options.print_json(upgrade_document(plan))
        return
    for line in upgrade_lines(cut, plan, language()):
        typer.echo(line)


def backwater_command(
    network: NetworkDir = None, phase: options.Phase = None, flows: Flows = "peak", as_json: options.Json = False
) -> None:
    """壅水：从排口往上推水面线，哪些管被下游顶托 · the water surface: which pipes drown from below."""
    from xingu_geo.doors.telling.sewer_words import backwater_lines, warranty
    from xingu_geo.study.run.carrying import water_surface

    cut = network_asked(network, phase)
    surface = water_surface(cut, flows=flows)
    if as_json:
        told = {"confidence": cut.confidence.value, "phase": cut.phase, "flows": flows}
        options.print_json(told | {"links": options.rows(surface.links.rename_axis("link"))})
        return
    for line in backwater_lines(cut, surface, language()):
        typer.echo(line)
    typer.echo(warranty(cut.confidence).to(language()))


def check_swmm_command(
    network: NetworkDir = None, phase: options.Phase = None, flows: Flows = "peak", as_json: options.Json = False
) -> None:
    """用 EPA SWMM 复核：逐段对比流量与充满度 · a second opinion by EPA SWMM, link by link."""
    from xingu_geo.ground.base.figures import number
    from xingu_geo.sewers.swmm.layout import ExportOptions
    from xingu_geo.study.run.simulator import second_opinion

    check = second_opinion(network_asked(network, phase), options=ExportOptions(flows=flows))
    facts = {"links": len(check.links), "flow": check.flow_difference_share, "close": check.close_share}
    if as_json:
        options.print_json(facts | {"drift": check.drift, "table": options.rows(check.links.rename_axis("link"))})
    else:
        flow, close = number(facts["flow"], "share", "ten_thousandths"), number(facts["close"], "share")
        typer.echo(say("cli.checked_swmm", language(), links=facts["links"], flow=flow, close=close))


def export_swmm_command(
    file: Annotated[Path, typer.Argument(help="输出的 .inp 文件 · the .inp file to write")],
    network: NetworkDir = None,
    phase: options.Phase = None,
    flows: Flows = "mean",
    as_json: options.Json = False,
) -> None:
    """导出管网到 EPA SWMM · write the network with its loads for EPA SWMM."""
    from xingu_geo.sewers.swmm.layout import ExportOptions
    from xingu_geo.study.run.simulator import write_inp

    cut = network_asked(network, phase)
    write_inp(cut, file, options=ExportOptions(flows=flows))
    if as_json:
        told = {"file": str(file), "nodes": len(cut.nodes), "links": len(cut.links), "phase": cut.phase, "flows": flows}
        options.print_json(told)
    else:
        typer.echo(say("cli.wrote", language(), file=file))


def import_swmm_command(
    file: Annotated[Path, typer.Argument(help="SWMM 的 .inp 文件 · an .inp file of SWMM")],
    out: Annotated[Path, typer.Option("--out", help="写入图层的目录 · folder for the layers")],
    crs: Annotated[str, typer.Option("--crs", help="坐标系 EPSG:…，或 none · CRS of its coordinates, or none")] = "",
    is_calibrated: Annotated[
        bool, typer.Option("--calibrate", help="流向不明处用 SWMM 率定 · let one SWMM run settle where water goes")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """把 SWMM 管网导入为图层 · bring a SWMM network in as layers."""
    from xingu_geo.ground.base.figures import Figure, number
    from xingu_geo.sewers.swmm.import_inp import ImportOptions
    from xingu_geo.study.run.simulator import read_inp_into
    from xingu_geo.study.run.stages import open_tables

    if out.exists() and not out.is_dir():
        raise XinguError("out_not_folder", folder=out)
    said = ImportOptions(crs=crs, calibrate="if_needed" if is_calibrated else "never")
    report = read_inp_into(file, out, open_tables(data_dir()), options=said)
    if as_json:
        options.print_json(report.plain(language()))
        return
    for finding in report.findings:
        typer.echo(finding.sentence(language()))
    facts = {"nodes": report.nodes, "links": report.links, "mean": Figure(report.mean_m3_d, "m3_d"), "folder": out}
    typer.echo(say("cli.imported_swmm", language(), **facts))
    if report.is_calibrated:
        typer.echo(say("cli.calibrated", language(), difference=number(report.difference_share, "share", "hundredths")))
    elif report.needs_calibration:
        typer.echo(say("cli.calibration_needed", language()))
