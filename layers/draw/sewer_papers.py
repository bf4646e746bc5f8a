"""Passports, sources and committed loads of the sewers.

Comes in: nodes, links, loads as drawn. Goes out: the files of the group ``sewers``. Must not know: how pipes are sized.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from layers.draw.papers import ID, NAMES, note
from layers.draw.write import Both, Feature, Field, Paper, Value, write_layer, write_table

SHARED: Mapping[str, dict[str, Value]] = {
    "WWTP-QG": {"shared_with_zh": "杭州主城区、临平等", "shared_with_en": "the main city, Linping and others"},
    "WWTP-LJ": {"shared_with_zh": "萧山东片其他镇与园区", "shared_with_en": "other towns and parks of east Xiaoshan"},
}
OTHERS_DOMESTIC: Mapping[str, float] = {"WWTP-QG": 0.80, "WWTP-LJ": 0.35}

_WHY: Mapping[str, Both] = {
    "drawn": ("示意:按示意居住人口(0.22立方米/人·日)与在用地块单位用地排水量估算", "Illustrative: from illustrative residents (0.22 m³ each a day) and discharge per hectare of plots in use"),
    "balance": ("示意:其余现状排水户,按该干管设定的余量配平", "Illustrative: the remaining dischargers, set so that the trunk has the headroom chosen for it"),
    "WWTP-QG": ("示意:主城区等其他来水,实际分摊未见公开", "Illustrative: inflow from the main city and others; the real share is unpublished"),
    "WWTP-LJ": ("示意:萧山东片其他镇与园区来水,现状水量未见公开", "Illustrative: inflow from other towns and parks of east Xiaoshan; present flows are unpublished"),
}  # fmt: skip

# Approved but not yet discharging: catchment, year, domestic, industrial m³/d, why.
_COMMITTED: tuple[tuple[str, int, float, float, Both], ...] = (
    ("HZC", 2027, 300, 3800, ("示意:核心区西部在建制造项目", "Illustrative: fabs under construction in the west of the core")),
    ("HZE", 2030, 400, 4600, ("示意:重大项目承载区后续项目", "Illustrative: later projects of the major-project zone")),
    ("QJT", 2027, 300, 2600, ("示意:前进智能终端项目", "Illustrative: terminal makers in Qianjin")),
    ("QJT", 2030, 400, 4200, ("示意:前进后续项目", "Illustrative: later projects in Qianjin")),
    ("LJT", 2027, 100, 2400, ("示意:临江电子专用材料园区", "Illustrative: electronic-materials park in Linjiang")),
    ("BYS", 2027, 100, 900, ("示意:21号大街沿线技改", "Illustrative: refitting along No. 21 Street")),
    ("XWT", 2030, 500, 1500, ("示意:新湾存量更新", "Illustrative: renewal in Xinwan")),
    ("HZJ", 2027, 7500, 0, ("江海之城规划人口271,800人中先期入住部分,按0.2立方米/人·日分摊(分期为示意)", "Jianghai new town, first residents of 271,800 planned, at 0.2 m³ each a day (phasing illustrative)")),
    ("HZJ", 2030, 19700, 0, ("江海之城规划人口271,800人其余部分(分期与分摊为示意)", "Jianghai new town, the rest of 271,800 planned residents (phasing and sharing illustrative)")),
    ("YPJ", 2027, 7500, 0, ("江海之城规划人口271,800人中先期入住部分,按0.2立方米/人·日分摊(分期为示意)", "Jianghai new town, first residents of 271,800 planned, at 0.2 m³ each a day (phasing illustrative)")),
    ("YPJ", 2030, 19660, 0, ("江海之城规划人口271,800人其余部分(分期与分摊为示意)", "Jianghai new town, the rest of 271,800 planned residents (phasing and sharing illustrative)")),
)  # fmt: skip

YEAR_EXISTING = 2026


def load(key: str, node: str, domestic: float, industrial: float, why: str) -> dict[str, Value]:
    """One existing load."""
    return _row(key, node, "existing", YEAR_EXISTING, domestic, industrial, _WHY[why])


def committed(last_of: Mapping[str, str]) -> list[dict[str, Value]]:
    """The committed loads, each at the last manhole of its catchment."""
    return [
        _row(f"{last_of[key]}-C{year}", last_of[key], "committed", year, domestic, industrial, why)
        for key, year, domestic, industrial, why in _COMMITTED
    ]


def _row(key: str, node: str, state: str, year: int, domestic: float, industrial: float, why: Both) -> dict[str, Value]:
    return {
        "id": key, "node": node, "state": state, "year": year, "domestic_m3_d": round(domestic), "industrial_m3_d": round(industrial),
        "industrial_peaking": 1.2, "source_zh": why[0], "source_en": why[1],
    }  # fmt: skip


NODE_FIELDS = (
    ID, *NAMES,
    Field("kind", "text", "类别(manhole/station/plant)", "manhole, station or plant"),
    Field("town", "text", "所在镇街", "town"),
    Field("ground_m", "m", "地面高程", "ground level"),
    Field("invert_m", "m", "井底高程", "invert level"),
    Field("pump_duty", "count", "工作泵台数", "duty pumps", required=False),
    Field("pump_standby", "count", "备用泵台数", "standby pumps", required=False),
    Field("pump_rated_l_s", "l_s", "单泵额定流量", "rated discharge of each pump", required=False),
    Field("capacity_m3_d", "m3_d", "设计处理规模(日均)", "design capacity, mean day", required=False),
    Field("shared_with_zh", "text", "与谁共用(中文)", "shared with, in Chinese", required=False),
    Field("shared_with_en", "text", "与谁共用(英文)", "shared with, in English", required=False),
)  # fmt: skip
LINK_FIELDS = (
    ID, *NAMES,
    Field("from_node", "text", "起点", "upper node"),
    Field("to_node", "text", "终点", "lower node"),
    Field("kind", "text", "类别(gravity 重力/pressure 压力)", "gravity or pressure"),
    Field("diameter_mm", "mm", "管径", "diameter"),
    Field("length_m", "m", "长度", "length"),
    Field("invert_from_m", "m", "起点管内底", "invert at the upper end", required=False),
    Field("invert_to_m", "m", "终点管内底", "invert at the lower end", required=False),
    Field("roughness_n", "ratio", "曼宁粗糙系数", "Manning's n"),
    Field("material", "text", "管材(RC 钢筋混凝土/DI 球墨铸铁)", "material: RC concrete, DI ductile iron"),
    Field("velocity_max_m_s", "m_s", "流速上限(空则按标准)", "velocity limit (empty: the standard's)", required=False),
    Field("split_share", "share", "分流比(空则走最低出口)", "share of a split (empty: lowest outlet)", required=False),
)  # fmt: skip
LOAD_FIELDS = (
    ID, Field("node", "text", "接入节点", "node it enters"),
    Field("state", "text", "状态(existing 现状/committed 已批未排)", "existing or committed"),
    Field("year", "year", "起始年份", "from which year"),
    Field("domestic_m3_d", "m3_d", "生活污水(日均)", "domestic, mean day"),
    Field("industrial_m3_d", "m3_d", "工业废水(日均)", "industrial, mean day"),
    Field("industrial_peaking", "ratio", "工业变化系数K'", "industrial peaking factor K'"),
    Field("source_zh", "text", "来源(中文)", "source, in Chinese"),
    Field("source_en", "text", "来源(英文)", "source, in English"),
)  # fmt: skip


def write(out: Path, nodes: Sequence[Feature], links: Sequence[Feature], loads: Sequence[Mapping[str, Value]]) -> None:
    """Write the three layers of the group."""
    write_layer(out, _paper(
        "sewer_nodes", "point", ("污水节点", "Sewer nodes"), NODE_FIELDS,
        ("检查井、泵站与处理厂。两座处理厂的规模(七格150万、临江30万立方米/日)见于公开资料;其余位置、高程、水泵均为示意。",
         "Manholes, stations, plants. The two plants' capacities (Qige 1,500,000, Linjiang 300,000 m³/d) are published; all places, levels and pumps are illustrative."),
    ), nodes)  # fmt: skip
    write_layer(out, _paper(
        "sewer_links", "line", ("污水管道", "Sewer pipes"), LINK_FIELDS,
        ("按“一镇一泵站一干管”格局绘制的示意管网:线位、管径、坡度均非实测,未见公开干管资料;不可用于接管审批。",
         "An illustrative network after 'one town, one station, one trunk': alignments, diameters, slopes are not surveyed and no trunk data are public; not for connection permits."),
    ), links)  # fmt: skip
    paper = _paper(
        "sewer_loads", "table", ("污水负荷", "Sewer loads"), LOAD_FIELDS,
        ("现状负荷按示意人口与用地估算并配平,均为示意;2027、2030年为已批未排负荷,其中江海之城规划人口271,800人见于公示转载。",
         "Existing loads are estimated from illustrative residents and land and balanced: all illustrative; 2027 and 2030 are committed loads, of which the 271,800 "
         "residents of Jianghai are from a reposted notice."),
    )  # fmt: skip
    write_table(out, Paper(**{**{name: getattr(paper, name) for name in paper.__slots__}, "suffix": ".csv"}), loads)


def _paper(role: str, geometry: str, title: Both, fields: tuple[Field, ...], about: Both) -> Paper:
    return Paper(
        "sewers", role, title, about, geometry, fields, ("own_drawing", "xiaoshan_trunks", "plant_qige", "plant_linjiang", "jianghai_notice", "gb50014_2021"),
        "illustrative", 1000.0,
        note("沿示意道路布管,按GB 50014-2021最小坡度、充满度与配平余量确定管径。", "Laid along illustrative roads; sized by the least slopes and fullness of GB 50014-2021 and the headroom chosen."),
    )  # fmt: skip
