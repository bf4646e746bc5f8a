"""What stands on the import page before a file is dropped: the three steps, and which layers can be replaced.

Comes in: the place, the tables. Goes out: HTML. Must not know: how a file is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xingu_geo.doors.ui.kit import headline
from xingu_geo.doors.ui.kit.markup import Markup, el, join
from xingu_geo.doors.ui.kit.view import place_name
from xingu_geo.doors.ui.sources.passport_card import confidence_chip
from xingu_geo.doors.ui.sources.passports import uses_of
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.places.intake.fields import RoleSpec
from xingu_geo.places.place.tables import Tables

STEPS: Final = ("drop", "read", "take")
_NO_ROLE: Final = "extra"


def title(place: Catalogue, lang: Lang) -> Markup:
    """The line above the page."""
    words = say("ui.intake.page", lang, place=place_name(place, lang))
    return headline.title_line(words, [], is_example=False, lang=lang)


def guide(place: Catalogue, tables: Tables, lang: Lang) -> Markup:
    """The steps, then the layers that can be replaced."""
    return join(steps(lang), replaceable(place, tables, lang))


def steps(lang: Lang) -> Markup:
    """How a file becomes a layer, step by step."""
    lines = [
        el("div", el("b", f"{place}. "), say(f"ui.intake.step.{name}", lang))
        for place, name in enumerate(STEPS, start=1)
    ]
    return el("div", *lines, cls="xg-empty")


def replaceable(place: Catalogue, tables: Tables, lang: Lang) -> Markup:
    """Every role a file may fill: what is used now, what hangs on it, which shapes and columns are asked for."""
    names = ("role", "now", "decides", "shape", "columns")
    head = el("tr", *(el("th", say(f"ui.intake.guide.{name}", lang)) for name in names))
    roles = [(role, about) for role, about in tables.fields.roles.items() if role != _NO_ROLE]
    order = sorted(roles, key=lambda one: -uses_of(one[0], tables, lang).count)
    rows = [_row(role, about, place, tables, lang) for role, about in order]
    return join(el("div", say("ui.intake.guide.heading", lang), cls="xg-h"), el("table", head, *rows, cls="xg-rules"))


def _row(role: str, about: RoleSpec, place: Catalogue, tables: Tables, lang: Lang) -> Markup:
    uses = uses_of(role, tables, lang)
    rules = len(uses.excluding) + len(uses.flagging)
    decides = say("ui.intake.guide.uses", lang, rules=rules, criteria=len(uses.criteria))
    now = confidence_chip(place.passport(role).confidence, lang) if role in place else say("ui.intake.guide.none", lang)
    cells: Sequence[object] = (
        el("b", _capital(about.title.to(lang))),
        now,
        decides if uses.count else say("ui.intake.guide.background", lang),
        say(f"ui.intake.shape.{about.geometry}", lang),
        say("ui.and", lang).join(tables.fields.spoken(name, lang) for name in about.expected) or "—",
    )
    return el("tr", *(el("td", cell) for cell in cells))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
