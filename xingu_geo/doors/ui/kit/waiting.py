"""A result that may take a while, with its stages told on the page.

Comes in: a study. Goes out: its result. Must not know: any one page.
"""

from __future__ import annotations

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.frame import progress
from xingu_geo.doors.ui.kit.map_view import prepare
from xingu_geo.ground.base.say import Lang
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study


def result_of(study: Study, lang: Lang, *, with_map: bool = False) -> Result:
    """The study's result, with its stages told while it and the map's files are worked out for the first time."""
    is_measured = cache.is_measured(study)
    with progress(lang, needed=not is_measured) as tell:
        measured = cache.measured(study, progress=tell)
        if with_map and not is_measured:
            tell("ui.stage_map")
            prepare(measured.place, measured.network, lang)
        return cache.result(study)
