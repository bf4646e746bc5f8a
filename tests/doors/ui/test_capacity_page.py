"""The capacity page: elements by band, the story of the tightest before any choice, users summed by their source."""

from __future__ import annotations

import re

import pytest
from kit.shipped import place
from streamlit.testing.v1 import AppTest

from xingu_geo.doors.ui.sewer.capacity_parts import element_rows
from xingu_geo.doors.ui.sewer.element_story import users_by_source
from xingu_geo.ground.base.say import LANGS, Lang, say
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.utilisation import utilisation_of
from xingu_geo.sewers.relief.users import users_of

PATIENCE_S = 180


def _page() -> None:
    from xingu_geo.doors.ui.sewer import capacity_page  # noqa: PLC0415 - AppTest runs this function alone

    capacity_page.page()


def _open(lang: Lang = "zh", **notes: object) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    for name, value in notes.items():
        app.session_state[f"_note.{name}"] = value
    app.run()
    assert not app.exception
    return app


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("lang", LANGS)
def test_before_any_choice_the_tightest_element_tells_its_story(lang: Lang) -> None:
    app = _open(lang)
    html = _html(app)
    network = place().network("present")
    tightest = str(utilisation_of(assessed_of(network))["utilisation"].idxmax())
    assert tightest in html
    assert say("ui.cap_tightest", lang) in html
    assert say("ui.cap_users", lang) in html
    if lang == "en":
        assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<style.*?</style>", "", html, flags=re.S))


def test_a_band_leaves_only_its_own_elements_and_an_empty_one_is_not_kept() -> None:
    app = _open(cap_band="over")
    assert (app.dataframe[0].value["utilisation"] > 100).all()
    everything = _open(cap_band="unknown")  # the shipped network knows every capacity
    network = place().network("present")
    assert len(everything.dataframe[0].value) == len(utilisation_of(assessed_of(network)))


def test_the_fullest_element_stands_first() -> None:
    network = place().network("present")
    shown = element_rows(utilisation_of(assessed_of(network)), "zh")
    assert shown["utilisation"].is_monotonic_decreasing


@pytest.mark.parametrize("lang", LANGS)
def test_users_of_one_source_are_summed_and_nothing_is_lost(lang: Lang) -> None:
    network = place().network("present")
    users = users_of(assessed_of(network), "WWTP-QG")
    grouped = users_by_source(network, "WWTP-QG", lang)
    assert int(grouped["count"].sum()) == len(users)
    assert grouped["mean_m3_d"].sum() == pytest.approx(users["mean_m3_d"].sum())
    assert grouped["mean_m3_d"].is_monotonic_decreasing
    assert len(grouped) < len(users)
