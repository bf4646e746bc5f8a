"""The conflict report: one page to print, in one file that needs nothing beside it.

Comes in: a checked ticket. Goes out: HTML. Must not know: how a conflict was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from xingu_geo import __version__
from xingu_geo.doors.paper.page import markup_table, page, table, tag
from xingu_geo.doors.telling.names import element_name, element_said, placed_name, project_name, site_name
from xingu_geo.doors.telling.ticket_words import closing_lines, load_text, remedy_lines, user_name, verdict_line
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.inert import safe_text
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.ticket import Conflict, Ticket
from xingu_geo.study.run.checking import Checked

# What fits on one page: the users of the worst elements, the largest of them.
DETAILED: Final = 2
USERS: Final = 4


def conflict_report(checked: Checked, lang: Lang, *, phase: str = "") -> str:
    """The report of ``checked`` in ``lang`` as a complete HTML page; no script, nothing fetched from anywhere.

    ``phase`` is what people call the ticket's phase; without it the phase's id is said.
    """
    ticket = checked.ticket
    title = say("report.title", lang)
    projects = _projects(checked.network, ticket, lang)
    body = [
        tag("h1", title),
        f'<p class="verdict {ticket.outcome.value}">{safe_text(verdict_line(ticket, lang))}</p>',
        tag("h2", say("report.projects", lang)),
        projects,
        *_conflicts(checked.network, ticket, lang),
        *(tag("p", line) for line in closing_lines(checked, lang)),
        *_remedies(checked, lang),
        f'<p class="note">{safe_text(_foot(ticket, phase or ticket.phase, lang))}</p>',
    ]
    return page(title, body, lang)


def _projects(network: Network, ticket: Ticket, lang: Lang) -> str:
    heads = [say(f"report.{name}", lang) for name in ("project", "site", "tie_in", "discharge")]
    rows = [
        (project_name(d, lang), site_name(d, lang), element_name(network, d.node, lang), flow.spoken(lang))
        for d, flow in ((d, Figure(d.flow_m3_d, "m3_d")) for d in ticket.discharges)
    ]
    return table(heads, rows, numbers={3})


def _conflicts(network: Network, ticket: Ticket, lang: Lang) -> Iterable[str]:
    if not ticket.conflicts:
        return
    yield tag("h2", say("report.conflicts", lang))
    heads = [say(f"report.{name}", lang) for name in ("element", "required", "available", "missing", "load")]
    rows = [_conflict_row(network, conflict, lang) for conflict in ticket.conflicts]
    cells = [[safe_text(cell) for cell in row] + [_bar(c)] for row, c in zip(rows, ticket.conflicts, strict=True)]
    yield markup_table(heads, cells, numbers={1, 2, 3})
    names = {discharge.id: placed_name(discharge, lang) for discharge in ticket.discharges}
    for conflict in ticket.conflicts[:DETAILED]:
        yield tag("h2", say("report.users", lang, element=element_name(network, conflict.element, lang)))
        yield _users(conflict, names, lang)


def _conflict_row(network: Network, conflict: Conflict, lang: Lang) -> tuple[str, ...]:
    figures = (conflict.required_m3_d, conflict.available_m3_d, conflict.missing_m3_d)
    named = element_said(network, conflict.element, conflict.kind, lang)
    return (named, *(number(figure, "m3_d") for figure in figures))


def _users(conflict: Conflict, names: Mapping[str, str], lang: Lang) -> str:
    heads = [say(f"report.{name}", lang) for name in ("state", "source", "mean", "since")]
    users = conflict.users
    kept = users[users.index.isin(users["mean_m3_d"].nlargest(USERS).index) | (users.index == conflict.since)]
    rows = [
        (
            say(f"ticket.state_{user['state']}", lang),
            user_name(str(load), str(user[f"source_{lang}"]), names, lang),
            number(user["mean_m3_d"], "m3_d"),
            say("report.over", lang) if load == conflict.since else "",
        )
        for load, user in kept.iterrows()
    ]
    left = len(users) - len(kept)
    note = f'<p class="note">{safe_text(say("report.others", lang, count=left))}</p>' if left else ""
    return table(heads, rows, numbers={2}) + note


def _remedies(checked: Checked, lang: Lang) -> Iterable[str]:
    lines = remedy_lines(checked, lang)
    if lines:
        yield tag("h2", lines[0])
        yield "".join(tag("div", line) for line in lines[1:])


def _foot(ticket: Ticket, phase: str, lang: Lang) -> str:
    confidence = say(f"confidence.{ticket.confidence.value}", lang)
    facts = {"phase": phase, "confidence": confidence, "version": __version__, "digest": ticket.digest[:16]}
    return say("report.foot", lang, **facts)


def _bar(conflict: Conflict) -> str:
    share = conflict.demand_l_s / conflict.limit_l_s if conflict.limit_l_s > 0 else float("inf")
    width = min(share, 2.0) * 50
    return f'<div class="bar"><i style="width:{width:.0f}%"></i></div><span class="note">{load_text(conflict)}</span>'
