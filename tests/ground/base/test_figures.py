"""A figure is rounded and spoken in one place, the same on every door."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingu_geo import doors
from xingu_geo.ground.base.figures import ROUNDING, Figure, beside_limit, column_form, number, per_cent
from xingu_geo.ground.base.say import LANGS, say

DOORS = Path(doors.__file__).parent
UNITS = sorted(ROUNDING)

# Where a number may still be written by hand, and why; everything else a door shows is a Figure.
ALLOWED = {
    "exchange/dxf.py": "coordinates and code points of the format",
    "exchange/kml.py": "coordinates of the format",
    "exchange/qgis_style.py": "classes of points",
    "paper/conflict_sheet.py": "widths in CSS",
    "paper/picture.py": "places in SVG",
    "paper/site_sheet.py": "widths in CSS",
    "telling/criteria_table.py": "anchors and weights as the manual's table has them from the file",
    "telling/doubt_words.py": "ranks",
    "telling/judgement_words.py": "judgements and their consistency, which have no unit",
    "telling/rules_table.py": "limits as the manual's table has them from the file",
    "telling/why.py": "points, small ones to two digits",
    "ui/column/weights_form.py": "widths in CSS",
    "ui/defence/judgements.py": "the consistency of judgements, which has no unit",
    "ui/sewer/element_story.py": "widths in CSS",
    "ui/siting/profile.py": "places in SVG",
    "ui/siting/sewer_check.py": "widths in CSS",
    "ui/siting/site_card.py": "widths in CSS",
}


def _by_hand() -> Iterator[str]:
    """Every module of the doors that formats a number itself."""
    for path in sorted(DOORS.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        specs = [ast.unparse(n.format_spec) for n in nodes if isinstance(n, ast.FormattedValue) and n.format_spec]
        if any(re.search(r"[fgeE%]['\"]$|,", spec) for spec in specs):
            yield path.relative_to(DOORS).as_posix()


def test_no_door_writes_a_figure_by_hand() -> None:
    assert sorted(_by_hand()) == sorted(ALLOWED)


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_of_a_door_rounds(lang: str) -> None:
    files = sorted(DOORS.rglob(f"text/{lang}.toml"))
    assert len(files) > 10
    assert not [(path, gap) for path in files for gap in re.findall(r"\{\w+:[^}]*\}", path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (5829.6, "m3_d", "5,830 m³/d"),
        (45.67, "m3_d", "45.7 m³/d"),  # under a hundred three digits that count
        (50.0, "m3_d", "50 m³/d"),
        (2060.04, "l_s", "2,060.0 L/s"),
        (0.9412, "share", "94.1 %"),
        (6.87, "m", "6.9 m"),
        (12.4, "m", "12 m"),
        (52_300.4, "m2", "52,300 m²"),
        (708.2, "10k_cny", "708 × 10,000 CNY"),
        (0.796, "ratio", "0.80"),
        (math.nan, "m", "unknown"),
        (math.inf, "m3_d", "∞ m³/d"),
    ],
)
def test_each_unit_has_its_digits(value: float, unit: str, said: str) -> None:
    assert Figure(value, unit).spoken("en") == said


def test_a_sentence_takes_a_figure_as_it_takes_a_label() -> None:
    assert say("explain.room", "zh", room=Figure(3970.2, "m3_d")) == "余量 3,970 m³/d"
    assert say("remedy.cost", "zh", cost=Figure(95.4, "10k_cny")) == "工程费约 95 万元（按假定单价）。"


def test_a_table_has_a_dash_where_nothing_is_known() -> None:
    assert (number(math.nan, "m3_d"), per_cent(math.nan), number(1370)) == ("—", "—", "1,370")


def test_what_stands_beside_a_limit_can_be_told_from_it() -> None:
    assert beside_limit(0.04, "m").spoken("en") == "0.04 m"
    assert beside_limit(0.05, "share").spoken("en") == "5.0 %"


def test_what_was_typed_is_said_as_it_was_typed() -> None:
    assert number(0.85, "given") == "0.85"
    assert number(1250.0, "given") == "1,250"


def test_a_difference_has_its_sign_and_a_column_the_same_digits() -> None:
    assert (Figure(3.27, "points").signed, Figure(-0.5, "points").signed) == ("+3.3", "-0.5")
    assert (column_form("points", "+") % 3.27, column_form("share") % 94.12) == ("+3.3", "94.1")


@given(st.floats(-1e9, 1e9), st.sampled_from(UNITS))
def test_a_column_and_a_sentence_carry_the_same_number(value: float, unit: str) -> None:
    figure = Figure(value, unit)
    assert float(figure.bare.replace(",", "")) == figure.rounded
    assert figure.bare in figure.spoken("zh")


@given(st.floats(0.01, 1e6), st.sampled_from(["whole", "tenths", "hundredths"]), st.sampled_from(["m3_d", "share"]))
def test_a_figure_kept_to_one_side_is_not_moved_by_being_said(value: float, rule: str, unit: str) -> None:
    figure = Figure(value, unit, rule=rule)
    low, high = figure.on_side(ROUND_FLOOR), figure.on_side(ROUND_CEILING)
    assert low.value <= value <= high.value
    scale = 100 if unit == "share" else 1
    assert low.rounded == pytest.approx(scale * low.value, rel=1e-12)
    assert high.rounded == pytest.approx(scale * high.value, rel=1e-12)
