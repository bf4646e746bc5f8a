"""How a check hands on what it found.

Comes in: a mask over a table. Goes out: :class:`Found`. Must not know: which check asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from xingu_geo.sewers.network.kinds import which


@dataclass(frozen=True, slots=True)
class Found:
    """A fault before it is given a voice."""

    code: str
    element: str
    facts: Mapping[str, object] = field(default_factory=dict)
    is_error: bool = False


def marked(code: str, mask: pd.Series[bool] | npt.NDArray[np.bool_], *facts: pd.Series) -> list[Found]:
    """One fault for each true entry of ``mask`` (a Series by element id); each of ``facts`` gives one fact by name."""
    is_so = pd.Series(mask)
    chosen = is_so.index[is_so.fillna(value=False).astype(bool)]
    columns = [series.reindex(chosen) for series in facts]
    return [
        Found(code, str(name), {str(series.name): _plain(series.iloc[row]) for series in columns})
        for row, name in enumerate(chosen)
    ]


def gravity_in(links: pd.DataFrame) -> pd.DataFrame:
    """The links in which water has a surface."""
    chosen: pd.DataFrame = links[which(links["kind"], lambda kind: not (kind.is_node or kind.is_pressure))]
    return chosen


def looked_up(names: pd.Series[str], values: pd.Series) -> pd.Series:
    """``values`` at ``names``, indexed like ``names`` and typed like ``values``, even where there are none."""
    return pd.Series(values.reindex(names.to_numpy()).to_numpy(), index=names.index, name=values.name)


def _plain(value: object) -> object:
    """A number short enough to read, text as it is."""
    return f"{value:.6g}" if isinstance(value, float) else value
