"""A look at an upload: the doctor's report or the refusal, and which role the file seems made for.

Comes in: an upload, what its bringer said. Goes out: :class:`Look`. Must not know: widgets, where layers are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xingu_geo.doors.ui.kit.import_session import Said
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.settings import UPLOAD_BYTES_MAX
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.fields import RASTER_ROLE, guess_mapping, plain_header, read_fields
from xingu_geo.places.intake.receive import look
from xingu_geo.places.intake.sniff import require_file
from xingu_geo.study.workspace.own_layers import Upload

_COMMON: Final = frozenset({"id", "name_zh", "name_en"})
_KINDS: Final = {"polygon": "parcels", "line": "sewer_links", "point": "sewer_nodes"}
# Only the first bytes are looked at here; everything else about a file is found out in the killable worker.
_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_HINT: Final = re.compile(r"(EPSG:\d{4,6}|--swap-axes|gcj02|bd09)")


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

    def columns(self) -> list[str]:
        """The columns of the file, as far as the report tells them."""
        return [] if self.report is None or self.is_several else _columns(self.report)

    def hints(self, lang: Lang) -> list[str]:
        """What the refusal suggests to say: CRS codes, an exchange of axes, a datum."""
        return [] if self.refusal is None else list(dict.fromkeys(_HINT.findall(self.refusal.sentence(lang))))


def looked(upload: Upload, said: Said, *, into: Path | None) -> Look:
    """The look at ``upload``; a refusal is a finding too. Without a role said, the file is tried for what it seems."""
    with upload.on_disk() as file:
        try:
            require_file(file, bytes_max=UPLOAD_BYTES_MAX)
            if said.role or upload.content.startswith(_TIFF):
                return _once(file, said, said.role or RASTER_ROLE, into)
        except XinguError as refusal:
            return Look(said.role or _KINDS["polygon"], refusal=_told(refusal))
        return _guessed(file, said, into, stem=Path(upload.name).stem)


def _guessed(file: Path, said: Said, into: Path | None, *, stem: str) -> Look:
    """First as parcels; what turns out to be lines or points, as such; then for the role its columns speak for."""
    first = _once(file, said, _KINDS["polygon"], into)
    if first.refusal is not None and first.refusal.code == "shape_kind_wrong":
        found = str(first.refusal.facts["found"])
        first = _once(file, said, _KINDS["line" if "Line" in found else "point"], into)
    if first.report is None or first.is_several:
        return first
    seeming = seeming_role(_columns(first.report), stem, like=first.role)
    if seeming == first.role:
        return first
    better = _once(file, said, seeming, into)
    return better if better.report is not None else first


def seeming_role(columns: Sequence[str], stem: str, *, like: str) -> str:
    """The role with the geometry of ``like`` whose own fields the columns name most; its title in the file name helps.

    On a tie the role listed first in ``data/fields.toml`` (the parcels, among polygons).
    """
    spec = read_fields()
    named = plain_header(stem)

    def weight(role: str) -> int:
        about = spec.roles[role]
        own = set(guess_mapping(columns, about, spec)) - _COMMON
        is_named = any(plain_header(word) in named for word in (about.title.zh, about.title.en, role))
        return len(own) + 3 * is_named

    alike = [role for role, about in spec.roles.items() if about.geometry in (spec.roles[like].geometry, "any")]
    return max(alike, key=weight)


def _once(file: Path, said: Said, role: str, into: Path | None) -> Look:
    try:
        # Columns are named role by role: what was said for one role means nothing to another.
        known = said if said.role == role else replace(said, columns=_places(said))
        return Look(role, report=look(file, role=role, into=into, options=known.options()))
    except XinguError as refusal:
        return Look(role, refusal=_told(refusal))


def _told(refusal: XinguError) -> XinguError:
    """The same refusal without the traceback, which would keep everything the reader held in memory."""
    return XinguError(refusal.code, **refusal.facts)


def _places(said: Said) -> tuple[tuple[str, str], ...]:
    return tuple((field, column) for field, column in said.columns if field in {"x", "y", "wkt"})


def _columns(report: IntakeReport) -> list[str]:
    layer = report.layers[0]
    rest = [column for column in layer.columns if column not in layer.mapping]
    return list(dict.fromkeys([*layer.mapping.values(), *rest]))
