"""一核一街两翼: the core with its parks and zones, 21号大街 in three stretches, the wings.

Comes in: the facts, the core's frame. Goes out: shapes and the layers of the group ``structure`` (but the actors).
Must not know: parcels, sewers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from shapely.geometry import LineString, Polygon

from layers.draw import facts
from layers.draw.areas import core_frame, core_outline, jiangdong_areas
from layers.draw.ground import XY, knit, largest, path, point
from layers.draw.outline import ground
from layers.draw.papers import ABOUT, ID, NAMES, note
from layers.draw.write import Feature, Field, Paper, write_layer
from layers.draw.xiasha import xiasha_area

PLAN = "chip_valley_plan"
NOTES = "coordinate_notes"

# Local corners (u east-ish, v north-ish; × scale = m) of the three zones and three parks.
ZONES: dict[str, tuple[str, str, Sequence[XY], str, str]] = {
    "zone_major": (
        "重大项目承载区", "Major-project zone", ((-1180, -280), (2250, -280), (2250, 1740), (-1180, 1740)),
        "规划三区之一:承载晶圆制造等标志性重大项目(规划四(一)2)。位置为示意。",
        "One of the plan's three zones: for flagship projects such as wafer fabs (plan, section 4(1)2). Its place is illustrative.",
    ),
    "zone_devices": (
        "高端器件制造区", "Advanced-device zone", ((-2250, -1740), (120, -1740), (120, -820), (-1180, -820), (-1180, 900), (-2250, 900)),
        "规划三区之一:关键器件的制造、封装与测试(规划四(一)2)。位置为示意。",
        "One of the plan's three zones: making, packaging and testing key devices (section 4(1)2). Its place is illustrative.",
    ),
    "zone_chips": (
        "智能芯片应用区", "Smart-chip application zone", ((680, -1740), (2250, -1740), (2250, -280), (680, -280)),
        "规划三区之一:智能终端与芯片应用产业化(规划四(一)2)。位置为示意。",
        "One of the plan's three zones: smart terminals and chip applications (section 4(1)2). Its place is illustrative.",
    ),
}  # fmt: skip
PARKS: dict[str, tuple[str, str, Sequence[XY], str, str]] = {
    "park_zhizao": (
        "智造谷", "Zhizao Valley", ((120, -1740), (680, -1740), (680, -820), (120, -820)),
        "规划三园之一:集成电路产业创新服务园(规划四(一)1)。位置与边界为示意。",
        "One of the plan's three parks: innovation services for integrated circuits (section 4(1)1). Place and outline are illustrative.",
    ),
    "park_heda": (
        "和达芯谷", "Heda Xingu", ((-560, -820), (680, -820), (680, -280), (-560, -280)),
        "规划三园之一:高能级产业创新服务平台(规划四(一)1)。位置与边界为示意。",
        "One of the plan's three parks: a leading innovation-service platform (section 4(1)1). Place and outline are illustrative.",
    ),
    "park_xinke": (
        "钱塘芯科园", "Qiantang Xinke Park", ((-1180, -820), (-560, -820), (-560, -280), (-1180, -280)),
        "规划三园之一。公开报道:用地约133亩、建筑面积约25万平方米;此处位置与边界为示意。",
        "One of the plan's three parks. Reported: about 133 mu of land and 250,000 m² of floors; place and outline here are illustrative.",
    ),
}  # fmt: skip

WINGS: dict[str, tuple[str, str, str, str]] = {
    "xiasha": (
        "下沙片区", "Xiasha wing",
        "芯片设计研发集群与技术转化高地;推动集成电路制造企业与芯智造终端应用上下游合作(规划四(三)1)。范围为示意。",
        "Chip design and technology transfer; fabs and terminal makers work up and down the chain (section 4(3)1). Its extent is illustrative.",
    ),
    "qianjin": (
        "前进片区", "Qianjin wing",
        "聚焦智能终端制造:智能汽车、手机、电脑、家电等(规划四(三)2)。范围为示意。",
        "Smart terminals: vehicles, phones, computers, home appliances (section 4(3)2). Its extent is illustrative.",
    ),
    "linjiang": (
        "临江片区", "Linjiang wing",
        "主攻上游材料:湿电子化学品等,建设电子专用材料专业园区(规划四(三)2)。范围为示意。",
        "Upstream materials: wet electronic chemicals and an electronic-materials park (section 4(3)2). Its extent is illustrative.",
    ),
}  # fmt: skip

STRETCHES = (
    ("north", "北段", "north stretch", ("06", "08", "10"),
     "新加坡科技园、海创园、和达孵化器:集成电路设计、软件开发、检验检测(规划四(二))。分段界线为示意。",
     "Singapore park, Haichuang park, Heda incubator: chip design, software, testing (section 4(2)). Where stretches meet is illustrative."),
    ("middle", "中段", "middle stretch", ("10", "12", "14", "16"),
     "士兰集成、士兰集昕、立昂微等大型集成电路制造企业(规划四(二))。分段界线为示意。",
     "Silan Integrated, Silan Jixin, Lion and other large fabs (section 4(2)). Where stretches meet is illustrative."),
    ("south", "南段", "south stretch", ("16", "18", "20"),
     "三花、九阳、怡得乐、西门子等元器件模组与应用,毗邻综合保税区(规划四(二))。分段界线为示意。",
     "Sanhua, Joyoung, Interplex, Siemens: modules and applications next to the bonded zone (section 4(2)). Where stretches meet is illustrative."),
)  # fmt: skip


@cache
def core_parts() -> dict[str, Polygon]:
    """The three zones and three parks; none overlaps another, all lie in the core."""
    frame, scale = core_frame()
    inside = core_outline()
    whole = {**ZONES, **PARKS}
    rough = [frame.ring([(u * scale, v * scale) for u, v in one[2]]) for one in whole.values()]
    return dict(zip(whole, knit([largest(shape.intersection(inside)) for shape in rough]), strict=True))


@cache
def wings() -> dict[str, Polygon]:
    """The wings: the built-up areas they are named after, a little beyond their edges."""
    areas = {area.key: area.outline for area in (xiasha_area(), *jiangdong_areas())}
    return {key: largest(areas[key].buffer(120).intersection(ground().land).simplify(3.0)) for key in WINGS}


@cache
def street_stretches() -> dict[str, LineString]:
    """21号大街 from 6号大街 to 20号大街 in three stretches that meet at shared points."""
    at = {number: (lon, lat) for number, _, lon, lat, _, _ in facts.CROSSINGS}
    return {key: path([at[number] for number in numbers]) for key, _, _, numbers, _, _ in STRETCHES}


def draw(out: Path) -> None:
    """Write core, core_parts, wings, street, street_crossings."""
    _draw_core(out)
    _draw_parts(out)
    _draw_wings(out)
    _draw_street(out)


def _draw_core(out: Path) -> None:
    columns = {
        "name_zh": "钱塘芯谷核心区", "name_en": "Qiantang Xingu core",
        "about_zh": "规划“一核”:15.6平方公里产业核心区,“三园三区”(规划四(一))。面积按规划;位置与边界未见公开,中心为推测(±4公里),轮廓为示意。",
        "about_en": "The plan's core of 15.6 km² with three parks and three zones (section 4(1)). The area is the plan's; centre guessed (±4 km), outline illustrative.",
    }  # fmt: skip
    paper = Paper(
        "structure", "core", ("核心区(一核)", "The core"),
        ("面积15.60平方公里取自规划;中心位置为推测,误差约±4公里,轮廓为示意,不可用于定界。",
         "The area, 15.60 km², is the plan's; the centre is a guess within about ±4 km and the outline illustrative: not a boundary."),
        "polygon", (ID, *NAMES, *ABOUT), (PLAN, NOTES), "illustrative", 4000.0,
        note("以推测中心为原点,按15.60平方公里缩放。", "Scaled to 15.60 km² about the guessed centre."), ("no_overlaps", "no_holes"),
    )  # fmt: skip
    write_layer(out, paper, [Feature("core", core_outline(), columns)])


def _draw_parts(out: Path) -> None:
    shapes = core_parts()
    features = []
    for kind, group in (("zone", ZONES), ("park", PARKS)):
        for key, (zh, en, _, about_zh, about_en) in group.items():
            columns = {"name_zh": zh, "name_en": en, "kind": kind, "about_zh": about_zh, "about_en": about_en}
            features.append(Feature(key, shapes[key], columns))
    which = Field("kind", "text", "园区或片区(park/zone)", "park or zone")
    paper = Paper(
        "structure", "core_parts", ("三园三区", "Three parks and three zones"),
        ("名称与职能取自规划;在核心区内的位置与边界均为示意。", "Names and roles are the plan's; places and outlines within the core are illustrative."),
        "polygon", (ID, *NAMES, which, *ABOUT), (PLAN, "press_xinke", NOTES), "illustrative", 4000.0,
        note("在核心区局部坐标内划分。", "Laid out in the core's local frame."), ("no_overlaps", "no_holes"),
    )  # fmt: skip
    write_layer(out, paper, features)


def _draw_wings(out: Path) -> None:
    features = [
        Feature(key, wings()[key], {"name_zh": zh, "name_en": en, "about_zh": about_zh, "about_en": about_en})
        for key, (zh, en, about_zh, about_en) in WINGS.items()
    ]
    paper = Paper(
        "structure", "wings", ("两翼", "The wings"),
        ("职能取自规划;范围未公布,取同名片区的示意建成范围。", "Roles are the plan's; extents are unpublished: the illustrative built-up area of that name."),
        "polygon", (ID, *NAMES, *ABOUT), (PLAN, NOTES), "illustrative", 2000.0,
        note("取示意片区轮廓外扩120米。", "The outlines of the illustrative quarters, 120 m beyond."), ("no_overlaps", "no_holes"),
    )  # fmt: skip
    write_layer(out, paper, features)


def _draw_street(out: Path) -> None:
    features = [
        Feature(
            f"street_{key}", street_stretches()[key],
            {"name_zh": f"21号大街{zh}", "name_en": f"No. 21 Street, {en}", "stretch": key, "about_zh": about_zh, "about_en": about_en},
        )
        for key, zh, en, _, about_zh, about_en in STRETCHES
    ]  # fmt: skip
    stretch = Field("stretch", "text", "区段(north/middle/south)", "north, middle or south")
    lineage = note(
        "按门牌号、地铁站与路口资料推断八个路口后连线。",
        "A line through eight crossings inferred from house numbers, stations and crossings.",
    )
    paper = Paper(
        "structure", "street", ("21号大街(一街)", "No. 21 Street"),
        ("轴线由八个推断路口连成:东西误差约150米,南北90–300米;三段的分界为示意。",
         "A line through eight inferred crossings: ±150 m east-west, ±90–300 m north-south; where stretches meet is illustrative."),
        "line", (ID, *NAMES, stretch, *ABOUT), (PLAN, NOTES), "inferred", 300.0, lineage,
    )  # fmt: skip
    write_layer(out, paper, features)
    crossings = [
        Feature(
            f"crossing_{number}", point(lon, lat),
            {"name_zh": f"21号大街×{name}", "name_en": f"No. 21 × No. {int(number)} Street", "cross_street_zh": name,
             "ew_accuracy_m": east_m, "ns_accuracy_m": north_m},
        )
        for number, name, lon, lat, east_m, north_m in facts.CROSSINGS
    ]  # fmt: skip
    fields = (
        ID, *NAMES, Field("cross_street_zh", "text", "相交道路", "the street crossed"),
        Field("ew_accuracy_m", "m", "东西向误差", "east-west accuracy"),
        Field("ns_accuracy_m", "m", "南北向误差", "north-south accuracy"),
    )  # fmt: skip
    paper = Paper(
        "structure", "street_crossings", ("21号大街路口", "Crossings of No. 21 Street"),
        ("八个路口的推断位置与误差,非测量成果。", "Inferred positions of eight crossings with their accuracy; not a survey."),
        "point", fields, (NOTES,), "inferred", 300.0, lineage,
    )  # fmt: skip
    write_layer(out, paper, crossings)
