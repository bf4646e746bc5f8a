"""The carriers of ranking.

Comes in: scores and ranks. Goes out: :class:`Scores`, :class:`Ranking`. Must not know: how they were computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


def _nobody() -> pd.Series[str]:
    return pd.Series(dtype="str", index=pd.Index([], name="site_id", dtype="str"), name="reason")


@dataclass(frozen=True, slots=True)
class Scores:
    """A score in [0, 100] for every site, eligible or not, and what it is made of.

    ``score`` is NaN where the missing policy ``exclude`` leaves a site out, and, for methods that compare the
    candidates with each other, where a site is no candidate. ``contributions`` (site_id × criterion, score points)
    sum to ``score`` for additive methods; it is empty for the others. ``weights`` are the effective weights,
    normalised to 1 over the assessed criteria (after the trust discount of the policy ``confidence``).
    ``missing`` counts the weighted criteria a site has no value for. ``not_assessed`` names criteria that were
    given a weight but whose layer the place does not have: their weight went to the others. ``risk`` is the risk
    attitude the method was given (OWA only; 0.5 elsewhere).
    """

    score: pd.Series[float]
    contributions: pd.DataFrame
    weights: Mapping[str, float]
    missing: pd.Series[int]
    method: str
    missing_policy: str
    not_assessed: tuple[str, ...] = ()
    risk: float = 0.5


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks of the eligible sites, best first.

    ``table`` is indexed by site_id in rank order (ties in the order of the id) with ``rank`` (1 = best, joint
    places share the smaller number: 1, 1, 3), ``is_tied`` and ``score``. ``unranked`` says of every other site
    why it has no rank: ``ineligible`` (a rule excludes it), ``missing`` (no score, for lack of a value).
    """

    table: pd.DataFrame
    unranked: pd.Series[str] = field(default_factory=_nobody)
