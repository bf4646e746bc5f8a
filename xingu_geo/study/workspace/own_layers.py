"""Own layers on disk: sets that never change, each a folder with a name nobody can guess.

Comes in: a set, an upload, what its bringer says. Goes out: the next set. Must not know: sessions, widgets.

A change makes a new set and leaves the old one as it was. So two readers who opened one link never write into the same
folder, undoing is going back to the set before, and whatever hangs on a set may be cached for ever.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyproj import CRS

from xingu_geo.ground.base.digest import digest_bytes
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import workspace_dir
from xingu_geo.ground.catalogue.read import Catalogue, entries_in, open_catalogue
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.intake.receive import intake

NONE: Final = ""
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_BEFORE: Final = "before.txt"
_NAME_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a browser sends it."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """Of name and content."""
        return digest_bytes(self.name.encode() + b"\x00" + self.content)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The upload as a file of its own name, alone in a folder, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="xingu_geo_upload_") as folder:
            file = Path(folder) / _plain_name(self.name)
            file.write_bytes(self.content)
            yield file


def folder_of(token: str) -> Path | None:
    """The folder of a set; None for no set, for what is no token, and for one that is gone."""
    if not _TOKEN.fullmatch(token):
        return None
    folder = _sets() / token
    return folder if folder.is_dir() else None


def own_catalogue(token: str, *, crs: str | CRS) -> Catalogue | None:
    """The layers of a set in the working CRS ``crs``; None where it has none."""
    folder = folder_of(token)
    return open_catalogue(folder, crs=crs) if folder is not None and _passports(folder) else None


def stamp(token: str) -> tuple[tuple[str, str], ...]:
    """Role and digest of each layer of a set: all that a result can depend on."""
    folder = folder_of(token)
    return () if folder is None else _digests(folder)


def before(token: str) -> str:
    """The set this one was made from, ``""`` for the first."""
    folder = folder_of(token)
    told = "" if folder is None else (folder / _BEFORE).read_text(encoding="utf-8")
    return told if folder_of(told) else NONE


def with_layer(token: str, upload: Upload, *, role: str, options: Options) -> tuple[str, IntakeReport]:
    """The next set, in which ``upload`` fills ``role``, and the report on it.

    Raises
    ------
    XinguError
        Every refusal of ``intake``, ``workspace_unwritable``; no set has changed then.
    """
    with upload.on_disk() as file, _next_set(token) as (following, folder):
        report = intake(file, role=role, into=folder, options=options)
        _tidy(folder)
    return following, report


def without_layer(token: str, *, role: str) -> str:
    """The next set, without the layer of ``role``: the one underneath shows again."""
    with _next_set(token) as (following, folder):
        entries_in(folder)[role].passport_file.unlink()
        _tidy(folder)
    return following


@contextmanager
def _next_set(token: str) -> Iterator[tuple[str, Path]]:
    """A copy of the set under a new token; it appears whole, or not at all."""
    following, present = secrets.token_hex(16), folder_of(token)
    try:
        _sets().mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix="part-", dir=_sets()))
        if present is not None:
            shutil.copytree(present, part, dirs_exist_ok=True)
        (part / _BEFORE).write_text(token if present is not None else NONE, encoding="utf-8")
    except OSError as error:
        raise XinguError("workspace_unwritable", folder=workspace_dir(), detail=type(error).__name__) from error
    try:
        yield following, part
        part.rename(_sets() / following)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Drop what no passport names any more; the set before still has it."""
    kept = {entry.file for entry in entries_in(folder).values()} if _passports(folder) else set()
    for file in folder.iterdir():
        is_layer = file.suffix in {".gpkg", ".tif", ".csv"}
        if file.suffix == ".replaced" or (is_layer and file not in kept):
            file.unlink()


def _passports(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.toml")) if file.name != "sources.toml"]


@lru_cache(maxsize=256)
def _digests(folder: Path) -> tuple[tuple[str, str], ...]:
    entries = entries_in(folder) if _passports(folder) else {}
    return tuple((role, entries[role].digest) for role in sorted(entries))


def _sets() -> Path:
    return workspace_dir() / "own_layers"


def _plain_name(name: str) -> str:
    """``name`` as a file name of any system, not too long, its ending kept."""
    plain = re.sub(r"[^\w\-. ]", "_", Path(name.replace("\\", "/")).name).strip(". ") or "file"
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:_NAME_MAX]}.{ending[:12]}" if dot else plain[:_NAME_MAX]
