"""The doctor's report: what was found and what was done, for a person and for a program.

Comes in: plain findings. Goes out: JSON and text in the reader's language. Must not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.say import Lang, say
from xingu_geo.places.intake.intake_findings import Note, Repair

# Notes that tell what was looked at and found in order; all others ask for attention.
_CALM: Final = frozenset({"shift_none", "mapping_remembered", "unit_converted", "axes_swapped", "seven_used"})


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer that was taken: its role, files, what it holds, how it was read. ``area_m2`` is 0 for lines, points."""

    role: str
    name: str
    format: str
    file: Path
    passport_file: Path
    replaced: str
    features: int
    unplaced: int
    area_m2: float
    crs_found: str
    datum_found: str
    encoding: str
    sample: tuple[str, ...]
    mapping: Mapping[str, str]
    columns: tuple[str, ...]

    def plain(self) -> dict[str, object]:
        """Every field, for JSON."""
        return {
            "role": self.role,
            "name": self.name,
            "format": self.format,
            "file": str(self.file),
            "passport": str(self.passport_file),
            "replaced": self.replaced,
            "features": self.features,
            "unplaced": self.unplaced,
            "area_m2": self.area_m2,
            "crs_found": self.crs_found,
            "datum_found": self.datum_found,
            "encoding": self.encoding,
            "sample": list(self.sample),
            "mapping": dict(self.mapping),
            "columns": list(self.columns),
        }


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What became of one file. ``is_kept`` is false after a look only (``look``): nothing was written then."""

    source: str
    layers: tuple[LayerReport, ...]
    notes: tuple[Note, ...]
    repairs: tuple[Repair, ...]
    is_kept: bool

    @property
    def warnings(self) -> tuple[Note, ...]:
        """The notes that ask for attention."""
        return tuple(note for note in self.notes if note.code not in _CALM)

    def plain(self, lang: Lang) -> dict[str, object]:
        """The JSON document of ``intake --json``: ``layers``, ``warnings``, ``repairs``, and the calm ``notes``."""
        return {
            "source": self.source,
            "kept": self.is_kept,
            "layers": [layer.plain() for layer in self.layers],
            "warnings": [note.plain(lang) for note in self.warnings],
            "notes": [note.plain(lang) for note in self.notes if note.code in _CALM],
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


def _layer_lines(layer: LayerReport, lang: Lang) -> list[str]:
    facts = {
        "role": layer.role,
        "name": layer.name,
        "features": layer.features,
        "crs": layer.crs_found,
        "datum": layer.datum_found,
        "file": layer.file.name,
        "area_ha": f"{layer.area_m2 / 10_000:,.2f}",
    }
    lines = [say("intake.report.layer", lang, **facts)]
    if layer.sample:
        words = " · ".join(layer.sample)
        lines.append(say("intake.report.sample", lang, encoding=layer.encoding, words=words))
    if layer.mapping:
        pairs = ", ".join(f"{field} ← {column}" for field, column in layer.mapping.items())
        lines.append(say("intake.report.mapping", lang, pairs=pairs))
    if layer.replaced:
        lines.append(say("intake.report.replaced", lang, replaced=layer.replaced))
    return lines
