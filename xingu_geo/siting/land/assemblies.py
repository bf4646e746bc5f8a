"""Parcels joined to reach the land a project needs: every connected set, each exactly once.

Comes in: sites and a :class:`LandNeed`. Goes out: :class:`Assemblies`, and the best of them as sites of their own.
Must not know: rules, scores, sewers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xingu_geo.ground.base.arrays import Bools, Floats, Ints
from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.siting.land.connected import connected_sets, distinct_of, is_connected
from xingu_geo.siting.land.contiguity import Contiguity, contiguity_of

EXACT_MEMBERS: Final = 5
"""Up to this many members every connected set is found; beyond, the most compact are followed (see ``beam``)."""

JOIN: Final = "+"


@dataclass(frozen=True, slots=True)
class LandNeed:
    """What an assembly must offer.

    ``area_min_m2`` … ``area_max_m2`` is the window of its total land. ``compactness_min`` is of the Polsby–Popper
    ratio 4πA/P² (1 for a disc, 0.785 for a square). ``statuses`` are those a member may have, empty for any.
    ``owners_max`` counts every member whose owner is unknown as an owner of its own. ``gap_m`` above 0 also joins
    parcels that face each other across at most that distance. ``beam`` is how many sets are followed for each
    parcel that is the largest of its set, once a set has more than :data:`EXACT_MEMBERS` members.
    """

    area_min_m2: float
    area_max_m2: float
    compactness_min: float = 0.0
    statuses: tuple[str, ...] = ("vacant", "low_efficiency")
    owners_max: int | None = None
    members_min: int = 2
    members_max: int = EXACT_MEMBERS
    shared_min_m: float = 5.0
    gap_m: float = 0.0
    beam: int = 16


@dataclass(frozen=True, slots=True)
class Assemblies:
    """Every assembly that meets a need, best first.

    ``table`` is indexed by the member ids joined with ``+`` and has ``members`` (sorted tuple of site_id), ``count``,
    ``area_m2``, ``perimeter_m``, ``compactness``, ``owners``, ``owners_unknown``, ``crosses_gap``; it is ordered by
    fewest gaps crossed, then compactness. Across a gap both kerbs count as perimeter. ``is_exact`` is False where
    the need allows more than :data:`EXACT_MEMBERS` members: larger sets were then searched, not enumerated.
    """

    table: pd.DataFrame
    need: LandNeed
    is_exact: bool
    digest: str


def assemble(sites: Sites, need: LandNeed, *, contiguity: Contiguity | None = None) -> Assemblies:
    """Every assembly of ``sites`` that meets ``need``.

    ``contiguity``, if given, was made from the same sites with the need's ``shared_min_m`` and ``gap_m``.

    Raises
    ------
    XinguError
        ``assembly_window`` for a window or a member count that nothing can meet, ``assembly_too_many`` when more than
        3,000,000 sets lie under the upper area.
    """
    _check(need)
    parcels = sites.table[sites.table["kind"] == "parcel"].sort_index()
    graph = contiguity or contiguity_of(parcels, shared_min_m=need.shared_min_m, gap_m=need.gap_m)
    owner, is_unknown = _owner_codes(parcels["owner"])
    levels = [rows for rows in _levels(parcels, graph, owner, need) if rows.shape[1] >= need.members_min]
    table = pd.concat([_described(rows, graph, owner, is_unknown, need=need) for rows in levels])
    table = table.sort_values(["crosses_gap", "compactness", "count"], ascending=[True, False, True], kind="stable")
    return Assemblies(
        table=table,
        need=need,
        is_exact=need.members_max <= EXACT_MEMBERS,
        digest=digest_all([sites.digest, digest_value(asdict(need))]),
    )


def compactness_of(area_m2: Floats, perimeter_m: Floats) -> Floats:
    """Polsby–Popper ratio 4πA/P², between 0 and 1."""
    return np.asarray(4 * math.pi * area_m2 / np.square(perimeter_m), dtype=np.float64)


def perimeters(rows: Ints, graph: Contiguity) -> tuple[Floats, Bools]:
    """Outer boundary [m] of each set of ``rows``, and whether a gap must be crossed to hold it together.

    Additive: the members' perimeters less twice every boundary two of them share; no union is made.
    """
    size, members = len(graph.site_ids), rows.shape[1]
    keys = graph.left * size + graph.right
    total = graph.perimeter_m[rows].sum(axis=1)
    touching = np.zeros((len(rows), members, members), dtype=bool)
    for i in range(members):
        for j in range(i + 1, members):
            wanted = rows[:, i] * size + rows[:, j]
            at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
            found = keys[at] == wanted if len(keys) else np.zeros(len(rows), dtype=bool)
            shared = np.where(found, graph.shared_m[at], 0.0) if len(keys) else np.zeros(len(rows))
            total -= 2 * shared
            touching[:, i, j] = touching[:, j, i] = shared >= graph.shared_min_m
    return total, ~is_connected(touching)


def assembled_sites(sites: Sites, assemblies: Assemblies, ids: Iterable[str], *, close_gap: bool = False) -> Sites:
    """The assemblies ``ids`` as sites, to be screened and scored beside the parcels.

    An assembly takes from its members what is safe for all of them: the least plot ratio and height (unknown if one
    is unknown), the land use if they agree, the owners by name; its status is ``low_efficiency`` if any member's is.
    Across a gap its geometry has several parts; ``close_gap`` fills the road between them, which only holds if the
    road may be given up: a legal question.

    Raises
    ------
    XinguError
        ``unknown_assembly``.
    """
    rows = [_joined(sites.table, assemblies, name, close_gap=close_gap) for name in ids]
    table = gpd.GeoDataFrame(rows, columns=sites.table.columns, crs=sites.table.crs, geometry="geometry")
    table.index = pd.Index([row["site_id"] for row in rows], name="site_id", dtype=str)
    return Sites(
        table=table.astype({"floor_area_m2": float, "floor_area_free_m2": float}).sort_index(),
        confidence=sites.confidence,
        accuracy_m=sites.accuracy_m,
        digest=digest_all([assemblies.digest, digest_value(sorted(table.index))]),
    )


def outline(shapes: Sequence[shapely.Geometry], *, gap_m: float) -> shapely.Geometry:
    """The union of ``shapes``; with ``gap_m`` above 0 the gaps between them are filled (a closing, mitred)."""
    union = shapely.union_all(shapes)
    if gap_m <= 0:
        return union
    half = gap_m / 2 + 0.5
    closed = shapely.buffer(shapely.buffer(union, half, join_style="mitre"), -half, join_style="mitre")
    return shapely.union_all([union, closed])


def _check(need: LandNeed) -> None:
    in_order = 0 <= need.area_min_m2 <= need.area_max_m2 and math.isfinite(need.area_max_m2)
    counts_ok = 1 <= need.members_min <= need.members_max and need.owners_max != 0 and need.beam >= 1
    if not in_order or not counts_ok:
        raise XinguError(
            "assembly_window",
            low=need.area_min_m2,
            high=need.area_max_m2,
            members=f"{need.members_min}–{need.members_max}",
        )


def _owner_codes(owner: pd.Series[str]) -> tuple[Ints, Bools]:
    """A number for each owner; a parcel whose owner is unknown has a number of its own."""
    unknown = owner.eq("").to_numpy(dtype=bool)
    codes = pd.factorize(owner)[0].astype(np.int64)
    codes[unknown] = -1 - np.flatnonzero(unknown)
    return codes, unknown


def _levels(parcels: gpd.GeoDataFrame, graph: Contiguity, owner: Ints, need: LandNeed) -> Iterator[Ints]:
    """Connected sets of members with an allowed status, inside the limits of area and owners."""
    allowed = parcels["status"].isin(need.statuses).to_numpy() if need.statuses else np.ones(len(parcels), dtype=bool)
    limit = need.owners_max or need.members_max

    def _few_owners(level: Ints) -> Bools:
        return np.asarray(distinct_of(owner[level]) <= limit)

    def _followed(level: Ints) -> Ints:
        return level if level.shape[1] < EXACT_MEMBERS else _most_compact(level, graph, beam=need.beam)

    return connected_sets(
        np.where(allowed, graph.area_m2, np.inf),
        graph.edges,
        members_max=need.members_max,
        weight_max=need.area_max_m2,
        keep=_few_owners if need.owners_max else None,
        narrow=_followed if need.members_max > EXACT_MEMBERS else None,
    )


def _most_compact(level: Ints, graph: Contiguity, *, beam: int) -> Ints:
    """Of the sets that share their largest member, the ``beam`` most compact."""
    anchor = level[np.arange(len(level)), np.argmax(graph.area_m2[level], axis=1)]
    compactness = compactness_of(graph.area_m2[level].sum(axis=1), perimeters(level, graph)[0])
    order = np.lexsort((-compactness, anchor))
    ordered = anchor[order]
    place = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    chosen: Ints = level[np.sort(order[place < beam])]
    return chosen


def _described(rows: Ints, graph: Contiguity, owner: Ints, is_unknown: Bools, *, need: LandNeed) -> pd.DataFrame:
    """The part of the table for sets of one size that reach the area and the compactness."""
    rows = rows[graph.area_m2[rows].sum(axis=1) >= need.area_min_m2]
    area = graph.area_m2[rows].sum(axis=1)
    perimeter, crosses = perimeters(rows, graph)
    table = pd.DataFrame(
        {
            "count": rows.shape[1],
            "area_m2": area,
            "perimeter_m": perimeter,
            "compactness": compactness_of(area, perimeter),
            "owners": distinct_of(owner[rows]),
            "owners_unknown": is_unknown[rows].sum(axis=1),
            "crosses_gap": crosses,
        },
    )
    table = table[table["compactness"] >= need.compactness_min]
    names = np.asarray(graph.site_ids, dtype=object)[rows[table.index]].tolist()
    table.insert(0, "members", pd.Series([tuple(row) for row in names], index=table.index, dtype=object))
    return table.set_index(pd.Index([JOIN.join(row) for row in names], name="assembly_id", dtype=str))


def _joined(table: gpd.GeoDataFrame, assemblies: Assemblies, name: str, *, close_gap: bool) -> dict[str, object]:
    if name not in assemblies.table.index:
        raise XinguError("unknown_assembly", assembly=name)
    entry = assemblies.table.loc[name]
    members = table.loc[list(entry["members"])]
    gap_m = assemblies.need.gap_m if close_gap and entry["crosses_gap"] else 0.0
    shape = outline(list(members.geometry), gap_m=gap_m)
    area, ratio = shapely.area(shape), members["plot_ratio_max"].min(skipna=False)
    codes = members["land_use_code"].unique()
    return {
        "site_id": name,
        "kind": "parcel",
        "name_zh": JOIN.join(members["name_zh"]),
        "name_en": JOIN.join(members["name_en"]),
        "land_use_code": codes[0] if len(codes) == 1 else "",
        "status": "low_efficiency" if members["status"].ne("vacant").any() else "vacant",
        "owner": "、".join(sorted(set(members["owner"]) - {""})),
        "plot_ratio_max": ratio,
        "height_max_m": members["height_max_m"].min(skipna=False),
        "area_m2": area,
        "floor_area_m2": area * ratio,
        "floor_area_free_m2": area * ratio,
        "geometry": shape,
    }
