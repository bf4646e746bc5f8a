"""A conflict is found, traced, explained and taken away, in both languages, in Chromium with the network cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.browser import Visit, browsing, served
from playwright.sync_api import Browser

from xingu_geo.ground.base.say import Lang, say

pytestmark = pytest.mark.browser

HATCH = "#c98a1b"  # the ink of "sewer full: usable after an upgrade"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


def _open_a_full_site(visit: Visit) -> str:
    """Click the first site whose trunk is full; its card is open then."""
    index = visit.ask(f"window.xinguMap.siteIds.findIndex((_, at) => window.xinguMap.colourOf(at) === {HATCH!r})")
    assert index >= 0
    site = str(visit.ask(f"window.xinguMap.siteIds[{index}]"))
    visit.ask(f"void window.xinguMap.map.setView(window.xinguMap.at[{index}], 16, {{animate: false}})")
    x, y = visit.pixel_of(site)
    visit.page.mouse.move(x - 2, y - 2)
    visit.page.mouse.move(x, y)
    visit.page.mouse.click(x, y)
    visit.page.locator(".xg-card-facts").filter(has_text=site).wait_for()
    visit.settle()
    return site


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_conflict_is_found_traced_explained_and_exported(
    browser: Browser, address: str, lang: Lang, tmp_path: Path
) -> None:
    visit = Visit(browser, address)
    visit.open(f"/?lang={lang}")
    site = _open_a_full_site(visit)
    assert len(visit.ask("window.xinguMap.lit()")) >= 3  # traced to the outfall
    visit.page.get_by_role("link", name=say("ui.page.capacity", lang)).click()
    visit.page.get_by_text(say("ui.ticket_heading", lang), exact=False).first.wait_for()
    visit.page.get_by_role("button", name=say("ui.get_ticket_json", lang)).wait_for()
    visit.settle()
    visit.page.wait_for_function("window.xinguMap && window.xinguMap.ready")
    assert len(visit.ask("window.xinguMap.lit()")) >= 3  # the site's way, here too
    visit.page.get_by_alt_text(say("ui.section_heading", lang)).wait_for()
    visit.page.get_by_role("button", name=say("ui.works", lang)).click()
    visit.page.get_by_text(site, exact=False).first.wait_for()
    visit.settle()
    assert say("verdict.illustrative_only", lang) in visit.page.locator(".stMainBlockContainer").inner_text()
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name=say("ui.get_ticket_json", lang)).click()
    file = tmp_path / "conflict.json"
    waiting.value.save_as(file)
    ticket = json.loads(file.read_text(encoding="utf-8"))
    assert ticket["outcome"] == "conflict"
    assert [discharge["site"] for discharge in ticket["discharges"]] == [site]
    worst = ticket["conflicts"][0]
    assert worst["missing_m3_d"] == pytest.approx(worst["required_m3_d"] - worst["available_m3_d"])
    assert re.split(r" ?[(（]", worst[f"name_{lang}"])[0] in visit.page.locator(".stMainBlockContainer").inner_text()
    assert ticket["remedies"]
    assert visit.outside == []
    assert visit.errors == []
    visit.close()


def test_an_element_of_the_table_lights_what_drains_to_it_and_shows_its_users(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    visit.open("/capacity")
    assert visit.ask("window.xinguMap.lit()") == []
    table = visit.page.locator("[data-testid=stDataFrame]").first
    box = table.bounding_box()
    assert box is not None
    # The rows are painted on a canvas: the box before the first one stands 12 px in, a row below the header.
    visit.after_repaint(lambda: visit.page.mouse.click(box["x"] + 15, box["y"] + 52))
    assert len(visit.ask("window.xinguMap.lit()")) >= 1
    visit.page.get_by_text(say("ui.cap_users", "zh"), exact=True).wait_for()
    visit.page.get_by_text(say("ui.cap_curve", "zh"), exact=True).wait_for()
    assert visit.outside == []
    visit.close()
