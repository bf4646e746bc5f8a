"""Layers come from and results go to a real PostGIS server; foreign tables and passwords are safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sql
from kit import intake as kit
from kit.opening import Options, intake_postgis, open_catalogue
from kit.postgres import server

from xingu_geo.doors.exchange.postgis import write_postgis
from xingu_geo.doors.exchange.travel_papers import Papers
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.from_postgis import engine_of, read_postgis

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server with PostGIS and one schema."""
    with server() as where:
        engine = engine_of(where)
        with engine.begin() as connection:
            connection.execute(sql.text("CREATE EXTENSION IF NOT EXISTS postgis"))
            connection.execute(sql.text('CREATE SCHEMA IF NOT EXISTS "规划"'))
        engine.dispose()
        yield where


def ask(address: str, query: str) -> list[tuple[object, ...]]:
    engine = engine_of(address)
    with engine.begin() as connection:
        result = connection.execute(sql.text(query))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def result_frame() -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "name_zh": ["钱塘一号地", None],
            "rank": pd.array([1, None], dtype="Int64"),
            "score": [0.75, float("nan")],
            "eligible": [True, False],
            "备注'; DROP TABLE x; --": ["=1+1", "%s :name"],
        },
        index=pd.Index(["0012", "330114001001000123"], name="site_id"),
    )
    return gpd.GeoDataFrame(table, geometry=list(kit.LOTS), crs="EPSG:4549")


def test_a_result_goes_out_and_comes_in_equal(address: str) -> None:
    frame = result_frame()
    assert write_postgis(frame, address, "规划.ranking", papers=Papers(manifest={"run": "abc"})) == 2
    back = read_postgis(address, "规划.ranking", rows_max=10)
    assert back.crs.to_epsg() == 4549
    assert back["site_id"].tolist() == frame.index.tolist()
    assert back["rank"].tolist()[0] == 1
    assert pd.isna(back["rank"].tolist()[1])
    assert back["score"].tolist() == pytest.approx([0.75, float("nan")], nan_ok=True)
    assert back["eligible"].tolist() == [True, False]
    assert back.iloc[:, 5].tolist() == ["=1+1", "%s :name"]
    for shape, lot in zip(back.geometry, kit.LOTS, strict=True):
        assert shapely.hausdorff_distance(shape.normalize(), lot.normalize()) < 0.001
    ((comment,),) = ask(address, "SELECT obj_description('\"规划\".ranking'::regclass)")
    assert '"run": "abc"' in str(comment)


def test_the_next_run_replaces_ours_and_leaves_foreign_tables_alone(address: str) -> None:
    write_postgis(result_frame(), address, "replaced")
    assert write_postgis(result_frame().iloc[:1], address, "replaced") == 1
    ask(address, "CREATE TABLE official (a int)")
    with pytest.raises(XinguError) as caught:
        write_postgis(result_frame(), address, "official")
    assert caught.value.code == "database_table_foreign"
    assert ask(address, "SELECT count(*) FROM official") == [(0,)]
    assert write_postgis(result_frame(), address, "official", replace_foreign=True) == 2


def test_a_write_that_fails_leaves_the_old_table(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_postgis(result_frame(), address, "kept")
    ask(
        address, "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$"
    )
    ask(address, "CREATE EVENT TRIGGER refusing ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION refuse()")
    try:
        with pytest.raises(XinguError) as caught:
            write_postgis(result_frame().iloc[:1], address, "kept")
    finally:
        ask(address, "DROP EVENT TRIGGER refusing")
    assert caught.value.code == "database_write_failed"
    assert ask(address, "SELECT count(*) FROM kept") == [(2,)]


def test_a_table_of_the_planning_office_becomes_the_parcels(address: str, tmp_path: Path) -> None:
    official = gpd.GeoDataFrame(
        {"地块编号": ["QT-1", "QT-2"], "用地性质": ["一类工业用地", "科研用地"]},
        geometry=list(kit.LOTS),
        crs="EPSG:4549",
    )
    write_postgis(official.set_index("地块编号"), address, "规划.地块")
    report = intake_postgis(address, "规划.地块", role="parcels", into=tmp_path / "into")
    assert report.layers[0].features == 2
    table = open_catalogue(tmp_path / "into").vector("parcels").table
    assert table["land_use_code"].tolist() == ["100101", "0802"]
    assert table.geometry.area.tolist() == pytest.approx([60_000.0, 200_000.0])  # 300 x 200, 500 x 400


def test_reading_cannot_write_and_stops_at_the_cap(address: str) -> None:
    write_postgis(result_frame(), address, "capped")
    with pytest.raises(XinguError) as caught:
        read_postgis(address, "capped", rows_max=1)
    assert caught.value.code == "too_many_features"
    trap = "CREATE VIEW trap AS SELECT site_id, geom, nextval('counter') AS moved FROM capped"
    ask(address, "CREATE SEQUENCE counter")
    ask(address, trap)
    with pytest.raises(XinguError) as caught:
        read_postgis(address, "trap", rows_max=10)
    assert caught.value.code == "database_unreached"  # a read-only transaction moves no sequence


@pytest.mark.parametrize("table", ["nowhere", "规划.nowhere", "x'; DROP TABLE capped; --"])
def test_an_unknown_table_is_one_sentence(address: str, table: str) -> None:
    with pytest.raises(XinguError) as caught:
        read_postgis(address, table, rows_max=10)
    assert caught.value.code == "database_table_unknown"


def test_no_password_reaches_a_sentence(tmp_path: Path) -> None:
    where = "postgresql://planner:TOPSECRET@127.0.0.1:9/none"
    with pytest.raises(XinguError) as caught:
        intake_postgis(where, "t", role="parcels", into=tmp_path, options=Options())
    assert caught.value.code == "database_unreached"
    assert "TOPSECRET" not in caught.value.sentence("zh") + caught.value.sentence("en")


@pytest.mark.parametrize("where", ["sqlite:///x.db", "mysql://a@b/c", "file:///etc/passwd"])
def test_only_postgresql_addresses_are_opened(where: str) -> None:
    with pytest.raises(XinguError) as caught:
        engine_of(where)
    assert caught.value.code == "database_address"
