"""A look at an upload: the doctor's report or the refusal, and which role the file seems made for.

Comes in: an upload, what its bringer said. Goes out: :class:`Look`. Must not know: widgets, where layers are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from xingu_geo.doors.ui.kit.import_session import Said
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UPLOAD_BYTES_MAX
from xingu_geo.ground.catalogue.passport import Geometry
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.fields import FieldsSpec, guess_mapping, plain_header
from xingu_geo.places.intake.intake_findings import Suggestion
from xingu_geo.places.intake.receive import look
from xingu_geo.places.intake.sniff import require_file
from xingu_geo.places.place.tables import Tables
from xingu_geo.study.workspace.own_layers import Upload

_COMMON: Final = frozenset({"id", "name_zh", "name_en"})
_KINDS: Final = {"polygon": "parcels", "line": "sewer_links", "point": "sewer_nodes"}
# Only the first bytes are looked at here; everything else about a file is found out in the killable worker.
_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an upload found: a report, or a refusal; ``role`` is the one it was looked at for."""

    role: str
    report: IntakeReport | None = None
    refusal: XinguError | None = None

    @property
    def is_passing(self) -> bool:
        """Whether another try may end otherwise: a busy machine is not the file's fault."""
        return self.refusal is not None and self.refusal.code in {"import_timeout", "import_crashed", "import_memory"}

    @property
    def is_several(self) -> bool:
        """Whether the file itself says which roles its layers fill (a SWMM file)."""
        return self.report is not None and len(self.report.layers) > 1

    @property
    def columns(self) -> list[str]:
        """The columns of a refused table of which none tells a place."""
        return self._fact("columns")

    @property
    def suggestions(self) -> list[Suggestion]:
        """What the refusal suggests to say."""
        return self._fact("suggestions")

    def _fact(self, name: str) -> list[Any]:
        told = None if self.refusal is None else self.refusal.facts.get(name)
        return told if isinstance(told, list) else []


@dataclass(frozen=True, slots=True)
class _Trial:
    """A file to try for one role after the other."""

    file: Path
    said: Said
    tables: Tables
    into: Path | None

    def once(self, role: str) -> Look:
        # Columns are named role by role: what was said for one role means nothing to another.
        said = self.said if self.said.role == role else replace(self.said, columns=_places(self.said))
        try:
            return Look(role, report=look(self.file, role=role, into=self.into, options=said.options(self.tables)))
        except XinguError as refusal:
            return Look(role, refusal=_told(refusal))


def looked(upload: Upload, said: Said, tables: Tables, *, into: Path | None) -> Look:
    """The look at ``upload``; a refusal is a finding too. Without a role said, the file is tried for what it seems."""
    with upload.on_disk() as file:
        try:
            require_file(file, bytes_max=UPLOAD_BYTES_MAX)
            trial = _Trial(file, said, tables, into)
            if said.role or upload.content.startswith(_TIFF):
                return trial.once(said.role or tables.fields.roles_of("raster")[0])
        except XinguError as refusal:
            return Look(said.role or _KINDS["polygon"], refusal=_told(refusal))
        return _guessed(trial, stem=Path(upload.name).stem)


def _guessed(trial: _Trial, *, stem: str) -> Look:
    """First as parcels; what turns out to be lines, points or a table, as such; then for the role its columns name."""
    first, spec = trial.once(_KINDS["polygon"]), trial.tables.fields
    if first.columns and not trial.said.columns:
        table = seeming_role(first.columns, stem, spec, like="table")
        return trial.once(table) if _own_fields(first.columns, table, spec) else first
    if first.refusal is not None and first.refusal.code == "shape_kind_wrong":
        found = str(first.refusal.facts["found"])
        first = trial.once(_KINDS["line" if "Line" in found else "point"])
    if first.report is None or first.is_several:
        return first
    seeming = seeming_role(first.report.layers[0].file_columns, stem, spec, like=spec.roles[first.role].geometry)
    if seeming == first.role:
        return first
    better = trial.once(seeming)
    return better if better.report is not None else first


def seeming_role(columns: Sequence[str], stem: str, spec: FieldsSpec, *, like: Geometry) -> str:
    """The role of this geometry whose own fields the columns name most; its title in the file name helps.

    On a tie the role listed first in ``data/fields.toml`` (the parcels, among polygons).
    """
    named = plain_header(stem)

    def weight(role: str) -> int:
        about = spec.roles[role]
        is_named = any(plain_header(word) in named for word in (about.title.zh, about.title.en, role))
        return len(_own_fields(columns, role, spec)) + 3 * is_named

    placed = () if like == "table" else spec.roles_of("any")
    roles: list[str] = [*spec.roles_of(like), *placed]
    return max(roles, key=weight)


def _own_fields(columns: Sequence[str], role: str, spec: FieldsSpec) -> set[str]:
    """The fields that the columns name and not every role has."""
    return set(guess_mapping(columns, spec.roles[role], spec)) - _COMMON


def _told(refusal: XinguError) -> XinguError:
    """The same refusal without the traceback, which would keep everything the reader held in memory."""
    return XinguError(refusal.code, **refusal.facts)


def _places(said: Said) -> tuple[tuple[str, str], ...]:
    return tuple((field, column) for field, column in said.columns if field in {"x", "y", "wkt"})
