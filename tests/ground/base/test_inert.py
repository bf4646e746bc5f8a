"""Text that reaches a map, a page or a report is inert."""

from __future__ import annotations

import html
from pathlib import Path

import jinja2
from hypothesis import given, settings
from hypothesis import strategies as st

from xingu_geo.ground.base.inert import safe_markdown, safe_text

printable = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp")))


def test_every_dangerous_mark_becomes_an_entity() -> None:
    escaped = safe_text("& < > \" ' ` $ { } \\")
    assert escaped == "&amp; &lt; &gt; &quot; &#39; &#96; &#36; &#123; &#125; &#92;"


@given(printable)
@settings(deadline=None)
def test_a_reader_of_html_sees_exactly_the_text(text: str) -> None:
    assert html.unescape(safe_text(text)) == text
    assert html.unescape(safe_markdown(text)) == text


@given(st.text())
@settings(deadline=None)
def test_no_mark_of_html_javascript_or_a_template_is_left(text: str) -> None:
    assert not set(safe_text(text)) & set("<>\"'`${}\\\n\r\u2028\u202e")
    assert not set(safe_markdown(text)) & set("*_[]()`<>${}\\~|:!")


def test_a_template_compiled_from_a_hostile_name_runs_nothing(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    name = "{{ marker.mkdir() }}{% raise %}${7*7}"
    compiled = jinja2.Template("<b>" + safe_text(name) + "</b>")
    assert html.unescape(compiled.render(marker=marker)) == f"<b>{name}</b>"
    assert not marker.exists()


def test_the_marker_would_appear_without_the_function(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    jinja2.Template("{{ marker.mkdir() }}").render(marker=marker)
    assert marker.is_dir()


def test_marks_that_turn_the_writing_direction_are_dropped() -> None:
    assert safe_text("可用\u202e用可不") == "可用用可不"


def test_what_is_missing_is_empty() -> None:
    assert safe_text(None) == ""
    assert safe_text(float("nan")) == ""
    assert safe_text(0) == "0"
    assert safe_markdown(None) == ""
