"""Values as bytes and back, equal to the last bit, without pickle: reading bytes can never run anything.

Comes in: plain values, arrays, series, frames with or without shapes. Goes out: bytes, or the same values again.
Must not know: where the bytes are kept, or what the values mean.

The bytes are a mark, the length of a head, the head, then buffers end to end. The head is JSON: ``sizes`` of the
buffers in bytes, and ``value``, a tree in which null, true, numbers and text are themselves, an object is a dict, and
a list is a tag with its parts. Libraries are imported when a value needs them.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_MARK: Final = b"XGPACK1\n"
_PLAIN: Final = frozenset({type(None), bool, int, float, str})
_DTYPE: Final = re.compile(r"[|<>](b1|[iu][1248]|f[248]|c8|c16)")
_STRANGE: Final = "cannot pack"


def pack(value: object) -> bytes:
    """``value`` as bytes, from which :func:`unpack` makes an equal one.

    Parameters
    ----------
    value
        None, bool, int, float, str, bytes; list, tuple, dict with str keys; numpy scalar or array of numbers or bool
        (any shape); pandas Series or DataFrame with columns of numbers, bool, text or plain values and an index of
        text or numbers; GeoSeries or GeoDataFrame with Z, M, SRID and CRS. Exactly these types: a subclass is refused.

    Returns
    -------
    bytes
        Equal values of equal layout give equal bytes.

    Raises
    ------
    TypeError
        For anything else, among it categories, dates, several index levels, and linear rings (WKB has none).
    """
    packer = _Packer()
    head = {"value": packer.node(value), "sizes": [len(buffer) for buffer in packer.buffers]}
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"".join((_MARK, len(text).to_bytes(8, "little"), text, *packer.buffers))


def unpack(content: bytes) -> Any:
    """The value that was packed into ``content``; arrays are new and may be written to.

    Raises
    ------
    ValueError
        If ``content`` is not what :func:`pack` makes. Memory stays in proportion to the length of ``content``.
    """
    try:
        value, buffers = _parts(content)
        return _Unpacker(buffers).value(value)
    except Exception as error:  # whatever a library says of broken bytes
        raise ValueError(f"the packed bytes are broken: {type(error).__name__}") from error


def _parts(content: bytes) -> tuple[Any, list[memoryview]]:
    start = len(_MARK) + 8
    if content[: len(_MARK)] != _MARK or len(content) < start:
        raise ValueError("no mark")
    view = memoryview(content)
    end = start + int.from_bytes(view[len(_MARK) : start], "little")
    if end > len(content):
        raise ValueError("cut short")
    head = json.loads(str(view[start:end], "utf-8", "surrogatepass"))
    buffers = []
    for size in head["sizes"]:
        if type(size) is not int or not 0 <= size <= len(content) - end:
            raise ValueError("a buffer beyond the end")
        buffers.append(view[end : end + size])
        end += size
    if end != len(content):
        raise ValueError("bytes left over")
    return head["value"], buffers


class _Packer:
    """Turns values into nodes of the head, and gathers what goes into buffers."""

    def __init__(self) -> None:
        self.buffers: list[bytes] = []

    def node(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is dict:
            return {_key(key): self.node(each) for key, each in value.items()}
        if kind is list or kind is tuple:
            return [kind.__name__, *map(self.node, value)]
        if kind is bytes:
            return ["bytes", self._buffer(value)]
        return self._of_library(value)

    def _of_library(self, value: Any) -> Any:
        kind = type(value)
        home, name = kind.__module__.partition(".")[0], kind.__name__
        if home == "numpy":
            return self._numpy(value)
        # Only the libraries' own classes: one made from them may hold more than is known here.
        if (home, name) in {("pandas", "Series"), ("geopandas", "GeoSeries")}:
            return self._series(value)
        if (home, name) in {("pandas", "DataFrame"), ("geopandas", "GeoDataFrame")}:
            return self._frame(value)
        raise TypeError(f"{_STRANGE} a {name}")

    def _buffer(self, content: bytes) -> int:
        self.buffers.append(content)
        return len(self.buffers) - 1

    def _numpy(self, value: Any) -> Any:
        import numpy as np  # noqa: PLC0415

        if isinstance(value, np.generic):
            return ["scalar", self._array(np.asarray(value))]
        if type(value) is np.ndarray:
            return self._array(value)
        raise TypeError(f"{_STRANGE} a {type(value).__name__}")

    def _array(self, values: np.ndarray) -> Any:
        if not _DTYPE.fullmatch(values.dtype.str) or values.dtype.names or values.dtype.metadata:
            raise TypeError(f"{_STRANGE} an array of {values.dtype}")
        order = "F" if values.flags.f_contiguous and not values.flags.c_contiguous else "C"
        buffer = self._buffer(values.tobytes("F" if order == "F" else "C"))
        return ["array", values.dtype.str, list(values.shape), order, buffer]

    def _series(self, series: pd.Series[Any]) -> Any:
        column = self._column(series)
        is_geo = type(series).__name__ == "GeoSeries"
        return ["series", is_geo, column, self._index(series.index), self.node(series.name), self.node(series.attrs)]

    def _frame(self, frame: pd.DataFrame) -> Any:
        is_geo = type(frame).__name__ == "GeoDataFrame"
        active = self.node(frame.active_geometry_name) if is_geo else None
        columns = [self._column(frame.iloc[:, at]) for at in range(frame.shape[1])]
        heads = self._index(frame.columns)
        return ["frame", is_geo, active, heads, self._index(frame.index), columns, self.node(frame.attrs)]

    def _index(self, index: pd.Index[Any]) -> Any:
        if type(index).__name__ == "RangeIndex":
            return ["range", index.start, index.stop, index.step, self.node(index.name)]  # type: ignore[attr-defined]
        if type(index).__name__ != "Index":
            raise TypeError(f"{_STRANGE} a {type(index).__name__}")
        return ["index", self._column(index), self.node(index.name)]

    def _column(self, values: Any) -> Any:
        import numpy as np  # noqa: PLC0415

        name = type(values.dtype).__name__
        if name == "StringDtype":
            is_nan = isinstance(values.dtype.na_value, float)
            present = values.array.to_numpy(dtype=object, na_value=None).tolist()
            return ["text", values.dtype.storage, is_nan, present]
        if name == "GeometryDtype":
            return self._shapes(np.asarray(values.array), values.array.crs)
        if not isinstance(values.dtype, np.dtype):
            raise TypeError(f"{_STRANGE} a column of {values.dtype}")
        plain = values.to_numpy()
        return ["objects", *map(self.node, plain.tolist())] if plain.dtype == object else self._array(plain)

    def _shapes(self, shapes: np.ndarray, crs: Any) -> Any:
        import numpy as np  # noqa: PLC0415
        import shapely  # noqa: PLC0415

        packed = shapely.to_wkb(shapes, include_srid=True)
        there = ~shapely.is_missing(shapes)
        if not shapely.equals_identical(shapes[there], shapely.from_wkb(packed[there])).all():
            raise TypeError(f"{_STRANGE} a linear ring or other shape that WKB does not hold")
        lengths = np.array([-1 if each is None else len(each) for each in packed], dtype="<i8")
        content = self._buffer(b"".join(each for each in packed if each is not None))
        return ["shapes", self._array(lengths), content, _crs_text(crs)]


def _key(key: object) -> str:
    if type(key) is not str:
        raise TypeError(f"{_STRANGE} a dict with a key that is a {type(key).__name__}")
    return key


class _Unpacker:
    """Turns nodes of the head back into values; the methods named like a tag take its parts."""

    def __init__(self, buffers: Sequence[memoryview]) -> None:
        self._buffers = buffers
        self._makers: dict[str, Callable[..., Any]] = {
            "list": lambda *nodes: [self.value(node) for node in nodes],
            "tuple": lambda *nodes: tuple(self.value(node) for node in nodes),
            "bytes": lambda at: bytes(self._buffers[at]),
            "scalar": lambda node: self.value(node)[()],
            "array": self._array,
            "objects": self._objects,
            "text": self._text,
            "shapes": self._shapes,
            "range": self._range,
            "index": self._index,
            "series": self._series,
            "frame": self._frame,
        }

    def value(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {key: self.value(each) for key, each in node.items()}
        return self._makers[node[0]](*node[1:]) if isinstance(node, list) else node

    def _array(self, dtype: str, shape: list[int], order: Literal["C", "F"], at: int) -> np.ndarray:
        import numpy as np  # noqa: PLC0415

        buffer = self._buffers[at]
        if not _DTYPE.fullmatch(dtype) or not all(type(size) is int and size >= 0 for size in shape):
            raise ValueError("no such array")
        if math.prod(shape) * np.dtype(dtype).itemsize != len(buffer):
            raise ValueError("shape and bytes differ")
        return np.frombuffer(buffer, dtype=dtype).reshape(shape, order=order).copy("K")

    def _objects(self, *nodes: Any) -> np.ndarray:
        import numpy as np  # noqa: PLC0415

        return np.fromiter(map(self.value, nodes), dtype=object, count=len(nodes))

    def _text(self, storage: Literal["python", "pyarrow"], is_nan: bool, values: list[str | None]) -> Any:  # noqa: FBT001  # as packed
        import numpy as np  # noqa: PLC0415
        import pandas as pd  # noqa: PLC0415

        dtype: Any = pd.StringDtype(storage, na_value=math.nan if is_nan else pd.NA)
        return pd.array(np.fromiter(values, dtype=object, count=len(values)), dtype=dtype)

    def _shapes(self, lengths: Any, at: int, crs: str | None) -> Any:
        import numpy as np  # noqa: PLC0415
        import shapely  # noqa: PLC0415
        from geopandas.array import GeometryArray  # noqa: PLC0415

        content, start = bytes(self._buffers[at]), 0
        packed = np.full(len(sizes := self.value(lengths).tolist()), None, dtype=object)
        for row, size in enumerate(sizes):
            if size >= 0:
                packed[row] = content[start : start + size]
                start += size
        if start != len(content):
            raise ValueError("shapes and bytes differ")
        return GeometryArray(shapely.from_wkb(packed), crs=None if crs is None else _crs(crs))

    def _range(self, start: int, stop: int, step: int, name: Any) -> Any:
        import pandas as pd  # noqa: PLC0415

        return pd.RangeIndex(start, stop, step, name=self.value(name))

    def _index(self, column: Any, name: Any) -> Any:
        import pandas as pd  # noqa: PLC0415

        values = self.value(column)
        return pd.Index(values, dtype=values.dtype, name=self.value(name))

    def _series(self, is_geo: bool, column: Any, index: Any, name: Any, attrs: Any) -> Any:  # noqa: FBT001  # as packed
        import pandas as pd  # noqa: PLC0415

        values = self.value(column)
        series: Any = pd.Series(values, index=self.value(index), dtype=values.dtype, name=self.value(name))
        if is_geo:
            import geopandas as gpd  # noqa: PLC0415

            series = gpd.GeoSeries(series)
        series.attrs = self.value(attrs)
        return series

    def _frame(self, is_geo: bool, active: Any, heads: Any, rows: Any, columns: list[Any], attrs: Any) -> Any:  # noqa: FBT001  # as packed
        import pandas as pd  # noqa: PLC0415

        index = self.value(rows)
        made = [self.value(column) for column in columns]
        frame: Any = pd.DataFrame(
            {at: pd.Series(values, index=index, dtype=values.dtype) for at, values in enumerate(made)}, index=index
        )
        if is_geo:
            import geopandas as gpd  # noqa: PLC0415

            frame = gpd.GeoDataFrame(frame)
        frame.columns = self.value(heads)  # after the class: GeoDataFrame takes a column called "geometry" by itself
        if active is not None:
            frame = frame.set_geometry(self.value(active))
        frame.attrs = self.value(attrs)
        return frame


def _crs_text(crs: Any) -> str | None:
    """The shortest text that gives the same CRS: its authority's name where that says all of it, else WKT."""
    if crs is None:
        return None
    text, whole = str(crs.to_string()), str(crs.to_wkt())
    return text if _crs(text).to_wkt() == whole else whole


@functools.lru_cache(maxsize=32)
def _crs(text: str) -> Any:
    from pyproj import CRS  # noqa: PLC0415

    return CRS.from_user_input(text)
