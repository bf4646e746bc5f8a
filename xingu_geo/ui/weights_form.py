"""The weights: presets, one slider for each criterion, and a bar of what they come to.

Comes in: the criteria, the weights of the moment. Goes out: widgets. Must not know: scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from xingu_geo.base.say import Lang, say
from xingu_geo.criteria.spec import Criterion
from xingu_geo.outputs.text import safe_markdown
from xingu_geo.ui import session
from xingu_geo.ui.markup import el
from xingu_geo.ui.session import Choices, Key

Criteria = tuple[Criterion, ...]

PRESETS: Final = MappingProxyType(
    {"usual": (), "equal": (), "environment": ("environment", "sewers"), "plan": ("plan",), "access": ("access",)}
)
STRESS: Final = 3.0
COLOURS: Final = (
    "#3f6fa8", "#d98a3d", "#5aa79c", "#8f6bb3", "#b9536a", "#6f9a3e", "#4d8fc2",
    "#b58a2b", "#7a7f8c", "#c46f9b", "#3d8a66", "#9a6a4f", "#5d5fa6", "#a3a13c",
)  # fmt: skip


def weights_of(criteria: Criteria, chosen: Choices, usual: Mapping[str, float]) -> dict[str, float]:
    """The weight of every criterion: chosen here, else the study's, else the criterion's own."""
    own = {criterion.id: criterion.weight for criterion in criteria}
    return {name: float(chosen.weights.get(name, usual.get(name, weight))) for name, weight in own.items()}


def weights_form(
    criteria: Criteria,
    weights: Mapping[str, float],
    usual: Mapping[str, float],
    not_assessed: tuple[str, ...],
    lang: Lang,
) -> None:
    """The widgets of the weights; a criterion the place has no layer for is named, not hidden."""
    st.session_state[Key.PRESET] = _preset_now(criteria, weights, usual)
    st.segmented_control(
        say("ui.presets", lang),
        list(PRESETS),
        format_func=lambda name: say(f"ui.preset.{name}", lang),
        key=Key.PRESET,
        label_visibility="collapsed",
        on_change=lambda: _take_preset(criteria, usual),
    )
    st.html(split_bar(criteria, weights, lang))
    top = max(30.0, 10.0 * (1 + max(weights.values(), default=0.0) // 10))
    for criterion in criteria:
        key = Key.WEIGHT.of(criterion.id)
        st.session_state[key] = weights[criterion.id]
        missing = criterion.id in not_assessed
        st.slider(
            safe_markdown(criterion.title.to(lang) + (say("ui.not_assessed_mark", lang) if missing else "")),
            min_value=0.0,
            max_value=top,
            step=1.0,
            format="%.0f",
            key=key,
            disabled=missing,
            help=safe_markdown(criterion.why.to(lang)),
            on_change=_take_weight,
            args=(criterion.id,),
        )


def split_bar(criteria: Criteria, weights: Mapping[str, float], lang: Lang) -> str:
    """The weights as parts of 100 %, in one bar."""
    total = sum(weights.values())
    if total <= 0:
        return el("div", say("ui.no_weight", lang), cls="xg-warn")
    parts = []
    for place, criterion in enumerate(criteria):
        share = weights[criterion.id] / total
        if share > 0:
            text = f"{share:.0%}" if share >= 0.09 else ""
            style = f"width:{share * 100:.2f}%;background:{COLOURS[place % len(COLOURS)]}"
            parts.append(el("span", text, style=style, title=f"{criterion.title.to(lang)} {share:.0%}"))
    return el("div", *parts, cls="xg-split")


def _preset(name: str, criteria: Criteria, usual: Mapping[str, float]) -> dict[str, float]:
    own = {criterion.id: float(usual.get(criterion.id, criterion.weight)) for criterion in criteria}
    if name == "equal":
        return dict.fromkeys(own, 10.0)
    stressed = {criterion.id for criterion in criteria if criterion.group in PRESETS[name]}
    return {key: weight * (STRESS if key in stressed else 1.0) for key, weight in own.items()}


def _preset_now(criteria: Criteria, weights: Mapping[str, float], usual: Mapping[str, float]) -> str | None:
    return next((name for name in PRESETS if _preset(name, criteria, usual) == dict(weights)), None)


def _take_preset(criteria: Criteria, usual: Mapping[str, float]) -> None:
    name = st.session_state[Key.PRESET]
    if name:
        session.choose(weights=MappingProxyType(_preset(name, criteria, usual) if name != "usual" else {}))


def _take_weight(name: str) -> None:
    weights = dict(session.current().weights) | {name: float(st.session_state[Key.WEIGHT.of(name)])}
    session.choose(weights=MappingProxyType(weights))
