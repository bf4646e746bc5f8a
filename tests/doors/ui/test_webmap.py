"""The base map is drawn from the catalogue, asks no outside host, and runs no text of a layer."""

from __future__ import annotations

import re
from pathlib import Path

import folium
import folium.plugins
import geopandas as gpd
import pytest
from folium.elements import JSCSSMixin
from kit.opening import open_catalogue
from kit.places import write_layer
from kit.six_fields import write_six_fields
from shapely.geometry import LineString, Point, box

from xingu_geo.doors.ui.kit.webmap import base_map, rendered, rewrite_assets, walk
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.read import Catalogue

ASSETS = "/component/assets"


def _place(folder: Path, *, name: str = "核心") -> Catalogue:
    named = {"name_zh": [name], "name_en": ["core"]}
    core = gpd.GeoDataFrame({"id": ["c"], **named}, geometry=[box(120.3, 30.3, 120.4, 30.35)], crs=4326)
    stop = gpd.GeoDataFrame({"id": ["m"], **named}, geometry=[Point(120.35, 30.32)], crs=4326)
    lines = [LineString([(120.3, 30.3), (120.4, 30.31)]), LineString([(120.3, 30.32), (120.4, 30.33)])]
    roads = gpd.GeoDataFrame({"id": ["s", "e"], "class": ["street", "expressway"]}, geometry=lines, crs=4326)
    write_layer(folder, "core", core)
    write_layer(folder, "metro", stop, geometry="point")
    write_layer(folder, "roads", roads, geometry="line")
    return open_catalogue(folder)


def test_every_asset_of_every_element_is_served_from_here(tmp_path: Path) -> None:
    drawn = base_map(_place(tmp_path), lang="zh")
    rewrite_assets(drawn, asset_url=ASSETS)
    in_use = [element for element in walk(drawn) if isinstance(element, JSCSSMixin)]
    urls = [url for element in in_use for _, url in (*element.default_js, *element.default_css)]
    assert len(in_use) >= 1
    assert urls == [f"{ASSETS}/leaflet.js", f"{ASSETS}/leaflet.css"]


def test_the_rendered_map_names_no_outside_address(tmp_path: Path) -> None:
    catalogue = _place(tmp_path)
    rendered_map = rendered(base_map(catalogue, lang="zh"), catalogue, asset_url=ASSETS)
    assert "L.map(" in rendered_map.script
    assert not re.search(r"https?:|//[a-z]", rendered_map.script)


def test_folium_itself_is_left_as_it_was(tmp_path: Path) -> None:
    before = list(folium.Map.default_js)
    rewrite_assets(base_map(_place(tmp_path), lang="zh"), asset_url=ASSETS)
    assert folium.Map.default_js == before


def test_an_element_that_needs_more_than_leaflet_is_refused(tmp_path: Path) -> None:
    drawn = base_map(_place(tmp_path), lang="zh")
    folium.plugins.Fullscreen().add_to(drawn)
    with pytest.raises(XinguError) as refusal:
        rewrite_assets(drawn, asset_url=ASSETS)
    assert refusal.value.code == "map_asset_unknown"


def test_a_hostile_name_is_not_compiled_and_stays_readable(tmp_path: Path) -> None:
    catalogue = _place(tmp_path, name="{{ 7 * 191 }}{% nonsense %}<img src=x onerror=1>")
    script = rendered(base_map(catalogue, lang="zh"), catalogue, asset_url=ASSETS).script
    assert "7 * 191" in script  # the text is there …
    assert "1337" not in script  # … was not compiled as a template …
    assert "img src=x onerror=1" in script
    assert "<img" not in script  # … and is no markup
    assert "\\u003cimg" not in script


def test_without_escaping_the_same_name_would_be_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xingu_geo.doors.ui.kit.webmap.safe_text", str)
    catalogue = _place(tmp_path, name="{{ 7 * 191 }}")
    assert "1337" in rendered(base_map(catalogue, lang="zh"), catalogue, asset_url=ASSETS).script


def test_the_same_layers_give_the_same_script(tmp_path: Path) -> None:
    catalogue = _place(tmp_path)
    first, second = (rendered(base_map(catalogue, lang="zh"), catalogue, asset_url=ASSETS) for _ in range(2))
    assert first == second


def test_labels_speak_the_readers_language(tmp_path: Path) -> None:
    catalogue = _place(tmp_path)
    chinese = rendered(base_map(catalogue, lang="zh"), catalogue, asset_url=ASSETS).script
    english = rendered(base_map(catalogue, lang="en"), catalogue, asset_url=ASSETS).script
    assert "\\u6838\\u5fc3" in chinese
    assert ">core" not in chinese
    assert "core\\u003c" in english


def test_a_place_without_qiantangs_layers_is_drawn_too(tmp_path: Path) -> None:
    catalogue = open_catalogue(write_six_fields(tmp_path / "six"))
    rendered_map = rendered(base_map(catalogue, lang="zh"), catalogue, asset_url=ASSETS)
    # The corner of Six Fields is UTM 51N 300000/3340000: about 120.92 °E, 30.17 °N.
    assert rendered_map.south_west == pytest.approx((30.17, 120.92), abs=0.01)
    assert "xg-roads" in rendered_map.script
