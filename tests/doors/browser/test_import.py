"""A planner's file in the browser: in use under five clicks from the siting page, the ranking changes, undo returns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.browser import Visit, browsing, served
from kit.official import parcels_zip
from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def address(workspace: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XINGU_GEO_WORKSPACE", str(workspace))
        with served() as where:
            yield where


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file: Path = tmp_path_factory.mktemp("official") / "钱塘区工业地块.zip"
    file.write_bytes(parcels_zip(count=50))
    return file


class Hand:
    """A planner's hand: every click is counted."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1
        self.visit.settle()

    def choose(self, target: Locator, file: Path) -> None:
        """One click opens the system's file window; the file is chosen there."""
        with self.visit.page.expect_file_chooser() as window:
            target.click()
        self.clicks += 1
        window.value.set_files(file)


def _sites(visit: Visit, *, own: bool) -> list[str]:
    """The sites on the map, once it shows (or no longer shows) the planner's own."""
    visit.page.wait_for_function(
        """own => window.xinguMap && window.xinguMap.ready
        && window.xinguMap.siteIds.some(site => site.startsWith('QT-2026-')) === own""",
        arg=own,
    )
    return [str(site) for site in visit.ask("window.xinguMap.siteIds")]


def _page_link(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_test_id("stTopNavLink").filter(has_text=name)


def _upload_button(visit: Visit) -> Locator:
    return visit.page.get_by_test_id("stFileUploaderDropzone").locator("button")


def test_an_official_file_replaces_the_shipped_parcels_in_under_five_clicks_and_undo_returns(
    browser: Browser, address: str, official: Path
) -> None:
    visit = Visit(browser, address)
    visit.open()
    before = _sites(visit, own=False)
    ranked_before = visit.page.locator(".xg-figures").inner_text()
    hand = Hand(visit)
    hand.click(_page_link(visit, "数据导入"))
    hand.choose(_upload_button(visit), official)
    hand.click(visit.page.get_by_role("button", name="用它替换现用的"))
    visit.page.get_by_text("已采用 钱塘区工业地块.zip").wait_for()
    hand.click(visit.page.get_by_role("link", name="到选址页看新的排名"))
    visit.page.wait_for_selector(".xg-figures")
    assert hand.clicks < 5
    assert "自有图层：地块" in visit.page.locator(".xg-top").inner_text()
    after = _sites(visit, own=True)
    new = [site for site in after if site.startswith("QT-2026-")]
    assert len(new) == 50
    # The carriers are another role: they stay, and no shipped parcel does.
    assert set(after) - set(new) < set(before)
    # The line above the map names the first: it is one of the new parcels now.
    ranked = visit.page.locator(".xg-figures").inner_text()
    assert "QT-2026-" in ranked
    assert "QT-2026-" not in ranked_before
    # A reload finds the layers again.
    visit.page.reload()
    visit.settle()
    assert _sites(visit, own=True) == after
    visit.page.get_by_role("link", name="数据导入").first.click()
    visit.page.get_by_role("button", name="撤销上一步").click()
    visit.page.get_by_text("还没有自己的图层").wait_for()
    visit.settle()
    _page_link(visit, "选址").click()
    visit.page.wait_for_selector(".xg-figures")
    visit.settle()
    assert _sites(visit, own=False) == before
    assert visit.page.locator(".xg-figures").inner_text() == ranked_before
    assert visit.outside == []
    assert visit.errors == []
    visit.close()


def test_nobody_else_sees_the_layer(browser: Browser, address: str, official: Path) -> None:
    mine, other = Visit(browser, address), Visit(browser, address)
    mine.open("/import", map_expected=False)
    Hand(mine).choose(_upload_button(mine), official)
    mine.page.get_by_role("button", name="用它替换现用的").click()
    mine.page.get_by_text("已采用 钱塘区工业地块.zip").wait_for()
    other.open()
    assert _sites(other, own=False)
    other.open("/import", map_expected=False)
    other.page.get_by_text("还没有自己的图层").wait_for()
    mine.close()
    other.close()


def test_a_hostile_file_is_refused_in_one_sentence_and_nothing_changes(
    browser: Browser, address: str, workspace: Path, tmp_path: Path
) -> None:
    hostile = tmp_path / "地块.geojson"
    hostile.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>",
        encoding="utf-8",
    )
    held = sorted(file.relative_to(workspace) for file in workspace.rglob("*"))
    visit = Visit(browser, address)
    visit.open("/import", map_expected=False)
    Hand(visit).choose(_upload_button(visit), hostile)
    warning = visit.page.locator(".xg-warn")
    warning.wait_for()
    visit.settle()
    assert warning.count() == 1
    assert "虚拟格式" in warning.inner_text()
    assert warning.inner_text().count("。") == 1
    assert visit.page.get_by_role("button", name="用它替换").count() == 0
    assert "root:" not in visit.page.content()
    assert sorted(file.relative_to(workspace) for file in workspace.rglob("*")) == held
    assert visit.outside == []
    visit.close()
