"""GeoJSON as RFC 7946 wants it: WGS 84 longitude/latitude, counter-clockwise shells, no ``crs``, stable ``id``.

Comes in: a frame in the working CRS. Goes out: a ``.geojson`` file or its text. Must not know: results, languages.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd
import pyogrio

from xingu_geo.ground.base.atomic import write_atomically
from xingu_geo.ground.geo.crs import to_wgs84


def write_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write ``frame`` to ``path``, atomically; its index becomes each feature's ``id`` and a property of its name.

    Coordinates carry seven decimals (about 1 cm). Missing numbers become null. Same frame, same bytes.
    """
    write_atomically(path, lambda file: write_frame(frame, file), read_back=lambda file: same_count(frame, file))


def geojson_text(frame: gpd.GeoDataFrame) -> str:
    """What :func:`write_geojson` would write, as text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "out.geojson"
        write_frame(frame, file)
        same_count(frame, file)
        return file.read_text(encoding="utf-8")


def write_frame(frame: gpd.GeoDataFrame, file: Path) -> None:
    """Write ``frame`` straight to ``file``; for a writer that is atomic itself, see :func:`write_geojson`."""
    lonlat = to_wgs84(frame, name=file.name).reset_index()
    # GDAL takes the id field out of the properties; many tools read nothing but properties, so the id is kept in both.
    lonlat["feature_id"] = lonlat[frame.index.name]
    pyogrio.write_dataframe(
        lonlat,
        file,
        driver="GeoJSON",
        layer="features",
        RFC7946="YES",
        ID_FIELD="feature_id",
        ID_TYPE="String",
        WRITE_NAME="NO",
        COORDINATE_PRECISION=7,
    )


def same_count(frame: gpd.GeoDataFrame, file: Path) -> None:
    """Raise ``OSError`` unless ``file`` reads back with as many features as ``frame`` has rows."""
    written = int(pyogrio.read_info(file, force_feature_count=True)["features"])
    if written != len(frame):
        raise OSError(f"{written} of {len(frame)} features written")
