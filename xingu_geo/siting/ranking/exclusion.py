"""Why a site is out, and by how much.

Comes in: an ``Eligibility``. Goes out: its failures of one site, nearest first.
Must not know: how a rule is measured, scores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.siting.judging.eligibility import Eligibility, Verdict


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule that keeps a site out.

    ``observed`` and ``limit`` are as screening gave them (number, text or None), in ``unit``. ``short_by`` is the
    distance between the two in that unit, ``short_share`` the same as a share of the limit; both None where one of
    the two is no number (a land-use class, an unknown headroom).
    """

    rule: str
    verdict: Verdict
    observed: float | str | None
    limit: float | str | None
    unit: str
    short_by: float | None
    short_share: float | None
    confidence: Confidence


def failures(eligibility: Eligibility, *, site_id: str) -> tuple[Failure, ...]:
    """The excluding rules that ``site_id`` fails, nearest to passing first; those that cannot be measured last.

    Near is meant as a share of the limit, the only measure in which metres and cubic metres compare.
    """
    found = [_failure(eligibility, site_id, rule) for rule in eligibility.reasons(site_id)]
    # sorted() is stable, so rules that cannot be measured keep the order of the rules.
    return tuple(sorted(found, key=lambda f: math.inf if f.short_share is None else f.short_share))


def _failure(eligibility: Eligibility, site_id: str, rule: str) -> Failure:
    observed = figure(eligibility.observed.loc[site_id, rule])
    limit = figure(eligibility.limit.loc[site_id, rule])
    short_by = short_share = None
    if isinstance(observed, float) and isinstance(limit, float):
        short_by = abs(observed - limit)
        short_share = short_by / abs(limit) if limit else math.inf
    return Failure(
        rule=rule,
        verdict=Verdict(str(eligibility.verdict.loc[site_id, rule])),
        observed=observed,
        limit=limit,
        unit=eligibility.unit.get(rule, ""),
        short_by=short_by,
        short_share=short_share,
        confidence=eligibility.confidence[rule],
    )


def figure(cell: object) -> float | str | None:
    """``cell`` as a number or a word; None where it says nothing (None, NaN)."""
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
        number = float(cell)
        return None if math.isnan(number) else number
    return None if cell is None else str(cell)
