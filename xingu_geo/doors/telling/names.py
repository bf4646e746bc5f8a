"""What people call a project on its site, an element, a node: the names sentences use instead of ids.

Comes in: discharges, remedies, a network. Goes out: names in one language. Must not know: what a sentence says of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xingu_geo.ground.base.inert import without_mark
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.discharge import Discharge
from xingu_geo.sewers.relief.remedy import Remedy


def element_name(network: Network, element: str, lang: Lang) -> str:
    """What people call the node or link ``element``: its name with its id, or the id alone."""
    if element not in network.nodes.index and element not in network.links.index:
        return element
    frame = network.nodes if element in network.nodes.index else network.links
    return _with_id(without_mark(frame.loc[element, f"name_{lang}"]), element, lang)


def element_said(network: Network, element: str, kind: str, lang: Lang) -> str:
    """The element by its name, which says what it is; where it has none, its kind and its id."""
    name = element_name(network, element, lang)
    return name if name != element else f"{KINDS[kind].title.to(lang)} {element}"


def project_name(discharge: Discharge, lang: Lang) -> str:
    """What the project of ``discharge`` is called, its id where nobody said."""
    return discharge.project_name.to(lang) or discharge.project


def site_name(discharge: Discharge, lang: Lang) -> str:
    """What the site of ``discharge`` is called, with its id."""
    return _with_id(without_mark(discharge.site_name.to(lang)), discharge.site, lang)


def placed_name(discharge: Discharge, lang: Lang) -> str:
    """The project on its site, as people say it; the load's id where neither has a name."""
    if not discharge.project_name.to(lang) and not discharge.site_name.to(lang):
        return discharge.id
    return say("placed.on", lang, project=project_name(discharge, lang), site=site_name(discharge, lang))


def placed_names(discharges: Iterable[Discharge], lang: Lang) -> str:
    """All of them in one phrase, in the order in which they would be promised."""
    return say("ticket.and", lang).join(placed_name(discharge, lang) for discharge in discharges)


def names_in(
    network: Network, discharges: Iterable[Discharge], remedies: Sequence[Remedy], lang: Lang
) -> dict[str, str]:
    """Every id that ``remedies`` may mention, with what people call it."""
    ends = [link.from_node for remedy in remedies for link in remedy.links]
    elements = {*ends, *(remedy.element for remedy in remedies)} - {""}
    placed = {discharge.id: placed_name(discharge, lang) for discharge in discharges}
    return {element: element_name(network, element, lang) for element in sorted(elements)} | placed


def _with_id(name: str, name_id: str, lang: Lang) -> str:
    return say("placed.with_id", lang, name=name, id=name_id) if name.strip() and name != name_id else name_id
