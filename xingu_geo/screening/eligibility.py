"""The carrier of screening: one column per rule, so a site always knows why it is out.

Comes in: verdicts of the rules. Goes out: :class:`Eligibility`. Must not know: how a rule is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from xingu_geo.catalogue.passport import Confidence


class Verdict(StrEnum):
    """What one rule says of one site.

    ``unknown``: the layer is there but says nothing of this site (an unsewered parcel). ``not_assessed``: the place
    has no such layer, or the brief no such figure; nothing is excluded for it, and every report says so.
    """

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FLAG = "flag"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Screening's result.

    ``verdict``, ``observed`` and ``limit`` are frames of site_id × rule id: the verdict, the measured figure
    (a number or text; None where there is none) and the limit it was held against. ``confidence`` is per rule.
    ``eligible`` is False where a rule of severity ``exclude`` says ``fail`` or ``unknown``.
    """

    verdict: pd.DataFrame
    observed: pd.DataFrame
    limit: pd.DataFrame
    severity: Mapping[str, str]
    confidence: Mapping[str, Confidence]
    digest: str

    @property
    def eligible(self) -> pd.Series[bool]:
        """Whether each site passes every excluding rule."""
        hard = [rule for rule in self.verdict.columns if self.severity[rule] == "exclude"]
        out = self.verdict[hard].isin((Verdict.FAIL, Verdict.UNKNOWN)).any(axis="columns")
        return ~out

    def reasons(self, site_id: str) -> list[str]:
        """The ids of the rules that put ``site_id`` out, in the order of the rules."""
        row = self.verdict.loc[site_id]
        return [
            str(rule)
            for rule in self.verdict.columns
            if self.severity[str(rule)] == "exclude" and row[rule] in (Verdict.FAIL, Verdict.UNKNOWN)
        ]
