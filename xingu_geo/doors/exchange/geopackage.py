"""GeoPackage in the working CRS, with the QGIS style, the manifest and the attribution inside.

Comes in: a frame in metres and its papers. Goes out: one ``.gpkg``. Must not know: results.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyogrio

from xingu_geo.doors.exchange.plain import plain_frame
from xingu_geo.doors.exchange.qgis_style import qml_of
from xingu_geo.doors.exchange.travel_papers import Papers

LAYER: Final = "ranking"
_WHEN: Final = "2000-01-01T00:00:00.000Z"  # same result, same bytes: the file keeps no time of its own

# The table as QGIS itself makes it; QGIS applies the row with useAsDefault when the layer is opened.
_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
  ui TEXT(30), update_time DATETIME)
"""


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, papers: Papers) -> None:
    """Write ``frame`` as the layer ``ranking``; its style is the default one, manifest and attribution are metadata."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WHEN})
    metadata = {"title": papers.title.zh, "manifest": papers.manifest_text, "attribution": papers.attribution_text}
    try:
        pyogrio.write_dataframe(
            plain_frame(frame),
            path,
            driver="GPKG",
            layer=LAYER,
            use_arrow=True,
            VERSION="1.2",  # what GIS of the last years read without a warning; nothing newer is used
            dataset_metadata=metadata,
            layer_metadata={"DESCRIPTION": papers.attribution_text[:1000] or papers.title.zh},
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    _add_style(path, qml_of(frame))


def read_back_geopackage(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise ``OSError`` unless the layer, its style and its papers can be read again."""
    info = pyogrio.read_info(path, layer=LAYER, force_feature_count=True)
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as database:
        styles = database.execute("SELECT count(*) FROM layer_styles WHERE f_table_name = ?", (LAYER,)).fetchone()[0]
        sound = database.execute("PRAGMA integrity_check").fetchone()[0]
    database.close()
    if int(info["features"]) != len(frame) or styles != 1 or sound != "ok":
        raise OSError(f"{info['features']} of {len(frame)} features, {styles} styles, {sound}")


def _add_style(path: Path, qml: str) -> None:
    database = sqlite3.connect(path)
    try:
        with database:
            database.execute(_STYLES)
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, styleSLD, useAsDefault, description, owner, update_time)"
                " VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
                (LAYER, LAYER, qml, "xingu_geo", _WHEN),
            )
            database.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
                " VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS', ?)",
                (_WHEN,),
            )
    finally:
        database.close()
