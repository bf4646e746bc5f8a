"""The working ground, EPSG:4549 in metres, and the guards that let nothing else be measured.

Comes in: frames with a CRS. Goes out: frames in the working CRS or in WGS 84. Must not know: layers, parcels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyproj import CRS
from pyproj.transformer import TransformerGroup

from xingu_geo.base.errors import XinguError

if TYPE_CHECKING:
    import geopandas as gpd

WORKING_CRS: Final = "EPSG:4549"
WGS84: Final = "EPSG:4326"
_MODERN_DATUMS: Final = frozenset({"World Geodetic System 1984", "China 2000"})


def to_working(frame: gpd.GeoDataFrame, *, name: str) -> gpd.GeoDataFrame:
    """``frame`` in EPSG:4549; ``name`` is what a refusal calls it.

    Raises
    ------
    XinguError
        ``crs_missing`` if the frame has no CRS (it is never guessed), ``crs_datum`` if PROJ knows no accurate
        way from its datum (Beijing 54, Xian 80 without a grid).
    """
    require_crs(frame, name=name)
    return _transformed(frame, WORKING_CRS, name=name)


def to_wgs84(frame: gpd.GeoDataFrame, *, name: str) -> gpd.GeoDataFrame:
    """``frame`` in WGS 84 longitude/latitude, for the map and RFC 7946; same refusals as :func:`to_working`."""
    require_crs(frame, name=name)
    return _transformed(frame, WGS84, name=name)


def require_crs(frame: gpd.GeoDataFrame, *, name: str) -> None:
    """Refuse a frame without a CRS."""
    if frame.crs is None:
        raise XinguError("crs_missing", name=name)


def require_working(frame: gpd.GeoDataFrame, *, name: str) -> None:
    """Refuse a frame that is not in EPSG:4549: areas and distances are measured only there."""
    require_crs(frame, name=name)
    if frame.crs != CRS.from_user_input(WORKING_CRS):
        raise XinguError("crs_not_working", name=name, found=frame.crs.to_string(), expected=WORKING_CRS)


def is_accurate_transform(source: CRS, target: CRS) -> bool:
    """Whether PROJ's best operation between the two has a known accuracy (−1 means it silently shifts nothing).

    WGS 84 and CGCS2000 agree to better than a metre, so PROJ's missing shift between them is right, not a guess.
    """
    if {_datum(source), _datum(target)} <= _MODERN_DATUMS:
        return True
    best = TransformerGroup(source, target, always_xy=True).transformers
    return bool(best) and best[0].accuracy >= 0


def _datum(crs: CRS) -> str:
    geodetic = crs.geodetic_crs
    name = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    return name.removesuffix(" ensemble")


def _transformed(frame: gpd.GeoDataFrame, target: str, *, name: str) -> gpd.GeoDataFrame:
    wanted = CRS.from_user_input(target)
    if frame.crs == wanted:
        return frame
    if not is_accurate_transform(frame.crs, wanted):
        raise XinguError("crs_datum", name=name, found=frame.crs.name)
    return frame.to_crs(wanted)
