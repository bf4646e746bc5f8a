"""All caching of the app: the place, the tables, the measuring of a brief, the drawn map.

Comes in: a study, a language. Goes out: carriers shared by all sessions, never changed by any. Must not know: widgets.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.kit import import_session, view
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.settings import data_dir, layers_dir
from xingu_geo.ground.catalogue.read import Catalogue, open_catalogue
from xingu_geo.ground.planning.presets import Preset, read_presets
from xingu_geo.ground.planning.sites import Sites, sites_of
from xingu_geo.sewers.network.network import Network, network_of
from xingu_geo.sewers.relief.costs import UpgradeCosts, read_upgrade_costs
from xingu_geo.study.run.checking import Later, later_networks, network_at
from xingu_geo.study.run.result import Measured, Result
from xingu_geo.study.run.spec import Study, Tables, read_study, read_tables
from xingu_geo.study.run.stages import Progress, measure, weigh
from xingu_geo.study.workspace import own_layers

KEPT: Final = 200
KEPT_OF: Final = {"measured": 12, "result": 48}  # some megabytes each
STAMP_SECONDS: Final = 3
# What a weighing may differ in from the measuring it rests on (study.run.weigh).
WEIGHING: Final = {
    name: Study.model_fields[name].get_default(call_default_factory=True)
    for name in ("weights", "method", "risk", "missing")
}
DEFAULT_STUDY: Final = "default.toml"

T = TypeVar("T")


class Shelf:
    """The last things made, by key. Unlike Streamlit's own caches it lets the maker report progress on the page."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._things: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._guard = Lock()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returned for ``key``; two sessions with the same question wait for one answer."""
        with self._guard:
            turn = self._making.setdefault(key, Lock())
        with turn:
            if key not in self._things:
                made = make()
                with self._guard:
                    self._things[key] = made
                    self._making.pop(key, None)
                    self._make_room(key)
            with self._guard:
                found: T = self._things[key]
                self._things.move_to_end(key)
            return found

    def _make_room(self, key: Hashable) -> None:
        """Let go of the oldest things, of the kind of ``key`` (its first part) beyond what that kind is allowed."""
        kind = key[0] if isinstance(key, tuple) else ""
        alike = [other for other in self._things if isinstance(other, tuple) and other[0] == kind]
        for other in alike[: -KEPT_OF.get(kind, self._kept)]:
            del self._things[other]
        while len(self._things) > self._kept:
            self._things.popitem(last=False)

    def latest(self, *start: Hashable) -> Any:
        """Of the things whose keys begin like this, the one used last; None where there is none."""
        with self._guard:
            found = (key for key in reversed(self._things) if isinstance(key, tuple) and key[: len(start)] == start)
            return self._things.get(next(found, None))

    def has(self, key: Hashable) -> bool:
        """Whether it need not be made."""
        return key in self._things


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The shelf of this server."""
    return Shelf(KEPT)


def place_stamp() -> Hashable:
    """Changes when a file of the layers or of the tables does, and with the session's own layers."""
    return shipped_stamp(), own_layers.stamp(import_session.token())


def shipped_stamp() -> Hashable:
    """Changes when a file of the shipped layers or of the tables does."""
    return _stamp(str(layers_dir()), str(data_dir()))


@st.cache_data(ttl=STAMP_SECONDS, show_spinner=False)
def _stamp(*folders: str) -> tuple[tuple[str, ...], int, int]:
    files = [file for folder in folders for file in Path(folder).rglob("*") if file.is_file()]
    return folders, max((file.stat().st_mtime_ns for file in files), default=0), len(files)


def place() -> Catalogue:
    """The catalogue of the place, read again when a file changes; the session's own layers lie over it."""
    token, base = import_session.token(), shipped()
    return shelf().once(("place", place_stamp(), token), lambda: _laid(base, token)) if token else base


def shipped() -> Catalogue:
    """The catalogue without anybody's own layers."""
    return shelf().once(("shipped", shipped_stamp()), lambda: open_catalogue(layers_dir()))


def _laid(base: Catalogue, token: str) -> Catalogue:
    own = own_layers.own_catalogue(token)
    return base if own is None else base.overlaid(own)


def tables() -> Tables:
    """The planner's tables."""
    return shelf().once(("tables", shipped_stamp()), lambda: read_tables(data_dir()))


def presets() -> Mapping[str, Preset]:
    """The sets of weights to start from; none where the place's data folder gives none."""
    file = data_dir() / "weights.toml"
    return shelf().once(("presets", shipped_stamp()), lambda: read_presets(file) if file.is_file() else {})


def base_study() -> Study:
    """The study a session starts from: ``data/studies/default.toml`` where there is one."""
    file = Path(data_dir()) / "studies" / DEFAULT_STUDY
    return shelf().once(("study", shipped_stamp()), lambda: read_study(file) if file.is_file() else Study())


def measured(study: Study, *, progress: Progress | None = None) -> Measured:
    """The study's measuring, which no weight changes; what rests on the ground alone is measured once for a place."""

    def make() -> Measured:
        near = shelf().latest("measured", place_stamp())
        return measure(study.model_copy(update=WEIGHING), place(), tables(), near=near, progress=progress)

    return shelf().once(measured_key(study), make)


def is_measured(study: Study) -> bool:
    """Whether the study's measuring is at hand."""
    return shelf().has(measured_key(study))


def measured_key(study: Study) -> Hashable:
    """What a measuring depends on."""
    return ("measured", place_stamp(), study.model_copy(update=WEIGHING).digest)


def result(study: Study) -> Result:
    """The study's result."""
    found = measured(study)
    return shelf().once(("result", place_stamp(), study.digest), lambda: weigh(found, study))


def network(study: Study) -> Network:
    """The sewers as they stand in the study's phase."""
    return once(("network", study.phase), lambda: network_at(place(), study, tables()))


def networks_to_come(study: Study) -> Later:
    """The sewers in every phase that comes after the study's."""
    return once(("later", study.phase), lambda: later_networks(network_of(place()), tables().phases, study.phase))


def sites() -> Sites:
    """The sites of the place."""
    return once("sites", lambda: sites_of(place()))


def costs() -> UpgradeCosts:
    """The planner's cost assumptions."""
    return once("costs", lambda: read_upgrade_costs(data_dir() / "upgrade_costs.toml"))


def names(sites: Sites, lang: Lang) -> pd.Series[str]:
    """The name of each site."""
    return once(("names", sites.digest, lang), lambda: view.site_names(sites.table, lang))


def rule_counts(result: Result) -> pd.DataFrame:
    """What each excluding rule puts out (:func:`xingu_geo.doors.ui.kit.view.rule_counts`), which no weight changes."""
    return once(("rule_counts", measured_key(result.study)), lambda: view.rule_counts(result))


def is_made(key: Hashable) -> bool:
    """Whether :func:`once` has it at hand."""
    return shelf().has((place_stamp(), key))


def once(key: Hashable, make: Callable[[], T]) -> T:
    """Anything else that hangs on the place alone: a drawn map, a file for the browser."""
    return shelf().once((place_stamp(), key), make)
