"""The rest of the left column: hard constraints with what they put out, layers to show, the basket, the way back.

Comes in: a result, the choices. Goes out: widgets. Must not know: how a rule is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.paper.basemap import GENERIC, STYLES, UNDRAWN
from xingu_geo.doors.ui.kit import cache, session
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.session import Choices, Key
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study

QUIET: Final = ("actors", "other")


def rules_form(rules: Sequence[Rule], result: Result | None, chosen: Choices, lang: Lang) -> None:
    """The hard constraints; one can be left out, and the manifest says so. Each shows how many sites it puts out."""
    hard = [rule for rule in rules if rule.severity == "exclude"]
    counts = cache.rule_counts(result)["out"] if result else None
    titles = {rule.id: rule.title.to(lang) for rule in hard}

    def label(name: str) -> str:
        count = counts.get(name) if counts is not None else None
        return safe_markdown(titles[name] if count is None else f"{titles[name]} {count}")

    st.session_state[Key.RULES] = [rule.id for rule in hard if rule.id not in chosen.skip_rules]
    st.pills(
        say("ui.rules", lang),
        list(titles),
        selection_mode="multi",
        format_func=label,
        key=Key.RULES,
        help=say("ui.rules_help", lang),
        on_change=lambda: _take_rules(list(titles)),
    )


def layers_form(groups: Sequence[str], lang: Lang) -> None:
    """The layers to show."""
    st.session_state[Key.LAYERS] = [group for group in groups if group not in hidden_of(groups)]
    st.pills(
        say("ui.layers", lang),
        list(groups),
        selection_mode="multi",
        format_func=lambda group: texts(lang).get(f"ui.layer.{group}", group),
        key=Key.LAYERS,
        label_visibility="collapsed",
        on_change=lambda: session.hide([group for group in groups if group not in st.session_state[Key.LAYERS]]),
    )


def hidden_of(groups: Sequence[str]) -> list[str]:
    """The groups that are switched off: at first the quiet ones."""
    off = session.hidden()
    return [group for group in groups if group in (QUIET if off is None else off)]


def groups_of(roles: Sequence[str]) -> list[str]:
    """What can be switched on and off on the map of a place with these roles."""
    groups = ["sites"] + ([] if ROLE_SETS[SEWERS].missing(roles) else ["sewers"])
    for role, style in STYLES.items():
        if role in roles and style.group not in (*groups, "ground"):
            groups.append(style.group)
    known = {*STYLES, *UNDRAWN, "elevation", "sewer_upgrades"}
    return groups + ([GENERIC.group] if any(role not in known for role in roles) else [])


def basket_form(names: pd.Series[str], lang: Lang) -> None:
    """The sites laid side by side; a click opens one."""
    held = [site for site in session.basket() if site in names.index]
    st.caption(say("ui.basket", lang, count=len(held), most=session.BASKET_MAX))
    for site in held:
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.button(
            safe_markdown(names[site]),
            key=Key.BASKET.of(site),
            on_click=session.select,
            args=(site,),
            kwargs={"follow": True},
            width="stretch",
        )
        right.button(
            "✕", key=Key.BASKET_CLEAR.of(site), on_click=session.take_out, args=(site,), help=say("ui.take_out", lang)
        )


def way_back(base: Study, lang: Lang) -> None:
    """Undo and reset."""
    left, right = st.columns(2)
    left.button(
        say("ui.undo", lang), key=Key.UNDO, on_click=session.undo, disabled=not session.can_undo(), width="stretch"
    )
    right.button(say("ui.reset", lang), key=Key.RESET, on_click=session.reset, args=(base,), width="stretch")


def _take_rules(known: list[str]) -> None:
    kept = st.session_state[Key.RULES]
    session.choose(skip_rules=tuple(name for name in known if name not in kept))


def layer_choice(lang: Lang) -> None:
    """The layers to show."""
    st.html(heading("ui.layers_heading", lang))
    layers_form(groups_of(list(cache.place().catalogue)), lang)


def hidden_groups() -> list[str]:
    """The groups of layers that are switched off."""
    return hidden_of(groups_of(list(cache.place().catalogue)))
