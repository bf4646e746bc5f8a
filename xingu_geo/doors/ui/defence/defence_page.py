"""排名论证: is first place luck, where weights may come from, how criteria are combined, what another view would move.

Comes in: the session's study, the same as on the siting page. Goes out: the page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.doors.ui.column.study_side import study_rest, study_top
from xingu_geo.doors.ui.defence.defence_line import defence_line, section_choice
from xingu_geo.doors.ui.defence.method_view import method_section
from xingu_geo.doors.ui.defence.moves_view import compare_section
from xingu_geo.doors.ui.defence.robust_view import robust_section
from xingu_geo.doors.ui.defence.weights_view import weights_section
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.waiting import result_of
from xingu_geo.doors.ui.siting import parts
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Lang
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study


def page() -> None:
    """Left the study as on the siting page; above who is first and how firmly; below one of the sections."""
    lang, base = session.language(), cache.base_study()
    chosen = session.choices(base)
    study_top(chosen, lang)
    try:
        result = result_of(chosen.study(base), lang)
    except XinguError:
        study_rest(None, chosen, base, lang, has_map=False)
        raise
    line = st.empty()
    section = section_choice(lang)
    _show(section, result, base, lang)
    line.html(defence_line(result, lang))
    study_rest(result, chosen, base, lang, has_map=False)


def _show(section: str, result: Result, base: Study, lang: Lang) -> None:
    if not len(result.ranking.table):
        st.html(parts.nothing_left(result, lang))
    elif section == "robust":
        robust_section(result, lang)
    elif section == "weights":
        weights_section(result, base, lang)
    elif section == "method":
        method_section(result, session.current(), lang)
    elif section == "compare":
        compare_section(result, base, lang)
