"""What an audit finds: a layer, a code, how bad it is, and the facts of its sentence.

Comes in: codes and facts. Goes out: :class:`Finding`, its sentence and its JSON. Must not know: how it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from xingu_geo.ground.base.say import LANGS, Bilingual, Lang, say

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a layer does not keep of what its passport promises.

    Its sentence is ``<key>`` of the text files, ``audit.<code>`` unless an error of the reader is passed on.
    """

    layer: str
    code: str
    severity: Severity
    facts: Mapping[str, object] = field(default_factory=dict)
    key: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the layer must not be used as it is."""
        return self.severity == "error"

    def sentence(self, lang: Lang) -> str:
        """One sentence: which layer, what is wrong, what next."""
        return say(self.key or f"audit.{self.code}", lang, layer=self.layer, **self.facts)

    def document(self) -> dict[str, object]:
        """Layer, code, severity, facts and both sentences, for JSON."""
        facts = {name: _plain(value) for name, value in self.facts.items()}
        head: dict[str, object] = {"layer": self.layer, "code": self.code, "severity": self.severity, "facts": facts}
        return head | {lang: self.sentence(lang) for lang in LANGS}


def _plain(value: object) -> object:
    if isinstance(value, Bilingual):
        return {lang: value.to(lang) for lang in LANGS}
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
