"""The page that joins parcels, without a browser: what is found, where the building stands, what is drawn."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from kit.six_fields import write_six_fields
from streamlit.testing.v1 import AppTest

from xingu_geo.ground.base.say import say

ROOT = Path(__file__).parents[3]
PATIENCE_S = 180
DOORS = "from xingu_geo.doors.ui.kit.frame import open_door\nopen_door({'assembly': 'joining.joining_page'})\n"


@pytest.fixture
def six_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny second place served as the app's home; A and B are vacant industrial land of 10 ha each, side by side."""
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    return tmp_path


def _app(lang: str = "zh", **notes: object) -> AppTest:
    """A project that needs 18 ha: more than any field has, less than two."""
    app = AppTest.from_string(DOORS, default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    for name, value in notes.items():
        app.session_state[f"_note.{name}"] = value
    app.run()
    app.number_input(key="figure.land_m2").set_value(18.0)
    app.run()
    assert not app.exception
    return app


def _joined(app: AppTest) -> AppTest:
    """The search has run by itself: there is nothing to press."""
    assert not [button for button in app.button if button.key == "note.run_join"]
    return app


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _run(app: AppTest) -> dict[str, Any]:
    (element,) = app.get("bidi_component")
    content: dict[str, Any] = json.loads(element.proto.json)["run"]
    return content


def test_two_fields_make_the_land_that_neither_has(six_fields: Path) -> None:
    table = _joined(_app()).dataframe[0].value
    assert "A+B" in table.index
    assert table.loc["A+B", "area"] == pytest.approx(20.0, abs=0.02)
    # 800 m x 250 m: 4 pi x 200,000 / 2,100 squared = 0.570
    assert table.loc["A+B", "compactness"] == pytest.approx(0.57, abs=0.005)


# Behind a setback of 10 m, 780 m x 230 m are left of the 800 m x 250 m. A building of 790 m x 235 m is too large,
# but at 97 % (766 m x 228 m) it has a place; one of 900 m has none at all.
@pytest.mark.parametrize(
    ("width", "depth", "fit", "shapes"),
    [(760.0, 220.0, "fits", 2), (790.0, 235.0, "borderline", 2), (900.0, 230.0, "no", 1)],
)
def test_the_building_is_placed_or_said_to_be_borderline(
    six_fields: Path, width: float, depth: float, fit: str, shapes: int
) -> None:
    app = _joined(_app(width=width, depth=depth, setback=10.0, assembly="A+B"))
    assert app.dataframe[0].value.loc["A+B", "fit"] == say(f"ui.join.fit_short.{fit}", "zh")
    assert say(f"ui.join.fit.{fit}", "zh", less="3%") in _html(app)
    overlay = _run(app)["overlay"]
    assert len(overlay) == shapes
    assert [bool(shape["style"].get("dashArray")) for shape in overlay[1:]] == [fit == "borderline"] * (shapes - 1)


def test_without_a_building_only_the_outline_is_drawn(six_fields: Path) -> None:
    app = _joined(_app(with_building=False, assembly="A+B"))
    assert "fit" not in app.dataframe[0].value
    assert len(_run(app)["overlay"]) == 1


def test_a_weight_changes_the_scores_and_a_setting_searches_again(six_fields: Path) -> None:
    app = _joined(_app())
    before = app.dataframe[0].value["score"]
    app.slider(key="weight.compactness").set_value(30.0)
    app.run()
    assert app.dataframe[0].value["score"].tolist() != before.tolist()
    assert "A+B" in app.dataframe[0].value.index
    app.selectbox(key="note.owners").set_value(1)
    app.run()
    assert not app.exception
    assert not app.dataframe  # A and B have two owners
    assert 'class="xg-warn"' in _html(app)


def test_a_place_too_large_for_a_quick_search_is_searched_on_a_click(
    six_fields: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xingu_geo.doors.ui.joining.join_shelf.QUICK_SITES", 1)
    app = _app()
    assert say("ui.join.idle", "zh") in _html(app)
    assert not app.dataframe
    app.button(key="note.run_join").click()
    app.run()
    assert "A+B" in app.dataframe[0].value.index


def test_no_need_for_land_or_no_combination_is_one_sentence(six_fields: Path) -> None:
    app = _app()
    app.number_input(key="figure.land_m2").set_value(900.0)
    app.run()
    assert not app.exception
    assert 'class="xg-warn"' in _html(app)
    assert app.selectbox(key="note.members")  # the settings stay, so that they can be changed


def test_english_has_no_chinese_left(six_fields: Path) -> None:
    app = _joined(_app("en"))
    visible = re.sub(r"<style.*?</style>", "", _html(app), flags=re.S)
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r'title="[^"]*"', "", visible))
