"""A pygeoapi provider over one of our GeoJSON files, read once and kept with its tree.

Comes in: a GeoJSON file with stable ids. Goes out: features by box, by property, by page. Must not know: results.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError
from pygeoapi.util import crs_transform

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Collection:
    """The features of a file, in its order, and where they lie."""

    features: tuple[Feature, ...]
    tree: shapely.STRtree
    positions: dict[str, int]


@lru_cache(maxsize=32)
def _read(path: Path, _changed_ns: int) -> Collection:
    features = tuple(json.loads(path.read_text(encoding="utf-8"))["features"])
    shapes = np.array([shapely.geometry.shape(feature["geometry"]) for feature in features], dtype=object)
    return Collection(features, shapely.STRtree(shapes), {str(f["id"]): at for at, f in enumerate(features)})


class ReadOnlyFeatures(BaseProvider):  # type: ignore[misc]
    """The features of ``data`` (a path), for reading only: create, update and delete stay unimplemented."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, str]]:
        """The properties and their JSON types, taken from the first feature that has a value."""
        for feature in self._collection().features:
            for name, value in feature["properties"].items():
                if value is not None and name not in self._fields:
                    self._fields[name] = {"type": _json_type(value)}
        return dict(self._fields)

    @crs_transform  # type: ignore[untyped-decorator]
    def query(
        self,
        *,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: Sequence[float] = (),
        properties: Sequence[tuple[str, str]] = (),
        select_properties: Sequence[str] = (),
        skip_geometry: bool = False,
        **_unused: object,
    ) -> dict[str, Any]:
        """A page of the features that touch ``bbox`` and have the ``properties``, in the file's order."""
        collection = self._collection()
        chosen = [
            feature
            for feature in (collection.features[at] for at in _within(collection, bbox))
            if all(str(feature["properties"].get(name)) == str(value) for name, value in properties)
        ]
        page = [] if resulttype == "hits" else chosen[offset : offset + limit]
        return {
            "type": "FeatureCollection",
            "numberMatched": len(chosen),
            "numberReturned": len(page),
            "features": [_trimmed(feature, select_properties, skip_geometry=skip_geometry) for feature in page],
        }

    @crs_transform  # type: ignore[untyped-decorator]
    def get(self, identifier: str, **_unused: object) -> Feature:
        """The feature with this id."""
        collection = self._collection()
        if identifier not in collection.positions:
            raise ProviderItemNotFoundError(f"there is no feature {identifier}")
        return dict(collection.features[collection.positions[identifier]])

    def _collection(self) -> Collection:
        path = Path(self.data)
        return _read(path, path.stat().st_mtime_ns)


def _within(collection: Collection, bbox: Sequence[float]) -> npt.NDArray[np.int64]:
    if not bbox:
        return np.arange(len(collection.features))
    half = len(bbox) // 2  # four numbers on the plane, six with heights, which nothing here has
    box = shapely.box(bbox[0], bbox[1], bbox[half], bbox[half + 1])
    return np.sort(collection.tree.query(box, predicate="intersects"))


def _trimmed(feature: Feature, names: Sequence[str], *, skip_geometry: bool) -> Feature:
    properties = feature["properties"]
    kept = {name: properties[name] for name in properties if name in names} if names else dict(properties)
    return {**feature, "properties": kept, "geometry": None if skip_geometry else feature["geometry"]}


def _json_type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "string"
