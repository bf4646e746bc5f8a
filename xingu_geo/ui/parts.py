"""The parts of the main page, put together from a result.

Comes in: a result, the session's selection. Goes out: columns of the page. Must not know: any computation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.base.say import Lang, say
from xingu_geo.outputs.text import safe_markdown
from xingu_geo.sewers.backwater import backwater_of
from xingu_geo.sewers.headroom import effluent_of
from xingu_geo.study.result import Result
from xingu_geo.study.spec import Study
from xingu_geo.ui import cache, headline, intake_parts, intake_session, intake_store, looks, session
from xingu_geo.ui.brief_form import phase_form
from xingu_geo.ui.exports import case_button
from xingu_geo.ui.frame import progress
from xingu_geo.ui.looks import Classes
from xingu_geo.ui.map_view import TOP, PipePaint, SitePaint, map_files
from xingu_geo.ui.markup import NOTHING, Markup, el, join
from xingu_geo.ui.method_note import method_note
from xingu_geo.ui.profile import long_section, section_svg
from xingu_geo.ui.session import Choices, Key
from xingu_geo.ui.sewer_check import SewerPath, sewer_html, sewer_path, with_project
from xingu_geo.ui.sewer_view import pipe_words, utilisation
from xingu_geo.ui.side import basket_form, groups_of, hidden_of, layers_form, rules_form
from xingu_geo.ui.site_card import compare_table, site_card
from xingu_geo.ui.view import is_illustrative, out_codes
from xingu_geo.ui.weights_form import weights_form, weights_of

LABELLED: Final = 6


@dataclass(frozen=True, slots=True)
class SitingView:
    """A result with its classes, the selected site and that site's sewer path."""

    result: Result
    classes: Classes
    selected: str
    path: SewerPath | None
    sites: SitePaint
    pipes: PipePaint | None
    utilisation: pd.DataFrame | None


def heading(key: str, lang: Lang, *, rest: str = "") -> Markup:
    """A small heading, with a quiet word at its right."""
    return el("div", say(key, lang), *([el("small", rest)] if rest else []), cls="xg-h")


def left_column(result: Result | None, chosen: Choices, base: Study, lang: Lang) -> None:
    """Constraints, weights, layers, basket."""
    tables = cache.tables()
    if "sewer_links" in cache.place():
        phase_form(tables.phases, chosen, lang)
    st.html(heading("ui.rules_heading", lang))
    rules_form(tables.rules, result, chosen, lang)
    st.html(heading("ui.weights_heading", lang))
    weights = weights_of(tables.criteria, chosen, base.weights)
    missing = result.matrix.not_assessed if result else ()
    weights_form(tables.criteria, weights, base.weights, missing, lang)
    note = method_note(chosen, lang)
    if note:
        st.html(note)
    layer_choice(lang)
    if result is not None:
        st.html(heading("ui.basket_heading", lang))
        basket_form(cache.names(result.sites, lang), lang)


def layer_choice(lang: Lang) -> None:
    """The layers to show."""
    st.html(heading("ui.layers_heading", lang))
    layers_form(groups_of(list(cache.place())), lang)


def result_of(study: Study, lang: Lang, *, with_map: bool = False) -> Result:
    """The study's result, with its stages told while it and the map's files are worked out for the first time."""
    is_drawn = not with_map or cache.is_made(("drawn", lang))
    with progress(lang, needed=not (is_drawn and cache.is_measured(study))) as tell:
        measured = cache.measured(study, progress=tell)
        if not is_drawn:
            tell("ui.stage_map")
            cache.once(("drawn", lang), lambda: map_files(measured.sites, measured.network, lang))
        return cache.result(study)


def hidden_groups() -> list[str]:
    """The groups of layers that are switched off."""
    return hidden_of(groups_of(list(cache.place())))


def siting_view(result: Result, lang: Lang) -> SitingView:
    """Everything the page shows of ``result``, for the selected site (at first the best one)."""
    ranked = result.ranking.table
    if session.selected() not in result.sites.table.index:
        session.select(str(ranked.index[0]) if len(ranked) else "", follow=False)
    selected = session.selected()
    measured = cache.measured_key(result.study)
    out = cache.once(("out", measured), lambda: out_codes(result))
    classes = looks.site_classes(result.scores.score, ranked.index, out)
    network = result.measured.network
    used = None if network is None else utilisation(network, effluent_of(result.brief, network.norms))
    path = None
    if used is not None and selected:
        path = cache.once(("path", measured, selected, lang), lambda: sewer_path(result, selected, used, lang))
    pipes = None
    if used is not None:
        fullest = used["utilisation"].nlargest(LABELLED).index.astype(str).tolist()
        lit = list(path.elements) if path else []
        binding = [path.binding] if path and path.binding else []
        pipes = PipePaint(used, lit=lit, labelled=[*dict.fromkeys([*binding, *fullest])])
    sites = SitePaint(
        codes=classes.codes,
        ranks=ranked["rank"].astype(float),
        scores=ranked["score"].astype(float),
        top=[str(site) for site in ranked.index[:TOP]],
    )
    return SitingView(result, classes, selected, path, sites, pipes, used)


