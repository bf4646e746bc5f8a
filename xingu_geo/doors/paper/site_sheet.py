"""The case for a site: one page to print and to defend a pick with, in one file that needs nothing beside it.

Comes in: a result, a site, its robustness where tested. Goes out: HTML. Must not know: how a number was found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
from shapely.geometry.base import BaseGeometry

from xingu_geo import __version__
from xingu_geo.doors.paper.page import markup_table, page, table, tag
from xingu_geo.doors.paper.picture import Mark, map_picture, window_about
from xingu_geo.doors.telling.doubt_words import robustness_lines
from xingu_geo.doors.telling.explain import measured_label, sewer_lines
from xingu_geo.doors.telling.names import element_name
from xingu_geo.doors.telling.result_words import criterion_titles, why
from xingu_geo.doors.telling.rule_words import limit_text, observed_text, verdict_text
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import Figure, number, per_cent
from xingu_geo.ground.base.inert import safe_text, without_mark
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.siting.doubt.robustness import Robustness
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.study.run.carrying import loads_of_elements, way_to_outfall, with_project
from xingu_geo.study.run.defending import explanation_of, layers_behind
from xingu_geo.study.run.result import Result

RIVALS: Final = 5
REACH_M: Final = 2_600.0
SIZE_PX: Final = (670.0, 330.0)
PASSED: Final = (Verdict.NOT_APPLICABLE,)
OUT_LOOK: Final = {"fill": True, "fillColor": "#d9dce2", "fillOpacity": 0.55, "color": "#ffffff", "weight": 0.5}
FULL_LOOK: Final = {**OUT_LOOK, "fillColor": "#d9a441", "fillOpacity": 0.6}
RANKED_LOOK: Final = {**OUT_LOOK, "fillColor": "#2a6fae", "fillOpacity": 0.75}
SITE_LOOK: Final = {"fill": True, "fillColor": "#c2410c", "fillOpacity": 0.9, "color": "#7c2d12", "weight": 2}
SEWER_LOOK: Final = {"color": "#0f766e", "weight": 4, "opacity": 1, "fill": False, "lineCap": "round"}


def site_report(result: Result, site: str, lang: Lang, *, robustness: Robustness | None = None) -> str:
    """The case for ``site`` in ``lang``: place and sentence, map, criteria, rules, sewers, firmness, rivals, layers."""
    title = say("case.title", lang, project=result.brief.type.title.to(lang), site=_name(result, site, lang))
    state = "ranked" if site in result.ranking.table.index else "out"
    body = [
        tag("h1", title),
        tag("p", why(result, explanation_of(result, site), lang), cls=f"verdict {state}"),
        _facts(result, site, lang),
        _picture(result, site, lang),
        *_part("case.criteria", _criteria(result, site, lang), lang),
        *_part("case.rules", _rules(result, site, lang), lang),
        *_part("case.sewers", _sewers(result, site, lang), lang),
        *_part("case.firm", _firm(result, robustness, lang), lang),
        *_part("case.rivals", _rivals(result, site, lang), lang),
        *_part("case.layers", _layers(result, lang), lang),
        tag("p", _foot(result, lang), cls="note"),
    ]
    return page(title, body, lang)


def _part(key: str, content: str, lang: Lang) -> Iterable[str]:
    return (tag("h2", say(key, lang)), content) if content else ()


def _name(result: Result, site: str, lang: Lang) -> str:
    name = without_mark(result.sites.table.loc[site, f"name_{lang}"])
    return say("placed.with_id", lang, name=name, id=site) if name.strip() else site


def _facts(result: Result, site: str, lang: Lang) -> str:
    row = result.sites.table.loc[site]
    need = result.brief.need
    needs = [
        ("case.need_land", Figure(need("land_m2") / M2_PER_HA, "ha")),
        ("case.need_water", Figure(need("wastewater_m3_d"), "m3_d")),
    ]
    wants = [say(key, lang, figure=figure.bare) for key, figure in needs if math.isfinite(figure.value)]
    area = say("case.area", lang, area=number(row["area_m2"] / M2_PER_HA, "ha"))
    zone = result.measured.zones.spoken(site, lang)
    phase = say("case.phase", lang, phase=result.measured.phase.title.to(lang))
    return tag("p", say("case.join", lang).join([area, zone, *wants, phase]))


def _picture(result: Result, site: str, lang: Lang) -> str:
    sites, ranked = result.sites.table, result.ranking.table.index
    window = window_about(sites.geometry[site], reach_m=REACH_M, width_px=SIZE_PX[0], height_px=SIZE_PX[1])
    waits = result.eligibility.waits_for_capacity
    full = sites.index[waits & ~sites.index.isin(ranked)]
    rest = sites.index.difference(ranked).difference(full)
    groups = ((rest, OUT_LOOK), (full, FULL_LOOK), (ranked, RANKED_LOOK))
    marks = [Mark(tuple(sites.geometry[names]), look) for names, look in groups]
    marks.append(Mark(_way(result, site), SEWER_LOOK))
    marks.append(Mark((sites.geometry[site],), SITE_LOOK, label=_name(result, site, lang)))
    alt = say("case.map", lang, site=_name(result, site, lang))
    keys = [("site", SITE_LOOK), ("ranked", RANKED_LOOK), ("full", FULL_LOOK), ("out", OUT_LOOK)]
    swatches = [
        f'<i class="key" style="background:{look["fillColor"]}"></i>{safe_text(say(f"case.key_{name}", lang))}'
        for name, look in keys
    ]
    swatches.append(f'<i class="key line" style="background:{SEWER_LOOK["color"]}"></i>')
    swatches[-1] += safe_text(say("case.key_sewer", lang))
    legend = f'<p class="note keys">{" ".join(swatches)}</p>'
    return map_picture(result.measured.place.catalogue, window, marks, alt=alt) + legend


def _way(result: Result, site: str) -> tuple[BaseGeometry | None, ...]:
    measured, catalogue = result.measured, result.measured.place.catalogue
    if measured.network is None or measured.site_headroom is None or "sewer_links" not in catalogue:
        return ()
    tie_in = str(measured.site_headroom.table.loc[site, "tie_in"])
    if not tie_in:
        return ()
    links = catalogue.vector("sewer_links").table.geometry
    return tuple(links[links.index.isin(way_to_outfall(measured.network, tie_in))])


def _criteria(result: Result, site: str, lang: Lang) -> str:
    explanation = explanation_of(result, site)
    titles = criterion_titles(result)
    heads = [say(f"case.{name}", lang) for name in ("criterion", "found", "points", "of", "bar")]
    rows = [
        [
            safe_text(titles[part.criterion].to(lang)),
            safe_text(measured_label(result, site, part.criterion, lang)),
            number(part.points, "points"),
            number(part.possible, "points"),
            _bar(part.points / part.possible if part.possible else 0.0),
        ]
        for part in explanation.parts
        if part.points is not None and part.possible is not None
    ]
    return markup_table(heads, rows, numbers={2, 3}) if rows else ""


def _bar(share: float) -> str:
    return f'<div class="bar got"><i style="width:{100 * share:.0f}%"></i></div>'


def _rules(result: Result, site: str, lang: Lang) -> str:
    eligibility = result.eligibility
    rows = []
    for rule in result.measured.rules:
        verdict = Verdict(str(eligibility.verdict.loc[site, rule.id]))
        if verdict in PASSED:
            continue
        reason = eligibility.why_not.get(rule.id)
        observed = observed_text(rule, eligibility.observed.loc[site, rule.id], lang)
        rows.append(
            (
                rule.title.to(lang),
                reason.sentence(lang) if reason else observed,
                "–" if reason else limit_text(rule, eligibility.limit.loc[site, rule.id], lang),
                verdict_text(verdict, eligibility.confidence[rule.id], lang),
            )
        )
    return table([say(f"case.{name}", lang) for name in ("rule", "found", "limit", "verdict")], rows, numbers=set())


def _sewers(result: Result, site: str, lang: Lang) -> str:
    measured = result.measured
    lines = "".join(tag("div", line.strip()) for line in sewer_lines(result, site, lang))
    assessed, sewered = measured.assessed, measured.site_headroom
    if assessed is None or sewered is None or not sewered.table.loc[site, "tie_in"]:
        return lines
    if not measured.brief.need("wastewater_m3_d") > 0:
        return lines
    network = assessed.network
    node = str(sewered.table.loc[site, "tie_in"])
    before = loads_of_elements(network)
    after = loads_of_elements(with_project(network, measured.brief, node))
    room = measured.headroom.by_element if measured.headroom else pd.Series(dtype=float)
    rows = [
        (
            element_name(network, name, lang),
            per_cent(before["utilisation"][name]),
            per_cent(after["utilisation"][name]),
            number(room.get(name, math.nan), "m3_d"),
        )
        for name in way_to_outfall(network, node)
        if name in before.index
    ]
    heads = [say(f"case.{name}", lang) for name in ("element", "before", "after", "room")]
    return lines + table(heads, rows, numbers={1, 2, 3})


def _firm(result: Result, robustness: Robustness | None, lang: Lang) -> str:
    if robustness is None:
        return ""
    return "".join(tag("div", line.strip()) for line in robustness_lines(result, robustness, lang))


def _rivals(result: Result, site: str, lang: Lang) -> str:
    ranked, contributions = result.ranking.table, result.scores.contributions
    if site not in ranked.index or site not in contributions.index:
        return ""
    titles = criterion_titles(result)
    rows = []
    for other, row in ranked.drop(site).head(RIVALS).iterrows():
        gained: Any = (contributions.loc[str(other)] - contributions.loc[site]).dropna()
        ends = ((str(gained.idxmax()), gained.max()), (str(gained.idxmin()), gained.min()))
        rows.append(
            (
                f"{row['rank']}",
                _name(result, str(other), lang),
                number(row["score"], "points"),
                *(say("case.gain", lang, criterion=titles[at], points=Figure(by, "points").signed) for at, by in ends),
            )
        )
    heads = [say(f"case.{name}", lang) for name in ("rank", "site", "score", "better", "worse")]
    return table(heads, rows, numbers={0, 2})


def _layers(result: Result, lang: Lang) -> str:
    catalogue = result.measured.place.catalogue
    weighed = [one for one in result.measured.criteria if result.scores.weights.get(one.id, 0) > 0]
    roles = layers_behind((*weighed, *result.measured.rules))
    rows = [
        (
            passport.title.to(lang),
            say(f"confidence.{passport.confidence.value}", lang),
            f"±{Figure(passport.positional_accuracy_m, 'm', rule='given').spoken(lang)}",
            passport.valid_on.isoformat(),
            passport.version,
        )
        for passport in (catalogue.passport(role) for role in sorted(roles) if role in catalogue)
    ]
    heads = [say(f"case.{name}", lang) for name in ("layer", "confidence", "accuracy", "valid", "version")]
    return table(heads, rows, numbers={2})


def _foot(result: Result, lang: Lang) -> str:
    note = say("case.illustrative", lang) if result.measured.confidence is Confidence.ILLUSTRATIVE else ""
    return note + say("case.foot", lang, version=__version__, run=str(result.manifest["run"])[:16])
