"""The main page in Chromium with the network cut: it shows everything, asks nobody, and a slider remounts nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from kit.browser import Visit, browsing, served
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    there = Visit(browser, address)
    there.open()
    yield there
    there.close()


def _first_ranked(visit: Visit) -> str:
    return str(visit.ask("window.xinguMap.siteIds[0]"))


def test_the_map_the_colours_the_legend_are_there_and_no_outside_host_was_asked(visit: Visit) -> None:
    assert visit.ask("document.querySelectorAll('.folium-map canvas').length") == 1
    colours = set(visit.ask("window.xinguMap.siteIds.map((_, index) => window.xinguMap.colourOf(index))"))
    assert len(colours) >= 3
    legend = visit.page.locator(".xg-legend").inner_text()
    assert "综合得分" in legend
    assert "污水余量不足，扩容后可用" in legend
    assert "示意数据" in visit.page.locator(".xg-chip").inner_text()
    assert visit.ask("document.querySelectorAll('.leaflet-xg-sewers-pane path').length") > 10
    assert any("leaflet.js" in url for url in visit.asked)
    assert visit.outside == []
    assert visit.errors == []


def test_a_tooltip_names_the_parcel_under_the_mouse(visit: Visit) -> None:
    site = _first_ranked(visit)
    visit.ask("void window.xinguMap.map.setView(window.xinguMap.at[0], 16, {animate: false})")
    x, y = visit.pixel_of(site)
    visit.page.mouse.move(x - 3, y - 3)
    visit.page.mouse.move(x, y)
    visit.page.wait_for_selector(".xg-tip")
    assert site in visit.page.locator(".xg-tip").first.inner_text()


def test_a_weight_recolours_without_a_remount_and_the_view_stays(visit: Visit) -> None:
    visit.ask("void window.xinguMap.map.setZoom(13, {animate: false})")
    visit.ask("window.xinguMap.map.getContainer().dataset.mark = 'same'")
    mounts, stamp = visit.ask("window.xinguMap.mounts"), visit.ask("window.xinguMap.stamp")
    slider = visit.page.locator(
        "[data-testid=stSidebar] [data-testid=stSlider] input, [data-testid=stSidebar] [role=slider]"
    ).nth(0)
    slider.focus()

    def push() -> None:
        for _ in range(8):
            visit.page.keyboard.press("ArrowRight")

    visit.after_repaint(push)
    visit.page.wait_for_function("before => window.xinguMap.stamp !== before", arg=stamp)
    assert visit.ask("window.xinguMap.mounts") == mounts
    assert visit.ask("window.xinguMap.map.getContainer().dataset.mark") == "same"
    assert visit.ask("window.xinguMap.map.getZoom()") == 13
    assert visit.errors == []


def test_a_click_on_a_parcel_opens_its_card_and_lights_its_sewer_path(visit: Visit) -> None:
    chosen = visit.ask("window.xinguMap.siteIds.findIndex((_, index) => window.xinguMap.colourOf(index) === '#c98a1b')")
    site = visit.ask(f"window.xinguMap.siteIds[{chosen}]")
    visit.ask(f"void window.xinguMap.map.setView(window.xinguMap.at[{chosen}], 16, {{animate: false}})")
    x, y = visit.pixel_of(site)
    visit.page.mouse.move(x - 2, y - 2)
    visit.page.mouse.move(x, y)
    visit.after_repaint(lambda: visit.page.mouse.click(x, y))
    card = visit.page.locator(".xg-card-facts")
    card.filter(has_text=site).wait_for()
    assert len(visit.ask("window.xinguMap.lit()")) >= 3


def test_the_case_for_the_open_site_can_be_taken_away(visit: Visit, tmp_path: Path) -> None:
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="论证单").click()
    file = tmp_path / "case.html"
    waiting.value.save_as(file)
    case = file.read_text(encoding="utf-8")
    site = waiting.value.suggested_filename.removeprefix("case_").removesuffix(".html")
    assert f"（{site}）" in case.split("</h1>")[0]
    assert "次抽样中" in case
    assert "<svg" in case


def test_the_geojson_that_is_downloaded_is_valid_and_complete(visit: Visit, tmp_path: Path) -> None:
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="GeoJSON").click()
    file = tmp_path / "ranking.geojson"
    waiting.value.save_as(file)
    content = json.loads(file.read_text(encoding="utf-8"))
    frame = gpd.read_file(file)
    assert "crs" not in content
    assert len(frame) == visit.ask("window.xinguMap.siteIds.length")
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.is_valid.all()
    assert {feature["id"] for feature in content["features"]} == set(visit.ask("window.xinguMap.siteIds"))


def test_the_language_switch_changes_everything_and_stays_in_the_address(visit: Visit) -> None:
    visit.page.get_by_text("English", exact=True).click()
    visit.page.get_by_text("Hard constraints", exact=True).wait_for()
    visit.page.wait_for_function("window.xinguMap.ready")
    assert "lang=en" in visit.page.url
    visit.open("/?lang=en")
    text = visit.page.locator(".stMainBlockContainer").inner_text()
    assert "Score" in text
    chinese = [line for line in text.splitlines() if any("\u4e00" <= sign <= "\u9fff" for sign in line)]
    assert [line for line in chinese if line.strip() != "中文"] == []
