"""Sentences for people, looked up by key at call time.

Comes in: each ``text/{zh,en}.toml`` of the package, beside the room that speaks it. Goes out: one sentence in the
reader's language. Must not know: who asks, or why; which rooms there are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol, get_args, runtime_checkable

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
DEFAULT_LANG: Lang = "zh"

_PACKAGE = Path(__file__).resolve().parents[2]


@runtime_checkable
class Spoken(Protocol):
    """What has its own words in both languages: a label, a figure."""

    def to(self, lang: Lang) -> str:
        """Its words in ``lang``."""
        ...


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One label in both languages; labels of things live with the thing, not in the text files."""

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """The label in ``lang``."""
        return self.zh if lang == "zh" else self.en


@cache
def texts(lang: Lang) -> Mapping[str, str]:
    """Every sentence of ``lang`` under its dotted key; a key defined in two files is refused."""
    merged: dict[str, str] = {}
    for path in sorted(_PACKAGE.rglob(f"text/{lang}.toml")):
        for key, sentence in _flat(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in merged:
                raise ValueError(f"{path}: the key {key!r} is already defined in another text file")
            merged[key] = sentence
    return MappingProxyType(merged)


def say(key: str, lang: Lang, /, **facts: object) -> str:
    """The sentence under ``key`` in ``lang``, its gaps filled with ``facts``.

    A :class:`Spoken` fact speaks ``lang`` too. An unknown key or a missing fact raises ``KeyError``: a test
    holds that both languages are complete, so this never reaches a reader.
    """
    spoken = {name: fact.to(lang) if isinstance(fact, Spoken) else fact for name, fact in facts.items()}
    return texts(lang)[key].format_map(spoken)


def _flat(tree: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = []
    for name, branch in tree.items():
        if isinstance(branch, Mapping):
            leaves += _flat(branch, f"{prefix}{name}.")
        else:
            leaves.append((f"{prefix}{name}", str(branch)))
    return leaves
