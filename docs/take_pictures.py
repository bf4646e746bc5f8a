"""Take the pictures of README and docs again: ``python -m docs.take_pictures`` (needs Chromium).

Comes in: the app on the shipped layers. Goes out: ``docs/images/*.png``. Must not know: what a page computes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from kit.browser import Visit, browsing, served  # noqa: E402
from kit.official import parcels_zip  # noqa: E402

IMAGES: Final = ROOT / "docs" / "images"
WIDTH: Final = 1500


def siting(visit: Visit) -> None:
    """The front page with its best site open."""
    visit.open("/?lang=zh")


def capacity(visit: Visit) -> None:
    """The sewers, the tightest element's story beside them."""
    visit.open("/capacity?lang=zh")


def ranking(visit: Visit) -> None:
    """Whether first place is luck."""
    visit.open("/ranking?lang=zh", map_expected=False)
    visit.page.get_by_text("各权重可动的范围").wait_for()


def importing(lang: str) -> Callable[[Visit], None]:
    """An official file, looked at and not yet taken."""

    def look(visit: Visit) -> None:
        visit.open(f"/import?lang={lang}", map_expected=False)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "钱塘区工业地块.zip"
            file.write_bytes(parcels_zip(count=50))
            with visit.page.expect_file_chooser() as window:
                visit.page.get_by_test_id("stFileUploaderDropzone").locator("button").click()
            window.value.set_files(file)
            take = "用它替换现用的" if lang == "zh" else "Replace the present layer"
            visit.page.get_by_role("button", name=take).wait_for()
            visit.settle()

    return look


PICTURES: Final[dict[str, tuple[Callable[[Visit], None], int]]] = {
    "siting-zh": (siting, 1000),
    "ranking-zh": (ranking, 1000),
    "capacity-zh": (capacity, 1000),
    "import-zh": (importing("zh"), 900),
    "import-en": (importing("en"), 900),
}


def main() -> None:
    """Every picture, or those named on the command line."""
    wanted = sys.argv[1:] or list(PICTURES)
    with tempfile.TemporaryDirectory() as workspace:
        os.environ["XINGU_GEO_WORKSPACE"] = workspace
        with served() as address, browsing() as browser:
            for name in wanted:
                show, height = PICTURES[name]
                visit = Visit(browser, address, width=WIDTH, height=height)
                show(visit)
                visit.page.wait_for_timeout(1_500)  # fonts and the last animation
                visit.page.screenshot(path=IMAGES / f"{name}.png")
                visit.page.close()


if __name__ == "__main__":
    main()
