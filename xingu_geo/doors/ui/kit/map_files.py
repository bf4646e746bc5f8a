"""What the browser fetches to draw a place: the base map, the shapes of sites and sewers; made once, kept on disk.

Comes in: a place, a network, a language. Goes out: :class:`BaseMap`, addresses. Must not know: scores, selections.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from xingu_geo.doors.paper.basemap import BaseMap
from xingu_geo.doors.ui.kit import assets, payload
from xingu_geo.doors.ui.kit.map_element import own_files
from xingu_geo.doors.ui.kit.sewer_view import element_names
from xingu_geo.doors.ui.kit.view import site_facts, site_names
from xingu_geo.ground.base.figures import Figure
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.places.place.place import Place
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.network import Network

# By what the kind of a node says: whether water is stored there, and whether it ends there.
NODE_RADIUS: Final = {(True, True): 8.0, (True, False): 5.5, (False, True): 4.0}


def map_files(place: Place, network: Network | None, lang: Lang) -> tuple[BaseMap, dict[str, str | None]]:
    """The base map and the addresses of all the browser fetches; made once, which for many sites takes seconds."""
    base, own = base_of(place, lang), own_files()
    opening = f'(window.xinguDraw = window.xinguDraw || {{}})["{base.digest}"] = function () {{\n'
    script = f"{opening}{base.script}\nreturn {base.element_id};\n}};\n"
    return base, {
        "module": assets.publish("map", own["module"], ending="js"),
        "style": assets.publish("map", own["style"], ending="css"),
        "draw": assets.publish("base", script.encode(), ending="js"),
        "sites": assets.publish("sites", _site_file(place, lang), ending="json"),
        "sewers": None
        if network is None
        else assets.publish("sewers", _sewer_file(place, network, lang), ending="json"),
    }


def base_of(place: Place, lang: Lang) -> BaseMap:
    """The base map of a place's layers, rendered."""
    url = assets.leaflet_url()

    def make() -> dict[str, Any]:
        # folium takes a third of a second to load, and only a map that is not kept needs it.
        from xingu_geo.doors.ui.kit.webmap import base_map, rendered  # noqa: PLC0415

        return asdict(rendered(base_map(place.catalogue, lang=lang), place.catalogue, asset_url=url))

    key = ("base map", str(place.catalogue.crs), place.catalogue.digests, lang, url)
    return BaseMap(**place.ground.kept(key, make))


def _site_file(place: Place, lang: Lang) -> bytes:
    table = place.sites.table

    def make() -> bytes:
        return payload.site_file(table, names=site_names(table, lang), facts=site_facts(table, lang))

    return place.ground.kept(("site file", str(place.catalogue.crs), place.sites.digest, lang), make)


def _sewer_file(place: Place, network: Network, lang: Lang) -> bytes:
    # A network's digest does not know where its pipes lie, those of the layers do.
    key = ("sewer file", place.sewer_digests, network.digest, lang)
    return place.ground.kept(key, lambda: payload.sewer_file(sewer_elements(network, lang)))


def sewer_elements(network: Network, lang: Lang) -> gpd.GeoDataFrame:
    """Links first (they lie below), then stations, plants and outfalls, with what the map needs of each."""
    links = gpd.GeoDataFrame(network.links)
    lines = gpd.GeoDataFrame(
        {
            "name": element_names(links, lang),
            "facts": [
                say(
                    "ui.map.link",
                    lang,
                    id=name,
                    diameter=Figure(row["diameter_mm"], "mm", rule="given"),
                    kind=KINDS[row["kind"]].title.to(lang),
                )
                for name, row in links.iterrows()
            ],
            "weight": (links["diameter_mm"].fillna(600) / 300).clip(1.8, 6.0).round(1),
            "radius": 0.0,
        },
        geometry=links.geometry,
        crs=links.crs,
    )
    nodes = gpd.GeoDataFrame(network.nodes[network.marks.stops])
    points = gpd.GeoDataFrame(
        {
            "name": element_names(nodes, lang),
            "facts": [f"{name} · {KINDS[kind].title.to(lang)}" for name, kind in nodes["kind"].items()],
            "weight": 0.0,
            "radius": nodes["kind"].map(lambda kind: NODE_RADIUS[KINDS[kind].stores, KINDS[kind].ends_way]),
        },
        geometry=nodes.geometry,
        crs=nodes.crs,
    )
    together = pd.concat([lines, points])
    return gpd.GeoDataFrame(together[together.geometry.notna()], crs=links.crs)
