"""What if: a change on a copy shows before and after, and can be taken back."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from xingu_geo.ground.base.say import LANGS, Lang, say

PATIENCE_S = 120


def _page() -> None:
    from xingu_geo.doors.ui.sewer import whatif_page  # noqa: PLC0415 - AppTest runs this function alone

    whatif_page.page()


def _open(lang: Lang = "zh") -> AppTest:
    app = AppTest.from_function(_page, default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    return app.run()


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _press(app: AppTest, key: str, lang: Lang = "zh") -> AppTest:
    (button,) = (one for one in app.button if one.label == say(key, lang))
    return button.click().run()


def _enlarge(app: AppTest, lang: Lang = "zh") -> AppTest:
    """The fullest element of the shipped network, doubled."""
    (value,) = (box for box in app.number_input if str(box.key).startswith("v."))
    assert value.value is not None
    value.set_value(value.value * 2).run()
    return _press(app, "whatif.take", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_it_opens_with_nothing_changed(lang: Lang) -> None:
    app = _open(lang)
    assert not app.exception
    assert say("whatif.none", lang) in _html(app)
    assert say("whatif.start_here", lang) in _html(app)
    (table,) = app.dataframe
    assert table.value.iloc[0, 2] == max(table.value.iloc[:, 2])  # the tightest first


def test_a_larger_pipe_lowers_its_load_and_can_be_taken_back() -> None:
    app = _enlarge(_open())
    assert not app.exception
    (table,) = app.dataframe
    rows: pd.DataFrame = table.value
    assert len(rows) == 1
    before, after = rows[say("whatif.used_before", "zh")].iloc[0], rows[say("whatif.used_after", "zh")].iloc[0]
    # Manning: at the same fullness and slope the flow goes with D^(8/3), so twice the diameter carries 6.35 times.
    assert before > 100
    assert after < before / 5
    app = _press(app, "whatif.undo")
    assert not app.exception
    assert say("whatif.none", "zh") in _html(app)


def _lay(app: AppTest, start: str, end: str) -> AppTest:
    for key, node in (("whatif.start", start), ("whatif.end", end)):
        (box,) = (one for one in app.selectbox if one.label == say(key, "zh"))
        app = box.set_value(node).run()
    return _press(app, "whatif.lay")


def test_a_link_between_stations_moves_half_the_water_and_loses_none() -> None:
    app = _lay(_open(), "PS-HZ", "PS-QJ")
    assert not app.exception
    (table,) = app.dataframe
    rows: pd.DataFrame = table.value
    assert "NEW-1" in rows.index
    # What leaves the old main arrives by the new one: the station at its end is fuller, the old main emptier.
    used = rows[[say("whatif.used_before", "zh"), say("whatif.used_after", "zh")]]
    assert used.loc["FM-HZ"].iloc[1] < used.loc["FM-HZ"].iloc[0]
    assert used.loc["PS-QJ"].iloc[1] > used.loc["PS-QJ"].iloc[0]
    assert "WWTP-LJ" not in rows.index


def test_a_link_that_would_run_in_circles_is_one_sentence_and_not_taken() -> None:
    app = _lay(_open(), "PS-QJ", "PS-HZ")
    app = _lay(app, "PS-HZ", "PS-QJ")
    assert not app.exception
    assert "xg-warn" in _html(app)
    assert say("whatif.steps", "zh", count=1) in _html(app)
