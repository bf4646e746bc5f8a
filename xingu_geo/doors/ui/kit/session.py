"""The session: what this reader has chosen, every widget's key, and the way back.

Comes in: widget callbacks. Goes out: :class:`Choices`, the selected site, the basket. Must not know: results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, cast, get_args

import streamlit as st

from xingu_geo.ground.base.say import DEFAULT_LANG, LANGS, Lang
from xingu_geo.ground.planning.projects import Case
from xingu_geo.siting.ranking.missing import Missing
from xingu_geo.study.run.spec import ProjectSpec, Study

PAST_MAX: Final = 30
BASKET_MAX: Final = 4
CASES: Final[tuple[Case, ...]] = get_args(Case)


class Key(StrEnum):
    """Every key of the session state; widgets of one figure or one weight add its name after a dot."""

    LANG = "lang"
    PROJECT = "project"
    CAPACITY = "capacity"
    CASE = "case"
    PHASE = "phase"
    FIGURE = "figure"
    WEIGHT = "weight"
    PRESET = "preset"
    RULES = "rules"
    LAYERS = "layers"
    MAP = "map"
    CAPACITY_MAP = "capacity_map"
    WHATIF_MAP = "whatif_map"
    ASSEMBLY_MAP = "assembly_map"
    TABLE = "table"
    ELEMENTS = "elements"
    BASKET_ADD = "basket_add"
    BASKET_CLEAR = "basket_clear"
    UNDO = "undo"
    RESET = "reset"
    GEOJSON = "get_geojson"
    CSV = "get_csv"
    MANIFEST = "get_manifest"
    SITE_REPORT = "get_site_report"
    ELEMENTS_GEOJSON = "get_elements_geojson"
    ELEMENTS_CSV = "get_elements_csv"
    TICKET_REPORT = "get_ticket_report"
    TICKET_JSON = "get_ticket_json"
    WORKS = "works"
    WORKS_OF = "_works_of"
    CHOICES = "_choices"
    PAST = "_past"
    SELECTED = "_selected"
    ELEMENT = "_element"
    BASKET = "_basket"
    HIDDEN = "_hidden"
    FOLLOW = "_follow"
    LAYER = "layer"
    SHOWN_ROWS = "_shown_rows"
    SHOWN_ELEMENTS = "_shown_elements"
    LISTED = "listed"
    PAGES = "_pages"
    STAMP = "_stamp"
    PAINTED = "_painted"
    LEAF = "leaf"
    LEAFED_FOR = "_leafed_for"

    def of(self, name: str) -> str:
        """The key of the widget for ``name``."""
        return f"{self.value}.{name}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader chose, beside the defaults: a project, its figures, weights, rules left out, how to combine."""

    project: str
    capacity: float | None = None
    case: Case = "typical"
    changes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    skip_rules: tuple[str, ...] = ()
    phase: str = "present"
    method: str = "weighted_sum"
    risk: float = 0.5
    missing: Missing = "exclude"

    def study(self, base: Study) -> Study:
        """``base`` with these choices laid over it."""
        project = ProjectSpec(type=self.project, capacity=self.capacity, case=self.case, set=dict(self.changes))
        weights = {**base.weights, **self.weights}
        changed = {"project": project, "weights": weights, "skip_rules": self.skip_rules, "phase": self.phase}
        changed |= {"method": self.method, "risk": self.risk, "missing": self.missing}
        return base.model_copy(update=changed)


def language() -> Lang:
    """The reader's language, kept in the address."""
    found = st.session_state.get(Key.LANG) or st.query_params.get(Key.LANG)
    return next((lang for lang in LANGS if lang == found), DEFAULT_LANG)


def choices(base: Study) -> Choices:
    """The choices of this session, ``base``'s at first."""
    if Key.CHOICES not in st.session_state:
        st.session_state[Key.CHOICES] = _defaults(base)
        st.session_state[Key.PAST] = []
    return cast("Choices", st.session_state[Key.CHOICES])


def current() -> Choices:
    """The choices of this session, once :func:`choices` has laid them down."""
    return cast("Choices", st.session_state[Key.CHOICES])


def choose(**changed: Any) -> None:
    """Change some choices; the state before goes on the way back."""
    before: Choices = st.session_state[Key.CHOICES]
    after = replace(before, **changed)
    if after != before:
        st.session_state[Key.PAST] = [*st.session_state[Key.PAST][1 - PAST_MAX :], before]
        st.session_state[Key.CHOICES] = after


def undo() -> None:
    """Back to the choices before the last change."""
    if st.session_state[Key.PAST]:
        *earlier, last = st.session_state[Key.PAST]
        st.session_state[Key.CHOICES], st.session_state[Key.PAST] = last, earlier


def reset(base: Study) -> None:
    """Back to the defaults; this too can be undone."""
    kept = _defaults(base)
    choose(**{name: getattr(kept, name) for name in Choices.__slots__})


def can_undo() -> bool:
    """Whether anything was changed."""
    return bool(st.session_state.get(Key.PAST))


def selected() -> str:
    """The id of the site whose card is open, ``""`` for none."""
    return str(st.session_state.get(Key.SELECTED, ""))


def select(site: str, *, follow: bool) -> None:
    """Open the card of ``site``; ``follow`` lets the map move to it. The sewer element looked at gives way to it."""
    st.session_state[Key.ELEMENT] = ""
    st.session_state[Key.SELECTED] = site
    st.session_state[Key.FOLLOW] = follow


def follows() -> bool:
    """Whether the map may move to the selected site: yes from the table, no from a click on the map itself."""
    return bool(st.session_state.get(Key.FOLLOW, False))


def element() -> str:
    """The sewer element that is looked at, ``""`` for none."""
    return str(st.session_state.get(Key.ELEMENT, ""))


def look_at(name: str, *, follow: bool) -> None:
    """Look at a sewer element; ``follow`` lets the map move to what drains to it."""
    st.session_state[Key.ELEMENT] = name
    st.session_state[Key.FOLLOW] = follow


def hidden() -> tuple[str, ...] | None:
    """The groups of layers this reader switched off, None before any choice."""
    return cast("tuple[str, ...] | None", st.session_state.get(Key.HIDDEN))


def hide(groups: Sequence[str]) -> None:
    """Switch these groups off and all others on."""
    st.session_state[Key.HIDDEN] = tuple(groups)


def basket() -> tuple[str, ...]:
    """The sites laid side by side, at most :data:`BASKET_MAX`."""
    return tuple(st.session_state.get(Key.BASKET, ()))


def put(site: str) -> None:
    """Add ``site`` to the basket; the oldest gives way when it is full."""
    if site and site not in basket():
        st.session_state[Key.BASKET] = (*basket(), site)[-BASKET_MAX:]


def take_out(site: str) -> None:
    """Take ``site`` out of the basket."""
    st.session_state[Key.BASKET] = tuple(kept for kept in basket() if kept != site)


def _defaults(base: Study) -> Choices:
    project = base.project
    return Choices(
        project=project.type,
        capacity=project.capacity,
        case=project.case,
        changes=MappingProxyType(dict(project.set)),
        weights=MappingProxyType({}),
        skip_rules=base.skip_rules,
        phase=base.phase,
        method=base.method,
        risk=base.risk,
        missing=base.missing,
    )
