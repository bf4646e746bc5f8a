"""Tiny places for tests of doors: a folder of layers with passports, written on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd

PASSPORT = """\
id = "{id}"
role = "{role}"
path = "{id}.geojson"
geometry = "{geometry}"
crs = "EPSG:4326"
id_field = "id"
features = {features}
topology = []
licence = "CC0-1.0"
sources = ["own_drawing"]
valid_on = 2026-01-01
accessed_on = 2026-01-01
confidence = "{confidence}"
positional_accuracy_m = 50.0
version = "1.0.0"
fields = [{fields}]
title = {{zh = {title_zh}, en = {title_en}}}
about = {{zh = "测试", en = "test"}}
lineage = {{zh = "测试", en = "test"}}
"""


def write_layer(
    folder: Path,
    role: str,
    frame: gpd.GeoDataFrame,
    *,
    geometry: str = "polygon",
    confidence: str = "illustrative",
    title: str | None = None,
) -> None:
    """One layer of ``frame`` (with an ``id`` column, any CRS) and its passport."""
    named = title if title is not None else role
    fields = ", ".join(
        f'{{name = "{name}", meaning = {{zh = "字段", en = "field"}}, unit = "text", required = true}}'
        for name in frame.columns
        if name not in ("geometry", "id")
    )
    text = PASSPORT.format(
        id=role,
        role=role,
        geometry=geometry,
        features=len(frame),
        confidence=confidence,
        fields=fields,
        title_zh=json.dumps(named, ensure_ascii=False),
        title_en=json.dumps(named, ensure_ascii=False),
    )
    (folder / f"{role}.toml").write_text(text, encoding="utf-8")
    content: dict[str, Any] = json.loads(frame.to_crs("EPSG:4326").to_json(drop_id=True))
    content.pop("crs", None)
    (folder / f"{role}.geojson").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
