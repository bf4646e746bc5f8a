"""The conflict report is one complete page, says what the ticket says, and runs nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit.shipped import place, tables

from xingu_geo.doors.paper.conflict_sheet import conflict_report
from xingu_geo.doors.telling.ticket_words import ticket_document, ticket_lines
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.settings import layers_dir
from xingu_geo.ground.planning.projects import brief_of
from xingu_geo.places.place.place import place_of_network
from xingu_geo.sewers.network.network import rebuilt
from xingu_geo.study.run.checking import Checked, Placement, check

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}${1}`"


@pytest.fixture(scope="module")
def checked() -> Checked:
    """A fab twice as thirsty as the plant's room, on a network where one source has a hostile name."""
    network = place().drawn
    loads = network.loads.copy()
    loads[["source_zh", "source_en"]] = HOSTILE
    brief = brief_of(tables().types, "fab12", changes={"wastewater_m3_d": 60_000})
    renamed = place_of_network(rebuilt(network, loads=loads), tables(), layers_dir())
    return check(renamed, [Placement(brief, "HZJ-N01")], phase="present")


def test_both_languages_carry_the_same_numbers(checked: Checked) -> None:
    def figures(lang: Lang) -> list[str]:
        return re.findall(r'<td class="n">([^<]*)</td>|class="note">(\d+%)<', conflict_report(checked, lang))

    assert len(figures("zh")) > 10
    assert figures("zh") == figures("en")


def test_every_conflict_is_named_with_what_is_missing(checked: Checked) -> None:
    page = conflict_report(checked, "en")
    assert checked.ticket.conflicts
    for conflict in checked.ticket.conflicts:
        assert conflict.element in page
        assert f"{conflict.missing_m3_d:,.0f}" in page
    assert "illustrative" in page


def test_a_hostile_source_is_shown_and_runs_nothing(checked: Checked) -> None:
    page = conflict_report(checked, "zh")
    assert "&lt;img" in page
    assert "<img" not in page
    assert "{{" not in page.split("</style>")[1]


def test_nothing_is_fetched_from_outside(checked: Checked) -> None:
    page = conflict_report(checked, "zh")
    assert not re.findall(r"https?://|src=|@import|<script", page.replace("&lt;img src", ""))
    assert page.startswith("<!doctype html>")
    assert str(Path(layers_dir())) not in page


def test_the_phases_to_come_are_told_in_ticket_report_and_document() -> None:
    sewers = place_of_network(place().drawn, tables(), layers_dir())
    placements = [Placement(brief_of(tables().types, "fab12"), "HZJ-N01")]
    checked = check(sewers, placements, phase="present")
    assert [phase.id for phase, _ in checked.later] == ["promised", "2027", "2030"]
    for (phase, ticket), told in zip(checked.later, ticket_document(checked)["later"], strict=True):
        alone = check(sewers, placements, phase=phase.id).ticket
        assert ticket.digest == alone.digest
        assert told["outcome"] == alone.outcome.value
        for conflict in alone.conflicts[:1]:
            for said in ("\n".join(ticket_lines(checked, "zh")), conflict_report(checked, "zh")):
                assert f"{phase.title.zh}：{len(alone.conflicts)} 处超限，" in said
                assert f"差得最多，缺 {conflict.missing_m3_d:,.0f} m³/d" in said
