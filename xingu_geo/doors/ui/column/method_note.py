"""One line on how criteria are combined, for every page that shows a score, where it is not the default way.

Comes in: the choices. Goes out: HTML. Must not know: results.
"""

from __future__ import annotations

from typing import Final

from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el
from xingu_geo.doors.ui.kit.session import Choices
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.siting.ranking.methods import METHODS

DEFAULT: Final = "weighted_sum"


def method_note(chosen: Choices, lang: Lang) -> Markup:
    """One line for other pages where something else than the default combines the criteria; else nothing."""
    parts = []
    if chosen.method != DEFAULT:
        title = METHODS[chosen.method].title.to(lang) + (
            f" {number(chosen.risk, 'ratio')}" if chosen.method == "owa" else ""
        )
        parts.append(say("ui.defence.method_note", lang, method=title))
    if chosen.missing != "exclude":
        parts.append(say("ui.defence.missing_note", lang, missing=say(f"ui.defence.missings.{chosen.missing}", lang)))
    return el("div", " ".join(parts), cls="xg-note") if parts else NOTHING
