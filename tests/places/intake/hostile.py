"""The kit: hostile and faulty files, each written by a script, each with what must become of it.

Nothing here works as an attack: what would call out is aimed at the test's own listener, what would read a file at the
test's own canary, what would run code at an empty marker folder.
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio
from kit import intake as kit
from kit.opening import Options
from rasterio import Affine


@dataclass(frozen=True)
class Ground:
    """Where a case may point: the listener's port, the canary, the folder that must stay empty."""

    folder: Path
    port: int
    canary: Path
    marker: Path


@dataclass(frozen=True)
class Case:
    """One file: how to write it, and what must become of it (``code`` of the refusal; else notes and repairs)."""

    name: str
    make: Callable[[Ground], bytes] | bytes
    code: str | None = None
    role: str = "parcels"
    options: Options = field(default_factory=Options)
    notes: frozenset[str] = frozenset()
    repairs: Mapping[str, str] = field(default_factory=dict)
    features: int | None = None

    @property
    def key(self) -> str:
        """A name for the test's own listing."""
        return self.name.encode("ascii", "replace").decode().replace("\n", " ")[:50]


COUNTER = itertools.count()
METRIC = Options(crs="EPSG:4549")


def cases() -> list[Case]:
    """All of them."""
    return [*virtual(), *archives(), *foreign(), *databases(), *texts(), *places(), *tables(), *drawings(), *rasters()]


def virtual() -> list[Case]:
    """Files that only point elsewhere."""

    def ogr_vrt(ground: Ground) -> bytes:
        source = f"<SrcDataSource>{ground.canary}</SrcDataSource>"
        return f'<OGRVRTDataSource><OGRVRTLayer name="c">{source}</OGRVRTLayer></OGRVRTDataSource>'.encode()

    def raster_vrt(ground: Ground) -> bytes:
        band = f'<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>{ground.canary}'
        head, tail = '<VRTDataset rasterXSize="1" rasterYSize="1">', "</SourceFilename></SimpleSource></VRTRasterBand>"
        return f"{head}{band}{tail}</VRTDataset>".encode()

    def gdalg(ground: Ground) -> bytes:
        command = f"gdal vector pipeline ! read {ground.canary} ! write streamed_dataset"
        return json.dumps({"type": "gdal_streamed_alg", "command_line": command}).encode()

    def wfs(ground: Ground) -> bytes:
        return f"<OGRWFSDataSource><URL>http://127.0.0.1:{ground.port}/wfs?</URL></OGRWFSDataSource>".encode()

    def wms(ground: Ground) -> bytes:
        address = f"<ServerUrl>http://127.0.0.1:{ground.port}/?</ServerUrl>"
        return f'<GDAL_WMS><Service name="WMS">{address}</Service></GDAL_WMS>'.encode()

    def linked(ground: Ground) -> bytes:
        crs = {"type": "link", "properties": {"href": f"http://127.0.0.1:{ground.port}/crs", "type": "proj4"}}
        return kit.geojson([kit.feature(id="a")], crs=crs)

    def network_link(ground: Ground) -> bytes:
        href = f"<NetworkLink><Link><href>http://127.0.0.1:{ground.port}/more.kml</href></Link></NetworkLink>"
        return kml(href + PLACEMARK)

    def external_entity(ground: Ground) -> bytes:
        head = f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY c SYSTEM "file://{ground.canary}">]>'
        return head.encode() + kml(PLACEMARK.replace("甲", "&c;"))

    laughs = '<!DOCTYPE kml [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    far = "<!-- " + " " * 70_000 + " -->"
    return [
        Case("vrt.geojson", ogr_vrt, "format_virtual"),
        Case("vrt.shp", ogr_vrt, "format_virtual"),
        Case("vrt.tif", raster_vrt, "format_virtual", role="elevation"),
        Case("vrt_utf16.geojson", lambda g: ogr_vrt(g).decode().encode("utf-16"), "format_virtual"),
        Case("vrt_in_zip.zip", lambda g: kit.zipped({"a.shp": ogr_vrt(g)}), "layer_damaged"),
        Case("vrt_far_down.kml", lambda g: far.encode() + ogr_vrt(g), "format_foreign"),
        Case("gdalg.geojson", gdalg, "format_virtual"),
        Case("wfs.xml", wfs, "format_virtual"),
        Case("wms.tif", wms, "format_virtual", role="elevation"),
        Case("crs_link.geojson", linked, "crs_unknown"),
        Case("network_link.kml", network_link, notes=frozenset({"kml_links_dropped"}), features=1),
        Case("entity.kml", external_entity, "format_doctype"),
        Case("laughs.kml", (laughs + "]>").encode() + kml("&j;"), "format_doctype"),
        Case("doctype_utf16.kml", (laughs + "]>" + kml("&j;").decode()).encode("utf-16"), "format_doctype"),
        Case("doctype_far_down.kml", (far + laughs + "]>").encode() + kml(PLACEMARK), "format_foreign"),
        Case("entity_in_kmz.kmz", lambda g: kit.zipped({"doc.kml": external_entity(g)}), "format_doctype"),
    ]


