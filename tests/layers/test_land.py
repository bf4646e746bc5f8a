"""The parcels: as many, as irregular and as mixed as a real place's, dry, disjoint, honest about themselves."""

from __future__ import annotations

import pytest
import shapely
from kit.shipped import frame
from shapely import STRtree

MU_M2 = 2000 / 3  # 15 mu are 10,000 m2
FAB_M2 = 85_600.0  # 20,000 wafers a month × 4.28 ha per 10,000


def test_between_six_and_fifteen_hundred_parcels_on_both_banks() -> None:
    parcels = frame("parcels")
    assert 600 <= len(parcels) <= 1500
    assert set(parcels.index.str[:2]) == {"XS", "BY", "HZ", "YP", "XW", "QJ", "LJ"}
    assert parcels.index.str.fullmatch(r"[A-Z]{2}-\d{4}").all()
    east = parcels.geometry.centroid.x > 540_000
    assert min(east.sum(), (~east).sum()) > 300


def test_no_parcel_is_over_water_or_over_a_carrier() -> None:
    shapes = frame("parcels").geometry
    for role in ("river", "carriers"):
        other = shapely.union_all(frame(role).geometry.to_numpy())
        assert shapes.intersection(other).area.max() < 1.0, role


def test_no_parcel_overlaps_a_road_by_more_than_its_verge() -> None:
    shapes = frame("parcels").geometry.to_numpy()
    roads = frame("roads").geometry.to_numpy()
    parcel, road = STRtree(roads).query(shapes, predicate="intersects")
    assert shapely.length(shapely.intersection(shapes[parcel], roads[road])).sum() < 1.0


def test_sizes_range_from_half_a_hectare_to_sixty() -> None:
    ha = frame("parcels").geometry.area / 1e4
    assert ha.min() >= 0.5
    assert ha.max() < 60
    assert ha.quantile(0.1) < 4
    assert ha.quantile(0.9) > 14


def test_some_free_industrial_parcels_take_a_twelve_inch_fab_and_many_do_not() -> None:
    parcels = frame("parcels")
    free = parcels[
        parcels["land_use_code"].str.startswith("1001") & parcels["status"].isin(["vacant", "low_efficiency"])
    ]
    large = free.geometry.area >= FAB_M2
    assert large.sum() >= 40
    assert (~large).sum() >= 100
    (core,) = frame("core").geometry
    assert core.contains(free[large].geometry.centroid).sum() >= 10


def test_parcels_are_irregular_as_real_ones() -> None:
    shapes = frame("parcels").geometry
    boxy = shapes.area / shapely.area(shapely.minimum_rotated_rectangle(shapes.to_numpy()))
    assert (boxy > 0.99).mean() < 0.35  # plain rectangles are a minority
    assert ((shapes.area / shapes.convex_hull.area) < 0.9).sum() > 25  # L-shapes and bays
    assert (shapely.get_num_coordinates(shapes.to_numpy()) > 12).sum() > 100  # chamfers, curved sides


def test_neighbours_share_their_sides_vertex_by_vertex() -> None:
    shapes = frame("parcels").geometry
    one, other = STRtree(shapes.to_numpy()).query(shapes.to_numpy(), predicate="touches")
    sides = shapely.length(shapely.intersection(shapes.to_numpy()[one], shapes.to_numpy()[other]))
    assert (sides > 50).sum() > 1000


def test_columns_hold_what_a_planner_expects() -> None:
    parcels = frame("parcels")
    assert set(parcels["status"]) == {"vacant", "low_efficiency", "occupied", "reserved"}
    assert {"0701", "0802", "100101", "100102", "100103", "1101"} <= set(parcels["land_use_code"])
    assert parcels["plot_ratio_max"].between(0.4, 4.0).all()
    assert parcels["height_max_m"].between(18, 120).all()
    assert parcels["owner"].nunique() > 200
    assert set(parcels["subdistrict"]) == {"下沙", "白杨", "河庄", "义蓬", "新湾", "前进", "临江"}


def test_the_middle_of_21st_street_is_industry_and_its_north_is_research() -> None:
    parcels = frame("parcels")
    street = frame("street").set_index("stretch").geometry
    near = {
        name: parcels[parcels.geometry.distance(street[name]) < 250]["land_use_code"] for name in ("north", "middle")
    }
    assert near["middle"].str.startswith("1001").mean() > 0.6
    assert near["north"].isin(["0802", "0901", "0701"]).mean() > 0.2


def test_a_parcel_on_which_a_located_firm_stands_is_its_industrial_land() -> None:
    parcels, actors = frame("parcels"), frame("actors")
    firms = actors[(actors["kind"] == "firm") & (actors["accuracy_m"] < 1000)]
    assert len(firms) >= 5
    for name, spot in firms.geometry.items():
        below = parcels.loc[parcels.geometry.distance(spot).idxmin()]
        assert below.geometry.distance(spot) < 60, name
        assert below["status"] == "occupied", name
        assert below["land_use_code"] == "100102", name


def test_the_plants_stand_on_land_for_utilities() -> None:
    parcels, nodes = frame("parcels"), frame("sewer_nodes")
    for plant in ("WWTP-QG", "WWTP-LJ"):
        near = parcels[parcels.geometry.distance(nodes.loc[plant].geometry) < 400]
        assert ((near["land_use_code"] == "13") & (near["status"] == "occupied")).any(), plant


@pytest.mark.parametrize(
    ("name", "land_m2", "floors_m2"),
    [("钱塘芯科园", 133 * MU_M2, 250_000), ("和达临碳科技城", 318.39 * MU_M2, 476_000)],
)
def test_carriers_keep_the_figures_that_were_reported(name: str, land_m2: float, floors_m2: float) -> None:
    carrier = frame("carriers").set_index("name_zh").loc[name]
    assert carrier.geometry.area == pytest.approx(land_m2, rel=0.001)
    assert carrier["floor_area_m2"] == floors_m2
    assert carrier["plot_ratio_max"] == pytest.approx(floors_m2 / land_m2, abs=0.01)
    assert "示意" in carrier["about_zh"]


def test_the_parks_floors_add_up_to_the_plans_nearly_one_point_four_million() -> None:
    carriers = frame("carriers").set_index("name_zh")
    total = carriers.loc[["钱塘芯科园", "和达芯谷", "智造谷"], "floor_area_m2"].sum()
    assert total == pytest.approx(1_400_000, rel=0.02)
    assert (carriers["floor_area_free_m2"] < carriers["floor_area_m2"]).all()
