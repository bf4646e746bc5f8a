"""What the import page shows: the doctor's report, and the layers that are one's own.

Comes in: a look, a report, a catalogue. Goes out: HTML and texts. Must not know: Streamlit, how a file is examined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.doors.ui.sources.passports import role_titles
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.fields import FieldsSpec
from xingu_geo.places.intake.layer_found import LayerFound

SHOWN: Final = 8
_GOOD: Final = "background:#eefaf1;border-color:#b7e0c2;color:#14532d"
_OPTIONS: Final = ("crs", "datum", "encoding", "layer", "swap-axes", "column", "seven")


def for_page(sentence: str, lang: Lang) -> str:
    """A sentence of the command line as the page says it: options by the names of the boxes beside it."""
    for option in _OPTIONS:
        box = say(f"ui.intake.option.{option.replace('-', '_')}", lang)
        # Chinese sets no space beside its own quotation marks.
        sentence = re.sub(rf" ?--{option}\b ?", box, sentence) if lang == "zh" else sentence.replace(f"--{option}", box)
    return sentence


def refusal_box(refusal: XinguError, lang: Lang) -> Markup:
    """The one sentence of a refusal; the page has its own where a box of its own puts it right."""
    own = f"ui.intake.refusal.{refusal.code}"
    sentence = say(own, lang, **refusal.facts) if own in texts(lang) else for_page(refusal.sentence(lang), lang)
    return el("div", sentence, cls="xg-warn")


def report_card(report: IntakeReport, fields: FieldsSpec, lang: Lang) -> Markup:
    """What was found, what asks for attention, what was mended."""
    layers = [_layer_facts(layer, report, fields, lang) for layer in report.layers]
    return el("div", el("div", report.source, cls="xg-card-name"), *layers, _findings(report, lang), cls="xg-card")


def _layer_facts(layer: LayerFound, report: IntakeReport, fields: FieldsSpec, lang: Lang) -> Markup:
    rows = [
        el("tr", el("th", say(f"ui.intake.fact.{name}", lang), style="white-space:nowrap"), el("td", text))
        for name, text in _facts(layer, report, fields, lang).items()
    ]
    head = NOTHING
    if len(report.layers) > 1:
        head = el(
            "div", f"{role_titles(fields, lang).get(layer.role, layer.role)} · {layer.read.name}", cls="xg-card-facts"
        )
    return join(head, el("table", *rows, cls="xg-rules"))


def _facts(layer: LayerFound, report: IntakeReport, fields: FieldsSpec, lang: Lang) -> dict[str, str]:
    read, area = layer.read, number(layer.area_m2 / M2_PER_HA, "ha")
    kind = layer.geometry if layer.geometry in ("raster", "table") else "area" if layer.area_m2 else "count"
    facts = {
        "what": say(f"ui.intake.amount_{kind}", lang, count=number(layer.features), area=area),
        "format": texts(lang).get(f"ui.intake.kind.{read.format}", read.format),
    }
    if read.encoding:
        words = _some(read.sample, most=8)
        facts["encoding"] = say("ui.intake.sample", lang, encoding=read.encoding.upper(), words=words)
    if layer.has_place:
        moved = say("ui.intake.from_crs", lang, crs=read.crs, working=layer.crs)
        facts["crs"] = layer.crs if read.crs == layer.crs else moved
        facts["datum"] = say(f"ui.intake.datum.{_datum(layer, report)}", lang)
    if read.mapping:
        pairs = (f"{column} → {fields.spoken(field, lang)}" for field, column in read.mapping.items())
        facts["mapping"] = _some(pairs, most=12)
    if layer.has_place:
        mended = sum(repair.layer == read.name for repair in report.repairs)
        facts["repairs"] = say("ui.intake.repaired" if mended else "ui.intake.sound", lang, count=mended)
    return facts


def _datum(layer: LayerFound, report: IntakeReport) -> str:
    """What is known of a shift; what could not be tested is not called clean."""
    codes = {note.code for note in report.notes}
    is_asked = layer.read.datum == "wgs84" and "shift_none" not in codes
    return "untested" if is_asked else layer.read.datum


def _findings(report: IntakeReport, lang: Lang) -> Markup:
    warnings = [for_page(note.sentence(lang), lang) for note in report.warnings]
    calm = [for_page(note.sentence(lang), lang) for note in report.notes if note.is_calm]
    repairs = [repair.sentence(lang) for repair in report.repairs]
    parts = [
        _list("warnings", warnings, lang, cls="xg-warn"),
        _list("receipts", repairs, lang, cls="xg-note"),
        _list("calm", calm, lang, cls="xg-note"),
    ]
    return join(*parts)


def _list(name: str, sentences: list[str], lang: Lang, *, cls: str) -> Markup:
    if not sentences:
        return NOTHING
    shown = [el("div", f"· {sentence}") for sentence in sentences[:SHOWN]]
    if len(sentences) > SHOWN:
        shown.append(el("div", say("ui.intake.more", lang, count=len(sentences) - SHOWN)))
    return el(
        "div", el("b", say(f"ui.intake.{name}", lang, count=len(sentences))), *shown, cls=cls, style="margin-top:8px"
    )


def taken_box(report: IntakeReport, fields: FieldsSpec, lang: Lang) -> Markup:
    """That a layer was taken, and with how many features."""
    titles = role_titles(fields, lang)
    names = say("ui.and", lang).join(titles.get(layer.role, layer.role) for layer in report.layers)
    count = number(sum(layer.features for layer in report.layers))
    return el(
        "div", say("ui.intake.taken", lang, source=report.source, roles=names, count=count), cls="xg-warn", style=_GOOD
    )


def box_style(lang: Lang) -> Markup:
    """The upload box in the reader's language: Streamlit has its two texts in English only."""
    box = "[data-testid='stFileUploaderDropzone']"
    rules = []
    for part, key in (("button p", "browse"), ("[data-testid='stFileUploaderDropzoneInstructions'] span", "drop_here")):
        said = say(f"ui.intake.{key}", lang)
        rules.append(f"{box} {part} {{ font-size: 0 }}")
        rules.append(f"{box} {part}::after {{ content: '{said}'; font-size: 14px }}")
    return Markup(f"<style>{' '.join(rules)}</style>")


def own_line(passport: Passport, *, is_replacing: bool, lang: Lang) -> Markup:
    """One own layer: what it is, whence, how sure, and whether it stands in for another."""
    facts = say(
        "ui.intake.own_facts",
        lang,
        about=passport.about.to(lang),
        count=number(passport.features),
        confidence=say(f"confidence.{passport.confidence}", lang),
        valid=passport.accessed_on.isoformat(),
    )
    state = say("ui.intake.replacing" if is_replacing else "ui.intake.added", lang)
    return el(
        "div", el("b", passport.title.to(lang)), f" · {state}", el("div", facts, cls="xg-card-facts"), cls="xg-why"
    )


def _some(words: Iterable[str], *, most: int = 4) -> str:
    listed = list(words)
    return " · ".join(listed[:most]) + (" …" if len(listed) > most else "")
