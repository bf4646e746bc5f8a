"""Receiving: a foreign file becomes a layer with a passport in a study's folder, taking the role it is given.

Comes in: a file, a role, a layers folder, what the bringer says. Goes out: an :class:`IntakeReport`.
Must not know: what the layer will be used for.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.atomic import Saving, write_atomically, write_set_atomically
from xingu_geo.ground.base.digest import digest_file
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS, Bilingual
from xingu_geo.ground.base.settings import IMPORT_SECONDS_MAX, UPLOAD_BYTES_MAX
from xingu_geo.ground.catalogue.passport import Passport, passport_text, read_passport
from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS, incomplete_sets, sets_of
from xingu_geo.ground.catalogue.sources import sources_text
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.encoding import clean_text
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.layer_found import LayerFound, passport_of
from xingu_geo.places.intake.pen import examined
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.intake.sniff import require_file

MEMORY_FILE: Final = "intake_mappings.json"


def intake(
    file: Path,
    *,
    role: str,
    into: Path,
    options: Options,
    seconds: int = IMPORT_SECONDS_MAX,
    bytes_max: int = UPLOAD_BYTES_MAX,
) -> IntakeReport:
    """The report on ``file``, which is now the layer of ``role`` in the folder ``into``.

    The file is examined in a worker process (60 s, 2 GB, its own folder). Each layer is a GeoPackage in the working
    CRS (a GeoTIFF, a CSV where there is no place) under a name with its digest; its passport takes the place of the
    passport that filled the role in ``into``, which stays beside it as ``<name>.toml.replaced``. A file that brings a
    role set whole (a SWMM file) replaces it whole. The mapping of columns is remembered for the next file with these
    columns.

    Raises
    ------
    XinguError
        Every refusal, one sentence each; nothing in ``into`` has changed then.
    """
    require_file(file, bytes_max=bytes_max)
    with examined(file, role=role, options=options, memory=_memory(into), seconds=seconds) as (found, folder):
        into.mkdir(parents=True, exist_ok=True)
        layers = _keep(found.layers, folder, file, into)
        _remember(into, layers)
        notes = (*found.notes, *_set_notes(layers, into), *_unusable(layers, into, options))
        return IntakeReport(clean_text(file.name), layers, notes, found.repairs, is_kept=True)


def look(
    file: Path,
    *,
    role: str,
    options: Options,
    into: Path | None = None,
    bytes_max: int = UPLOAD_BYTES_MAX,
) -> IntakeReport:
    """The same report without keeping anything: for the preview of encoding, CRS and mapping."""
    require_file(file, bytes_max=bytes_max)
    memory = _memory(into) if into else {}
    with examined(file, role=role, options=options, memory=memory) as (found, _):
        notes = (*found.notes, *_set_notes(found.layers, into))
        return IntakeReport(clean_text(file.name), found.layers, notes, found.repairs, is_kept=False)


def _keep(layers: Sequence[LayerFound], folder: Path, source: Path, into: Path) -> tuple[LayerFound, ...]:
    """The layers where they now stand, all of them or none; passports come last, so that none stands alone."""
    name, digest = clean_text(source.name), digest_file(source)
    kept, data, papers = [], [], []
    for layer in layers:
        made = folder / layer.file.name
        old_file, old = _incumbent(into, layer.role)
        file = into / f"{layer.role}_{digest_file(made)[:12]}{made.suffix}"
        here = replace(
            layer,
            file=file,
            passport_file=old_file or into / f"{layer.role}.toml",
            replaced=old.title.zh if old else "",
        )
        text = passport_text(passport_of(here, source=name, old=old, today=_today()))
        data.append(_saving(file, made.read_bytes(), _same))
        papers.append(_saving(here.passport_file, text.encode(), _is_passport))
        kept.append(here)
    given_way = [file for file in (*(one.passport_file for one in kept), *_gone(kept, into)) if file.exists()]
    for file in given_way:
        _set_aside(file)
    sources = sources_text(into, source=name, digest=digest, today=_today())
    write_set_atomically([*data, _saving(into / "sources.toml", sources.encode(), _same), *papers])
    for file in _gone(kept, into):
        file.unlink()
    return tuple(kept)


def _set_aside(passport_file: Path) -> None:
    before = passport_file.read_bytes()
    write_atomically(passport_file.with_name(f"{passport_file.name}.replaced"), lambda path: _write(path, before))


def _gone(layers: Sequence[LayerFound], into: Path) -> list[Path]:
    """The passports in ``into`` of a set that ``layers`` bring whole, for roles they do not bring."""
    brought = {layer.role for layer in layers}
    whole = [ROLE_SETS[name] for name in sets_of(brought) if not ROLE_SETS[name].missing(brought)]
    rest = [role for one in whole for role in one.roles if role not in brought]
    return [file for role in rest if (file := _incumbent(into, role)[0]) is not None]


def _set_notes(layers: Sequence[LayerFound], into: Path | None) -> list[Note]:
    """What is still missing of the sets that ``layers`` belong to, with what ``into`` already holds."""
    brought = [layer.role for layer in layers]
    held = set(_held(into)) if into is not None and into.is_dir() else set()
    notes = []
    for name, missing in incomplete_sets({*held, *brought}).items():
        one = ROLE_SETS[name]
        if name in sets_of(brought):
            given = one.words(role for role in one.required if role not in missing)
            facts = {"title": one.title, "given": given, "missing": one.words(missing)}
            notes.append(Note("set_incomplete", facts))
    return notes


def _unusable(layers: Sequence[LayerFound], into: Path, options: Options) -> list[Note]:
    """Why the sewers that are now whole in ``into`` make no network, told before a ranking stumbles over it."""
    if SEWERS not in sets_of(layer.role for layer in layers):
        return []
    from xingu_geo.sewers.network.network import network_of  # noqa: PLC0415  # hydraulics are heavy

    try:
        catalogue = open_catalogue(into, crs=options.working_crs)
        if catalogue.is_whole(SEWERS):
            network_of(catalogue, norms=options.norms)
    except XinguError as refusal:
        detail = Bilingual(*map(refusal.sentence, LANGS))
        return [Note("set_unusable", {"title": ROLE_SETS[SEWERS].title, "detail": detail})]
    return []


def _incumbent(into: Path, role: str) -> tuple[Path | None, Passport | None]:
    """The passport that fills ``role`` in ``into`` now; a passport in a sub-folder is refused, not half replaced."""
    file, passport = _held(into).get(role, (None, None))
    if file is not None and file.parent != into:
        raise XinguError("role_elsewhere", role=role, file=file.relative_to(into), folder=into.name)
    return file, passport


def _held(into: Path) -> dict[str, tuple[Path, Passport]]:
    """Every readable passport in ``into`` by its role; what is none is passed over."""
    held: dict[str, tuple[Path, Passport]] = {}
    for file in sorted(into.rglob("*.toml")):
        hidden = any(part.startswith(".") for part in file.relative_to(into).parts)  # left by a killed save
        if file.name != "sources.toml" and not hidden:
            with contextlib.suppress(XinguError):
                passport = read_passport(file)
                held.setdefault(passport.role, (file, passport))
    return held


def _memory(into: Path) -> dict[str, dict[str, str]]:
    """The mappings remembered in ``into``; an unreadable memory is none."""
    try:
        memory = json.loads((into / MEMORY_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {
        str(key): {str(field): str(column) for field, column in mapping.items()}
        for key, mapping in (memory.items() if isinstance(memory, dict) else ())
        if isinstance(mapping, dict)
    }


def _remember(into: Path, layers: Sequence[LayerFound]) -> None:
    reads = [layer.read for layer in layers if layer.read.fingerprint]
    memory = _memory(into) | {read.fingerprint: dict(read.mapping) for read in reads}
    text = json.dumps(memory, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(into / MEMORY_FILE, lambda path: _write(path, text.encode()))


def _saving(path: Path, content: bytes, check: Callable[[Path, bytes], None]) -> Saving:
    return Saving(path, lambda made: _write(made, content), lambda made: check(made, content))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _same(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        raise XinguError("save_unreadable", file=path.name, detail="differs")


def _is_passport(path: Path, _content: bytes) -> None:
    read_passport(path)


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
