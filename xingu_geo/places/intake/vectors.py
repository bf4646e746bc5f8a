"""Shared by the readers: caps on features, rings closed with a receipt, frames from plain parts.

Comes in: features one by one. Goes out: frames. Must not know: which format they came from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UPLOAD_FEATURES_MAX
from xingu_geo.places.intake.encoding import clean_text
from xingu_geo.places.intake.raw import Options


def require_few(count: int, options: Options, *, name: str) -> None:
    """Refuse more features than the cap."""
    limit = UPLOAD_FEATURES_MAX if options.features_max is None else options.features_max
    if count > limit:
        raise XinguError("too_many_features", name=name, found=count, limit=limit)


def frame_of(
    columns: Mapping[str, Sequence[Any]], shapes: Sequence[BaseGeometry | None], *, name: str
) -> gpd.GeoDataFrame:
    """A frame without CRS from plain columns and shapes; column names cleaned and made different from one another."""
    if not len(shapes):
        raise XinguError("layer_empty", name=name)
    clean: dict[str, Sequence[Any]] = {}
    for number, (column, values) in enumerate(columns.items(), start=1):
        base = clean_text(str(column)).replace("\n", " ") or f"column_{number}"
        title, again = ("geometry_text" if base.casefold() == "geometry" else base), 2
        while title.casefold() in {known.casefold() for known in clean}:
            title, again = f"{base}_{again}", again + 1
        clean[title] = values
    table = pd.DataFrame(clean, index=pd.RangeIndex(len(shapes)))
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(list(shapes), index=table.index, crs=None))


def is_finite_shape(shape: BaseGeometry | None) -> bool:
    """Whether every coordinate is a number; NaN and infinity place nothing."""
    if shape is None or shape.is_empty:
        return True
    return all(math.isfinite(bound) for bound in shapely.total_bounds(shape)) and bool(
        pd.notna(shapely.get_coordinates(shape)).all()
    )


def tidy_cell(value: object) -> object:
    """One attribute as a plain value: text cleaned, nested values as text, whole floats left alone."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return clean_text(str(value)) or None
