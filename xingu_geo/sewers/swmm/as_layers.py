"""A network as layers: nodes, links and loads, each with its passport.

Comes in: a :class:`~xingu_geo.sewers.network.network.Network` and the file it came from. Goes out: files, all or none.
Must not know: SWMM.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from xingu_geo.ground.base.atomic import Saving, Step, write_set_atomically
from xingu_geo.ground.base.digest import digest_file
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.catalogue.passport import Column, Geometry, Passport, passport_text, read_passport
from xingu_geo.ground.catalogue.sources import source_key, sources_text
from xingu_geo.ground.geo.crs import WGS84, to_wgs84
from xingu_geo.sewers.network.frames import LINKS, LOADS, NODES, Shape
from xingu_geo.sewers.network.network import Network

_DECIMALS: Final = 8  # about a millimetre
_ROLES: Final[Mapping[str, tuple[Shape, Geometry]]] = {
    "sewer_nodes": (NODES, "point"),
    "sewer_links": (LINKS, "line"),
    "sewer_loads": (LOADS, "table"),
}
_UNITS: Final = ("m3_d", "l_s", "m_s", "mm", "m")


def write_layers(network: Network, folder: Path, *, source: Path, accuracy_m: float) -> tuple[Path, ...]:
    """The network's layers in ``folder``; passports come last, so that none stands without its file."""
    tables = {"sewer_nodes": network.nodes, "sewer_links": network.links, "sewer_loads": network.loads}
    files, papers = [], []
    for role, (columns, geometry) in _ROLES.items():
        chosen = {name: kind for name, kind in columns.items() if name not in ("x_m", "y_m")}
        suffix = ".csv" if geometry == "table" else ".geojson"
        text = _csv(tables[role], chosen) if geometry == "table" else _geojson(tables[role], chosen, name=role)
        files.append(Saving(folder / f"{role}{suffix}", _writes(text)))
        paper = _passport(network, role, chosen, suffix, source=source, accuracy_m=accuracy_m)
        papers.append(Saving(folder / f"{role}.toml", _writes(passport_text(paper)), _is_passport))
    savings = [*files, Saving(folder / "sources.toml", _writes(_sources(folder, source))), *papers]
    write_set_atomically(savings)
    return tuple(saving.path for saving in savings)


def _geojson(table: pd.DataFrame, columns: Shape, *, name: str) -> str:
    frame = gpd.GeoDataFrame(table, geometry=table["geometry"] if "geometry" in table else [None] * len(table))
    is_placed = frame.geometry.notna().any()
    frame = to_wgs84(frame if is_placed else frame.set_crs(WGS84, allow_override=True), name=name)
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda points: points.round(_DECIMALS))
    features = []
    for row, shape in zip(frame[list(columns)].itertuples(), shapes, strict=True):
        identity, *values = row
        facts = {key: _plain(value) for key, value in zip(columns, values, strict=True)}
        features.append(
            {
                "type": "Feature",
                "id": identity,
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                "properties": {"id": identity, **facts},
            }
        )
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _csv(table: pd.DataFrame, columns: Shape) -> str:
    return str(table[list(columns)].to_csv(index_label="id", lineterminator="\n"))


def _passport(network: Network, role: str, columns: Shape, suffix: str, *, source: Path, accuracy_m: float) -> Passport:
    geometry = _ROLES[role][1]
    count = {"sewer_nodes": network.nodes, "sewer_links": network.links, "sewer_loads": network.loads}[role]
    day = _day(source)
    facts = {"file": source.name}
    return Passport(
        id=role,
        role=role,
        title=_label(f"inp.layer.{role}", {}),
        about=_label("inp.layer.about", facts),
        path=role + suffix,
        geometry=geometry,
        crs="none" if geometry == "table" else "EPSG:4326",
        id_field="id",
        features=len(count),
        topology=() if geometry == "table" else ("may_be_unplaced",),
        licence="unstated",
        sources=(source_key(source.name),),
        valid_on=day,
        accessed_on=day,
        confidence=network.confidence,
        positional_accuracy_m=accuracy_m,
        lineage=_label("inp.layer.lineage", facts),
        version="1.0.0",
        fields=tuple(_column(name, kind) for name, kind in {"id": "text", **columns}.items()),
    )


def _column(name: str, kind: str) -> Column:
    unit = "text" if kind == "text" else next((unit for unit in _UNITS if name.endswith(f"_{unit}")), "number")
    is_required = name in ("id", "kind", "from_node", "to_node", "node")
    return Column(name=name, meaning=Label(zh=name, en=name), unit=unit, required=is_required)


def _sources(folder: Path, source: Path) -> str:
    return sources_text(folder, source=source.name, digest=digest_file(source), today=_day(source))


def _day(source: Path) -> dt.date:
    """The day the file was last written: the same file gives the same passports."""
    return dt.datetime.fromtimestamp(source.stat().st_mtime, tz=dt.UTC).date()


def _plain(value: object) -> object:
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def _label(key: str, facts: Mapping[str, object]) -> Label:
    return Label(zh=say(key, "zh", **facts), en=say(key, "en", **facts))


def _writes(text: str) -> Step:
    def _write(path: Path) -> None:
        path.write_text(text, encoding="utf-8", newline="\n")

    return _write


def _is_passport(path: Path) -> None:
    read_passport(path)
