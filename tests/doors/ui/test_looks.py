"""Colours say what they mean: the ramp by score, two kinds of no, the unknown."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from xingu_geo.doors.ui.kit import looks

SCORES = st.lists(st.floats(0, 100), min_size=1, max_size=60)


@given(SCORES)
@settings(deadline=None)
def test_a_higher_score_never_has_a_paler_colour(scores: list[float]) -> None:
    series = pd.Series(scores, index=[str(n) for n in range(len(scores))])
    codes = looks.site_classes(series, series.index, {}).codes
    ordered = codes[series.sort_values(kind="stable").index]
    assert ordered.is_monotonic_increasing
    assert codes.between(0, looks.HARD - 1).all()


@given(SCORES)
@settings(deadline=None)
def test_the_legend_has_one_colour_for_each_step_between_its_breaks(scores: list[float]) -> None:
    series = pd.Series(scores, index=[str(n) for n in range(len(scores))])
    classes = looks.site_classes(series, series.index, {})
    colours = looks.ramp_colours(classes.breaks)
    assert len(colours) == len(classes.breaks) + 1
    assert {looks.RAMP[code] for code in classes.codes} <= set(colours)


def test_a_site_that_is_out_wears_its_kind_of_no_whatever_its_score() -> None:
    scores = pd.Series({"a": 90.0, "b": 95.0, "c": 10.0, "d": math.nan})
    classes = looks.site_classes(scores, pd.Index(["a"]), {"b": looks.HARD, "c": looks.FULL, "d": looks.UNKNOWN})
    assert classes.codes.to_dict() == {"a": 5, "b": looks.HARD, "c": looks.FULL, "d": looks.UNKNOWN}
    assert classes.breaks == ()


def test_only_the_full_trunk_is_hatched_and_every_look_differs() -> None:
    all_looks = looks.site_looks({"hard": "h", "full": "f", "unknown": "u"})
    assert [bool(look["style"]["hatch"]) for look in all_looks] == [
        code == looks.FULL for code in range(len(all_looks))
    ]
    fills = [(look["style"]["fillColor"], look["style"]["hatch"]) for look in all_looks]
    assert len(set(fills)) == len(fills)


def test_an_overloaded_pipe_is_dashed_and_an_unheard_of_state_is_unknown() -> None:
    codes = looks.pipe_codes(pd.Series(["ample", "over", "of another age"]))
    assert codes.tolist() == [0, 3, 4]
    shown = looks.pipe_looks(list(looks.PIPE_STATES))
    assert shown[0]["dash"] == ""
    assert shown[3]["dash"] != ""
