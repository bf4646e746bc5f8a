"""QGIS itself opens each export, counts its features, knows its CRS, and draws it with the style inside.

Where QGIS is not installed the same files are counted through GDAL, which QGIS reads with.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from xingu_geo.doors.exchange.formats import FORMATS, export_table
from xingu_geo.doors.exchange.travel_papers import Papers

ASK_QGIS = """
import json, os, sys
from qgis.core import QgsApplication, QgsVectorLayer, QgsRenderContext
app = QgsApplication([], False)
app.initQgis()
answers = {}
for name, source in json.loads(sys.argv[1]).items():
    layer = QgsVectorLayer(source, name, "ogr")
    if not layer.isValid():
        answers[name] = {"valid": False}
        continue
    said, loaded = layer.loadDefaultStyle()
    renderer = layer.renderer()
    classes = {}
    if renderer.type() == "RuleRenderer":
        context = QgsRenderContext()
        context.expressionContext().appendScope(layer.createExpressionContextScope())
        renderer.startRender(context, layer.fields())
        for feature in layer.getFeatures():
            context.expressionContext().setFeature(feature)
            symbols = renderer.symbolsForFeature(feature, context)
            classes[str(feature["site_id"])] = symbols[0].color().name() if symbols else ""
        renderer.stopRender(context)
    answers[name] = {"valid": layer.isValid(), "features": layer.featureCount(), "crs": layer.crs().authid(),
                     "renderer": renderer.type(), "labels": layer.labelsEnabled(), "classes": classes,
                     "fields": [field.name() for field in layer.fields()]}
print("ANSWERS" + json.dumps(answers), flush=True)
os._exit(0)  # QGIS may crash while it takes itself apart; what it has to say is said
"""
# What each file must show: features, and the CRS QGIS gives it ("" where the format holds none).
EXPECTED = {
    "geojson": (3, "EPSG:4326"),
    "geopackage": (3, "EPSG:4549"),
    "shapefile": (3, "EPSG:4549"),
    "kml": (3, "EPSG:4326"),
    "dxf": (3, ""),
}


@cache
def qgis_python() -> str | None:
    """An interpreter that has QGIS, if there is one: the system's own, with the Debian package."""
    for name in ("/usr/bin/python3", shutil.which("python3")):
        if name and subprocess.run([name, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0:
            return name
    return None


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An export in each format QGIS opens as a layer, as QGIS names its sources."""
    folder = tmp_path_factory.mktemp("exports")
    table = pd.DataFrame(
        {"name_zh": ["钱塘一号地", "二号", "三号"], "score": [0.9, 0.5, 0.1], "eligible": [True, True, False]},
        index=pd.Index(["p1", "p2", "p3"], name="site_id"),
    )
    shapes = [box(540_000 + 500 * n, 3_353_000, 540_300 + 500 * n, 3_353_200) for n in range(3)]
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4549")
    named = {}
    for name in EXPECTED:
        path = folder / f"a{FORMATS[name].ending}"
        export_table(frame, path, papers=Papers(attribution=("x",)))
        named[name] = f"/vsizip/{path}/ranking.shp" if name == "shapefile" else str(path)
    named["geopackage"] += "|layername=ranking"
    named["dxf"] += "|layername=entities|subset=Layer = 'PARCELS'"
    return named


@pytest.fixture(scope="module")
def answers(sources: dict[str, str]) -> dict[str, dict[str, object]]:
    """What QGIS says of them; through GDAL where there is no QGIS."""
    python = qgis_python()
    if python is None:
        return {name: through_gdal(source) for name, source in sources.items()}
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [python, "-c", ASK_QGIS, json.dumps(sources)],
        capture_output=True,
        text=True,
        env=kept | {"QT_QPA_PLATFORM": "offscreen"},
        check=True,
        timeout=240,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("ANSWERS"))
    told: dict[str, dict[str, object]] = json.loads(line.removeprefix("ANSWERS"))
    return told


def through_gdal(source: str) -> dict[str, object]:
    """The same questions to GDAL."""
    path, _, options = source.partition("|")
    where = "Layer = 'PARCELS'" if "PARCELS" in options else None
    info = pyogrio.read_dataframe(path, where=where)
    crs = "" if info.crs is None else info.crs.to_string()
    return {"valid": True, "features": len(info), "crs": crs, "fields": list(info.columns)}


@pytest.mark.parametrize("name", list(EXPECTED))
def test_it_opens_with_every_feature_in_the_right_place(name: str, answers: dict[str, dict[str, object]]) -> None:
    features, crs = EXPECTED[name]
    assert answers[name]["valid"] is True
    assert answers[name]["features"] == features
    assert answers[name]["crs"] == crs


def test_the_style_inside_the_geopackage_is_applied(
    answers: dict[str, dict[str, object]], sources: dict[str, str]
) -> None:
    told = answers["geopackage"]
    if "renderer" not in told:  # no QGIS here: the style is at least there, registered for the layer
        path = Path(sources["geopackage"].partition("|")[0])
        styles = pyogrio.read_dataframe(path, layer="layer_styles", read_geometry=False)
        assert styles["f_table_name"].tolist() == ["ranking"]
        return
    assert told["renderer"] == "RuleRenderer"
    assert told["labels"] is True
    # the fifths of 0.1 … 0.9: the best is the darkest green, 0.5 lies in the middle one, the ineligible is grey
    assert told["classes"] == {"p1": "#006d2c", "p2": "#74c476", "p3": "#bebebe"}
