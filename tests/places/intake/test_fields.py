"""Columns are understood by listed spellings; what is not understood is kept, counted, never invented."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import tables as planner
from shapely.geometry import Point

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.fields import checked_mapping, guess_mapping, mapped, plain_header, with_ids

SPEC = planner.fields()
PARCELS = SPEC.role("parcels")


def frame_of(**columns: list[object]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=[Point(n, 0) for n in range(count)], crs="EPSG:4549")


@pytest.mark.parametrize(
    ("columns", "mapping"),
    [
        (
            ["地块编号", "用地性质", "容积率上限", "建筑限高(米)"],
            {
                "id": "地块编号",
                "land_use_code": "用地性质",
                "plot_ratio_max": "容积率上限",
                "height_max_m": "建筑限高(米)",
            },
        ),
        (["DKBH", "YDXZ", "RJL"], {"id": "DKBH", "land_use_code": "YDXZ", "plot_ratio_max": "RJL"}),
        (["Parcel_ID", "Land Use", "FAR"], {"id": "Parcel_ID", "land_use_code": "Land Use", "plot_ratio_max": "FAR"}),
        (["用地性", "权利人"], {"land_use_code": "用地性", "owner": "权利人"}),
        (["规划用地性"], {"land_use_code": "规划用地性"}),
        (["颜色", "备注"], {}),
    ],
)
def test_headers_seen_in_practice_are_understood(columns: list[str], mapping: dict[str, str]) -> None:
    assert guess_mapping(columns, PARCELS, SPEC) == mapping


def test_words_become_codes_and_strange_words_are_counted_not_guessed() -> None:
    frame = frame_of(用地性质=["一类工业用地", "M2", "100102", "0802 科研用地", "怪用地", None], 状态=["空闲"] * 6)
    out = mapped(frame, {"land_use_code": "用地性质", "status": "状态"}, PARCELS, SPEC, name="a")
    assert out.frame["land_use_code"].tolist() == ["100101", "100102", "100102", "0802", None, None]
    assert out.frame["status"].tolist() == ["vacant"] * 6
    (note,) = [note for note in out.notes if note.code == "words_unknown"]
    assert (note.facts["count"], note.facts["words"]) == (1, "怪用地")
    assert out.frame["用地性质"].tolist()[4] == "怪用地"


def test_a_code_of_two_digits_is_a_code_and_a_year_is_no_state_of_use() -> None:
    frame = frame_of(用地性质=["12", "16 留白用地", "123"], 状态=["2024", "空闲", "净地"])
    out = mapped(frame, {"land_use_code": "用地性质", "status": "状态"}, PARCELS, SPEC, name="a")
    assert out.frame["land_use_code"].tolist() == ["12", "16", None]
    assert out.frame["status"].tolist() == [None, "vacant", "vacant"]


def test_units_in_headers_are_converted_and_said() -> None:
    carriers = SPEC.role("carriers")
    frame = frame_of(**{"可用面积(亩)": [3.0, None], "建筑面积(万平方米)": ["1.5", "约两万"]})
    mapping = guess_mapping(list(frame.columns[:2]), carriers, SPEC)
    out = mapped(frame, mapping, carriers, SPEC, name="a")
    # 1 mu = 10,000/15 m², so 3 mu = 2,000 m²; 1.5 万平方米 = 15,000 m²
    assert out.frame["floor_area_free_m2"].tolist() == pytest.approx([2_000.0, float("nan")], nan_ok=True)
    assert out.frame["floor_area_m2"].tolist() == pytest.approx([15_000.0, float("nan")], nan_ok=True)
    assert {note.code for note in out.notes} == {"unit_converted", "numbers_unread"}


def test_a_diameter_in_metres_is_not_taken_for_millimetres() -> None:
    links = SPEC.role("sewer_links")
    out = mapped(frame_of(**{"管径(m)": [0.6], "材质": ["HDPE"]}), {"diameter_mm": "管径(m)"}, links, SPEC, name="a")
    assert out.frame["diameter_mm"].tolist() == [600.0]


def test_missing_fields_are_said_and_not_filled() -> None:
    out = mapped(frame_of(备注=["x"]), {}, PARCELS, SPEC, name="a")
    assert [note.facts["field"] for note in out.notes] == ["land_use_code", "status"]
    assert "land_use_code" not in out.frame.columns


def test_a_choice_must_name_a_field_and_a_column() -> None:
    assert checked_mapping({"owner": "甲"}, ["甲"], PARCELS, name="a") == {"owner": "甲"}
    for chosen, code in (({"colour": "甲"}, "role_field_unknown"), ({"owner": "乙"}, "column_not_there")):
        with pytest.raises(XinguError) as caught:
            checked_mapping(chosen, ["甲"], PARCELS, name="a")
        assert caught.value.code == code


@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "a-2", "row-1", "0012"])), min_size=1, max_size=12))
@settings(deadline=None, max_examples=200)
def test_ids_come_out_unique_and_the_first_of_each_keeps_its_own(given_ids: list[str | None]) -> None:
    out, _ = with_ids(frame_of(id=list(given_ids)), name="a")
    ids = out["id"].tolist()
    assert len(set(ids)) == len(ids)
    for name in {text for text in given_ids if text}:
        assert ids[given_ids.index(name)] == name


def test_every_alias_belongs_to_one_field_of_a_role() -> None:
    for role_name, role in SPEC.roles.items():
        owners: dict[str, str] = {}
        for field in role.fields:
            for alias in SPEC.fields[field].aliases:
                assert owners.setdefault(plain_header(alias), field) == field, (role_name, alias)
