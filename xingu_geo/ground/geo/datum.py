"""Shifted and old datums: GCJ-02 and BD-09 (Amap, Baidu) to and from WGS 84; seven parameters for Beijing 54, Xian 80.

Comes in: longitude/latitude pairs, frames. Goes out: the same on another datum. Must not know: who drew them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.geo.crs import WGS84, require_crs, require_same

Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

# Constants of the published formula: the Krasovsky ellipsoid it shifts on, and the box it shifts inside.
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
_BAIDU_TURN: Final = np.pi * 3000.0 / 180.0
_CLOSE_DEGREES: Final = 1e-12  # 1e-7 m
_ROUNDS_MAX: Final = 60

Pairs = NDArray[np.float64]


def convert_points(points: Pairs, *, source: Datum, target: Datum) -> Pairs:
    """``points`` on the ``target`` datum.

    Parameters
    ----------
    points
        Shape (n, 2): longitude, latitude [degree]. Outside the published formula's box (72.004–137.8347 °E,
        0.8293–55.8271 °N) GCJ-02 is WGS 84, and a point is returned as it came.

    Returns
    -------
    Shape (n, 2) [degree]. The inverse is iterated until it moves less than 1e-7 m, so a round trip closes within
    1e-6 m; the formula itself is the public reverse-engineered one, within about a metre of the maps in use.

    Examples
    --------
    >>> shifted = convert_points(np.array([[120.35, 30.30]]), source="wgs84", target="gcj02")
    >>> [round(float(d), 6) for d in shifted[0] - [120.35, 30.30]]
    [0.004565, -0.002314]
    """
    pairs = np.asarray(points, dtype=np.float64)
    if source == target:
        return pairs.copy()
    if source == "bd09":
        pairs = _undone(_baidu_shift, pairs)
    elif source == "wgs84":
        pairs = pairs + _mars_shift(pairs)
    if target == "wgs84":
        return _undone(_mars_shift, pairs)
    if target == "bd09":
        return pairs + _baidu_shift(pairs)
    return pairs


def convert_frame(frame: gpd.GeoDataFrame, *, source: Datum, target: Datum) -> gpd.GeoDataFrame:
    """``frame`` (longitude/latitude, EPSG:4326) with every vertex moved from ``source`` to ``target``.

    The CRS label stays EPSG:4326 because the shifted datums have no code; what was done belongs in the layer's
    passport or the export's manifest.
    """
    require_same(frame, CRS.from_user_input(WGS84), name="datum")
    moved = shapely.transform(
        frame.geometry.to_numpy(), lambda pairs: convert_points(pairs, source=source, target=target)
    )
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=frame.crs))


@dataclass(frozen=True, slots=True)
class SevenParameters:
    """The Bursa–Wolf step from an old datum to CGCS2000, position-vector convention (布尔莎七参数).

    Shifts in metres, rotations in arc-seconds, scale in parts per million; a city's set comes from its surveying
    office and holds only there.
    """

    x_m: float
    y_m: float
    z_m: float
    rotation_x_s: float = 0.0
    rotation_y_s: float = 0.0
    rotation_z_s: float = 0.0
    scale_ppm: float = 0.0

    def pipeline(self, source: CRS) -> str:
        """The PROJ pipeline from ``source``'s longitude/latitude [degree] to CGCS2000's [degree]."""
        ellipsoid = source.ellipsoid
        if ellipsoid is None:
            raise XinguError("crs_datum", name="datum", found=source.name)
        helmert = (
            f"+proj=helmert +x={self.x_m!r} +y={self.y_m!r} +z={self.z_m!r} +rx={self.rotation_x_s!r}"
            f" +ry={self.rotation_y_s!r} +rz={self.rotation_z_s!r} +s={self.scale_ppm!r} +convention=position_vector"
        )
        return (
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
            f" +step +proj=cart +a={ellipsoid.semi_major_metre!r} +rf={ellipsoid.inverse_flattening!r}"
            f" +step {helmert} +step +inv +proj=cart +a=6378137 +rf=298.257222101"
            " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
        )


def to_working_by_seven(
    frame: gpd.GeoDataFrame, parameters: SevenParameters, crs: str | CRS, *, name: str
) -> gpd.GeoDataFrame:
    """``frame`` (Beijing 54, Xian 80, or any CRS with a geodetic base) in ``crs`` by seven ``parameters``.

    Heights are taken as 0 on the old ellipsoid, which moves a plan position by less than a centimetre.

    Raises
    ------
    XinguError
        ``crs_missing`` without a CRS, ``crs_datum`` if the CRS has no geodetic base.
    """
    require_crs(frame, name=name)
    base = frame.crs.geodetic_crs
    if base is None:
        raise XinguError("crs_datum", name=name, found=frame.crs.name)
    steps = (
        Transformer.from_crs(frame.crs, base, always_xy=True),
        Transformer.from_pipeline(parameters.pipeline(base)),
        Transformer.from_crs("EPSG:4490", crs, always_xy=True),
    )

    def moved(pairs: Pairs) -> Pairs:
        x, y = pairs[:, 0], pairs[:, 1]
        for step in steps:
            x, y = step.transform(x, y)
        return np.column_stack([x, y])

    geometry = shapely.transform(shapely.force_2d(frame.geometry.to_numpy()), moved)
    return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=crs))


def _undone(shift: Callable[[Pairs], Pairs], shifted: Pairs) -> Pairs:
    """The points that ``shift`` moves onto ``shifted``: a fixed point, contracting about 400-fold each round."""
    found = shifted.copy()
    for _ in range(_ROUNDS_MAX):
        better = shifted - shift(found)
        moved = np.abs(better - found)
        found = better
        if not np.any(moved > _CLOSE_DEGREES):
            break
    return found


def _mars_shift(pairs: Pairs) -> Pairs:
    """What GCJ-02 adds to WGS 84 [degree]; zero outside the formula's box."""
    lon, lat = pairs[:, 0], pairs[:, 1]
    x, y = lon - 105.0, lat - 35.0
    root, wave = np.sqrt(np.abs(x)), 20.0 * np.sin(6 * np.pi * x) + 20.0 * np.sin(2 * np.pi * x)
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (wave + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (wave + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    phi = np.radians(lat)
    squeeze = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    d_lat = np.degrees(north / (_AXIS_M * (1 - _ECCENTRICITY_SQUARED) / squeeze**1.5))
    d_lon = np.degrees(east / (_AXIS_M / np.sqrt(squeeze) * np.cos(phi)))
    west, south, far_east, far_north = _BOX
    inside = (lon >= west) & (lon <= far_east) & (lat >= south) & (lat <= far_north)
    return np.where(inside[:, None], np.column_stack([d_lon, d_lat]), 0.0)


def _waves(angle: NDArray[np.float64], *terms: tuple[float, float]) -> NDArray[np.float64]:
    total = np.zeros_like(angle)
    for height, length in terms:
        total = total + height * np.sin(np.pi * angle / length)
    return total


def _baidu_shift(pairs: Pairs) -> Pairs:
    """What BD-09 adds to GCJ-02 [degree]."""
    lon, lat = pairs[:, 0], pairs[:, 1]
    reach = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    turned = np.column_stack([reach * np.cos(angle) + 0.0065, reach * np.sin(angle) + 0.006])
    return turned - pairs
