"""The papers of a received layer: its passport, and the source it names.

Comes in: plain findings about one layer. Goes out: TOML text. Must not know: where it is saved.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xingu_geo.base.say import LANGS, say
from xingu_geo.base.specs import Label
from xingu_geo.catalogue.passport import Passport
from xingu_geo.intake.fields import RoleSpec, read_fields

_UNITS = re.compile(r"_(m2|m3_d|m3|mm|m|ha|km2|l_s|m_s|kg_d|kn_m2|share|degree)$")


def passport_text(
    layer: Mapping[str, Any],
    about: RoleSpec | None,
    *,
    path: str,
    source: str,
    old: Passport | None,
    today: dt.date,
) -> str:
    """The passport of ``layer`` as TOML: the bringer's file is its source, its own accuracy what is known of it.

    Unless its bringer says otherwise it is ``inferred``, and as accurate as it lies on the trusted layer; if that
    could not be tested, 500 m, the error of a map shift that nobody noticed. The version's first number counts the
    layers that have filled the role in this folder.
    """
    title = about.title if about else Label(zh="地面高程", en="ground elevation")
    version = f"{int(old.version.split('.')[0]) + 1}.0.0" if old else "1.0.0"
    facts = {"source": source, "crs": layer["crs_found"], "datum": layer["datum_found"], "encoding": layer["encoding"]}
    lines = [
        f"id = {_text(layer['role'])}",
        f"role = {_text(layer['role'])}",
        f"title = {_label({'zh': title.zh, 'en': title.en})}",
        f"about = {_label({lang: say('intake.passport.about', lang, source=source) for lang in LANGS})}",
        f"path = {_text(path)}",
        f"geometry = {_text(about.geometry if about else 'raster')}",
        'crs = "EPSG:4549"',
        f"id_field = {_text('id' if about else '')}",
        f"features = {int(layer['features'])}",
        f"topology = [{', '.join(_text(kind) for kind in _topology(layer, about))}]",
        f"licence = {_text(layer['licence'])}",
        f"sources = [{_text(source_key(source))}]",
        f"valid_on = {today.isoformat()}",
        f"accessed_on = {today.isoformat()}",
        f"confidence = {_text(layer['confidence'] or 'inferred')}",
        f"positional_accuracy_m = {float(layer['accuracy_m'])}",
        f"lineage = {_label({lang: say('intake.passport.lineage', lang, **facts) for lang in LANGS})}",
        f"version = {_text(version)}",
        "" if about else "fields = []",
    ]
    return "\n".join([*lines, *(_field_blocks(layer["columns"]) if about else [])])


def source_key(source: str) -> str:
    """The key under which the file stands in ``sources.toml``."""
    plain = re.sub(r"[^a-z0-9]+", "_", source.casefold()).strip("_")
    return f"file_{plain}" if plain else "file_received"


def sources_text(into: Path, *, source: str, digest: str, today: dt.date) -> str:
    """``sources.toml`` of the folder with the file's own entry added or renewed; other entries stay as they are."""
    try:
        before = (into / "sources.toml").read_text(encoding="utf-8")
    except OSError:
        before = ""
    key = source_key(source)
    try:
        known = tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        known, before = {}, ""
    if key in known:
        before = re.sub(rf"(?ms)^\[{re.escape(key)}\]\n.*?(?=^\[|\Z)", "", before)
    block = [
        f"[{key}]",
        f"title = {_label({'zh': source, 'en': source})}",
        f"address = {_text(f'sha256:{digest}')}",
        f"accessed_on = {today.isoformat()}",
        f"note = {_label({lang: say('intake.passport.about', lang, source=source) for lang in LANGS})}",
        "",
    ]
    return before.rstrip("\n") + ("\n\n" if before.strip() else "") + "\n".join(block)


def _topology(layer: Mapping[str, Any], about: RoleSpec | None) -> list[str]:
    kinds: list[str] = [kind for kind in (about.topology if about else ()) if kind != "no_overlaps"]
    return [*kinds, "may_be_unplaced"] if layer["unplaced"] and "may_be_unplaced" not in kinds else kinds


def _field_blocks(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    spec = read_fields()
    blocks: list[str] = []
    for column in [{"name": "id", "known": True, "unit": "text"}, *columns]:
        known = spec.fields.get(column["name"]) if column["known"] else None
        meaning = known.meaning if known else Label(zh=column["name"], en=column["name"])
        found = _UNITS.search(column["name"])
        unit = column["unit"] or (found.group(1) if found else "number")
        blocks += [
            "[[fields]]",
            f"name = {_text(column['name'])}",
            f"meaning = {_label({'zh': meaning.zh, 'en': meaning.en})}",
            f"unit = {_text(unit)}",
            f"required = {'true' if column['name'] == 'id' else 'false'}",
            "",
        ]
    return blocks


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _label(label: Mapping[str, str]) -> str:
    return f"{{ zh = {_text(label['zh'])}, en = {_text(label['en'])} }}"
