"""The conflict ticket in words and as a document.

Comes in: a checked ticket. Goes out: sentences or a plain mapping. Must not know: how a conflict was found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from xingu_geo.doors.telling.names import element_name, element_said, names_in, placed_name, placed_names
from xingu_geo.doors.telling.remedy_words import remedy_sentence
from xingu_geo.doors.telling.sewer_words import warranty
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import Figure, number, per_cent
from xingu_geo.ground.base.inert import without_mark
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.phases import Phase
from xingu_geo.sewers.relief.remedy import Remedy
from xingu_geo.sewers.relief.ticket import Conflict, Outcome, Ticket
from xingu_geo.study.run.checking import Checked

USERS_SHOWN = 5
LOAD_SHOWN = 100


def verdict_line(ticket: Ticket, lang: Lang) -> str:
    """Whether it fits; a verdict on illustrative layers says so and never just "passes"."""
    names = placed_names(ticket.discharges, lang)
    said = say(f"ticket.{ticket.outcome.value}", lang, names=names, count=len(ticket.conflicts))
    note = warranty(ticket.confidence).to(lang)
    return said + (say("ticket.note", lang, note=note) if note else "")


def ticket_lines(checked: Checked, lang: Lang) -> list[str]:
    """The verdict, each conflict with its figures and users, the fewest placements that clash, the ways out."""
    ticket, network = checked.ticket, checked.network
    lines = [verdict_line(ticket, lang)]
    names = {discharge.id: placed_name(discharge, lang) for discharge in ticket.discharges}
    for conflict in ticket.conflicts:
        lines += conflict_lines(network, conflict, names, lang)
    return lines + closing_lines(checked, lang) + remedy_lines(checked, lang)


def closing_lines(checked: Checked, lang: Lang) -> list[str]:
    """The fewest placements that clash, what could not be judged, and how later phases carry it, where they exist."""
    ticket, lines = checked.ticket, []
    names = {discharge.id: placed_name(discharge, lang) for discharge in ticket.discharges}
    if len(ticket.together) > 1:
        key = "ticket.together" if ticket.is_fewest else "ticket.together_found"
        lines.append(say(key, lang, names=say("ticket.and", lang).join(names[one] for one in ticket.together)))
    if ticket.outcome is Outcome.UNKNOWN:
        unknown = (element_name(checked.network, name, lang) for name in ticket.unknown)
        lines.append(say("ticket.unknown_elements", lang, elements=say("ticket.and", lang).join(unknown)))
    if checked.later:
        told = say("ticket.later_join", lang).join(_later(checked.network, *one, lang) for one in checked.later)
        lines.append(say("ticket.later", lang, phases=told))
    return lines


def _later(network: Network, phase: Phase, ticket: Ticket, lang: Lang) -> str:
    worst = ticket.conflicts[0] if ticket.conflicts else None
    return say(
        f"ticket.later_{ticket.outcome.value}",
        lang,
        phase=phase.title.to(lang),
        count=len(ticket.conflicts),
        missing=Figure(worst.missing_m3_d if worst else 0.0, "m3_d"),
        element=element_name(network, worst.element, lang) if worst else "",
    )


def remedy_sentences(checked: Checked, lang: Lang) -> list[str]:
    """Each way out in a sentence, in their order."""
    names = names_in(checked.network, checked.ticket.discharges, checked.remedies, lang)
    return [remedy_sentence(remedy, lang, names) for remedy in checked.remedies]


def remedy_lines(checked: Checked, lang: Lang) -> list[str]:
    """The ways out, numbered."""
    numbered = enumerate(remedy_sentences(checked, lang), start=1)
    lines = [say("ticket.remedy", lang, number=number, sentence=sentence) for number, sentence in numbered]
    return [say("ticket.remedies", lang), *lines] if lines else []


def ticket_document(checked: Checked) -> dict[str, Any]:
    """The same facts under stable keys."""
    ticket = checked.ticket
    return {
        "outcome": ticket.outcome.value,
        "confidence": ticket.confidence.value,
        "illustrative_only": ticket.confidence is Confidence.ILLUSTRATIVE,
        "phase": ticket.phase,
        "digest": ticket.digest,
        "discharges": [
            {
                "project": discharge.project,
                "site": discharge.site,
                "tie_in": discharge.node,
                "flow_m3_d": discharge.flow_m3_d,
                "domestic_share": discharge.effluent.domestic_share,
                "industrial_peaking": discharge.effluent.industrial_peaking,
            }
            for discharge in ticket.discharges
        ],
        "conflicts": [_conflict_document(conflict) for conflict in ticket.conflicts],
        "together": list(ticket.together),
        "is_fewest": ticket.is_fewest,
        "unknown": list(ticket.unknown),
        "remedies": [_remedy_document(remedy) for remedy in checked.remedies],
        "later": [
            {
                "phase": phase.id,
                "outcome": ticket.outcome.value,
                "conflicts": [_conflict_document(conflict) for conflict in ticket.conflicts],
            }
            for phase, ticket in checked.later
        ],
    }


def _remedy_document(remedy: Remedy) -> dict[str, Any]:
    return {
        "kind": remedy.kind.value,
        "project": remedy.project,
        "element": remedy.element,
        "figure": remedy.figure,
        "unit": remedy.unit,
        "missing_m3_d": remedy.missing_m3_d,
        "is_enough": remedy.is_enough,
        "cost_10k_cny": remedy.cost_10k_cny,
    }


def _conflict_document(conflict: Conflict) -> dict[str, Any]:
    users = conflict.users.reset_index(names="load").astype(object)
    return {
        "element": conflict.element,
        "kind": conflict.kind,
        "name_zh": conflict.name.zh,
        "name_en": conflict.name.en,
        "required_m3_d": conflict.required_m3_d,
        "available_m3_d": conflict.available_m3_d,
        "missing_m3_d": conflict.missing_m3_d,
        "demand_l_s": conflict.demand_l_s,
        "limit_l_s": conflict.limit_l_s,
        "since": conflict.since,
        "used_m3_d": dict(conflict.used_m3_d),
        "users": users.where(users.notna(), None).to_dict("records"),
    }


def load_text(conflict: Conflict) -> str:
    """How full the element would be, in per cent; past all bounds where it carries next to nothing."""
    share = conflict.demand_l_s / conflict.limit_l_s if conflict.limit_l_s > 0 else math.inf
    return per_cent(share) if share < LOAD_SHOWN else "∞"


def user_name(load: str, source: str, names: Mapping[str, str], lang: Lang) -> str:
    """What a user of an element is called: a placement by its names, another load by its source with its id."""
    said = names.get(load, without_mark(source))
    return said if load in names or not said else say("placed.with_id", lang, name=said, id=load)


def conflict_lines(network: Network, conflict: Conflict, names: Mapping[str, str], lang: Lang) -> list[str]:
    """One conflict with its figures, what is in use, since when, and its largest users."""
    lines = [
        say(
            "ticket.element",
            lang,
            element=element_said(network, conflict.element, conflict.kind, lang),
            required=number(conflict.required_m3_d, "m3_d"),
            available=number(conflict.available_m3_d, "m3_d"),
            missing=Figure(conflict.missing_m3_d, "m3_d"),
            demand=number(conflict.demand_l_s, "l_s"),
            limit=Figure(conflict.limit_l_s, "l_s"),
        ),
        say("ticket.used", lang, **{state: number(flow, "m3_d") for state, flow in conflict.used_m3_d.items()}),
    ]
    if conflict.since:
        source = str(conflict.users.loc[conflict.since, f"source_{lang}"])
        lines.append(say("ticket.since", lang, user=user_name(conflict.since, source, names, lang)))
    largest = conflict.users.sort_values("mean_m3_d", ascending=False, kind="stable").head(USERS_SHOWN)
    for load, user in largest.iterrows():
        named = user_name(str(load), str(user[f"source_{lang}"]), names, lang)
        facts = {"user": named, "flow": Figure(user["mean_m3_d"], "m3_d")}
        lines.append(say("ticket.user", lang, state=say(f"ticket.state_{user['state']}", lang), **facts))
    return lines
