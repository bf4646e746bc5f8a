"""Assemblies: what meets the need, all of it, and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kit.portfolio import box, sites_from, split_land

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.land.assemblies import LandNeed, assemble, assembled_sites

STATUSES = ("vacant", "low_efficiency", "occupied", "reserved")


def by_trying_every_subset(sites, need: LandNeed) -> dict[tuple[str, ...], float]:
    """Members → compactness, by geometric union of every subset: contiguous if the union is one polygon after a
    0.05 m closing and no join is shorter than the least shared boundary."""
    table = sites.table.sort_index()
    shapes, found = dict(table.geometry), {}
    lengths = {
        (one, two): shapely.length(
            shapely.intersection(shapely.boundary(shapes[one]), shapely.buffer(shapes[two], 0.001))
        )
        for one, two in combinations(table.index, 2)
    }
    assume(all(abs(length - need.shared_min_m) > 0.2 for length in lengths.values()))
    joined = {pair for pair, length in lengths.items() if length >= need.shared_min_m}
    for size in range(need.members_min, need.members_max + 1):
        for members in combinations(table.index, size):
            chosen = table.loc[list(members)]
            area = chosen["area_m2"].sum()
            owners = set(chosen["owner"]) - {""}
            number = len(owners) + int((chosen["owner"] == "").sum())
            if (
                need.area_min_m2 <= area <= need.area_max_m2
                and (not need.statuses or chosen["status"].isin(need.statuses).all())
                and (need.owners_max is None or number <= need.owners_max)
                and _hangs_together(members, joined)
            ):
                whole = shapely.union_all([shapely.buffer(s, 0.001, join_style="mitre") for s in chosen.geometry])
                compactness = 4 * math.pi * shapely.area(whole) / shapely.length(whole) ** 2
                if compactness >= need.compactness_min:
                    found[members] = compactness
    return found


def _hangs_together(members: tuple[str, ...], joined: set[tuple[str, str]]) -> bool:
    reached, frontier = {members[0]}, [members[0]]
    while frontier:
        here = frontier.pop()
        for other in members:
            if other not in reached and ((here, other) in joined or (other, here) in joined):
                reached.add(other)
                frontier.append(other)
    return len(reached) == len(members)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(3, 10), st.floats(0.1, 0.5), st.floats(0.05, 0.4), st.integers(1, 4))
def test_assemblies_are_those_of_trying_every_subset(seed, count, low, window, owners_max):
    rng = np.random.default_rng(seed)
    sites = sites_from(
        split_land(seed, count, side_m=300),
        status=rng.choice(STATUSES, count, p=[0.6, 0.2, 0.1, 0.1]).tolist(),
        owner=rng.choice(["", "甲", "乙", "丙"], count).tolist(),
    )
    need = LandNeed(low * 9e4, (low + window) * 9e4, owners_max=owners_max)
    expected = by_trying_every_subset(sites, need)
    found = assemble(sites, need)
    assert found.is_exact
    assert len(found.table) == len(expected)
    assert set(found.table["members"]) == set(expected)
    for members, compactness in zip(found.table["members"], found.table["compactness"], strict=True):
        assert compactness == pytest.approx(expected[members], rel=2e-3)


def test_two_squares_side_by_side_have_the_figures_of_the_rectangle():
    sites = sites_from([box(0, 0, 100, 100), box(100, 0, 100, 100)], ids=["a", "b"], owner=["城投", ""])
    table = assemble(sites, LandNeed(20_000, 20_000)).table
    assert list(table.index) == ["a+b"]
    row = table.iloc[0]
    # 200 × 100: area 20,000 m², perimeter 600 m, 4π·20000/600² = 0.69813
    assert row["area_m2"] == pytest.approx(20_000)
    assert row["perimeter_m"] == pytest.approx(600)
    assert row["compactness"] == pytest.approx(0.698132, abs=1e-6)
    assert (row["owners"], row["owners_unknown"], row["crosses_gap"]) == (2, 1, False)


def test_an_unknown_owner_never_passes_for_the_same_owner():
    sites = sites_from([box(0, 0, 100, 100), box(100, 0, 100, 100)], owner=["", ""])
    assert len(assemble(sites, LandNeed(1, 1e9, owners_max=1)).table) == 0
    assert len(assemble(sites, LandNeed(1, 1e9, owners_max=2)).table) == 1


def test_occupied_land_joins_nothing_unless_asked():
    row = [box(100 * i, 0, 100, 100) for i in range(3)]
    sites = sites_from(row, ids=list("abc"), status=["vacant", "occupied", "vacant"])
    need = LandNeed(1, 1e9)
    assert len(assemble(sites, need).table) == 0
    everything = assemble(sites, replace(need, statuses=()))
    assert set(everything.table.index) == {"a+b", "b+c", "a+b+c"}


def test_a_join_across_a_road_is_named_and_both_kerbs_count():
    sites = sites_from([box(0, 0, 100, 100), box(120, 0, 100, 100)], ids=["a", "b"])
    assert assemble(sites, LandNeed(1, 1e9)).table.empty
    row = assemble(sites, LandNeed(1, 1e9, gap_m=25)).table.loc["a+b"]
    assert row["crosses_gap"]
    assert row["perimeter_m"] == pytest.approx(800)


def test_an_assembly_becomes_a_site_with_what_holds_for_all_its_members():
    sites = sites_from(
        [box(0, 0, 100, 100), box(120, 0, 100, 100)], ids=["a", "b"], status=["vacant", "low_efficiency"]
    )
    sites.table.loc["b", ["plot_ratio_max", "height_max_m", "land_use_code"]] = [1.5, float("nan"), "100101"]
    found = assemble(sites, LandNeed(1, 1e9, gap_m=25))
    (site,) = assembled_sites(sites, found, ["a+b"]).table.itertuples()
    assert (site.kind, site.status, site.land_use_code) == ("parcel", "low_efficiency", "")
    assert site.owner == "owner a、owner b"
    assert site.floor_area_free_m2 == pytest.approx(20_000 * 1.5)
    assert math.isnan(site.height_max_m)
    assert site.geometry.geom_type == "MultiPolygon"
    closed = assembled_sites(sites, found, ["a+b"], close_gap=True).table.geometry.iloc[0]
    assert closed.geom_type == "Polygon"
    assert closed.area == pytest.approx(100 * 220)
    with pytest.raises(XinguError, match="a\\+c"):
        assembled_sites(sites, found, ["a+c"])


def test_beyond_five_members_the_search_finds_the_best_or_nearly():
    """On land whose every set of six or seven can still be tried: the most compact found within 2 % of the best."""
    for seed in range(6):
        sites = sites_from(split_land(seed, 16, side_m=400))
        need = LandNeed(0.40 * 16e4, 0.46 * 16e4, members_min=6, members_max=7)
        searched = assemble(sites, need)
        everything = assemble(sites, replace(need, beam=10**6))
        assert not searched.is_exact
        assert set(searched.table.index) <= set(everything.table.index)
        assert len(everything.table) > 50
        assert searched.table["compactness"].max() >= 0.98 * everything.table["compactness"].max()


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed, random):
    sites = sites_from(split_land(seed, 20, side_m=400))
    order = list(range(20))
    random.shuffle(order)
    need = LandNeed(2e4, 5e4)
    one, two = assemble(sites, need), assemble(replace(sites, table=sites.table.iloc[order]), need)
    assert one.table.equals(two.table)
    assert one.digest == two.digest


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.floats(0, 0.3), st.floats(0, 0.3))
def test_a_stricter_need_gives_a_subset(seed, narrower, rounder):
    sites = sites_from(split_land(seed, 15, side_m=400))
    loose = LandNeed(2e4, 8e4, compactness_min=0.3)
    strict = replace(loose, area_min_m2=2e4 * (1 + narrower), compactness_min=0.3 + rounder, owners_max=3)
    assert set(assemble(sites, strict).table.index) <= set(assemble(sites, loose).table.index)


@pytest.mark.parametrize(
    "need",
    [
        LandNeed(5, 4),
        LandNeed(-1, 4),
        LandNeed(0, math.inf),
        LandNeed(1, 4, members_max=1),
        LandNeed(1, 4, owners_max=0),
    ],
)
def test_a_need_nothing_can_meet_is_refused(need):
    with pytest.raises(XinguError) as refusal:
        assemble(sites_from([box(0, 0, 1, 1)]), need)
    assert refusal.value.code == "assembly_window"
