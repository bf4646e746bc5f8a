"""What later phases leave, told by a study of today, is what a study of that phase finds."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from kit.shipped import default_result, shipped, tables

from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.doors.telling.explain import explanation_document, explanation_lines
from xingu_geo.doors.telling.names import element_name
from xingu_geo.ground.base.figures import Figure
from xingu_geo.ground.base.say import LANGS, say
from xingu_geo.places.place.place import Place
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import run


@pytest.fixture(scope="module")
def result() -> Result:
    """The default study on the shipped place."""
    return default_result()


@pytest.mark.parametrize("phase", ["promised", "2027", "2030"])
def test_the_outlook_is_what_a_study_of_the_phase_finds(result: Result, phase: str) -> None:
    outlook, later = result.measured.outlook, run(Place(shipped(), tables()), Study(phase=phase)).measured.site_headroom
    assert outlook is not None
    assert later is not None
    pd.testing.assert_series_equal(outlook.headroom_m3_d[phase], later.table["headroom_m3_d"], check_names=False)
    same = dict(zip((one.id for one in outlook.phases), outlook.later, strict=True))[phase]
    pd.testing.assert_frame_equal(same.table, later.table)


def test_a_site_that_fits_today_but_not_later_is_flagged_and_stays_in(result: Result) -> None:
    outlook, discharge = result.measured.outlook, result.brief.need("wastewater_m3_d")
    assert outlook is not None
    ranked = result.ranking.table.index
    flagged = result.eligibility.verdict.loc[ranked, "headroom_to_come"] == Verdict.FLAG
    assert (flagged == (outlook.headroom_m3_d.loc[ranked] < discharge).any(axis="columns")).all()
    assert flagged.any()
    assert not flagged.all()


def test_the_same_figures_stand_in_the_words_and_in_the_export(result: Result) -> None:
    outlook, site = result.measured.outlook, str(result.ranking.table.index[-1])
    assert outlook is not None
    table = result_table(result)
    assert table.loc[site, "headroom_to_come_m3_d"] == outlook.least_m3_d[site]
    assert table.loc[site, "headroom_to_come_phase"] == outlook.tightest[site]
    told = explanation_document(result, site)["sewer"]["to_come"]  # type: ignore[index]
    assert [row["phase"] for row in told] == ["promised", "2027", "2030"]
    assert [row["headroom_m3_d"] for row in told] == outlook.headroom_m3_d.loc[site].tolist()
    for lang in LANGS:
        lines = "\n".join(explanation_lines(result, site, lang))
        assert all(say("explain.room", lang, room=Figure(row["headroom_m3_d"], "m3_d")) in lines for row in told)


def test_without_a_known_discharge_no_phase_is_said_to_fit(result: Result) -> None:
    changed = {name: figure for name, figure in result.brief.demand.items() if name != "wastewater_m3_d"}
    question = replace(result.measured.question, brief=replace(result.brief, demand=changed))
    measured = replace(result.measured, question=question)
    for lang, fits in (("zh", "接得住"), ("en", "fits")):
        line = explanation_lines(replace(result, measured=measured), str(result.ranking.table.index[0]), lang)[-1]
        assert fits not in line
        assert "m³/d" in line


def test_where_an_element_on_the_way_is_unknown_no_project_is_said_to_be_short(result: Result) -> None:
    site, sewered = str(result.ranking.table.index[0]), result.measured.site_headroom
    assert sewered is not None
    assert result.measured.network is not None
    blind = replace(sewered, table=sewered.table.assign(headroom_m3_d=math.nan))
    unknown = replace(result, measured=replace(result.measured, site_headroom=blind))
    document = explanation_document(unknown, site)["sewer"]
    assert document is not None
    assert document["fit"] == "unknown"
    assert math.isnan(document["missing_m3_d"])
    name = element_name(result.measured.network, document["binding"], "en")
    assert say("explain.sewer_unknown", "en", binding=name) in explanation_lines(unknown, site, "en")


def test_the_last_phase_has_nothing_to_come() -> None:
    last = run(Place(shipped(), tables()), Study(phase="2030"))
    assert last.measured.outlook is None
    assert set(last.eligibility.verdict["headroom_to_come"]) == {Verdict.NOT_ASSESSED}
    assert result_table(last)["headroom_to_come_m3_d"].isna().all()
