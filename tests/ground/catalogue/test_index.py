"""The published index: a row for every layer, STAC that holds what the specification requires, a manual up to date."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from kit.opening import open_catalogue
from kit.shipped import LAYERS, ROOT, shipped
from kit.six_fields import write_six_fields

from xingu_geo.ground.base.say import LANGS, Lang
from xingu_geo.ground.catalogue.index import field_table, layer_table, stac_collection, stac_items


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_has_a_row_for_every_layer_and_the_same_numbers_in_both_languages(lang: Lang) -> None:
    rows = layer_table(shipped(), lang).splitlines()
    assert len(rows) == 2 + len(list(shipped()))
    parcels = next(row for row in rows if row.startswith("| `parcels` "))
    assert f"{shipped().passport('parcels').features:,}" in parcels


def test_a_column_that_may_be_empty_is_shown_as_not_required() -> None:
    rows = field_table(shipped(), "sewer_nodes", "en").splitlines()
    assert next(row for row in rows if "`capacity_m3_d`" in row).endswith("| no |")
    assert next(row for row in rows if "`kind`" in row).endswith("| yes |")


def test_a_bar_in_a_title_does_not_break_the_table(tmp_path: Path) -> None:
    folder = write_six_fields(tmp_path)
    passport = folder / "roads.toml"
    passport.write_text(
        passport.read_text(encoding="utf-8").replace("Six Fields, roads", "roads | paths"), encoding="utf-8"
    )
    row = next(row for row in layer_table(open_catalogue(folder), "en").splitlines() if "`roads`" in row)
    assert "roads \\| paths" in row


def test_items_hold_what_stac_requires() -> None:
    items = json.loads(json.dumps(stac_items(shipped(), collection="qiantang")))
    assert [item["id"] for item in items] == sorted(shipped())
    for item in items:
        assert {"type", "stac_version", "id", "geometry", "properties", "links", "assets"} <= set(item)
        assert item["properties"]["datetime"].endswith("Z")
        assert (LAYERS / item["assets"]["data"]["href"]).is_file()
        assert (item["geometry"] is None) == ("bbox" not in item)
    by_id = {item["id"]: item for item in items}
    assert by_id["sewer_loads"]["geometry"] is None
    west, south, east, north = by_id["elevation"]["bbox"]
    assert 120.28 < west < east < 120.73
    assert 30.22 < south < north < 30.40


def test_the_collection_spans_its_items_and_links_to_each(tmp_path: Path) -> None:
    catalogue = open_catalogue(write_six_fields(tmp_path))
    collection = stac_collection(catalogue, id="six", title="Six Fields")
    boxes = [item["bbox"] for item in stac_items(catalogue, collection="six")]
    (whole,) = collection["extent"]["spatial"]["bbox"]
    assert len(boxes) == 3
    assert whole == [
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    ]
    assert [link["href"] for link in collection["links"]] == ["./parcels.json", "./residential.json", "./roads.json"]
    assert collection["license"] == "MIT"


def test_the_layers_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("write_layers", ROOT / "docs" / "write_layers.py")
    assert spec
    assert spec.loader
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    page = writer.PAGE.read_text(encoding="utf-8")
    assert all(len(table.splitlines()) > 20 for table in writer.tables().values())
    assert writer.renewed(page) == page, "run: python -m docs.write_layers"
