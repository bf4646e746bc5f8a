"""Field mapping: columns of a foreign file understood as fields of a role, by listed spellings only.

Comes in: ``data/fields.toml``, the columns of a file, what a person or an earlier import chose. Goes out: a mapping and
the mapped frame. Must not know: any file format.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from pydantic import Field

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.specs import Label, Spec, read_spec
from xingu_geo.ground.catalogue.passport import Geometry, Topology
from xingu_geo.ground.planning.asking import layers_named
from xingu_geo.places.intake.intake_findings import Note

EXTRA: Final = "extra_"
_ROLE: Final = re.compile(r"[a-z][a-z0-9_]*")
_CUT_BYTES: Final = 9  # a Shapefile keeps ten bytes of a name; a header this long may be cut


class FieldSpec(Spec):
    """One field: what it means, its unit, the headers it goes by."""

    meaning: Label
    unit: str = Field(min_length=1)
    aliases: tuple[str, ...]


class RoleSpec(Spec):
    """One role: the geometry it needs, its fields, those whose absence must be said, words that mean this only here."""

    title: Label
    geometry: Geometry
    fields: tuple[str, ...]
    expected: tuple[str, ...]
    topology: tuple[Topology, ...]
    values: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)

    def kept_topology(self, unplaced: int) -> tuple[Topology, ...]:
        """What a received layer promises: overlaps are listed, not refused; some features may have no place."""
        kinds = [kind for kind in self.topology if kind != "no_overlaps"]
        may: list[Topology] = ["may_be_unplaced"] if unplaced else []
        return tuple(dict.fromkeys([*kinds, *may]))


class FieldsSpec(Spec):
    """All of ``data/fields.toml``."""

    fields: dict[str, FieldSpec]
    values: dict[str, dict[str, tuple[str, ...]]]
    units: dict[str, dict[str, float]]
    roles: dict[str, RoleSpec]

    def role(self, name: str) -> RoleSpec:
        """The role called ``name``; ``role_unknown`` lists those there are.

        Any name that begins with ``extra_`` is a layer of no role in the engine: shown, not judged.
        """
        if name.startswith(EXTRA) and _ROLE.fullmatch(name):
            return self.roles["extra"]
        if name not in self.roles:
            raise XinguError("role_unknown", role=name, known=", ".join(sorted(self.roles)))
        return self.roles[name]

    def spoken(self, field: str, lang: Lang) -> str:
        """What ``field`` means; a column of no known meaning goes by its name."""
        return self.fields[field].meaning.to(lang) if field in self.fields else field

    def roles_of(self, geometry: Geometry) -> list[str]:
        """The roles that need this geometry, in the order of the file."""
        return [name for name, about in self.roles.items() if about.geometry == geometry]


@dataclass(frozen=True, slots=True)
class Mapped:
    """The mapped frame, which field came from which column, how that is known, and notes."""

    frame: gpd.GeoDataFrame
    mapping: Mapping[str, str]
    notes: tuple[Note, ...]


def read_fields(folder: Path) -> FieldsSpec:
    """``fields.toml`` of ``folder``, validated.

    A role that only a rule or a criterion of the folder names is a role too: whatever comes, under its own names.
    """
    spec = read_spec(FieldsSpec, folder / "fields.toml")
    asked = layers_named(folder / "rules.toml", folder / "criteria.toml")
    extra = spec.roles["extra"]
    own = [name for name in asked if name not in spec.roles and _ROLE.fullmatch(name)]
    named = {name: extra.model_copy(update={"title": Label(zh=name, en=name)}) for name in own}
    return spec.model_copy(update={"roles": {**spec.roles, **named}})


def plain_header(text: str) -> str:
    """A header as it is compared: without case, width, spaces, underscores and bracketed units."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-:/]|[(\[【][^)\]】]*[)\]】]", "", plain)


