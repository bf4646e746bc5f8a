"""What crosses the wall between the worker and its keeper: plain JSON, nothing that could run.

Comes in: notes, repairs, refusals. Goes out: the same as JSON and back. Must not know: what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.places.intake.encoding import one_line
from xingu_geo.places.intake.intake_findings import Note, Repair, plain


def facts_to_wire(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as JSON; a fact in both languages stays in both."""
    return {
        key: {"zh": fact.zh, "en": fact.en} if isinstance(fact, Bilingual) else _fact(fact)
        for key, fact in facts.items()
    }


def _fact(fact: object) -> object:
    told = plain(fact)
    return one_line(told) if isinstance(told, str) else told


def facts_from_wire(wire: Mapping[str, Any]) -> dict[str, object]:
    """Facts from JSON."""
    return {
        key: Bilingual(str(fact["zh"]), str(fact["en"])) if isinstance(fact, dict) else fact
        for key, fact in wire.items()
    }


def note_to_wire(note: Note) -> dict[str, object]:
    """A note as JSON."""
    return {"code": note.code, "facts": facts_to_wire(note.facts)}


def note_from_wire(wire: Mapping[str, Any]) -> Note:
    """A note from JSON."""
    return Note(str(wire["code"]), facts_from_wire(wire["facts"]))


def repair_from_wire(wire: Mapping[str, Any]) -> Repair:
    """A receipt from JSON."""
    return Repair(**wire)


def refusal_to_wire(error: XinguError) -> dict[str, object]:
    """A refusal as JSON."""
    return {"code": error.code, "facts": facts_to_wire(error.facts)}


def refusal_from_wire(wire: Mapping[str, Any]) -> XinguError:
    """A refusal from JSON."""
    return XinguError(str(wire["code"]), **facts_from_wire(wire["facts"]))
