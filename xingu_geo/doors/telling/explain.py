"""One site explained in full: its place, its rules, its sewer, as sentences and as a document.

Comes in: a result and a site. Goes out: sentences or a plain mapping. Must not know: how a number was found.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from xingu_geo.doors.telling.criterion_words import left_out_text, raw_text
from xingu_geo.doors.telling.names import element_name
from xingu_geo.doors.telling.result_words import criterion_titles, rule_titles, why
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.say import LANGS, Lang, say
from xingu_geo.ground.base.units import M3_D_PER_L_S
from xingu_geo.sewers.network.fit import FitState
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.study.run.carrying import loads_of_elements, way_to_outfall
from xingu_geo.study.run.defending import explanation_of
from xingu_geo.study.run.result import Result


def explanation_lines(result: Result, site: str, lang: Lang) -> list[str]:
    """The sentence why, the points of every criterion, the flags, and what the sewer carries."""
    explanation = explanation_of(result, site)
    titles = criterion_titles(result)
    zone = result.measured.zones.spoken(site, lang)
    lines = [say("explain.site", lang, site=_name(result, site, lang), zone=zone), why(result, explanation, lang)]
    lines += [
        say(
            "explain.part",
            lang,
            criterion=titles[part.criterion].to(lang),
            points=number(part.points, "points"),
            possible=number(part.possible, "points"),
            raw=measured_label(result, site, part.criterion, lang),
        )
        for part in explanation.parts
        if part.points is not None and part.possible is not None
    ]
    flagged = {rule.id: rule for rule in result.measured.rules}
    lines += [
        say("explain.flag", lang, rule=rule_titles(result)[rule].to(lang), advice=flagged[rule].advice.to(lang))
        for rule in explanation.flags
    ]
    return lines + sewer_lines(result, site, lang)


def explanation_document(result: Result, site: str) -> dict[str, object]:
    """The same facts under stable keys; ``sewer`` is None where the place has no sewer layers."""
    explanation = explanation_of(result, site)
    return {
        "site": site,
        "project": result.brief.project,
        **{f"why_{lang}": why(result, explanation, lang) for lang in LANGS},
        "explanation": asdict(explanation),
        "rules": {
            rule: {
                "verdict": str(result.eligibility.verdict.loc[site, rule]),
                "observed": result.eligibility.observed.loc[site, rule],
                "limit": result.eligibility.limit.loc[site, rule],
            }
            for rule in result.eligibility.verdict.columns
        },
        "sewer": _sewer(result, site),
        "confidence": result.measured.confidence.value,
        "run": result.manifest["run"],
    }


def _sewer(result: Result, site: str) -> dict[str, Any] | None:
    measured = result.measured
    if measured.site_headroom is None or measured.assessed is None or measured.headroom is None:
        return None
    row: dict[str, Any] = {str(name): cell for name, cell in measured.site_headroom.table.loc[site].items()}
    discharge = measured.brief.need("wastewater_m3_d")
    fit = measured.site_headroom.fit_at(site, discharge)
    document: dict[str, Any] = {**row, "fit": fit.state.value, "discharge_m3_d": discharge}
    document["to_come"] = _to_come(result, site)
    if row["state"] != "sewered":
        return document
    network, binding = measured.assessed.network, str(row["binding"])
    elements = loads_of_elements(network, measured.headroom.effluent)
    if binding in elements.index:
        document["binding_element"] = {"id": binding} | elements.loc[[binding]].to_dict("records")[0]
    document["path"] = [element for element in way_to_outfall(network, str(row["tie_in"])) if element in elements.index]
    document["missing_m3_d"] = fit.missing_m3_d
    return document


def _to_come(result: Result, site: str) -> list[dict[str, Any]]:
    """What each later phase leaves at ``site``, in the order of the phases."""
    outlook, need = result.measured.outlook, result.brief.need("wastewater_m3_d")
    return [
        {"phase": phase.id, "headroom_m3_d": room, "fit": fit.state.value, "binding": fit.binding}
        for phase, room, fit in (outlook.at(site, need) if outlook else ())
    ]


def sewer_lines(result: Result, site: str, lang: Lang) -> list[str]:
    """Where the site ties in, whether the project fits and what binds, now and in the phases to come."""
    sewer = _sewer(result, site)
    if sewer is None:
        return [say("explain.sewer_none", lang)]
    distance = Figure(sewer["distance_m"], "m")
    if sewer["state"] != "sewered":
        return [say("explain.sewer_unsewered", lang, distance=distance)]
    network = result.measured.network
    if network is None or "binding_element" not in sewer:
        return [say("explain.sewer_unlimited", lang, tie_in=sewer["tie_in"])]
    binding = sewer["binding_element"]
    is_told = sewer["fit"] != FitState.UNKNOWN or math.isnan(sewer["headroom_m3_d"])
    return [
        say("explain.sewer_path", lang, tie_in=sewer["tie_in"], distance=distance, count=len(sewer["path"])),
        say(
            f"explain.sewer_{sewer['fit']}" if is_told else "explain.sewer_room",
            lang,
            binding=element_name(network, binding["id"], lang),
            load=_load(binding, lang),
            **{name: Figure(sewer[f"{name}_m3_d"], "m3_d") for name in ("headroom", "discharge", "missing")},
        ),
        *_lines_to_come(result, site, lang),
    ]


def _load(element: dict[str, Any], lang: Lang) -> str:
    """How full an element is: a plant by its mean day, everything else by its peak."""
    key = "explain.load_mean" if KINDS[element["kind"]].is_mean else "explain.load_peak"
    return say(
        key,
        lang,
        percent=number(element["utilisation"], "share"),
        peak=number(element["peak_l_s"], "l_s"),
        capacity=Figure(element["capacity_l_s"], "l_s"),
        mean=number(element["mean_m3_d"], "m3_d"),
        capacity_m3_d=Figure(element["capacity_l_s"] * M3_D_PER_L_S, "m3_d"),
    )


def _lines_to_come(result: Result, site: str, lang: Lang) -> list[str]:
    """One line of what later phases leave, each with its room and, where it does not fit, who binds."""
    network, outlook = result.measured.network, result.measured.outlook
    if outlook is None or network is None:
        return []
    need = result.brief.need("wastewater_m3_d")
    parts = [
        say(
            f"explain.phase_{fit.state}",
            lang,
            phase=phase.title.to(lang),
            room=_room(Figure(room, "m3_d"), lang),
            binding=element_name(network, fit.binding, lang) if fit.binding else "–",
        )
        for phase, room, fit in outlook.at(site, need)
    ]
    return [say("explain.to_come", lang, phases=say("explain.phase_join", lang).join(parts))]


def _room(room: Figure, lang: Lang) -> str:
    return room.spoken(lang) if math.isnan(room.value) else say("explain.room", lang, room=room)


def _name(result: Result, site: str, lang: Lang) -> str:
    return f"{site} {result.sites.table.loc[site, f'name_{lang}']}".strip()


def measured_label(result: Result, site: str, criterion: str, lang: Lang, *, whole: bool = True) -> str:
    """What was measured at ``site``, with its unit; of a class criterion the word, as people say it.

    The ``whole`` of it also says how many features could not be considered, such as firms nobody has located.
    """
    spec = next(item for item in result.measured.criteria if item.id == criterion)
    figure = raw_text(result.matrix, spec, site, lang)
    left_out = left_out_text(result.matrix, criterion, lang) if whole else ""
    return say("explain.but", lang, figure=figure, left_out=left_out) if left_out else figure
