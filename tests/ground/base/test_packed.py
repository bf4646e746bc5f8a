"""Packed values come back equal to the last bit; what cannot is refused, and broken bytes are never more than that."""

from __future__ import annotations

import json
import math
import struct
import tracemalloc
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from pyproj import CRS

from xingu_geo.ground.base.packed import pack, unpack

NUMBERS = ["?", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16", ">f8", ">i4"]


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal in type, bits, dtypes, index and names; one NaN is as good as another."""
    if type(one) is not type(other):
        return False
    for kind, same in SAME.items():
        if isinstance(one, kind):
            return same(one, other)
    return one is other or bool(one == other)


def _same_floats(one: float, other: float) -> bool:
    return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))


def _same_lists(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _same_dicts(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)


def _same_arrays(one: Any, other: Any) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    if (one.dtype, one.shape) != (other.dtype, other.shape):
        return False
    if one.dtype == object:
        return _same(one.ravel().tolist(), other.ravel().tolist())
    laid_out = [(values.flags.c_contiguous, values.flags.f_contiguous) for values in (one, other)]
    return one.tobytes() == other.tobytes() and (laid_out[0] == laid_out[1] or not other.flags.forc)


def _same_series(one: pd.Series, other: pd.Series) -> bool:
    return _same_columns(one, other) and _same_columns(one.index, other.index) and _same(one.attrs, other.attrs)


def _same_columns(one: Any, other: Any) -> bool:
    if type(one) is not type(other) or one.dtype != other.dtype or not _same(one.name, other.name):
        return False
    if isinstance(one, pd.RangeIndex):
        return (one.start, one.stop, one.step) == (other.start, other.stop, other.step)
    if str(one.dtype) == "geometry":
        wkb = [shapely.to_wkb(np.asarray(each.array), include_srid=True).tolist() for each in (one, other)]
        return one.array.crs == other.array.crs and wkb[0] == wkb[1]
    if isinstance(one.dtype, pd.StringDtype):
        return _same(one.tolist(), other.tolist()) and one.dtype.storage == other.dtype.storage
    return _same_arrays(one.to_numpy(), other.to_numpy())


def _same_frames(one: Any, other: Any) -> bool:
    columns = all(_same_columns(one.iloc[:, at], other.iloc[:, at]) for at in range(one.shape[1]))
    geo = not isinstance(one, gpd.GeoDataFrame) or one.active_geometry_name == other.active_geometry_name
    heads = _same_columns(one.columns, other.columns) and _same_columns(one.index, other.index)
    return one.shape == other.shape and columns and geo and heads and _same(one.attrs, other.attrs)


def _comes_back(value: object) -> bool:
    return _same(unpack(pack(value)), value)


SAME: dict[Any, Any] = {
    np.generic | np.ndarray: _same_arrays,  # first: np.float64 is also a float
    float: _same_floats,
    list | tuple: _same_lists,
    dict: _same_dicts,
    pd.Series: _same_series,
    pd.DataFrame: _same_frames,
}

TEXT = st.text(st.characters(codec=None), max_size=8)  # also half surrogates
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.binary(max_size=9)
NESTED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(TEXT, inner, max_size=4)
    ),
)
ARRAYS = st.sampled_from(NUMBERS).flatmap(
    lambda dtype: nps.arrays(dtype, nps.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)
NAMES = st.none() | st.text(max_size=4) | st.integers(-3, 3)
WORDS = st.none() | st.just(math.nan) | st.text(max_size=5)
SHAPES = st.none() | st.tuples(st.floats(width=64), st.floats(allow_nan=False), st.none() | st.floats()).map(
    lambda at: shapely.Point(*at[:2]) if at[2] is None else shapely.Point(*at)
)


@st.composite
def _indices(draw: st.DrawFn, rows: int) -> pd.Index:
    kind, name = draw(st.sampled_from(["range", "int", "float", "object", "text"])), draw(NAMES)
    if kind == "range":
        start, step = draw(st.integers(-9, 9)), draw(st.sampled_from([-2, 1, 3]))
        return pd.RangeIndex(start, start + step * rows, step, name=name)
    some = {"int": st.integers(-(2**63), 2**63 - 1), "float": st.floats()}.get(kind, st.text(max_size=5))
    dtype = {"int": "int64", "float": "float64", "object": object, "text": "str"}[kind]
    return pd.Index(draw(st.lists(some, min_size=rows, max_size=rows)), dtype=dtype, name=name)


@st.composite
def _columns(draw: st.DrawFn, index: pd.Index) -> pd.Series:
    rows, kind = len(index), draw(st.sampled_from([*NUMBERS[:-2], "object", "str", "string", "shapes"]))
    if kind in NUMBERS:
        return pd.Series(draw(nps.arrays(kind, rows)), index=index)
    values = draw(st.lists(SHAPES if kind == "shapes" else WORDS, min_size=rows, max_size=rows))
    if kind == "shapes":
        return gpd.GeoSeries(values, index=index, crs=draw(st.sampled_from([None, "EPSG:4549", "EPSG:4326"])))
    return pd.Series(values, index=index, dtype=object if kind == "object" else kind)


@st.composite
def _series(draw: st.DrawFn) -> pd.Series:
    column = draw(_columns(draw(_indices(draw(st.integers(0, 5))))))
    column.name = draw(NAMES)
    column.attrs = draw(st.dictionaries(st.text(max_size=3), st.integers(), max_size=2))
    return column


@st.composite
def _frames(draw: st.DrawFn) -> pd.DataFrame:
    index = draw(_indices(draw(st.integers(0, 5))))
    columns = draw(st.lists(_columns(index), max_size=4))
    frame = pd.DataFrame(dict(enumerate(columns)), index=index)
    shapes = [at for at, column in enumerate(columns) if isinstance(column, gpd.GeoSeries)]
    if shapes and draw(st.booleans()):
        frame = gpd.GeoDataFrame(frame, geometry=draw(st.sampled_from(shapes)))
    names = st.lists(st.text(max_size=4), min_size=len(columns), max_size=len(columns), unique=True)
    frame.columns = pd.Index(draw(names), dtype=draw(st.sampled_from([object, "str"])), name=draw(NAMES))
    if shapes and isinstance(frame, gpd.GeoDataFrame):
        frame = frame.set_geometry(frame.columns[shapes[-1]])
    return frame


@given(NESTED)
def test_plain_values_come_back(value: object) -> None:
    assert _comes_back(value)


@given(ARRAYS, st.booleans())
def test_arrays_come_back(values: np.ndarray, turned: bool) -> None:
    assert _comes_back(values.T if turned else values)
    assert unpack(pack(values)).flags.writeable


@given(_series())
def test_series_come_back(series: pd.Series) -> None:
    assert _comes_back(series)


@given(_frames())
def test_frames_come_back(frame: pd.DataFrame) -> None:
    assert _comes_back(frame)
    assert pack(unpack(pack(frame))) == pack(frame)


@pytest.mark.parametrize(
    "value",
    [
        np.float64(0.1),
        np.bool_(True),
        10**300,
        pd.Series([1, None, math.nan, "a", (1, [2.5])], dtype=object),
        pd.Series([np.float32(1), np.array([1, 2])], dtype=object),
        pd.Series(["a", None], dtype=pd.StringDtype("python")),
        pd.Series(["a", None], dtype=pd.StringDtype("pyarrow")),
        pd.Series([1.0], index=pd.Index([True])),
        pd.Series(range(6))[::2],
        pd.DataFrame(),
        pd.DataFrame(index=["a", "b"]),
        pd.DataFrame(columns=["a"]),
        pd.DataFrame([[1, "x", 2.0]], columns=["a", "a", "b"]),
        pd.DataFrame({0: [1], "a": [2]}),
        gpd.GeoDataFrame(),
        gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs="EPSG:4549"),
        gpd.GeoDataFrame({"a": [1]}),
        gpd.GeoDataFrame({"here": gpd.GeoSeries.from_wkt(["POINT (1 2)"])}),
        gpd.GeoSeries([], crs=4326),
        gpd.GeoSeries.from_wkt(["POINT EMPTY", "POLYGON Z EMPTY", "POINT ZM (1 2 3 4)", "POINT M (1 2 3)"]),
        gpd.GeoSeries([shapely.set_srid(shapely.Point(1, 2), 4549)]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_seldom_comes_back_too(value: object) -> None:
    assert _comes_back(value)


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:4326+5773", "OGC:CRS84", "+proj=tmerc +lon_0=120 +ellps=krass"])
def test_a_crs_comes_back_word_for_word(crs: str) -> None:
    back = unpack(pack(gpd.GeoSeries([shapely.Point(0.1, 1 / 3)], crs=crs)))
    assert back.crs == CRS(crs)
    assert back.crs.to_wkt() == CRS(crs).to_wkt()
    assert back.iloc[0].y == 1 / 3


class _Words(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        {1: "a"},
        _Words("a"),
        np.array(["a"]),
        np.array([object()]),
        np.array(["2030"], dtype="M8[D]"),
        np.zeros(2, dtype=[("a", "i4")]),
        np.zeros(1, dtype=np.longdouble),
        np.ma.masked_array([1], [True]),
        pd.Series([object()]),
        pd.Series(["a"], dtype="category"),
        pd.Series([1], dtype="Int64"),
        pd.Series([pd.NA], dtype=object),
        pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 1)])),
        pd.Series([1], index=pd.to_datetime(["2030-01-01"])),
        pd.DataFrame({"a": pd.to_datetime(["2030-01-01"])}),
        gpd.GeoSeries([shapely.LinearRing([(0, 0), (1, 0), (1, 1)])]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_not_come_back_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot pack"):
        pack([value])


SAMPLE = pack(
    {
        "frame": gpd.GeoDataFrame(
            {"id": ["a", None], "m3_d": [1.5, math.nan]}, geometry=[shapely.box(0, 0, 1, 1), None]
        ),
        "more": [np.arange(3), b"bytes", 1.5],
    }
)


@given(st.binary())
def test_strange_bytes_are_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="broken"):
        unpack(content)
    with pytest.raises(ValueError, match="broken"):
        unpack(SAMPLE[:16] + content)


def test_bytes_cut_or_joined_anywhere_are_a_value_error() -> None:
    for length in range(len(SAMPLE)):
        with pytest.raises(ValueError, match="broken"):
            unpack(SAMPLE[:length])
    with pytest.raises(ValueError, match="broken"):
        unpack(SAMPLE + b"\0")


def test_a_flipped_bit_is_another_value_or_a_value_error() -> None:
    refused = 0
    for at in range(len(SAMPLE)):
        for bit in (0, 3, 7):
            broken = bytearray(SAMPLE)
            broken[at] ^= 1 << bit
            try:
                unpack(bytes(broken))
            except ValueError:
                refused += 1
    assert refused > len(SAMPLE)


HUGE = 10**15


@pytest.mark.parametrize(
    ("value", "sizes"),
    [
        (["array", "<f8", [HUGE], "C", 0], [0]),
        (["array", "<f8", [HUGE, -1], "C", 0], [8]),
        (["array", "<f8", [-1], "C", 0], [0]),
        (["array", "O", [1], "C", 0], [8]),
        (["bytes", 0], [HUGE]),
        (["bytes", 0], [-8]),
        (["bytes", 5], [0]),
        (["series", False, ["objects", 1], ["range", 0, HUGE, 1, None], None, {}], []),
        (["frame", False, None, ["range", 0, HUGE, 1, None], ["range", 0, HUGE, 1, None], [["objects"]], {}], []),
        (["frame", False, None, ["range", 0, HUGE, 1, None], ["range", 0, 1, 1, None], [], {}], []),
        (["shapes", ["array", "<i8", [1], "C", 0], 1, None], [8, 0]),
        (["nothing known"], []),
        ([], []),
        (None, None),
    ],
)
def test_a_head_that_promises_more_than_there_is_costs_nothing(value: object, sizes: object) -> None:
    head = json.dumps({"value": value, "sizes": sizes}).encode()
    content = SAMPLE[:8] + len(head).to_bytes(8, "little") + head
    if isinstance(sizes, list):
        content += b"\x7f" * sum(size for size in sizes if 0 < size < 100)
    with pytest.raises(ValueError, match="broken"):
        unpack(content)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="broken"):
            unpack(content)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_head_nested_without_end_is_a_value_error() -> None:
    head = b'{"sizes":[],"value":' + b"[" * 100_000
    with pytest.raises(ValueError, match="broken"):
        unpack(SAMPLE[:8] + len(head).to_bytes(8, "little") + head)
