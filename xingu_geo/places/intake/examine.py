"""The examination: a file is told, read, placed, mended, mapped and written down in the working order.

Comes in: a file in a workshop folder, the role it is to fill, what its bringer says. Goes out: layer files beside
plain findings. Must not know: where the layers go; it runs in the worker, which may be killed at any moment.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.ground.geo.datum import Datum
from xingu_geo.places.intake.crs_gate import Placed, place
from xingu_geo.places.intake.encoding import clean_text
from xingu_geo.places.intake.fields import (
    EXTRA,
    FieldsSpec,
    RoleSpec,
    checked_mapping,
    guess_mapping,
    mapped,
    read_fields,
    with_ids,
)
from xingu_geo.places.intake.intake_findings import Note, Repair
from xingu_geo.places.intake.map_shift import Fit, fit_of
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.dxf import read_dxf
from xingu_geo.places.intake.readers.geojson import read_geojson
from xingu_geo.places.intake.readers.geopackage import read_geopackage
from xingu_geo.places.intake.readers.geoparquet import read_geoparquet
from xingu_geo.places.intake.readers.geotiff import read_geotiff
from xingu_geo.places.intake.readers.kml import read_kml, read_kmz
from xingu_geo.places.intake.readers.osm import read_osm
from xingu_geo.places.intake.readers.shapefile import read_shapefile, read_shapefile_zip
from xingu_geo.places.intake.readers.swmm import read_swmm
from xingu_geo.places.intake.readers.table import read_csv, read_xlsx
from xingu_geo.places.intake.repair import doubles_and_overlaps, mended
from xingu_geo.places.intake.sniff import Kind
from xingu_geo.places.intake.wire import note_to_wire

RASTER_ROLE: Final = "elevation"
AUTO: Final = "auto"
_SUFFIX: Final[Mapping[Kind, str]] = {
    "geojson": ".geojson", "shapefile": ".shp", "shapefile_zip": ".zip", "geopackage": ".gpkg", "kml": ".kml",
    "kmz": ".kmz", "dxf": ".dxf", "csv": ".csv", "xlsx": ".xlsx", "geoparquet": ".parquet", "geotiff": ".tif",
    "swmm": ".inp", "osm": ".osm", "zip": ".zip",
}  # fmt: skip
_TRUSTED_ROLES: Final = ("parcels", "roads", "residential", "district", "river")
_UNTESTED_M: Final = 500.0
_CONVERTED_M: Final = 10.0  # the public formula is good to a metre, the maps drawn on it hardly better than this
_SUSPICIOUS: Final = re.compile(r"\{\{|\{%|<\s*(script|img|iframe|svg|a)\b|javascript:", re.IGNORECASE)
_PLAIN_DATE: Final = "2000-01-01T00:00:00.000Z"  # same content, same bytes: the file keeps no time of its own


def examine(
    file: Path, kind: Kind, *, role: str, options: Options, workshop: Path, memory: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Plain findings about ``file``, whose content told its ``kind``.

    The layers are written to ``workshop`` as ``layer-<n>.gpkg`` or ``.tif``.

    ``memory`` maps the fingerprint of a file's columns to the mapping used last time.
    """
    suffix = ".osm.pbf" if kind == "osm" and not _is_text(file) else _SUFFIX[kind]
    named = file.rename(file.with_suffix(suffix))
    if kind == "geotiff" or role == RASTER_ROLE:
        return _raster(named, kind, RASTER_ROLE if role == AUTO else role, options, workshop)
    if kind == "osm" and options.datum is None:
        options = replace(options, datum="wgs84")  # the one source that is known to be unshifted
    spec = read_fields()
    chosen = _chosen(_read(named, kind, options, workshop), role, spec, options)
    notes: list[Note] = []
    repairs: list[Repair] = []
    layers: list[dict[str, Any]] = []
    for number, (raw, taken) in enumerate(chosen):
        if role == AUTO:
            notes.append(Note("role_taken_as", {"name": raw.name, "role": taken}))
        part = _layer(raw, taken, spec, options, memory)
        target = workshop / f"layer-{number}.gpkg"
        _write(part["frame"], target, layer=part["role"])
        notes += [*raw.notes, *part.pop("notes")]
        repairs += part.pop("repairs")
        layers.append(_about(part.pop("frame"), spec) | part | {"file": target.name, "format": kind})
    return {
        "layers": layers,
        "notes": [note_to_wire(note) for note in notes],
        "repairs": [asdict(repair) for repair in repairs],
    }


