"""One layer's passport for policy staff, the legend of confidence, the list of sources with their links.

Comes in: a passport, what it decides, sources. Goes out: HTML. Must not know: Streamlit, any computation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from xingu_geo.doors.ui.kit.headline import legend_strip
from xingu_geo.doors.ui.kit.markup import Markup, el, join, link
from xingu_geo.doors.ui.sources.passports import COLOURS, Uses, source_title, users_of_source
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.catalogue.sources import Source
from xingu_geo.places.place.tables import Tables

# So many layers are named where a source serves more.
NAMED: Final = 4
_CELL: Final = "width:86px;white-space:nowrap;color:#64748b"


def confidence_chip(confidence: Confidence, lang: Lang) -> Markup:
    """The class in its colours."""
    ink, ground = COLOURS[confidence]
    style = f"color:{ink};background:{ground};border-color:{ground}"
    return el("span", say(f"confidence.{confidence}", lang), cls="xg-chip", style=style)


def confidence_legend(place: Catalogue, lang: Lang) -> Markup:
    """Every class with its colour, what it means and how many layers are of it."""
    counts = {kind: sum(place.passport(role).confidence is kind for role in place) for kind in Confidence}
    keys = [
        el("span", confidence_chip(kind, lang), say(f"sources.means.{kind}", lang, count=counts[kind]), cls="xg-key")
        for kind in Confidence
    ]
    return legend_strip(el("b", say("sources.column.confidence", lang)), *keys)


def passport_card(
    passport: Passport, uses: Uses, sources: Mapping[str, Source], lang: Lang, *, can_replace: bool
) -> Markup:
    """What the layer is, how sure, how accurate, what it decides, where it is from, how it is replaced."""
    lineage = passport.lineage.to(lang)
    rows: list[tuple[str, object]] = [
        ("about", passport.about.to(lang)),
        ("sure", join(confidence_chip(passport.confidence, lang), " ", say(f"sources.so.{passport.confidence}", lang))),
        ("accuracy", _accuracy(passport, lang)),
        ("decides", _decides(uses, lang)),
        ("made", lineage),
        ("from", join(*(el("div", _source(key, sources, lang)) for key in passport.sources))),
        ("replace", say("sources.replace" if can_replace else "sources.replace_not", lang)),
    ]
    lines = [
        el("tr", el("td", say(f"sources.row.{name}", lang), style=_CELL), el("td", told)) for name, told in rows if told
    ]
    facts = say(
        "sources.facts", lang, count=number(passport.features), version=passport.version, licence=passport.licence
    )
    head = el(
        "div",
        el("span", passport.title.to(lang), cls="xg-card-name"),
        el("span", facts, cls="xg-card-facts"),
        cls="xg-card-head",
    )
    return el("div", head, el("table", *lines, cls="xg-rules"), cls="xg-card")


def sources_list(sources: Mapping[str, Source], place: Catalogue, tables: Tables, lang: Lang) -> Markup:
    """Every source: title, where it can be read, what it says, when it was read, what rests on it."""
    names = ("source", "where", "note", "read", "used")
    head = el("tr", *(el("th", say(f"sources.list.{name}", lang)) for name in names))
    rows = []
    for key, source in sources.items():
        layers, asked = users_of_source(key, place, tables, lang)
        used = [_layers(layers, lang)] if layers else []
        used += [say("sources.asked", lang, count=asked)] if asked else []
        rows.append(
            el(
                "tr",
                el("td", el("b", source.title.to(lang)), style="width:24%"),
                el("td", _where(source, lang), style="width:19%"),
                el("td", source.note.to(lang), style="width:29%"),
                el("td", source.accessed_on.isoformat(), style="white-space:nowrap"),
                el("td", say("sources.then", lang).join(used) or say("sources.elsewhere", lang), style="width:20%"),
            )
        )
    return el("table", head, *rows, cls="xg-rules")


def _accuracy(passport: Passport, lang: Lang) -> str:
    key = "sources.accuracy" if passport.geometry != "table" else "sources.accuracy_table"
    metres = Figure(passport.positional_accuracy_m, "m", rule="given")
    return say(key, lang, metres=metres, valid=passport.valid_on.isoformat())


def _decides(uses: Uses, lang: Lang) -> Markup | str:
    if not uses.count:
        return say("sources.decides_nothing", lang)
    parts = {"excluding": uses.excluding, "flagging": uses.flagging, "criteria": uses.criteria}
    return join(
        *(
            el("div", say(f"sources.uses.{name}", lang, names=say("ui.and", lang).join(titles)))
            for name, titles in parts.items()
            if titles
        )
    )


def _source(key: str, sources: Mapping[str, Source], lang: Lang) -> Markup:
    if key not in sources:
        return join(source_title(key, sources, lang))
    source = sources[key]
    title = link(source.title.to(lang), source.links[0]) if source.links else join(source.title.to(lang))
    read = say("sources.read_on", lang, day=source.accessed_on.isoformat())
    return join(title, el("span", read, style="color:#64748b"))


def _where(source: Source, lang: Lang) -> Markup:
    if not source.links:
        return join(_citation(source, lang))
    return join(*(el("div", link(_short(address), address)) for address in source.links))


def _layers(titles: Sequence[str], lang: Lang) -> str:
    shown = say("ui.and", lang).join(titles[:NAMED])
    return shown if len(titles) <= NAMED else say("sources.many", lang, names=shown, count=len(titles))


def _citation(source: Source, lang: Lang) -> str:
    """The citation; in English only as far as it is not Chinese, such as the number of a standard."""
    if not source.citation:
        return say("sources.own_file", lang)
    if lang == "zh":
        return source.citation
    number_of_it = re.split("[，（]", source.citation)[0]
    return number_of_it if number_of_it.isascii() else say("sources.in_chinese", lang)


def _short(address: str) -> str:
    return address.split("://", 1)[1].split("/", 1)[0]
