"""What if: a copy of the network with some figures changed or links added, and the two side by side.

Comes in: a network and changes. Goes out: a network; a before/after table. Must not know: why anyone asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.ground.base.arrays import Floats
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.assessed import Assessed
from xingu_geo.sewers.network.frames import LINKS, NODES
from xingu_geo.sewers.network.kinds import MANHOLE, marks_of
from xingu_geo.sewers.network.limits import capacity_of
from xingu_geo.sewers.network.network import Network, drawn_topology, rebuilt
from xingu_geo.sewers.network.stations import firm_l_s
from xingu_geo.sewers.network.utilisation import utilisation_of

POINTS, ROUNDS = 1025, 4

STEERING: Final = ("split_share", "invert_from_m", "invert_to_m", "invert_m")
"""Figures that decide which way the water goes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of one node or link becomes ``value``; ``field`` is a column of the network's tables."""

    element: str
    field: str
    value: float


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be built; figures as in the network's link table."""

    id: str
    from_node: str
    to_node: str
    kind: str
    diameter_mm: float
    length_m: float
    split_share: float = field(default=np.nan)
    invert_from_m: float = field(default=np.nan)
    invert_to_m: float = field(default=np.nan)
    roughness_n: float = field(default=np.nan)
    velocity_max_m_s: float = field(default=np.nan)
    material: str = ""


def whatif(network: Network, changes: Iterable[Change] = (), *, links: Sequence[NewLink] = ()) -> Network:
    """A copy of ``network`` with the changes made and the links added, everything checked again.

    Raises
    ------
    XinguError
        ``sewer_element_unknown``; ``change_unknown`` for a column that the element's table does not have or that is
        not a number; whatever a network refuses (a cycle, shares that do not add up).
    """
    changes = tuple(changes)
    nodes, pipes = network.nodes.copy(), network.links.copy()
    for change in changes:
        table, shape = (nodes, NODES) if change.element in nodes.index else (pipes, LINKS)
        if change.element not in table.index:
            raise XinguError("sewer_element_unknown", element=change.element)
        if shape.get(change.field) != "number":
            raise XinguError("change_unknown", element=change.element, field=change.field)
        table.loc[change.element, change.field] = change.value
    if links:
        pipes = pd.concat([pd.DataFrame(pipes.drop(columns="geometry", errors="ignore")), _rows(links)])
    if links or any(change.field in STEERING for change in changes):
        return rebuilt(network, nodes=nodes, links=pipes)
    # Nothing that steers the water has changed: the topology is the same, and need not be worked out again.
    digest = digest_all([network.digest, digest_value([asdict(change) for change in changes])])
    return replace(network, nodes=nodes, links=pipes, digest=digest)


def compared(before: Assessed, after: Assessed) -> pd.DataFrame:
    """Both networks' elements side by side, indexed by element id; a link only one of them has is NaN in the other.

    Columns ``kind``, ``name_zh``, ``name_en``, then ``…_before`` and ``…_after`` of ``mean_m3_d``, ``peak_l_s``,
    ``capacity_l_s``, ``utilisation``, ``headroom_m3_d``, ``state``, and ``is_changed``.
    """
    names, figures = ["kind", "name_zh", "name_en"], ["mean_m3_d", "peak_l_s", "capacity_l_s", "utilisation"]
    figures += ["headroom_m3_d", "state"]
    one, two = utilisation_of(before), utilisation_of(after)
    table = two[names].combine_first(one[names])[names]
    table = table.join(one[figures].add_suffix("_before")).join(two[figures].add_suffix("_after"))
    same = [_is_same(table[f"{name}_before"], table[f"{name}_after"]) for name in figures]
    return table.assign(is_changed=~np.logical_and.reduce(same))


def limits_with(network: Network, element: str, *, column: str, values: Floats) -> Floats:
    """The limit [L/s] ``element`` would have with ``column`` at each of ``values``, all else as it is.

    Worked out by the network's own rules: a pipe or plant on a network of as many copies of it, pumps in place,
    for stations on one main push against each other.
    """
    if network.kind_of(element).lifts:
        at = network.position(element)
        return np.array([firm_l_s(whatif(network, [Change(element, column, value)]))[at] for value in values.tolist()])
    names = [f"{number:06d}" for number in range(len(values))]
    if element in network.nodes.index:
        nodes, links = _copies(network.nodes, element, names).assign(**{column: values}), network.links.iloc[:0]
    else:
        links = _copies(network.links, element, names).assign(**{column: values})
        # A manhole at either end, with the inverts the real ends have: a link may take its own from them.
        ends = links.loc[names[:1], ["from_node", "to_node"]].to_numpy().ravel().tolist()
        nodes = network.nodes.loc[ends].assign(kind=MANHOLE).set_axis(["upper end", "lower end"])
        links = links.assign(from_node="upper end", to_node="lower end", split_share=1 / len(names))
    marks, topology = marks_of(nodes, links), drawn_topology(nodes, links)
    copies = replace(network, nodes=nodes, links=links, marks=marks, topology=topology, digest="")
    return capacity_of(copies).limit_l_s[-len(values) :]


def least_value(network: Network, element: str, *, column: str, needed_l_s: float, high: float) -> float:
    """The least value of ``column``, up to ``high``, at which ``element`` carries ``needed_l_s``; NaN if none does.

    The limit must not fall as the value rises. Found by ever finer rows of values, to the last digits.
    """
    low, top = 0.0, high
    for _ in range(ROUNDS):
        values = np.linspace(low, top, POINTS)[1:]
        enough = np.flatnonzero(limits_with(network, element, column=column, values=values) >= needed_l_s)
        if not enough.size:
            return float("nan")
        first = int(enough[0])
        low, top = (values[first - 1] if first else low), values[first]
    return float(top)


def _rows(links: Sequence[NewLink]) -> pd.DataFrame:
    rows = [{item.name: getattr(link, item.name) for item in fields(link)} for link in links]
    return pd.DataFrame(rows).set_index("id").reindex(columns=list(LINKS))


def _copies(table: pd.DataFrame, element: str, names: Sequence[str]) -> pd.DataFrame:
    return table.loc[[element]].take([0] * len(names)).set_axis(pd.Index(names, dtype=str))


def _is_same(one: pd.Series[float], two: pd.Series[float]) -> np.ndarray:
    """Equal but for rounding: water led another way arrives as the same sum in another order."""
    same = (one == two) | (one.isna() & two.isna())
    if pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(two):
        same |= np.isclose(one.to_numpy(dtype=float), two.to_numpy(dtype=float), rtol=1e-9, atol=1e-6)
    return np.asarray(same)
