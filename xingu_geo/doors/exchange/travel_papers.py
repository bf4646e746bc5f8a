"""What travels with every export: the manifest of the run, and whom to name for the data.

Comes in: a manifest, lines of attribution. Goes out: one carrier and its texts. Must not know: file formats.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.catalogue.read import Catalogue


@dataclass(frozen=True, slots=True)
class Papers:
    """The title of the export, the run's manifest, and lines of attribution (licence and source of each layer)."""

    title: Bilingual = field(default_factory=lambda: Bilingual("选址排名", "Siting ranking"))
    manifest: Mapping[str, object] = field(default_factory=dict)
    attribution: tuple[str, ...] = ()

    @property
    def manifest_text(self) -> str:
        """The manifest and the attribution as indented JSON with stable keys."""
        content = {"manifest": dict(self.manifest), "attribution": list(self.attribution)}
        return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"

    @property
    def attribution_text(self) -> str:
        """The attribution, a line each."""
        return "\n".join(self.attribution)


def attribution_of(catalogue: Catalogue) -> tuple[str, ...]:
    """One line for each layer, by role: title, licence, sources, and how far it may be trusted."""
    lines = []
    for role in sorted(catalogue):
        passport = catalogue.passport(role)
        sources = ", ".join(passport.sources)
        title = f"{passport.title.zh} · {passport.title.en}"
        lines.append(f"{title}: {passport.licence}; {sources}; {passport.confidence.value}")
    return tuple(lines)
