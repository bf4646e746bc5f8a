"""What was computed once, kept on disk for the next start: found by what made it, and proven on every read.

Comes in: a key made of all that a value depends on, and bytes or a packable value. Goes out: the same, or None for
"make it again". Must not know: what is kept. Nothing here ever fails for a full, read-only, broken or shared disk.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar

import xingu_geo
from xingu_geo.ground.base.digest import digest_all, digest_bytes, digest_file, digest_value
from xingu_geo.ground.base.packed import pack, unpack

T = TypeVar("T")

BYTES_MAX: Final = 500_000_000
TOUCH_SECONDS: Final = 600  # a read renews an entry's time at most this often
STALE_SECONDS: Final = 3600  # what a killed process left behind is older than this

_MARK: Final = b"XGKEPT1\n"
_HEAD: Final = len(_MARK) + 32 + 32  # mark, key, SHA-256 of the content
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_ENTRY: Final = re.compile(r"[0-9a-f]{64}\.kept")
_ROOM: Final = re.compile(r"[0-9a-f]{2}")
_MAKING: Final = ".making-"
_ROOM_AFTER: Final = 0.9  # of the bound, once it was exceeded
_SCAN_AFTER: Final = 0.05  # of the bound, written since the last scan: others write here too
# What numbers and shapes are computed with, and maps drawn. Their records name, with digests, the GEOS, PROJ and GDAL
# in their wheels.
_LIBRARIES: Final = (
    "numpy", "scipy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "rasterio", "folium", "branca",
)  # fmt: skip
_SOURCES: Final = frozenset({".py", ".toml", ".css", ".js"})


def cache_dir() -> Path | None:
    """Where entries are kept: ``XINGU_GEO_CACHE``, else a folder in the user's cache folder, which need not exist.

    None, where that variable is empty or ``off``, or the user has no home: nothing is kept then.
    """
    chosen = os.environ.get("XINGU_GEO_CACHE")
    if chosen is not None:
        return None if chosen.strip().lower() in {"", "off"} else Path(chosen)
    try:
        return _user_cache_dir()
    except RuntimeError:  # Path.home() where there is none
        return None


def _user_cache_dir() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "xingu_geo" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "xingu_geo"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xingu_geo"


def key_of(*parts: object) -> str:
    """The key of what is computed from ``parts`` by this very program.

    Parameters
    ----------
    parts
        All that the value depends on: None, bool, int, float, str, and lists, tuples and dicts (str keys, any order)
        of them. A tuple counts as the list of its parts. Give bytes, files and frames by their digest.

    Returns
    -------
    str
        64 hexadecimal digits; others when a part or :func:`code_version` differs.

    Raises
    ------
    TypeError
        For anything else: its text might not tell two values apart.
    """
    for part in parts:
        _require_plain(part)
    return digest_value([code_version(), *parts])


def _require_plain(part: object) -> None:
    if isinstance(part, dict):
        for name, each in part.items():
            if not isinstance(name, str):
                raise TypeError(f"a key's dict has a name that is a {type(name).__name__}")
            _require_plain(each)
    elif isinstance(part, list | tuple):
        for each in part:
            _require_plain(each)
    elif part is not None and not isinstance(part, bool | int | float | str):
        raise TypeError(f"a key cannot be made of a {type(part).__name__}")


@functools.cache
def code_version() -> str:
    """Digest of the program: its own files, Python, and the libraries it computes with. Read once for a process."""
    package = Path(xingu_geo.__path__[0])
    names = {
        path.relative_to(package).as_posix(): path
        for path in package.rglob("*")
        # What is shipped beside the program is data: whoever reads it has it in the key.
        if path.suffix in _SOURCES and path.relative_to(package).parts[0] != "shipped"
    }
    files = [digest_value([name, digest_file(names[name])]) for name in sorted(names)]
    conda = sorted(path.name for path in Path(sys.prefix, "conda-meta").glob("*.json"))  # there GEOS is apart
    below = [sys.version, platform.machine(), conda, *map(_library, _LIBRARIES)]
    return digest_all([*files, digest_value(below)])


def _library(name: str) -> list[str]:
    """Name, version, and a digest of the list of installed files, which names the libraries in C that came along."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return [name]
    return [name, found.version, digest_bytes((found.read_text("RECORD") or "").encode())]


@dataclass(frozen=True, slots=True)
class Info:
    """How much is kept: the folder (None: nothing is), how many entries, their bytes on disk, and the bound."""

    folder: Path | None
    entries: int
    bytes: int
    bytes_max: int


class _File(NamedTuple):
    """One file of ours, as found; ``used`` in seconds since 1970."""

    path: Path
    used: float
    size: int
    is_entry: bool


