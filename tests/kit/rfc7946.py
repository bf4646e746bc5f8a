"""RFC 7946, section by section, as a JSON Schema for feature collections of polygons with text ids."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from jsonschema import Draft202012Validator

POSITION = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "minItems": 2,
    "maxItems": 3,
}
RING = {"type": "array", "items": POSITION, "minItems": 4}
RINGS = {"type": "array", "items": RING, "minItems": 1}


def _geometry(kind: str, coordinates: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"type": {"const": kind}, "coordinates": coordinates},
        "required": ["type", "coordinates"],
        "additionalProperties": False,
    }


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "string", "minLength": 1},
                    "properties": {"type": "object"},
                    "geometry": {
                        "oneOf": [
                            _geometry("Polygon", RINGS),
                            _geometry("MultiPolygon", {"type": "array", "items": RINGS, "minItems": 1}),
                        ]
                    },
                },
                "required": ["type", "id", "properties", "geometry"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "features"],
    "not": {"required": ["crs"]},
}


def complaints(document: Any) -> list[str]:
    """What RFC 7946 has against ``document``: the schema's errors, clockwise shells, counter-clockwise holes."""
    errors = [error.message[:200] for error in Draft202012Validator(SCHEMA).iter_errors(document)]
    for feature in document.get("features", []):
        for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
            if not part.exterior.is_ccw:
                errors.append(f"{feature['id']}: clockwise shell")
            if any(np.array([hole.is_ccw for hole in part.interiors], dtype=bool)):
                errors.append(f"{feature['id']}: counter-clockwise hole")
    return errors
