"""Shapefile for older GIS: one zip with safe short names, the table of full names, ``.cpg``, manifest, attribution.

Comes in: a frame in metres and its papers. Goes out: one ``.zip``. Must not know: results.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.travel_papers import Papers

STEM: Final = "ranking"
_NAME_MAX: Final = 10
_TEXT_BYTES_MAX: Final = 254
_WHEN: Final = (2000, 1, 1, 0, 0, 0)


def write_shapefile_zip(frame: gpd.GeoDataFrame, path: Path, papers: Papers) -> None:
    """Write ``frame`` as ``ranking.shp`` and companions into the zip at ``path``.

    A field name keeps ASCII letters, digits and underscores, ten at most, all different; ``fields.csv`` maps each
    short name to the full one and counts the texts the format's 254 bytes cut short. Booleans become 1 and 0.
    """
    plain = plain_frame(frame)
    names = short_names([str(column) for column in plain.columns if column != "geometry"])
    cut: dict[str, int] = {}
    columns: dict[str, pd.Series] = {}
    for full, short in names.items():
        columns[short], cut[full] = _fitting(plain[full])
    small = gpd.GeoDataFrame(columns, geometry=plain.geometry, crs=plain.crs)
    with TemporaryDirectory(dir=path.parent) as folder:
        file = Path(folder) / f"{STEM}.shp"
        pyogrio.write_dataframe(small, file, driver="ESRI Shapefile", encoding="UTF-8", use_arrow=False)
        members = {part.name: part.read_bytes() for part in sorted(Path(folder).iterdir())}
    members[f"{STEM}.cpg"] = b"UTF-8"
    members["fields.csv"] = _mapping_text(names, cut).encode("utf-8-sig")
    members["manifest.json"] = papers.manifest_text.encode()
    members["ATTRIBUTION.txt"] = papers.attribution_text.encode()
    _write_zip(path, members)


def read_back_shapefile_zip(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless the zip is whole and its Shapefile has every feature."""
    with zipfile.ZipFile(path) as archive:
        broken = archive.testzip()
    written = int(pyogrio.read_info(f"/vsizip/{path}/{STEM}.shp", force_feature_count=True)["features"])
    if broken is not None or written != len(frame):
        raise OSError(f"{written} of {len(frame)} features, damaged: {broken}")


def short_names(full: Sequence[str]) -> dict[str, str]:
    """Full name → a different safe name of at most ten ASCII characters, for each.

    Examples
    --------
    >>> short_names(["headroom_m3_d", "headroom_m3_s", "地块"])
    {'headroom_m3_d': 'headroom_m', 'headroom_m3_s': 'headroom_1', '地块': 'f3'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for number, name in enumerate(full, start=1):
        base = re.sub(r"[^A-Za-z0-9_]", "", name)
        base = base if base and not base[0].isdigit() else f"f{number}"
        short, again = base[:_NAME_MAX], 1
        while short.lower() in taken:
            tail = str(again)
            short, again = base[: _NAME_MAX - len(tail)] + tail, again + 1
        taken.add(short.lower())
        names[name] = short
    return names


def _fitting(values: pd.Series) -> tuple[pd.Series, int]:
    """The column as a dBASE table can hold it, and how many texts were cut (at a whole character)."""
    if pd.api.types.is_bool_dtype(values):
        return values.astype("Int64").astype("float64") if values.isna().any() else values.astype("int32"), 0
    if pd.api.types.is_integer_dtype(values) and values.isna().any():
        return values.astype("float64"), 0
    if pd.api.types.is_numeric_dtype(values):
        return values, 0
    texts = [None if pd.isna(value) else str(value) for value in values]
    short = [None if text is None else text.encode()[:_TEXT_BYTES_MAX].decode(errors="ignore") for text in texts]
    return pd.Series(short, index=values.index, dtype="str"), sum(a != b for a, b in zip(texts, short, strict=True))


def _mapping_text(names: Mapping[str, str], cut: Mapping[str, int]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["short_name", "full_name", "texts_cut"])
    writer.writerows([short, full, cut[full]] for full, short in names.items())
    return out.getvalue()


def _write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=_WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
