"""Results at a URL: GDAL's own OGC API client, which QGIS uses, reads them; nothing can be written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from xingu_geo.doors.exchange.geojson import write_geojson

ROOT = Path(__file__).parents[3]
# A process of its own: here the driver allow-list of the product keeps GDAL off the network, as it should.
CLIENT = """
import json, sys, pyogrio
read = pyogrio.read_dataframe("OAPIF:" + sys.argv[1], layer="squares")
print(json.dumps({"rows": len(read), "ids": sorted(read["site_id"]), "area": read.to_crs(4549).area.sum()}))
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Twelve squares of a hectare, published by the command in a process of its own."""
    file = tmp_path_factory.mktemp("serve") / "squares.geojson"
    squares = [shapely.box(x, 3_357_000, x + 100, 3_357_100) for x in range(545_000, 547_400, 200)]
    names = [f"S-{number:02d}" for number in range(12)]
    frame = gpd.GeoDataFrame({"name_zh": "甲 {{7*7}}", "score": 1.5}, index=names, geometry=squares, crs="EPSG:4549")
    write_geojson(frame.rename_axis("site_id"), file)
    command = [sys.executable, "-m", "xingu_geo", "serve", str(file), "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "XINGU_GEO_LANG": "en"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as server:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline().decode())
        assert found
        yield found[0]
        server.terminate()
        server.communicate()


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - a loopback address of our own server
        return json.load(answer)


def test_gdal_counts_the_features_and_measures_their_ground(url: str) -> None:
    free = {name: value for name, value in os.environ.items() if not name.startswith(("OGR_", "GDAL_"))}
    done = subprocess.run([sys.executable, "-c", CLIENT, url], capture_output=True, text=True, check=True, env=free)
    read = json.loads(done.stdout)
    assert read["rows"] == 12
    assert read["ids"][0] == "S-00"
    assert read["area"] == pytest.approx(12 * 10_000, abs=60)  # seven decimals of a degree, about a centimetre


def test_a_box_and_a_page_are_respected(url: str) -> None:
    third = _get(f"{url}/collections/squares/items/S-02")
    box = shapely.geometry.shape(third["geometry"]).bounds
    inside = _get(f"{url}/collections/squares/items?bbox={','.join(map(str, box))}")
    assert [feature["id"] for feature in inside["features"]] == ["S-02"]
    page = _get(f"{url}/collections/squares/items?limit=5&offset=10")
    assert (page["numberMatched"], [feature["id"] for feature in page["features"]]) == (12, ["S-10", "S-11"])


def test_it_declares_what_it_conforms_to(url: str) -> None:
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in _get(f"{url}/conformance")["conformsTo"]


def test_hostile_text_travels_as_text(url: str) -> None:
    assert _get(f"{url}/collections/squares/items/S-00")["properties"]["name_zh"] == "甲 {{7*7}}"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/collections/squares/items", "/collections/squares/items/S-00", "/"])
def test_nothing_can_be_written(url: str, method: str, path: str) -> None:
    asked = urllib.request.Request(url + path, data=b"{}", method=method)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=20)  # noqa: S310
    assert refused.value.code == 405
    refused.value.close()


def test_a_collection_nobody_published_is_not_found(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(f"{url}/collections/secrets/items")
    assert refused.value.code == 404
    refused.value.close()