def guess_mapping(columns: Sequence[str], role: RoleSpec, spec: FieldsSpec) -> dict[str, str]:
    """Field → column for each field of ``role`` that a column names; each column serves one field.

    Aliases are tried in the order listed, exact spellings of all fields before headers cut short.
    """
    plain = {column: plain_header(column) for column in columns}
    mapping: dict[str, str] = {}
    for field in role.fields:
        for alias in spec.fields[field].aliases:
            wanted = plain_header(alias)
            free = [column for column in columns if plain[column] == wanted and column not in mapping.values()]
            if free:
                mapping[field] = free[0]
                break
    for field, column in _cut_headers(columns, plain, role, spec).items():
        if field not in mapping and column not in mapping.values():
            mapping[field] = column
    return mapping


def checked_mapping(chosen: Mapping[str, str], columns: Sequence[str], role: RoleSpec, *, name: str) -> dict[str, str]:
    """What a person chose, if the fields and the columns exist; an empty column takes a field out of the mapping."""
    for field, column in chosen.items():
        if field in {"x", "y", "wkt"}:
            continue
        if field not in role.fields:
            raise XinguError("role_field_unknown", field=field, known=", ".join(role.fields))
        if column and column not in columns:
            raise XinguError("column_not_there", name=name, column=column, known=", ".join(columns)[:80])
    return {field: column for field, column in chosen.items() if field in role.fields}


def mapped(
    frame: gpd.GeoDataFrame, mapping: Mapping[str, str], role: RoleSpec, spec: FieldsSpec, *, name: str
) -> Mapped:
    """``frame`` with the fields of ``role`` under their own names, in their own units, then every other column.

    Words are translated by ``[values]``; a word not listed becomes missing and is counted, its column is kept as
    it came. Numbers are freed of units; what is no number becomes missing and is counted. Nothing is filled in.
    """
    notes: list[Note] = []
    out: dict[str, pd.Series] = {}
    kept_columns: list[str] = []
    for field in role.fields:
        if field not in mapping:
            continue
        column = mapping[field]
        words = role.values.get(field, spec.values.get(field, {}))
        values, said, is_changed = _converted(frame[column], field, column, spec, name, words=words)
        out[field] = values
        notes += said
        if is_changed:
            kept_columns.append(column)
    absent = [field for field in role.expected if field not in mapping and field != "id"]
    notes += [
        Note("field_absent", {"name": name, "field": field, "meaning": _meaning(spec, field)}) for field in absent
    ]
    rest = [c for c in frame.columns if c != "geometry" and (c not in mapping.values() or c in kept_columns)]
    for column in rest:
        out[_free_name(column, out)] = frame[column]
    table = pd.DataFrame(out, index=frame.index)
    return Mapped(gpd.GeoDataFrame(table, geometry=frame.geometry, crs=frame.crs), dict(mapping), tuple(notes))


def with_ids(frame: gpd.GeoDataFrame, *, name: str) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """``frame`` with a text column ``id``, unique: missing ones by row number, doubled ones with ``-2``, ``-3``."""
    notes: list[Note] = []
    if "id" not in frame.columns:
        notes.append(Note("ids_made", {"name": name, "count": len(frame)}))
        given: list[str] = [""] * len(frame)
    else:
        given = [_id_text(value) for value in frame["id"]]
        missing = sum(1 for text in given if not text)
        if missing:
            notes.append(Note("ids_made", {"name": name, "count": missing}))
    doubled = sorted(text for text, count in Counter(given).items() if text and count > 1)
    if doubled:
        notes.append(Note("ids_doubled", {"name": name, "count": len(doubled), "ids": ", ".join(doubled[:20])}))
    table = frame.drop(columns=["id"], errors="ignore")
    table.insert(0, "id", _unique(given))
    return table, notes


def _unique(given: Iterable[str]) -> list[str]:
    taken = {text for text in given if text}
    seen: set[str] = set()
    ids: list[str] = []
    for row, text in enumerate(given, start=1):
        base = text or f"row-{row}"
        unique, again = base, 2
        while unique in seen or (unique != text and unique in taken):
            unique, again = f"{base}-{again}", again + 1
        seen.add(unique)
        ids.append(unique)
    return ids


