"""What a person reads of a verdict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from kit.ground import brief, context, lay, parcels, sewered
from shapely.geometry import box

from xingu_geo.doors.telling.rule_words import rule_sentence
from xingu_geo.ground.planning.rules import read_rules
from xingu_geo.siting.judging.screen import screen
from xingu_geo.siting.measuring.registry import VERBS

RULES = {rule.id: rule for rule in read_rules(Path(__file__).parents[3] / "data" / "rules.toml", VERBS)}


def said(folder: Path, name: str, lang: str = "en", **changes: float) -> str:
    headroom = sewered({"A": 2500.0, "B": np.nan})
    eligibility = screen([RULES[name]], context(folder, brief(changes), headroom))
    return rule_sentence(RULES[name], eligibility, "A", lang)  # type: ignore[arg-type]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    parcels(tmp_path, {"A": box(0, 0, 100, 100), "B": box(0, 200, 100, 300)}, status="occupied")
    lay(tmp_path, "protected", {"P": box(96.6, 0, 200, 100)}, kind="water")
    return tmp_path


def test_a_failure_says_what_was_observed_and_what_was_asked(place: Path) -> None:
    assert said(place, "area", "zh", land_m2=52_300) == "用地面积：不通过（现状 10,000 m²，要求不小于 52,300 m²）"
    assert said(place, "area", land_m2=52_300) == "Land area: failed (observed 10,000 m², asked at least 52,300 m²)"


def test_words_are_spoken_not_coded(place: Path) -> None:
    assert said(place, "status", "zh") == "土地可供状态：不通过（现状 已占用，要求为闲置或低效）"
    expected = "Availability of the land: failed (observed occupied, asked vacant or low-efficiency)"
    assert said(place, "status") == expected


def test_a_share_is_said_in_percent(place: Path) -> None:
    assert said(place, "protected_water") == "Share of water: passed (observed 3.4 %, asked at most 5.0 %)"


def test_a_pass_on_illustrative_ground_does_not_say_passed(place: Path) -> None:
    sentence = said(place, "headroom", "zh", wastewater_m3_d=2000)
    assert sentence == "污水余量：仅供示意（现状 2,500 m³/d，要求不小于 2,000 m³/d）"


def test_what_could_not_be_assessed_says_why(place: Path) -> None:
    assert said(place, "air_screening") == (
        "Air screening (500 m): not applicable (it does not concern this kind of project)"
    )
    assert said(place, "vibration_rail") == "Vibration from the metro: not assessed (the place has no layer metro)"
    assert said(place, "homes_setback", "zh").startswith("与居住区间距：未评估（项目未给出")
    assert said(place, "carrier_status") == "Availability of the carrier: not applicable"
