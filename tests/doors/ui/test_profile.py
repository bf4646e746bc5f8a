"""The long section: levels along the way, in flow order, and a drawing that runs nothing."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from kit import tables as planner

from xingu_geo.doors.ui.kit.sewer_view import upstream_of
from xingu_geo.doors.ui.siting.profile import long_section, section_svg
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import backwater_of
from xingu_geo.sewers.network.network import Network, make_network

HOSTILE = "<script>alert(1)</script>{{ 7 * 191 }}"


def _line(*, name: str = "干管") -> Network:
    """A – B – C (plant): 1,000 m at 1 ‰ from 5 m to 4 m, then 500 m at 2 ‰ to 3 m; ground at 8 m."""
    nodes = pd.DataFrame(
        {"kind": ["manhole", "manhole", "plant"], "ground_m": 8.0, "invert_m": [5.0, 4.0, 3.0], "capacity_m3_d": 1e5},
        index=["A", "B", "C"],
    )
    links = pd.DataFrame(
        {
            "from_node": ["A", "B"],
            "to_node": ["B", "C"],
            "kind": "gravity",
            "name_zh": name,
            "name_en": name,
            "diameter_mm": 800.0,
            "length_m": [1000.0, 500.0],
            "material": "RC",
        },
        index=["AB", "BC"],
    )
    loads = pd.DataFrame(
        {
            "node": ["A"],
            "state": "existing",
            "domestic_m3_d": 5000.0,
            "industrial_m3_d": 0.0,
            "industrial_peaking": 1.0,
        },
        index=["town"],
    )
    return make_network(nodes, links, loads, norms=planner.norms())


def test_the_way_is_laid_out_end_to_end_with_the_levels_of_its_nodes() -> None:
    network = _line()
    table = long_section(network, backwater_of(assessed_of(network)), "A", "zh")
    assert table.index.tolist() == ["AB", "BC"]
    assert table["start_m"].tolist() == [0.0, 1000.0]
    assert table["end_m"].tolist() == [1000.0, 1500.0]
    assert table["invert_0"].tolist() == [5.0, 4.0]
    # The crown is the invert plus 0.8 m.
    assert table["crown_1"].tolist() == pytest.approx([4.8, 3.8])
    assert ((table["water_0"] > table["invert_0"]) & (table["water_0"] < table["crown_0"])).all()


def test_the_drawing_is_an_image_in_which_a_name_is_a_name() -> None:
    network = _line(name=HOSTILE)
    page = section_svg(long_section(network, backwater_of(assessed_of(network)), "A", "zh"), "zh")
    source = re.search(r"base64,([A-Za-z0-9+/=]+)", page)
    assert source is not None
    drawing = ET.fromstring(base64.b64decode(source.group(1)))  # noqa: S314 - our own drawing
    titles = {element.text for element in drawing.iter("{http://www.w3.org/2000/svg}title")}
    assert titles == {f"{HOSTILE} (AB)", f"{HOSTILE} (BC)"}
    assert not list(drawing.iter("{http://www.w3.org/2000/svg}script"))


def test_what_drains_to_an_element_is_all_that_lies_above_it() -> None:
    network = _line()
    assert set(upstream_of(network, "BC")) == {"A", "B", "AB", "BC"}
    assert set(upstream_of(network, "AB")) == {"A", "AB"}
    assert set(upstream_of(network, "C")) == {"A", "B", "C", "AB", "BC"}
