"""The columns of the sewer tables, and what a table must hold before anything is computed on it.

Comes in: nodes, links, loads and upgrades from a layer, a file or a builder. Goes out: the same, shaped and sorted.
Must not know: where they come from, hydraulics.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.network.kinds import KINDS

Shape = Mapping[str, Literal["text", "number"]]

NODES: Final[Shape] = MappingProxyType(
    {
        "kind": "text",  # of the table of kinds
        "name_zh": "text",
        "name_en": "text",
        "town": "text",
        "ground_m": "number",
        "invert_m": "number",
        "pump_duty": "number",
        "pump_standby": "number",
        "pump_rated_l_s": "number",  # each pump, standing alone on its main
        "pump_drive": "text",  # fixed: runs at its rated discharge or not at all; anything else follows the inflow
        "capacity_m3_d": "number",  # plants, mean day
        "shared_with_zh": "text",
        "shared_with_en": "text",
        "x_m": "number",
        "y_m": "number",
    }
)
LINKS: Final[Shape] = MappingProxyType(
    {
        "from_node": "text",
        "to_node": "text",
        "kind": "text",
        "name_zh": "text",
        "name_en": "text",
        "diameter_mm": "number",
        "length_m": "number",
        "invert_from_m": "number",
        "invert_to_m": "number",
        "roughness_n": "number",
        "material": "text",
        "velocity_max_m_s": "number",
        "split_share": "number",
    }
)
LOADS: Final[Shape] = MappingProxyType(
    {
        "node": "text",
        "state": "text",  # existing, committed (approved, not built), reserved (this study)
        "year": "number",
        "domestic_m3_d": "number",
        "industrial_m3_d": "number",
        "industrial_peaking": "number",
        "infiltration_m3_d": "number",  # measured; NaN: the network's share of the load
        "low_share": "number",  # the least and the most this load may turn out, of what is stated;
        "high_share": "number",  # NaN: the norms' spread for its state
        "source_zh": "text",
        "source_en": "text",
    }
)
UPGRADES: Final[Shape] = MappingProxyType(
    {
        "element": "text",
        "year": "number",
        "field": "text",  # the column it changes
        "value": "number",  # what it becomes
        "cost_10k_cny": "number",
        "about_zh": "text",
        "about_en": "text",
        "source": "text",
        "confidence": "text",
    }
)

STATES: Final = ("existing", "committed", "reserved")
SPLIT_TOLERANCE: Final = 1e-6


def shaped(table: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    """``table`` with every column of ``shape``, ids as text, sorted; text absent is ``""``, a number NaN."""
    bare = pd.DataFrame(table.drop(columns="geometry")) if "geometry" in table else table
    columns: dict[str, pd.Series[str] | pd.Series[float]] = {}
    for name, kind in shape.items():
        given = bare[name] if name in bare else pd.Series(None, index=table.index, dtype=object)
        columns[name] = _text(given) if kind == "text" else numbers(given)
    framed = pd.DataFrame(columns, index=table.index)
    if isinstance(table, gpd.GeoDataFrame) and "geometry" in table:
        framed = gpd.GeoDataFrame(framed, geometry=table.geometry)
        if "x_m" in shape and framed["x_m"].isna().all():
            framed["x_m"], framed["y_m"] = _coordinates(framed)
        if "length_m" in shape:
            framed["length_m"] = framed["length_m"].fillna(framed.geometry.length)
    framed.index = pd.Index(framed.index.astype(str), name="id")
    return framed.sort_index(kind="stable")


def doubled_ids(nodes: pd.DataFrame, links: pd.DataFrame, *tables: pd.DataFrame) -> list[XinguError]:
    """Ids that occur twice in a table, or both as a node and as a link."""
    repeated = [name for table in (nodes, links, *tables) for name in table.index[table.index.duplicated()].unique()]
    shared = nodes.index.unique().intersection(links.index.unique())
    return [XinguError("sewer_id_doubled", id=name) for name in [*repeated, *shared]]


def complaints_of(nodes: pd.DataFrame, links: pd.DataFrame, loads: pd.DataFrame) -> list[XinguError]:
    """Everything that leaves no way to compute; what merely looks wrong is ``faults``' matter."""
    found = _unknown_kinds(nodes, is_node=True) + _unknown_kinds(links, is_node=False)
    for end in ("from_node", "to_node"):
        lost = links[end][strangers(links[end], nodes.index)]
        found += [XinguError("sewer_end_unknown", link=link, node=node or "–") for link, node in lost.items()]
    return found + _wrong_loads(nodes, loads) + _wrong_splits(links)


def _unknown_kinds(table: pd.DataFrame, *, is_node: bool) -> list[XinguError]:
    known = [name for name, kind in KINDS.items() if kind.is_node is is_node]
    strange = table["kind"][strangers(table["kind"], pd.Index(known))]
    return [
        XinguError("sewer_kind_unknown", id=name, kind=kind or "–", known=", ".join(known))
        for name, kind in strange.items()
    ]


def strangers(names: pd.Series[str], known: pd.Index[str]) -> np.ndarray:
    """Whether each name is not among ``known``."""
    return known.unique().get_indexer(pd.Index(names)) < 0


def _wrong_loads(nodes: pd.DataFrame, loads: pd.DataFrame) -> list[XinguError]:
    flows = loads[["domestic_m3_d", "industrial_m3_d"]]
    wrong = {
        "node": strangers(loads["node"], nodes.index),
        "state": strangers(loads["state"], pd.Index(STATES)),
        **{key: ~(np.isfinite(flow) & (flow >= 0)) for key, flow in flows.items()},
        "industrial_peaking": loads["industrial_peaking"] < 1,
        "infiltration_m3_d": loads["infiltration_m3_d"] < 0,
        "low_share": (loads["low_share"] < 0) | (loads["low_share"] > 1),
        "high_share": loads["high_share"] < 1,
    }
    return [
        XinguError("sewer_load_wrong", load=name, key=key, value="–" if value == "" else value)
        for key, is_wrong in wrong.items()
        for name, value in loads.loc[is_wrong, str(key)].items()
    ]


def _wrong_splits(links: pd.DataFrame) -> list[XinguError]:
    share = links["split_share"]
    given = share.notna().groupby(links["from_node"]).agg(["sum", "size"])
    partial = given.index[(given["sum"] > 0) & (given["sum"] < given["size"])]
    found = [XinguError("sewer_split_partial", node=node) for node in partial]
    outside = links[(share < 0) | (share > 1)]["from_node"].unique()
    total = share.groupby(links["from_node"]).sum(min_count=1)
    whole = given.index[given["sum"] == given["size"]]
    wrong = [node for node in whole if node in outside or abs(total[node] - 1) > SPLIT_TOLERANCE]
    return found + [XinguError("sewer_split_sum", node=node, total=f"{total[node]:.6g}") for node in wrong]


def _coordinates(frame: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    points = frame.geometry.to_numpy()
    return shapely.get_x(points), shapely.get_y(points)


def numbers(column: pd.Series[float]) -> pd.Series[float]:
    """``column`` as numbers, NaN where a cell is none; text is read to its last digit."""
    rough = pd.to_numeric(column, errors="coerce").astype(float)
    if pd.api.types.is_numeric_dtype(column):
        return rough
    exact = [float(cell) if is_number else np.nan for cell, is_number in zip(column, rough.notna(), strict=True)]
    return pd.Series(exact, index=column.index, dtype=float)


def _text(column: pd.Series[str]) -> pd.Series[str]:
    return column.astype(object).where(column.notna(), "").astype(str)
