"""The map of a result: what the element is sent, and what a click on it means.

Comes in: a place, a result, the selection. Goes out: the element on the page. Must not know: how scores come about.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.paper.basemap import BaseMap
from xingu_geo.doors.ui.kit import cache, looks, payload, session
from xingu_geo.doors.ui.kit.frame import progress
from xingu_geo.doors.ui.kit.map_element import map_element
from xingu_geo.doors.ui.kit.map_files import map_files, sewer_elements
from xingu_geo.doors.ui.kit.session import Key
from xingu_geo.doors.ui.kit.sewer_view import pipe_words
from xingu_geo.ground.base.figures import per_cent
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.planning.sites import Sites
from xingu_geo.places.place.place import Place
from xingu_geo.sewers.network.network import Network

TOP: Final = 10
HEAD_START_S: Final = 0.04


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

    network: Network
    table: pd.DataFrame
    lit: Sequence[str] = ()
    labelled: Sequence[str] = ()
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Paint:
    """What a map shows of a place: its sites, its sewers where they are to be seen, the groups that are hidden."""

    sites: SitePaint
    pipes: PipePaint | None = None
    hidden: Sequence[str] = ()


def draw(place: Place, paint: Paint, *, lang: Lang, key: Key = Key.MAP) -> None:
    """The map on the page. A click on a site opens its card, a click on a sewer element looks at it."""
    # The container is always there, so that the map keeps its place on the page, and with it its view.
    network = paint.pipes.network if paint.pipes else None
    is_made = cache.is_made(_files_key(place, network, lang))
    with st.container(), progress(lang, needed=not is_made) as tell:
        tell("ui.stage_map")
        base, addresses = prepare(place, network, lang)
    run = _run(place.sites, paint, lang=lang)
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


def prepare(place: Place, network: Network | None, lang: Lang) -> tuple[BaseMap, dict[str, str | None]]:
    """The files of a map, made before it is drawn."""
    return cache.once(_files_key(place, network, lang), lambda: map_files(place, network, lang))


def _files_key(place: Place, network: Network | None, lang: Lang) -> tuple[str, ...]:
    return ("drawn", place.sites.digest, network.digest if network else "", lang)


def _let_it_draw(key: Key, run: Mapping[str, Any]) -> None:
    """Hold back the rest of the page for a moment when the sites have new colours.

    The browser takes up whatever has arrived in one go, and the rest of the page costs it several times the map.
    """
    painted = Key.PAINTED.of(key)
    colours = hash((run["codes"], run["scores"]))
    if st.session_state.get(painted) != colours:
        st.session_state[painted] = colours
        time.sleep(HEAD_START_S)


def _run(sites: Sites, paint: Paint, *, lang: Lang) -> dict[str, Any]:
    order, shown = sites.table.index, paint.sites
    words = {name: say(f"ui.out.{name}", lang) for name in looks.OUT_STATES.values()} | dict(shown.words)
    run: dict[str, Any] = payload.run_numbers(
        *(_in_order(values, order) for values in (shown.codes, shown.ranks, shown.scores))
    )
    run |= {
        "looks": looks.site_looks(words),
        "top": list(shown.top),
        "selected": session.selected(),
        "follow": session.follows(),
        "hidden": list(paint.hidden),
        "overlay": list(shown.overlay),
        "stamp": payload.stamp(run["codes"], run["scores"], session.selected()),
    }
    if paint.pipes is not None:
        run["pipes"] = _pipes(paint.pipes, lang)
    return run


def _in_order(values: pd.Series[Any], order: pd.Index[str]) -> pd.Series[Any]:
    """The values of all sites; looking each id up is the dear part of a run, so it is left out where it can be."""
    return values if values.index is order or values.index.equals(order) else values.reindex(order)


def _pipes(pipes: PipePaint, lang: Lang) -> Mapping[str, Any]:
    network = pipes.network
    drawn = cache.once(("elements", network.digest), lambda: list(sewer_elements(network, lang).index))
    table = pipes.table.reindex(drawn)
    shares = table["utilisation"]
    return {
        "codes": payload.encoded(looks.pipe_codes(table["state"]).tolist()),
        "looks": looks.pipe_looks(list(pipe_words(network, lang).values())),
        "labels": [per_cent(share) if share == share else "" for share in shares],  # noqa: PLR0124 - NaN
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
