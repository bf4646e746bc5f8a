"""OpenStreetMap live, against a server of the test's own: asked once, politely, and offline is one sentence."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote_plus

import osmnx
import pytest
from kit.opening import intake_osm, open_catalogue

from xingu_geo.ground.base.errors import XinguError

BOUNDS = (120.39, 30.29, 120.42, 30.32)
NODES = {1: (120.40, 30.30), 2: (120.41, 30.30), 3: (120.41, 30.31), 4: (120.40, 30.31)}
PLACES = [{"type": "node", "id": n, "lat": lat, "lon": lon} for n, (lon, lat) in NODES.items()]
ROAD = {"type": "way", "id": 10, "nodes": [1, 2, 3], "tags": {"highway": "trunk", "name": "江东大道"}}
HOMES = {"type": "way", "id": 11, "nodes": [1, 2, 3, 4, 1], "tags": {"landuse": "residential", "name": "某小区"}}
STATUS = "Connected as: 1\nCurrent time: 2026-01-01T00:00:00Z\nAnnounced endpoint: none\nRate limit: 2\n"
STATUS += "2 slots available now.\n"


class Overpass:
    """A stand-in for the server: remembers who asked for what."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.agents: set[str] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, text: str) -> None:
                outer.agents.add(self.headers["User-Agent"])
                body = text.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self.answer(STATUS)

            def do_POST(self) -> None:
                question = unquote_plus(self.rfile.read(int(self.headers["Content-Length"])).decode())
                outer.questions.append(question)
                found = [
                    *([ROAD] if "highway" in question else []),
                    *([HOMES] if "residential'" in question.replace('"', "'") and "building" in question else []),
                ]
                self.answer(json.dumps({"elements": [*PLACES, *found] if found else []}))

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/api"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def overpass() -> Iterator[Overpass]:
    """The stand-in, gone afterwards."""
    stand_in = Overpass()
    yield stand_in
    stand_in.server.shutdown()
    stand_in.server.server_close()


def test_layers_come_with_their_licence_and_are_asked_for_once(overpass: Overpass, tmp_path: Path) -> None:
    told: list[str] = []
    before = osmnx.settings.overpass_url
    reports = intake_osm(
        BOUNDS,
        into=tmp_path / "into",
        cache=tmp_path / "cache",
        roles=("roads", "residential", "metro"),
        address=overpass.address,
        progress=told.append,
    )
    assert [report.layers[0].role for report in reports] == ["roads", "residential"]
    assert told == ["roads", "residential", "metro"]
    catalogue = open_catalogue(tmp_path / "into")
    roads = catalogue.vector("roads").table
    assert roads.index.tolist() == ["w10"]
    assert roads[["name_zh", "class"]].iloc[0].tolist() == ["江东大道", "expressway"]
    assert {catalogue.passport(role).licence for role in catalogue} == {"ODbL-1.0"}
    assert any(agent.startswith("xingu_geo/") for agent in overpass.agents)
    asked = len(overpass.questions)
    assert asked == 3
    intake_osm(BOUNDS, into=tmp_path / "again", cache=tmp_path / "cache", roles=("roads",), address=overpass.address)
    assert len(overpass.questions) == asked
    assert osmnx.settings.overpass_url == before


def test_offline_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(XinguError) as caught:
        intake_osm(
            BOUNDS, into=tmp_path / "into", cache=tmp_path / "cache", roles=("roads",), address="http://127.0.0.1:9/api"
        )
    assert caught.value.code == "osm_offline"
    assert ".osm.pbf" in caught.value.sentence("zh")
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize("bounds", [(121, 30, 120, 31), (100, 20, 130, 40), (float("nan"), 0, 1, 1)])
def test_a_rectangle_must_be_one_and_modest(bounds: tuple[float, float, float, float], tmp_path: Path) -> None:
    with pytest.raises(XinguError) as caught:
        intake_osm(bounds, into=tmp_path, cache=tmp_path)
    assert caught.value.code == "osm_bounds"


def test_a_role_it_cannot_fill_is_refused(tmp_path: Path) -> None:
    with pytest.raises(XinguError) as caught:
        intake_osm(BOUNDS, into=tmp_path, cache=tmp_path, roles=("parcels",))
    assert caught.value.code == "osm_role_unknown"
