"""一核一街两翼多点 as the plan has it: areas, names, places within their stated accuracy."""

from __future__ import annotations

import pytest
import shapely
from kit.shipped import frame
from pyproj import Transformer
from shapely.geometry import Point

from xingu_geo.ground.planning.chain import Stage

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)

# Latitude and longitude of the eight crossings with their accuracy east-west and north-south [m].
CROSSINGS = {
    "6号大街": (120.3664, 30.3050, 150, 90),
    "8号大街": (120.3664, 30.3026, 150, 150),
    "10号大街": (120.3663, 30.3001, 150, 110),
    "12号大街": (120.3663, 30.2970, 150, 170),
    "14号大街": (120.3662, 30.2945, 150, 220),
    "16号大街": (120.3662, 30.2922, 150, 250),
    "18号大街": (120.3661, 30.2898, 150, 170),
    "20号大街": (120.3661, 30.2872, 150, 300),
}

# Everyone the plan names in its section 四, listed by hand while reading it.
SECTION_FOUR = (
    "钱塘芯谷产业园区", "智造谷", "和达芯谷", "钱塘芯科园", "京东方科技文化园",
    "新加坡科技园", "海创园", "和达孵化器", "士兰集成", "士兰集昕", "立昂微", "三花工业园", "九阳工业园",
    "怡得乐电子", "西门子", "杭州综合保税区", "道铭微", "玳能", "松下",
    "氩芯", "米芯", "迦美信芯通讯", "必博", "灵芯微", "光宇元芯", "易纳纬", "安费诺飞凤", "耕德", "富联统合",
    "下沙高教园区", "9大产业平台",
)  # fmt: skip
ELSEWHERE = (
    "晋旗电子", "立昂东芯", "宝鼎乾芯", "基石", "积海半导体", "中欣晶圆", "格林达", "大和江东新材料",
    "泓芯微", "幄肯新材料", "库睿斯", "浙硅", "星原驰", "士兰明芯", "华测检测", "方圆检测", "钛和检测",
    "吉利", "长安福特（林肯）", "广汽传祺（合创）", "零跑", "九阳", "金鱼电器", "顾家", "圣奥", "得力",
    "和利时", "史陶比尔", "新松", "艾美依", "浙江大学", "杭州电子科技大学",
)  # fmt: skip

# Positions with a public basis: longitude, latitude, ± m.
PLACED = {
    "士兰集昕": (120.36242, 30.30091, 100),
    "士兰集成": (120.3690, 30.3012, 250),
    "立昂微": (120.3680, 30.2880, 500),
    "新加坡科技园": (120.3639, 30.3063, 150),
    "和达孵化器": (120.3671, 30.3057, 80),
    "怡得乐电子": (120.3714, 30.3012, 100),
    "西门子": (120.3272, 30.2914, 400),
    "中欣晶圆": (120.49, 30.34, 3500),
}


def _at(lon: float, lat: float) -> Point:
    return Point(TO_METRES.transform(lon, lat))


def test_the_core_measures_fifteen_point_six_square_kilometres() -> None:
    (shape,) = frame("core").geometry
    assert shape.area / 1e6 == pytest.approx(15.60, abs=0.01)
    assert not shape.interiors
    assert shape.centroid.distance(_at(120.475, 30.335)) < 4000  # the stated guess of its centre, ± 4 km


def test_the_core_holds_three_parks_and_three_zones() -> None:
    parts, (core,) = frame("core_parts"), frame("core").geometry
    named = {kind: set(parts.loc[parts["kind"] == kind, "name_zh"]) for kind in ("park", "zone")}
    assert named == {
        "park": {"智造谷", "和达芯谷", "钱塘芯科园"},
        "zone": {"重大项目承载区", "高端器件制造区", "智能芯片应用区"},
    }
    assert all(core.buffer(1.0).contains(shape) for shape in parts.geometry)
    assert parts.geometry.area.sum() > 0.9 * core.area


def test_the_axis_of_the_street_passes_every_crossing_within_its_accuracy() -> None:
    axis = shapely.union_all(frame("street").geometry.to_numpy())
    for name, (lon, lat, east_m, north_m) in CROSSINGS.items():
        spot = _at(lon, lat)
        assert axis.intersects(shapely.box(spot.x - east_m, spot.y - north_m, spot.x + east_m, spot.y + north_m)), name
        assert axis.distance(spot) < 20, name


def test_the_crossings_stand_where_they_were_inferred() -> None:
    table = frame("street_crossings").set_index("cross_street_zh")
    assert set(table.index) == set(CROSSINGS)
    for name, (lon, lat, east_m, north_m) in CROSSINGS.items():
        assert table.loc[name].geometry.distance(_at(lon, lat)) < 1.0
        assert (table.loc[name, "ew_accuracy_m"], table.loc[name, "ns_accuracy_m"]) == (east_m, north_m)


def test_the_stretches_follow_one_another_from_6_to_20() -> None:
    street = frame("street").set_index("stretch").geometry
    north, middle, south = (street[name].coords for name in ("north", "middle", "south"))
    assert north[-1] == middle[0]
    assert middle[-1] == south[0]
    assert Point(north[0]).distance(_at(120.3664, 30.3050)) < 1
    assert Point(south[-1]).distance(_at(120.3661, 30.2872)) < 1
    assert 1600 < street.length.sum() < 2300  # about 1.97 km


def test_three_wings_with_the_roles_of_the_plan() -> None:
    wings = frame("wings")
    assert set(wings.index) == {"xiasha", "linjiang", "qianjin"}
    for key, word in (("xiasha", "设计"), ("linjiang", "湿电子化学品"), ("qianjin", "智能终端")):
        assert word in wings.loc[key, "about_zh"]
    assert wings.loc["xiasha"].geometry.contains(_at(120.3664, 30.2970))
    assert wings.loc["linjiang"].geometry.contains(_at(120.6445, 30.2903))
    assert wings.loc["qianjin"].geometry.contains(_at(120.5865, 30.3010))


@pytest.mark.parametrize(("names", "mark"), [(SECTION_FOUR, "四"), (ELSEWHERE, "")])
def test_everyone_the_plan_names_is_in_the_layer(names: tuple[str, ...], mark: str) -> None:
    actors = frame("actors").set_index("name_zh")
    assert len(set(names)) == len(names) >= 30
    assert [name for name in names if name not in actors.index] == []
    assert all(str(actors.loc[name, "section"]).startswith(mark) for name in names)


def test_nobody_is_placed_without_a_basis_and_an_accuracy() -> None:
    actors = frame("actors")
    placed = actors.geometry.notna()
    assert 10 <= placed.sum() < 25
    assert (~placed).sum() > 40
    assert actors.loc[placed, "accuracy_m"].gt(0).all()
    assert actors.loc[~placed, "accuracy_m"].isna().all()
    assert actors["basis"].str.len().gt(3).all()
    assert set(actors["stage"]) <= {stage.value for stage in Stage}
    assert set(actors["kind"]) == {"firm", "park", "university", "platform", "area"}


def test_known_places_are_kept() -> None:
    actors = frame("actors").set_index("name_zh")
    for name, (lon, lat, accuracy_m) in PLACED.items():
        assert actors.loc[name].geometry.distance(_at(lon, lat)) < 2.0, name
        assert actors.loc[name, "accuracy_m"] == accuracy_m


def test_who_has_only_an_unchecked_house_number_is_not_placed() -> None:
    actors = frame("actors").set_index("name_zh")
    for name in ("三花工业园", "九阳工业园", "钱塘芯科园", "积海半导体", "宝鼎乾芯"):
        assert actors.loc[name].geometry is None, name
