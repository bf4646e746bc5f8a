"""More sites than are drawn as polygons: an image of site numbers, with the same colours, hover and click."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from kit.browser import ROOT, Visit, browsing, served
from kit.many_fields import write_many_fields

pytestmark = pytest.mark.browser

STUDY = """[project]
type = "fab12"
[project.set]
land_m2 = 9000
floor_area_m2 = 5000
"""
# The colour of the image at the middle of a site, as the map itself names colours.
PIXEL = """index => { const m = window.xinguMap, canvas = m.map.getPane('overlayPane').querySelector('canvas');
const at = m.map.latLngToLayerPoint(m.at[index]).subtract(L.DomUtil.getPosition(canvas)).floor();
const [r, g, b] = canvas.getContext('2d').getImageData(at.x, at.y, 1, 1).data;
return '#' + [r, g, b].map((part) => part.toString(16).padStart(2, '0')).join(''); }"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    home = tmp_path_factory.mktemp("many")
    write_many_fields(home / "layers")
    shutil.copytree(ROOT / "data", home / "data")
    (home / "data" / "studies" / "default.toml").write_text(STUDY, encoding="utf-8")
    with served(home) as address, browsing() as browser:
        there = Visit(browser, address)
        there.open()
        yield there
        there.close()


def _near(first: str, second: str) -> bool:
    """Equal but for the rounding of a colour that is not quite opaque."""
    parts = [[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in (first, second)]
    return all(abs(one - other) <= 1 for one, other in zip(*parts, strict=True))


def test_every_site_has_the_colour_of_its_class_in_the_image(visit: Visit) -> None:
    assert visit.ask("window.xinguMap.asImage")
    named = [str(visit.ask(f"window.xinguMap.colourOf({index})")) for index in range(12)]
    assert len(set(named)) >= 2
    assert all(_near(visit.page.evaluate(PIXEL, index), named[index]) for index in range(12))


def test_a_weight_repaints_the_image_and_undo_brings_it_back(visit: Visit) -> None:
    before = [visit.page.evaluate(PIXEL, index) for index in range(30)]
    slider = visit.page.locator("[data-testid=stSidebar] [data-testid=stSlider] input").last
    slider.focus()
    stamp = visit.ask("window.xinguMap.stamp")
    for _ in range(6):
        visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_function("before => window.xinguMap.stamp !== before", arg=stamp)
    visit.settle()
    colours = [visit.page.evaluate(PIXEL, index) for index in range(30)]
    assert all(_near(colours[index], visit.ask(f"window.xinguMap.colourOf({index})")) for index in range(30))
    assert colours != before
    for _ in range(6):
        if colours == before:
            break
        visit.after_repaint(lambda: visit.page.get_by_role("button", name="撤销").click())
        colours = [visit.page.evaluate(PIXEL, index) for index in range(30)]
    assert colours == before


def test_hover_names_the_site_and_a_click_opens_its_card(visit: Visit) -> None:
    site = str(visit.ask("window.xinguMap.siteIds[700]"))
    visit.ask("void window.xinguMap.map.setView(window.xinguMap.at[700], 15.5, {animate: false})")
    x, y = visit.pixel_of(site)
    visit.page.mouse.move(x - 3, y - 3)
    visit.page.mouse.move(x, y)
    assert site in visit.page.locator(".xg-tip").first.inner_text()
    visit.after_repaint(lambda: visit.page.mouse.click(x, y))
    visit.page.locator(".xg-card-facts").filter(has_text=site).wait_for()
    assert site in visit.page.locator(".xg-tip").first.inner_text()
    visit.page.mouse.move(5, 5)
    visit.page.wait_for_selector(".xg-tip", state="detached")
    assert visit.errors == []
    assert visit.outside == []


def test_sites_that_are_hidden_are_not_hit(visit: Visit) -> None:
    chosen = visit.page.locator(".xg-card-facts").inner_text()
    visit.after_repaint(
        lambda: visit.page.locator("[data-testid=stSidebar]").get_by_role("button", name="地块", exact=True).click()
    )
    x, y = visit.pixel_of(str(visit.ask("window.xinguMap.siteIds[702]")))
    visit.page.mouse.move(x - 3, y - 3)
    visit.page.mouse.move(x, y)
    visit.page.mouse.click(x, y)
    visit.page.wait_for_timeout(300)
    assert visit.page.locator(".xg-tip").count() == 0
    assert visit.page.locator(".xg-card-facts").inner_text() == chosen
