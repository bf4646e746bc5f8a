"""The weights: presets, one slider for each criterion, and a bar of what they come to.

Comes in: the criteria, the weights of the moment. Goes out: widgets. Must not know: scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import streamlit as st

from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.session import Choices, Key
from xingu_geo.ground.base.figures import per_cent
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.presets import preset_weights

Criteria = tuple[Criterion, ...]
Weights = Mapping[str, float]

USUAL: Final = "usual"
EQUAL: Final = "equal"
COLOURS: Final = (
    "#3f6fa8", "#d98a3d", "#5aa79c", "#8f6bb3", "#b9536a", "#6f9a3e", "#4d8fc2",
    "#b58a2b", "#7a7f8c", "#c46f9b", "#3d8a66", "#9a6a4f", "#5d5fa6", "#a3a13c",
)  # fmt: skip


def weights_of(criteria: Criteria, chosen: Choices, usual: Mapping[str, float]) -> dict[str, float]:
    """The weight of every criterion: chosen here, else the study's, else the criterion's own."""
    own = {criterion.id: criterion.weight for criterion in criteria}
    return {name: float(chosen.weights.get(name, usual.get(name, weight))) for name, weight in own.items()}


def weights_form(
    criteria: Criteria, weights: Weights, usual: Weights, not_assessed: tuple[str, ...], lang: Lang
) -> None:
    """The widgets of the weights; a criterion the place has no layer for is named, not hidden."""
    presets = preset_table(criteria, usual, not_assessed)
    titles = {name: preset.title.to(lang) for name, preset in cache.presets().items()}
    titles |= {name: say(f"ui.preset.{name}", lang) for name in (USUAL, EQUAL)}
    now = next((name for name, held in presets.items() if is_same(held, weights)), None)
    st.session_state[Key.PRESET] = now
    st.selectbox(
        say("ui.presets", lang),
        list(presets),
        format_func=titles.__getitem__,
        index=None,
        placeholder=say("ui.preset_own", lang),
        key=Key.PRESET,
        label_visibility="collapsed",
        on_change=lambda: _take_preset(presets),
    )
    if now is not None and now in cache.presets():
        st.html(el("div", cache.presets()[now].about.to(lang), cls="xg-note"))
    st.html(split_bar([one for one in criteria if one.id not in not_assessed], weights, lang))
    top = max(30.0, 10.0 * (1 + max(weights.values(), default=0.0) // 10))
    for criterion in criteria:
        if criterion.id in not_assessed:
            continue
        key = Key.WEIGHT.of(criterion.id)
        st.session_state[key] = weights[criterion.id]
        # One element for each weight, laid out by the style sheet: columns would treble what a rerun redraws.
        st.slider(
            safe_markdown(criterion.title.to(lang)),
            min_value=0.0,
            max_value=top,
            step=1.0,
            format="%.0f",
            key=key,
            on_change=_take_weight,
            args=(criterion.id,),
        )
    named = [criterion.title.to(lang) for criterion in criteria if criterion.id in not_assessed]
    if named:
        st.html(el("div", say("ui.not_assessed", lang, names=say("ui.and", lang).join(named)), cls="xg-note"))


def split_bar(criteria: Sequence[Criterion], weights: Mapping[str, float], lang: Lang) -> str:
    """The weights as parts of 100 %, in one bar."""
    total = sum(weights[criterion.id] for criterion in criteria)
    if total <= 0:
        return el("div", say("ui.no_weight", lang), cls="xg-warn")
    parts = []
    for place, criterion in enumerate(criteria):
        share = weights[criterion.id] / total
        if share > 0:
            text = per_cent(share, "whole") if share >= 0.09 else ""
            style = f"width:{share * 100:.2f}%;background:{COLOURS[place % len(COLOURS)]}"
            parts.append(el("span", text, style=style, title=f"{criterion.title.to(lang)} {per_cent(share, 'whole')}"))
    return el("div", *parts, cls="xg-split")


def preset_table(criteria: Criteria, usual: Weights, not_assessed: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Every preset's weights by criterion, adding up to 100: the criteria's own, all equal, and the planner's table."""
    own = {criterion.id: float(usual.get(criterion.id, criterion.weight)) for criterion in criteria}
    groups = {criterion.id: criterion.group for criterion in criteria if criterion.id not in not_assessed}
    table = {USUAL: own, EQUAL: dict.fromkeys(own, 5.0)}
    for name, preset in cache.presets().items():
        shares = preset_weights(preset, groups, own)
        table[name] = own | {key: round(100 * share, 1) for key, share in shares.items()}
    return table


def is_same(one: Weights, other: Weights) -> bool:
    """Whether two sets of weights are the same, to a tenth."""
    return all(abs(one[name] - other.get(name, 0.0)) < 0.06 for name in one)


def _take_preset(presets: Mapping[str, dict[str, float]]) -> None:
    name = st.session_state[Key.PRESET]
    if name:
        session.choose(weights=MappingProxyType(presets[name] if name != USUAL else {}))


def _take_weight(name: str) -> None:
    weights = dict(session.current().weights) | {name: float(st.session_state[Key.WEIGHT.of(name)])}
    session.choose(weights=MappingProxyType(weights))
