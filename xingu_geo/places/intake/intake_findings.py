"""What the doctor writes down: notes and repairs.

Comes in: codes and facts. Goes out: carriers that turn into JSON and sentences. Must not know: any format; importing
it loads no heavy library, so that a bad file is refused at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from xingu_geo.ground.base.say import Lang, say


@dataclass(frozen=True, slots=True)
class Note:
    """Something found and worth saying; its sentence is ``note.<code>`` of the text files."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """The note in the reader's language."""
        return say(f"note.{self.code}", lang, **self.facts)

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
