"""The same question once more: what was written and said for it is taken from disk, to the last byte.

Comes in: what was typed. Goes out: files by name and lines, kept by all they depend on. Must not know: any computation.

Only the ground floor is imported here: to find an answer that is kept, no library of geometry need be loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import typer

from xingu_geo.doors.cli.asked import Asked
from xingu_geo.ground.base.atomic import text_saving, write_set_atomically
from xingu_geo.ground.base.digest import digest_file
from xingu_geo.ground.base.settings import data_dir, language, layers_dir
from xingu_geo.ground.base.store import Store, cache_dir, key_of

Answer = tuple[Mapping[str, str], Sequence[str]]
FOLDER: Final = Path("\0folder\0")  # stands in a line for the folder written into, which may be another the next time


def answered_once(command: str, asked: Asked, *options: object, folder: Path, answer: Callable[[], Answer]) -> None:
    """Write the files of ``answer`` into ``folder`` and say its lines; asked before, it is not worked out again.

    Parameters
    ----------
    command, asked, options
        All that the answer depends on, beside the layers and tables, which are looked at byte by byte.
    answer
        Makes the files, text by name, in the order in which they are put in place, and the lines, in which
        :data:`FOLDER` stands for ``folder``.
    """
    store = Store(cache_dir())
    key = _key(command, asked, options) if store.is_on else None
    kept = store.get(key) if key else None
    if kept is None:
        files, lines = answer()
        if key and key == _key(command, asked, options):  # else a file was changed meanwhile
            store.put(key, {"files": dict(files), "lines": list(lines)})
    else:
        files, lines = kept["files"], kept["lines"]
    write_set_atomically([text_saving(folder / name, text) for name, text in files.items()])
    for line in lines:
        typer.echo(line.replace(str(FOLDER), str(folder)))


def _key(command: str, asked: Asked, options: Sequence[object]) -> str | None:
    """Of all that has a say; None where that cannot be told."""
    typed = {name: str(value) for name, value in asdict(asked).items() if value is not None}
    try:
        return key_of(command, language(), typed, [str(one) for one in options], _inputs(asked))
    except OSError:  # a file that may not be read, or comes and goes
        return None


def _inputs(asked: Asked) -> list[list[str]]:
    """Every file that may have a say, with its digest."""
    folders = [asked.layers or layers_dir(), data_dir(), *([asked.my_layers] if asked.my_layers else [])]
    found = [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in found:
        if path.is_symlink() and path.is_dir():
            raise OSError(f"nobody looked behind {path}")
    found += [asked.study] if asked.study else []
    return [[str(path), digest_file(path)] for path in found if path.is_file()]
