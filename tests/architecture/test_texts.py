"""Sentences stand beside the room that speaks them: none lies in another room, none is left that nobody says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from xingu_geo.ground.base import say as speaking
from xingu_geo.ground.base.say import LANGS

from .test_house import HOUSE, PACKAGE, ROOT, TREES, _dotted, _name, _place, _rooms

# Tables whose second word is a code that one room raises and another puts into words.
CODED = {"error", "note", "repair", "audit", "fault", "reading", "why"}

FILES = {lang: sorted(PACKAGE.rglob(f"text/{lang}.toml")) for lang in LANGS}


def _keys(path: Path) -> list[str]:
    return [key for key, _ in speaking._flat(speaking.tomllib.loads(path.read_text(encoding="utf-8")))]


OWNER = {key: path.parents[1] for path in FILES["zh"] for key in _keys(path)}


@dataclass(frozen=True)
class Words:
    """What a module may say: its plain texts, and its texts with gaps as patterns."""

    plain: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, tree: ast.AST) -> Words:
        plain = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        return cls(frozenset(plain), tuple(pattern for node in joined if (pattern := _pattern(node))))

    def has(self, key: str) -> bool:
        """Whether the key, its code, or the table it stands in is said."""
        family, _, code = key.partition(".")
        wanted = {key, code} if family in CODED else {key}
        said = self.plain & (wanted | {key.rpartition(".")[0]})
        return bool(said) or any(_fits(pattern, text) for pattern in self.patterns for text in wanted)


def _pattern(node: ast.JoinedStr) -> re.Pattern[str] | None:
    """``f"ui.kind.{kind}"`` as a pattern; nothing for a text that is no key, or begins with a gap."""
    first, literal = node.values[0], "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if not isinstance(first, ast.Constant) or not re.fullmatch(r"(?:[a-z]+[._])+[\w.:-]*", literal):
        return None
    return re.compile(
        "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"([\w:-]+)" for part in node.values)
    )


def _spoken() -> frozenset[str]:
    """Every word of the code and of the tables: what may stand in a gap."""
    tables = [*(ROOT / "data").rglob("*.toml"), *(ROOT / "layers").rglob("*.toml")]
    texts = (path.read_text(encoding="utf-8") for path in [*TREES, *tables])
    return frozenset(word for text in texts for word in re.findall(r"[A-Za-z0-9]+", text))


SPOKEN = _spoken()
WORDS = {path: Words.of(tree) for path, tree in TREES.items()}


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.fullmatch(text)
    return found is not None and all(set(re.findall(r"[A-Za-z0-9]+", gap)) <= SPOKEN for gap in found.groups())


def _may_say(path: Path, owner: Path) -> bool:
    """Whether the module at ``path`` stands in the room ``owner`` or above it."""
    height, room = _place(_dotted(path)) if "." in _dotted(path) else ((-1, 0, 0), ())
    other_height, other = _place(_dotted(owner / "x.py"))
    return room == other or height > other_height


def _literals() -> Iterator[tuple[Path, str]]:
    """Each key that is said or raised by its full name."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            function = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if function in ("say", "XinguError"):
                yield path, f"{'error.' if function == 'XinguError' else ''}{node.args[0].value}"


def test_a_text_file_stands_beside_a_room_in_both_languages() -> None:
    rooms = {lang: {path.parents[1] for path in FILES[lang]} for lang in LANGS}
    assert len(rooms["zh"]) > 20
    assert rooms["zh"] == rooms["en"]
    assert rooms["zh"] <= set(_rooms())
    assert [_keys(path) for path in FILES["zh"]] == [_keys(path) for path in FILES["en"]]
    assert {path.name for path in PACKAGE.rglob("text/*")} == {f"{lang}.toml" for lang in LANGS}


def test_every_sentence_is_said_by_its_room_or_a_room_above() -> None:
    silent = [
        f"{_name(owner)}: {key}"
        for key, owner in OWNER.items()
        if not any(words.has(key) for path, words in WORDS.items() if _may_say(path, owner))
    ]
    assert len(OWNER) > 1000
    assert not silent


def test_no_room_says_a_sentence_of_a_room_above_or_beside_it() -> None:
    said = list(_literals())
    assert len(said) > 500
    assert not [f"{_name(path)} says {key}" for path, key in said if not _may_say(path, OWNER[key])]


def test_a_sentence_of_two_rooms_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("low", "high"):
        (tmp_path / room / "text").mkdir(parents=True)
        (tmp_path / room / "text" / "en.toml").write_text('[error]\nlost = "Lost."\n', encoding="utf-8")
    monkeypatch.setattr(speaking, "_PACKAGE", tmp_path)
    with pytest.raises(ValueError, match="already defined"):
        speaking.texts.__wrapped__("en")


def test_the_ground_names_no_room_above_it_to_find_its_sentences() -> None:
    source = (PACKAGE / "ground" / "base" / "say.py").read_text(encoding="utf-8")
    assert not [wing for wing in HOUSE["wings"] if wing != "ground" and wing in source]
