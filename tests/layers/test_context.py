"""The surroundings: areas that were published, gauges on the dikes, one road network over both banks, dry homes."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import rasterio
import shapely
from kit.shipped import frame, shipped
from pyproj import Transformer
from shapely import STRtree
from shapely.geometry import Point

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)
GAUGES = {
    "四工段": (120.4359, 30.3561),
    "六工段": (120.5032, 30.3824),
    "八工段": (120.5540, 30.3791),
    "外十": (120.6001, 30.3764),
    "二十工段": (120.6558, 30.3644),
}
ANCHORS = {
    "下沙街道": [(120.3114, 30.3010), (120.3289, 30.2961), (120.3212, 30.3116)],
    "白杨街道": [(120.3400, 30.3300), (120.3792, 30.2844), (120.3361, 30.2739)],
    "河庄街道": [(120.4529, 30.3004), (120.4197, 30.3150)],
    "义蓬街道": [(120.4947, 30.2784), (120.5015, 30.3127), (120.5047, 30.3200)],
    "新湾街道": [(120.5340, 30.2845)],
    "前进街道": [(120.5865, 30.3010), (120.5814, 30.3094)],
    "临江街道": [(120.6138, 30.2884), (120.6445, 30.2903)],
}


def _at(lon: float, lat: float) -> Point:
    return Point(TO_METRES.transform(lon, lat))


def test_the_district_has_its_published_area_and_its_land() -> None:
    assert frame("district").geometry.area.sum() / 1e6 == pytest.approx(531.7, abs=0.1)
    assert frame("subdistricts").geometry.area.sum() / 1e6 == pytest.approx(436.0, abs=0.2)


def test_every_subdistrict_holds_the_places_known_to_be_in_it() -> None:
    table = frame("subdistricts").set_index("name_zh")
    assert set(table.index) == set(ANCHORS)
    for name, places in ANCHORS.items():
        assert all(table.loc[name].geometry.contains(_at(*place)) for place in places), name


def test_the_jiangdong_dike_passes_its_five_gauges() -> None:
    dike = frame("dikes").loc["dike_jiangdong"].geometry
    assert max(dike.distance(_at(*place)) for place in GAUGES.values()) < 100


def test_the_river_parts_the_banks_and_a_canal_passes_its_gauge() -> None:
    river = frame("river")
    assert not river.loc["R00"].geometry.intersects(
        shapely.union_all(frame("subdistricts").geometry.to_numpy()).buffer(-5)
    )
    assert river.loc["C03"].geometry.distance(_at(120.36592, 30.27933)) < 100


def test_seven_stations_on_line_one() -> None:
    metro = frame("metro")
    assert list(metro.sort_index()["name_zh"]) == [
        "下沙西站",
        "金沙湖站",
        "高沙路站",
        "文泽路站",
        "文海南路站",
        "云水站",
        "下沙江滨站",
    ]
    assert metro.loc["metro_1_6"].geometry.distance(_at(120.37719, 30.30517)) < 60


def test_roads_meet_only_at_their_ends() -> None:
    roads = frame("roads").geometry.to_numpy()
    one, other = STRtree(roads).query(roads, predicate="crosses")
    assert len(roads) > 800
    # Rounding to 1e-7° moves ends by at most 6 mm; a real crossing would lie far from both roads' ends.
    spots = shapely.intersection(roads[one], roads[other])
    ends = shapely.union(shapely.boundary(roads[one]), shapely.boundary(roads[other]))
    assert not (shapely.distance(spots, ends) > 0.05).any()


def test_all_roads_hang_together_over_both_banks() -> None:
    graph = nx.Graph()
    for line in frame("roads").geometry:
        graph.add_edge(line.coords[0], line.coords[-1], length_m=line.length)
    assert nx.number_connected_components(graph) == 1
    names = set(frame("roads")["name_zh"])
    assert {"江东大桥（示意）", "过江通道（示意）", "21号大街", "6号大街", "20号大街", "江东大道（示意）"} <= names
    assert set(frame("roads")["class"]) == {"expressway", "arterial", "street"}


def test_a_road_east_of_the_river_never_hides_that_it_is_illustrative() -> None:
    roads = frame("roads")
    east = roads[roads.geometry.centroid.x > 540_000]
    assert len(east) > 300
    assert east["name_zh"].str.contains("示意").all()
    assert (east["basis"] == "illustrative").all()
    inferred = set(roads.loc[roads["basis"] == "inferred", "name_zh"])
    assert inferred <= {f"{n}号大街" for n in (2, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 25)} | {
        "学正街"
    }


def test_jianghai_has_the_residents_the_notice_gives() -> None:
    homes = frame("residential")
    planned = homes[homes["state"] == "planned"]
    assert planned["persons"].sum() == 271_800
    assert planned.geometry.area.sum() < 24.4623e6  # within the 2,446.23 ha of the unit
    assert homes.loc[homes["state"] == "present", "persons"].sum() > 200_000


def test_homes_and_protected_land_stay_out_of_the_river() -> None:
    river = frame("river").loc["R00"].geometry
    for role in ("residential", "protected"):
        wet = frame(role).geometry.intersection(river).area
        assert len(wet) > 10
        assert wet.max() < 1.0, role


def test_the_ground_is_flat_land_with_dikes_and_nothing_outside() -> None:
    raster = shipped().raster("elevation")
    with rasterio.open(raster.file) as file:
        level = file.read(1, masked=True)
        assert file.crs.to_epsg() == 4549
        assert 20 <= file.res[0] <= 30
    dry = level.compressed()
    assert dry.size * 900 / 1e6 == pytest.approx(436.0, rel=0.01)  # cells of 30 m × 30 m
    assert level.mask.mean() > 0.2
    assert dry.min() > 3.0
    assert dry.max() < 10.0
    assert np.mean((dry >= 4.0) & (dry <= 8.0)) > 0.95


def test_the_roads_pass_the_crossings_that_were_seen() -> None:
    roads = frame("roads")
    seen = {
        "文泽路×2号大街": (120.34388, 30.31232),
        "文海南路×2号大街": (120.37180, 30.31331),
        "学正街×23号大街": (120.37176, 30.30893),
    }
    for name, place in seen.items():
        assert roads.geometry.distance(_at(*place)).min() < 15, name
