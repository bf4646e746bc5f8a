"""What goes to the browser: shapes once, then one byte a site."""

from __future__ import annotations

import base64
import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from xingu_geo.doors.ui.kit import payload


def _frame(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), index=[f"s{n}" for n in range(len(shapes))], crs="EPSG:4326")


def test_a_class_is_one_byte() -> None:
    assert base64.b64decode(payload.encoded([0, 8, 255])) == bytes([0, 8, 255])


def test_only_a_ranked_site_takes_more_than_a_byte() -> None:
    run = payload.run_numbers([7, 1, 2], [math.nan, 3.0, 9.0], [math.nan, 87.25, math.nan])
    # The highest bit says that a rank and a score follow: 128 + 1 and 128 + 2.
    assert base64.b64decode(run["codes"]) == bytes([7, 129, 130])
    assert np.frombuffer(base64.b64decode(run["ranks"]), "<u2").tolist() == [3, 9]
    # 87.25 points are 8725 hundredths; 65535 stands for no score.
    assert np.frombuffer(base64.b64decode(run["scores"]), "<u2").tolist() == [8725, payload.NO_SCORE]


def test_a_hole_and_a_second_part_survive_and_pairs_are_latitude_first() -> None:
    ring = Polygon(box(120, 30, 120.4, 30.4).exterior, [box(120.1, 30.1, 120.2, 30.2).exterior])
    frame = _frame(shapely.MultiPolygon([ring, box(121, 30, 121.1, 30.1)]))
    names = pd.Series(["<b>"], index=frame.index)
    content = json.loads(payload.site_file(frame, names=names, facts=names))
    assert [len(part) for part in content["shapes"][0]] == [2, 1]
    assert all(29 < lat < 31 and lon > 119 for lat, lon in content["shapes"][0][0][0])
    assert content["names"] == ["<b>"]  # plain text: the element sets it as textContent


def test_a_link_carries_its_middle_and_a_station_its_point() -> None:
    frame = _frame(LineString([(120, 30), (120.2, 30)]), Point(120.5, 30.5))
    frame = frame.assign(name=["L", "S"], facts="", weight=2.0, radius=5.0)
    link, station = json.loads(payload.sewer_file(frame))["elements"]
    assert link["middle"] == [30.0, 120.1]
    assert station["point"] == [30.5, 120.5]
    assert "line" not in station
