"""The sources that passports, rules and criteria name, each with its title, its address and the day it was read.

Comes in: ``sources.toml`` of one or several folders. Goes out: :class:`Source` by key. Must not know: who names them.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import Field

from xingu_geo.ground.base.say import LANGS, say
from xingu_geo.ground.base.specs import Label, Spec, read_toml, validated
from xingu_geo.ground.catalogue.toml_text import toml_lines

_LINK: Final = re.compile(r"https?://[^\s;；，。（）()<>\"'`]+")
# A path of the project's own files, and a fingerprint of a file that was brought in.
_OWN: Final = re.compile(r"^(docs|data|layers)\b|\.(toml|py|md)\b|^sha256:")


class Source(Spec):
    """One source. ``address`` is a public address (or several), or a full citation."""

    title: Label
    address: str = Field(min_length=1)
    accessed_on: dt.date
    note: Label

    @property
    def links(self) -> tuple[str, ...]:
        """The public addresses, in the order in which they are given; nothing but http and https."""
        return tuple(_LINK.findall(self.address))

    @property
    def citation(self) -> str:
        """What a reader can look up where there is no link; empty for the project's own files."""
        return "" if self.links or _OWN.search(self.address) else self.address


def read_sources(folders: Sequence[Path]) -> Mapping[str, Source]:
    """Every source of the ``sources.toml`` files that stand in ``folders``, by key; a later folder goes first.

    Raises
    ------
    XinguError
        ``toml_broken``, ``spec_wrong`` and what else :func:`~xingu_geo.ground.base.specs.read_toml` refuses.
    """
    found: dict[str, Source] = {}
    for folder in folders:
        file = folder / "sources.toml"
        if file.is_file():
            tables = read_toml(file)
            found |= {key: validated(Source, table, file=f"{file.name}:{key}") for key, table in tables.items()}
    return found


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
    entry = {
        "title": {"zh": source, "en": source},
        "address": f"sha256:{digest}",
        "accessed_on": today,
        "note": {lang: say("intake.passport.about", lang, source=source) for lang in LANGS},
    }
    block = "\n".join([f"[{key}]", *toml_lines(entry), ""])
    return before.rstrip("\n") + ("\n\n" if before.strip() else "") + block
