"""The case for a site: complete, inert, the same figures in both languages, and drawn where the site is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import geopandas as gpd
import pytest
from kit.opening import open_catalogue
from kit.shipped import default_result, tables
from kit.six_fields import write_six_fields
from shapely.geometry import LineString, Point, box

from xingu_geo.doors.paper.picture import Mark, Window, map_picture, window_about
from xingu_geo.doors.paper.site_sheet import site_report
from xingu_geo.ground.base.say import LANGS
from xingu_geo.places.place.place import Place
from xingu_geo.siting.doubt.robustness import Sampling
from xingu_geo.study.run.doubting import doubted
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import run


@pytest.fixture(scope="module")
def result() -> Result:
    """The default study on the shipped place."""
    return default_result()


def _texts(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(style|svg).*?</\1>", "", page, flags=re.S))


def _figures(page: str) -> list[str]:
    """The numbers of its tables, in their order."""
    return re.findall(r'<td class="n">([^<]*)</td>', page)


def test_it_is_a_whole_page_that_runs_and_fetches_nothing(result: Result) -> None:
    site = str(result.ranking.table.index[0])
    firm = doubted(result, sampling=Sampling(draws=50))
    page = site_report(result, site, "zh", robustness=firm)
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert not re.search(r"<script|\bon\w+=|javascript:", page)
    assert [found for found in re.findall(r"https?://[^\"' ]+", page) if "w3.org/2000/svg" not in found] == []
    for heading in ("得分从哪里来", "约束与提示", "污水接不接得住", "排名稳不稳", "为何不是别处", "依据的图层"):
        assert f"<h2>{heading}</h2>" in page
    assert page == site_report(result, site, "zh", robustness=firm)


def test_both_languages_carry_the_same_figures_and_english_no_chinese(result: Result) -> None:
    for site in (str(result.ranking.table.index[0]), str(result.eligibility.eligible.idxmin())):
        zh, en = (site_report(result, site, lang) for lang in LANGS)
        assert _figures(zh) == _figures(en)
        assert len(_figures(zh)) > 40
        assert not re.findall(r"[\u4e00-\u9fff]+", _texts(en))


def test_the_points_of_its_table_sum_to_the_score(result: Result) -> None:
    site = str(result.ranking.table.index[0])
    page = site_report(result, site, "en")
    table = page.split("Where the points come from")[1].split("</table>")[0]
    points = [float(figure) for figure in _figures(table)[::2]]
    # Each is rounded to a tenth.
    assert sum(points) == pytest.approx(float(result.ranking.table.loc[site, "score"]), abs=0.05 * len(points))


def test_a_place_without_sewers_has_a_case_too(tmp_path: Path) -> None:
    place = open_catalogue(write_six_fields(tmp_path / "six"))
    page = site_report(run(Place(place, tables()), Study()), "A", "zh")
    assert "本地没有污水管网图层" in page or "缺少污水管网图层" in page
    assert "沿程设施" not in page


def test_a_hostile_name_is_shown_and_never_run(tmp_path: Path) -> None:
    folder = write_six_fields(tmp_path / "six")
    parcels = gpd.read_file(folder / "parcels.gpkg")
    parcels["name_zh"] = "<img src=x onerror=alert(1)>{{7*7}}"
    parcels.to_file(folder / "parcels.gpkg", driver="GPKG", engine="pyogrio")
    page = site_report(run(Place(open_catalogue(folder), tables()), Study()), "A", "zh")
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;&#123;&#123;7*7&#125;&#125;" in page


WINDOW = Window(west=1_000, south=2_000, east=3_000, north=3_000, width_px=500)


def test_ground_becomes_picture_by_hand() -> None:
    # 500 px for 2,000 m: a quarter of a pixel to the metre; north is up, y grows downwards.
    assert WINDOW.height_px == 250
    assert WINDOW.placed([(1_000, 3_000), (3_000, 2_000), (2_000, 2_600)]) == [(0, 0), (500, 250), (250, 100)]
    about = window_about(box(0, 0, 200, 100), reach_m=1_000, width_px=400, height_px=200)
    assert (about.west, about.east, about.south, about.north) == (-900, 1_100, -450, 550)


def test_only_what_lies_in_the_window_is_drawn(tmp_path: Path) -> None:
    place = open_catalogue(write_six_fields(tmp_path / "six"))
    marks = [
        Mark(
            (box(1_500, 2_400, 1_900, 2_800),), {"fill": True, "fillColor": "#123456", "color": "#000000", "weight": 1}
        ),
        Mark((box(9_000, 9_000, 9_100, 9_100), None), {"fill": True, "fillColor": "#abcdef"}),
        Mark((LineString([(0, 2_500), (9_000, 2_500)]),), {"color": "#00ff00", "weight": 2}),
        Mark((Point(2_000, 2_500),), {"fill": True, "fillColor": "#ff0000", "radius": 3}, label="a < b"),
    ]
    svg = map_picture(place, WINDOW, marks, alt="four & marks")
    tree = ET.fromstring(svg)  # noqa: S314 - our own picture
    paths = {path.get("fill"): path for path in tree.iter() if path.tag.endswith("path")}
    # 1,500 → 125 px, 1,900 → 225 px; 2,800 → 50 px from the top, 2,400 → 150 px.
    corners = {
        tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", str(paths["#123456"].get("d")))
    }
    assert corners == {(125, 50), (225, 50), (225, 150), (125, 150)}
    assert "#abcdef" not in svg
    green = next(path for path in tree.iter() if path.get("stroke") == "#00ff00")
    # Cut 10 px (40 m) outside the window, not at 0 and 9,000 m.
    assert str(green.get("d")) == "M-10,125L510,125"
    assert "<title>four &amp; marks</title>" in svg
    assert "a &lt; b" in svg


def test_the_scale_bar_is_as_long_as_it_says(tmp_path: Path) -> None:
    svg = map_picture(open_catalogue(write_six_fields(tmp_path / "six")), WINDOW, [], alt="bar")
    # The longest round length within a quarter of 500 px (125 px = 500 m) is 500 m.
    assert ">500 m</text>" in svg
    assert "V238.0H137.0V" in svg
