"""A kit of seeded faults: each spoils a clean network in one way, and is found with its code and element."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from kit import tables as planner
from kit.sewers import LINK, LOAD, NODE, frame, link, load, plant, station

from xingu_geo.ground.base.say import LANGS, texts
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.network import make_network
from xingu_geo.sewers.survey.faults.faults import faults_in, faults_of

NORMS = planner.norms()
Tables = dict[str, pd.DataFrame]
DROP = 0.002  # slope of the clean network's pipes
SPACING_M = 100.0


def clean_town(branches: int = 6, manholes: int = 8, *, spacing_m: float = SPACING_M) -> Tables:
    """Branches of manholes falling to a trunk, the trunk to a station, its main to a plant: nothing to complain of."""
    nodes, links, loads = [], [], []

    def manhole(name: str, x: float, y: float, invert: float) -> None:
        nodes.append({"id": name, "x_m": x, "y_m": y, "ground_m": 8.0, "invert_m": invert})

    def pipe(start: str, end: str, upper: float, lower: float, diameter: float) -> None:
        ends = {"invert_from_m": upper, "invert_to_m": lower, "length_m": spacing_m}
        links.append(link(start, end, **ends, diameter_mm=diameter))

    trunk = [2.0 - DROP * spacing_m * b for b in range(branches + 1)]
    for b in range(branches):
        manhole(f"t{b}", b * spacing_m, 0.0, trunk[b])
        for m in range(manholes):
            depth = DROP * spacing_m * (m + 1)
            manhole(f"b{b}m{m}", b * spacing_m, (m + 1) * spacing_m, trunk[b] + 0.2 + depth)
            lower = f"b{b}m{m - 1}" if m else f"t{b}"
            pipe(f"b{b}m{m}", lower, trunk[b] + 0.2 + depth, trunk[b] + 0.2 + depth - DROP * spacing_m, 400.0)
            loads.append(load(f"b{b}m{m}", 40.0, 20.0))
    for b in range(branches):
        pipe(f"t{b}", f"t{b + 1}" if b + 1 < branches else "pumps", trunk[b], trunk[b + 1], 1000.0)
    at = {"ground_m": 8.0, "y_m": 0.0}
    nodes.append(station("pumps", 300.0, duty=2, x_m=branches * spacing_m, invert_m=trunk[-1], **at))
    nodes.append(plant("works", 50_000.0, x_m=(branches + 1) * spacing_m, invert_m=3.0, **at))
    pressure = {"kind": "pressure", "diameter_mm": 700.0, "length_m": spacing_m, "material": "steel"}
    links.append(link("pumps", "works", **pressure, invert_from_m=None, invert_to_m=None))
    return drawn({"nodes": frame(nodes, NODE), "links": frame(links, LINK), "loads": frame(loads, LOAD)})


def drawn(tables: Tables) -> Tables:
    """The tables with a straight line for every link."""
    places = tables["nodes"][["x_m", "y_m"]]
    start, end = (places.loc[tables["links"][name]].to_numpy() for name in ("from_node", "to_node"))
    lines = shapely.linestrings(np.stack((start, end), axis=1))
    return {**tables, "links": gpd.GeoDataFrame(tables["links"], geometry=lines, crs="EPSG:4549")}


def setting(table: str, name: str, **values) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        for column, value in values.items():
            if column not in tables[table]:
                tables[table][column] = np.nan
            tables[table].loc[name, column] = value

    return spoil


def adding(table: str, row: dict, defaults: dict) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        more = frame([row], defaults)
        if isinstance(tables[table], gpd.GeoDataFrame):
            more = gpd.GeoDataFrame(more, geometry=[None], crs="EPSG:4549")
        tables[table] = pd.concat([tables[table], more])

    return spoil


def dropping(table: str, name: str) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        tables[table] = tables[table].drop(index=name)

    return spoil


def moving_end(name: str, by_m: float) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        tip = np.array(tables["links"].geometry[name].coords)
        tip[-1] += by_m
        tables["links"].loc[[name], "geometry"] = gpd.GeoSeries([shapely.LineString(tip)], [name], crs="EPSG:4549")

    return spoil


def both(*spoils: Callable[[Tables], None]) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        for one in spoils:
            one(tables)

    return spoil


def p(b: int, m: int) -> str:
    """The pipe that leaves manhole m of branch b."""
    return f"b{b}m{m}-b{b}m{m - 1}" if m else f"b{b}m0-t{b}"


def stray(name: str) -> dict:
    return {"id": name, "x_m": 5000.0, "y_m": 5000.0, "ground_m": 8.0, "invert_m": 2.0}


# (code expected, element expected, what spoils the clean town)
KIT: list[tuple[str, str, Callable[[Tables], None]]] = [
    *(("sewer_id_doubled", n, adding("nodes", {"id": n, "x_m": 5000.0, "y_m": 0.0}, NODE)) for n in ("b0m3", "t2")),
    *(("sewer_id_doubled", n, adding("links", link("t0", "t1", n), LINK)) for n in (p(1, 2), "t3")),
    *(("sewer_end_unknown", n, setting("links", n, to_node="nowhere")) for n in (p(0, 1), p(4, 5), "t1-t2")),
    *(("sewer_end_unknown", n, setting("links", n, from_node="nowhere")) for n in (p(2, 7), p(3, 7))),
    *(("sewer_kind_unknown", n, setting("nodes", n, kind="well")) for n in ("b1m1", "t4")),
    ("sewer_kind_unknown", p(5, 5), setting("links", p(5, 5), kind="siphon")),
    *(("sewer_load_wrong", f"load-{n}", setting("loads", f"load-{n}", domestic_m3_d=-1.0)) for n in ("b0m0", "b5m7")),
    ("sewer_load_wrong", "load-b2m2", setting("loads", "load-b2m2", node="nowhere")),
    ("sewer_load_wrong", "load-b2m3", setting("loads", "load-b2m3", state="rumoured")),
    *(("sewer_cycle", "b0m0", setting("links", p(0, 0), to_node=f"b0m{m}")) for m in (1, 5)),
    ("sewer_cycle", "t0", setting("links", "t3-t4", to_node="t0")),
    ("sewer_cycle", "b3m4", setting("links", p(3, 4), to_node="b3m4")),
    ("sewer_split_partial", "t2", adding("links", link("t2", "works", "relief", split_share=0.2), LINK)),
    *(("sewer_split_sum", n, setting("links", p(1, int(n[-1])), split_share=0.7)) for n in ("b1m4", "b1m6")),
    *(("slope_adverse", n, setting("links", n, invert_to_m=6.0)) for n in (p(0, 2), p(2, 0), p(5, 7), p(4, 4))),
    *(("slope_adverse", n, setting("links", n, invert_from_m=-1.0)) for n in (p(1, 3), "t4-t5")),
    *(("slope_flat", f"t{b}-t{b + 1}", setting("links", f"t{b}-t{b + 1}", invert_to_m=2.0 - 0.2 * b)) for b in (1, 3)),
    ("slope_flat", p(0, 3), setting("links", p(0, 3), invert_to_m=2.0 + 0.2 + 0.8 - 0.005)),
    *(("slope_steep", n, setting("links", n, length_m=1.0)) for n in (p(3, 3), p(0, 6))),
    *(
        (
            "invert_missing",
            p(b, m),
            both(setting("links", p(b, m), invert_from_m=None), setting("nodes", f"b{b}m{m}", invert_m=None)),
        )
        for b, m in ((0, 4), (1, 7), (5, 2))
    ),
    *(("invert_above_ground", n, setting("nodes", n, invert_m=9.0)) for n in ("b2m2", "t5")),
    *(("step_up", f"t{b}-t{b + 1}", setting("links", f"t{b - 1}-t{b}", invert_to_m=-2.0)) for b in (2, 4)),
    ("step_up", p(3, 1), setting("links", p(3, 2), invert_to_m=-1.0)),
    # b4m7 lies at 1.2 + 0.2 + 1.6 = 3.0 m, its pipe's crown at 3.4 m.
    ("cover_thin", p(4, 7), setting("nodes", "b4m7", ground_m=3.6)),
    ("cover_thin", "t1-t2", setting("links", "t1-t2", diameter_mm=3900.0, invert_from_m=4.0)),
    ("cover_thin", p(0, 5), setting("nodes", "b0m5", ground_m=3.5)),
    *(("cover_deep", f"b{b}m7-b{b}m6", setting("nodes", f"b{b}m7", ground_m=30.0)) for b in (0, 3)),
    *(("diameter_missing", n, setting("links", n, diameter_mm=None)) for n in (p(0, 0), p(4, 2), "pumps-works")),
    *(("diameter_odd", n, setting("links", n, diameter_mm=0.4)) for n in (p(1, 1), p(2, 6), p(5, 0))),
    ("diameter_odd", "t2-t3", setting("links", "t2-t3", diameter_mm=100_000.0)),
    *(("diameter_drop", n, setting("links", n, diameter_mm=300.0)) for n in (p(0, 2), p(3, 5), "t1-t2", "t4-t5")),
    *(("length_differs", n, setting("links", n, length_m=140.0)) for n in (p(0, 1), p(2, 5), "t0-t1")),
    *(("length_wrong", n, setting("links", n, length_m=0.0)) for n in (p(4, 0), "t5-pumps")),
    *(("end_off_node", n, moving_end(n, 3.0)) for n in (p(1, 5), p(3, 0), "t2-t3")),
    *(("end_snaps", n, setting("links", n, to_node="typo")) for n in (p(2, 4), "t3-t4")),
    *(
        (
            "node_coincident",
            f"z{n}",
            both(adding("nodes", stray(f"z{n}"), NODE), setting("nodes", f"z{n}", x_m=x, y_m=0.1)),
        )
        for n, x in (("t1", 100.0), ("t3", 300.05))
    ),
    (
        "link_repeated",
        "z-copy",
        adding(
            "links",
            link("t0", "t1", "z-copy", diameter_mm=1000.0, invert_from_m=2.0, invert_to_m=1.8, length_m=100.0),
            LINK,
        ),
    ),
    *(("dead_end", f"b{b}m{m}", dropping("links", p(b, m))) for b, m in ((0, 3), (2, 0), (5, 5))),
    ("dead_end", "t4", dropping("links", "t4-t5")),
    *(("part_without_outlet", n, dropping("links", gone)) for n, gone in (("b0m0", p(0, 0)), ("b1m2", p(1, 2)))),
    ("node_alone", "stray", adding("nodes", stray("stray"), NODE)),
    ("node_alone", "b4m7", dropping("links", p(4, 7))),
    *(
        (
            "bifurcation_without_split",
            n,
            adding("links", link(n, "works", "relief", invert_from_m=3.0, invert_to_m=2.9, length_m=200.0), LINK),
        )
        for n in ("t1", "t5", "b2m2")
    ),
    *(
        (
            "outlet_second",
            "z-river",
            both(
                adding("nodes", {**stray("z-river"), "kind": "outfall"}, NODE),
                adding("links", link(n, "z-river", "relief"), LINK),
            ),
        )
        for n in ("t0", "b3m3")
    ),
    ("outfall_flows_on", "t2", setting("nodes", "t2", kind="outfall")),
    *(("pumps_missing", "pumps", setting("nodes", "pumps", **{key: None})) for key in ("pump_duty", "pump_rated_l_s")),
    ("standby_missing", "pumps", setting("nodes", "pumps", pump_standby=0)),
    ("plant_size_missing", "works", setting("nodes", "works", capacity_m3_d=None)),
    *(("main_unpumped", n, setting("links", n, kind="pressure")) for n in (p(0, 7), p(1, 4))),
    *(
        ("roughness_odd", n, setting("links", n, roughness_n=value))
        for n, value in ((p(0, 0), 0.13), (p(5, 1), 0.0013))
    ),
    *(("material_unknown", n, setting("links", n, roughness_n=None, material="木")) for n in (p(2, 1), p(3, 6))),
]


def found_in(tables: Tables) -> set[tuple[str, str]]:
    return {(fault.code, fault.element) for fault in faults_of(**tables, norms=NORMS)}


def test_the_kit_holds_at_least_80_faults_of_15_kinds():
    assert len(KIT) >= 80
    assert len({code for code, _, _ in KIT}) >= 15


@pytest.mark.parametrize(
    ("code", "element", "spoil"), KIT, ids=[f"{code}-{element}-{i}" for i, (code, element, _) in enumerate(KIT)]
)
def test_a_seeded_fault_is_found_with_its_code_and_element(code, element, spoil):
    tables = clean_town()
    assert (code, element) not in found_in(tables)
    spoil(tables)
    assert (code, element) in found_in(tables)


@pytest.mark.parametrize(("branches", "manholes", "spacing_m"), [(1, 1, 50.0), (6, 8, 100.0), (40, 20, 30.0)])
def test_a_clean_network_raises_no_alarm(branches, manholes, spacing_m):
    tables = clean_town(branches, manholes, spacing_m=spacing_m)
    assert faults_of(**tables, norms=NORMS) == ()


def test_every_kind_of_finding_has_a_broken_example_in_the_kit():
    kinds = {key.removeprefix("fault.") for key in texts("en") if key.startswith("fault.")}
    assert kinds <= {code for code, _, _ in KIT}


@pytest.mark.parametrize(
    ("code", "element", "spoil"), KIT, ids=[f"{code}-{element}-{i}" for i, (code, element, _) in enumerate(KIT)]
)
def test_each_fault_is_told_in_one_sentence_that_names_its_element(code, element, spoil):
    tables = clean_town()
    spoil(tables)
    fault = next(f for f in faults_of(**tables, norms=NORMS) if (f.code, f.element) == (code, element))
    for lang in LANGS:
        sentence = fault.sentence(lang)
        assert element in sentence
        assert "{" not in sentence
        assert sentence.count("。" if lang == "zh" else ". ") <= 1
        assert "nan" not in sentence


def test_a_finding_does_not_stop_a_run():
    tables = clean_town()
    setting("links", "t2-t3", invert_to_m=6.0)(tables)
    net = make_network(**tables, norms=NORMS)
    assert ("slope_adverse", "t2-t3") in {(fault.code, fault.element) for fault in faults_in(net)}
    assert {fault.severity for fault in faults_in(net)} == {"finding"}
    head = headroom_of(assessed_of(net), Effluent(0.1, 1.2)).table.loc["t2"]
    assert head["binding"] == "t2-t3"
    assert np.isfinite(head["headroom_m3_d"])


def test_a_cycle_names_every_node_on_it():
    tables = clean_town()
    setting("links", p(0, 0), to_node="b0m2")(tables)
    fault = next(f for f in faults_of(**tables, norms=NORMS) if f.code == "sewer_cycle")
    assert fault.facts["nodes"] == "b0m0 ↔ b0m1 ↔ b0m2"
    assert fault.severity == "error"


def test_the_order_of_rows_does_not_matter():
    tables = clean_town()
    setting("links", "t2-t3", invert_to_m=6.0, diameter_mm=0.9)(tables)
    dropping("links", p(1, 3))(tables)
    turned = {name: table[::-1] for name, table in tables.items()}
    assert faults_of(**tables, norms=NORMS) == faults_of(**turned, norms=NORMS)


def test_tables_without_geometry_and_places_are_checked_for_all_the_rest():
    tables = clean_town()
    tables["links"] = pd.DataFrame(tables["links"].drop(columns="geometry"))
    tables["nodes"] = tables["nodes"].drop(columns=["x_m", "y_m"])
    assert faults_of(**tables, norms=NORMS) == ()
    setting("links", p(0, 2), invert_to_m=6.0)(tables)
    assert ("slope_adverse", p(0, 2)) in found_in(tables)


def test_nothing_at_all_is_no_fault():
    empty = pd.DataFrame()
    assert faults_of(empty, empty, empty, norms=NORMS) == ()
