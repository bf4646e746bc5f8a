"""Before a file is dropped the import page says how it goes and which layers can be replaced, in words."""

from __future__ import annotations

import re

import pytest
from kit import tables as planner
from kit.opening import open_catalogue

from xingu_geo.doors.ui.importing.guide import guide, title
from xingu_geo.ground.base.say import LANGS, Lang, say
from xingu_geo.ground.base.settings import data_dir, layers_dir
from xingu_geo.study.run.stages import open_tables


@pytest.mark.parametrize("lang", LANGS)
def test_every_role_is_named_with_what_is_used_now_and_nothing_is_a_key(lang: Lang) -> None:
    page = guide(open_catalogue(layers_dir()), open_tables(data_dir()), lang)
    for role, about in planner.fields().roles.items():
        assert (f"<b>{about.title.to(lang)}</b>".casefold() in page.casefold()) == (role != "extra")
    assert say("confidence.illustrative", lang) in page
    assert not re.findall(r">[^<]*\b[a-z]+_[a-z_]+\b[^<]*<", page)  # no raw column or role


def test_the_layers_that_decide_most_come_first() -> None:
    page = guide(open_catalogue(layers_dir()), open_tables(data_dir()), "zh")
    roles = planner.fields().roles
    assert page.index(f"<b>{roles['parcels'].title.zh}</b>") < page.index(f"<b>{roles['metro'].title.zh}</b>")
    assert page.index(f"<b>{roles['metro'].title.zh}</b>") < page.index(f"<b>{roles['dikes'].title.zh}</b>")


def test_in_english_no_chinese_is_left() -> None:
    place = open_catalogue(layers_dir())
    page = title(place, "en") + guide(place, open_tables(data_dir()), "en")
    assert not re.findall(r"[\u4e00-\u9fff]+", page)
