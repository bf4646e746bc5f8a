"""People are told names, not ids: of the project, the site, the element, in the ticket, the report and the works."""

from __future__ import annotations

import re

import pytest
from kit.shipped import place, tables

from xingu_geo.doors.paper.conflict_sheet import conflict_report
from xingu_geo.doors.telling.names import element_name, placed_name
from xingu_geo.doors.telling.ticket_words import ticket_lines, verdict_line
from xingu_geo.doors.telling.works_words import upgrade_lines
from xingu_geo.ground.base.say import LANGS, Lang
from xingu_geo.ground.planning.projects import brief_of
from xingu_geo.sewers.network.headroom import Effluent
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.discharge import Discharge
from xingu_geo.sewers.relief.upgrades import cheapest_upgrades
from xingu_geo.study.run.checking import Checked, Placement, check

SITE = "BY-0177"


@pytest.fixture(scope="module")
def network() -> Network:
    return place().network("present")


@pytest.fixture(scope="module")
def checked() -> Checked:
    """A fab with ten times the wastewater the trunk has left, so that there is a conflict to tell."""
    brief = brief_of(tables().types, "fab12", changes={"wastewater_m3_d": 80_000})
    return check(place(), [Placement(brief, SITE)], phase="present")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "12英寸晶圆制造 → 白杨0177号地块（BY-0177）"),
        ("en", "12-inch wafer fab → Baiyang parcel 0177 (BY-0177)"),
    ],
)
def test_a_placement_is_said_by_its_names(checked: Checked, lang: Lang, said: str) -> None:
    (discharge,) = checked.ticket.discharges
    assert placed_name(discharge, lang) == said
    assert verdict_line(checked.ticket, lang).startswith(said)


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_of_the_ticket_the_report_or_the_works_shows_the_id_of_a_load_that_was_placed(
    checked: Checked, network: Network, lang: Lang
) -> None:
    plan = cheapest_upgrades(network, checked.ticket.discharges, tables().costs)
    assert checked.ticket.conflicts
    assert checked.remedies
    assert plan.upgrades
    text = "\n".join(
        [*ticket_lines(checked, lang), *upgrade_lines(network, plan, lang), conflict_report(checked, lang)]
    )
    assert "fab12" not in text
    # An element is said with its name, its id in brackets behind it: never an id on its own.
    opening = "（" if lang == "zh" else r"\("
    for element in {conflict.element for conflict in checked.ticket.conflicts}:
        assert len(re.findall(f"{opening}{element}", text)) == len(re.findall(rf"\b{element}\b", text))


def test_without_names_the_id_is_said(network: Network) -> None:
    nameless = Discharge("fab12", "P1", "a", 1.0, Effluent(0.0, 1.0))
    assert [placed_name(nameless, lang) for lang in LANGS] == ["fab12@P1", "fab12@P1"]
    assert element_name(network, "nowhere", "zh") == "nowhere"


@pytest.mark.parametrize(("lang", "said"), [("zh", "白杨泵站（PS-BY）"), ("en", "Baiyang station (PS-BY)")])
def test_an_element_is_said_without_the_mark_of_illustrative_data(network: Network, lang: Lang, said: str) -> None:
    assert element_name(network, "PS-BY", lang) == said


def test_the_report_says_its_phase_as_people_do(checked: Checked) -> None:
    assert "情景：现状。" in conflict_report(checked, "zh", phase="现状")
    assert "情景：present。" in conflict_report(checked, "zh")
