"""``rank``, ``explain``, ``compare`` and ``export``: the main job at the command line.

Comes in: options. Goes out: files, sentences, JSON. Must not know: any computation.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.doors.cli import options
from xingu_geo.doors.cli.again import FOLDER, Answer, answered_once
from xingu_geo.doors.cli.asked import Asked, asks_study, place_of, study_of
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import language

if TYPE_CHECKING:
    from xingu_geo.siting.doubt.robustness import Robustness
    from xingu_geo.study.run.result import Result

Out = Annotated[Path, typer.Option("--out", help="输出目录 · folder for ranking.geojson, ranking.csv, manifest.json")]
Doubt = Annotated[bool, typer.Option("--robustness", help="排名稳不稳：抽样权重、需求与位置 · is first place luck?")]
Top = Annotated[int, typer.Option("--top", min=0, help="在屏幕上列出前几名 · how many to list on screen")]


@asks_study
def rank_command(
    asked: Asked, out: Out = Path("out"), is_doubted: Doubt = False, top: Top = 10, as_json: options.Json = False
) -> None:
    """排名：为项目给地块打分排序 · rank the sites for a project; writes GeoJSON, CSV and a manifest."""
    folder = _folder(out)

    def answer() -> Answer:
        return _ranked(asked, is_doubted=is_doubted, top=top, as_json=as_json)

    answered_once("rank", asked, is_doubted, top, as_json, folder=folder, answer=answer)


@asks_study
def explain_command(
    asked: Asked,
    site: Annotated[str, typer.Argument(help="地块或载体编号 · id of a parcel or carrier")],
    report: Annotated[Path | None, typer.Option("--report", help="写出论证单（HTML） · the case on one page")] = None,
    as_json: options.Json = False,
) -> None:
    """说明：一个地块为何入选或出局 · why a site is ranked where it is, or out, and what its sewer path carries."""
    from xingu_geo.doors.telling.explain import explanation_document, explanation_lines

    place = place_of(asked)
    result = options.run_study(place, study_of(asked, place), quiet=as_json)
    if site not in result.sites.table.index:
        raise XinguError("unknown_site", site=site)
    if report is not None:
        _write_case(result, site, report, quiet=as_json)
    if as_json:
        options.print_json(explanation_document(result, site))
    else:
        for line in explanation_lines(result, site, language()):
            typer.echo(line)
        if report is not None:
            typer.echo(say("cli.wrote", language(), file=report))


@asks_study
def compare_command(
    asked: Asked,
    other: Annotated[Path | None, typer.Option("--with", help="另一个研究文件 · the other study")] = None,
    other_preset: Annotated[str | None, typer.Option("--with-preset", help="另一组权重预设 · other weights")] = None,
    other_weights: Annotated[list[str] | None, typer.Option("--with-weight", help="改一个权重 · one weight")] = None,
    other_method: Annotated[str | None, typer.Option("--with-method", help="另一种综合方法 · another method")] = None,
    other_phase: Annotated[str | None, typer.Option("--with-phase", help="另一个阶段 · another phase")] = None,
    top: Top = 10,
    as_json: options.Json = False,
) -> None:
    """比较：两次研究、两组权重或两个阶段，谁动了、为什么 · two runs side by side: what moved, and why."""
    from xingu_geo.doors.telling.doubt_words import comparison_document, comparison_lines
    from xingu_geo.study.run.defending import moved

    place = place_of(asked)
    before = options.run_study(place, study_of(asked, place), quiet=as_json)
    # The other run is the same but for what "--with" names; another study brings its own weights and phase.
    base = replace(asked, study=other, preset=None, phase=None) if other else asked
    typed = {"preset": other_preset, "weights": other_weights, "method": other_method, "phase": other_phase}
    changed = replace(base, **{name: value for name, value in typed.items() if value})  # type: ignore[arg-type]
    after = options.run_study(place, study_of(changed, place), quiet=as_json)
    comparison = moved(before, after)
    if as_json:
        options.print_json(comparison_document(comparison))
        return
    for line in comparison_lines(after, comparison, top, language()):
        typer.echo(line)


@asks_study
def export_command(
    asked: Asked,
    file: Annotated[str, typer.Argument(help="输出文件，扩展名定格式；或 postgresql:// 地址 · file, or a database")],
    table: Annotated[str, typer.Option("--table", help="数据库中的表 · table in the database")] = "ranking",
    sites: Annotated[list[str] | None, typer.Option("--site", help="只导出这些地块 · only these sites")] = None,
) -> None:
    """导出：把排名结果写成其他 GIS 软件能用的格式 · write the ranking for other GIS tools."""
    from xingu_geo.doors.exchange.export import export_result, export_to_database

    place = place_of(asked)
    result = options.run_study(place, study_of(asked, place), quiet=False)
    unknown = [site for site in sites or () if site not in result.sites.table.index]
    if unknown:
        raise XinguError("unknown_site", site=unknown[0])
    if "://" in file:
        rows = export_to_database(result, file, table, sites=sites)
        typer.echo(say("cli.wrote_rows", language(), rows=rows, table=table))
    else:
        export_result(result, Path(file), sites=sites)
        typer.echo(say("cli.wrote", language(), file=file))


def _write_case(result: Result, site: str, file: Path, *, quiet: bool) -> None:
    from xingu_geo.doors.paper.site_sheet import site_report
    from xingu_geo.ground.base.atomic import write_atomically

    doubt = None if result.ranking.table.empty else _doubted(result, quiet=quiet)
    text = site_report(result, site, language(), robustness=doubt)
    write_atomically(file, lambda part: options.write_text(part, text))


def _doubted(result: Result, *, quiet: bool) -> Robustness:
    from xingu_geo.study.run.doubting import doubted

    with options.telling(quiet=quiet) as tell:
        return doubted(result, progress=tell)


def _ranked(asked: Asked, *, is_doubted: bool, top: int, as_json: bool) -> Answer:
    from xingu_geo.doors.exchange.bundle import ranking_texts
    from xingu_geo.doors.telling.doubt_words import robustness_lines
    from xingu_geo.doors.telling.result_words import headline, rank_lines

    place = place_of(asked)
    result = options.run_study(place, study_of(asked, place), quiet=as_json)
    doubt = _doubted(result, quiet=as_json) if is_doubted and not result.ranking.table.empty else None
    files = ranking_texts(result, robustness=doubt)
    if as_json:
        return files, [options.json_text(_summary(result, top) | {"files": list(files)} | _stability(doubt))]
    complaints = [one.sentence(language()) for one in place.catalogue.complaints]
    lines = [*rank_lines(result, top, language()), *complaints, headline(result, language(), folder=FOLDER)]
    return files, [*lines, *(robustness_lines(result, doubt, language()) if doubt else ())]


def _stability(doubt: Robustness | None) -> dict[str, object]:
    from xingu_geo.doors.telling.doubt_words import robustness_document

    return {"robustness": robustness_document(doubt)} if doubt else {}


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
        "incomplete": [complaint.sentence(language()) for complaint in result.measured.context.catalogue.complaints],
        "run": result.manifest["run"],
        "top": [
            {"site": str(site), "rank": int(row["rank"]), "score": float(row["score"])}
            for site, row in ranked.iterrows()
        ],
    }
