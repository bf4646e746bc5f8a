"""The map of a result: what the element is sent, and what a click on it means.

Comes in: a place, a result, the selection. Goes out: the element on the page. Must not know: how scores come about.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from xingu_geo.doors.ui.kit import assets, cache, looks, payload, session
from xingu_geo.doors.ui.kit.frame import progress
from xingu_geo.doors.ui.kit.map_element import map_element, own_files
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.kit.sewer_view import element_names, pipe_words
from xingu_geo.doors.ui.kit.view import figure, site_facts, site_names
from xingu_geo.doors.ui.kit.webmap import BaseMap, base_map, rendered
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.sewers.network.network import Network

TOP: Final = 10
HEAD_START_S: Final = 0.04
NODE_RADIUS: Final = {"plant": 8.0, "station": 5.5, "outfall": 4.0}


@dataclass(frozen=True, slots=True)
class SitePaint:
    """What the sites look like: class code, rank and score of each (NaN where not ranked), the first ones, in words.

    ``words`` replaces what is said of a class that is out; ``overlay`` are shapes laid over the sites
    (:func:`xingu_geo.doors.ui.kit.payload.overlay_shapes`).
    """

    codes: pd.Series[int]
    ranks: pd.Series[float]
    scores: pd.Series[float]
    top: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    overlay: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PipePaint:
    """What the sewers look like: loads, elements that stand out (and that the map may move to), those with a label."""

    table: pd.DataFrame
    lit: Sequence[str] = ()
    labelled: Sequence[str] = ()
    follow: bool = False


def show_map(
    sites: Sites,
    network: Network | None,
    paint: SitePaint,
    pipes: PipePaint | None,
    *,
    hidden: Sequence[str],
    lang: Lang,
    key: Key = Key.MAP,
) -> None:
    """The map on the page. A click on a site opens its card, a click on a sewer element looks at it."""
    # The container is always there, so that the map keeps its place on the page, and with it its view.
    with st.container(), progress(lang, needed=not cache.is_made(("sites", sites.digest, lang))) as tell:
        tell("ui.stage_map")
        base, addresses = map_files(sites, network, lang)
    run = _run(sites, network, paint, pipes, hidden=hidden, lang=lang)
    data = {
        "key": f"{base.digest}.{addresses['sites']}.{lang}",
        "place": "|".join(map(str, (key, *base.south_west))),
        "element": base.element_id,
        "name": base.digest,
        "css": [*base.css_links, str(addresses["style"])],
        "js": list(base.js_links),
        "bounds": [base.south_west, base.north_east],
        "words": {name: say(f"ui.map.{name}", lang) for name in ("failed", "zoom_in", "zoom_out", "label")}
        | {"ranked": say("ui.map.ranked", lang, rank="{rank}", score="{score}")},
        **addresses,
        "run": run,
    }
    map_element(data, key=key, on_pick=lambda: _picked(key))
    _let_it_draw(key, run)


def _let_it_draw(key: Key, run: Mapping[str, Any]) -> None:
    """Hold back the rest of the page for a moment when the sites have new colours.

    The browser takes up whatever has arrived in one go, and the rest of the page costs it several times the map.
    """
    painted = Key.PAINTED.of(key)
    colours = hash((run["codes"], run["scores"]))
    if st.session_state.get(painted) != colours:
        st.session_state[painted] = colours
        time.sleep(HEAD_START_S)


def map_files(sites: Sites, network: Network | None, lang: Lang) -> tuple[BaseMap, dict[str, str | None]]:
    """The base map and the addresses of all the browser fetches; made once, which for many sites takes seconds."""
    catalogue = cache.place().catalogue
    url = assets.leaflet_url()
    base = cache.once(("base", lang, url), lambda: rendered(base_map(catalogue, lang=lang), catalogue, asset_url=url))
    opening = f'(window.xinguDraw = window.xinguDraw || {{}})["{base.digest}"] = function () {{\n'
    script = f"{opening}{base.script}\nreturn {base.element_id};\n}};\n"
    table = sites.table

    def site_address() -> str:
        content = payload.site_file(table, names=site_names(table, lang), facts=site_facts(table, lang))
        return assets.publish("sites", content, ending="json")

    own = own_files()
    return base, {
        "module": assets.publish("map", own["module"], ending="js"),
        "style": assets.publish("map", own["style"], ending="css"),
        "draw": cache.once(("draw", lang, url), lambda: assets.publish("base", script.encode(), ending="js")),
        "sites": cache.once(("sites", sites.digest, lang), site_address),
        "sewers": None
        if network is None
        else cache.once(
            ("sewers", network.digest, lang),
            lambda: assets.publish("sewers", payload.sewer_file(sewer_elements(network, lang)), ending="json"),
        ),
    }


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
                    diameter=figure(row["diameter_mm"], "mm"),
                    kind=say(f"ui.kind.{row['kind']}", lang),
                )
                for name, row in links.iterrows()
            ],
            "weight": (links["diameter_mm"].fillna(600) / 300).clip(1.8, 6.0).round(1),
            "radius": 0.0,
        },
        geometry=links.geometry,
        crs=links.crs,
    )
    nodes = gpd.GeoDataFrame(network.nodes[network.nodes["kind"].isin(tuple(NODE_RADIUS))])
    points = gpd.GeoDataFrame(
        {
            "name": element_names(nodes, lang),
            "facts": [f"{name} · {say(f'ui.kind.{kind}', lang)}" for name, kind in nodes["kind"].items()],
            "weight": 0.0,
            "radius": nodes["kind"].map(NODE_RADIUS),
        },
        geometry=nodes.geometry,
        crs=nodes.crs,
    )
    together = pd.concat([lines, points])
    return gpd.GeoDataFrame(together[together.geometry.notna()], crs=links.crs)


def _run(
    sites: Sites,
    network: Network | None,
    paint: SitePaint,
    pipes: PipePaint | None,
    *,
    hidden: Sequence[str],
    lang: Lang,
) -> dict[str, Any]:
    order = sites.table.index
    words = {name: say(f"ui.out.{name}", lang) for name in looks.OUT_STATES.values()} | dict(paint.words)
    run: dict[str, Any] = payload.run_numbers(
        *(_in_order(values, order) for values in (paint.codes, paint.ranks, paint.scores))
    )
    run |= {
        "looks": looks.site_looks(words),
        "top": list(paint.top),
        "selected": session.selected(),
        "follow": session.follows(),
        "hidden": list(hidden),
        "overlay": list(paint.overlay),
        "stamp": payload.stamp(run["codes"], run["scores"], session.selected()),
    }
    if network is not None and pipes is not None:
        run["pipes"] = _pipes(network, pipes, lang)
    return run


def _in_order(values: pd.Series[Any], order: pd.Index[str]) -> pd.Series[Any]:
    """The values of all sites; looking each id up is the dear part of a run, so it is left out where it can be."""
    return values if values.index is order or values.index.equals(order) else values.reindex(order)


def _pipes(network: Network, pipes: PipePaint, lang: Lang) -> Mapping[str, Any]:
    drawn = cache.once(("elements", network.digest), lambda: list(sewer_elements(network, lang).index))
    table = pipes.table.reindex(drawn)
    shares = table["utilisation"]
    return {
        "codes": payload.encoded(looks.pipe_codes(table["state"]).tolist()),
        "looks": looks.pipe_looks(list(pipe_words(network, lang).values())),
        "labels": ["" if share != share else f"{share:.0%}" for share in shares],  # noqa: PLR0124 - NaN
        "shown": [name for name in pipes.labelled if name in table.index],
        "lit": list(pipes.lit),
        "follow": pipes.follow and session.follows(),
    }


def _picked(key: Key) -> None:
    picked = st.session_state[key].picked
    if not isinstance(picked, Mapping):
        return
    if picked.get("kind") == "site":
        session.select(str(picked.get("id")), follow=False)
    elif picked.get("kind") == "element":
        session.look_at(str(picked.get("id")), follow=False)
