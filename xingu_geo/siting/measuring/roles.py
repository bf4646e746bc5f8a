"""Which layers a rule or a criterion looks at.

Comes in: a rule or criterion. Goes out: roles. Must not know: whether the place has them.
"""

from __future__ import annotations

from typing import Final

from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.ground.planning.asking import Asking, layers_of
from xingu_geo.ground.planning.zones import ROLES
from xingu_geo.siting.measuring.registry import VERBS

_SITE_ROLES: Final = {"parcel": "parcels", "carrier": "carriers"}


def roles_of(asking: Asking) -> frozenset[str]:
    """The roles of the layers that the answer rests on."""
    needs = VERBS[asking.measure].needs
    if needs == "sewers":
        return frozenset(ROLE_SETS[SEWERS].roles)
    if needs == "sites":
        return frozenset(_SITE_ROLES[kind] for kind in asking.applies_to.sites)
    zones = ROLES.values() if asking.measure == "zone_fit" else ()
    return frozenset((*layers_of(asking.layer, asking.options), *zones))
