"""Judgements in pairs (AHP): a slider for each pair, how consistent they are, and the one to think over.

Comes in: groups with titles. Goes out: widgets, the share of each group. Must not know: criteria, sites.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, Literal

import streamlit as st

from xingu_geo.doors.telling.judgement_words import consistency_sentence, judgement_label
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.notepad import bound, note, noted, taker
from xingu_geo.ground.base.figures import per_cent
from xingu_geo.ground.base.say import Bilingual, Lang, say
from xingu_geo.siting.weighting.ahp import SCALE, Ahp, Revisit
from xingu_geo.study.run.defending import judged

Solving = Literal["eigenvector", "geometric_mean"]
SOLVING: Final[tuple[Solving, ...]] = ("eigenvector", "geometric_mean")
START: Final = "note.pairs_start"
APPLY: Final = "note.pairs_apply"


def pairs_form(
    groups: Sequence[str], titles: Mapping[str, str], weights: Mapping[str, float], lang: Lang
) -> dict[str, float]:
    """The sliders and what they amount to; the share of each group."""
    st.html(el("div", say("ui.defence.pairs_note", lang), cls="xg-note"))
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    solving = left.segmented_control(
        say("ui.defence.pairs_method", lang),
        SOLVING,
        format_func=lambda name: say(f"ui.defence.pair_methods.{name}", lang),
        key=bound("solving", SOLVING[0]),
        on_change=taker("solving"),
        required=True,
    )
    right.button(
        say("ui.defence.pairs_start", lang), key=START, on_click=_start, args=(dict(weights),), width="stretch"
    )
    pairs = list(combinations(groups, 2))
    found = judged(groups, {pair: noted(_name(*pair), 1.0) for pair in pairs}, solving=solving or SOLVING[0])
    _verdict(found, titles, lang)
    columns = st.columns(2, gap="medium")
    for at, (first, second) in enumerate(pairs):
        name = _name(first, second)
        columns[at % 2].select_slider(
            say("ui.defence.pair", lang, first=titles[first], second=titles[second]),
            SCALE,
            format_func=judgement_label,
            key=bound(name, 1.0),
            on_change=taker(name),
        )
    return dict(found.weights)


def nearest_judgement(ratio: float) -> float:
    """The step of the 1–9 scale nearest to ``ratio`` (in proportion).

    Examples
    --------
    >>> nearest_judgement(2.9), nearest_judgement(100.0)
    (3.0, 9.0)
    """
    return min(SCALE, key=lambda step: abs(math.log(step / ratio)))


def _verdict(found: Ahp, titles: Mapping[str, str], lang: Lang) -> None:
    words = {group: Bilingual(title, title) for group, title in titles.items()}
    kept = found.consistency
    figures = [
        (say("ui.defence.pairs_ratio", lang), f"{kept.ratio:.3f}"),
        (say("ui.defence.pairs_lambda", lang), f"{kept.lambda_max:.3f}"),
        *((titles[group], per_cent(share)) for group, share in found.weights.items()),
    ]
    boxes = [el("span", title, el("b", value), cls="xg-figure") for title, value in figures]
    st.html(el("div", *boxes, cls="xg-figures", style="margin-left:0"))
    look = "xg-note" if kept.is_acceptable else "xg-warn"
    st.html(el("div", consistency_sentence(found, lang, criteria=words), cls=look))
    if found.revisit is not None:
        st.button(say("ui.defence.pairs_apply", lang), key=APPLY, on_click=_apply, args=(found.revisit,))


def _apply(advice: Revisit) -> None:
    note(_name(advice.first, advice.second), advice.proposed)


def _start(weights: Mapping[str, float]) -> None:
    least = max(max(weights.values(), default=0.0), 1e-9) / 100
    for first, second in combinations(weights, 2):
        ratio = max(weights[first], least) / max(weights[second], least)
        note(_name(first, second), nearest_judgement(ratio))


def _name(first: str, second: str) -> str:
    return f"pair.{first}.{second}"
