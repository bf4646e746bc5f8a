"""Ten measures of 100,000 parcels, against plain GeoPandas on a sample, in one run.

    python benchmarks/criteria.py [--parcels 100000] [--sample 300]

The place is synthetic (seed 42): blocks of irregular parcels on 30 km × 20 km, 5,000 road segments, 2,000 residential
areas, 300 overlapping protected areas of 300 vertices, 24 stations, 200 firms, one raster of 3,000 × 2,000 cells.
Plain GeoPandas measures a sample parcel by parcel, the way a script does it; both answers are compared before any time
is printed. CPU seconds count (user and system); reading the files is left out on both sides.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import rasterio
import shapely
from rasterio.features import geometry_mask
from rasterio.transform import Affine

from xingu_geo.ground.base.gdal import close_doors
from xingu_geo.ground.catalogue.read import open_catalogue
from xingu_geo.ground.planning.projects import ProjectType, brief_of
from xingu_geo.ground.planning.sites import sites_of
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.registry import VERBS, measured
from xingu_geo.siting.measuring.verb import Answer

CRS, EAST, NORTH, WIDTH, HEIGHT = "EPSG:4549", 520_000.0, 3_340_000.0, 30_000.0, 20_000.0
PASSPORT = """id = "{role}"
role = "{role}"
title = {{ zh = "{role}", en = "{role}" }}
about = {{ zh = "测试", en = "benchmark" }}
path = "{file}"
geometry = "{geometry}"
crs = "EPSG:4549"
id_field = "{id_field}"
features = {count}
topology = []
fields = []
licence = "MIT"
sources = ["benchmark"]
valid_on = 2026-01-01
accessed_on = 2026-01-01
confidence = "illustrative"
positional_accuracy_m = 1.0
lineage = {{ zh = "测试", en = "benchmark" }}
version = "1.0.0"
"""
ROADS = {"to_layer": "metro"}
CHAIN = {"partners": {"fab": ["materials"]}, "accuracy_max_m": 1000, "reach_m": 3000}
ASKED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "area": ("site_number", "", {"column": "area_m2"}),
    "compactness": ("compactness", "", {}),
    "land_use": ("land_use_fit", "", {}),
    "homes": ("distance", "residential", {}),
    "road": ("distance", "roads", {}),
    "protected": ("overlap_share", "protected", {}),
    "people": ("people_within", "residential", {"column": "persons", "reach_m": 1000}),
    "metro_way": ("road_distance", "roads", ROADS),
    "neighbours": ("chain_neighbours", "actors", CHAIN),
    "ground": ("raster", "elevation", {"statistic": "mean"}),
}


def place(folder: Path, parcels: int) -> None:
    """Write the synthetic place into ``folder``."""
    rng = np.random.default_rng(42)
    _lay(folder, "parcels", _plots(rng, parcels), land_use_code="100102", status="vacant", plot_ratio_max=2.0)
    _lay(folder, "roads", _streets(), **{"class": "street"})
    _lay(folder, "residential", _blobs(rng, 2000, 120, 8), persons=400.0)
    _lay(folder, "protected", _blobs(rng, 300, 500, 300))
    _lay(folder, "metro", shapely.points(_at(rng, 24)))
    _lay(folder, "actors", shapely.points(_at(rng, 200)), stage="materials", accuracy_m=100.0)
    cells = rng.normal(6, 1, size=(2000, 3000))
    profile = {"driver": "GTiff", "height": 2000, "width": 3000, "count": 1, "dtype": "float64", "crs": CRS}
    transform = Affine(10.0, 0.0, EAST, 0.0, -10.0, NORTH + HEIGHT)
    with rasterio.open(folder / "elevation.tif", "w", transform=transform, **profile) as raster:
        raster.write(cells, 1)
    _passport(folder, "elevation", "elevation.tif", "raster", 1)


def _at(rng: np.random.Generator, count: int) -> Any:
    return np.column_stack([EAST + rng.uniform(0, WIDTH, count), NORTH + rng.uniform(0, HEIGHT, count)])


def _plots(rng: np.random.Generator, count: int) -> Any:
    across = int(np.sqrt(count * WIDTH / HEIGHT)) + 1
    down = count // across + 1
    step = np.array([WIDTH / (across + 1), HEIGHT / (down + 1)])
    column, row = np.meshgrid(np.arange(across), np.arange(down))
    corner = np.column_stack([column.ravel(), row.ravel()])[:count] * step + [EAST, NORTH] + 0.05 * step
    ring = np.array([[0, 0], [0.5, 0.02], [1, 0], [1, 0.5], [0.97, 1], [0.5, 0.98], [0, 1], [0.02, 0.5]])
    shape = ring[None] * step * 0.85 + rng.uniform(-0.03, 0.03, size=(count, 8, 2)) * step
    return shapely.polygons(corner[:, None] + shape)


def _streets() -> Any:
    xs, ys = np.arange(0, WIDTH + 1, 500) + EAST, np.arange(0, HEIGHT + 1, 500) + NORTH
    lines = [shapely.linestrings([(a, y), (b, y)]) for y in ys for a, b in pairwise(xs)]
    lines += [shapely.linestrings([(x, a), (x, b)]) for x in xs for a, b in pairwise(ys)]
    return np.array(lines)


def _blobs(rng: np.random.Generator, count: int, radius_m: float, vertices: int) -> Any:
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = radius_m * (1 + 0.2 * np.sin(5 * angle)[None] + rng.uniform(-0.02, 0.02, size=(count, vertices)))
    ring = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=-1)
    return shapely.polygons(_at(rng, count)[:, None] + ring)


def _lay(folder: Path, role: str, shapes: Any, **columns: Any) -> None:
    ids = [f"{role[0]}{i:07d}" for i in range(len(shapes))]
    frame = gpd.GeoDataFrame({"id": ids, **columns}, geometry=shapes, crs=CRS)
    frame.to_file(folder / f"{role}.gpkg", driver="GPKG", engine="pyogrio")
    _passport(folder, role, f"{role}.gpkg", "any", len(shapes))


def _passport(folder: Path, role: str, file: str, geometry: str, count: int) -> None:
    id_field = "" if geometry == "raster" else "id"
    text = PASSPORT.format(role=role, file=file, geometry=geometry, count=count, id_field=id_field)
    (folder / f"{role}.toml").write_text(text, encoding="utf-8")


def ours(context: Context) -> tuple[dict[str, Any], dict[str, float]]:
    """Every measure of every parcel, and its CPU seconds."""
    found, spent = {}, {}
    for name, (verb, layer, options) in ASKED.items():
        begin = time.process_time()
        answer = measured(context, verb, layer=layer, options=VERBS[verb].options.model_validate(options))
        spent[name] = time.process_time() - begin
        if not isinstance(answer, Answer):
            raise SystemExit(f"{name}: {answer.sentence('en')}")
        found[name] = answer.values
    return found, spent


def plain(context: Context, sample: Any) -> tuple[dict[str, list[float]], dict[str, float]]:
    """The same measures of a sample, parcel by parcel, with GeoPandas, networkx and rasterio's mask."""
    layers = {role: context.catalogue.vector(role).table for role in ("residential", "roads", "metro", "actors")}
    dissolved = context.catalogue.vector("protected").table.union_all()
    homes, roads = layers["residential"], layers["roads"]
    graph = nx.Graph()
    for line in roads.geometry:
        graph.add_edge(line.coords[0], line.coords[-1], weight=line.length)
    with rasterio.open(context.catalogue.raster("elevation").file) as raster:
        cells, transform = raster.read(1), raster.transform

    def people(shape: Any) -> float:
        reach = shape.buffer(1000, quad_segs=32)
        return float((homes.intersection(reach).area / homes.area * homes["persons"]).sum())

    def cell_mean(shape: Any) -> float:
        return float(cells[~geometry_mask([shape], cells.shape, transform)].mean())

    station = min(graph, key=lambda node: layers["metro"].distance(shapely.Point(node)).min())

    def way(shape: Any) -> float:
        start = min(graph, key=lambda node: shape.distance(shapely.Point(node)))
        return float(nx.shortest_path_length(graph, start, station, weight="weight"))

    tasks: dict[str, Callable[[Any], float]] = {
        "area": lambda shape: shape.area,
        "compactness": lambda shape: 4 * np.pi * shape.area / shape.length**2,
        "homes": lambda shape: homes.distance(shape).min(),
        "road": lambda shape: roads.distance(shape).min(),
        "protected": lambda shape: shape.intersection(dissolved).area / shape.area,
        "people": people,
        "metro_way": way,
        "neighbours": lambda shape: float((layers["actors"].distance(shape) <= 3000).sum()),
        "ground": cell_mean,
    }
    found, spent = {}, {}
    for name, task in tasks.items():
        begin = time.process_time()
        found[name] = [task(shape) for shape in sample]
        spent[name] = time.process_time() - begin
    return found, spent


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


