"""Unpacking without surprises: capped, flat, no links, no paths, names in whatever encoding they came.

Comes in: a zip file. Goes out: its members in a folder of ours. Must not know: what the members hold.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UNZIPPED_BYTES_MAX, ZIP_MEMBERS_MAX
from xingu_geo.places.intake.encoding import chosen_encoding, clean_text, guess_encoding

_BLOCK: Final = 1 << 20
_UTF8_FLAG: Final = 0x800
_IGNORED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The members of an archive: their original names → the plain files they were written to."""

    files: Mapping[str, Path]
    encoding: str

    def with_suffix(self, *suffixes: str) -> list[str]:
        """The names that end so, sorted."""
        return sorted(name for name in self.files if PurePosixPath(name).suffix.lower() in suffixes)


def unpack(path: Path, folder: Path, *, encoding: str | None = None) -> Unpacked:
    """The members of the zip at ``path``, written to ``folder`` under numbered names of our own.

    Raises
    ------
    XinguError
        ``zip_broken``, ``zip_locked``, ``zip_too_many``, ``zip_too_big`` (counted while unpacking, whatever the
        directory claims) or ``zip_unsafe`` (absolute path, ``..``, link).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(archive.infolist()) > ZIP_MEMBERS_MAX:
                raise XinguError("zip_too_many", members=len(archive.infolist()), limit=ZIP_MEMBERS_MAX)
            if sum(member.file_size for member in members) > UNZIPPED_BYTES_MAX:
                raise XinguError("zip_too_big", limit_mb=UNZIPPED_BYTES_MAX // 1_000_000)
            names, codec = member_names(members, encoding=encoding)
            return Unpacked(_extract(archive, dict(zip(names, members, strict=True)), folder), codec)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
        raise XinguError("zip_broken", detail=type(error).__name__) from error
    except (NotImplementedError, RuntimeError) as error:
        raise XinguError("zip_locked") from error


def member_names(members: Sequence[zipfile.ZipInfo], *, encoding: str | None = None) -> tuple[list[str], str]:
    """The members' names as they were meant, and the encoding of those that did not say UTF-8."""
    raw = [b"" if m.flag_bits & _UTF8_FLAG else m.orig_filename.encode("cp437") for m in members]
    codec = chosen_encoding(encoding) if encoding else guess_encoding(raw).encoding
    names: list[str] = []
    for member, piece in zip(members, raw, strict=True):
        try:
            name = piece.decode(codec) if piece else member.orig_filename
        except UnicodeDecodeError:
            name = member.orig_filename
        names.append(unicodedata.normalize("NFC", name.replace("\\", "/")))
    return names, codec


def _extract(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], folder: Path) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Path] = {}
    written = 0
    for number, (name, member) in enumerate(members.items()):
        _require_safe(name, member)
        if any(part in name for part in _IGNORED):
            continue
        if member.flag_bits & 0x1:
            raise XinguError("zip_locked")
        target = folder / f"{number:04d}.bin"
        with archive.open(member) as source, target.open("wb") as sink:
            while block := source.read(_BLOCK):
                written += len(block)
                if written > UNZIPPED_BYTES_MAX:
                    raise XinguError("zip_too_big", limit_mb=UNZIPPED_BYTES_MAX // 1_000_000)
                sink.write(block)
        files[name] = target
    return files


def _require_safe(name: str, member: zipfile.ZipInfo) -> None:
    parts = PurePosixPath(name).parts
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if is_link or ".." in parts or name.startswith("/") or (len(name) > 1 and name[1] == ":") or "\x00" in name:
        raise XinguError("zip_unsafe", member=clean_text(name)[:60])
