"""A result that may take a while, with its stages told on the page.

Comes in: a study. Goes out: its result. Must not know: any one page.
"""

from __future__ import annotations

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.frame import progress
from xingu_geo.doors.ui.kit.map_view import is_drawn, prepare
from xingu_geo.ground.base.say import Lang
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study


def result_of(study: Study, lang: Lang, *, with_map: bool = False) -> Result:
    """The study's result, with its stages told while it and the map's files are worked out for the first time."""
    is_ready = cache.is_measured(study) and (not with_map or is_drawn(cache.place(), lang))
    with progress(lang, needed=not is_ready) as tell:
        measured = cache.measured(study, progress=tell)
        if with_map and not is_ready:
            tell("ui.stage_map")
            prepare(measured.place, measured.network, lang)
        return cache.result(study)
