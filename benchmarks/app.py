"""How the siting page feels in a browser: medians, and their ratio to the least a Streamlit page can do here.

    python -m benchmarks.app [--home DIR] [--times 5]

Needs Chromium on PATH and Playwright. ``--home`` is a folder with ``layers/`` and ``data/`` (default: the shipped
place). Every time is taken in the page itself: from the key or the mouse button to the second animation frame after the
map has its new colours, or to the animation frame in which the card shows the parcel. The yardstick is a page of one
slider and one line of text, from the key to the frame that shows the new text. Quote the ratios: they travel.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).parents[1]
TRIVIAL = """import streamlit as st
st.html(f"<div id='out'>{st.slider('x', 0, 30, 5)}</div>")
"""
SLIDER = "[data-testid=stSlider] input, [data-testid=stSlider] [role=slider]"
PATIENCE_S = 120
QUIET_S = 15
# Watches for keys and clicks, and for repaints of the map: `taken.drawn` is the second frame after one.
WATCH = """() => {
  window.taken = {};
  for (const kind of ['keydown', 'mousedown'])
    window.addEventListener(kind, () => { window.taken.start = performance.now(); }, true);
  const map = window.xinguMap;
  if (!map) return;
  let repaints = map.repaints;
  Object.defineProperty(map, 'repaints', { get: () => repaints, set: (next) => {
    repaints = next;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.taken.drawn = performance.now(); }));
  } });
}"""
# Waits, frame by frame, until the first element that fits the selector shows something else (or a given text).
SHOWN = """([selector, wanted]) => {
  const text = () => (document.querySelector(selector) || {}).innerText || '';
  const before = text();
  const look = () => {
    if (wanted ? text().includes(wanted) : text() !== before) window.taken.shown = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
SPREAD = """([part, parts]) => {
  const map = window.xinguMap, box = map.map.getContainer().getBoundingClientRect();
  const inside = map.at.map((at, index) => [map.map.latLngToContainerPoint(at), index])
    .filter(([p]) => p.x > 80 && p.y > 80 && p.x < box.width - 80 && p.y < box.height - 80);
  return inside[Math.floor(inside.length * part / parts)][1];
}"""
PLACE = """(index) => {
  const map = window.xinguMap, point = map.map.latLngToContainerPoint(map.at[index]);
  const box = map.map.getContainer().getBoundingClientRect();
  return [point.x + box.x, point.y + box.y];
}"""


@contextmanager
def served(script: Path, home: Path | None) -> Iterator[str]:
    """The address of ``script`` while Streamlit serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
    environment = {**os.environ, **({"XINGU_GEO_HOME": str(home)} if home else {})}
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
        try:
            _wait_for(f"http://localhost:{port}/_stcore/health")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


def settle(page: Page) -> None:
    """Wait until the script has ended and the page has been quiet for a while."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(700)


def median_of(page: Page, times: int, act: Callable[[int], None], end: str) -> float:
    """The median time [ms] from what ``act`` does to ``taken[end]``."""
    found = []
    for number in range(times):
        settle(page)
        page.evaluate("void (window.taken = {})")
        act(number)
        try:
            page.wait_for_function("end => window.taken[end]", arg=end, timeout=QUIET_S * 1000)
        except PlaywrightTimeout:
            continue  # the same map as before is not painted again, such as two projects that no site is good for
        found.append(float(page.evaluate("end => window.taken[end] - window.taken.start", end)))
    return statistics.median(found) if found else math.nan


def trivial(browser: Browser, times: int) -> float:
    """A slider that changes one line of text [ms]."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "trivial.py"
        script.write_text(TRIVIAL, encoding="utf-8")
        with served(script, None) as address:
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector("#out")
            page.evaluate(WATCH)

            def slide(_number: int) -> None:
                page.locator(SLIDER).first.focus()
                page.evaluate(SHOWN, ["#out", ""])
                page.keyboard.press("ArrowRight")

            taken = median_of(page, times, slide, "shown")
            page.close()
            return taken


def siting(browser: Browser, home: Path | None, times: int) -> dict[str, float]:
    """First map, slider, click and change of project on the siting page [ms]."""
    found = {}
    with served(ROOT / "app.py", home) as address:
        for name in ("first page of a fresh server", "first page, server warm"):
            page = browser.new_page(viewport={"width": 1600, "height": 1000})
            page.set_default_timeout(PATIENCE_S * 1000)
            begin = time.perf_counter()
            page.goto(address)
            page.wait_for_function("window.xinguMap && window.xinguMap.ready")
            found[name] = (time.perf_counter() - begin) * 1000
            settle(page)
        page.evaluate(WATCH)

        def slide(_number: int) -> None:
            page.locator(f"[data-testid=stSidebar] :is({SLIDER})").first.focus()
            page.keyboard.press("ArrowRight")

        found["slider to recoloured map"] = median_of(page, times, slide, "drawn")
        found["click to card"] = median_of(page, times, lambda number: _click(page, number, times), "shown")
        found["other project to recoloured map"] = median_of(page, min(times, 5), lambda _: _project(page), "drawn")
    return found


def _click(page: Page, number: int, times: int) -> None:
    index = page.evaluate(SPREAD, [number + 1, times + 2])
    page.evaluate("index => void xinguMap.map.setView(xinguMap.at[index], 16, {animate: false})", index)
    x, y = page.evaluate(PLACE, index)
    page.mouse.move(x - 2, y - 2)
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    page.evaluate(SHOWN, [".xg-card-facts", page.evaluate("index => xinguMap.siteIds[index]", index)])
    page.mouse.click(x, y)


def _project(page: Page) -> None:
    page.locator("[data-testid=stSidebar] [data-testid=stSelectbox] input").first.click()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((there for name in names if (there := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
        )
        least = trivial(browser, chosen.times)
        found = siting(browser, chosen.home, chosen.times)
        browser.close()
    sys.stdout.write(f"{'':<34}{'ms':>8}{'ratio':>8}\n{'trivial page, slider to text':<34}{least:>8.0f}{1:>8.1f}\n")
    for name, taken in found.items():
        sys.stdout.write(f"{name:<34}{taken:>8.0f}{taken / least:>8.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
