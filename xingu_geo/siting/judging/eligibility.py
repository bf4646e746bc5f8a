"""The carrier of screening: one column per rule, so a site always knows why it is out.

Comes in: verdicts of the rules. Goes out: :class:`Eligibility`. Must not know: how a rule is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.siting.measuring.verb import Absent


class Verdict(StrEnum):
    """What one rule says of one site.

    ``unknown``: the layer is there but says nothing of this site (an unsewered parcel). ``not_assessed``: the place
    has no such layer, or the brief no such figure; nothing is excluded for it, and every report says so.
    ``not_applicable``: the rule does not concern this kind of site or project (a plot's area for a project that rents
    floors).
    """

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FLAG = "flag"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"


OUT = (Verdict.FAIL, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Screening's result.

    ``verdict``, ``observed`` and ``limit`` are frames of site_id × rule id: the verdict, the measured figure
    (a number or text; None where there is none) and the limit it was held against. ``confidence`` is per rule.
    ``eligible`` is False where a rule of severity ``exclude`` says ``fail`` or ``unknown``.

    ``unit`` of observed and limit, ``kind`` (``land``, ``environment``, ``capacity``) and, where a rule could not be
    applied, ``why_not`` are by rule. ``left_out`` counts, by rule and reason, features that could not be considered.
    """

    verdict: pd.DataFrame
    observed: pd.DataFrame
    limit: pd.DataFrame
    severity: Mapping[str, str]
    confidence: Mapping[str, Confidence]
    digest: str
    unit: Mapping[str, str] = field(default_factory=dict)
    kind: Mapping[str, str] = field(default_factory=dict)
    why_not: Mapping[str, Absent] = field(default_factory=dict)
    left_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def eligible(self) -> pd.Series[bool]:
        """Whether each site passes every excluding rule."""
        return ~self._out(None)

    @property
    def waits_for_capacity(self) -> pd.Series[bool]:
        """Whether each site is out for measured lack of capacity alone: usable once the trunk is upgraded.

        A site that also fails a rule of land or environment is out for good, and one whose capacity is unknown (no
        sewer near) is not said to wait for an upgrade.
        """
        capacity = [rule for rule in self.verdict.columns if self._is_hard(rule) and self.kind.get(rule) == "capacity"]
        full = (self.verdict[capacity] == Verdict.FAIL).any(axis="columns")
        unknown = (self.verdict[capacity] == Verdict.UNKNOWN).any(axis="columns")
        return full & ~unknown & ~self._out("capacity")

    def reasons(self, site_id: str) -> list[str]:
        """The ids of the rules that put ``site_id`` out, in the order of the rules."""
        row = self.verdict.loc[site_id]
        return [str(rule) for rule in self.verdict.columns if self._is_hard(rule) and row[rule] in OUT]

    def flags(self, site_id: str) -> list[str]:
        """The ids of the rules that raise a flag on ``site_id``, in the order of the rules."""
        row = self.verdict.loc[site_id]
        return [str(rule) for rule in self.verdict.columns if row[rule] == Verdict.FLAG]

    def _is_hard(self, rule: object) -> bool:
        return self.severity[str(rule)] == "exclude"

    def _out(self, except_kind: str | None) -> pd.Series[bool]:
        hard = [
            rule
            for rule in self.verdict.columns
            if self._is_hard(rule) and (except_kind is None or self.kind.get(rule) != except_kind)
        ]
        return self.verdict[hard].isin(OUT).any(axis="columns")
