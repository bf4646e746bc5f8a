"""``intake``: bring a foreign file in as a layer, with a doctor's report.

Comes in: a file and what its bringer says. Goes out: the report on stdout; a refusal is one sentence on stderr, exit 2.
Must not know: how a file is examined.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xingu_geo.doors.cli.options import intake_options
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import language, layers_dir

if TYPE_CHECKING:
    from xingu_geo.places.intake.raw import Options


def intake_command(
    file: Annotated[Path, typer.Argument(help="要导入的文件 · the file to bring in")],
    role: Annotated[
        str,
        typer.Option(
            "--role",
            help="充当的角色：规则、指标或 data/fields.toml 所列；sewers 为整套管网 · the role it fills: "
            "any that a rule, a criterion or data/fields.toml names; sewers: the whole set",
        ),
    ] = "auto",
    into: Annotated[Path, typer.Option("--into", help="研究的图层目录 · the study's layers folder")] = Path(
        "my_layers"
    ),
    crs: Annotated[str | None, typer.Option("--crs", help="坐标系 · its CRS, as EPSG:4490")] = None,
    datum: Annotated[str | None, typer.Option("--datum", help="wgs84 | gcj02 (高德 Amap) | bd09 (百度 Baidu)")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="文字编码 · UTF-8, GB18030, Big5")] = None,
    layer: Annotated[str | None, typer.Option("--layer", help="文件中的图层 · which layer or sheet")] = None,
    swap_axes: Annotated[bool, typer.Option("--swap-axes", help="交换 X、Y · exchange x and y")] = False,
    seven: Annotated[str | None, typer.Option("--seven", help="七参数 · dx,dy,dz [m],rx,ry,rz [s],scale [ppm]")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="字段=列名 · field=column, also x= y= wkt=")
    ] = None,
    trusted: Annotated[
        Path | None, typer.Option("--trusted", help="对照偏移的可信图层目录 · layers to test shifts against")
    ] = None,
    accuracy_m: Annotated[float | None, typer.Option("--accuracy-m", min=0, help="位置精度(米) · in metres")] = None,
    confidence: Annotated[
        str | None, typer.Option("--confidence", help="surveyed | official_map | digitised | inferred | illustrative")
    ] = None,
    features_max: Annotated[int | None, typer.Option("--features-max", min=1, help="要素上限 · feature limit")] = None,
    look_only: Annotated[bool, typer.Option("--look", help="只预览,不写入 · only look, write nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print one JSON document")] = False,
) -> None:
    """导入：把外来文件变成图层，并给出诊断报告 · bring a foreign file in as a layer, with a report."""
    from xingu_geo.places.intake.receive import intake, look

    options = _options(
        crs=crs,
        datum=datum,
        encoding=encoding,
        layer=layer,
        swap_axes=swap_axes,
        seven=seven,
        column=column,
        trusted=trusted,
        accuracy_m=accuracy_m,
        confidence=confidence,
        features_max=features_max,
    )
    if look_only:
        report = look(file, role=role, into=into, options=options)
    else:
        report = intake(file, role=role, into=into, options=options)
    if as_json:
        typer.echo(json.dumps(report.plain(language()), ensure_ascii=False, indent=1))
    else:
        typer.echo(report.text(language()))


def _options(
    *,
    crs: str | None,
    datum: str | None,
    encoding: str | None,
    layer: str | None,
    swap_axes: bool,
    seven: str | None,
    column: list[str] | None,
    trusted: Path | None,
    accuracy_m: float | None,
    confidence: str | None,
    features_max: int | None,
) -> Options:
    from xingu_geo.ground.base.confidence import Confidence
    from xingu_geo.ground.geo.datum import DATUMS, SevenParameters

    if datum is not None and datum not in DATUMS:
        raise XinguError("option_unknown", option="--datum", found=datum, known=", ".join(DATUMS))
    if confidence is not None and confidence not in list(Confidence):
        raise XinguError("option_unknown", option="--confidence", found=confidence, known=", ".join(Confidence))
    trusted_folder = trusted or layers_dir()
    return replace(
        intake_options(),
        crs=crs,
        datum=next((known for known in DATUMS if known == datum), None),
        encoding=encoding,
        layer=layer,
        swap_axes=swap_axes,
        seven=None if seven is None else SevenParameters(*_seven(seven)),
        columns=dict(_pair(text) for text in column or []),
        trusted=str(trusted_folder.resolve()) if trusted_folder.is_dir() else None,
        features_max=features_max,
        accuracy_m=accuracy_m,
        confidence=None if confidence is None else Confidence(confidence),
    )


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign:
        raise XinguError("option_unknown", option="--column", found=text, known="field=column")
    return field.strip(), column.strip()


def _seven(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.replace("，", ",").split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {3, 7}:
        raise XinguError("option_unknown", option="--seven", found=text, known="dx,dy,dz[,rx,ry,rz,scale]")
    return numbers
