"""``rank``, ``explain`` and ``export``: the main job at the command line.

Comes in: options. Goes out: files, sentences, JSON. Must not know: any computation.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.base.errors import XinguError
from xingu_geo.base.say import say
from xingu_geo.base.settings import language
from xingu_geo.cli import options

if TYPE_CHECKING:
    from xingu_geo.study.result import Result

Out = Annotated[Path, typer.Option("--out", help="输出目录 · folder for ranking.geojson, ranking.csv, manifest.json")]
Top = Annotated[int, typer.Option("--top", min=0, help="在屏幕上列出前几名 · how many to list on screen")]


def rank_command(
    out: Out = Path("out"),
    project: options.Project = None,
    layers: options.Layers = None,
    study: options.StudyFile = None,
    capacity: options.CapacityOption = None,
    case: options.Case = None,
    changes: options.Set = None,
    weights: options.Weight = None,
    top: Top = 10,
    as_json: options.Json = False,
) -> None:
    """排名：为项目给地块打分排序 · rank the sites for a project; writes GeoJSON, CSV and a manifest."""
    from xingu_geo.outputs.bundle import write_ranking

    chosen = options.study_of(study, project=project, capacity=capacity, case=case, changes=changes, weights=weights)
    folder = _folder(out)
    result = options.run_study(chosen, options.catalogue_of(layers), quiet=as_json)
    files = write_ranking(result, folder)
    if as_json:
        options.print_json(_summary(result, top) | {"files": [file.name for file in files]})
    else:
        _say_ranking(result, top, folder)


def explain_command(
    site: Annotated[str, typer.Argument(help="地块或载体编号 · id of a parcel or carrier")],
    project: options.Project = None,
    layers: options.Layers = None,
    study: options.StudyFile = None,
    capacity: options.CapacityOption = None,
    case: options.Case = None,
    changes: options.Set = None,
    weights: options.Weight = None,
    as_json: options.Json = False,
) -> None:
    """说明：一个地块为何入选或出局 · why a site is ranked where it is, or out, and what its sewer path carries."""
    from xingu_geo.outputs.explain import explanation_document, explanation_lines

    chosen = options.study_of(study, project=project, capacity=capacity, case=case, changes=changes, weights=weights)
    result = options.run_study(chosen, options.catalogue_of(layers), quiet=as_json)
    if site not in result.sites.table.index:
        raise XinguError("unknown_site", site=site)
    if as_json:
        options.print_json(explanation_document(result, site))
    else:
        for line in explanation_lines(result, site, language()):
            typer.echo(line)


def export_command(
    file: Annotated[Path, typer.Argument(help="输出文件,格式看扩展名 · output file, its ending says the format")],
    project: options.Project = None,
    layers: options.Layers = None,
    study: options.StudyFile = None,
    capacity: options.CapacityOption = None,
    case: options.Case = None,
    changes: options.Set = None,
    weights: options.Weight = None,
) -> None:
    """导出：把排名结果写成其他 GIS 软件能用的格式 · write the ranking for other GIS tools."""
    from xingu_geo.outputs.export import export_result

    chosen = options.study_of(study, project=project, capacity=capacity, case=case, changes=changes, weights=weights)
    result = options.run_study(chosen, options.catalogue_of(layers), quiet=False)
    export_result(result, file)
    typer.echo(say("cli.wrote", language(), file=file))


def _folder(out: Path) -> Path:
    if out.exists() and not out.is_dir():
        raise XinguError("out_not_folder", folder=out)
    return out


def _summary(result: Result, top: int) -> dict[str, object]:
    ranked = result.ranking.table.head(top)
    return {
        "project": result.brief.project,
        "sites": len(result.sites.table),
        "eligible": int(result.eligibility.eligible.sum()),
        "confidence": result.measured.confidence.value,
        "run": result.manifest["run"],
        "top": [
            {"site": str(site), "rank": int(row["rank"]), "score": float(row["score"])}
            for site, row in ranked.iterrows()
        ],
    }


def _say_ranking(result: Result, top: int, folder: Path) -> None:
    from xingu_geo.outputs.sentences import headline, rank_lines

    for line in rank_lines(result, top, language()):
        typer.echo(line)
    typer.echo(headline(result, language(), folder=folder))