def _id_text(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _cut_headers(columns: Sequence[str], plain: Mapping[str, str], role: RoleSpec, spec: FieldsSpec) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        if len(plain[column].encode()) < _CUT_BYTES and len(plain[column].encode("gb18030")) < _CUT_BYTES:
            continue
        fields = {
            field
            for field in role.fields
            for alias in spec.fields[field].aliases
            if plain_header(alias).startswith(plain[column]) and plain_header(alias) != plain[column]
        }
        if len(fields) == 1:
            found.setdefault(fields.pop(), column)
    return found


def _converted(
    values: pd.Series, field: str, column: str, spec: FieldsSpec, name: str, *, words: Mapping[str, Sequence[str]]
) -> tuple[pd.Series, list[Note], bool]:
    unit = spec.fields[field].unit
    if unit != "text":
        return _numbers(values, field, column, spec, name)
    text = [_id_text(value) or None for value in values]
    if not words:
        return _objects(text, values), [], False
    codes = {plain_header(word): code for code, listed in words.items() for word in (*listed, code)}
    known = [None if word is None else _worded(word, codes) for word in text]
    strange = [word for word, code in zip(text, known, strict=True) if word is not None and code is None]
    notes = []
    if strange:
        shown = ", ".join(sorted(set(strange))[:8])
        facts = {"name": name, "field": field, "column": column, "count": len(strange), "words": shown}
        notes.append(Note("words_unknown", facts))
    return _objects(known, values), notes, known != text


def _objects(words: Sequence[str | None], like: pd.Series) -> pd.Series:
    """A column of words, missing ones ``None``, whatever dtype pandas would infer."""
    return pd.Series(list(words), index=like.index, dtype=object)


def _worded(word: str, words: Mapping[str, str]) -> str | None:
    """The product's word for ``word``; where words are codes of digits, one speaks for itself, also before its name."""
    plain = plain_header(word)
    if plain in words:
        return words[plain]
    code = re.match(r"(\d{2}(?:\d{2}){0,2})(?!\d)", plain)
    return code.group(1) if code and any(known.isdigit() for known in words.values()) else None


def _numbers(
    values: pd.Series, field: str, column: str, spec: FieldsSpec, name: str
) -> tuple[pd.Series, list[Note], bool]:
    units = spec.units.get(spec.fields[field].unit, {})
    header_unit, factor = _unit_in(column, units)
    told = [_id_text(value).replace(",", "") for value in values]
    read = [_number(text) for text in told]
    lost = sum(1 for text, number in zip(told, read, strict=True) if text and math.isnan(number))
    numbers = pd.Series(read, index=values.index, dtype="float64")
    notes = [Note("numbers_unread", {"name": name, "field": field, "column": column, "count": lost})] if lost else []
    if factor != 1.0:
        notes.append(
            Note(
                "unit_converted",
                {"name": name, "field": field, "unit": header_unit, "factor": f"{factor:g}"},
                is_calm=True,
            )
        )
    return numbers * factor, notes, bool(lost) or factor != 1.0


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _unit_in(header: str, units: Mapping[str, float]) -> tuple[str, float]:
    plain = unicodedata.normalize("NFKC", header).casefold()
    bracketed = re.findall(r"[(\[【]\s*([^)\]】]*?)\s*[)\]】]", plain)
    ends = [part for part in re.split(r"[_\s]", plain)[1:] if part]
    for unit, factor in units.items():
        key = unicodedata.normalize("NFKC", unit).casefold()
        if key in bracketed or key in ends:
            return unit, factor
    return "", 1.0


def _meaning(spec: FieldsSpec, field: str) -> object:
    return spec.fields[field].meaning.spoken


def _free_name(column: str, taken: Mapping[str, object]) -> str:
    unique, again = column, 2
    while unique.casefold() in {name.casefold() for name in (*taken, "id", "geometry", "fid")}:
        unique, again = f"{column}_{again}", again + 1
    return unique
