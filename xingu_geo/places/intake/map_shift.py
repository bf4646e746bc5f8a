"""Known ground: a layer is placed by the CRS gate, then laid over a trusted one, as it is, as GCJ-02 and as BD-09.

Comes in: a raw layer, what its bringer says. Goes out: :class:`Grounded`, the misfit of each reading.
Must not know: where the layers come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.ground.geo.crs import WGS84
from xingu_geo.ground.geo.datum import DATUMS, Datum, convert_points
from xingu_geo.places.intake.crs_gate import place
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw

Array = NDArray[Any]

_SAMPLES_MAX: Final = 600
_FAR_M: Final = 300.0
_FIT_M: Final = 30.0
_BETTER: Final = 3.0
_MARGIN_M: Final = 20.0
UNTESTED_M: Final = 500.0
_CONVERTED_M: Final = 10.0  # the public formula is good to a metre, the maps drawn on it hardly better than this
_TRUSTED_ROLES: Final = ("parcels", "roads", "residential", "district", "river")


@dataclass(frozen=True, slots=True)
class Fit:
    """The mean distance [m] (each capped at 300 m) of the layer's corners to the trusted linework, for each reading."""

    misfit_m: Mapping[Datum, float]

    @property
    def best(self) -> Datum:
        """The reading that lies closest."""
        return min(self.misfit_m, key=lambda datum: (self.misfit_m[datum], datum != "wgs84"))

    @property
    def is_told(self) -> bool:
        """Whether the two layers show the same things at all: the best reading lies within 30 m."""
        return self.misfit_m[self.best] <= _FIT_M

    @property
    def suspect(self) -> Datum | None:
        """GCJ-02 or BD-09 if it fits within 30 m and far better than no shift; ``None`` if nothing is suspected."""
        best = self.best
        if best == "wgs84" or not self.is_told:
            return None
        clear = self.misfit_m["wgs84"] >= _BETTER * self.misfit_m[best] + _MARGIN_M
        return best if clear else None


def fit_of(frame: gpd.GeoDataFrame, trusted: Sequence[BaseGeometry]) -> Fit | None:
    """How well ``frame`` lies on ``trusted`` (both in the frame's CRS) under each reading; ``None`` if one is empty."""
    lines = _linework(trusted)
    corners = _corners(frame)
    if not len(lines) or not len(corners):
        return None
    tree = STRtree(lines)
    degrees = _moved(corners, frame.crs, WGS84)
    misfit: dict[Datum, float] = {}
    for datum in DATUMS:
        metres = _moved(convert_points(degrees, source=datum, target="wgs84"), WGS84, frame.crs)
        points = shapely.points(metres)
        _, distances = tree.query_nearest(points, all_matches=False, return_distance=True)
        misfit[datum] = float(np.minimum(distances, _FAR_M).mean())
    return Fit(MappingProxyType(misfit))


def _linework(shapes: Sequence[BaseGeometry]) -> Array:
    parts = shapely.get_parts(np.asarray([shape for shape in shapes if shape is not None and not shape.is_empty]))
    areal = shapely.get_dimensions(parts) == 2
    lines: Array = np.concatenate([parts[~areal], shapely.boundary(parts[areal])])
    return lines


def _corners(frame: gpd.GeoDataFrame) -> Array:
    """Evenly chosen corners, the same ones whatever the order of the rows."""
    pairs: Array = np.unique(shapely.get_coordinates(frame.geometry.dropna().to_numpy()), axis=0)
    chosen: Array = pairs[np.linspace(0, len(pairs) - 1, min(len(pairs), _SAMPLES_MAX)).astype(int)]
    return chosen


def _moved(pairs: Array, source: str | CRS, target: str | CRS) -> Array:
    moved = gpd.GeoSeries(shapely.points(pairs), crs=source).to_crs(target)
    out: Array = shapely.get_coordinates(moved.to_numpy())
    return out


@dataclass(frozen=True, slots=True)
class Grounded:
    """``frame`` in the working CRS, the CRS and datum it came in, how near it lies to the truth [m], what to say."""

    frame: gpd.GeoDataFrame
    crs: str
    datum: Datum
    near_m: float
    notes: tuple[Note, ...]


def grounded(raw: Raw, role: str, options: Options) -> Grounded:
    """The layer on known ground; if nobody said which datum its degrees are on, a trusted layer is asked.

    Raises
    ------
    XinguError
        Every refusal of :func:`~xingu_geo.places.intake.crs_gate.place`.
    """
    placed = place(raw, options, datum=options.datum)
    datum: Datum = options.datum or "wgs84"
    near_m, said = UNTESTED_M, [Note("shift_untested", {"name": raw.name})]
    if options.datum is not None or options.seven is not None:
        near_m = UNTESTED_M if options.datum is None else _CONVERTED_M
        said = [Note("datum_converted", {"name": raw.name, "datum": datum})] if datum != "wgs84" else []
    elif (fit := _trusted_fit(placed.frame, role, options)) is not None and fit.is_told:
        near_m = max(1.0, round(fit.misfit_m[fit.best], 1))
        misfit = {f"{one}_m": f"{metres:.0f}" for one, metres in fit.misfit_m.items()}
        said = [Note("shift_none", {"name": raw.name, **misfit}, is_calm=True)]
        if fit.suspect is not None:
            datum = fit.suspect
            placed = place(raw, replace(options, datum=datum), datum=datum)
            said = [Note("shift_converted", {"name": raw.name, "datum": datum, **misfit})]
    return Grounded(placed.frame, placed.found, datum, near_m, (*placed.notes, *said))


def _trusted_fit(frame: gpd.GeoDataFrame, role: str, options: Options) -> Fit | None:
    """The best fit to any trusted layer: the one of the same role first, then those with plain linework."""
    if options.trusted is None:
        return None
    catalogue = open_catalogue(Path(options.trusted), crs=options.working_crs)
    fits: list[Fit] = []
    for trusted in dict.fromkeys((role, *_TRUSTED_ROLES)):
        if trusted in catalogue and catalogue.passport(trusted).geometry not in {"table", "raster"}:
            fit = fit_of(frame, list(catalogue.vector(trusted).placed.geometry))
            if fit is not None:
                fits.append(fit)
    return min(fits, key=lambda fit: fit.misfit_m[fit.best], default=None)
