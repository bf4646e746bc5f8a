"""The working ground of a place, a projected CRS in metres, and the guards that let nothing else be measured.

Comes in: frames with a CRS, the working CRS. Goes out: frames in that CRS or in WGS 84.
Must not know: layers, parcels, which CRS a place works in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyproj import CRS
from pyproj.transformer import TransformerGroup

from xingu_geo.ground.base.errors import XinguError

if TYPE_CHECKING:
    import geopandas as gpd

WGS84: Final = "EPSG:4326"

_EARTH_CENTRED: Final = (
    "World Geodetic System 1984",
    "China 2000",
    "China Geodetic Coordinate System 2000",
    "ITRF",
    "International Terrestrial",
)


def metric(crs: str | CRS) -> CRS:
    """``crs`` as one in which areas and distances can be measured.

    Raises
    ------
    XinguError
        ``crs_not_metres`` unless it :func:`is_metric`.
    """
    found = CRS.from_user_input(crs)
    if not is_metric(found):
        raise XinguError("crs_not_metres", found=found.to_string())
    return found


def is_metric(crs: CRS) -> bool:
    """Whether ``crs`` is projected with axes in metres, and these are metres of the ground: a web map's are not."""
    operation = crs.coordinate_operation
    is_web_map = operation is not None and "Pseudo Mercator" in operation.method_name
    return crs.is_projected and not is_web_map and all(axis.unit_name == "metre" for axis in crs.axis_info)


def to_working(frame: gpd.GeoDataFrame, crs: str | CRS, *, name: str) -> gpd.GeoDataFrame:
    """``frame`` in the working CRS ``crs``; ``name`` is what a refusal calls it.

    Raises
    ------
    XinguError
        ``crs_missing`` if the frame has no CRS (it is never guessed), ``crs_datum`` if PROJ knows no accurate
        way from its datum (Beijing 54, Xian 80 without a grid).
    """
    require_crs(frame, name=name)
    return _transformed(frame, crs, name=name)


def to_wgs84(frame: gpd.GeoDataFrame, *, name: str) -> gpd.GeoDataFrame:
    """``frame`` in WGS 84 longitude/latitude, for the map and RFC 7946; same refusals as :func:`to_working`."""
    require_crs(frame, name=name)
    return _transformed(frame, WGS84, name=name)


def require_crs(frame: gpd.GeoDataFrame, *, name: str) -> None:
    """Refuse a frame without a CRS."""
    if frame.crs is None:
        raise XinguError("crs_missing", name=name)


def require_metres(frame: gpd.GeoDataFrame, *, name: str) -> None:
    """Refuse a frame in which nothing can be measured: without a CRS, or with one that is not :func:`metric`."""
    require_crs(frame, name=name)
    metric(frame.crs)


def require_same(frame: gpd.GeoDataFrame, crs: CRS, *, name: str) -> None:
    """Refuse a frame that is not in ``crs``, the CRS of the one it is to meet."""
    require_crs(frame, name=name)
    if frame.crs != crs:
        raise XinguError("crs_not_working", name=name, found=frame.crs.to_string(), expected=crs.to_string())


def is_accurate_transform(source: CRS, target: CRS) -> bool:
    """Whether going from ``source`` to ``target`` moves nothing by more than about a metre unnoticed.

    PROJ rates an operation between two datums it cannot relate −1 ("ballpark": nothing is shifted). Between WGS 84,
    ITRF and CGCS2000 that is right to less than a metre, for CGCS2000 is ITRF97 at epoch 2000.0; between any of them
    and Beijing 54 or Xian 80 it silently loses a hundred metres.
    """
    if _is_earth_centred(source) and _is_earth_centred(target):
        return True
    best = TransformerGroup(source, target, always_xy=True).transformers
    return bool(best) and best[0].accuracy >= 0


def _is_earth_centred(crs: CRS) -> bool:
    datum = crs.geodetic_crs.datum if crs.geodetic_crs else None
    return datum is not None and datum.name.startswith(_EARTH_CENTRED)


def _transformed(frame: gpd.GeoDataFrame, target: str | CRS, *, name: str) -> gpd.GeoDataFrame:
    wanted = CRS.from_user_input(target)
    if frame.crs == wanted:
        return frame
    if not is_accurate_transform(frame.crs, wanted):
        raise XinguError("crs_datum", name=name, found=frame.crs.name)
    return frame.to_crs(wanted)
