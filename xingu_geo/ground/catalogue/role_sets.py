"""Role sets: layers that are one thing together, so that a layer of another place never shows through one of them.

Comes in: the roles a place fills. Goes out: which sets it holds only in part, and that in words.
Must not know: what the layers hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual, say

SEWERS: Final = "sewers"


@dataclass(frozen=True, slots=True)
class RoleSet:
    """Roles that describe one thing, each by its short name; the set is of use once every ``required`` one is there."""

    title: Bilingual
    required: Mapping[str, Bilingual]
    optional: Mapping[str, Bilingual]

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role of the set, the required ones first."""
        return (*self.required, *self.optional)

    def missing(self, roles: Collection[str]) -> tuple[str, ...]:
        """The required roles that are not among ``roles``."""
        return tuple(role for role in self.required if role not in roles)

    def words(self, roles: Iterable[str]) -> Bilingual:
        """The short names of ``roles`` in a row, in the set's own order."""
        short = {**self.required, **self.optional}
        wanted = set(roles)
        named = [name for role, name in short.items() if role in wanted]
        return Bilingual(
            say("role_set.join", "zh").join(name.zh for name in named),
            say("role_set.join", "en").join(name.en for name in named),
        )


ROLE_SETS: Final[Mapping[str, RoleSet]] = MappingProxyType(
    {
        SEWERS: RoleSet(
            title=Bilingual("污水管网", "sewer layers"),
            required={
                "sewer_nodes": Bilingual("节点", "nodes"),
                "sewer_links": Bilingual("管段", "links"),
                "sewer_loads": Bilingual("负荷", "loads"),
            },
            optional={"sewer_upgrades": Bilingual("扩建计划", "upgrades")},
        )
    }
)


def sets_of(roles: Iterable[str]) -> tuple[str, ...]:
    """The sets of which at least one role is among ``roles``."""
    present = set(roles)
    return tuple(name for name, one in ROLE_SETS.items() if present & set(one.roles))


def incomplete_sets(roles: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Each set that ``roles`` fill only in part, with the required roles it lacks."""
    lacking = {name: ROLE_SETS[name].missing(roles) for name in sets_of(roles)}
    return MappingProxyType({name: missing for name, missing in lacking.items() if missing})


def incomplete_error(name: str, missing: Iterable[str]) -> XinguError:
    """The refusal of a question to a set that lacks ``missing``."""
    one = ROLE_SETS[name]
    return XinguError("set_incomplete", title=one.title, missing=one.words(missing))
