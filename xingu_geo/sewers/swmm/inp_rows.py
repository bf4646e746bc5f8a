"""The text of an ``.inp`` as rows by section, guarded against files that are none.

Comes in: bytes nobody vouches for. Goes out: :class:`Inp`. Must not know: what a section means.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.digest import digest_bytes
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UPLOAD_BYTES_MAX, UPLOAD_FEATURES_MAX

RECORD: Final = ";;xingu_geo "
# Section names by the letters SWMM itself looks at; the file may write them in full or not.
_SECTIONS: Final = {
    name[:4]: name
    for name in (
        "OPTIONS",
        "JUNCTIONS",
        "OUTFALLS",
        "STORAGE",
        "DIVIDERS",
        "CONDUITS",
        "PUMPS",
        "ORIFICES",
        "WEIRS",
        "OUTLETS",
        "XSECTIONS",
        "TRANSECTS",
        "STREETS",
        "LOSSES",
        "CURVES",
        "DWF",
        "INFLOWS",
        "PATTERNS",
        "COORDINATES",
        "VERTICES",
    )
}
# Only whether there is any of it matters: rain, its runoff and everything that rests on it stay out of dry weather.
_COUNTED: Final = {
    name[:4]: name for name in ("SUBCATCHMENTS", "RDII", "CONTROLS", "GROUNDWATER", "LID_USAGE", "HYDROGRAPHS")
}
_TEMPLATE: Final = re.compile(r"\{\{|\$\{|<%|%\(|@@|\$\w+|^%\w+%$|^<\w+>$|^\{\w*\}$")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, and its number in the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inp:
    """An ``.inp`` as rows by section.

    ``counted`` says how many lines the file spends on what has no place in dry weather; ``records`` are the rows of
    a network that we wrote into comments ourselves, ``is_edited`` whether anything else of the file changed since.
    """

    name: str
    sections: Mapping[str, tuple[Row, ...]]
    counted: Mapping[str, int]
    records: tuple[Mapping[str, object], ...]
    is_edited: bool = False

    def rows(self, section: str) -> tuple[Row, ...]:
        """The rows of ``section``, none if the file has no such section."""
        return self.sections.get(section, ())

    def number(self, section: str, row: Row, at: int, default: float | None = None) -> float:
        """Cell ``at`` of ``row`` as a number; ``default`` where the row is shorter.

        Raises
        ------
        XinguError
            ``inp_template`` (a placeholder nobody filled), ``inp_number``, ``inp_short``.
        """
        if at >= len(row.cells):
            if default is not None:
                return default
            raise XinguError("inp_short", file=self.name, section=section, line=row.line)
        cell = row.cells[at]
        try:
            number = float(cell)
        except ValueError:
            code = "inp_template" if _TEMPLATE.search(cell) else "inp_number"
            raise XinguError(code, file=self.name, section=section, line=row.line, found=cell[:40]) from None
        if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is what differs from itself
            raise XinguError("inp_number", file=self.name, section=section, line=row.line, found=cell[:40])
        return number

    def text(self, section: str, row: Row, at: int, default: str | None = None) -> str:
        """Cell ``at`` of ``row``; ``default`` where the row is shorter; raises ``inp_short``."""
        if at < len(row.cells):
            return row.cells[at]
        if default is None:
            raise XinguError("inp_short", file=self.name, section=section, line=row.line)
        return default


def open_inp(path: Path) -> Inp:
    """The sections of the file at ``path``.

    Raises
    ------
    XinguError
        ``file_missing``, ``file_unreadable``, ``inp_too_big``, ``inp_not_text``, ``inp_no_sections``.
    """
    try:
        size = path.stat().st_size
        if size > UPLOAD_BYTES_MAX:
            raise XinguError("inp_too_big", file=path.name, megabytes=f"{UPLOAD_BYTES_MAX / 1e6:g}")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise XinguError("file_missing", file=path.name, folder=path.parent) from error
    except OSError as error:
        raise XinguError("file_unreadable", file=path.name, detail=type(error).__name__) from error
    return inp_of(data, name=path.name)


def inp_of(data: bytes, *, name: str) -> Inp:
    """The sections of ``data``; refusals as :func:`open_inp`."""
    text = _decoded(data, name)
    rows: dict[str, list[Row]] = {}
    counted: dict[str, int] = {}
    records: list[Mapping[str, object]] = []
    section, kept = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(RECORD):
            records += _record(line)
        plain = line.split(";", 1)[0].strip()
        if plain.startswith("["):
            section = plain[1:5].rstrip("]").upper()
        elif plain and section in _SECTIONS and (cells := _cells(plain)):
            rows.setdefault(_SECTIONS[section], []).append(Row(number, cells))
            kept += 1
        elif plain and section in _COUNTED:
            counted[_COUNTED[section]] = counted.get(_COUNTED[section], 0) + 1
        if kept > 10 * UPLOAD_FEATURES_MAX:
            raise XinguError("inp_too_long", file=name, lines=10 * UPLOAD_FEATURES_MAX)
    if not rows:
        raise XinguError("inp_no_sections", file=name)
    digest = next((record.get("digest") for record in records if record.get("is") == "file"), None)
    is_edited = bool(records) and digest != digest_of_text(text)
    return Inp(name, {key: tuple(value) for key, value in rows.items()}, counted, tuple(records), is_edited)


def digest_of_text(text: str) -> str:
    """The digest of everything in an ``.inp`` but blank lines and comments."""
    lines = (line.split(";", 1)[0].strip() for line in text.splitlines())
    return digest_bytes("\n".join(line for line in lines if line).encode("utf-8", "surrogatepass"))


def _decoded(data: bytes, name: str) -> str:
    if b"\x00" in data[:4096] or data[:4] in (b"PK\x03\x04", b"SQLi"):
        raise XinguError("inp_not_text", file=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Every byte is a letter of Latin-1: names may read wrong, the network does not.
    return data.decode("latin-1")


def _cells(line: str) -> tuple[str, ...]:
    if '"' not in line:
        return tuple(line.split())
    try:
        return tuple(shlex.split(line, posix=True, comments=False))
    except ValueError:
        return tuple(line.replace('"', " ").split())


def _record(line: str) -> list[Mapping[str, object]]:
    try:
        record = json.loads(line[len(RECORD) :])
    except (ValueError, RecursionError):
        return []
    if not isinstance(record, dict):
        return []
    return [{key: value for key, value in record.items() if isinstance(value, (str, int, float))}]
