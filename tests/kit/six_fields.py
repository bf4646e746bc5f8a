"""Six Fields: a tiny made-up place on the far side of the bay, with another CRS, another format and no sewers.

Comes in: an empty folder. Goes out: its layers with passports (parcels, roads, residential) and a sources file.
Must not know: Qiantang.

The plan, in metres from a corner; each field is 400 m × 250 m = 10 ha, fields touch, main road along y = 0:

    y 500  +-----+-----+-----+
           |  D  |  E  |  F  |      homes: a strip 100 m wide, 50 m east of C (x 1250…1350, y 0…250)
    y 250  +-----+-----+-----+
           |  A  |  B  |  C  |      roads: y = 0 from x −200 to 1400; x = 0 from y 0 to 700
    y 0    +-----+-----+-----+
           0    400   800   1200
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

CRS = "EPSG:32651"  # WGS 84 / UTM 51N; its scale there is 1.0001, so areas keep within 0.1 % in EPSG:4549
ORIGIN = (300_000.0, 3_340_000.0)

PARCELS = {
    "A": ("甲田", "Field A", "100102", "vacant", 2.0, 60.0),
    "B": ("乙田", "Field B", "100102", "vacant", 2.5, 60.0),
    "C": ("丙田", "Field C", "100101", "low_efficiency", 1.5, 40.0),
    "D": ("丁田", "Field D", "100102", "occupied", 2.0, 60.0),
    "E": ("戊田", "Field E", "0701", "vacant", 1.8, 80.0),
    "F": ("己田", "Field F", "100103", "vacant", 1.2, 30.0),
}

PASSPORT = """id = "{role}"
role = "{role}"
title = {{ zh = "六田·{zh}", en = "Six Fields, {role}" }}
about = {{ zh = "测试用的虚构小地方。", en = "A made-up place for tests." }}
path = "{role}.gpkg"
geometry = "{geometry}"
crs = "{crs}"
id_field = "id"
features = {count}
topology = [{topology}]
licence = "MIT"
sources = ["six_fields"]
valid_on = 2026-01-01
accessed_on = 2026-01-01
confidence = "illustrative"
positional_accuracy_m = 1.0
lineage = {{ zh = "由测试代码生成。", en = "Drawn by the test kit." }}
version = "1.0.0"
"""

SOURCES = """[six_fields]
title = { zh = "六田(虚构)", en = "Six Fields (made up)" }
address = "tests/kit/six_fields.py"
accessed_on = 2026-01-01
note = { zh = "测试用。", en = "For tests." }
"""


def write_six_fields(folder: Path) -> Path:
    """Write the place into ``folder`` (made if missing) and give the folder back; open it with ``open_catalogue``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    add_layer(folder, "parcels", "地块", "polygon", _parcels())
    add_layer(folder, "roads", "道路", "line", _roads())
    add_layer(folder, "residential", "居住区", "polygon", _homes())
    return folder


def _at(x: float, y: float) -> tuple[float, float]:
    return ORIGIN[0] + x, ORIGIN[1] + y


def _box(x: float, y: float, width: float, depth: float) -> BaseGeometry:
    return box(*_at(x, y), *_at(x + width, y + depth))


def _parcels() -> gpd.GeoDataFrame:
    names = ("name_zh", "name_en", "land_use_code", "status", "plot_ratio_max", "height_max_m")
    rows = [{"id": key, **dict(zip(names, row, strict=True))} for key, row in PARCELS.items()]
    shapes = [_box(400 * (i % 3), 250 * (i // 3), 400, 250) for i in range(6)]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS)


def _roads() -> gpd.GeoDataFrame:
    rows = [
        {"id": "R1", "name_zh": "南路", "name_en": "South Road", "class": "arterial"},
        {"id": "R2", "name_zh": "西路", "name_en": "West Road", "class": "street"},
    ]
    south = LineString([_at(-200, 0), _at(0, 0), _at(1400, 0)])
    return gpd.GeoDataFrame(rows, geometry=[south, LineString([_at(0, 0), _at(0, 700)])], crs=CRS)


def _homes() -> gpd.GeoDataFrame:
    rows = [{"id": "H1", "name_zh": "东村", "name_en": "East Village", "persons": 300}]
    return gpd.GeoDataFrame(rows, geometry=[_box(1250, 0, 100, 250)], crs=CRS)


def add_layer(folder: Path, role: str, zh: str, geometry: str, frame: gpd.GeoDataFrame) -> None:
    """Write ``frame`` with a passport as the layer of ``role``."""
    frame.to_file(folder / f"{role}.gpkg", driver="GPKG", engine="pyogrio")
    topology = '"no_overlaps", "no_holes"' if role == "parcels" else ""
    passport = PASSPORT.format(role=role, zh=zh, geometry=geometry, crs=CRS, count=len(frame), topology=topology)
    units = {"persons": "count", "plot_ratio_max": "ratio", "height_max_m": "m", "accuracy_m": "m"}
    for name in [column for column in frame.columns if column != "geometry"]:
        passport += (
            f'\n[[fields]]\nname = "{name}"\nmeaning = {{ zh = "{name}", en = "{name}" }}\n'
            f'unit = "{units.get(name, "text")}"\nrequired = true\n'
        )
    (folder / f"{role}.toml").write_text(passport, encoding="utf-8")
