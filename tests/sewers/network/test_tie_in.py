"""Where sites tie in, and what they may discharge there."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from kit.sewers import Forwards, link, network, plant, random_network, station
from shapely import box

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.tie_in import joinable, site_headroom
from xingu_geo.sewers.network.utilisation import path_of

FAB = Effluent(0.1, 1.2)


def sites_at(places, size=100.0):
    """Square sites named s0, s1, … with their lower left corner at each place."""
    shapes = [box(x, y, x + size, y + size) for x, y in places]
    table = gpd.GeoDataFrame(geometry=shapes, index=[f"s{i}" for i in range(len(shapes))], crs="EPSG:4549")
    return Sites(table, Confidence.ILLUSTRATIVE, 10.0, "sites")


def line_of_three():
    """a at (0, 0), b at (1000, 0), the plant at (2000, 0)."""
    nodes = [{"id": "a", "x_m": 0, "y_m": 0}, {"id": "b", "x_m": 1000, "y_m": 0}, plant("w", 1e5, x_m=2000, y_m=0)]
    return network(nodes, [link("a", "b"), link("b", "w")])


def tie_ins(net, places, **options):
    return site_headroom(sites_at(places), net, headroom_of(assessed_of(net), FAB), **options).table


def test_a_site_ties_in_at_the_nearest_node_measured_from_its_edge():
    # The square from (700, 50) to (800, 150): its corner (800, 50) is √(200² + 50²) = 206.155 m from b.
    row = tie_ins(line_of_three(), [(700, 50)]).loc["s0"]
    assert row["tie_in"] == "b"
    assert row["distance_m"] == pytest.approx(206.155, abs=1e-3)
    assert row["state"] == "sewered"
    assert row["headroom_m3_d"] == headroom_of(assessed_of(line_of_three()), FAB).table.loc["b", "headroom_m3_d"]


def test_a_node_on_the_site_is_no_distance_away():
    assert tie_ins(line_of_three(), [(-50, -50)]).loc["s0", "distance_m"] == 0


def test_of_nodes_equally_near_the_first_id_is_taken():
    # From 450 to 550 the square is 450 m from a and from b.
    for names in (("a", "b"), ("b", "a")):
        nodes = [{"id": names[0], "x_m": 0, "y_m": 0}, {"id": names[1], "x_m": 1000, "y_m": 0}, plant("w")]
        net = network(nodes, [link("a", "w"), link("b", "w")])
        assert tie_ins(net, [(450, 0)]).loc["s0", "tie_in"] == "a"


def test_a_site_out_of_reach_is_unsewered_neither_zero_nor_infinite():
    row = tie_ins(line_of_three(), [(0, 1501)]).loc["s0"]
    assert row["state"] == "unsewered"
    assert row["tie_in"] == ""
    assert row["binding"] == ""
    assert np.isnan(row["headroom_m3_d"])
    assert row["distance_m"] == pytest.approx(1501)


def test_exactly_at_reach_is_sewered_and_reach_is_the_callers_to_choose():
    assert tie_ins(line_of_three(), [(0, 1500)]).loc["s0", "state"] == "sewered"
    assert tie_ins(line_of_three(), [(0, 1500)], reach_m=1499.0).loc["s0", "state"] == "unsewered"


def test_outfalls_pressure_mains_dead_ends_and_unplaced_nodes_cannot_be_joined():
    nodes = [
        {"id": "in-main", "x_m": 0, "y_m": 0},
        station("pumps", 100, x_m=0, y_m=0),
        plant("works", x_m=0, y_m=0),
        {"id": "river", "kind": "outfall", "x_m": 0, "y_m": 0},
        {"id": "stub", "x_m": 0, "y_m": 0},
        {"id": "somewhere"},
    ]
    mains = [link("pumps", "in-main", kind="pressure"), link("in-main", "works", kind="pressure")]
    net = network(nodes, [*mains, link("works", "river"), link("somewhere", "pumps")])
    assert joinable(net)[lambda can: can].index.tolist() == ["pumps", "works"]


def test_a_place_without_any_joinable_node_leaves_every_site_unsewered():
    net = network(["a", plant("w")], [link("a", "w")])
    table = tie_ins(net, [(0, 0), (9, 9)])
    assert (table["state"] == "unsewered").all()
    assert table["distance_m"].isna().all()


def test_a_verdict_is_no_surer_than_its_weakest_layer_and_its_digest_covers_the_reach():
    net = line_of_three()
    head = headroom_of(assessed_of(net), FAB)
    one, two = (site_headroom(sites_at([(0, 0)]), net, head, reach_m=reach) for reach in (500.0, 600.0))
    assert one.confidence is Confidence.ILLUSTRATIVE
    assert one.digest != two.digest


@pytest.mark.parametrize("seed", range(3))
def test_exactly_the_headroom_fits_at_every_site_and_one_cubic_metre_a_day_more_does_not(seed):
    net = random_network(seed, 30, splits=0.3, load_m3_d=40.0)
    places = np.random.default_rng(seed).uniform(0, 5000, size=(40, 2))
    table = tie_ins(net, places)
    forwards = Forwards(net)
    checked = 0
    for row in table[(table["state"] == "sewered") & (table["headroom_m3_d"] >= 0)].to_dict("records"):
        way = set(path_of(net, row["tie_in"]))
        assert not forwards.over(row["tie_in"], row["headroom_m3_d"], 0.1, 1.2) & way
        assert row["binding"] in forwards.over(row["tie_in"], row["headroom_m3_d"] + 1, 0.1, 1.2)
        checked += 1
    assert checked


def test_the_order_of_sites_and_nodes_does_not_matter():
    net = random_network(2, 30)
    head = headroom_of(assessed_of(net), FAB)
    sites = sites_at(np.random.default_rng(2).uniform(0, 5000, size=(20, 2)))
    turned = Sites(sites.table[::-1], sites.confidence, sites.accuracy_m, sites.digest)
    one, two = site_headroom(sites, net, head).table, site_headroom(turned, net, head).table
    assert one.equals(two.sort_index().reindex(one.index))
