"""The app without a browser: pages run, figures and weights change the result, bad values are one sentence."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kit.six_fields import write_six_fields
from streamlit.testing.v1 import AppTest

from xingu_geo.ground.base.say import LANGS, say, texts

ROOT = Path(__file__).parents[3]
PATIENCE_S = 120


@pytest.fixture
def six_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny second place served as the app's home."""
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    return tmp_path


def _app(lang: str = "zh") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    return app.run()


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _map_data(app: AppTest) -> dict[str, Any]:
    (element,) = app.get("bidi_component")
    content: dict[str, Any] = json.loads(element.proto.json)
    return content


def _set(app: AppTest, key: str, value: float) -> AppTest:
    app.number_input(key=key).set_value(value)
    return app.run()


def test_a_second_place_runs_through_the_same_pages(six_fields: Path) -> None:
    app = _app()
    assert not app.exception
    assert "六田" in _html(app)
    assert "钱塘" not in _html(app)
    assert say("ui.no_sewers", "zh") in _html(app)


def test_both_languages_draw_and_english_has_no_chinese_left(six_fields: Path) -> None:
    app = _app("en")
    assert not app.exception
    visible = re.sub(r"<style.*?</style>", "", _html(app), flags=re.S)
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r'title="[^"]*"', "", visible))


def test_the_map_is_sent_no_outside_address_and_one_byte_for_each_site(six_fields: Path) -> None:
    data = _map_data(_app())
    assert not re.search(r"https?://", json.dumps(data))
    # Six sites are six bytes: eight signs of base64.
    assert len(data["run"]["codes"]) == 8


def test_a_weight_changes_the_scores_and_undo_brings_them_back(six_fields: Path) -> None:
    app = _app()
    before = _map_data(app)["run"]
    app.slider(key="weight.compactness").set_value(30.0)
    app.run()
    assert _map_data(app)["run"]["scores"] != before["scores"]
    app.button(key="undo").click()
    app.run()
    assert _map_data(app)["run"]["scores"] == before["scores"]
    assert app.button(key="undo").disabled


def test_a_larger_need_leaves_fewer_sites_and_says_what_excludes_most(six_fields: Path) -> None:
    app = _app()
    ranked = len(app.dataframe[0].value)
    assert ranked > 0
    app = _set(app, "figure.land_m2", 5000.0)
    assert len(app.dataframe[0].value) == 0
    assert not app.exception
    assert "没有地块满足全部硬约束" in _html(app)
    assert "用地面积" in _html(app)


def test_weights_that_are_all_zero_are_one_sentence(six_fields: Path) -> None:
    app = _app()
    for slider in app.slider:
        slider.set_value(0.0)
    app.run()
    assert not app.exception
    assert "xg-warn" in _html(app)


def test_a_rule_left_out_puts_nobody_out(six_fields: Path) -> None:
    app = _app()
    # Of Six Fields, D is occupied, E is for homes and F is industry of a kind a fab may not use.
    assert set(app.dataframe[0].value.index) == {"A", "B", "C"}
    app.session_state["_choices"] = replace(app.session_state["_choices"], skip_rules=("land_use", "status"))
    app.run()
    assert not app.exception
    assert set(app.dataframe[0].value.index) == {"A", "B", "C", "D", "E", "F"}


def test_a_long_list_is_shown_in_parts_and_the_part_with_the_selected_site_first(
    six_fields: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(_app().dataframe[0].value.index)
    monkeypatch.setattr("xingu_geo.doors.ui.siting.ranking_table.ROWS_MAX", 2)
    app = _app()
    assert list(app.dataframe[0].value.index) == whole[:2]
    app.selectbox(key="leaf").set_value(2)
    app.run()
    assert list(app.dataframe[0].value.index) == whole[2:]
    for site, part in ((whole[2], whole[2:]), (whole[0], whole[:2])):
        app.session_state["_selected"] = site
        app.run()
        assert list(app.dataframe[0].value.index) == part
    assert not app.exception


def test_every_sentence_of_the_app_is_written_in_both_languages() -> None:
    keys = {lang: {key for key in texts(lang) if key.startswith("ui.")} for lang in LANGS}
    assert len(keys["zh"]) > 100
    assert keys["zh"] == keys["en"]


def test_every_key_the_app_says_exists() -> None:
    said = set()
    for file in (ROOT / "xingu_geo" / "doors" / "ui").rglob("*.py"):
        said |= set(re.findall(r'"(ui\.[a-z_.]+)"', file.read_text(encoding="utf-8")))
    assert len(said) > 60
    assert said <= set(texts("zh"))
