"""The page that defends the ranking, without a browser: each way to weights, each method, the test of first place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from kit.shipped import default_result, shipped, tables
from kit.six_fields import write_six_fields
from streamlit.testing.v1 import AppTest

from xingu_geo.doors.ui.defence.judgements import nearest_judgement
from xingu_geo.ground.base.say import LANGS, say, texts
from xingu_geo.places.place.place import Place
from xingu_geo.siting.ranking.methods import METHODS
from xingu_geo.study.run.defending import outdone
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import run

ROOT = Path(__file__).parents[3]
PATIENCE_S = 180
DOORS = (
    "from xingu_geo.doors.ui.kit.frame import open_door\n"
    "open_door({'ranking': 'defence.defence_page', 'siting': 'siting.siting_page'})\n"
)
SECTIONS = ("robust", "weights", "method", "compare")


@pytest.fixture
def six_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny second place served as the app's home."""
    write_six_fields(tmp_path / "layers")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("XINGU_GEO_HOME", str(tmp_path))
    return tmp_path


def _app(section: str = "robust", lang: str = "zh", **notes: object) -> AppTest:
    app = AppTest.from_string(DOORS, default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    for name, value in {"section": section, **notes}.items():
        app.session_state[f"_note.{name}"] = value
    app.run()
    assert not app.exception
    return app


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    app.run()
    assert not app.exception
    return app


def test_the_test_of_first_place_gives_a_grade_and_chances_that_add_up(six_fields: Path) -> None:
    app = _app()
    table = app.dataframe[0].value
    # Somebody is first in every draw; without joint firsts the chances of the three sites sum to 100 %.
    assert set(table.index) <= {"A", "B", "C"}
    assert table["p_first"].sum() == pytest.approx(100.0, abs=1e-9)
    assert (table["p_top"] == 100.0).all()
    assert "1,000 次抽样中" in _html(app)
    assert "抽样标准误最大" in _html(app)
    assert len(app.get("vega_lite_chart")) >= 2


def test_how_many_are_outdone_is_a_number() -> None:
    said = re.search(r"some other parcel: (\d+) of the first (\d+)", _html(_app(lang="en")))
    beaten = outdone(default_result())
    assert said is not None
    assert (int(said[1]), int(said[2])) == (int((beaten > 0).sum()), len(beaten))


def test_the_chances_stand_in_the_siting_table_once_they_are_known(six_fields: Path) -> None:
    tested = _app().dataframe[0].value
    siting = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    assert not siting.exception
    shown = siting.dataframe[0].value["first"]
    assert (100 * shown[tested.index]).tolist() == tested["p_first"].tolist()


def test_another_setting_is_another_test(six_fields: Path) -> None:
    app = _app()
    app.selectbox(key="note.draws").set_value(200)
    app.run()
    assert "200 次抽样中" in _html(app)


def test_a_place_of_many_sites_is_tested_when_asked(six_fields: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xingu_geo.doors.ui.kit.doubt_shelf.QUICK_SITES", 5)
    app = _app()
    assert say("ui.defence.idle", "zh") in _html(app)
    app = _click(app, "note.run_test")
    assert "1,000 次抽样中" in _html(app)
    app.selectbox(key="note.draws").set_value(200)
    app.run()
    assert say("ui.defence.stale", "zh") in _html(app)
    assert "200 次抽样中" in _html(_click(app, "note.run_test"))


def test_weights_by_order_follow_the_centroid_and_are_put_to_use(six_fields: Path) -> None:
    app = _app("weights", way="order")
    places = [box for box in app.number_input if str(box.key).startswith("note.place.")]
    for at, box in enumerate(places):
        box.set_value(at + 1)
    app.run()
    table = app.dataframe[0].value
    shares = table.groupby("group", sort=False)["after"].sum()
    count = len(places)
    # Rank order centroid: the k-th of n groups weighs (1/k + … + 1/n) / n.
    expected = [100 * sum(1 / i for i in range(k, count + 1)) / count for k in range(1, count + 1)]
    assert shares.tolist() == pytest.approx(expected, abs=0.3)
    adopted = _click(app, "note.adopt")
    assert adopted.button(key="note.adopt").disabled
    assert adopted.dataframe[0].value["before"].tolist() == pytest.approx(table["after"].tolist(), abs=1e-9)
    assert not _click(adopted, "undo").button(key="note.adopt").disabled


def test_judgements_that_contradict_each_other_name_the_one_to_revisit_and_its_change_helps() -> None:
    form = (
        "from xingu_geo.doors.ui.defence.judgements import pairs_form\n"
        "titles = {'land': '用地', 'plan': '规划', 'access': '交通'}\n"
        "pairs_form(list(titles), titles, dict.fromkeys(titles, 1.0), 'zh')\n"
    )
    app = AppTest.from_string(form, default_timeout=PATIENCE_S).run()
    assert "一致性比率为 0.000" in _html(app)
    # Land over plan 9, plan over access 9, but access over land 9: round in a circle.
    app.select_slider(key="note.pair.land.plan").set_value(9.0)
    app.select_slider(key="note.pair.plan.access").set_value(9.0)
    app.select_slider(key="note.pair.land.access").set_value(1 / 9)
    app.run()
    promised = re.findall(r"重新考虑.*比率可?降至 ([0-9.]+)。", _html(app))[0]
    assert f"<b>{promised}</b>" not in _html(app)
    assert f"<b>{promised}</b>" in _html(_click(app, "note.pairs_apply"))


def test_judgements_filled_in_from_the_weights_are_nearly_the_weights(six_fields: Path) -> None:
    app = _click(_app("weights", way="pairs"), "note.pairs_start")
    table = app.dataframe[0].value.groupby("group")[["before", "after"]].sum()
    assert app.get("html")
    assert (table["before"] - table["after"]).abs().max() < 8
    assert "小于 0.1" in _html(app)


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_weights_from_the_data_say_what_they_assume(six_fields: Path, method: str) -> None:
    app = _app("weights", way="data", data=method)
    assert say(f"ui.defence.data.{method}_about", "zh") in _html(app)
    assert app.dataframe[0].value["after"].sum() == pytest.approx(100, abs=1e-6)


def test_a_method_that_cannot_fill_gaps_takes_the_policy_back_and_undo_restores_both(six_fields: Path) -> None:
    app = _app("method")
    app.radio(key="note.missing").set_value("worst")
    app.run()
    app.selectbox(key="note.method").set_value("topsis_relative")
    app.run()
    assert not app.exception
    chosen = app.session_state["_choices"]
    assert (chosen.method, chosen.missing) == ("topsis_relative", "exclude")
    assert say("ui.defence.method_can", "zh") in _html(app)
    assert app.radio(key="note.missing").disabled
    restored = _click(app, "undo").session_state["_choices"]
    assert (restored.method, restored.missing) == ("weighted_sum", "worst")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_says_what_it_assumes_and_what_it_moves(six_fields: Path, method: str) -> None:
    app = _app("method")
    # Weights in which A and B are far apart, so that methods have something to disagree about.
    for slider in app.slider:
        slider.set_value(20.0 if slider.key in ("weight.plot_ratio", "weight.compactness") else 1.0)
    app.selectbox(key="note.method").set_value(method)
    app.run()
    assert not app.exception
    html = _html(app)
    assert METHODS[method].about.to("zh") in html
    assert (say("ui.defence.method_can", "zh") in html) == METHODS[method].compares
    assert (method == "weighted_sum") == (say("ui.defence.effect_same", "zh") in html)
    assert (method != "weighted_sum") == (say("ui.defence.method_note", "zh", method="").split("：")[0] in html)


def test_owa_in_the_middle_is_the_weighted_sum(six_fields: Path) -> None:
    app = _app("method")
    app.selectbox(key="note.method").set_value("owa")
    app.run()
    assert app.slider(key="note.risk").value == 0.5
    assert say("ui.defence.same_order", "zh") in _html(app)


def test_the_comparison_counts_places_gained(six_fields: Path) -> None:
    app = _app("compare", compare_with="weights.usual")
    # With the plot ratio alone in the scale, B (2.5) is no worse than A (2.0) and C (1.5) is last or level.
    for slider in app.slider:
        slider.set_value(10.0 if slider.key == "weight.plot_ratio" else 0.0)
    app.run()
    table = app.dataframe[0].value
    assert (table["moved"] == table["rank_before"] - table["rank_after"]).all()
    assert (table["moved"] != 0).any()
    assert "Kendall" in _html(app)


def test_another_phase_is_compared_where_the_place_has_sewers() -> None:
    # The shipped place: whoever does not fit the pipes and loads of 2030 leaves the ranking, and is counted.
    now, then = default_result(), run(Place(shipped(), tables()), Study(phase="2030"))
    left = now.ranking.table.index.difference(then.ranking.table.index)
    assert len(left)
    assert f"{len(left)} 块出局" in _html(_app("compare", compare_with="phase.2030"))


@pytest.mark.parametrize("section", SECTIONS)
def test_english_has_no_chinese_left(six_fields: Path, section: str) -> None:
    app = _app(section, "en", way="pairs")
    visible = re.sub(r"<style.*?</style>", "", _html(app), flags=re.S)
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r'title="[^"]*"', "", visible))
    labels = [str(widget.label) for kind in ("selectbox", "radio", "slider", "button") for widget in app.get(kind)]
    assert labels
    assert not [label for label in labels if re.search(r"[\u4e00-\u9fff]", label)]


def test_nothing_ranked_says_what_to_change(six_fields: Path) -> None:
    app = _app()
    app.number_input(key="figure.land_m2").set_value(5000.0)
    app.run()
    assert not app.exception
    assert "没有地块满足全部硬约束" in _html(app)


@pytest.mark.parametrize(("ratio", "step"), [(2.9, 3.0), (100.0, 9.0), (0.34, 1 / 3), (1.0, 1.0)])
def test_a_ratio_finds_the_nearest_step_of_the_scale(ratio: float, step: float) -> None:
    assert nearest_judgement(ratio) == step


def test_the_pages_are_written_in_both_languages() -> None:
    keys = {
        lang: {key for key in texts(lang) if key.startswith(("ui.defence.", "ui.join.", "ui.group."))} for lang in LANGS
    }
    assert len(keys["zh"]) > 150
    assert keys["zh"] == keys["en"]
