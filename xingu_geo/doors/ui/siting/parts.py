"""The parts of the main page, put together from a result.

Comes in: a result, the session's selection. Goes out: columns of the page. Must not know: any computation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.column.brief_form import brief_form, phase_form
from xingu_geo.doors.ui.column.method_note import method_note
from xingu_geo.doors.ui.column.side import basket_form, groups_of, layer_choice, rules_form, way_back
from xingu_geo.doors.ui.column.weights_form import weights_form, weights_of
from xingu_geo.doors.ui.kit import cache, headline, looks, session
from xingu_geo.doors.ui.kit.exports import case_button
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.looks import Classes
from xingu_geo.doors.ui.kit.map_view import TOP, PipePaint, SitePaint
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.doors.ui.kit.session import Choices, Key
from xingu_geo.doors.ui.kit.sewer_view import pipe_words, utilisation
from xingu_geo.doors.ui.kit.view import is_illustrative, out_codes
from xingu_geo.doors.ui.siting.profile import long_section, section_svg
from xingu_geo.doors.ui.siting.sewer_check import SewerPath, sewer_html, sewer_path
from xingu_geo.doors.ui.siting.site_card import compare_table, site_card
from xingu_geo.doors.ui.sources.passports import own_words
from xingu_geo.ground.base.inert import safe_markdown
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.study.run.carrying import water_of, water_surface, with_project
from xingu_geo.study.run.result import Result
from xingu_geo.study.run.spec import Study

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


def left_column(result: Result | None, chosen: Choices, base: Study, lang: Lang) -> None:
    """The brief, constraints, weights, layers, basket, the way back."""
    with st.sidebar:
        st.html(heading("ui.brief", lang))
        brief_form(cache.tables(), chosen, lang)
        _wishes(result, chosen, base, lang)
        way_back(base, lang)


def _wishes(result: Result | None, chosen: Choices, base: Study, lang: Lang) -> None:
    tables = cache.tables()
    if cache.place().has_sewers:
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
    used = None if network is None else utilisation(network, water_of(result.brief, network))
    path = None
    if used is not None and selected:
        path = cache.once(("path", measured, selected, lang), lambda: sewer_path(result, selected, used, lang))
    pipes = None
    if network is not None and used is not None:
        fullest = used["utilisation"].nlargest(LABELLED).index.astype(str).tolist()
        lit = list(path.elements) if path else []
        binding = [path.fit.binding] if path and path.fit.binding else []
        pipes = PipePaint(network, used, lit=lit, labelled=[*dict.fromkeys([*binding, *fullest])])
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
    own = own_words(cache.own_roles(), cache.tables().fields, lang)
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
    shown = [group for group in groups_of(list(cache.place().catalogue)) if group not in hidden]
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
    key = ("section", network.digest, view.result.brief.digest, view.path.tie_in, lang)
    drawing = cache.once(key, lambda: _section(view, lang))
    if drawing:
        st.html(heading("ui.section_heading", lang, rest=cache.names(view.result.sites, lang)[view.selected]))
        st.html(drawing)


def _section(view: SitingView, lang: Lang) -> Markup:
    network, path = view.result.measured.network, view.path
    if network is None or path is None:
        return NOTHING
    loaded = with_project(network, view.result.brief, path.tie_in)
    return section_svg(long_section(loaded, water_surface(loaded), path.tie_in, lang), lang)


def compare(result: Result, lang: Lang) -> None:
    """The basket's sites side by side, once there are two."""
    held = tuple(site for site in session.basket() if site in result.sites.table.index)
    if len(held) > 1:
        st.html(heading("ui.compare_heading", lang))
        st.dataframe(compare_table(result, held, lang), alt=safe_markdown(say("ui.compare_heading", lang)))