class Store:
    """A cache on disk that many processes share without locks: a file is whole or not there, and says what it is.

    Each entry is a file with its key and a SHA-256 in its head. One that is cut short, altered, or not of its
    key is removed and counts as not there. When entries exceed the bound, those used least recently go.

    Parameters
    ----------
    folder
        Where; made when first written to, for the user alone. None keeps nothing.
    bytes_max
        The bound in bytes. While several processes write, each may be beyond it by a twentieth.
    """

    def __init__(self, folder: Path | None, bytes_max: int = BYTES_MAX) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._guard = Lock()
        self._total: int | None = None  # as of the last scan and what this process wrote since; None: never scanned
        self._since_scan = 0

    def once(self, key: str, make: Callable[[], T]) -> T:
        """The value kept under ``key``, or else made, and kept for the next time.

        Parameters
        ----------
        key
            From :func:`key_of`.
        make
            Makes the value, of a type that :func:`xingu_geo.ground.base.packed.pack` takes.

        Returns
        -------
        T
            What ``make`` returned, now or in an earlier process.

        Raises
        ------
        TypeError
            If the value cannot be packed.
        Exception
            Whatever ``make`` raises; nothing is kept then.
        """
        found: T | None = self.get(key)
        if found is not None:
            return found
        value = make()
        self.put(key, value)
        return value

    @property
    def is_on(self) -> bool:
        """Whether anything is kept at all."""
        return self._folder is not None

    def get(self, key: str) -> Any | None:
        """The value kept under ``key``; None if there is none, or if it cannot be made out."""
        content = self.read(key)
        if content is not None:
            with contextlib.suppress(ValueError):  # whole, but of no use: whoever asks makes it anew
                return unpack(content)
        return None

    def put(self, key: str, value: object) -> None:
        """Keep ``value`` under ``key``; raises ``TypeError`` where it cannot be packed."""
        if self.is_on:
            self.write(key, pack(value))

    def read(self, key: str) -> bytes | None:
        """The content kept under ``key``; None if there is none or it cannot be proven to be what was written.

        Raises
        ------
        ValueError
            If ``key`` is not 64 hexadecimal digits.
        """
        path = self._path(key)
        if path is None:
            return None
        try:
            with path.open("rb") as stream:
                status = os.fstat(stream.fileno())
                raw = stream.read() if status.st_size <= self._bytes_max else b""
        except (OSError, MemoryError):
            return None
        content = raw[_HEAD:]
        if raw[:_HEAD] != _head(key, content):
            _remove(path)
            return None
        if time.time() - status.st_mtime > TOUCH_SECONDS:
            with contextlib.suppress(OSError):
                os.utime(path)
        return content

    def write(self, key: str, content: bytes) -> None:
        """Keep ``content`` under ``key``, unless it is larger than the bound or the disk refuses: then nothing changes.

        Raises
        ------
        ValueError
            If ``key`` is not 64 hexadecimal digits.
        """
        path = self._path(key)
        size = _HEAD + len(content)
        if path is None or size > self._bytes_max:
            return
        making = path.with_name(f"{_MAKING}{os.getpid()}-{secrets.token_hex(8)}")
        try:
            path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _write_new(making, _head(key, content), content)
            making.replace(path)
        except OSError:  # on Windows also: someone is reading the old file
            return
        finally:
            _remove(making)
        self._count(size, path)

    def info(self) -> Info:
        """How much is kept now."""
        entries = [file.size for file in self._files() if file.is_entry]
        return Info(self._folder, len(entries), sum(entries), self._bytes_max)

    def clear(self) -> Info:
        """Remove every entry, and nothing that is not ours; returns how much was removed."""
        removed = [file.size for file in list(self._files()) if _remove(file.path) and file.is_entry]
        for room in self._rooms():
            with contextlib.suppress(OSError):  # something else lies there
                room.rmdir()
        with self._guard:
            self._total = None
        return Info(self._folder, len(removed), sum(removed), self._bytes_max)

    def _path(self, key: str) -> Path | None:
        if not _KEY.fullmatch(key):
            raise ValueError("a key is 64 hexadecimal digits, as key_of makes them")
        return None if self._folder is None else self._folder / key[:2] / f"{key}.kept"

    def _rooms(self) -> list[Path]:
        """The sub-folders that may hold entries."""
        rooms: list[Path] = []
        if self._folder is not None:
            with contextlib.suppress(OSError), os.scandir(self._folder) as found:
                rooms += [Path(one.path) for one in found if _ROOM.fullmatch(one.name) and one.is_dir()]
        return rooms

    def _files(self) -> Iterator[_File]:
        for room in self._rooms():
            with contextlib.suppress(OSError), os.scandir(room) as found:
                for file in found:
                    is_entry = _ENTRY.fullmatch(file.name) is not None and file.name[:2] == room.name
                    if is_entry or file.name.startswith(_MAKING):
                        with contextlib.suppress(OSError):
                            status = file.stat(follow_symlinks=False)
                            if stat.S_ISREG(status.st_mode):
                                yield _File(Path(file.path), status.st_mtime, status.st_size, is_entry)

    def _count(self, size: int, written: Path) -> None:
        """Note what was written; look at the folder only when it may have grown beyond the bound."""
        with self._guard:
            if self._total is not None:
                self._total += size
                self._since_scan += size
                if self._total <= self._bytes_max and self._since_scan <= self._bytes_max * _SCAN_AFTER:
                    return
            self._total = self._make_room(written)
            self._since_scan = 0

    def _make_room(self, written: Path) -> int:
        """Remove what is stale and, beyond the bound, what was used least recently; returns the bytes that stay."""
        entries = []
        for file in self._files():
            if file.is_entry:
                entries.append(file)
            elif time.time() - file.used > STALE_SECONDS:
                _remove(file.path)
        total = sum(file.size for file in entries)
        if total <= self._bytes_max:
            return total
        for file in sorted(entries, key=lambda file: file.used):
            if total <= self._bytes_max * _ROOM_AFTER:
                break
            if file.path != written:
                _remove(file.path)
                total -= file.size
        return total


def _head(key: str, content: bytes) -> bytes:
    return _MARK + bytes.fromhex(key) + hashlib.sha256(content).digest()


def _write_new(path: Path, *parts: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(handle, "wb") as stream:  # noqa: PTH123  # a handle, not a path
        for part in parts:
            stream.write(part)


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
