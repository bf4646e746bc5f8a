"""HTML built from parts, in which every text passes the one escaping function.

Comes in: tag names, classes, texts. Goes out: :class:`Markup`. Must not know: Streamlit, what is shown.
"""

from __future__ import annotations

from typing import Final

from xingu_geo.ground.base.inert import safe_text

Child = object


class Markup(str):
    """Text that is already markup: made only by :func:`el` and :func:`join`."""

    __slots__ = ()


NOTHING: Final = Markup("")


def el(tag: str, *children: Child, cls: str = "", style: str = "", title: object = "") -> Markup:
    """``<tag …>children</tag>``; every child that is not :class:`Markup` is escaped, ``cls`` and ``style`` are ours."""
    attributes = "".join(
        f' {name}="{value if isinstance(value, Markup) else safe_text(value)}"'
        for name, value in (("class", cls), ("style", style), ("title", title))
        if value
    )
    return Markup(f"<{tag}{attributes}>{join(*children)}</{tag}>")


def join(*children: Child) -> Markup:
    """The children one after another, texts escaped."""
    return Markup("".join(child if isinstance(child, Markup) else safe_text(child) for child in children))


def link(text: object, address: str) -> Markup:
    """``text`` as a link that opens in a tab of its own; plain text where ``address`` is not a web address."""
    if not address.startswith(("http://", "https://")):
        return join(text)
    opening = f'<a href="{safe_text(address)}" target="_blank" rel="noopener noreferrer">'
    return Markup(f"{opening}{join(text)}</a>")
