"""Whether anything in some folders has changed, asked on every rerun of the app and answered cheaply.

Comes in: folders. Goes out: a stamp that changes with them. Must not know: what the files hold.

A file that is put in place, taken away or renamed changes the time of its folder, so that looking at the folders is
enough; a file edited where it stands does not, so every file is looked at again after :data:`THOROUGH_S`.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Final

THOROUGH_S: Final = 30.0
Times = tuple[tuple[Path, int], ...]
Files = tuple[tuple[str, int, int], ...]


class Watch:
    """The stamps of folders, each set of folders looked at thoroughly once in :data:`THOROUGH_S` seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = Lock()
        self._seen: dict[tuple[Path, ...], tuple[float, Times, Files]] = {}

    def stamp(self, *folders: Path) -> Files:
        """Equal as long as no file in ``folders`` or below has changed."""
        now = self._clock()
        with self._guard:
            looked, quick, found = self._seen.get(folders, (-THOROUGH_S, (), ()))
            if now - looked < THOROUGH_S and all(_changed(path) == then for path, then in quick):
                return found
            # The folders themselves too: one that is not there yet may come.
            below = [Path(path) for folder in folders for path, _, _ in os.walk(folder)]
            directories = tuple(dict.fromkeys([*folders, *below]))
            quick = tuple((path, _changed(path)) for path in directories)
            found = tuple(file for path in directories for file in _files(path))
            self._seen[folders] = (now, quick, found)
            return found


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    found: list[os.DirEntry[str]] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        found = sorted(entries, key=lambda one: one.name)
    for entry in found:
        with contextlib.suppress(OSError):  # gone meanwhile, or a link to nothing
            if entry.is_file():
                told = entry.stat()
                yield entry.path, told.st_mtime_ns, told.st_size
