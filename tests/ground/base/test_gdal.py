"""The doors: only allowed drivers are registered, disguised files open nothing, and no packet leaves."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.gdal import ALLOWED, close_doors, closed_doors, require_closed, skipped_drivers

LIST_DRIVERS = """
import json, xingu_geo, pyogrio, rasterio
with rasterio.Env() as env:
    print(json.dumps([sorted(pyogrio.list_drivers()), sorted(env.drivers())]))
"""

READ_ANYTHING = """
import sys, xingu_geo, pyogrio, rasterio
for path in sys.argv[1:]:
    for reader in (pyogrio.read_dataframe, lambda p: rasterio.open(p).read()):
        try:
            print("OPENED", reader(path))
        except Exception as error:
            print("refused", type(error).__name__)
"""


def run(code: str, *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in closed_doors()}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=clean, check=True
    )
    return done.stdout


def test_a_fresh_process_registers_allowed_drivers_only() -> None:
    vector, raster = json.loads(run(LIST_DRIVERS))
    assert {"GPKG", "GeoJSON", "ESRI Shapefile", "DXF", "LIBKML", "OSM"} <= set(vector) <= ALLOWED
    assert "GTiff" in raster
    assert set(raster) <= ALLOWED


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ("pyogrio", "rasterio", "geopandas", "numpy", "pandas")
    code = f"import sys, xingu_geo; print([m for m in {heavy} if m in sys.modules])"
    assert run(code).strip() == "[]"


def test_disguised_files_open_nothing_and_call_no_one(tmp_path: Path) -> None:
    canary = tmp_path / "canary.csv"
    canary.write_text("WKT,secret\nPOINT (1 2),CANARY-7c1\n")
    calls: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def listen() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            calls.append(connection.recv(100))
            connection.close()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    vrt = f'<OGRVRTDataSource><OGRVRTLayer name="canary"><SrcDataSource>{canary}</SrcDataSource></OGRVRTLayer>'
    vrt += "</OGRVRTDataSource>"
    wfs = f"<OGRWFSDataSource><URL>http://127.0.0.1:{port}/wfs</URL></OGRWFSDataSource>"
    wms = f'<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:{port}/</ServerUrl></Service></GDAL_WMS>'
    gdalg = json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {canary}"})
    paths = []
    for name, content in (("a.geojson", vrt), ("b.shp", vrt), ("c.tif", wms), ("d.geojson", wfs), ("e.geojson", gdalg)):
        (tmp_path / name).write_text(content)
        paths.append(str(tmp_path / name))
    said = run(READ_ANYTHING, *paths, f"/vsicurl/http://127.0.0.1:{port}/x.geojson")
    server.close()
    assert "OPENED" not in said
    assert said.count("refused") == 12
    assert "CANARY" not in said
    assert calls == []


def test_an_open_door_is_refused_by_name() -> None:
    require_closed(["GPKG", "MEM"])
    with pytest.raises(XinguError) as caught:
        require_closed(["GPKG", "OGR_VRT"])
    assert caught.value.facts == {"drivers": "OGR_VRT", "count": 1}


def test_the_skip_list_spares_what_is_allowed_and_names_the_dangerous() -> None:
    assert not ALLOWED & set(skipped_drivers())
    assert {"OGR_VRT", "VRT", "GDALG", "WFS", "HTTP", "WMS", "OAPIF", "CSV", "GTI"} <= set(skipped_drivers())


def test_closing_sets_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in closed_doors():
        monkeypatch.delenv(name, raising=False)
    close_doors()
    assert os.environ["GDAL_HTTP_PROXY"] == "127.0.0.1:9"
    assert "OGR_VRT" in os.environ["OGR_SKIP"].split(",")
