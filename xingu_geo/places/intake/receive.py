"""Receiving: a foreign file becomes a layer with a passport in a study's folder, taking the role it is given.

Comes in: a file, a role, a layers folder, what the bringer says. Goes out: an :class:`IntakeReport`.
Must not know: what the layer will be used for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from xingu_geo.ground.base.atomic import Saving, write_atomically, write_set_atomically
from xingu_geo.ground.base.digest import digest_file
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import IMPORT_SECONDS_MAX, UPLOAD_BYTES_MAX
from xingu_geo.ground.catalogue.passport import Passport, read_passport
from xingu_geo.ground.catalogue.sources import sources_text
from xingu_geo.places.intake.doctor import IntakeReport, LayerReport
from xingu_geo.places.intake.encoding import clean_text
from xingu_geo.places.intake.fields import read_fields
from xingu_geo.places.intake.papers import passport_text
from xingu_geo.places.intake.pen import examined
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.intake.sniff import require_file
from xingu_geo.places.intake.wire import note_from_wire, repair_from_wire

MEMORY_FILE: Final = "intake_mappings.json"


def intake(
    file: Path,
    *,
    role: str,
    into: Path,
    options: Options | None = None,
    seconds: int = IMPORT_SECONDS_MAX,
    bytes_max: int = UPLOAD_BYTES_MAX,
) -> IntakeReport:
    """The report on ``file``, which is now the layer of ``role`` in the folder ``into``.

    The file is examined in a worker process (60 s, 2 GB, its own folder). The layer is a GeoPackage in EPSG:4549 (a
    GeoTIFF for ``elevation``) under a name with its digest; its passport takes the place of the passport that filled
    the role in ``into``, which stays beside it as ``<name>.toml.replaced``. The mapping of columns is remembered for
    the next file with the same columns.

    Raises
    ------
    XinguError
        Every refusal, one sentence each; nothing in ``into`` has changed then.
    """
    said = options or Options()
    require_file(file, bytes_max=bytes_max)
    with examined(file, role=role, options=said, memory=_memory(into), seconds=seconds) as (result, folder):
        into.mkdir(parents=True, exist_ok=True)
        layers = tuple(_keep(layer, folder, file, into) for layer in result["layers"])
        _remember(into, result["layers"])
        return _report(file, layers, result, is_kept=True)


def look(
    file: Path,
    *,
    role: str,
    into: Path | None = None,
    options: Options | None = None,
    bytes_max: int = UPLOAD_BYTES_MAX,
) -> IntakeReport:
    """The same report without keeping anything: for the preview of encoding, CRS and mapping."""
    require_file(file, bytes_max=bytes_max)
    memory = _memory(into) if into else {}
    with examined(file, role=role, options=options or Options(), memory=memory) as (result, folder):
        layers = tuple(_layer_report(layer, folder / layer["file"], Path(), "") for layer in result["layers"])
        return _report(file, layers, result, is_kept=False)


def _keep(layer: Mapping[str, Any], folder: Path, source: Path, into: Path) -> LayerReport:
    made = folder / layer["file"]
    role = str(layer["role"])
    data = into / f"{role}_{digest_file(made)[:12]}{made.suffix}"
    old_file, old = _incumbent(into, role)
    passport_file = old_file or into / f"{role}.toml"
    about = read_fields().role(role) if role != "elevation" else None
    text = passport_text(layer, about, path=data.name, source=clean_text(source.name), old=old, today=_today())
    content = made.read_bytes()
    savings = [
        Saving(data, lambda path: _write(path, content), lambda path: _same(path, content)),
        Saving(passport_file, lambda path: _write(path, text.encode()), lambda path: _is_passport(path, role)),
    ]
    sources = sources_text(into, source=clean_text(source.name), digest=digest_file(source), today=_today())
    write_atomically(into / "sources.toml", lambda path: _write(path, sources.encode()))
    if old_file is not None:
        aside, before = old_file.with_name(f"{old_file.name}.replaced"), old_file.read_bytes()
        write_atomically(aside, lambda path: _write(path, before))
    write_set_atomically(savings)
    return _layer_report(layer, data, passport_file, old.title.zh if old else "")


def _incumbent(into: Path, role: str) -> tuple[Path | None, Passport | None]:
    """The passport that fills ``role`` in ``into`` now; a passport in a sub-folder is refused, not half replaced."""
    for file in sorted(into.rglob("*.toml")):
        hidden = any(part.startswith(".") for part in file.relative_to(into).parts)  # left by a killed save
        if file.name == "sources.toml" or hidden:
            continue
        try:
            passport = read_passport(file)
        except XinguError:
            continue
        if passport.role == role:
            if file.parent != into:
                raise XinguError("role_elsewhere", role=role, file=file.relative_to(into), folder=into.name)
            return file, passport
    return None, None


def _layer_report(layer: Mapping[str, Any], file: Path, passport_file: Path, replaced: str) -> LayerReport:
    return LayerReport(
        role=layer["role"],
        name=layer["name"],
        format=layer["format"],
        file=file,
        passport_file=passport_file,
        replaced=replaced,
        features=layer["features"],
        unplaced=layer["unplaced"],
        area_m2=layer["area_m2"],
        crs_found=layer["crs_found"],
        datum_found=layer["datum_found"],
        encoding=layer["encoding"],
        sample=tuple(layer["sample"]),
        mapping=dict(layer["mapping"]),
        columns=tuple(column["name"] for column in layer["columns"]),
    )


def _report(file: Path, layers: tuple[LayerReport, ...], result: Mapping[str, Any], *, is_kept: bool) -> IntakeReport:
    return IntakeReport(
        source=clean_text(file.name),
        layers=layers,
        notes=tuple(note_from_wire(note) for note in result["notes"]),
        repairs=tuple(repair_from_wire(repair) for repair in result["repairs"]),
        is_kept=is_kept,
    )


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


def _remember(into: Path, layers: list[dict[str, Any]]) -> None:
    memory = _memory(into) | {layer["fingerprint"]: layer["mapping"] for layer in layers if layer["fingerprint"]}
    text = json.dumps(memory, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(into / MEMORY_FILE, lambda path: _write(path, text.encode()))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _same(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        raise XinguError("save_unreadable", file=path.name, detail="differs")


def _is_passport(path: Path, role: str) -> None:
    if read_passport(path).role != role:
        raise XinguError("save_unreadable", file=path.name, detail="role")


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
