"""The published index of a place's layers: a table for readers, STAC for machines.

Comes in: a catalogue. Goes out: Markdown text; STAC 1.0 documents as plain dicts. Must not know: roles' uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import rasterio
from pyproj import CRS
from rasterio.warp import transform_bounds

from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.read import Catalogue, Entry, VectorLayer
from xingu_geo.ground.geo.crs import WGS84, to_wgs84

STAC_VERSION: Final = "1.0.0"
MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".tif": "image/tiff; application=geotiff",
    ".csv": "text/csv",
}
Box = tuple[float, float, float, float]


def layer_table(catalogue: Catalogue, lang: Lang) -> str:
    """One Markdown row for each layer, by role: title, kind, features, confidence, accuracy, sources, about."""
    heads = [say(f"index.{name}", lang) for name in HEADS]
    rows = [_row(catalogue.passport(role), lang) for role in sorted(catalogue)]
    return "\n".join([_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)])


def field_table(catalogue: Catalogue, role: str, lang: Lang) -> str:
    """One Markdown row for each column of the layer: name, meaning, unit, whether it is required."""
    heads = [say(f"index.{name}", lang) for name in ("field", "meaning", "unit", "required")]
    rows = [
        [f"`{column.name}`", column.meaning.to(lang), column.unit, say(f"index.{_yes(column.required)}", lang)]
        for column in catalogue.passport(role).fields
    ]
    return "\n".join([_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)])


def stac_items(catalogue: Catalogue, *, collection: str) -> list[dict[str, Any]]:
    """One STAC item for each layer that has a place on the ground, sorted by role.

    ``bbox`` is in WGS 84; confidence, accuracy, role and version stand under ``xingu:`` names; the asset's
    ``href`` is relative to the layers' folder. A table, and a layer of which nothing is placed, has a null
    geometry and no ``bbox``, as the specification asks.
    """
    return [_item(catalogue, catalogue.entries[role], collection) for role in sorted(catalogue)]


def stac_collection(catalogue: Catalogue, *, id: str, title: str) -> dict[str, Any]:  # noqa: A002  STAC's own word
    """The STAC collection over :func:`stac_items`: extent in space and time, licences, links to the items."""
    items = stac_items(catalogue, collection=id)
    boxes = [item["bbox"] for item in items if "bbox" in item]
    whole = [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
    passports = [catalogue.passport(role) for role in catalogue]
    days = [_moment(passport.valid_on) for passport in passports]
    licences = {passport.licence for passport in passports}
    return {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "id": id,
        "title": title,
        "description": title,
        "license": licences.pop() if len(licences) == 1 else "various",
        "extent": {"spatial": {"bbox": [whole]}, "temporal": {"interval": [[min(days), max(days)]]}},
        "links": [{"rel": "item", "href": f"./{item['id']}.json", "type": "application/geo+json"} for item in items],
    }


HEADS: Final = ("role", "title", "geometry", "features", "confidence", "accuracy", "sources", "about")


def _row(passport: Passport, lang: Lang) -> list[str]:
    return [
        f"`{passport.role}`",
        passport.title.to(lang),
        say(f"index.geometry_{passport.geometry}", lang),
        f"{passport.features:,}",
        say(f"confidence.{passport.confidence}", lang),
        f"±{passport.positional_accuracy_m:,.0f} m",
        ", ".join(f"`{key}`" for key in passport.sources),
        passport.about.to(lang),
    ]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _yes(required: bool) -> str:  # noqa: FBT001
    return "yes" if required else "no"


def _item(catalogue: Catalogue, entry: Entry, collection: str) -> dict[str, Any]:
    passport = entry.passport
    box = _box(catalogue, entry)
    item: dict[str, Any] = {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "id": passport.id,
        "collection": collection,
        "geometry": None if box is None else _ring(box),
        "properties": {
            "datetime": _moment(passport.valid_on),
            "title": passport.title.zh,
            "description": passport.about.zh,
            "license": passport.licence,
            "version": passport.version,
            "xingu:title_en": passport.title.en,
            "xingu:description_en": passport.about.en,
            "xingu:role": passport.role,
            "xingu:confidence": passport.confidence.value,
            "xingu:positional_accuracy_m": passport.positional_accuracy_m,
            "xingu:digest": entry.digest,
        },
        "links": [{"rel": "collection", "href": "./collection.json", "type": "application/json"}],
        "assets": {"data": _asset(catalogue, entry)},
    }
    return item if box is None else {**item, "bbox": list(box)}


def _asset(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    home = next(folder for folder in catalogue.folders if entry.file.is_relative_to(folder))
    where = entry.file.relative_to(home).as_posix()
    return {
        "href": where,
        "type": MEDIA_TYPES.get(entry.file.suffix.lower(), "application/octet-stream"),
        "roles": ["data"],
    }


def _box(catalogue: Catalogue, entry: Entry) -> Box | None:
    if entry.passport.geometry == "table":
        return None
    if entry.passport.geometry == "raster":
        with rasterio.open(entry.file, driver="GTiff") as file:
            crs = CRS.from_user_input(file.crs)
            return _rounded(transform_bounds(crs.to_wkt(), WGS84, *file.bounds))
    layer: VectorLayer = catalogue.vector(entry.passport.role)
    if layer.placed.empty:
        return None
    return _rounded(to_wgs84(layer.placed, name=entry.passport.path).total_bounds)


def _rounded(bounds: Any) -> Box:
    west, south, east, north = (round(float(value), 6) for value in bounds)
    return west, south, east, north


def _ring(box: Box) -> dict[str, Any]:
    west, south, east, north = box
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
