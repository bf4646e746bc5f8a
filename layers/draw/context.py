"""The surroundings: district, subdistricts, river, dikes, roads, metro.

Comes in: ground, roads, facts. Goes out: the layers of the group ``context`` but homes and protected land.
Must not know: parcels, sewers.
"""

from __future__ import annotations

from pathlib import Path

from layers.draw import facts
from layers.draw.ground import point
from layers.draw.outline import ground
from layers.draw.papers import ID, NAMES, note
from layers.draw.roads import edges
from layers.draw.subdistricts import subdistricts
from layers.draw.write import Feature, Field, Paper, write_layer

NOTES = "coordinate_notes"
OWN = "own_drawing"


def draw(out: Path) -> None:
    """Write district, subdistricts, river, dikes, roads, metro."""
    _draw_district(out)
    _draw_subdistricts(out)
    _draw_river(out)
    _draw_dikes(out)
    _draw_roads(out)
    _draw_metro(out)


def _draw_district(out: Path) -> None:
    paper = Paper(
        "context", "district", ("钱塘区范围", "Qiantang District"),
        ("示意轮廓,自绘:面积531.7平方公里(陆地436、水域95.7)为公开数字,轮廓按此调整;界线误差可达2公里,不是行政区划图。",
         "A coarse, illustrative outline of ours, fitted to the published 531.7 km² (land 436, water 95.7); the line may be 2 km off and is no boundary map."),
        "polygon", (ID, *NAMES), ("district_figures", NOTES, OWN), "illustrative", 2000.0,
        note("按江堤水位站与已知地点手绘,再平移南界与江中线使面积吻合。", "Drawn by hand around gauges and known places, then shifted until the areas agree."),
        ("no_overlaps", "no_holes"),
    )  # fmt: skip
    columns = {"name_zh": "钱塘区", "name_en": "Qiantang District"}
    write_layer(out, paper, [Feature("330114", ground().district, columns)])


def _draw_subdistricts(out: Path) -> None:
    codes = {
        name: f"33011400{k}" for k, name in enumerate(("下沙", "白杨", "河庄", "义蓬", "新湾", "临江", "前进"), start=1)
    }
    features = [
        Feature(codes[name], shape, {"name_zh": f"{name}街道", "name_en": f"{facts.SUBDISTRICT_EN[name]} Subdistrict"})
        for name, shape in subdistricts().items()
    ]
    paper = Paper(
        "context", "subdistricts", ("街道(示意)", "Subdistricts (schematic)"),
        ("七个街道按已知村社位置示意划分(仅陆域),界线误差约2公里,不是行政界线;编号为统计用区划代码。",
         "An illustrative cut of the land between known villages into seven subdistricts; lines may be 2 km off and are not administrative; ids are statistical codes."),
        "polygon", (ID, *NAMES), (NOTES, "division_codes", OWN), "illustrative", 2000.0,
        note("以手绘曲线切分两岸陆域。", "The land of both banks cut along hand-drawn curves."), ("no_overlaps", "no_holes"),
    )  # fmt: skip
    write_layer(out, paper, features)


def _draw_river(out: Path) -> None:
    features = [Feature("R00", ground().river, {"name_zh": "钱塘江", "name_en": "Qiantang River"})]
    english = {
        "C01": "Xiasha north canal", "C02": "Xiasha middle canal", "C03": "Xiasha no. 21 canal", "C04": "Jiangdong cross canal",
        "C05": "Xingu canal", "C06": "Yipeng canal", "C07": "Xinwan canal", "C08": "Xinei canal", "C09": "Linjiang east canal",
        "C10": "south cross canal",
    }  # fmt: skip
    for key, (name, shape) in ground().canals.items():
        features.append(Feature(key, shape, {"name_zh": name, "name_en": f"{english[key]} (illustrative)"}))
    paper = Paper(
        "context", "river", ("江河", "River and canals"),
        ("钱塘江水面按江堤水位站(±100米)与手绘对岸勾画,部分超出区界;内河除21号渠经过水位站外均为示意。",
         "The river between dikes drawn through gauges (±100 m) and sketched far banks, partly beyond the district; canals are illustrative, "
         "except that no. 21 passes its gauge."),
        "polygon", (ID, *NAMES), (NOTES, OWN), "illustrative", 600.0, note("手绘曲线围成。", "Enclosed by hand-drawn curves."),
    )  # fmt: skip
    write_layer(out, paper, features)


def _draw_dikes(out: Path) -> None:
    names = {
        "xiasha": ("下沙江堤(示意)", "Xiasha dike (illustrative)"),
        "jiangdong": ("江东江堤(过五个水位站)", "Jiangdong dike (through five gauges)"),
    }
    features = [
        Feature(f"dike_{key}", line, {"name_zh": names[key][0], "name_en": names[key][1]})
        for key, line in ground().dikes.items()
    ]
    paper = Paper(
        "context", "dikes", ("江堤", "Dikes"),
        ("江东江堤经过四工段、六工段、八工段、外十、二十工段五站(±100米),站间为平滑连线;下沙江堤为示意。",
         "The Jiangdong dike passes five gauges (±100 m), smooth in between; the Xiasha dike is illustrative."),
        "line", (ID, *NAMES), (NOTES, OWN), "illustrative", 600.0, note("过站点的平滑曲线。", "A smooth curve through the gauges."),
    )  # fmt: skip
    write_layer(out, paper, features)


def _draw_roads(out: Path) -> None:
    features = [
        Feature(
            f"road_{number:04d}", edge.line,
            {"name_zh": edge.street.name_zh, "name_en": edge.street.name_en, "class": edge.street.rank, "basis": edge.street.basis},
        )
        for number, edge in enumerate(edges(), start=1)
    ]  # fmt: skip
    fields = (
        ID, *NAMES, Field("class", "text", "等级(expressway/arterial/street)", "expressway, arterial or street"),
        Field("basis", "text", "依据(inferred 推断/illustrative 示意)", "inferred or illustrative"),
    )  # fmt: skip
    paper = Paper(
        "context", "roads", ("道路", "Roads"),
        ("下沙6–20号大街与11–25号大街的位置由门牌与路口推断(±60–300米),其余道路线位均为示意(江东只知路名);各段仅在端点相交,可作路网。",
         "In Xiasha, 6–20 and 11–25号大街 are inferred from house numbers and crossings (±60–300 m); every other alignment is illustrative (east of the "
         "river only names are known). Pieces meet only at their ends and form one network."),
        "line", fields, (NOTES, "osm_crossings", OWN), "illustrative", 500.0,
        note("街道与干路打断成段,去除短悬挂段,保留最大连通部分。", "Streets and arterials noded, stubs dropped, the largest connected part kept."),
    )  # fmt: skip
    write_layer(out, paper, features)


def _draw_metro(out: Path) -> None:
    features = [
        Feature(f"metro_1_{number}", point(lon, lat), {"name_zh": f"{zh}站", "name_en": en, "line": "1"})
        for number, (zh, en, lon, lat) in enumerate(facts.METRO, start=1)
    ]
    paper = Paper(
        "context", "metro", ("地铁1号线车站", "Metro line 1 stations"),
        ("2019年资料中的七个站点(±60米);不含其后开通的线路与车站。", "Seven stations as of 2019 (±60 m); later lines and stations are not included."),
        "point", (ID, *NAMES, Field("line", "text", "线路", "line")), (NOTES,), "digitised", 60.0,
        note("坐标由火星坐标换算。", "Positions converted from GCJ-02."),
    )  # fmt: skip
    write_layer(out, paper, features)
