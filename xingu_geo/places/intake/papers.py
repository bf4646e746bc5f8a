"""The papers of a received layer: its passport, and the source it names.

Comes in: plain findings about one layer. Goes out: TOML text. Must not know: where it is saved.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from xingu_geo.ground.base.say import LANGS, say
from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.sources import source_key, toml_label, toml_text
from xingu_geo.places.intake.fields import RoleSpec, read_fields

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
        f"id = {toml_text(layer['role'])}",
        f"role = {toml_text(layer['role'])}",
        f"title = {toml_label({'zh': title.zh, 'en': title.en})}",
        f"about = {toml_label({lang: say('intake.passport.about', lang, source=source) for lang in LANGS})}",
        f"path = {toml_text(path)}",
        f"geometry = {toml_text(about.geometry if about else 'raster')}",
        'crs = "EPSG:4549"',
        f"id_field = {toml_text('id' if about else '')}",
        f"features = {int(layer['features'])}",
        f"topology = [{', '.join(toml_text(kind) for kind in _topology(layer, about))}]",
        f"licence = {toml_text(layer['licence'])}",
        f"sources = [{toml_text(source_key(source))}]",
        f"valid_on = {today.isoformat()}",
        f"accessed_on = {today.isoformat()}",
        f"confidence = {toml_text(layer['confidence'] or 'inferred')}",
        f"positional_accuracy_m = {float(layer['accuracy_m'])}",
        f"lineage = {toml_label({lang: say('intake.passport.lineage', lang, **facts) for lang in LANGS})}",
        f"version = {toml_text(version)}",
        "" if about else "fields = []",
    ]
    return "\n".join([*lines, *(_field_blocks(layer["columns"]) if about else [])])


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
            f"name = {toml_text(column['name'])}",
            f"meaning = {toml_label({'zh': meaning.zh, 'en': meaning.en})}",
            f"unit = {toml_text(unit)}",
            f"required = {'true' if column['name'] == 'id' else 'false'}",
            "",
        ]
    return blocks
