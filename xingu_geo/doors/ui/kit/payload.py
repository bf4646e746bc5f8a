"""What the map element is sent: shapes once, by address; classes with every run, one byte for each site.

Comes in: sites, sewer tables, classes. Goes out: JSON bytes and small mappings. Must not know: Streamlit, sessions.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from xingu_geo.ground.base.digest import digest_value
from xingu_geo.ground.geo.crs import to_wgs84

DIGITS: Final = 6
NO_SCORE: Final = 65_535
RANKED: Final = 128


def site_file(sites: gpd.GeoDataFrame, *, names: pd.Series[str], facts: pd.Series[str]) -> bytes:
    """Every site's outline, mark point, name and one line of facts, in the order of ``sites``; texts are plain text."""
    frame = to_wgs84(sites, name="sites")
    points = frame.geometry.representative_point()
    return _json(
        {
            "ids": [str(site) for site in frame.index],
            "names": names.reindex(frame.index).tolist(),
            "facts": facts.reindex(frame.index).tolist(),
            "shapes": _polygons(frame.geometry.to_numpy()),
            "at": _pairs(points.to_numpy()),
        }
    )


def sewer_file(elements: gpd.GeoDataFrame) -> bytes:
    """Every sewer element's line or point; ``elements`` has name, facts, a line's weight and a node's radius [px]."""
    frame = to_wgs84(elements, name="sewers")
    return _json({"elements": [_element(str(name), row) for name, row in frame.iterrows()]})


def overlay_shapes(frame: gpd.GeoDataFrame, style: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The polygons of ``frame`` as shapes laid over the sites, all in one style (Leaflet's path options)."""
    placed = frame[frame.geometry.notna()]
    shapes = _polygons(to_wgs84(placed, name="overlay").geometry.to_numpy())
    return [{"shape": shape, "style": dict(style)} for shape in shapes]


def run_numbers(codes: ArrayLike, ranks: ArrayLike, scores: ArrayLike) -> dict[str, str]:
    """What changes with a run, as base64: one byte for each site, four more for a site that is ranked.

    ``codes`` has the class of each site, plus :data:`RANKED` where the site has a rank; ``ranks`` and ``scores`` (in
    hundredths) are those of the sites that have one, in their order.
    """
    rank, score = np.asarray(ranks, dtype="float64"), np.asarray(scores, dtype="float64")
    has = rank > 0
    hundredths = np.nan_to_num(score[has] * 100, nan=NO_SCORE).clip(0, NO_SCORE)
    return {
        "codes": encoded(np.asarray(codes, dtype="int64") + RANKED * has),
        "ranks": _base64(rank[has].clip(0, NO_SCORE).astype("<u2")),
        "scores": _base64(hundredths.round().astype("<u2")),
    }


def encoded(codes: ArrayLike) -> str:
    """Codes 0…255 as base64, one byte each."""
    return _base64(np.asarray(codes, dtype="uint8"))


def stamp(*parts: str) -> str:
    """A short name of what is drawn, by which a test knows that the page has caught up."""
    return digest_value(parts)[:12]


def _base64(array: np.ndarray[Any, np.dtype[Any]]) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


def _element(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    shape = row["geometry"]
    plain: dict[str, Any] = {"id": name, "name": row["name"], "facts": row["facts"]}
    if shape.geom_type == "Point":
        return plain | {"point": _pair(shape.x, shape.y), "radius": row["radius"]}
    middle = shape.interpolate(0.5, normalized=True)
    return plain | {"line": _pairs(shape), "weight": row["weight"], "middle": _pair(middle.x, middle.y)}


def _polygons(shapes: Any) -> list[Any]:
    """For each shape its polygons, for each of those its rings, for each ring its corners; all at once, for speed."""
    parts, whose = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, part = shapely.get_rings(parts[is_area], return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    lines = [line[:-1] for line in _grouped(_rounded(corners), ring, len(rings))]
    return _grouped(_grouped(lines, part, int(is_area.sum())), whose[is_area], len(shapes))


def _grouped(things: list[Any], group: Any, count: int) -> list[Any]:
    """``things`` cut into ``count`` lists; ``group``, which rises, says where each belongs."""
    ends = np.cumsum(np.bincount(group, minlength=count)).tolist()
    return [things[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if count else []


def _pairs(shapes: Any) -> list[Any]:
    return _rounded(shapely.get_coordinates(shapes))


def _rounded(corners: Any) -> list[Any]:
    """Latitude and longitude of each corner."""
    pairs: list[Any] = np.round(corners[:, ::-1], DIGITS).tolist()
    return pairs


def _pair(x: float, y: float) -> list[float]:
    return [round(float(y), DIGITS), round(float(x), DIGITS)]


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
