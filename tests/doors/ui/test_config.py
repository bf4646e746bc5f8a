"""The app's settings: nothing leaves the machine, nothing of Streamlit's own workshop shows."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_settings_keep_the_app_at_home() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["browser"]["serverAddress"]  # else the server asks an outside host for its own address
    assert settings["client"]["showErrorLinks"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["toolbarMode"] == "viewer"
    assert settings["server"]["fileWatcherType"] == "none"
    assert settings["runner"]["magicEnabled"] is False


def test_no_file_of_the_map_names_an_outside_address() -> None:
    files = sorted((ROOT / "xingu_geo" / "doors" / "ui" / "kit" / "web").iterdir())
    assert len(files) >= 8
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text
        assert "innerHTML" not in text, f"{file.name}: text is set as textContent"
