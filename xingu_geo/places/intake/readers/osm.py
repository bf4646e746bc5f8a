"""OpenStreetMap extracts (``.osm``, ``.osm.pbf``): roads, homes, water, protected land, metro, as layers with roles.

Comes in: an extract on disk. Goes out: raw layers with their roles, under the ODbL. Must not know: the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyogrio
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.encoding import clean_text, sample_of
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.vectors import frame_of, require_few

LICENCE: Final = "ODbL-1.0"
ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright"

_CLASSES: Final = {
    "expressway": {"motorway", "motorway_link", "trunk", "trunk_link"},
    "arterial": {"primary", "primary_link", "secondary", "secondary_link"},
    "street": {"tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service"},
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A role, the layer of GDAL's reading it is found in, and the tags that say so → the role's ``kind``."""

    role: str
    layer: str
    tags: Mapping[tuple[str, str], str]

    def kind_of(self, tags: Mapping[str, str]) -> str | None:
        """The kind that ``tags`` make of a feature in this role; ``None`` if they make nothing of it."""
        return next((kind for (key, value), kind in self.tags.items() if tags.get(key) == value), None)

    @property
    def wanted(self) -> dict[str, list[str]]:
        """Key → values, as a query asks for them."""
        keys = dict.fromkeys(key for key, _ in self.tags)
        return {key: [value for known, value in self.tags if known == key] for key in keys}


SLOTS: Final = (
    Slot("roads", "lines", {("highway", name): kind for kind, names in _CLASSES.items() for name in names}),
    Slot("residential", "multipolygons", {("landuse", "residential"): "", ("building", "apartments"): ""}),
    Slot("river", "multipolygons", {("natural", "water"): "", ("landuse", "reservoir"): ""}),
    Slot(
        "protected",
        "multipolygons",
        {
            ("leisure", "nature_reserve"): "ecology",
            ("boundary", "protected_area"): "ecology",
            ("landuse", "farmland"): "farmland",
        },
    ),
    Slot("metro", "points", {("station", "subway"): "", ("railway", "subway_entrance"): ""}),
)  # fmt: skip


def read_osm(path: Path, options: Options) -> list[Raw]:
    """The layers that the extract at ``path`` fills: roads, residential, river, protected, metro; empty ones left out.

    Ids are OpenStreetMap's own (``w123``, ``n123``, ``r123``), so a later extract of the same place gives the same ids.

    Raises
    ------
    XinguError
        ``layer_damaged``, ``layer_empty`` if nothing of this is in the extract, or ``too_many_features``.
    """
    tables: dict[str, gpd.GeoDataFrame] = {}
    for layer in dict.fromkeys(slot.layer for slot in SLOTS):
        try:
            tables[layer] = pyogrio.read_dataframe(path, layer=layer, force_2d=True, on_invalid="fix")
        except Exception as error:
            raise XinguError("layer_damaged", name=path.name, detail=type(error).__name__) from error
    raws = [raw for slot in SLOTS if (raw := _raw(slot, tables[slot.layer], options)) is not None]
    if not raws:
        raise XinguError("layer_empty", name=path.name)
    return raws


def tags_of(text: object) -> dict[str, str]:
    """The tags GDAL keeps in one text as ``"key"=>"value","key"=>"value"``."""
    if not isinstance(text, str):
        return {}
    pairs = re.findall(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"', text)
    return {_unescaped(key): _unescaped(value) for key, value in pairs}


def _raw(slot: Slot, table: gpd.GeoDataFrame, options: Options) -> Raw | None:
    rows: list[dict[str, object]] = []
    shapes: list[BaseGeometry | None] = []
    for values, shape in zip(table.drop(columns="geometry").to_dict("records"), table.geometry, strict=True):
        tags = tags_of(values.get("other_tags")) | {
            key: value for key, value in values.items() if isinstance(value, str) and key != "other_tags"
        }
        kind = slot.kind_of(tags)
        if kind is not None:
            rows.append(row_of(tags, kind, slot, _id(tags, slot)))
            shapes.append(shape)
    if not rows:
        return None
    require_few(len(rows), options, name=slot.role)
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    frame = frame_of(columns, shapes, name=slot.role)
    words = [word for values in columns.values() for word in values]
    return Raw(
        slot.role,
        frame,
        CRS.from_epsg(4326),
        encoding="utf-8",
        sample=sample_of(words),
        role=slot.role,
        licence=LICENCE,
    )


def row_of(tags: Mapping[str, str], kind: str, slot: Slot, id_of: str) -> dict[str, object]:
    """The columns of a feature with ``tags`` in the role of ``slot``; ``id_of`` is OpenStreetMap's, with its letter."""
    row: dict[str, object] = {"id": id_of}
    row["name_zh"] = clean_text(tags.get("name:zh") or tags.get("name") or "") or None
    row["name_en"] = clean_text(tags.get("name:en") or "") or None
    if slot.role == "roads":
        row["class"] = kind
    elif slot.role == "protected":
        row["kind"] = kind
    elif slot.role == "metro":
        row["line"] = clean_text(tags.get("line") or "") or None
    return row


def _id(tags: Mapping[str, str], slot: Slot) -> str:
    way, whole = tags.get("osm_way_id"), tags.get("osm_id")
    letter = {"lines": "w", "points": "n", "multipolygons": "r"}[slot.layer]
    return f"w{way}" if way else f"{letter}{whole}"


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