def siting_title(view: SitingView, title: str, lang: Lang) -> Markup:
    """The line above the map."""
    figures = headline.siting_figures(view.result, view.classes.codes, view.utilisation, lang)
    own = intake_parts.own_words(dict(intake_store.stamp(intake_session.token())), lang)
    is_example = is_illustrative(view.result.measured.confidence)
    return headline.title_line(title, figures, is_example=is_example, lang=lang, own=own)


def siting_legend(view: SitingView, hidden: Sequence[str], lang: Lang) -> Markup:
    """The strip below the map: only what the map shows."""
    strip: list[Markup] = []
    if "sites" not in hidden:
        present = {int(code) for code in view.classes.codes.unique()}
        strip.append(headline.site_legend(view.classes, present, lang))
    network = view.result.measured.network
    if network is not None and view.utilisation is not None and "sewers" not in hidden:
        counts = {str(state): int(count) for state, count in view.utilisation["state"].value_counts().items()}
        strip.append(headline.pipe_legend(counts, pipe_words(network, lang), lang))
    shown = [group for group in groups_of(list(cache.place())) if group not in hidden]
    return headline.legend_strip(*strip, headline.base_legend(shown, lang))


def card_column(view: SitingView, lang: Lang) -> None:
    """The card of the selected site; without any ranked site, what to change."""
    if not len(view.result.ranking.table):
        st.html(nothing_left(view.result, lang))
    if not view.selected:
        return
    st.html(site_card(view.result, view.selected, lang))
    st.button(
        say("ui.basket_add", lang),
        key=Key.BASKET_ADD,
        on_click=session.put,
        args=(view.selected,),
        disabled=view.selected in session.basket(),
        width="stretch",
    )
    case_button(view.result, view.selected, lang)


def nothing_left(result: Result, lang: Lang) -> Markup:
    """No eligible site: the rule that puts most out, the one that alone decides most often, and what to change."""
    counts = cache.rule_counts(result)
    rules = {rule.id: rule for rule in result.measured.rules}
    worst = rules[str(counts["out"].idxmax())]
    closest = rules[str(counts["alone"].idxmax())]
    alone = int(counts["alone"].max())
    parts = [
        say("ui.empty", lang, rule=worst.title.to(lang), count=int(counts["out"].max()), total=len(result.sites.table))
    ]
    if alone:
        parts.append(
            say("ui.empty_closest", lang, rule=closest.title.to(lang), count=alone, advice=closest.advice.to(lang))
        )
    return el("div", *(el("div", part) for part in parts), cls="xg-empty")


def sewer_column(view: SitingView, lang: Lang) -> None:
    """The sewer check of the selected site."""
    st.html(join(heading("ui.sewer_heading", lang, rest=say("ui.sewer_key", lang))))
    st.html(sewer_html(view.result, view.path, lang))


def section_row(view: SitingView, lang: Lang) -> None:
    """The long section of the selected site's path, with the project in it."""
    network = view.result.measured.network
    if network is None or view.path is None:
        return
    key = ("section", cache.measured_key(view.result.study), view.path.tie_in, lang)
    drawing = cache.once(key, lambda: _section(view, lang))
    if drawing:
        st.html(heading("ui.section_heading", lang, rest=cache.names(view.result.sites, lang)[view.selected]))
        st.html(drawing)


def _section(view: SitingView, lang: Lang) -> Markup:
    network, path = view.result.measured.network, view.path
    if network is None or path is None:
        return NOTHING
    loaded = with_project(network, view.result.brief, path.tie_in)
    return section_svg(long_section(loaded, backwater_of(loaded), path.tie_in, lang), lang)


def compare(result: Result, lang: Lang) -> None:
    """The basket's sites side by side, once there are two."""
    held = tuple(site for site in session.basket() if site in result.sites.table.index)
    if len(held) > 1:
        st.html(heading("ui.compare_heading", lang))
        st.dataframe(compare_table(result, held, lang), alt=safe_markdown(say("ui.compare_heading", lang)))
