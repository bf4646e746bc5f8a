"""What intake found in a file: its layers, what is to be said of them, what was mended.

Comes in: figures and words. Goes out: carriers, their JSON, passports. Must not know: any format.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.catalogue.passport import Column, Geometry, Passport, Role, Topology
from xingu_geo.ground.catalogue.sources import source_key
from xingu_geo.ground.geo.datum import Datum
from xingu_geo.places.intake.intake_findings import Note, Repair, note_from_wire, note_to_wire


@dataclass(frozen=True, slots=True)
class Reading:
    """How one layer was read: from what, on which ground, as which letters, and what its bringer vouches for.

    ``mapping`` says which field came from which column, ``sample`` shows a few words as ``encoding`` reads them.
    ``fingerprint`` names the set of columns for which the mapping is remembered.
    """

    name: str
    format: str
    accuracy_m: float
    confidence: Confidence
    licence: str
    crs: str = "none"
    datum: Datum = "wgs84"
    encoding: str = ""
    sample: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class LayerFound:
    """One layer of a file as its passport will describe it, and how it was read.

    ``file`` is where it stands: in the worker's folder, later in the study's; ``crs`` is what it is in now.
    ``area_m2`` is 0 for lines and points.
    ``passport_file`` and ``replaced`` (the title of the layer that gave way) are known once it is kept.
    """

    role: Role
    title: Label
    geometry: Geometry
    topology: tuple[Topology, ...]
    file: Path
    features: int
    columns: tuple[Column, ...]
    read: Reading
    crs: str = "none"
    unplaced: int = 0
    area_m2: float = 0.0
    passport_file: Path = Path()
    replaced: str = ""

    @property
    def has_place(self) -> bool:
        """Whether the layer stands anywhere: a table does not."""
        return self.geometry != "table"

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns of the file: those that became a field first, then the rest under their own names."""
        rest = (column.name for column in self.columns if column.name not in (*self.read.mapping, "id"))
        return tuple(dict.fromkeys([*self.read.mapping.values(), *rest]))

    def plain(self) -> dict[str, object]:
        """What a reader of JSON is told."""
        return {
            "role": self.role,
            "name": self.read.name,
            "format": self.read.format,
            "file": str(self.file),
            "passport": str(self.passport_file),
            "replaced": self.replaced,
            "features": self.features,
            "unplaced": self.unplaced,
            "area_m2": self.area_m2,
            "crs": self.crs,
            "crs_found": self.read.crs,
            "datum_found": self.read.datum,
            "encoding": self.read.encoding,
            "sample": list(self.read.sample),
            "mapping": dict(self.read.mapping),
            "columns": [column.name for column in self.columns],
        }


@dataclass(frozen=True, slots=True)
class FileFound:
    """The layers of one file, and what is to be said of the whole."""

    layers: tuple[LayerFound, ...]
    notes: tuple[Note, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def __add__(self, other: FileFound) -> FileFound:
        """Both, one after the other."""
        return FileFound(self.layers + other.layers, self.notes + other.notes, self.repairs + other.repairs)


NOTHING_FOUND: Final = FileFound(())


def found_to_wire(found: FileFound) -> dict[str, object]:
    """What was found as JSON."""
    return {
        "layers": [_layers().dump_python(layer, mode="json") for layer in found.layers],
        "notes": [note_to_wire(note) for note in found.notes],
        "repairs": [asdict(repair) for repair in found.repairs],
    }


def found_from_wire(wire: Mapping[str, Any]) -> FileFound:
    """What was found from JSON; what is none is a ``ValueError``."""
    return FileFound(
        tuple(_layers().validate_python(layer) for layer in wire["layers"]),
        tuple(note_from_wire(note) for note in wire["notes"]),
        tuple(Repair(**repair) for repair in wire["repairs"]),
    )


@functools.cache
def _layers() -> TypeAdapter[LayerFound]:
    return TypeAdapter(LayerFound)


def passport_of(layer: LayerFound, *, source: str, old: Passport | None, today: dt.date) -> Passport:
    """The passport of ``layer``: the bringer's file is its source, its own accuracy what is known of it.

    Unless its bringer says otherwise it is ``inferred``, and as accurate as it lies on the trusted layer; if that
    could not be tested, 500 m, the error of a map shift that nobody noticed. The version's first number counts the
    layers that have filled the role in this folder.
    """
    facts = {"source": source, "crs": layer.read.crs, "datum": layer.read.datum, "encoding": layer.read.encoding}
    return Passport(
        id=layer.role,
        role=layer.role,
        title=layer.title,
        about=_label("intake.passport.about", source=source),
        path=layer.file.name,
        geometry=layer.geometry,
        crs=layer.crs,
        id_field="id",
        fields=layer.columns,
        features=layer.features,
        topology=layer.topology,
        licence=layer.read.licence,
        sources=(source_key(source),),
        valid_on=today,
        accessed_on=today,
        confidence=layer.read.confidence,
        positional_accuracy_m=layer.read.accuracy_m,
        lineage=_label(f"intake.passport.{'lineage' if layer.has_place else 'lineage_table'}", **facts),
        version=f"{int(old.version.split('.')[0]) + 1}.0.0" if old else "1.0.0",
    )


def _label(key: str, **facts: object) -> Label:
    return Label(zh=say(key, "zh", **facts), en=say(key, "en", **facts))
