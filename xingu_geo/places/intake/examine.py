"""The examination: a file is told, read, placed, mended, mapped and written down in the working order.

Comes in: a file in a workshop folder, the role it is to fill, what its bringer says. Goes out: layer files beside
what was found. Must not know: where the layers go; it runs in the worker, which may be killed at any moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.passport import Column
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS
from xingu_geo.places.intake.fields import (
    EXTRA,
    FieldsSpec,
    checked_mapping,
    guess_mapping,
    mapped,
    with_ids,
)
from xingu_geo.places.intake.intake_findings import Note, Repair
from xingu_geo.places.intake.layer_files import kept_layer
from xingu_geo.places.intake.layer_found import NOTHING_FOUND, FileFound, LayerFound, Reading
from xingu_geo.places.intake.map_shift import UNTESTED_M, Grounded, grounded
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.dxf import read_dxf
from xingu_geo.places.intake.readers.geojson import read_geojson
from xingu_geo.places.intake.readers.geopackage import read_geopackage
from xingu_geo.places.intake.readers.geoparquet import read_geoparquet
from xingu_geo.places.intake.readers.geotiff import read_geotiff
from xingu_geo.places.intake.readers.kml import read_kml, read_kmz
from xingu_geo.places.intake.readers.osm import read_osm
from xingu_geo.places.intake.readers.shapefile import read_shapefile, read_shapefile_zip
from xingu_geo.places.intake.readers.table import read_csv, read_xlsx
from xingu_geo.places.intake.repair import doubles_and_overlaps, mended
from xingu_geo.places.intake.sniff import Kind

AUTO: Final = "auto"
_SUFFIX: Final[Mapping[Kind, str]] = {
    "geojson": ".geojson", "shapefile": ".shp", "shapefile_zip": ".zip", "geopackage": ".gpkg", "kml": ".kml",
    "kmz": ".kmz", "dxf": ".dxf", "csv": ".csv", "xlsx": ".xlsx", "geoparquet": ".parquet", "geotiff": ".tif",
    "swmm": ".inp", "osm": ".osm", "zip": ".zip",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Job:
    """One file to examine: what its bringer says, where to write, mappings used before."""

    file: Path
    kind: Kind
    options: Options
    workshop: Path
    memory: Mapping[str, Mapping[str, str]]

    @property
    def spec(self) -> FieldsSpec:
        """The words known."""
        return self.options.fields


def examine(
    file: Path, kind: Kind, *, role: str, options: Options, workshop: Path, memory: Mapping[str, Mapping[str, str]]
) -> FileFound:
    """What is found in ``file``, whose content told its ``kind``; the layers are written to ``workshop``.

    ``memory`` maps the fingerprint of a file's columns to the mapping used last time.
    """
    suffix = ".osm.pbf" if kind == "osm" and not _is_text(file) else _SUFFIX[kind]
    if kind == "osm" and options.datum is None:
        options = replace(options, datum="wgs84")  # the one source that is known to be unshifted
    job = Job(file.rename(file.with_suffix(suffix)), kind, options, workshop, memory)
    if kind == "swmm":
        # Hydraulics are heavy, and no other file needs them.
        from xingu_geo.places.intake.sewer_file import sewers_found  # noqa: PLC0415

        return sewers_found(job.file, options, workshop=workshop)
    if kind == "geotiff":
        return _raster(job, _raster_role(job, role))
    found = NOTHING_FOUND
    for raw, taken in _chosen(_read(job), role, job.spec, options):
        if role == AUTO:
            found += FileFound((), (Note("role_taken_as", {"name": raw.name, "role": taken}),))
        found += _layer(raw, taken, job)
    return found


def _is_text(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(1) == b"<"


def _read(job: Job) -> list[Raw]:
    if job.kind == "zip":
        raise XinguError("zip_without_layer", file=job.file.name)
    unpacking = {
        "shapefile_zip": read_shapefile_zip, "shapefile": read_shapefile, "kmz": read_kmz, "dxf": read_dxf,
    }  # fmt: skip
    if job.kind in unpacking:
        return unpacking[job.kind](job.file, job.options, workshop=job.workshop)
    plain = {
        "geojson": read_geojson, "geopackage": read_geopackage, "kml": read_kml, "csv": read_csv, "xlsx": read_xlsx,
        "geoparquet": read_geoparquet, "osm": read_osm,
    }  # fmt: skip
    return plain[job.kind](job.file, job.options)


def _chosen(raws: Sequence[Raw], role: str, spec: FieldsSpec, options: Options) -> list[tuple[Raw, str]]:
    """The raw layers to take, each with the role it fills.

    Of those that know their role the one asked for, else all; else the only one there is. Under ``auto`` a layer
    called like a role takes it, a single layer of polygons the parcels', and anything else a role of its own name that
    the engine does not ask for. A role set takes the layers called like its roles.
    """
    if any(raw.role for raw in raws):
        asked = [raw for raw in raws if raw.role == role] or [raw for raw in raws if raw.role]
        return [(raw, raw.role) for raw in asked if raw.role]
    if role == AUTO or role in ROLE_SETS:
        wanted = spec.roles if role == AUTO else ROLE_SETS[role].roles
        named = [(raw, raw.name) for raw in raws if raw.name in wanted]
        if named:
            return named
    if role in ROLE_SETS:
        raise XinguError("role_unknown", role=role, known=", ".join(ROLE_SETS[role].roles))
    if role != AUTO:
        spec.role(role)
    if len(raws) > 1 and options.layer is None:
        raise XinguError("layer_choose", known=", ".join(raw.name for raw in raws)[:200])
    return [(raws[0], _auto_role(raws[0]) if role == AUTO else role)]


def _auto_role(raw: Raw) -> str:
    if any("Polygon" in kind for kind in raw.frame.geometry.dropna().geom_type):
        return "parcels"
    return EXTRA + hashlib.sha256(raw.name.encode()).hexdigest()[:8]


def _layer(raw: Raw, role: str, job: Job) -> FileFound:
    about, options = job.spec.role(role), job.options
    if about.geometry == "raster":
        raise _wrong_kind(role, "GeoTIFF", job.kind)
    is_table = about.geometry == "table"
    if raw.is_table and not is_table:
        columns = [str(column) for column in raw.frame.columns if column != "geometry"]
        raise XinguError("table_no_place", name=raw.name, known=", ".join(columns)[:80], columns=columns)
    ground = Grounded(raw.frame, "none", "wgs84", 0.0, ()) if is_table else grounded(raw, role, options)
    mapping, fingerprint, notes = _mapping(ground.frame, role, job, raw.name)
    understood = mapped(ground.frame, mapping, about, job.spec, name=raw.name)
    frame, id_notes = with_ids(understood.frame, name=raw.name)
    notes = [*raw.notes, *ground.notes, *notes, *understood.notes, *id_notes]
    shaped: pd.DataFrame = frame.set_index("id").drop(columns="geometry")
    repairs: list[Repair] = []
    if not is_table:
        shaped, repairs, shape_notes = mended(
            frame.set_index("id"), wanted=about.geometry, layer=raw.name, closed=raw.mended
        )
        notes += [*shape_notes, *doubles_and_overlaps(shaped, layer=raw.name)]
    read = Reading(
        name=raw.name,
        format=job.kind,
        accuracy_m=options.accuracy_or(ground.near_m),
        confidence=options.confidence or Confidence.INFERRED,
        licence=options.licence or raw.licence,
        crs=ground.crs,
        datum=ground.datum,
        encoding=raw.encoding,
        sample=raw.sample,
        mapping=mapping,
        fingerprint=fingerprint,
    )
    kept = kept_layer(shaped, role, read, spec=job.spec, workshop=job.workshop)
    return FileFound((), tuple(notes), tuple(repairs)) + kept


def _mapping(frame: gpd.GeoDataFrame, role: str, job: Job, name: str) -> tuple[dict[str, str], str, list[Note]]:
    """Field → column: listed guesses, then what was chosen for such a file before, then what is chosen now."""
    about, columns = job.spec.role(role), [column for column in frame.columns if column != "geometry"]
    fingerprint = hashlib.sha256("\n".join([role, *sorted(columns)]).encode()).hexdigest()[:16]
    guessed = guess_mapping(columns, about, job.spec)
    before = {field: column for field, column in job.memory.get(fingerprint, {}).items() if field in about.fields}
    chosen = checked_mapping(job.options.columns, columns, about, name=name)
    mapping = {field: column for field, column in {**guessed, **before, **chosen}.items() if column}
    return mapping, fingerprint, [Note("mapping_remembered", {"name": name}, is_calm=True)] if before else []


def _wrong_kind(role: str, expected: str, found: str) -> XinguError:
    return XinguError("role_wrong_kind", role=role, expected=expected, found=found)


def _raster_role(job: Job, role: str) -> str:
    """The role a raster fills; under ``auto`` the one its file is called like, else the first there is."""
    rasters = job.spec.roles_of("raster")
    if role == AUTO:
        return job.file.stem if job.file.stem in rasters else rasters[0]
    if job.spec.role(role).geometry not in ("raster", "any"):
        raise _wrong_kind(role, job.spec.role(role).geometry, job.kind)
    return role


def _raster(job: Job, role: str) -> FileFound:
    options, about = job.options, job.spec.role(role)
    found = read_geotiff(job.file, options, target=job.workshop / f"layer-{role}.tif")
    # The one field of a raster's role is what its cells hold; of a role nobody described it bears the role's name.
    band = about.fields[0] if about.geometry == "raster" else role
    known = job.spec.fields.get(band)
    layer = LayerFound(
        role=role,
        title=about.title,
        geometry="raster",
        topology=(),
        file=Path(found.file.name),
        features=1,
        columns=(
            Column(
                name=band,
                meaning=known.meaning if known else about.title,
                unit=known.unit if known else "number",
                required=True,
            ),
        ),
        read=Reading(
            name=job.file.stem,
            format=job.kind,
            accuracy_m=options.accuracy_or(UNTESTED_M),
            confidence=options.confidence or Confidence.INFERRED,
            licence=options.licence or "unstated",
            crs=found.crs,
        ),
        crs=options.working_crs,
    )
    return FileFound((layer,), found.notes)
