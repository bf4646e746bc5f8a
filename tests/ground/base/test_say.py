"""Both languages are complete, agree in their gaps, and cover every code the product raises."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from xingu_geo.ground.base.errors import Complaints, XinguError, raise_all
from xingu_geo.ground.base.say import Bilingual, say, texts

PACKAGE = Path(__file__).parents[3] / "xingu_geo"


def _gaps(sentence: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _calls(function: str) -> list[tuple[Path, ast.Call]]:
    found: list[tuple[Path, ast.Call]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        calls = (node for node in nodes if isinstance(node, ast.Call))
        found += [
            (path, call) for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) == function
        ]
    return found


def test_both_languages_have_the_same_keys() -> None:
    assert len(texts("zh")) > 30
    assert set(texts("zh")) == set(texts("en"))


def test_both_languages_fill_the_same_gaps() -> None:
    assert [key for key in texts("zh") if _gaps(texts("zh")[key]) != _gaps(texts("en")[key])] == []


def test_every_error_code_has_its_sentence_and_every_gap_its_fact() -> None:
    calls = [
        (path, call) for path, call in _calls("XinguError") if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert len(calls) > 20
    wrong = []
    for path, call in calls:
        code = call.args[0].value  # type: ignore[attr-defined]
        sentence = texts("en").get(f"error.{code}")
        facts = {keyword.arg for keyword in call.keywords}
        if sentence is None or (None not in facts and not _gaps(sentence) <= facts):
            wrong.append(f"{path.name}: {code}")
    assert not wrong


def test_every_sentence_that_is_said_exists() -> None:
    calls = [call for _, call in _calls("say") if call.args and isinstance(call.args[0], ast.Constant)]
    assert calls
    assert [call.args[0].value for call in calls if call.args[0].value not in texts("zh")] == []  # type: ignore[attr-defined]


def test_a_bilingual_fact_speaks_the_readers_language() -> None:
    fact = Bilingual("下沙", "Xiasha")
    assert "下沙" in say("error.crs_missing", "zh", name=fact)
    assert "Xiasha" in say("error.crs_missing", "en", name=fact)


def test_an_unknown_key_is_never_said() -> None:
    with pytest.raises(KeyError):
        say("error.no_such_sentence", "zh")


def test_several_complaints_are_one_sentence_with_a_count() -> None:
    one = XinguError("key_missing", file="a.toml", key="id")
    two = XinguError("key_missing", file="a.toml", key="crs")
    with pytest.raises(Complaints) as caught:
        raise_all([one, two])
    assert caught.value.complaints == (one, two)
    assert "1 more" in str(caught.value)


def test_one_complaint_is_raised_as_itself_and_none_not_at_all() -> None:
    one = XinguError("key_missing", file="a.toml", key="id")
    raise_all([])
    with pytest.raises(XinguError) as caught:
        raise_all([one])
    assert caught.value is one
