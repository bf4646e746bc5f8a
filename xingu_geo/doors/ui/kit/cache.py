"""All caching of the app: the place, the measuring of a study, its result, the drawn map.

Comes in: a study, a language. Goes out: carriers shared by all sessions, never changed by any. Must not know: widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Final, TypeVar

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.kit import import_session, view
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.ground.base.memory import Memory
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.settings import data_dir, layers_dir
from xingu_geo.ground.base.store import Store, cache_dir
from xingu_geo.ground.planning.presets import Preset
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.places.place.place import Place
from xingu_geo.places.place.tables import Tables
from xingu_geo.places.place.watch import Watch
from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.result import Measured, Result
from xingu_geo.study.run.spec import Study, question_of, read_study
from xingu_geo.study.run.stages import Progress, measure, open_place, weigh
from xingu_geo.study.workspace import own_layers

KEPT: Final = 200
KEPT_OF: Final = {"shipped": 4, "place": 16, "measured": 12, "result": 48}  # some megabytes each
# What a weighing may differ in from the measuring it rests on (``weigh``).
WEIGHING: Final = {
    name: Study.model_fields[name].get_default(call_default_factory=True)
    for name in ("weights", "method", "risk", "missing")
}
DEFAULT_STUDY: Final = "default.toml"

T = TypeVar("T")


@st.cache_resource(show_spinner=False)
def memory() -> Memory:
    """What this server keeps; unlike Streamlit's own caches it lets the maker report progress on the page."""
    return Memory(KEPT, KEPT_OF)


@st.cache_resource(show_spinner=False)
def _watch() -> Watch:
    return Watch()


def place_stamp() -> tuple[Hashable, tuple[tuple[str, str], ...]]:
    """Changes when a file of the layers or of the tables does, and with the session's own layers.

    Looked at once in a run of the script: everything on a page is of one state of the files.
    """
    token = import_session.token()
    seen: tuple[str, tuple[Hashable, tuple[tuple[str, str], ...]]] | None = st.session_state.get(Key.STAMP)
    if seen is None or seen[0] != token:
        seen = st.session_state[Key.STAMP] = (token, (shipped_stamp(), own_layers.stamp(token)))
    return seen[1]


def own_roles() -> tuple[str, ...]:
    """The roles that the session's own layers fill."""
    return tuple(role for role, _ in place_stamp()[1])


def look_again() -> None:
    """A new run of the script begins: the files may have changed."""
    st.session_state.pop(Key.STAMP, None)


def shipped_stamp() -> Hashable:
    """Changes when a file of the shipped layers or of the tables does."""
    return _watch().stamp(layers_dir(), data_dir())


def place() -> Place:
    """The place, opened again when a file changes; the session's own layers lie over it."""
    token, base = import_session.token(), shipped()
    return memory().once(("place", place_stamp()), lambda: _laid(base, token)) if token else base


def shipped() -> Place:
    """The place without anybody's own layers."""
    return memory().once(
        ("shipped", shipped_stamp()), lambda: open_place(layers_dir(), data_dir(), store=Store(cache_dir()))
    )


def _laid(base: Place, token: str) -> Place:
    own = own_layers.own_catalogue(token, crs=base.catalogue.crs)
    return base if own is None else base.overlaid(own)


def tables() -> Tables:
    """The planner's tables."""
    return shipped().tables


def presets() -> Mapping[str, Preset]:
    """The sets of weights to start from; none where the place's data folder gives none."""
    return tables().presets


def base_study() -> Study:
    """The study a session starts from: ``data/studies/default.toml`` where there is one."""
    file = Path(data_dir()) / "studies" / DEFAULT_STUDY
    return memory().once(("study", shipped_stamp()), lambda: read_study(file) if file.is_file() else Study())


def measured(study: Study, *, progress: Progress | None = None) -> Measured:
    """The study's measuring, which no weight changes; what rests on the ground alone stays with the place."""
    here = place()
    return memory().once(measured_key(study), lambda: measure(here, question_of(study, here.tables), progress=progress))


def is_measured(study: Study) -> bool:
    """Whether the study's measuring is at hand."""
    return memory().has(measured_key(study))


def measured_key(study: Study) -> Hashable:
    """What a measuring depends on."""
    return ("measured", place_stamp(), study.model_copy(update=WEIGHING).digest)


def result(study: Study) -> Result:
    """The study's result."""
    found = measured(study)
    return memory().once(("result", place_stamp(), study.digest), lambda: weigh(found, study))


def network(study: Study) -> Network:
    """The sewers as they stand in the study's phase."""
    return place().network(study.phase)


def sites() -> Sites:
    """The sites of the place."""
    return place().sites


def names(sites: Sites, lang: Lang) -> pd.Series[str]:
    """The name of each site."""
    return once(("names", sites.digest, lang), lambda: view.site_names(sites.table, lang))


def rule_counts(result: Result) -> pd.DataFrame:
    """What each excluding rule puts out (:func:`xingu_geo.doors.ui.kit.view.rule_counts`), which no weight changes."""
    return once(("rule_counts", measured_key(result.study)), lambda: view.rule_counts(result))


def is_made(key: Hashable) -> bool:
    """Whether :func:`once` has it at hand."""
    return memory().has((place_stamp(), key))


def once(key: Hashable, make: Callable[[], T]) -> T:
    """Anything else that hangs on the place alone: a drawn map, a file for the browser."""
    return memory().once((place_stamp(), key), make)
