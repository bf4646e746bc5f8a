"""What a reader set on a page, kept while other pages are open; Streamlit forgets a widget that is not drawn.

Comes in: names, defaults. Goes out: values, widget keys. Must not know: what a setting means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

import streamlit as st

T = TypeVar("T")

_WIDGET: Final = "note."
_KEPT: Final = "_note."


def noted(name: str, default: T) -> T:
    """What was last set under ``name``."""
    return cast("T", st.session_state.get(_KEPT + name, default))


def note(name: str, value: object) -> None:
    """Set ``name`` by something other than its own widget."""
    st.session_state[_KEPT + name] = value


def bound(name: str, default: object) -> str:
    """The key of the widget for ``name``, which is given the noted value; use :func:`taker` as its ``on_change``."""
    key = _WIDGET + name
    st.session_state[key] = noted(name, default)
    return key


def taker(name: str) -> Callable[[], None]:
    """A callback that notes what the widget for ``name`` was set to."""

    def take() -> None:
        note(name, st.session_state[_WIDGET + name])

    return take
