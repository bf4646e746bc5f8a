"""多点: every firm, park, university and platform the plan names, placed only where a position is known.

Comes in: ``actors.csv`` beside this file. Goes out: the layer ``actors``. Must not know: parcels.
"""

from __future__ import annotations

import csv
from pathlib import Path

from layers.draw.ground import point
from layers.draw.papers import ID, NAMES, note
from layers.draw.write import Feature, Field, Paper, write_layer

FIELDS = (
    ID, *NAMES,
    Field("kind", "text", "类别(firm/park/university/platform/area)", "firm, park, university, platform or area"),
    Field("stage", "text", "产业链环节", "stage of the chain"),
    Field("section", "text", "规划中的出处", "where the plan names it"),
    Field("within", "text", "规划或报道所述片区的编号(core 核心区、xiasha 下沙;未述则空)",
          "id of the zone the plan or a report puts it in (core, xiasha); blank where neither says", required=False),
    Field("address", "text", "地址(已知时)", "address, where known", required=False),
    Field("basis", "text", "位置依据", "what the position rests on"),
    Field("accuracy_m", "m", "位置误差", "accuracy of the position", required=False),
    Field("source", "text", "位置来源", "source of the position"),
)  # fmt: skip


def rows() -> list[dict[str, str]]:
    """The hand-made table of actors."""
    with Path(__file__).with_name("actors.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def draw(out: Path) -> None:
    """Write the layer ``actors``; whoever has no known position has no geometry."""
    features = []
    for row in rows():
        known = row["lon"] != ""
        shape = point(float(row["lon"]), float(row["lat"])) if known else None
        columns = {k: v or None for k, v in row.items() if k not in ("id", "lon", "lat", "accuracy_m")}
        features.append(
            Feature(row["id"], shape, {**columns, "accuracy_m": float(row["accuracy_m"]) if known else None})
        )
    paper = Paper(
        "structure", "actors", ("多点:企业、园区、高校与平台", "Firms, parks, universities, platforms"),
        ("规划点名的企业、园区、高校与平台及其产业链环节;仅在有坐标依据时落点,各点误差不同,其余列为未落点。英文名多为拼音,非官方名称。",
         "Whom the plan names, with their stage; placed only where a position is known, each with its own accuracy, the rest unplaced. "
         "English names are mostly transliterations, not official."),
        "point", FIELDS, ("chip_valley_plan", "coordinate_notes", "eia_silan_jixin", "press_xinke", "press_baoding", "press_jihai"), "inferred", 4000.0,
        note("名单由人工按规划全文整理,位置取自坐标笔记与环评公示。", "Listed by hand from the plan; positions from the coordinate notes and one EIA notice."),
        ("may_be_unplaced",),
    )  # fmt: skip
    write_layer(out, paper, features)