def _is_text(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(1) == b"<"


def _read(path: Path, kind: Kind, options: Options, workshop: Path) -> list[Raw]:
    if kind == "shapefile_zip":
        return read_shapefile_zip(path, options, workshop=workshop)
    if kind == "shapefile":
        return read_shapefile(path, options, workshop=workshop)
    if kind == "kmz":
        return read_kmz(path, options, workshop=workshop)
    if kind == "dxf":
        return read_dxf(path, options, workshop=workshop)
    if kind == "zip":
        raise XinguError("zip_without_layer", file=path.name)
    plain_readers = {
        "geojson": read_geojson, "geopackage": read_geopackage, "kml": read_kml, "csv": read_csv, "xlsx": read_xlsx,
        "geoparquet": read_geoparquet, "swmm": read_swmm, "osm": read_osm,
    }  # fmt: skip
    return plain_readers[kind](path, options)


def _chosen(raws: Sequence[Raw], role: str, spec: FieldsSpec, options: Options) -> list[tuple[Raw, str]]:
    """The raw layers to take, each with the role it fills.

    Of those that know their role the one asked for, else all; else the only one there is. Under ``auto`` a layer
    called like a role takes it, a single layer of polygons the parcels', and anything else a role of its own name that
    the engine does not ask for.
    """
    if any(raw.role for raw in raws):
        asked = [raw for raw in raws if raw.role == role] or [raw for raw in raws if raw.role]
        return [(raw, raw.role) for raw in asked if raw.role]
    if role == AUTO:
        named = [(raw, raw.name) for raw in raws if raw.name in spec.roles]
        if named:
            return named
    else:
        spec.role(role)
    if len(raws) > 1 and options.layer is None:
        raise XinguError("layer_choose", known=", ".join(raw.name for raw in raws)[:200])
    return [(raws[0], _auto_role(raws[0]) if role == AUTO else role)]


def _auto_role(raw: Raw) -> str:
    if any("Polygon" in kind for kind in raw.frame.geometry.dropna().geom_type):
        return "parcels"
    return EXTRA + hashlib.sha256(raw.name.encode()).hexdigest()[:8]


def _layer(
    raw: Raw, role: str, spec: FieldsSpec, options: Options, memory: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    about = spec.role(role)
    placed, datum, near_m, shift_notes = _placed(raw, role, options)
    columns = [column for column in placed.frame.columns if column != "geometry"]
    mapping, fingerprint, map_notes = _mapping(columns, role, about, spec, options, memory, raw.name)
    understood = mapped(placed.frame, mapping, about, spec, name=raw.name)
    frame, id_notes = with_ids(understood.frame, name=raw.name)
    shaped, repairs, shape_notes = mended(
        frame.set_index("id"), wanted=about.geometry, layer=raw.name, closed=raw.mended
    )
    notes = [
        *placed.notes, *shift_notes, *map_notes, *understood.notes, *id_notes, *shape_notes,
        *doubles_and_overlaps(shaped, layer=raw.name), *_text_notes(shaped, raw.name),
    ]  # fmt: skip
    unplaced = int(shaped.geometry.isna().sum())
    if unplaced:
        notes.append(Note("unplaced", {"name": raw.name, "count": unplaced}))
    return {
        "frame": shaped, "role": role, "name": raw.name, "crs_found": placed.found, "datum_found": datum,
        "licence": options.licence or raw.licence, "encoding": raw.encoding, "sample": list(raw.sample),
        "mapping": mapping, "fingerprint": fingerprint,
        "unplaced": unplaced, "accuracy_m": near_m if options.accuracy_m is None else options.accuracy_m,
        "confidence": options.confidence, "notes": notes, "repairs": repairs,
    }  # fmt: skip


def _placed(raw: Raw, role: str, options: Options) -> tuple[Placed, Datum, float, list[Note]]:
    """The layer on known ground; if nobody said which datum its degrees are on, a trusted layer is asked."""
    placed = place(raw, options, datum=options.datum)
    if options.datum is not None or options.seven is not None:
        datum = options.datum or "wgs84"
        said = [Note("datum_converted", {"name": raw.name, "datum": datum})] if datum != "wgs84" else []
        return placed, datum, _UNTESTED_M if options.datum is None else _CONVERTED_M, said
    fit = _trusted_fit(placed.frame, role, options)
    if fit is None or not fit.is_told:
        return placed, "wgs84", _UNTESTED_M, [Note("shift_untested", {"name": raw.name})]
    misfit = {f"{datum}_m": f"{metres:.0f}" for datum, metres in fit.misfit_m.items()}
    near_m = max(1.0, round(fit.misfit_m[fit.best], 1))
    if fit.suspect is None:
        return placed, "wgs84", near_m, [Note("shift_none", {"name": raw.name, **misfit})]
    again = place(raw, replace(options, datum=fit.suspect), datum=fit.suspect)
    return again, fit.suspect, near_m, [Note("shift_converted", {"name": raw.name, "datum": fit.suspect, **misfit})]


def _trusted_fit(frame: gpd.GeoDataFrame, role: str, options: Options) -> Fit | None:
    """The best fit to any trusted layer: the one of the same role first, then those with plain linework."""
    if options.trusted is None:
        return None
    catalogue = open_catalogue(Path(options.trusted))
    fits: list[Fit] = []
    for trusted in dict.fromkeys((role, *_TRUSTED_ROLES)):
        if trusted in catalogue and catalogue.passport(trusted).geometry not in {"table", "raster"}:
            fit = fit_of(frame, list(catalogue.vector(trusted).placed.geometry))
            if fit is not None:
                fits.append(fit)
    return min(fits, key=lambda fit: fit.misfit_m[fit.best], default=None)


def _mapping(
    columns: Sequence[str],
    role: str,
    about: RoleSpec,
    spec: FieldsSpec,
    options: Options,
    memory: Mapping[str, Mapping[str, str]],
    name: str,
) -> tuple[dict[str, str], str, list[Note]]:
    """Field → column: listed guesses, then what was chosen for such a file before, then what is chosen now."""
    fingerprint = hashlib.sha256("\n".join([role, *sorted(columns)]).encode()).hexdigest()[:16]
    guessed = guess_mapping(columns, about, spec)
    before = {field: column for field, column in memory.get(fingerprint, {}).items() if field in about.fields}
    chosen = checked_mapping(options.columns, columns, about, name=name)
    mapping = {**guessed, **before, **chosen}
    mapping = {field: column for field, column in mapping.items() if column}
    notes = [Note("mapping_remembered", {"name": name})] if before else []
    return mapping, fingerprint, notes


def _text_notes(frame: gpd.GeoDataFrame, name: str) -> list[Note]:
    columns = [column for column in frame.columns if column != "geometry"]
    texts = (value for column in columns for value in (column, *frame[column]) if isinstance(value, str))
    count = sum(1 for text in texts if _SUSPICIOUS.search(text))
    return [Note("text_suspicious", {"name": name, "count": count})] if count else []


def _about(frame: gpd.GeoDataFrame, spec: FieldsSpec) -> dict[str, Any]:
    """The columns of the layer as a passport names them."""
    columns = []
    for column in frame.columns:
        if column == "geometry":
            continue
        known = spec.fields.get(column)
        numeric = pd.api.types.is_numeric_dtype(frame[column])
        columns.append(
            {"name": column, "known": known is not None, "unit": known.unit if known else "" if numeric else "text"}
        )
    area_m2 = float(frame.geometry.area.sum())
    return {"columns": columns, "features": len(frame), "area_m2": area_m2}


def _write(frame: gpd.GeoDataFrame, target: Path, *, layer: str) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _PLAIN_DATE})
    out = frame.reset_index()
    for column in out.columns:
        if column != "geometry" and out[column].dtype == object:
            out[column] = [_cell(value) for value in out[column]]
    pyogrio.write_dataframe(out, target, driver="GPKG", layer=layer, geometry_type=_geometry_type(out))


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124
        return None
    return clean_text(value) if isinstance(value, str) else value if isinstance(value, bool) else str(value)


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    kinds = set(frame.geometry.dropna().geom_type)
    return kinds.pop() if len(kinds) == 1 else "Unknown"


def _raster(path: Path, kind: Kind, role: str, options: Options, workshop: Path) -> dict[str, Any]:
    if kind != "geotiff" or role != RASTER_ROLE:
        raise XinguError("role_wrong_kind", role=role, found=kind)
    found = read_geotiff(path, options, target=workshop / "layer-0.tif")
    layer = {
        "role": role, "name": path.stem, "crs_found": found.crs, "datum_found": "wgs84", "encoding": "", "sample": [],
        "mapping": {}, "fingerprint": "", "unplaced": 0, "columns": [], "features": 1, "area_m2": 0.0,
        "accuracy_m": _UNTESTED_M if options.accuracy_m is None else options.accuracy_m,
        "confidence": options.confidence, "licence": options.licence or "unstated",
        "file": "layer-0.tif", "format": kind, "cells": found.cells, "empty_share": found.empty_share,
    }  # fmt: skip
    return {"layers": [layer], "notes": [note_to_wire(note) for note in found.notes], "repairs": []}
