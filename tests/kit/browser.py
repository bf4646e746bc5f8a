"""The app served on a free port, and Chromium with every way out cut.

Comes in: a folder of layers, or none for the shipped place. Goes out: an address, a page.
Must not know: what is tested.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
PATIENCE_MS = PATIENCE_S * 1000
REQUIRED = "XINGU_GEO_REQUIRE_BROWSER"
OWN_SCHEMES = ("data:", "blob:")


def chromium() -> str:
    """The system's Chromium; without one the test is skipped, or fails where the environment requires it."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but there is no Chromium on PATH")
        pytest.skip("no Chromium on PATH")
    return found


@contextmanager
def served(home: Path | None = None) -> Iterator[str]:
    """The app's address while it is served on a free port; ``home`` holds ``layers/`` and ``data/``."""
    environment = {**os.environ, **({"XINGU_GEO_HOME": str(home)} if home else {})}
    with _free_port() as port, tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        options = ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
        server = subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://localhost:{port}/_stcore/health", server)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def _free_port() -> Iterator[int]:
    """A port nobody else is given; under Linux it is also kept until the server has taken it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        if sys.platform == "linux":
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # lets the server listen beside a mere holder
        else:
            held.close()
        yield port


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium that can resolve no name but ``localhost``."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
        )
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One page, with everything it asked for and every error it met."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1600, height: int = 1000) -> None:
        self.address = address
        self.page: Page = browser.new_page(viewport={"width": width, "height": height})
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.set_default_timeout(PATIENCE_MS)

    @property
    def outside(self) -> list[str]:
        """Requests to anywhere but the server."""
        return [
            url
            for url in self.asked
            if not url.startswith((self.address, self.address.replace("http", "ws"), *OWN_SCHEMES))
        ]

    def open(self, path: str = "/", *, map_expected: bool = True) -> None:
        """Go there and wait until the script and the map are done."""
        self.page.goto(self.address + path)
        self.settle()
        if map_expected:
            self.page.wait_for_function("window.xinguMap && window.xinguMap.ready")
            # The map comes first; what is done before the rest has come would interrupt the first run of the script,
            # and Streamlit then builds the page anew.
            self.settle()

    def settle(self) -> None:
        """Wait until the script is not running."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")

    def ask(self, expression: str) -> Any:
        """What the page's JavaScript says."""
        return self.page.evaluate(expression)

    def after_repaint(self, act: Any) -> None:
        """Do something, then wait for the map to have repainted."""
        before = self.ask("window.xinguMap.repaints")
        act()
        self.page.wait_for_function("before => window.xinguMap.repaints > before", arg=before)
        self.settle()

    def pixel_of(self, site: str) -> tuple[float, float]:
        """Where ``site`` is on the page."""
        self.ask("window.xinguMap.map.getContainer().scrollIntoView({block: 'center', behavior: 'instant'})")
        x, y = self.ask(
            f"""(() => {{ const map = window.xinguMap.map;
            const at = window.xinguMap.at[window.xinguMap.siteIds.indexOf({site!r})];
            const point = map.latLngToContainerPoint(at), box = map.getContainer().getBoundingClientRect();
            return [point.x + box.x, point.y + box.y]; }})()"""
        )
        return float(x), float(y)

    def close(self) -> None:
        """Leave."""
        self.page.close()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"the server stopped with code {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server did not come up")
