"""The line above the defence (who is first, how far ahead, how firmly where tested) and the choice of its section.

Comes in: a result. Goes out: HTML, one widget. Must not know: what a section shows.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from xingu_geo.doors.ui.kit import cache, doubt_shelf, headline
from xingu_geo.doors.ui.kit.markup import Markup
from xingu_geo.doors.ui.kit.notepad import bound, taker
from xingu_geo.doors.ui.kit.view import is_illustrative, place_name
from xingu_geo.ground.base.figures import number, per_cent
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.study.run.result import Result

SECTIONS: Final = ("robust", "weights", "method", "compare")


def defence_line(result: Result, lang: Lang) -> Markup:
    """Title, chip, first place with its score, its lead, its grade."""
    figures: list[tuple[str, str, str]] = []
    ranked = result.ranking.table
    if len(ranked):
        name = str(cache.names(result.sites, lang)[ranked.index[0]])
        scores = ranked["score"].astype(float)
        points = say("ui.defence.points", lang, score=number(scores.iloc[0], "points"))
        figures.append((say("ui.defence.first", lang), name, points))
        if len(scores) > 1:
            lead = say("ui.defence.lead_points", lang, lead=number(scores.iloc[0] - scores.iloc[1], "hundredths"))
            figures.append((say("ui.defence.lead", lang), lead, ""))
        figures.append(_grade(result, lang))
    title = say("ui.defence.title", lang, place=place_name(cache.place().catalogue, lang))
    return headline.title_line(title, figures, is_example=is_illustrative(result.measured.confidence), lang=lang)


def section_choice(lang: Lang) -> str:
    """Which part of the defence is shown."""
    chosen = st.segmented_control(
        say("ui.defence.sections", lang),
        SECTIONS,
        format_func=lambda name: say(f"ui.defence.section.{name}", lang),
        key=bound("section", SECTIONS[0]),
        on_change=taker("section"),
        required=True,
        label_visibility="collapsed",
    )
    return str(chosen)


def _grade(result: Result, lang: Lang) -> tuple[str, str, str]:
    found = doubt_shelf.at_hand(result)
    if found is None:
        return say("ui.defence.grade", lang), "—", say("ui.defence.not_run", lang)
    word = say(f"ui.defence.grades.{found.grade}", lang)
    return say("ui.defence.grade", lang), word, per_cent(found.stability.p_first, "whole")
