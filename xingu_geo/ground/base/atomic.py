"""Saving that never destroys: the old file stays whole until the new one is complete, on disk and readable.

Comes in: where to save, a writer, a reader that proves the result. Goes out: files, all of them or none.
Must not know: any format.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.errors import XinguError

Step = Callable[[Path], None]

_PREFIX: Final = ".xingu-saving-"
_STALE_SECONDS: Final = 86_400
_IS_WINDOWS: Final = os.name == "nt"
_WINDOWS_RETRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Saving:
    """One file to save: ``write`` fills the path it is given, ``read_back`` raises if that path cannot be read."""

    path: Path
    write: Step
    read_back: Step | None = None


def text_saving(path: Path, text: str) -> Saving:
    """``text`` to be saved as UTF-8, its line ends as they are, and read back equal."""

    def _write(file: Path) -> None:
        file.write_text(text, encoding="utf-8", newline="")

    def _same(file: Path) -> None:
        if file.read_bytes() != text.encode("utf-8"):
            raise OSError("what was written does not read back")

    return Saving(path, _write, _same)


def write_atomically(path: Path, write: Step, *, read_back: Step | None = None) -> None:
    """The file at ``path``, replaced as one step by what ``write`` produced; on any failure the old one is intact.

    ``write`` is handed a path with the same name in a fresh folder beside the target, so that formats which look at
    their own name or leave companions behind see what they expect. Then: fsync → ``read_back`` → ``os.replace`` →
    fsync of the folder.

    Raises
    ------
    XinguError
        ``disk_full``, ``save_failed``, ``save_unreadable`` (``read_back`` failed) or ``save_target_busy`` (Windows:
        another program holds the file).
    """
    write_set_atomically([Saving(path, write, read_back)])


def write_set_atomically(savings: Sequence[Saving]) -> None:
    """Several files of one folder, all or none: nothing is replaced before every one is written and read back.

    Files are replaced in the order given, so the one whose presence means "complete" comes last. If a replacement
    fails, those already made are taken back; only a power cut between two replacements can leave them apart.
    """
    targets = [Path(os.path.realpath(saving.path)) for saving in savings]
    folders = {target.parent for target in targets}
    if len(folders) != 1 or len({target.name for target in targets}) != len(targets):
        raise ValueError("a set of files is saved into one folder, each under its own name")
    folder = folders.pop()
    _sweep(folder)
    with _making(folder, targets[-1].name) as making:
        for saving, target in zip(savings, targets, strict=True):
            _write_one(saving, making / target.name)
        _replace_all([(making / target.name, target) for target in targets])
    _sync_folder(folder)


@contextlib.contextmanager
def _making(folder: Path, name: str) -> Iterator[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    except OSError as error:
        raise _save_error(error, name) from error
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _write_one(saving: Saving, path: Path) -> None:
    try:
        saving.write(path)
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
    except XinguError:
        raise
    except Exception as error:  # every format library raises its own; the sentence is the same for all
        raise _save_error(error, saving.path.name) from error
    if saving.read_back is None:
        return
    try:
        saving.read_back(path)
    except XinguError:
        raise
    except Exception as error:
        raise XinguError("save_unreadable", file=saving.path.name, detail=_detail(error)) from error


def _replace_all(moves: Sequence[tuple[Path, Path]]) -> None:
    undo: list[tuple[Path | None, Path]] = []
    try:
        for made, target in moves:
            kept = _keep(target, made.parent) if len(moves) > 1 else None
            if target.exists():
                shutil.copymode(target, made)
            _replace(made, target)
            undo.append((kept, target))
    except OSError as error:
        for kept, target in reversed(undo):
            with contextlib.suppress(OSError):
                target.unlink() if kept is None else kept.replace(target)
        code = "save_target_busy" if isinstance(error, PermissionError) else "save_failed"
        raise XinguError(code, file=moves[-1][1].name, detail=_detail(error)) from error


def _keep(target: Path, beside: Path) -> Path | None:
    """A second name for the old file, from which a set that fails half-way is taken back."""
    if not target.exists():
        return None
    kept = beside / f"{target.name}.old"
    try:
        os.link(target, kept)
    except OSError:
        shutil.copy2(target, kept)
    return kept


def _replace(made: Path, target: Path) -> None:
    for attempt in range(_WINDOWS_RETRIES):
        try:
            made.replace(target)
        except PermissionError:
            # Virus scanners and previewers hold a file open for a moment; elsewhere the refusal is final.
            if not _IS_WINDOWS or attempt == _WINDOWS_RETRIES - 1:
                raise
            time.sleep(0.05)
        else:
            return


def _sync_folder(folder: Path) -> None:
    if _IS_WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Take away what a killed process left more than a day ago."""
    if not folder.is_dir():
        return
    for left in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _save_error(error: Exception, name: str) -> XinguError:
    number = getattr(error, "errno", None)
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return XinguError("disk_full", file=name)
    return XinguError("save_failed", file=name, detail=_detail(error))


def _detail(error: Exception) -> str:
    text = " ".join(str(error).split())[:120]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
