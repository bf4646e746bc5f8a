"""The cheapest works in words and as a document.

Comes in: an upgrade plan. Goes out: sentences or a plain mapping. Must not know: how it was found.
"""

from __future__ import annotations

from typing import Any

from xingu_geo.doors.telling.names import element_name, placed_names
from xingu_geo.doors.telling.sewer_words import warranty
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.upgrades import UpgradePlan


def upgrade_lines(network: Network, plan: UpgradePlan, lang: Lang) -> list[str]:
    """What to build, what it costs, whether that is proven cheapest; or what nothing on the market can mend."""
    names = placed_names(plan.discharges, lang)
    note = warranty(plan.confidence).to(lang)
    if not plan.is_possible:
        lost = say("ticket.and", lang).join(element_name(network, name, lang) for name in plan.unresolved)
        lines = [say("upgrade.impossible", lang, names=names, elements=lost)]
    elif not plan.upgrades:
        lines = [say("upgrade.none", lang, names=names)]
    else:
        key = "upgrade.plan_proven" if plan.is_cheapest else "upgrade.plan"
        lines = [say(key, lang, names=names, count=len(plan.upgrades), cost=Figure(plan.cost_10k_cny, "10k_cny"))]
        lines += [
            say(
                f"upgrade.{upgrade.works}",
                lang,
                element=element_name(network, upgrade.element, lang),
                figure=number(upgrade.figure, "whole"),
                cost=Figure(upgrade.cost_10k_cny, "10k_cny"),
            )
            for upgrade in plan.upgrades
        ]
    return [*lines, note] if note else lines


def upgrade_document(plan: UpgradePlan) -> dict[str, Any]:
    """The same facts under stable keys, with every element before and after."""
    table = plan.table[plan.table["is_changed"]].astype(object)
    return {
        "is_possible": plan.is_possible,
        "is_cheapest": plan.is_cheapest,
        "cost_10k_cny": plan.cost_10k_cny,
        "confidence": plan.confidence.value,
        "upgrades": [
            {
                "element": upgrade.element,
                "works": str(upgrade.works),
                "figure": upgrade.figure,
                "cost_10k_cny": upgrade.cost_10k_cny,
            }
            for upgrade in plan.upgrades
        ],
        "unresolved": list(plan.unresolved),
        "elements": {str(name): dict(row) for name, row in table.where(table.notna(), None).iterrows()},
    }
