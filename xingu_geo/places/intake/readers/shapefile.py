"""Shapefiles: geometry by GDAL, attributes by our own reader, so a missing or lying ``.cpg`` garbles nothing.

Comes in: a zip, or a ``.shp`` with its companions beside it. Goes out: raw layers. Must not know: what they show.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.archive import unpack
from xingu_geo.places.intake.dbf import Dbf, read_dbf
from xingu_geo.places.intake.encoding import sample_of
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.vectors import frame_of, require_few

Shapes = NDArray[np.object_]
Rows = NDArray[np.int64]

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def read_shapefile_zip(path: Path, options: Options, *, workshop: Path) -> list[Raw]:
    """Every Shapefile in the zip at ``path`` (or the one named ``options.layer``), unpacked into ``workshop``."""
    unpacked = unpack(path, workshop / "unpacked", encoding=options.encoding)
    stems = [PurePosixPath(name).with_suffix("") for name in unpacked.with_suffix(".shp")]
    lowered = {name.lower(): file for name, file in unpacked.files.items()}
    raws: list[Raw] = []
    for number, stem in enumerate(stems):
        if options.layer not in {None, stem.name}:
            continue
        parts = {part: lowered[f"{stem}{part}".lower()] for part in _PARTS if f"{stem}{part}".lower() in lowered}
        raws.append(_read_parts(parts, stem.name, options, workshop / f"shape{number}"))
    if not raws:
        raise XinguError("layer_unknown", layer=options.layer, known=", ".join(stem.name for stem in stems))
    return raws


def read_shapefile(path: Path, options: Options, *, workshop: Path) -> list[Raw]:
    """The Shapefile at ``path`` with the companions beside it."""
    beside = {file.suffix.lower(): file for file in path.parent.glob(f"{_literal(path.stem)}.*")}
    parts = {part: beside[part] for part in _PARTS if part in beside} | {".shp": path}
    return [_read_parts(parts, path.stem, options, workshop / "shape")]


def _read_parts(parts: Mapping[str, Path], name: str, options: Options, folder: Path) -> Raw:
    shapes, rows, notes = _geometry(parts, name, folder)
    require_few(len(shapes), options, name=name)
    crs = _crs(parts.get(".prj"))
    if ".dbf" not in parts:
        notes.append(Note("shapefile_without_table", {"name": name}))
        return Raw(name, frame_of({}, list(shapes), name=name), crs, tuple(notes))
    cpg = parts[".cpg"].read_bytes()[:40].decode("ascii", errors="ignore") if ".cpg" in parts else ""
    table = read_dbf(parts[".dbf"].read_bytes(), name=name, cpg=cpg, encoding=options.encoding)
    notes += _table_notes(table, name, shapes=int(rows.max()) + 1 if len(rows) else 0)
    kept = [place for place, row in enumerate(rows) if int(row) not in table.deleted]
    columns = {
        title: [values[int(rows[place])] if int(rows[place]) < table.rows else None for place in kept]
        for title, values in table.columns.items()
    }
    frame = frame_of(columns, [shapes[place] for place in kept], name=name)
    words = [*columns, *(word for values in columns.values() for word in values)]
    return Raw(name, frame, crs, tuple(notes), table.guess.encoding, sample_of(words))


def _geometry(parts: Mapping[str, Path], name: str, folder: Path) -> tuple[Shapes, Rows, list[Note]]:
    """The shapes, their record numbers, and what had to be said; the table is left out on purpose."""
    folder.mkdir()
    for part in (".shp", ".shx"):
        if part in parts:
            shutil.copyfile(parts[part], folder / f"layer{part}")
    notes = [] if ".shx" in parts else [Note("shapefile_index_rebuilt", {"name": name})]
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})  # one option for the whole process: set back below
    try:
        _, rows, wkb, _ = pyogrio.raw.read(folder / "layer.shp", columns=[], return_fids=True, force_2d=True)
    except Exception as error:
        raise XinguError("layer_damaged", name=name, detail=type(error).__name__) from error
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    return shapely.from_wkb(wkb, on_invalid="fix"), rows, notes


def _table_notes(table: Dbf, name: str, *, shapes: int) -> list[Note]:
    notes: list[Note] = []
    if table.guess.overruled:
        facts = {"name": name, "declared": table.guess.overruled, "encoding": table.guess.encoding}
        notes.append(Note("encoding_overruled", facts))
    elif table.guess.encoding != "utf-8" or not table.guess.is_sure:
        notes.append(Note("encoding_guessed", {"name": name, "encoding": table.guess.encoding}))
    if table.cut:
        notes.append(Note("text_cut", {"name": name, "count": table.cut}))
    if table.deleted:
        notes.append(Note("rows_deleted", {"name": name, "count": len(table.deleted)}))
    if shapes and table.rows != shapes:
        notes.append(Note("rows_differ", {"name": name, "shapes": shapes, "rows": table.rows}))
    return notes


def _crs(prj: Path | None) -> CRS | None:
    if prj is None:
        return None
    text = prj.read_bytes()[:10_000].decode("utf-8", errors="replace").strip()
    if not text:
        return None
    try:
        crs = CRS.from_wkt(text)
    except CRSError as error:
        raise XinguError("crs_unreadable", crs=text[:60]) from error
    # ESRI's own spelling of a system: take the registered twin, whose transformations PROJ knows.
    code = crs.to_epsg(min_confidence=70)
    return CRS.from_epsg(code) if code else crs


def _literal(stem: str) -> str:
    return "".join(f"[{sign}]" if sign in "[]*?" else sign for sign in stem)