SAME = ("area", "compactness", "homes", "road", "protected", "people", "neighbours")


def main() -> int:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=300)
    chosen = parser.parse_args()
    close_doors()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place(folder, chosen.parcels)
        catalogue = open_catalogue(folder, crs=CRS)
        sites = sites_of(catalogue)
        fab = ProjectType.model_validate(
            {"title": {"zh": "厂", "en": "fab"}, "stage": "fab", "needs": "land", "land_use_codes": ["100102"],
             "quantities": {}}
        )  # fmt: skip
        context = Context(sites, catalogue, brief_of({"fab": fab}, "fab"))
        for role in ("roads", "residential", "protected", "metro", "actors"):
            catalogue.vector(role)
        begin = time.perf_counter()
        found, spent = ours(context)
        wall = time.perf_counter() - begin
        rows = np.random.default_rng(1).choice(
            len(sites.table), size=min(chosen.sample, len(sites.table)), replace=False
        )
        checked, by_hand = plain(replace(context), sites.table.geometry.to_numpy()[rows])
    for name in SAME:
        np.testing.assert_allclose(found[name].to_numpy(dtype=float)[rows], checked[name], rtol=1e-9, atol=1e-6)
    count = len(found["area"])
    _say(f"{count:,} parcels: {sum(spent.values()):.2f} CPU s, {wall:.2f} s wall; plain GeoPandas on {len(rows)}")
    _say(f"{'measure':<12} {'ours µs':>10} {'plain µs':>10} {'ratio':>8}   (per parcel)")
    for name, seconds in spent.items():
        each = 1e6 * seconds / count
        hand = 1e6 * by_hand[name] / len(rows) if name in by_hand else float("nan")
        _say(f"{name:<12} {each:>10.1f} {hand:>10.1f} {hand / each if each else float('nan'):>8.0f}")
    total, total_hand = sum(spent[name] for name in by_hand) / count, sum(by_hand.values()) / len(rows)
    _say(f"{'together':<12} {1e6 * total:>10.1f} {1e6 * total_hand:>10.1f} {total_hand / total:>8.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
