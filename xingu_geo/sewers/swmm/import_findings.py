"""What an import has to say: what was taken, what was left out, what it cannot know without a simulation.

Comes in: codes and facts. Goes out: sentences. Must not know: how any of it was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from xingu_geo.ground.base.say import DEFAULT_LANG, Lang, say

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about an import; its sentence is ``inp.<code>``.

    ``note``: how something was read. ``limit``: something the file holds and the network does not.
    ``calibrate``: the drawing leaves open where dry-weather flow goes; a simulation settles it.
    """

    code: str
    severity: Literal["note", "limit", "calibrate"]
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang = DEFAULT_LANG) -> str:
        """What was found, where, and what follows."""
        return say(f"inp.{self.code}", lang, **self.facts)

    def plain(self, lang: Lang = DEFAULT_LANG) -> dict[str, object]:
        """Code, severity, facts and sentence, for JSON."""
        facts = {key: value if isinstance(value, (int, float)) else str(value) for key, value in self.facts.items()}
        return {"code": self.code, "severity": self.severity, **facts, "sentence": self.sentence(lang)}


def named(ids: Iterable[str]) -> dict[str, object]:
    """How many, and the first of them by name: the facts ``count`` and ``names``."""
    known = list(ids)
    return {"count": len(known), "names": ", ".join(known[:_NAMED]) + (" …" if len(known) > _NAMED else "")}
