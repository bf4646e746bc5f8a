"""The doctor's report: what was found and what was done, for a person and for a program.

Comes in: what was found. Goes out: JSON and text in the reader's language. Must not know: how anything was found.
"""

from __future__ import annotations

from dataclasses import dataclass

from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.places.intake.intake_findings import Note, Repair
from xingu_geo.places.intake.layer_found import LayerFound


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What became of one file. ``is_kept`` is false after a look only (``look``): nothing was written then."""

    source: str
    layers: tuple[LayerFound, ...]
    notes: tuple[Note, ...]
    repairs: tuple[Repair, ...]
    is_kept: bool

    @property
    def warnings(self) -> tuple[Note, ...]:
        """The notes that ask for attention."""
        return tuple(note for note in self.notes if not note.is_calm)

    def plain(self, lang: Lang) -> dict[str, object]:
        """The JSON document of ``intake --json``: ``layers``, ``warnings``, ``repairs``, and the calm ``notes``."""
        return {
            "source": self.source,
            "kept": self.is_kept,
            "layers": [layer.plain() for layer in self.layers],
            "warnings": [note.plain(lang) for note in self.warnings],
            "notes": [note.plain(lang) for note in self.notes if note.is_calm],
            "repairs": [repair.plain(lang) for repair in self.repairs],
        }

    def text(self, lang: Lang) -> str:
        """The report as lines of text."""
        lines = [say("intake.report.title", lang, source=self.source)]
        lines += [line for layer in self.layers for line in _layer_lines(layer, lang)]
        lines += [say("intake.report.warnings", lang, count=len(self.warnings))]
        lines += [f"  - {note.sentence(lang)}" for note in self.notes]
        lines += [say("intake.report.repairs", lang, count=len(self.repairs))]
        lines += [f"  - {repair.sentence(lang)}" for repair in self.repairs]
        lines += [say("intake.report.kept" if self.is_kept else "intake.report.looked", lang)]
        return "\n".join(lines)


def _layer_lines(layer: LayerFound, lang: Lang) -> list[str]:
    read = layer.read
    facts = {
        "role": layer.role,
        "name": read.name,
        "features": layer.features,
        "crs": read.crs,
        "datum": read.datum,
        "file": layer.file.name,
        "area_ha": f"{layer.area_m2 / M2_PER_HA:,.2f}",
    }
    lines = [say(f"intake.report.{'layer' if layer.has_place else 'table'}", lang, **facts)]
    if read.sample:
        lines.append(say("intake.report.sample", lang, encoding=read.encoding, words=" · ".join(read.sample)))
    if read.mapping:
        pairs = ", ".join(f"{field} ← {column}" for field, column in read.mapping.items())
        lines.append(say("intake.report.mapping", lang, pairs=pairs))
    if layer.replaced:
        lines.append(say("intake.report.replaced", lang, replaced=layer.replaced))
    return lines
