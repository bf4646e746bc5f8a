"""What the doctor writes down, also as plain JSON, which alone crosses the wall between the worker and its keeper.

Comes in: codes and facts. Goes out: carriers that turn into JSON and sentences. Must not know: any format; importing
it loads no heavy library, so that a bad file is refused at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual, Lang, say
from xingu_geo.places.intake.encoding import one_line


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a bringer may say to have a refused file read: ``crs`` or ``datum`` with its value, or ``swap_axes``."""

    kind: Literal["crs", "datum", "swap_axes"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something found and worth saying; its sentence is ``key`` of the text files, by default ``note.<code>``.

    A calm note tells what was looked at and found in order; all others ask for attention.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    key: str = ""
    is_calm: bool = False

    def sentence(self, lang: Lang) -> str:
        """The note in the reader's language."""
        return say(self.key or f"note.{self.code}", lang, **self.facts)

    def plain(self, lang: Lang) -> dict[str, object]:
        """Code, facts and sentence, for JSON."""
        return {"code": self.code, **{k: plain(v) for k, v in self.facts.items()}, "sentence": self.sentence(lang)}


@dataclass(frozen=True, slots=True)
class Repair:
    """The receipt for one mended feature: what was wrong, its area before and after [m²].

    ``area_before_m2`` is what the outline encloses read by the even–odd rule, so a figure of eight is not 0.
    """

    layer: str
    feature: str
    code: str
    area_before_m2: float
    area_after_m2: float

    def sentence(self, lang: Lang) -> str:
        """The receipt in the reader's language."""
        facts = asdict(self) | {"before": f"{self.area_before_m2:,.1f}", "after": f"{self.area_after_m2:,.1f}"}
        return say(f"repair.{self.code}", lang, **facts)

    def plain(self, lang: Lang) -> dict[str, object]:
        """Every field and the sentence, for JSON."""
        return asdict(self) | {"sentence": self.sentence(lang)}


def plain(value: object) -> object:
    """``value`` as JSON can hold it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return str(value)


def facts_to_wire(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as JSON; a fact in both languages stays in both, suggestions stay data."""
    return {key: _fact(fact) for key, fact in facts.items()}


def _fact(fact: object) -> object:
    if isinstance(fact, Bilingual):
        return {"zh": fact.zh, "en": fact.en}
    if isinstance(fact, Suggestion):
        return {"kind": fact.kind, "value": fact.value}
    if isinstance(fact, list | tuple):
        return [_fact(part) for part in fact]
    told = plain(fact)
    return one_line(told) if isinstance(told, str) else told


def facts_from_wire(wire: Mapping[str, Any]) -> dict[str, object]:
    """Facts from JSON."""
    return {key: _fact_from(fact) for key, fact in wire.items()}


def _fact_from(fact: Any) -> object:
    if isinstance(fact, dict):
        return Suggestion(**fact) if "kind" in fact else Bilingual(str(fact["zh"]), str(fact["en"]))
    return [_fact_from(part) for part in fact] if isinstance(fact, list) else fact


def note_to_wire(note: Note) -> dict[str, object]:
    """A note as JSON."""
    return {"code": note.code, "facts": facts_to_wire(note.facts), "key": note.key, "is_calm": note.is_calm}


def note_from_wire(wire: Mapping[str, Any]) -> Note:
    """A note from JSON."""
    return Note(str(wire["code"]), facts_from_wire(wire["facts"]), str(wire["key"]), bool(wire["is_calm"]))


def refusal_to_wire(error: XinguError) -> dict[str, object]:
    """A refusal as JSON."""
    return {"code": error.code, "facts": facts_to_wire(error.facts)}


def refusal_from_wire(wire: Mapping[str, Any]) -> XinguError:
    """A refusal from JSON."""
    return XinguError(str(wire["code"]), **facts_from_wire(wire["facts"]))
