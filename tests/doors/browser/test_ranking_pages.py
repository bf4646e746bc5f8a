"""The defence and the joining in Chromium with the network cut: plots are drawn, the assembly and its building too."""

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
    yield there
    there.close()


def test_the_plots_are_drawn_without_asking_any_outside_host(visit: Visit) -> None:
    visit.open("/ranking", map_expected=False)
    visit.page.get_by_text("各权重可动的范围").wait_for()
    drawn = "[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg.marks')]"
    visit.page.wait_for_function(f"{drawn}.length === 3")
    sizes = visit.ask(f"{drawn}.map((plot) => [plot.clientWidth, plot.clientHeight])")
    assert all(width > 300 and height > 150 for width, height in sizes)
    assert "次抽样中" in visit.page.locator(".xg-card").first.inner_text()
    assert visit.outside == []
    assert visit.errors == []


def test_a_method_without_parts_shows_what_it_moves(visit: Visit) -> None:
    visit.open("/ranking", map_expected=False)
    visit.page.get_by_text("怎么综合", exact=True).click()
    visit.page.get_by_label("综合方法").click()
    visit.page.get_by_text("PROMETHEE II").click()
    visit.page.get_by_text("变动最大的几块").wait_for()
    assert "Kendall" in visit.page.locator(".stMainBlockContainer").inner_text()
    assert visit.page.locator("[data-testid=stException], [data-testid=stAlert]").count() == 0
    assert visit.errors == []


def test_an_assembly_and_its_building_are_drawn_and_the_file_holds_every_assembly(visit: Visit, tmp_path: Path) -> None:
    visit.open("/assembly", map_expected=False)
    visit.page.wait_for_function("window.xinguMap && window.xinguMap.ready && window.xinguMap.overlaid() === 2")
    # White below each outline: two paths for the plot, two for the building.
    assert visit.ask("document.querySelectorAll('.leaflet-xg-joined-pane path').length") == 4
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="拼地 GeoJSON").click()
    file = tmp_path / "assemblies.geojson"
    waiting.value.save_as(file)
    assert "crs" not in json.loads(file.read_text(encoding="utf-8"))
    frame = gpd.read_file(file)
    assert len(frame) > 10
    assert frame.geometry.is_valid.all()
    assert frame["footprint_fit"].isin(["fits", "borderline", "no"]).all()
    assert visit.outside == []
    assert visit.errors == []
