"""What is wrong with a surveyed network: every fault with its element and what to do about it.

Comes in: node, link and load tables, however broken. Goes out: faults, worst first. Must not know: hydraulics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import DEFAULT_LANG, Lang, say
from xingu_geo.sewers.network.frames import LINKS, LOADS, NODES, complaints_of, doubled_ids, shaped
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.survey.faults.found import Found
from xingu_geo.sewers.survey.faults.of_drawing import ends, lengths, twins
from xingu_geo.sewers.survey.faults.of_flow import cycles, ways
from xingu_geo.sewers.survey.faults.of_levels import covers, inverts, slopes, steps
from xingu_geo.sewers.survey.faults.of_sizes import diameters, equipment, materials

Check = Callable[[pd.DataFrame, pd.DataFrame, Norms], list[Found]]
CHECKS: Final[tuple[Check, ...]] = (
    *(ends, twins, lengths),
    *(inverts, slopes, steps, covers),
    *(diameters, materials, equipment),
    *(cycles, ways),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one element.

    An ``error`` leaves no way to compute and stops a run; a ``finding`` looks wrong, is computed around as the
    sentence says, and stays on every report.
    """

    code: str
    element: str
    severity: Literal["error", "finding"]
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang = DEFAULT_LANG) -> str:
        """One sentence: which element, what was found, what to do."""
        group = "error" if self.severity == "error" else "fault"
        return say(f"{group}.{self.code}", lang, element=self.element, **self.facts)


def faults_of(nodes: pd.DataFrame, links: pd.DataFrame, loads: pd.DataFrame, *, norms: Norms) -> tuple[Fault, ...]:
    """Every fault of the tables, errors first, then by code and element."""
    tables = [shaped(nodes, NODES), shaped(links, LINKS), shaped(loads, LOADS)]
    errors = [_error(complaint) for complaint in doubled_ids(*tables)]
    # The first of a doubled id stands for it in every other check, so that one fault is not reported as ten.
    first = [table[~table.index.duplicated()] for table in tables]
    errors += [_error(complaint) for complaint in complaints_of(*first)]
    found = [fault for check in CHECKS for fault in check(first[0], first[1], norms)]
    errors += [Fault(one.code, one.element, "error", one.facts) for one in found if one.is_error]
    findings = [Fault(one.code, one.element, "finding", one.facts) for one in found if not one.is_error]
    return (*sorted(errors, key=_place), *sorted(findings, key=_place))


def faults_in(network: Network) -> tuple[Fault, ...]:
    """The findings of a network that could be made."""
    return faults_of(network.nodes, network.links, network.loads, norms=network.norms)


def _place(fault: Fault) -> tuple[str, str]:
    return fault.code, fault.element


def _error(complaint: XinguError) -> Fault:
    facts = complaint.facts
    element = next(str(facts[key]) for key in ("link", "id", "load", "node") if key in facts)
    return Fault(complaint.code, element, "error", facts)
