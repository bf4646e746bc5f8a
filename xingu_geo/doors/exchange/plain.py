"""Frames made plain enough for every format: index as a column, four kinds of columns, nothing nested.

Comes in: a frame in the working CRS. Goes out: the same with plain columns. Must not know: any one format.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from xingu_geo.ground.geo.crs import require_metres


def plain_frame(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """``frame`` with its index as the first column; every column text, whole number, real number or boolean.

    Missing stays missing. Text columns keep their digits (``0012`` stays ``0012``).

    Raises
    ------
    XinguError
        ``crs_missing`` or ``crs_not_metres``.
    """
    require_metres(frame, name="export")
    name = str(frame.index.name or "id")
    flat = frame.rename_axis(name).reset_index()
    columns = {str(column): _plain(flat[column]) for column in flat.columns if column != flat.geometry.name}
    return gpd.GeoDataFrame(columns, geometry=flat.geometry.to_numpy(), crs=frame.crs)


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values):
        return values.astype("boolean") if values.isna().any() else values.astype(bool)
    if pd.api.types.is_integer_dtype(values):
        return values.astype("Int64") if values.isna().any() else values.astype("int64")
    if pd.api.types.is_float_dtype(values):
        return values.astype("float64")
    told = [None if _is_missing(value) else str(value) for value in values]
    return pd.Series(told, index=values.index, dtype="str")


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124
