"""Layer files as the worker leaves them: a GeoPackage in the working CRS, a CSV where there is no place.

Comes in: a frame indexed by id, how it was read. Goes out: a file, what its passport will say. Must not know: formats.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio

from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.catalogue.passport import Column
from xingu_geo.places.intake.encoding import clean_text
from xingu_geo.places.intake.fields import FieldsSpec
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.layer_found import FileFound, LayerFound, Reading

_PLAIN_DATE: Final = "2000-01-01T00:00:00.000Z"  # same content, same bytes: the file keeps no time of its own
_SUSPICIOUS: Final = re.compile(r"\{\{|\{%|<\s*(script|img|iframe|svg|a)\b|javascript:", re.IGNORECASE)
_UNITS: Final = re.compile(r"_(m2|m3_d|m3|mm|m|ha|km2|l_s|m_s|kg_d|kn_m2|share|degree)$")


def kept_layer(frame: pd.DataFrame, role: str, read: Reading, *, spec: FieldsSpec, workshop: Path) -> FileFound:
    """``frame``, indexed by id, written to ``workshop`` as the layer of ``role``, and what is to be said of it."""
    about = spec.role(role)
    is_placed = isinstance(frame, gpd.GeoDataFrame)
    unplaced = int(frame.geometry.isna().sum()) if is_placed else 0
    layer = LayerFound(
        role=role,
        title=about.title,
        geometry=about.geometry,
        topology=about.kept_topology(unplaced),
        file=Path(_write(frame, workshop / f"layer-{role}", role=role).name),
        features=len(frame),
        columns=_columns(frame, spec),
        read=read,
        crs=str(frame.crs) if is_placed else "none",
        unplaced=unplaced,
        area_m2=float(frame.geometry.area.sum()) if is_placed else 0.0,
    )
    notes = _text_notes(frame, name=read.name)
    if unplaced:
        notes.append(Note("unplaced", {"name": read.name, "count": unplaced}))
    return FileFound((layer,), tuple(notes))


def _write(frame: pd.DataFrame, stem: Path, *, role: str) -> Path:
    out = frame.reset_index()
    for column in out.columns:
        if column != "geometry" and out[column].dtype == object:
            out[column] = pd.Series([_cell(value) for value in out[column]], dtype=object)
    target = stem.with_suffix(".gpkg" if isinstance(out, gpd.GeoDataFrame) else ".csv")
    if not isinstance(out, gpd.GeoDataFrame):
        out.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
        return target
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _PLAIN_DATE})
    pyogrio.write_dataframe(out, target, driver="GPKG", layer=role, geometry_type=_geometry_type(out))
    return target


def _columns(frame: pd.DataFrame, spec: FieldsSpec) -> tuple[Column, ...]:
    rest = [name for name in frame.columns if name != "geometry"]
    return tuple(_column(name, frame.get(name), spec) for name in ("id", *rest))


def _text_notes(frame: pd.DataFrame, *, name: str) -> list[Note]:
    columns = [column for column in frame.columns if column != "geometry"]
    texts = (value for column in columns for value in (column, *frame[column]) if isinstance(value, str))
    count = sum(1 for text in texts if _SUSPICIOUS.search(text))
    return [Note("text_suspicious", {"name": name, "count": count})] if count else []


def _column(name: str, values: pd.Series[float] | None, spec: FieldsSpec) -> Column:
    known, ending = spec.fields.get(name), _UNITS.search(name)
    guess = "text"
    if values is not None and pd.api.types.is_numeric_dtype(values):
        guess = ending.group(1) if ending else "number"
    meaning = known.meaning if known else Label(zh=name, en=name)
    return Column(name=name, meaning=meaning, unit=known.unit if known else guess, required=name == "id")


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124
        return None
    return clean_text(value) if isinstance(value, str) else value if isinstance(value, bool) else str(value)


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    kinds = set(frame.geometry.dropna().geom_type)
    return kinds.pop() if len(kinds) == 1 else "Unknown"
