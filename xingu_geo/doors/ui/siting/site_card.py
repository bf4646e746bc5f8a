"""The card of one site: what it is, its score, why — or which rules put it out, observed against limit.

Comes in: a result, a site id. Goes out: HTML. Must not know: widgets, the map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xingu_geo.doors.telling.explain import measured_label
from xingu_geo.doors.telling.result_words import why
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.doors.ui.kit.view import cell, is_illustrative, peer_medians, site_facts, site_names
from xingu_geo.ground.base.figures import beside_limit, number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.planning.criteria import Criterion
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.study.run.defending import explanation_of
from xingu_geo.study.run.result import Result


def site_card(result: Result, site: str, lang: Lang) -> Markup:
    """Name, facts, score and rank, the sentence why, then contribution bars or the rules."""
    row = result.sites.table.loc[[site]]
    head = el(
        "div",
        el("span", site_names(row, lang).iloc[0], cls="xg-card-name"),
        el("span", site_facts(row, lang).iloc[0], cls="xg-card-facts"),
        cls="xg-card-head",
    )
    ranked = site in result.ranking.table.index
    note = el("div", say("ui.illustrative_note", lang), cls="xg-note")
    return el(
        "div",
        head,
        _standing(result, site, lang) if ranked else NOTHING,
        el("div", why(result, explanation_of(result, site), lang), cls="xg-why"),
        contribution_bars(result, site, lang) if ranked else NOTHING,
        rules_table(result, site, lang, only_against=ranked),
        note if is_illustrative(result.measured.confidence) else NOTHING,
        cls="xg-card",
    )


def contribution_bars(result: Result, site: str, lang: Lang) -> Markup:
    """For each criterion: points got, the most it could give (grey), the median of the best sites (tick)."""
    contributions = result.scores.contributions
    if site not in contributions.index:
        return NOTHING
    medians = peer_medians(result)
    most = max((100 * weight for weight in result.scores.weights.values()), default=1.0)
    titles = {criterion.id: criterion for criterion in result.measured.criteria}
    order = sorted(contributions.columns, key=lambda name: -result.scores.weights.get(str(name), 0.0))
    cells = [
        join(*_bar(result, site, titles[str(name)], median=medians.get(str(name), math.nan), most=most, lang=lang))
        for name in order
        if result.scores.weights.get(str(name), 0.0) > 0
    ]
    return join(el("div", *cells, cls="xg-bars"), el("div", say("ui.bars_key", lang), cls="xg-note"))


def _bar(result: Result, site: str, criterion: Criterion, *, median: float, most: float, lang: Lang) -> list[Markup]:
    full = 100 * result.scores.weights[criterion.id]
    points = cell(result.scores.contributions, site, criterion.id)
    hint = say(
        "ui.bar_hint",
        lang,
        name=criterion.title.to(lang),
        raw=measured_label(result, site, criterion.id, lang),
        why=criterion.why.to(lang),
    )
    tick = el("i", cls="xg-tick", style=f"left:{_share(median, most)}") if math.isfinite(median) else NOTHING
    return [
        el("span", criterion.title.to(lang), cls="xg-name", title=hint),
        el(
            "span",
            el("i", cls="xg-max", style=f"width:{_share(full, most)}"),
            el("i", cls="xg-own", style=f"width:{_share(points, most)}"),
            tick,
            cls="xg-track",
            title=hint,
        ),
        el("span", number(points, "points"), cls="xg-points"),
    ]


def rules_table(result: Result, site: str, lang: Lang, *, only_against: bool) -> Markup:
    """The rules with what was observed and the limit; for a ranked site only flags and what is not known."""
    rows = []
    for rule in result.measured.rules:
        verdict = result.eligibility.verdict.loc[site, rule.id]
        if verdict == Verdict.PASS and only_against:
            continue
        if verdict in (Verdict.NOT_ASSESSED, Verdict.NOT_APPLICABLE):
            continue
        rows.append(_rule_row(result, site, rule, verdict, lang))
    if not rows:
        return NOTHING
    names = ("rule", "observed", "limit", "verdict")
    head = el("tr", *(el("th", say(f"ui.rule_{name}", lang)) for name in names))
    return el("table", head, *rows, cls="xg-rules")


def _rule_row(result: Result, site: str, rule: Rule, verdict: object, lang: Lang) -> Markup:
    observed = rule_words(rule, result.eligibility.observed.loc[site, rule.id], lang)
    limit = rule_words(rule, result.eligibility.limit.loc[site, rule.id], lang)
    sign = {"at_least": "≥ ", "at_most": "≤ "}.get(rule.comparison, "")
    hard = rule.severity == "exclude" and verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    look = "xg-fail" if hard else "xg-ok" if verdict == Verdict.PASS else "xg-flag"
    illustrative = verdict == Verdict.PASS and is_illustrative(result.eligibility.confidence[rule.id])
    word = say("verdict.illustrative_only", lang) if illustrative else say(f"ui.verdict.{verdict}", lang)
    advice = rule.advice.to(lang) if verdict != Verdict.PASS else rule.why.to(lang)
    return el(
        "tr",
        el("td", rule.title.to(lang), title=advice),
        el("td", observed),
        el("td", f"{sign}{limit}" if limit != "—" else limit),
        el("td", word, cls=look, title=advice),
    )


def rule_words(rule: Rule, value: object, lang: Lang) -> str:
    """A figure or word of a rule for a reader."""
    if isinstance(value, str) and value in rule.words:
        return rule.words[value].to(lang)
    if rule.is_class and isinstance(value, str):
        return (
            say("ui.and", lang).join(
                rule.words[word].to(lang) if word in rule.words else word for word in value.split(",")
            )
            or "—"
        )
    found = math.nan if value is None else float(str(value))
    return "—" if math.isnan(found) else beside_limit(found, rule.unit).spoken(lang)


def compare_table(result: Result, sites: tuple[str, ...], lang: Lang) -> pd.DataFrame:
    """The sites of the basket side by side: rank, score, then each criterion's raw figure."""
    known = [site for site in sites if site in result.sites.table.index]
    names = site_names(result.sites.table.loc[known], lang)
    columns: Mapping[str, list[str]] = {
        f"{names[site]} ({site})": [
            _rank(result, site, lang),
            number(result.scores.score.get(site, math.nan), "points"),
        ]
        + [
            measured_label(result, site, criterion.id, lang, whole=False)
            for criterion in result.measured.criteria
            if criterion.id in result.matrix.raw
        ]
        for site in known
    }
    index = [say("ui.column.rank", lang), say("ui.column.score", lang)] + [
        criterion.title.to(lang) for criterion in result.measured.criteria if criterion.id in result.matrix.raw
    ]
    return pd.DataFrame(columns, index=pd.Index(index, name=say("ui.column.criterion", lang)))


def _standing(result: Result, site: str, lang: Lang) -> Markup:
    row: Any = result.ranking.table.loc[site]
    tied = say("ui.tied", lang) if bool(row["is_tied"]) else ""
    rest = say("ui.standing", lang, rank=int(row["rank"]), count=len(result.ranking.table), tied=tied)
    return el("div", el("b", number(row["score"], "points")), rest, cls="xg-score")


def _rank(result: Result, site: str, lang: Lang) -> str:
    if site not in result.ranking.table.index:
        return say("ui.not_ranked", lang)
    return str(int(cell(result.ranking.table, site, "rank")))


def _share(value: float, most: float) -> str:
    return f"{100 * max(0.0, min(1.0, value / most)):.1f}%"
