"""How likely each element is to be exceeded, when loads may turn out lower or higher than stated.

Comes in: an assessed network, a seed. Goes out: a table by element. Must not know: sites.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtr

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.fit import exceeds
from xingu_geo.sewers.network.flows import Flows, at_nodes, loads_one_by_one, through_elements
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.stations import with_running_pumps
from xingu_geo.sewers.network.utilisation import shares_used

_CELLS: Final = 2_000_000  # draws times elements carried down at once; keeps a large network within memory
_Z_95: Final = 1.959964


def exceedance_of(
    assessed: Assessed, *, seed: int, samples: int | None = None, common_share: float | None = None
) -> pd.DataFrame:
    """The probability that each link, station and plant is over its limit, indexed by element id.

    Columns: ``probability`` (NaN where the limit is unknown), ``error`` (half-width of its 95 % interval, Wilson's,
    from the number of draws), ``utilisation_low``, ``utilisation_typical``, ``utilisation_high`` (all loads at their
    low, stated, high figure together).

    Each load is triangular between its low and high share; a part ``common_share`` of what moves it is common to all
    loads, the rest its own (docs/decisions/0026). Infiltration that was measured stays as measured.
    """
    network, knowledge = assessed.network, assessed.network.norms.uncertainty
    draws = knowledge.samples if samples is None else samples
    common = knowledge.common_share if common_share is None else common_share
    low, high = _spread(network)
    rng = np.random.default_rng(seed)
    over = np.zeros(len(network.elements))
    batch = max(1, _CELLS // max(1, over.size))
    for begun in range(0, draws, batch):
        uniform = _uniform(rng, min(batch, draws - begun), low.size, common)
        over += exceeds(_utilisation(assessed, _triangular(uniform, low, high)), 1.0).sum(axis=0)
    figures = _utilisation(assessed, np.stack((low, np.ones_like(low), high)))
    chance = np.where(np.isnan(figures[1]), np.nan, over / draws)
    table = pd.DataFrame(
        {
            "probability": chance,
            "error": _wilson_half_width(chance, draws),
            "utilisation_low": figures[0],
            "utilisation_typical": figures[1],
            "utilisation_high": figures[2],
        },
        index=network.elements,
    )
    return pd.DataFrame(table[network.marks.has_limit])


def _spread(network: Network) -> tuple[Floats, Floats]:
    loads, knowledge = network.loads, network.norms.uncertainty
    spreads = {"existing": knowledge.existing, "committed": knowledge.committed, "reserved": knowledge.reserved}
    low = loads["state"].map({state: spread.low for state, spread in spreads.items()}).astype(float)
    high = loads["state"].map({state: spread.high for state, spread in spreads.items()}).astype(float)
    return loads["low_share"].fillna(low).to_numpy(), loads["high_share"].fillna(high).to_numpy()


def _uniform(rng: np.random.Generator, draws: int, loads: int, common: float) -> Floats:
    """Uniform numbers (draws × loads) that rise and fall together by a Gaussian factor of weight ``common``."""
    together, own = rng.standard_normal((draws, 1)), rng.standard_normal((draws, loads))
    uniform: Floats = ndtr(np.sqrt(common) * together + np.sqrt(1 - common) * own)
    return uniform


def _triangular(uniform: Floats, low: Floats, high: Floats) -> Floats:
    """Factors with their peak at 1, from 0 … 1 uniform numbers."""
    width = np.maximum(high - low, np.finfo(float).tiny)
    rising = low + np.sqrt(uniform * width * (1 - low))
    falling = high - np.sqrt((1 - uniform) * width * (high - 1))
    return np.where(uniform < (1 - low) / width, rising, falling)


def _utilisation(assessed: Assessed, factors: Floats) -> Floats:
    """Utilisation of every element (draws × elements) with each load times its factor (draws × loads)."""
    network, capacity = assessed.network, assessed.capacity
    each = loads_one_by_one(network)
    is_measured = network.loads["infiltration_m3_d"].notna().to_numpy()
    kinds = [each[kind] * factors for kind in range(3)]
    kinds.append(each[3] * np.where(is_measured, 1.0, factors))
    flows = Flows(*(through_elements(network, at_nodes(network, kind)) for kind in kinds))
    peak = with_running_pumps(network, flows.peak(assessed.peaking))
    flow = np.where(capacity.is_mean, flows.mean, peak)
    return shares_used(flow, np.broadcast_to(capacity.limit_l_s, flow.shape))


def _wilson_half_width(chance: Floats, draws: int) -> Floats:
    square = _Z_95**2 / draws
    half: Floats = _Z_95 * np.sqrt(chance * (1 - chance) / draws + square / (4 * draws)) / (1 + square)
    return half
