"""Attribute tables of Shapefiles, read byte by byte so that no guess about their text is hidden.

Comes in: the bytes of a ``.dbf`` and what its ``.cpg`` says. Goes out: columns of plain values.
Must not know: geometry.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UNZIPPED_BYTES_MAX
from xingu_geo.places.intake.encoding import (
    Guess,
    chosen_encoding,
    clean_text,
    dbf_language,
    decode_cell,
    guess_encoding,
    known_encoding,
)

_TEXT: Final = b"CMVXWT@DL"  # everything that is not a number is read as text; dates stay YYYYMMDD
_NUMBERS: Final = b"NFIOBY+"
_EXACT_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Dbf:
    """A decoded table: columns by name, rows marked deleted, how the text was read, how many cells were cut."""

    columns: Mapping[str, Sequence[object]]
    deleted: frozenset[int]
    rows: int
    guess: Guess
    cut: int


@dataclass(frozen=True, slots=True)
class _Field:
    name: bytes
    kind: bytes
    width: int
    start: int


def read_dbf(content: bytes, *, name: str, cpg: str = "", encoding: str | None = None) -> Dbf:
    """The table in ``content``.

    ``encoding`` is a person's choice and beats all; else ``cpg``, then the header's language byte, count as
    declarations that the text itself must bear out.

    Raises
    ------
    XinguError
        ``dbf_broken`` if the header or the number of records cannot be right, or an encoding refusal.
    """
    fields, rows, header, width = _header(content, name)
    body = content[header : header + rows * width]
    complete = len(body) // width
    cells = {field: _column(body, field, width, complete) for field in fields}
    declared = known_encoding(cpg) or dbf_language(content[29])
    pieces = [field.name for field in fields]
    pieces += [cell.rstrip(b" \x00") for field in fields if field.kind in _TEXT for cell in cells[field]]
    guess = Guess(chosen_encoding(encoding), is_sure=True) if encoding else guess_encoding(pieces, declared=declared)
    columns: dict[str, Sequence[object]] = {}
    cut = 0
    try:
        for field in fields:
            title = clean_text(decode_cell(field.name, guess.encoding)[0]) or f"column_{len(columns) + 1}"
            values, lost = _values(field, cells[field], guess.encoding)
            cut += lost
            columns[_different(title, columns)] = values
    except UnicodeDecodeError as error:
        raise XinguError("encoding_wrong", name=name, encoding=guess.encoding, place=error.start) from error
    deleted = frozenset(r for r in range(complete) if body[r * width : r * width + 1] == b"*")
    return Dbf(columns, deleted, complete, guess, cut)


def _header(content: bytes, name: str) -> tuple[list[_Field], int, int, int]:
    try:
        rows, header, width = struct.unpack_from("<IHH", content, 4)
        fields: list[_Field] = []
        place, start = 32, 1
        while place + 32 <= min(header, len(content)) and content[place] != 0x0D:
            kind = content[place + 11 : place + 12]
            size = content[place + 16]
            if kind == b"C":
                size += content[place + 17] << 8  # some programs write text wider than 255 this way
            fields.append(_Field(content[place : place + 11].split(b"\x00")[0], kind, size, start))
            place, start = place + 32, start + size
    except (struct.error, IndexError) as error:
        raise XinguError("dbf_broken", name=name) from error
    if width < 1 or header < 33 or header > len(content) or not fields or start > width:
        raise XinguError("dbf_broken", name=name)
    if rows * width > UNZIPPED_BYTES_MAX:
        raise XinguError("dbf_broken", name=name)
    return fields, rows, header, width


def _column(body: bytes, field: _Field, width: int, rows: int) -> list[bytes]:
    return [body[start : start + field.width] for start in range(field.start, field.start + rows * width, width)]


def _values(field: _Field, cells: Sequence[bytes], encoding: str) -> tuple[list[object], int]:
    if field.kind in _NUMBERS:
        return _numbers(cells), 0
    if field.kind == b"L":
        truth = {b"T": True, b"t": True, b"Y": True, b"y": True, b"F": False, b"f": False, b"N": False, b"n": False}
        return [truth.get(cell[:1]) for cell in cells], 0
    cut = 0
    words: list[object] = []
    for cell in cells:
        word, lost = decode_cell(cell.rstrip(b" \x00"), encoding)
        cut += lost
        words.append(clean_text(word) or None)
    return words, cut


def _numbers(cells: Sequence[bytes]) -> list[object]:
    """Numbers; a column whose digits a float would lose (18-digit parcel numbers) stays text."""
    texts = [cell.strip(b" \x00*").decode("ascii", errors="replace") for cell in cells]
    if any(len(text.lstrip("+-")) > _EXACT_DIGITS and text.lstrip("+-").isdigit() for text in texts):
        return [text or None for text in texts]
    return [_number(text) for text in texts]


def _number(text: str) -> float | int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(text) if text.lstrip("+-").isdigit() else value


def _different(title: str, taken: Mapping[str, object]) -> str:
    unique, again = title, 2
    while unique in taken:
        unique, again = f"{title}_{again}", again + 1
    return unique
