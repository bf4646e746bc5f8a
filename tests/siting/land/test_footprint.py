"""A building in a parcel: every yes is a place, and every place that can be guaranteed is found."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.portfolio import EAST, NORTH, box, sites_from
from shapely import affinity

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.land.footprint import Building, Fit, Stand, fit_footprint, fit_footprints

FAB = Building(400, 250)


def stands_inside(polygon: shapely.Polygon, place: Stand, *, setback_m: float = 0.0) -> bool:
    """Whether no boundary segment reaches into the building (a centimetre allowed) and its centre is on the land.

    By hand: the segments are turned into the building's own frame and clipped to it; the centre is counted by ray.
    """
    rings = [polygon.exterior, *polygon.interiors]
    start = np.concatenate([np.asarray(ring.coords)[:-1] for ring in rings])
    end = np.concatenate([np.asarray(ring.coords)[1:] for ring in rings])
    turn = math.radians(place.angle_degree)
    frame = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    half = np.array([place.width_m, place.depth_m]) / 2 + setback_m - 0.0051
    a, b = ((points - [place.x_m, place.y_m]) @ frame for points in (start, end))
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    reach = a[:, 0] - (b[:, 0] - a[:, 0]) * a[:, 1] / rise
    crossings = ((a[:, 1] > 0) != (b[:, 1] > 0)) & (reach > 0)
    low, high = np.zeros(len(a)), np.ones(len(a))
    for axis in (0, 1):
        step = b[:, axis] - a[:, axis]
        flat = np.abs(step) < 1e-12
        safe = np.where(flat, 1.0, step)
        one, two = (-half[axis] - a[:, axis]) / safe, (half[axis] - a[:, axis]) / safe
        outside = flat & (np.abs(a[:, axis]) >= half[axis])
        low = np.where(flat, np.where(outside, 1.0, low), np.maximum(low, np.minimum(one, two)))
        high = np.where(flat, np.where(outside, 0.0, high), np.minimum(high, np.maximum(one, two)))
    return bool(crossings.sum() % 2) and not (low < high).any()


def random_land(rng: np.random.Generator) -> shapely.Polygon | None:
    """A star-shaped, L-shaped or holed polygon some 40 m across."""
    count = int(rng.integers(3, 10))
    angle = np.sort(rng.uniform(0, 2 * math.pi, count))
    reach = rng.uniform(12, 30, count)
    land = shapely.Polygon(np.stack([EAST + reach * np.cos(angle), NORTH + reach * np.sin(angle)], axis=1))
    if not land.is_valid:
        return None
    if rng.random() < 0.3:
        x, y = rng.uniform(-10, 10, 2)
        notch = affinity.rotate(box(x, y, *rng.uniform(3, 15, 2)), rng.uniform(0, 90))
        land = shapely.difference(land, notch)
    land = max(shapely.get_parts(land), key=shapely.area, default=shapely.Polygon())
    return land if land.area > 1 else None


def test_no_yes_is_false_on_ten_thousand_random_polygons():
    rng = np.random.default_rng(20)
    seen = dict.fromkeys(Fit, 0)
    while sum(seen.values()) < 10_000:
        land = random_land(rng)
        if land is None:
            continue
        building = Building(*rng.uniform(8, 34, 2))
        verdict = fit_footprint(land, building, step_degree=30.0)
        seen[verdict.fit] += 1
        if verdict.placement is None:
            assert verdict.fit is Fit.NO
            continue
        assert stands_inside(land, verdict.placement)
        share = 1.0 if verdict.fit is Fit.FITS else 0.97
        assert verdict.placement.width_m == pytest.approx(building.width_m * share)
    assert min(seen.values()) > 100  # it saw yes, nearly and no


def test_the_check_itself_refuses_what_sticks_out():
    land = box(0, 0, 50, 30)
    centre = (EAST + 25, NORTH + 15)
    assert stands_inside(land, Stand(*centre, 0.0, 50, 30))
    assert not stands_inside(land, Stand(*centre, 1.0, 50, 30))
    assert not stands_inside(land, Stand(*centre, 0.0, 50.02, 30))
    assert not stands_inside(shapely.difference(land, box(24, 14, 1, 1)), Stand(*centre, 0.0, 20, 20))
    assert not stands_inside(land, Stand(EAST + 500, NORTH, 0.0, 5, 5))


@settings(deadline=None, max_examples=200)
@given(st.floats(0, 180), st.floats(5, 500), st.floats(5, 500), st.floats(-9e3, 9e3), st.booleans())
def test_a_parcel_of_exactly_the_size_fits_however_it_lies(angle, width, depth, east, swapped):
    land = affinity.rotate(box(east, 0, width, depth), angle)
    building = Building(depth, width) if swapped else Building(width, depth)
    verdict = fit_footprint(land, building)
    assert verdict.fit is Fit.FITS
    assert stands_inside(land, verdict.placement)


def test_two_centimetres_short_is_borderline_and_a_tenth_short_is_no():
    assert fit_footprint(box(0, 0, 400, 249.98), FAB).fit is Fit.BORDERLINE
    # 0.97 × 250 = 242.5 is the least depth that is called borderline
    assert fit_footprint(box(0, 0, 400, 242.6), FAB).fit is Fit.BORDERLINE
    assert fit_footprint(box(0, 0, 400, 242.4), FAB).fit is Fit.NO
    assert fit_footprint(box(0, 0, 360, 900), Building(400, 380)).fit is Fit.NO


def test_the_setback_is_kept_on_every_side():
    for setback, depth, expected in ((10, 270, Fit.FITS), (10, 269.9, Fit.BORDERLINE), (30, 270, Fit.NO)):
        land = affinity.rotate(box(0, 0, 420, depth), 33)
        verdict = fit_footprint(land, Building(400, 250, setback))
        assert verdict.fit is expected
        if verdict.fit is Fit.FITS:
            assert stands_inside(land, verdict.placement, setback_m=setback)


def test_a_hole_and_the_arm_of_an_l_are_respected():
    ring = shapely.difference(box(0, 0, 100, 100), box(30, 30, 40, 40))
    assert fit_footprint(ring, Building(100, 30)).fit is Fit.FITS
    assert fit_footprint(ring, Building(30.5, 90)).fit is Fit.BORDERLINE
    assert fit_footprint(ring, Building(60, 60)).fit is Fit.NO
    bent = shapely.union(box(0, 0, 100, 40), box(0, 0, 40, 100))
    for building, expected in ((Building(40, 100), Fit.FITS), (Building(60, 60), Fit.NO), (Building(45, 100), Fit.NO)):
        verdict = fit_footprint(bent, building)
        assert verdict.fit is expected
    # the diagonal of the corner: a strip from (0, 80) to (80, 0) leaves room for 10 × 56 at 135° only round the bend
    verdict = fit_footprint(bent, Building(40, 40))
    assert stands_inside(bent, verdict.placement)


def test_a_place_that_is_found_only_by_turning():
    # in a square of 100 a 120 × 20 slab fits only near the diagonal: 120·cos 45° + 20·sin 45° = 98.99
    verdict = fit_footprint(box(0, 0, 100, 100), Building(120, 20))
    assert verdict.fit is Fit.FITS
    assert verdict.placement.angle_degree % 90 == pytest.approx(45, abs=2)
    # 122: (122 + 20)/√2 = 100.41, too long at every angle; 97 % of it fits
    assert fit_footprint(box(0, 0, 100, 100), Building(122, 20)).fit is Fit.BORDERLINE


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6), st.floats(0, 180), st.floats(0.3, 1))
def test_what_the_step_guarantees_is_found_though_no_edge_shows_the_way(seed, angle, slimness):
    """Land that holds (W·cos δ + D·sin δ) × (D·cos δ + W·sin δ) holds W × D at a direction within δ = 0.5°."""
    rng = np.random.default_rng(seed)
    width, depth, delta = 100.0, 100.0 * slimness, math.radians(0.5)
    x, y = width * math.cos(delta) + depth * math.sin(delta), depth * math.cos(delta) + width * math.sin(delta)
    bulge = rng.uniform(2, 6, 4)  # each side bends outwards, so that no edge is parallel to the building
    ring = [
        (0, 0), (x * rng.uniform(0.3, 0.7), -bulge[0]), (x, 0), (x + bulge[1], y * rng.uniform(0.3, 0.7)),
        (x, y), (x * rng.uniform(0.3, 0.7), y + bulge[2]), (0, y), (-bulge[3], y * rng.uniform(0.3, 0.7)),
    ]  # fmt: skip
    land = affinity.translate(affinity.rotate(shapely.Polygon(ring), angle), EAST, NORTH)
    verdict = fit_footprint(land, Building(width, depth))
    assert verdict.fit is Fit.FITS
    assert stands_inside(land, verdict.placement)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.floats(5, 20), st.floats(5, 20), st.floats(0.5, 1))
def test_a_smaller_building_is_never_worse_off(seed, width, depth, share):
    land = random_land(np.random.default_rng(seed))
    if land is None:
        return
    order = [Fit.NO, Fit.BORDERLINE, Fit.FITS]
    large, small = Building(width, depth), Building(width, depth).scaled(share)
    found = [order.index(fit_footprint(land, building, step_degree=15.0).fit) for building in (large, small)]
    assert found[0] <= found[1]


def test_one_part_must_hold_the_whole_building():
    two = shapely.union(box(0, 0, 100, 60), box(120, 0, 100, 60))
    assert fit_footprint(two, Building(150, 50)).fit is Fit.NO
    verdict = fit_footprint(two, Building(100, 60))
    assert verdict.fit is Fit.FITS


def test_a_boundary_that_crosses_itself_counts_as_the_areas_it_encloses():
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)])
    assert fit_footprint(bow, Building(60, 60)).fit is Fit.NO
    # each half is a triangle of base 100 and height 50: a rectangle of 50 × 25 on the base fits exactly
    assert fit_footprint(bow, Building(50, 25)).fit is Fit.FITS


def test_a_table_keeps_its_index_and_draws_the_plan():
    table = sites_from([box(0, 0, 410, 260), box(500, 0, 60, 60), box(0, 300, 400, 249)], ids=["a", "b", "c"]).table
    fits = fit_footprints(table, FAB)
    assert fits["fit"].to_dict() == {"a": "fits", "b": "no", "c": "borderline"}
    assert fits.geometry["b"] is None
    assert math.isnan(fits["x_m"]["b"])
    assert fits.geometry["a"].area == pytest.approx(400 * 250)
    assert fits.geometry["c"].area == pytest.approx(400 * 250 * 0.97**2)
    assert table.geometry["a"].buffer(0.01).covers(fits.geometry["a"])
    assert fits.crs == table.crs


@pytest.mark.parametrize("building", [Building(0, 5), Building(5, -1), Building(5, math.nan), Building(5, 5, -1)])
def test_a_building_without_a_size_is_refused(building):
    with pytest.raises(XinguError) as refusal:
        fit_footprint(box(0, 0, 10, 10), building)
    assert refusal.value.code == "building_wrong"
