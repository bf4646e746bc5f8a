"""OpenStreetMap and PostGIS at the command line: what comes in, what goes out, and one sentence for what cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.postgres import server
from kit.six_fields import write_six_fields

from xingu_geo.doors.cli.main import main


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINGU_GEO_LANG", "en")


def _exit(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["osm", "120,30,121"], "120,30,121"),
        (["osm", "121,30,120,31"], "121"),
        (["postgis", "public.lots", "--address", "mysql://x"], "postgresql"),
        (["export", "out.xyz"], "xyz"),
        (["export", "out.gpkg", "--site", "NOWHERE"], "NOWHERE"),
    ],
)
def test_bad_input_is_one_sentence(
    arguments: list[str], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = write_six_fields(tmp_path / "place")
    extra = ["--layers", str(place)] if arguments[0] == "export" else ["--into", str(tmp_path / "into")]
    assert _exit([*arguments, *extra]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert word in told.err


def test_chosen_sites_go_out_with_manifest_and_attribution(tmp_path: Path) -> None:
    place = write_six_fields(tmp_path / "place")
    file = tmp_path / "two.geojson"
    assert _exit(["export", str(file), "--layers", str(place), "--site", "A", "--site", "C"]) == 0
    assert [feature["id"] for feature in json.loads(file.read_text(encoding="utf-8"))["features"]] == ["A", "C"]
    papers = (tmp_path / "two.geojson.manifest.json").read_text(encoding="utf-8")
    assert "six_fields" in papers


@pytest.mark.database
def test_a_ranking_goes_into_postgis_and_comes_back_as_a_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = write_six_fields(tmp_path / "place")
    with server() as address:
        from sqlalchemy import create_engine, text  # noqa: PLC0415 - only where there is a server

        engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        engine.dispose()
        assert _exit(["export", address, "--table", "six", "--layers", str(place)]) == 0
        assert "6 rows" in capsys.readouterr().out
        into = tmp_path / "into"
        assert _exit(["postgis", "six", "--address", address, "--into", str(into), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["layers"][0]["role"] == "parcels"
    assert list(into.rglob("*.toml"))
