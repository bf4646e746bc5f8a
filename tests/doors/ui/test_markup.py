"""HTML made from parts: texts are escaped, parts are not escaped twice."""

from __future__ import annotations

import html

from hypothesis import given, settings
from hypothesis import strategies as st

from xingu_geo.doors.ui.kit.markup import el, join


def test_a_text_is_escaped_and_a_part_is_not() -> None:
    assert el("div", "<b>", el("i", "x"), cls="a") == '<div class="a">&lt;b&gt;<i>x</i></div>'


@given(st.text())
@settings(deadline=None)
def test_no_text_can_leave_its_attribute_or_element(text: str) -> None:
    made = el("span", text, title=text)
    inside = made.removeprefix("<span").removesuffix("</span>")
    assert inside.count("<") == 0
    assert made.count('"') in (0, 2)


def test_numbers_are_children_too() -> None:
    assert html.unescape(join(1, " ", 2.5)) == "1 2.5"
