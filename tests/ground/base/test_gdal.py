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
from kit.six_fields import write_six_fields

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.gdal import ALLOWED, close_doors, closed_doors, require_closed, skipped_drivers

ROOT = Path(__file__).parents[3]

LIST_DRIVERS = """
import json
from xingu_geo.ground.base.gdal import close_doors
close_doors()
import pyogrio, rasterio
with rasterio.Env() as env:
    print(json.dumps([sorted(pyogrio.list_drivers()), sorted(env.drivers())]))
"""

READ_ANYTHING = """
import sys
from xingu_geo.ground.base.gdal import close_doors
close_doors()
import pyogrio, rasterio
for path in sys.argv[1:]:
    for reader in (pyogrio.read_dataframe, lambda p: rasterio.open(p).read()):
        try:
            print("OPENED", reader(path))
        except Exception as error:
            print("refused", type(error).__name__)
"""


# What stands behind each door, run in a fresh process up to the point where GDAL is there.
DOORS = {
    "command line": """
from xingu_geo.doors.cli.main import main
try:
    main(["check"])
except SystemExit:
    pass
""",
    "app": """
from streamlit.testing.v1 import AppTest
AppTest.from_file("app.py", default_timeout=120).run()
""",
    "worker": """
import json, tempfile
from pathlib import Path
from xingu_geo.places.intake import worker
with tempfile.TemporaryDirectory() as name:
    limits = {"memory_bytes": 10**10, "seconds": 60, "file_bytes": 10**8}
    (Path(name) / "input").mkdir()
    (Path(name) / "input" / "a").write_text('{"type": "FeatureCollection", "features": []}')
    job = limits | {"file": "a", "role": "", "options": {}, "memory": {}}
    (Path(name) / "job.json").write_text(json.dumps(job))
    worker.main([name])
""",
}
TELL_DRIVERS = """
import json, sys
print(json.dumps(sys.modules["pyogrio"].list_drivers()))
"""

READ_WITHOUT_A_DOOR = """
import sys
from pathlib import Path
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.read import open_catalogue
try:
    open_catalogue(Path(sys.argv[1]), crs="EPSG:4549").vector("parcels")
except XinguError as error:
    print(error.code, error)
"""


def run(code: str, *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in closed_doors()}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, env=clean, check=True
    )
    return done.stdout


def test_a_fresh_process_registers_allowed_drivers_only() -> None:
    vector, raster = json.loads(run(LIST_DRIVERS))
    assert {"GPKG", "GeoJSON", "ESRI Shapefile", "DXF", "LIBKML", "OSM"} <= set(vector) <= ALLOWED
    assert "GTiff" in raster
    assert set(raster) <= ALLOWED


def test_importing_the_package_leaves_the_process_alone() -> None:
    heavy = ("pyogrio", "rasterio", "geopandas", "numpy", "pandas", "tomllib")
    code = "import os, sys; before = dict(os.environ); import xingu_geo; "
    code += f"print(before == dict(os.environ), [name for name in {heavy} if name in sys.modules])"
    assert run(code).strip() == "True []"


@pytest.mark.parametrize("door", DOORS)
def test_every_door_closes_the_drivers_before_gdal_is_loaded(door: str) -> None:
    assert set(json.loads(run(DOORS[door] + TELL_DRIVERS).splitlines()[-1])) <= ALLOWED


def test_the_library_without_a_door_reads_nothing_and_says_how(tmp_path: Path) -> None:
    said = run(READ_WITHOUT_A_DOOR, str(write_six_fields(tmp_path)))
    assert said.startswith("gdal_open ")
    assert "call xingu_geo.ground.base.gdal.close_doors() before pyogrio is imported" in said


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
