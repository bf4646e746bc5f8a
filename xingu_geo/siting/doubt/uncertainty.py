"""Values that are not certain: scenarios, ranges, or anything drawn.

Comes in: frames of values, site_id × criterion. Goes out: matrices, each with the draws it holds for.
Must not know: why a value is uncertain, weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats, Ints
from xingu_geo.ground.base.errors import XinguError


@dataclass(frozen=True, slots=True)
class Scenarios:
    """A few whole worlds, such as low, typical and high demand: each draw lives in one of them.

    ``values`` are frames of site_id × criterion, or :class:`Ranges` where values are uncertain within a scenario too.
    A site that a scenario does not have, or has with a gap, is not ranked in that scenario: so a demand under which
    it is no longer eligible is told by leaving it out. ``shares`` are relative. All errors that move sites together
    (one demand, one shifted layer) belong here.
    """

    values: tuple[pd.DataFrame | Ranges, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Each value somewhere between ``low`` and ``high``, independently of all others.

    Frames of site_id × criterion; with ``likely`` the draws are triangular around it, without even. Errors of each
    site alone (a digitised edge) belong here.
    """

    low: pd.DataFrame
    high: pd.DataFrame
    likely: pd.DataFrame | None = None


DrawValues = Callable[[int, np.random.Generator], pd.DataFrame]
"""``(draw, generator) -> values``, site_id × criterion, for every other kind of uncertainty."""

Uncertainty = Scenarios | Ranges | DrawValues


def sites_of(base: pd.DataFrame, uncertainty: Uncertainty | None) -> pd.Index[str]:
    """Every site that may be ranked in some draw, in the order of the id."""
    index = base.index
    if isinstance(uncertainty, Scenarios):
        for world in uncertainty.values:
            index = index.union(world.low.index if isinstance(world, Ranges) else world.index)
    return index.sort_values()


def value_groups(
    base: pd.DataFrame,
    uncertainty: Uncertainty | None,
    *,
    sites: pd.Index[str],
    draws: int,
    rng: np.random.Generator,
) -> Iterator[tuple[Floats, Ints]]:
    """Matrices over ``sites`` and the columns of ``base``, each with the draws it holds for; together all draws."""

    def _aligned(frame: pd.DataFrame) -> Floats:
        if frame.index.equals(sites) and frame.columns.equals(base.columns):
            return frame.to_numpy(dtype=float)
        missing = [str(name) for name in base.columns if name not in frame.columns]
        if missing:
            raise XinguError("uncertainty_lacks", names=", ".join(missing))
        return frame.reindex(index=sites, columns=base.columns).to_numpy(dtype=float)

    if uncertainty is None:
        yield _aligned(base), np.arange(draws)
    elif isinstance(uncertainty, Scenarios):
        shares = _shares(uncertainty)
        lot = rng.choice(len(shares), size=draws, p=shares)
        for place, world in enumerate(uncertainty.values):
            chosen = np.flatnonzero(lot == place)
            if isinstance(world, Ranges):
                yield from _ranged(world, _aligned, chosen, rng)
            else:
                yield _aligned(world), chosen
    elif isinstance(uncertainty, Ranges):
        yield from _ranged(uncertainty, _aligned, np.arange(draws), rng)
    else:
        for draw in range(draws):
            yield _aligned(uncertainty(draw, rng)), np.array([draw])


def _shares(scenarios: Scenarios) -> Floats:
    shares = np.array(scenarios.shares, dtype=float)
    if len(shares) != len(scenarios.values) or not np.isfinite(shares).all() or (shares < 0).any() or not shares.sum():
        raise XinguError("scenario_shares", shares=len(shares), scenarios=len(scenarios.values))
    return np.asarray(shares / shares.sum())


def _ranged(
    ranges: Ranges, aligned: Callable[[pd.DataFrame], Floats], draws: Ints, rng: np.random.Generator
) -> Iterator[tuple[Floats, Ints]]:
    low, high = aligned(ranges.low), aligned(ranges.high)
    if (low > high).any():
        raise XinguError("range_reversed", count=int((low > high).sum()))
    likely = None if ranges.likely is None else np.clip(aligned(ranges.likely), low, high)
    # Only what varies is drawn: most values are usually certain.
    cells = np.nonzero(high > low)
    values = low.copy()
    for draw in draws:
        if likely is None:
            values[cells] = rng.uniform(low[cells], high[cells])
        else:
            values[cells] = rng.triangular(low[cells], likely[cells], high[cells])
        yield values, np.array([draw])