PLACEMARK = (
    "<Placemark><name>甲</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "120.40,30.30 120.41,30.30 120.41,30.31 120.40,30.30</coordinates></LinearRing>"
    "</outerBoundaryIs></Polygon></Placemark>"
)


def kml(inside: str) -> bytes:
    """A KML document."""
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'.encode()


def archives() -> list[Case]:
    """Zips that are too much, or reach out of their folder."""

    def bomb() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("a.shp", "a.dbf"):
                with archive.open(name, "w", force_zip64=True) as sink:
                    for _ in range(300):
                        sink.write(bytes(1_000_000))
        return out.getvalue()

    def liar() -> bytes:
        honest = kit.zipped({"a.shp": bytes(1_000_000), "a.dbf": b"x"})
        return honest.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10))

    def link() -> bytes:
        info = zipfile.ZipInfo("a.shp")
        info.external_attr = 0o120777 << 16
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(info, "/etc/passwd")
        return out.getvalue()

    def locked() -> bytes:
        content = bytearray(kit.shapefile())
        for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = content.find(magic)
            while at >= 0:
                content[at + place] |= 1
                at = content.find(magic, at + 4)
        return bytes(content)

    def programs(ground: Ground) -> bytes:
        code = f"import pathlib; pathlib.Path({str(ground.marker / 'ran')!r}).mkdir()".encode()
        with zipfile.ZipFile(io.BytesIO(kit.shapefile(encoding="utf-8"))) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        names = ("json.py", "sitecustomize.py", "pyogrio.py", "usercustomize.py", "conftest.py")
        return kit.zipped(dict.fromkeys(names, code) | members)

    whole = kit.shapefile()
    return [
        Case("bomb.zip", lambda _: bomb(), "zip_too_big"),
        Case("liar.zip", liar(), "zip_broken"),
        Case("many.zip", kit.zipped({f"{n}.shp": b"" for n in range(1_001)}), "zip_too_many"),
        Case("climbs.zip", kit.zipped({"../../a.shp": b"x"}), "zip_unsafe"),
        Case("absolute.zip", kit.zipped({"/etc/a.shp": b"x"}), "zip_unsafe"),
        Case("drive.zip", kit.zipped({"C:\\a.shp": b"x"}), "zip_unsafe"),
        Case("link.zip", link(), "zip_unsafe"),
        Case("climbs.kmz", kit.zipped({"../doc.kml": kml(PLACEMARK)}), "zip_unsafe"),
        Case("locked.zip", locked(), "zip_locked"),
        Case("nested.zip", kit.zipped({"inner.zip": whole}), "zip_without_layer"),
        Case("cut.zip", whole[: len(whole) // 2], "zip_broken"),
        Case("no_shp.zip", kit.zipped({"a.dbf": b"x", "a.prj": b"x"}), "shapefile_part_missing"),
        Case("programs.zip", programs, features=2),
        Case("junk.zip", kit.zipped({"a.shp": b"\x00\x00\x27\x0a" + bytes(20)}), "layer_damaged"),
        Case("gzip.geojson.gz", gzip.compress(kit.geojson([kit.feature()])), "format_foreign"),
    ]


def foreign() -> list[Case]:
    """Contents we do not read, whatever their name says."""
    noise = np.random.default_rng(5).bytes(2_000)
    return [
        Case("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "format_foreign"),
        Case("drawing.dxf", b"AC1027" + bytes(200), "format_foreign"),
        Case("plan.geojson", b"%PDF-1.7\n" + noise, "format_foreign"),
        Case("ground.tif", b"\x89PNG\r\n\x1a\n" + noise, "format_foreign", role="elevation"),
        Case("binary.dxf", b"AutoCAD Binary DXF\r\n\x1a\x00" + noise, "format_foreign"),
        Case("page.kml", b"<html><body>login</body></html>", "format_foreign"),
        Case("noise.gpkg", b"\x01\x02" + noise, "format_unseen"),
        Case("words.csv", "只有一行字".encode(), "format_unseen"),
        Case("empty.shp", b"", "file_empty"),
        Case("program.geojson", b"\x7fELF" + noise, "format_foreign"),
    ]


def databases() -> list[Case]:
    """GeoPackages and Parquet files."""

    def package(ground: Ground, *statements: str, layers: int = 1) -> bytes:
        path = ground.folder / f"made{next(COUNTER)}.gpkg"
        frame = gpd.GeoDataFrame({"地块编号": ["a", "b"]}, geometry=list(kit.LOTS), crs="EPSG:4549")
        for number in range(layers):
            frame.to_file(path, layer=f"layer{number}", driver="GPKG")
        with sqlite3.connect(path) as database:
            for statement in statements:
                database.execute(statement)
        database.close()
        return path.read_bytes()

    endless = (
        "CREATE VIEW endless AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)"
        " SELECT fid, (SELECT geom FROM layer0) AS geom FROM n"
    )
    register = (
        (
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " VALUES ('endless', 'features', 'e', 4549)"
        ),
        "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'GEOMETRY', 4549, 0, 0)",
    )

    def plain_sqlite(ground: Ground) -> bytes:
        path = ground.folder / "plain.sqlite"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE t (a)")
        database.close()
        return path.read_bytes()

    def parquet(ground: Ground, metadata: dict[bytes, bytes]) -> bytes:
        path = ground.folder / f"made{next(COUNTER)}.parquet"
        table = pa.table({"id": ["a"], "geometry": [kit.LOTS[0].wkb]}).replace_schema_metadata(metadata)
        pq.write_table(table, path)
        return path.read_bytes()

    def geo(**about: object) -> dict[bytes, bytes]:
        column = {"encoding": "WKB", "geometry_types": [], **about}
        return {
            b"geo": json.dumps(
                {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
            ).encode()
        }

    view_in_place = (
        "ALTER TABLE layer0 RENAME TO hidden",
        (
            "CREATE VIEW layer0 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT h.* FROM hidden h, n"
        ),
    )
    return [
        Case("endless.gpkg", lambda g: package(g, endless, *register), "gpkg_view"),
        Case(
            "endless_named.gpkg",
            lambda g: package(g, endless, *register),
            "gpkg_view",
            options=Options(layer="endless"),
        ),
        Case("view_in_place.gpkg", lambda g: package(g, *view_in_place), "gpkg_view"),
        Case("two_layers.gpkg", lambda g: package(g, layers=2), "layer_choose"),
        Case("named_layer.gpkg", lambda g: package(g, layers=2), features=2, options=Options(layer="layer1")),
        Case("no_such_layer.gpkg", package, "layer_unknown", options=Options(layer="地块")),
        Case("many_features.gpkg", package, "too_many_features", options=Options(features_max=1)),
        Case("not_geo.gpkg", plain_sqlite, "gpkg_broken"),
        Case("header_only.gpkg", b"SQLite format 3\x00" + bytes(300), "gpkg_broken"),
        Case("cut.gpkg", lambda g: package(g)[:6_000], "gpkg_broken"),
        Case("no_geo.parquet", lambda g: parquet(g, {}), "parquet_no_place"),
        Case("strange_geo.parquet", lambda g: parquet(g, {b"geo": b"[1, 2]"}), "parquet_no_place"),
        Case("no_crs.parquet", lambda g: parquet(g, geo(crs=None)), "crs_unknown"),
        Case("wrong_crs.parquet", lambda g: parquet(g, geo()), "crs_contradicted"),
        Case("cut.parquet", b"PAR1" + bytes(100), "parquet_broken"),
    ]


def texts() -> list[Case]:
    """GeoJSON and KML that are broken, in another encoding, or hold what would run elsewhere."""
    template, image = "{{ cycler }}", "<img src=x onerror=alert(1)>"
    hostile = [
        kit.feature(
            **{"地块编号": template, "用地性质": image, "{% set %}": "=1+1", "权利人": "'; DROP TABLE parcels; --"}
        )
    ]
    deep: object = [120.4, 30.3]
    for _ in range(900):
        deep = [deep]
    gbk = kit.geojson([kit.feature(地块编号="钱塘-01", 权利人="杭州某某电子")]).decode().encode("gbk")
    return [
        Case("template.geojson", kit.geojson(hostile), notes=frozenset({"text_suspicious"}), features=1),
        Case("a{{x}}<b>\n.geojson", kit.geojson([kit.feature()]), features=1),
        Case("gbk.geojson", gbk, notes=frozenset({"encoding_guessed"}), features=1),
        Case("bytes.geojson", b'{"type": "\xff\xff\xfe\xfe"}', "encoding_lost"),
        Case("cut.geojson", kit.geojson([kit.feature()])[:-20], "json_broken"),
        Case("nested.geojson", b'{"a":' + b"[" * 200_000, "json_broken"),
        Case("deep.geojson", kit.geojson([kit.feature(deep)]), "feature_broken"),
        Case("topology.geojson", b'{"type": "Topology", "objects": {}}', "geojson_wrong"),
        Case("list.geojson", b"[1, 2, 3]", "geojson_wrong"),
        Case("no_features.geojson", kit.geojson([]), "layer_empty"),
        Case(
            "words_for_numbers.geojson",
            kit.geojson([kit.feature([[["a", "b"], ["c", "d"], ["a", "b"]]])]),
            "feature_broken",
        ),
        Case("short_point.geojson", kit.geojson([kit.feature([1.0], kind="Point")]), "feature_broken"),
        Case("strange_kind.geojson", kit.geojson([kit.feature(kind="Circle")]), "feature_broken"),
        Case(
            "huge_number.geojson",
            kit.geojson([kit.feature([[[10**400, 0], [1, 1], [2, 2], [10**400, 0]]])]),
            "feature_broken",
        ),
        Case(
            "all_null.geojson",
            kit.geojson([{"type": "Feature", "properties": {}, "geometry": None}]),
            "coordinates_missing",
        ),
        Case(
            "crs_name.geojson",
            kit.geojson([kit.feature()], crs={"type": "name", "properties": {"name": "EPSG:99999"}}),
            "crs_unreadable",
        ),
        Case("broken.kml", kml(PLACEMARK)[:-10], "xml_broken"),
        Case("no_places.kml", kml(""), "layer_empty"),
        Case("bad_numbers.kml", kml(PLACEMARK.replace("120.40,30.30", "here,there")), "feature_broken"),
        Case("gbk.kml", b'<?xml version="1.0" encoding="GBK"?>' + kml(PLACEMARK).decode().encode("gbk"), features=1),
    ]


def places() -> list[Case]:
    """Coordinates that are not what they are said to be, and shapes that are not what they should be."""
    lot = [[*kit.LOTS[0].exterior.coords]]
    bow = [[*kit.BOW_TIE.exterior.coords]]
    legacy = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    nan, inf = [[[float("nan")] * 2] * 4], [[[float("inf")] * 2] * 4]
    swapped = [[(y, x) for x, y in kit.DEGREES]]
    berlin = [[(x - 107, y + 22) for x, y in kit.DEGREES]]
    open_ring = [list(kit.DEGREES[:-1])]
    three = [
        kit.feature(id="甲"),
        kit.feature(open_ring, id="乙"),
        kit.feature([[(x + 0.02, y) for x, y in kit.DEGREES]], id="丙"),
    ]
    doubled = [
        kit.feature(lot, 地块编号="A"),
        kit.feature(lot, 地块编号="A"),
        kit.feature([[(x + 100, y) for x, y in lot[0]]], 地块编号="B"),
    ]
    beijing = (
        'PROJCS["Beijing_1954_3_Degree_GK_CM_120E",GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954",'
        'SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
        'UNIT["Meter",1.0]]'
    )
    xian = beijing.replace("Beijing_1954", "Xian_1980").replace(
        '"Krasovsky_1940",6378245.0,298.3', '"Xian_1980",6378140.0,298.257'
    )
    with zipfile.ZipFile(io.BytesIO(kit.shapefile())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    without = {end: kit.zipped({n: c for n, c in parts.items() if not n.endswith(end)}) for end in (".shx", ".dbf")}
    bad_table = kit.zipped(parts | {"parcels.dbf": b"\x03" + b"\xff" * 40})
    far = [kit.feature(lot, id=str(n)) for n in range(40)] + [
        kit.feature([[(0, 0), (9, 0), (9, 9), (0, 0)]], id="stray")
    ]
    return [
        Case("nan.geojson", kit.geojson([kit.feature(nan)]), "coordinates_missing"),
        Case("inf.geojson", kit.geojson([kit.feature(inf)]), "coordinates_missing"),
        Case(
            "one_nan.geojson",
            kit.geojson([kit.feature(), kit.feature(nan)]),
            notes=frozenset({"not_finite", "unplaced"}),
            features=2,
        ),
        Case(
            "billion.geojson",
            kit.geojson([kit.feature([[(1e9, 1e9), (2e9, 1e9), (2e9, 2e9), (1e9, 1e9)]])]),
            "crs_contradicted",
        ),
        Case("metres.geojson", kit.geojson([kit.feature(lot)]), "crs_contradicted"),
        Case("swapped.geojson", kit.geojson([kit.feature(swapped)]), "axes_swapped"),
        Case("swapped_said.geojson", kit.geojson([kit.feature(swapped)]), options=Options(swap_axes=True), features=1),
        Case(
            "mercator.geojson",
            kit.geojson([kit.feature([[(x * 111_319, y * 116_000) for x, y in kit.DEGREES]])]),
            "crs_contradicted",
        ),
        Case("berlin.geojson", kit.geojson([kit.feature(berlin)]), "place_outside"),
        Case("open_ring.geojson", kit.geojson(three), repairs={"乙": "ring_closed"}, features=3),
        Case(
            "bow_tie.geojson",
            kit.geojson([kit.feature(bow, id="八")], crs=legacy),
            repairs={"八": "self_crossing"},
            features=1,
        ),
        Case(
            "doubled.geojson",
            kit.geojson(doubled, crs=legacy),
            notes=frozenset({"ids_doubled", "shapes_doubled", "shapes_overlap"}),
            features=3,
        ),
        Case("stray.geojson", kit.geojson(far, crs=legacy), notes=frozenset({"strays"}), features=41),
        Case("points.geojson", kit.geojson([kit.feature([120.4, 30.3], kind="Point")]), "shape_kind_wrong"),
        Case("role.geojson", kit.geojson([kit.feature()]), "role_unknown", role="palaces"),
        Case("crs_option.geojson", kit.geojson([kit.feature()]), "crs_unreadable", options=Options(crs="EPSG:0")),
        Case(
            "column_option.geojson",
            kit.geojson([kit.feature(a=1)]),
            "column_not_there",
            options=Options(columns={"owner": "b"}),
        ),
        Case("no_prj.zip", kit.shapefile(prj=None), "crs_unknown"),
        Case("broken_prj.zip", kit.shapefile(prj=b'PROJCS["half'), "crs_unreadable"),
        Case("prj_program.zip", kit.shapefile(prj=b"+proj=pipeline +step +init=/etc/passwd"), "crs_unreadable"),
        Case("beijing54.zip", kit.shapefile(prj=beijing.encode()), "crs_datum"),
        Case("xian80.zip", kit.shapefile(prj=xian.encode()), "crs_datum"),
        Case("no_shx.zip", without[".shx"], notes=frozenset({"shapefile_index_rebuilt"}), features=2),
        Case("no_dbf.zip", without[".dbf"], notes=frozenset({"shapefile_without_table"}), features=2),
        Case("bad_dbf.zip", bad_table, "dbf_broken"),
        Case("lying_cpg.zip", kit.shapefile(cpg="UTF-8"), notes=frozenset({"encoding_overruled"}), features=2),
        Case("encoding_option.zip", kit.shapefile(), "encoding_unknown", options=Options(encoding="klingon")),
    ]


def tables() -> list[Case]:
    """CSV and Excel."""

    def book(*rows: tuple[object, ...], far: tuple[int, int] | None = None) -> bytes:
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        if far is not None:
            workbook.active.cell(*far, value=1)
        out = io.BytesIO()
        workbook.save(out)
        return out.getvalue()

    def stuffed() -> bytes:
        plain = book(("lon", "lat"), (120.4, 30.3))
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as sink:
            for name in source.namelist():
                sink.writestr(name, source.read(name))
            with sink.open("xl/sharedStrings.xml", "w", force_zip64=True) as strings:
                for _ in range(600):
                    strings.write(b" " * 1_000_000)
        return out.getvalue()

    head = ("地块编号", "lon", "lat", "备注")
    good = book(head, ("0012", 120.4, 30.3, "=1+1"), ("330114001001000123", 120.41, 30.3, "+cmd"))
    long = "lon,lat\n" + "120.4,30.3\n" * 50_001
    return [
        Case("formulas.xlsx", good, role="metro", features=2),
        Case(
            "long_number.xlsx",
            book(head, (330114001001000123, 120.4, 30.3, "")),
            role="metro",
            notes=frozenset({"digits_lost"}),
        ),
        Case("far_cell.xlsx", book(head, (1, 120.4, 30.3, ""), far=(1_048_576, 1)), "table_too_long", role="metro"),
        Case("far_column.xlsx", book(head, (1, 120.4, 30.3, ""), far=(2, 16_384)), "table_too_wide", role="metro"),
        Case("stuffed.xlsx", lambda _: stuffed(), "zip_too_big", role="metro"),
        Case("cut_sheet.xlsx", kit.zipped({"xl/workbook.xml": b"<workbook"}), "table_broken", role="metro"),
        Case("no_place.csv", "编号,名称\n1,甲\n".encode(), "table_no_place", role="metro"),
        Case("ragged.csv", b"lon,lat\n120.4,30.3,5\n", "table_ragged", role="metro"),
        Case("no_crs.csv", b"x,y\n540000,3353000\n", "crs_unknown", role="metro"),
        Case("bad_number.csv", b"lon,lat\n120.4,north\n", "feature_broken", role="metro"),
        Case("bad_wkt.csv", b"id,wkt\n1,POLYGON((1 2\n", "feature_broken"),
        Case("long.csv", long.encode(), "table_too_long", role="metro"),
        Case("gbk.csv", "经度,纬度,名称\n120.4,30.3,金沙湖\n".encode("gbk"), role="metro", features=1),
        Case("only_header.csv", b"lon,lat\n\n", "format_unseen", role="metro"),
        Case("quote.csv", b'lon,lat\n120.4,"30.3\n', "table_broken", role="metro"),
    ]


def drawings() -> list[Case]:
    """DXF and SWMM."""
    corners = [
        (kit.EAST, kit.NORTH),
        (kit.EAST + 300, kit.NORTH),
        (kit.EAST + 300, kit.NORTH + 200),
        (kit.EAST, kit.NORTH + 200),
    ]
    vertices = "".join(f"10\n{x}\n20\n{y}\n" for x, y in corners)
    dxf = f"0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n5\nA1\n8\n地块\n90\n4\n70\n1\n{vertices}0\nENDSEC\n0\nEOF\n"
    inp = "[TITLE]\nx\n[OPTIONS]\nFLOW_UNITS LPS\n[JUNCTIONS]\nJ1 1.0 3.0\n[OUTFALLS]\nO1 0.5 FREE\n"
    pipe = "[CONDUITS]\nC1 J1 O1 100 0.013 0 0\n[XSECTIONS]\nC1 CIRCULAR 0.6 0 0 0\n"
    where = "[COORDINATES]\nJ1 540000 3353000\nO1 540100 3353000\n"
    town = inp + pipe + where
    return [
        Case("no_crs.dxf", dxf.encode("gbk"), "crs_unknown"),
        Case("lot.dxf", dxf.encode("gbk"), options=METRIC, features=1),
        Case("no_such_layer.dxf", dxf.encode(), "layer_unknown", options=Options(crs="EPSG:4549", layer="道路")),
        Case("cut.dxf", dxf.encode()[:40], "layer_damaged", options=METRIC),
        Case("no_map.inp", (inp + pipe).encode(), "swmm_no_map", role="sewer_nodes", options=METRIC),
        Case(
            "no_shape.inp",
            (inp + pipe.split("[XS", maxsplit=1)[0] + where).encode(),
            "inp_no_section",
            role="sewers",
            options=METRIC,
        ),
        Case("no_crs.inp", town.encode(), "crs_unknown", role="sewers"),
        Case("endless.inp", town.replace("540100", "inf").encode(), "inp_number", options=METRIC),
        Case("template.inp", town.replace("540100", "{{7*7}}").encode(), "inp_template", options=METRIC),
        Case("crowded.inp", town.encode(), "too_many_features", options=replace(METRIC, features_max=2)),
        Case(
            "unplaced.inp",
            town.replace("O1 540100", "O2 540100").encode(),
            options=METRIC,
            features=2,
            notes=frozenset({"unplaced", "no_loads", "set_incomplete"}),
        ),
        Case("network.inp", town.encode(), role="sewer_nodes", options=METRIC, features=2),
    ]


def rasters() -> list[Case]:
    """GeoTIFF."""

    def tiff(
        ground: Ground, *, crs: str | None = "EPSG:4549", size: int = 4, value: float = 5.0, placed: bool = True
    ) -> bytes:
        path = ground.folder / f"made{next(COUNTER)}.tif"
        profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": -9999.0}
        if placed:
            profile["transform"] = Affine(30.0, 0.0, kit.EAST, 0.0, -30.0, kit.NORTH)
        if size > 1_000:
            profile |= {"tiled": True, "sparse_ok": True, "compress": "deflate"}
        with rasterio.open(path, "w", width=size, height=size, crs=crs, **profile) as sink:
            if size <= 1_000:
                sink.write(np.full((size, size), value, dtype="float32"), 1)
        return path.read_bytes()

    return [
        Case("ground.tif", tiff, role="elevation", features=1),
        Case("huge.tif", lambda g: tiff(g, size=10_001), "raster_too_big", role="elevation"),
        Case("no_crs.tif", lambda g: tiff(g, crs=None), "crs_unknown_raster", role="elevation"),
        Case("void.tif", lambda g: tiff(g, value=-9999.0), "raster_void", role="elevation"),
        Case("as_parcels.tif", tiff, "role_wrong_kind"),
        Case("cut.tif", lambda g: tiff(g)[:60], "raster_broken", role="elevation"),
        Case("vectors.tif", kit.geojson([kit.feature()]), "role_wrong_kind", role="elevation"),
    ]
