"""The sources page says in words what each layer is, decides and rests on; nothing in it is a key or a raw unit."""

from __future__ import annotations

import re

import pytest
from kit.opening import open_catalogue
from streamlit.testing.v1 import AppTest

from xingu_geo.doors.ui.kit.markup import link
from xingu_geo.doors.ui.sources.passport_card import passport_card, sources_list
from xingu_geo.doors.ui.sources.passports import fields_table, passports_file, passports_table, uses_of
from xingu_geo.ground.base.say import LANGS, Lang, say
from xingu_geo.ground.base.settings import data_dir, layers_dir
from xingu_geo.ground.catalogue.sources import read_sources
from xingu_geo.study.run.defending import layers_behind
from xingu_geo.study.run.stages import open_tables

PATIENCE_S = 120
# Open the page as the app does: its link to the import page needs the page list.
DOORS = (
    "from xingu_geo.doors.ui.kit.frame import open_door\n"
    "open_door({'sources': 'sources.sources_page', 'import': 'importing.importing_page'})\n"
)


def _open(lang: Lang, layer: str = "") -> AppTest:
    app = AppTest.from_string(DOORS, default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    if layer:
        app.session_state["_note.layer"] = layer
    app.run()
    assert not app.exception
    return app


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_has_a_title_and_names_its_sources_by_title(lang: Lang) -> None:
    html = _html(_open(lang))
    place = {"zh": "钱塘芯谷核心区", "en": "Qiantang Xingu core"}[lang]
    assert say("sources.title", lang, place=place) in html
    assert read_sources([data_dir()])["plant_qige"].title.to(lang) in html
    for key in filter(lambda key: "_" in key, read_sources([data_dir()])):
        assert not re.search(rf"[>、; ]{key}[<、; ]", html)
    assert "layers/draw" not in html


def test_in_english_no_chinese_is_left() -> None:
    visible = re.sub(r"<style.*?</style>", "", _html(_open("en", "sewer_links")), flags=re.S)
    assert not re.findall(r"[\u4e00-\u9fff]+", visible)


def test_the_tables_of_the_shipped_place_hold_no_key_and_no_raw_unit() -> None:
    place, tables, sources = open_catalogue(layers_dir()), open_tables(data_dir()), read_sources([data_dir()])
    file = passports_file(place, tables, sources, "zh")
    assert not file["sources"].str.contains("_").any()
    for role in place:
        fields = fields_table(place.passport(role), "zh")
        assert not set(fields["unit"]) & {"text", "bool", "ratio", "share", "year"}


def test_the_engine_says_which_layers_a_rule_looks_at() -> None:
    tables = open_tables(data_dir())
    rules = {rule.id: layers_behind((rule,)) for rule in tables.rules}
    criteria = {one.id: layers_behind((one,)) for one in tables.criteria}
    assert rules["area"] == {"parcels"}  # a figure of the parcel itself
    assert rules["homes_setback"] == {"residential"}
    assert "sewer_links" in rules["headroom"]
    assert criteria["metro_way"] == {"roads", "metro"}  # by road, to a station
    assert {"core", "core_parts", "wings"} <= criteria["zone"]
    assert uses_of("dikes", tables, "zh").count == 0


def test_what_decides_most_comes_first_and_the_background_last() -> None:
    place, tables = open_catalogue(layers_dir()), open_tables(data_dir())
    table = passports_table(place, tables, "zh")
    assert table.index[0] == "parcels"
    assert (table["rules"] + table["criteria"]).is_monotonic_decreasing


def test_hostile_text_stays_text_and_only_web_addresses_become_links() -> None:
    assert link("<b>", "javascript:alert(1)") == "&lt;b&gt;"
    assert link("a", 'https://x.cn/"onclick="x').count('"') == 6  # href, target, rel: no quote of the address's own
    place, tables, sources = open_catalogue(layers_dir()), open_tables(data_dir()), read_sources([data_dir()])
    hostile = place.passport("parcels").model_copy(update={"sources": ("<script>alert(1)</script>",)})
    card = passport_card(hostile, uses_of("parcels", tables, "zh"), sources, "zh", can_replace=True)
    assert "<script" not in card
    assert 'href="https://xswater.com' in sources_list(sources, place, tables, "zh")
