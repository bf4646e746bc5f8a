"""Writing what was drawn: GeoJSON per RFC 7946, CSV tables, passports; the same input gives the same bytes.

Comes in: features in EPSG:4549 and passport facts. Goes out: files in ``layers/<group>/``.
Must not know: what the layers mean.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from layers.draw.ground import degrees

Value = str | float | int | None
Both = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Feature:
    """One drawn thing: its id, its place in EPSG:4549 (None if unknown), its columns."""

    id: str
    shape: BaseGeometry | None
    columns: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Field:
    """A column as the passport describes it; ``unit`` is ``text`` or a unit."""

    name: str
    unit: str
    zh: str
    en: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """The facts of a passport that a person must state."""

    group: str
    role: str
    title: Both
    about: Both
    geometry: str
    fields: tuple[Field, ...]
    sources: tuple[str, ...]
    confidence: str
    accuracy_m: float
    lineage: Both
    topology: tuple[str, ...] = ()
    suffix: str = ".geojson"
    version: str = "0.1.0"
    more: Mapping[str, str] = field(default_factory=dict)


CHINESE = ("address", "basis", "section")  # columns in Chinese whose names do not say so
LICENCE = "MIT"
VALID_ON = "2026-11-23"


def write_layer(out: Path, paper: Paper, features: Sequence[Feature]) -> None:
    """Write the vector layer and its passport; features sorted by id, rings counter-clockwise, 7 decimals."""
    names = [column.name for column in paper.fields]
    rows = sorted(features, key=lambda one: one.id)
    text = ",\n".join(json.dumps(_geojson(one, names), ensure_ascii=False, separators=(",", ":")) for one in rows)
    folder = out / paper.group
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / f"{paper.role}.geojson", '{"type":"FeatureCollection","features":[\n' + text + "\n]}\n")
    write_passport(out, paper, count=len(rows))


def write_table(out: Path, paper: Paper, rows: Sequence[Mapping[str, Value]]) -> None:
    """Write a table as CSV with its passport; rows sorted by id."""
    buffer = io.StringIO()
    names = [column.name for column in paper.fields]
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    spoken = [{name: _spoken(name, value) for name, value in row.items()} for row in rows]
    writer.writerows(sorted(spoken, key=lambda row: str(row["id"])))
    folder = out / paper.group
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / f"{paper.role}.csv", buffer.getvalue())
    write_passport(out, paper, count=len(rows))


def write_passport(out: Path, paper: Paper, *, count: int) -> None:
    """Write ``<role>.toml`` beside the layer."""
    crs = {".csv": "none", ".tif": "EPSG:4549"}.get(paper.suffix, "EPSG:4326")
    lines = [
        f"id = {_text(paper.role)}",
        f"role = {_text(paper.role)}",
        f"title = {_label(paper.title)}",
        f"about = {_label(paper.about)}",
        f"path = {_text(paper.role + paper.suffix)}",
        f"geometry = {_text(paper.geometry)}",
        f"crs = {_text(crs)}",
        'id_field = "id"',
        f"features = {count}",
        f"topology = [{', '.join(_text(rule) for rule in paper.topology)}]",
        f"licence = {_text(LICENCE)}",
        f"sources = [{', '.join(_text(key) for key in paper.sources)}]",
        f"valid_on = {VALID_ON}",
        f"accessed_on = {VALID_ON}",
        f"confidence = {_text(paper.confidence)}",
        f"positional_accuracy_m = {float(paper.accuracy_m)}",
        f"lineage = {_label(paper.lineage)}",
        f"version = {_text(paper.version)}",
    ]
    if not paper.fields:
        lines.insert(8, "fields = []")
    for column in paper.fields:
        lines += [
            "",
            "[[fields]]",
            f"name = {_text(column.name)}",
            f"meaning = {_label((column.zh, column.en))}",
            f"unit = {_text(column.unit)}",
            f"required = {str(column.required).lower()}",
        ]
    folder = out / paper.group
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / f"{paper.role}.toml", "\n".join(lines) + "\n")


def _geojson(one: Feature, names: Sequence[str]) -> dict[str, object]:
    properties = {name: one.id if name == "id" else _spoken(name, one.columns.get(name)) for name in names}
    extra = set(one.columns) - set(names)
    if extra:
        raise ValueError(f"{one.id}: columns without a passport entry: {sorted(extra)}")
    geometry = None if one.shape is None else _geometry(one.shape)
    return {"type": "Feature", "id": one.id, "geometry": geometry, "properties": properties}


def _spoken(name: str, value: Value) -> Value:
    if isinstance(value, str) and (name.endswith("_zh") or name in CHINESE):
        return chinese(value)
    return _plain(value)


def _geometry(shape: BaseGeometry) -> dict[str, object]:
    turned = degrees(shape)
    if isinstance(turned, MultiPolygon):
        turned = MultiPolygon([orient(part) for part in turned.geoms])
    elif isinstance(turned, Polygon):
        turned = orient(turned)
    return dict(mapping(turned))


def _plain(value: Value) -> Value:
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() else round(value, 4)
    return value


_WIDE = {",": "，", ";": "；", ":": "："}
_CJK = "\u3000-\u9fff\uff00-\uffef"


def chinese(text: str) -> str:
    """``text`` with the punctuation of Chinese print: full-width beside Chinese characters, as typed elsewhere."""
    wide = re.sub(rf"(?<=[{_CJK}])[,;:]|[,;:](?=[{_CJK}])", lambda mark: _WIDE[mark.group()], text)
    return re.sub(
        rf"\(([^()]*[{_CJK}][^()]*)\)|(?<=[{_CJK}])\(([^()]*)\)", lambda m: f"（{m.group(1) or m.group(2)}）", wide
    )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _label(both: Both) -> str:
    return f"{{ zh = {_text(chinese(both[0]))}, en = {_text(both[1])} }}"


def _save(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
