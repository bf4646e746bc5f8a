"""The audit finds every kind of fault, one seeded at a time, and nothing in a sound place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from kit.opening import open_catalogue
from kit.six_fields import CRS, write_six_fields
from rasterio import Affine
from shapely.geometry import Point, Polygon, box

from xingu_geo.ground.base.say import LANGS, texts
from xingu_geo.ground.catalogue.audit import audit, known_sources
from xingu_geo.ground.catalogue.audit_findings import Finding
from xingu_geo.ground.catalogue.read import Catalogue

Harm = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]

RASTER = """id = "elevation"
role = "elevation"
title = { zh = "高程", en = "Elevation" }
about = { zh = "测试", en = "A test" }
path = "elevation.tif"
geometry = "raster"
crs = "EPSG:4549"
id_field = "id"
features = 1
topology = []
licence = "MIT"
sources = ["six_fields"]
valid_on = 2026-01-01
accessed_on = 2026-01-01
confidence = "illustrative"
positional_accuracy_m = 1.0
lineage = { zh = "测试", en = "A test" }
version = "1.0.0"
[[fields]]
name = "elevation_m"
meaning = { zh = "高程", en = "elevation" }
unit = "m"
required = true
"""


def _audited(folder: Path) -> tuple[Finding, ...]:
    return audit(open_catalogue(folder), known_sources(folder))


def _codes(folder: Path) -> dict[str, str]:
    found = _audited(folder)
    assert len({finding.code for finding in found}) == len(found), "one seeded fault should give one finding of a kind"
    return {finding.code: finding.layer for finding in found}


def _harm(folder: Path, role: str, harm: Harm) -> None:
    file = folder / f"{role}.gpkg"
    frame = harm(gpd.read_file(file, engine="pyogrio"))
    file.unlink()
    frame.to_file(file, driver="GPKG", engine="pyogrio")


def _edit(folder: Path, role: str, pattern: str, replacement: str) -> None:
    file = folder / f"{role}.toml"
    text, count = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=1)
    assert count == 1
    file.write_text(text, encoding="utf-8")


def _shape(frame: gpd.GeoDataFrame, name: str, shape: object) -> gpd.GeoDataFrame:
    changed = frame.copy()
    changed.loc[changed["id"] == name, "geometry"] = shape
    return changed


def _field(frame: gpd.GeoDataFrame, name: str) -> Polygon:
    return frame.loc[frame["id"] == name, "geometry"].iloc[0]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_six_fields(tmp_path / "six")


def test_a_sound_place_has_no_findings_and_every_layer_was_looked_at(place: Path) -> None:
    looked: list[str] = []
    assert audit(open_catalogue(place), known_sources(place), progress=looked.append) == ()
    assert looked == ["parcels", "residential", "roads"]


def test_an_empty_catalogue_is_a_finding_and_not_a_pass(tmp_path: Path) -> None:
    assert [finding.code for finding in audit(Catalogue({}, folder=tmp_path, crs=CRS), ())] == ["nothing_seen"]


def test_fields_that_only_touch_do_not_overlap(place: Path) -> None:
    # A and B share the 250 m side x = 400: zero area in common.
    assert "overlap" not in {finding.code for finding in _audited(place)}


HARMS: dict[str, tuple[str, Harm]] = {
    "overlap": ("parcels", lambda f: _shape(f, "A", _field(f, "A").buffer(5, join_style="mitre"))),
    "hole": ("parcels", lambda f: _shape(f, "A", _field(f, "A").difference(_field(f, "A").centroid.buffer(40)))),
    "invalid": (
        "residential",
        lambda f: _shape(
            f, "H1", Polygon([(x, y) for x, y in [(3e5, 3.34e6), (300100, 3340100), (300100, 3.34e6), (3e5, 3340100)]])
        ),
    ),
    "geometry_type": ("residential", lambda f: _shape(f, "H1", Point(300_000, 3_340_000))),
    "unplaced": ("residential", lambda f: _shape(f, "H1", None)),
    "column_undeclared": ("roads", lambda f: f.assign(note="x")),
    "column_type": ("residential", lambda f: f.assign(persons="three hundred")),
    "column_gaps": ("parcels", lambda f: f.assign(height_max_m=f["height_max_m"].where(f["id"] != "C"))),
    "count_differs": ("parcels", lambda f: f[f["id"] != "F"]),
    "layer_empty": ("residential", lambda f: f[f["id"] == "nobody"]),
    "field_missing": ("parcels", lambda f: f.drop(columns="status")),
    "id_doubled": ("parcels", lambda f: f.assign(id=f["id"].replace("F", "E"))),
    "id_empty": ("roads", lambda f: f.assign(id=f["id"].where(f["id"] != "R2", ""))),
    "crs_differs": ("roads", lambda f: f.set_crs("EPSG:32650", allow_override=True)),
}


@pytest.mark.parametrize("code", HARMS)
def test_each_seeded_fault_of_a_file_is_found_in_its_layer(place: Path, code: str) -> None:
    role, harm = HARMS[code]
    _harm(place, role, harm)
    assert _codes(place)[code] == role


def test_two_doubled_ids_are_named_together(place: Path) -> None:
    _harm(place, "parcels", lambda f: f.assign(id=f["id"].replace({"F": "E", "C": "B"})))
    found = next(finding for finding in _audited(place) if finding.code == "ids_doubled")
    assert found.facts["ids"] == "B, E"


def test_the_overlap_is_measured(place: Path) -> None:
    # Field A (400 × 250 m) moved 10 m into B shares a strip of 10 m × 250 m = 2,500 m2.
    def pushed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        west, south, east, north = _field(frame, "A").bounds
        return _shape(frame, "A", box(west + 10, south, east + 10, north))

    _harm(place, "parcels", pushed)
    found = next(finding for finding in _audited(place) if finding.code == "overlap")
    assert found.facts["ids"] == "A × B"
    assert float(str(found.facts["area_m2"]).replace(",", "")) == pytest.approx(2500, rel=0.002)


def test_an_unknown_source_is_found(place: Path) -> None:
    _edit(place, "parcels", 'sources = \\["six_fields"\\]', 'sources = ["hearsay"]')
    assert _codes(place) == {"source_unknown": "parcels"}


def test_unplaced_features_are_allowed_where_the_passport_says_so(place: Path) -> None:
    _harm(place, "residential", lambda f: _shape(f, "H1", None))
    _edit(place, "residential", "topology = \\[\\]", 'topology = ["may_be_unplaced"]')
    assert _audited(place) == ()


def test_a_file_that_is_no_layer_is_one_finding(place: Path) -> None:
    (place / "roads.gpkg").write_bytes(b"not a database")
    assert _codes(place) == {"layer_unreadable": "roads"}


def test_metres_in_a_file_of_degrees_are_off_the_globe(place: Path) -> None:
    point = {
        "type": "Feature",
        "properties": {"id": "H1"},
        "geometry": {"type": "Point", "coordinates": [536_000, 3_340_000]},
    }
    (place / "wells.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [point]}), encoding="utf-8"
    )
    passport = RASTER.replace("elevation.tif", "wells.geojson").replace("elevation", "wells").replace("raster", "point")
    passport = passport.replace("EPSG:4549", "EPSG:4326").split("[[fields]]")[0] + "fields = []\n"
    (place / "wells.toml").write_text(passport, encoding="utf-8")
    assert _codes(place)["off_the_globe"] == "wells"


def _write_raster(folder: Path, *, crs: str | None, values: np.ndarray, nodata: float | None) -> None:
    (folder / "elevation.toml").write_text(RASTER, encoding="utf-8")
    profile = {"driver": "GTiff", "height": 4, "width": 4, "count": 1, "dtype": "float32", "nodata": nodata}
    transform = Affine(30, 0, 536_000, 0, -30, 3_340_000)
    with rasterio.open(folder / "elevation.tif", "w", crs=crs, transform=transform, **profile) as file:
        file.write(values.astype("float32"), 1)


@pytest.mark.parametrize(
    ("crs", "fill", "nodata", "expected"),
    [
        ("EPSG:4549", 5.0, -9999.0, set()),
        ("EPSG:4547", 5.0, -9999.0, {"crs_differs"}),
        (None, 5.0, -9999.0, {"crs_missing"}),
        ("EPSG:4549", 5.0, None, {"nodata_missing"}),
        ("EPSG:4549", -9999.0, -9999.0, {"band_empty"}),
    ],
)
def test_each_fault_of_a_raster_is_found(
    place: Path, crs: str | None, fill: float, nodata: float | None, expected: set[str]
) -> None:
    _write_raster(place, crs=crs, values=np.full((4, 4), fill), nodata=nodata)
    assert set(_codes(place)) == expected


def test_a_raster_is_counted_by_bands_and_each_band_described(place: Path) -> None:
    _write_raster(place, crs="EPSG:4549", values=np.full((4, 4), 5.0), nodata=-9999.0)
    _edit(place, "elevation", "features = 1", "features = 2")
    _edit(place, "elevation", "\\[\\[fields\\]\\](?s:.*)", "")
    text = (place / "elevation.toml").read_text(encoding="utf-8")
    (place / "elevation.toml").write_text("fields = []\n" + text, encoding="utf-8")
    assert set(_codes(place)) == {"count_differs", "bands_undescribed"}


def test_a_raster_that_does_not_open_is_one_finding(place: Path) -> None:
    (place / "elevation.toml").write_text(RASTER, encoding="utf-8")
    (place / "elevation.tif").write_bytes(b"no tiff")
    assert _codes(place) == {"layer_unreadable": "elevation"}


def test_every_sentence_of_the_audit_is_spoken_by_some_seeded_fault() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    codes = [key.removeprefix("audit.") for key in texts("zh") if key.startswith("audit.")]
    assert len(codes) >= 15
    assert [code for code in codes if f'"{code}"' not in here] == []


def test_findings_speak_both_languages_and_go_out_as_json(place: Path) -> None:
    _edit(place, "parcels", 'sources = \\["six_fields"\\]', 'sources = ["hearsay"]')
    (finding,) = _audited(place)
    document = json.loads(json.dumps(finding.document()))
    assert document["severity"] == "error"
    assert finding.is_error
    assert all("hearsay" in document[lang] for lang in LANGS)


def test_the_order_of_rows_changes_no_finding(place: Path) -> None:
    _harm(place, "parcels", HARMS["overlap"][1])
    before = _audited(place)
    _harm(place, "parcels", lambda f: f.iloc[::-1])
    assert _audited(place) == before
    assert before
    assert CRS == "EPSG:32651"
