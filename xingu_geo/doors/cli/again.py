"""The same question once more: what was written and said for it is taken from disk, to the last byte.

Comes in: what was typed. Goes out: files by name and lines, kept by all they depend on. Must not know: any computation.

Only the ground floor is imported here: to find an answer that is kept, no library of geometry need be loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from xingu_geo.doors.cli.asked import Asked
from xingu_geo.ground.base.atomic import text_saving, write_set_atomically
from xingu_geo.ground.base.digest import digest_file
from xingu_geo.ground.base.settings import data_dir, language, layers_dir
from xingu_geo.ground.base.store import Store, cache_dir, key_of

Answer = tuple[Mapping[str, str], Sequence[str]]


def answered_once(command: str, asked: Asked, *options: object, folder: Path, answer: Callable[[], Answer]) -> None:
    """Write the files of ``answer`` into ``folder`` and say its lines; asked before, it is not worked out again.

    Parameters
    ----------
    command, asked, options
        All that the answer depends on, beside the layers and tables, which are looked at byte by byte.
    answer
        Makes the files, text by name, in the order in which they are put in place, and the lines.
    """
    store = Store(cache_dir())
    key = (
        key_of(command, language(), _plain(asked), [str(one) for one in options], _inputs(asked)) if store.is_on else ""
    )
    kept = store.get(key) if store.is_on else None
    if kept is None:
        files, lines = answer()
        store.put(key, {"files": dict(files), "lines": list(lines)})
    else:
        files, lines = kept["files"], kept["lines"]
    write_set_atomically([text_saving(folder / name, text) for name, text in files.items()])
    for line in lines:
        typer.echo(line)


def _plain(asked: Asked) -> dict[str, object]:
    return {name: str(typed) for name, typed in asdict(asked).items() if typed is not None}


def _inputs(asked: Asked) -> list[list[str]]:
    """Every file that may have a say, with its digest."""
    folders = [asked.layers or layers_dir(), data_dir(), *([asked.my_layers] if asked.my_layers else [])]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    files += [asked.study] if asked.study and asked.study.is_file() else []
    return [[str(file), digest_file(file)] for file in files]
