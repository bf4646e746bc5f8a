"""Later phases beside today's headroom, on the shipped place."""

from __future__ import annotations

import pytest
from kit.shipped import default_result, shipped, tables

from xingu_geo.doors.ui.kit.outlook_view import outlook_table, short_later
from xingu_geo.doors.ui.siting.ranking_table import rows_of
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.inert import safe_text
from xingu_geo.ground.base.say import LANGS, say
from xingu_geo.places.place.place import Place
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import run


@pytest.fixture(scope="module")
def result() -> Result:
    """The default study on the shipped place."""
    return default_result()


def test_every_phase_has_its_row_with_its_own_verdict(result: Result) -> None:
    outlook, need = result.measured.outlook, result.brief.need("wastewater_m3_d")
    assert outlook is not None
    for site in (result.ranking.table.index[0], result.ranking.table.index[-1]):
        rooms = outlook.headroom_m3_d.loc[site]
        for lang in LANGS:
            markup = outlook_table(result, str(site), lang)
            assert markup.count("<tr>") == 2 + len(rooms)  # the heading and today
            assert markup.count(say("ui.outlook.short", lang)) == int((rooms < need).sum())
            for phase in tables().phases.after(tables().phases.named("present")):
                assert safe_text(phase.title.to(lang)) in markup
                assert number(float(rooms[phase.id]), "m3_d") in markup


def test_the_table_marks_those_that_will_not_fit(result: Result) -> None:
    later = short_later(result)
    assert later is not None
    rows = rows_of(result, result.ranking.table.index, "ranked", "zh")
    assert (rows["later"] == "接不住").tolist() == later.tolist()
    assert later.any()
    assert not later.all()


def test_where_nothing_is_to_come_nothing_is_said() -> None:
    last = run(Place(shipped(), tables()), Study(phase="2030"))
    assert outlook_table(last, str(last.ranking.table.index[0]), "zh") == ""
    assert short_later(last) is None
    assert "gap" in rows_of(last, last.ranking.table.index, "ranked", "zh")
