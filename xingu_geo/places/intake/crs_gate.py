"""The CRS gate: nothing is placed before it is known on what ground it lies; suggestions, never guesses.

Comes in: a raw layer and what its bringer says. Goes out: a frame in the working CRS, with notes.
Must not know: what the layer shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj
from pyproj.exceptions import CRSError

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual, say
from xingu_geo.ground.geo.crs import WGS84, to_wgs84, to_working
from xingu_geo.ground.geo.datum import Datum, convert_frame, to_working_by_seven
from xingu_geo.places.intake.intake_findings import Note, Suggestion
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.vectors import is_finite_shape

Look = Literal["degrees", "degrees_swapped", "metres", "metres_zoned", "metres_swapped", "mercator", "nothing_known"]

_STRETCH_MAX: Final = 0.008  # areas; a Gauss strip comes to it 6 degrees from its meridian at 30° N
_OUTLIER_M: Final = 200_000.0
_CHINA: Final = (72.0, 0.8, 138.0, 56.0)
_ON_DEGREES: Final = (Suggestion("crs", WGS84), Suggestion("crs", "EPSG:4490"))


@dataclass(frozen=True, slots=True)
class Placed:
    """A layer on known ground: ``frame`` in the working CRS, the CRS it came in, and what had to be said."""

    frame: gpd.GeoDataFrame
    found: str
    notes: tuple[Note, ...]


def place(raw: Raw, options: Options, *, datum: Datum | None) -> Placed:
    """``raw`` in the working CRS, moved from ``datum`` (GCJ-02, BD-09) if one is given.

    Raises
    ------
    XinguError
        ``coordinates_missing``, ``crs_unknown`` (with a suggestion by range), ``axes_swapped``, ``crs_contradicted``,
        ``crs_unreadable``, ``crs_datum`` (Beijing 54 or Xian 80 without seven parameters) or ``place_outside``.
    """
    frame, notes = _finite(raw)
    if options.swap_axes:
        flipped = shapely.transform(frame.geometry.to_numpy(), lambda pairs: pairs[:, ::-1])
        frame = frame.set_geometry(gpd.GeoSeries(flipped, index=frame.index))
        notes.append(Note("axes_swapped", {"name": raw.name}, is_calm=True))
    crs = _settled_crs(raw, frame, options)
    declared = frame.set_crs(crs)
    if options.seven is not None:
        working = to_working_by_seven(declared, options.seven, options.working_crs, name=raw.name)
        notes.append(Note("seven_used", {"name": raw.name, "found": crs.name}, is_calm=True))
    elif datum is not None and datum != "wgs84":
        shifted = convert_frame(to_wgs84(declared, name=raw.name).to_crs(WGS84), source=datum, target="wgs84")
        working = to_working(shifted, options.working_crs, name=raw.name)
    else:
        working = to_working(declared, options.working_crs, name=raw.name)
    notes += _require_near(working, raw.name)
    return Placed(working, crs.to_string() if crs.to_epsg() else crs.name, tuple(notes))


def look_of(frame: gpd.GeoDataFrame) -> Look:
    """What the coordinates look like by range; robust against a few strays (the middle 90 % count)."""
    pairs = shapely.get_coordinates(frame.geometry.to_numpy())
    (x1, y1), (x2, y2) = np.quantile(pairs, 0.05, axis=0), np.quantile(pairs, 0.95, axis=0)
    west, south, east, north = _CHINA
    if south <= x1 and x2 <= north and west <= y1 and y2 <= east:
        return "degrees_swapped"
    if max(abs(x1), abs(x2)) <= 180 and max(abs(y1), abs(y2)) <= 90:
        return "degrees"
    if _is_northing(y1, y2) and (metres := _easting_look(x1, x2)) is not None:
        return metres
    if _is_northing(x1, x2) and _easting_look(y1, y2) in {"metres", "metres_zoned"}:
        return "metres_swapped"
    return "nothing_known"


def _easting_look(low: float, high: float) -> Look | None:
    # Web Mercator of China (8.0e6 to 15.4e6) is told first: zone 13, which it overlaps, lies in Kashgar.
    if low >= 8e6 and high <= 15.4e6:
        return "mercator"
    if _is_zoned(low, high):
        return "metres_zoned"
    return "metres" if low >= 1.5e5 and high <= 8.5e5 else None


def suggestions(frame: gpd.GeoDataFrame, working_crs: str) -> dict[str, object]:
    """What the coordinates look like and what would say so: facts of a refusal, ``look`` for its sentence."""
    look = look_of(frame)
    zone = _zone(frame) if look == "metres_zoned" else 0
    code = f"EPSG:{zone_code(zone)}" if zone else working_crs
    offered: dict[Look, tuple[Suggestion, ...]] = {
        "degrees": (*_ON_DEGREES, Suggestion("datum", "gcj02"), Suggestion("datum", "bd09")),
        "degrees_swapped": (Suggestion("swap_axes"), *_ON_DEGREES),
        "metres": (Suggestion("crs", code),),
        "metres_zoned": (Suggestion("crs", code),),
        "metres_swapped": (Suggestion("swap_axes"),),
        "mercator": (Suggestion("crs", "EPSG:3857"),),
        "nothing_known": (),
    }
    spoken = Bilingual(*(say(f"intake.look.{look}", lang, code=code, zone=zone) for lang in ("zh", "en")))
    return {"look": spoken, "suggestions": offered[look]}


def zone_code(zone: int) -> int:
    """The EPSG code of a CGCS2000 Gauss–Kruger zone whose number leads the easting: 3° zones 25–45, 6° zones 13–23."""
    return 4513 + zone - 25 if zone >= 25 else 4491 + zone - 13


def _settled_crs(raw: Raw, frame: gpd.GeoDataFrame, options: Options) -> CRS:
    look, hints = look_of(frame), suggestions(frame, options.working_crs)
    if options.crs is not None:
        crs = _read_crs(options.crs)
    elif raw.crs is not None:
        crs = raw.crs
    elif options.datum in {"gcj02", "bd09"} and look == "degrees":
        crs = CRS.from_user_input(WGS84)  # the person said which shifted degrees these are
    else:
        raise XinguError("crs_unknown", name=raw.name, **hints)
    swapped = look in {"degrees_swapped", "metres_swapped"}
    if swapped:
        raise XinguError("axes_swapped", name=raw.name, **hints)
    if crs.is_geographic != (look == "degrees") or (look == "metres_zoned" and not _takes_zoned(crs)):
        raise XinguError(
            "crs_contradicted", name=raw.name, declared=crs.name, **suggestions(frame, options.working_crs)
        )
    return crs


def _read_crs(text: str) -> CRS:
    try:
        return CRS.from_user_input(f"EPSG:{text}" if text.isdigit() else text)
    except CRSError as error:
        raise XinguError("crs_unreadable", crs=text[:60]) from error


def _takes_zoned(crs: CRS) -> bool:
    """Whether the CRS has its zone number in front of the easting (false easting of millions)."""
    operation = crs.coordinate_operation
    return operation is not None and any(
        parameter.name == "False easting" and float(parameter.value) > 1e6 for parameter in operation.params
    )


def _finite(raw: Raw) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """The layer without coordinates that are no numbers; their features stay, unplaced."""
    shapes = shapely.force_2d(raw.frame.geometry.to_numpy())
    broken = [row for row, shape in enumerate(shapes) if not is_finite_shape(shape)]
    kept = [
        None if row in set(broken) or shape is None or shape.is_empty else shape for row, shape in enumerate(shapes)
    ]
    if not any(shape is not None for shape in kept):
        raise XinguError("coordinates_missing", name=raw.name)
    frame = raw.frame.set_geometry(gpd.GeoSeries(kept, index=raw.frame.index))
    if not broken:
        return frame, []
    rows = ", ".join(str(row + 1) for row in broken[:10])
    return frame, [Note("not_finite", {"name": raw.name, "count": len(broken), "rows": rows})]


def _require_near(frame: gpd.GeoDataFrame, name: str) -> list[Note]:
    """Refuse what lies where the working CRS is not true to scale; name single features far from the rest."""
    # Centres of bounds: the centroid of a figure of eight lies nowhere.
    boxes = frame.geometry.dropna().bounds.to_numpy()
    xs, ys = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    x, y = np.median(xs), np.median(ys)
    centre = gpd.GeoSeries(gpd.points_from_xy([x], [y]), crs=frame.crs).to_crs("EPSG:4490").iloc[0]
    stretch = Proj(frame.crs).get_factors(centre.x, centre.y).areal_scale - 1
    if not abs(stretch) <= _STRETCH_MAX:
        where = {"lon": f"{centre.x:.3f}", "lat": f"{centre.y:.3f}", "crs": frame.crs.to_string()}
        raise XinguError("place_outside", name=name, **where)
    far = int(np.sum(np.hypot(xs - x, ys - y) > _OUTLIER_M))
    return [Note("strays", {"name": name, "count": far, "reach_km": int(_OUTLIER_M // 1000)})] if far else []


def _is_northing(low: float, high: float) -> bool:
    return low >= 1.5e6 and high <= 6.3e6


def _is_zoned(low: float, high: float) -> bool:
    zone = int(low // 1_000_000)
    return zone == int(high // 1_000_000) and (13 <= zone <= 23 or 25 <= zone <= 45)


def _zone(frame: gpd.GeoDataFrame) -> int:
    return int(np.median(shapely.get_coordinates(frame.geometry.to_numpy())[:, 0]) // 1_000_000)
