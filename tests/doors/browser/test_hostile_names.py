"""Names that try to run are shown as they are written, in every corner of the app, and nothing runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from kit.browser import ROOT, Visit, browsing, served
from kit.places import write_layer
from kit.six_fields import CRS, ORIGIN
from playwright.sync_api import Browser
from shapely.geometry import LineString, box

pytestmark = pytest.mark.browser

# Each sets a mark on the window if it is taken for markup or script, or shows 1337 if it is taken for a template.
HOSTILE = (
    "<img src=x onerror=\"window.ran='img'\">",
    "{{ 7 * 191 }}{% nonsense %}",
    "${window.ran='dollar'}`${window.ran='tick'}`",
    "'\"><script>window.ran='script'</script>",
    "[link](https://example.org/x) ![pic](https://example.org/y.png) **bold** :material/home:",
    "\\u003cimg src=x onerror=window.ran=1\\u003e </style><svg onload=window.ran='svg'>",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("hostile")
    layers = folder / "layers"
    layers.mkdir()
    shutil.copytree(ROOT / "data", folder / "data")
    x, y = ORIGIN
    fields = [box(x + 400 * n, y, x + 400 * n + 400, y + 300) for n in range(len(HOSTILE))]
    parcels = gpd.GeoDataFrame(
        {
            "id": [f"P{n}" for n in range(len(HOSTILE))],
            "name_zh": HOSTILE,
            "name_en": HOSTILE,
            "land_use_code": "100102",
            "status": "vacant",
            "plot_ratio_max": 2.0,
            "height_max_m": 60.0,
            "owner": HOSTILE,
        },
        geometry=fields,
        crs=CRS,
    )
    write_layer(layers, "parcels", parcels, title=HOSTILE[0])
    core = gpd.GeoDataFrame(
        {"id": ["core"], "name_zh": [HOSTILE[0]], "name_en": [HOSTILE[0]]},
        geometry=[box(*parcels.total_bounds)],
        crs=CRS,
    )
    write_layer(layers, "core", core, title=HOSTILE[1])
    road = gpd.GeoDataFrame(
        {"id": ["r"], "name_zh": [HOSTILE[2]], "name_en": [HOSTILE[2]], "class": [HOSTILE[3]]},
        geometry=[LineString([(x, y), (x + 3000, y)])],
        crs=CRS,
    )
    write_layer(layers, "roads", road, geometry="line", title=HOSTILE[4])
    write_layer(layers, "mystery", road.rename(columns={"class": "kind"}), geometry="line", title=HOSTILE[5])
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


def _harmless(visit: Visit) -> None:
    assert visit.ask("window.ran") is None
    assert visit.outside == []
    assert visit.errors == []
    assert "1337" not in visit.page.content()


def test_hostile_names_are_shown_literally_and_run_nothing(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    visit.open()
    assert HOSTILE[0] in visit.page.locator(".xg-title").inner_text()
    assert visit.page.locator(".xg-label-core").first.text_content() == HOSTILE[0]
    for site, name in enumerate(HOSTILE):
        visit.ask(f"void window.xinguMap.map.setView(window.xinguMap.at[{site}], 15, {{animate: false}})")
        x, y = visit.pixel_of(f"P{site}")
        visit.page.mouse.move(x - 40, y - 30)
        visit.page.mouse.move(x - 42, y - 30)
        visit.page.wait_for_function(
            "name => [...document.querySelectorAll('.xg-tip-name')].some(line => line.textContent === name)", arg=name
        )
        visit.page.mouse.click(x - 42, y - 30)
        visit.page.wait_for_function(
            "name => document.querySelector('.xg-card-name')?.textContent === name",
            arg=name,
        )
        visit.settle()
        visit.page.get_by_role("button", name="加入比选").click()
        visit.settle()
    _harmless(visit)
    visit.close()


def test_hostile_titles_are_shown_literally_on_the_sources_page(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    visit.open("/sources", map_expected=False)
    # The table is painted on a canvas; what a screen reader is given stands beside it, out of sight.
    cells = visit.page.get_by_role("gridcell", include_hidden=True)
    for title in (HOSTILE[0], HOSTILE[1], HOSTILE[4], HOSTILE[5]):
        cells.get_by_text(title, exact=True).or_(cells.filter(has_text=title)).first.wait_for(state="attached")
    _harmless(visit)
    visit.close()
