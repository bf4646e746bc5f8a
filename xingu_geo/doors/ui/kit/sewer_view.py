"""The sewer network for a reader: loads of elements, words of the bands, what drains to an element and who uses it.

Comes in: a network. Goes out: tables and words. Must not know: Streamlit's widgets, sites.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xingu_geo.doors.ui.kit import cache, looks
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.ground.base.figures import per_cent
from xingu_geo.ground.base.inert import without_mark
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.catalogue.role_sets import SEWERS
from xingu_geo.sewers.network.headroom import Effluent
from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.carrying import loads_of_elements


def utilisation(network: Network, effluent: Effluent | None) -> pd.DataFrame:
    """The load of every link, station and plant, kept for the network and the kind of water."""
    return cache.once(("used", network.digest, effluent), lambda: loads_of_elements(network, effluent))


def absent_note(place: Catalogue, lang: Lang) -> Markup:
    """Why there is no capacity to show, nothing where there is: no sewer layers, or which of them are missing."""
    if place.is_whole(SEWERS):
        return NOTHING
    said = [complaint.sentence(lang) for complaint in place.complaints] or [say("ui.no_sewers", lang)]
    return join(*(el("div", sentence, cls="xg-empty") for sentence in said))


def pipe_words(network: Network, lang: Lang) -> Mapping[str, str]:
    """The bands in words; where nearly full begins is the norms' figure."""
    nearly = per_cent(network.norms.nearly_full.value, "whole")
    return {state: say(f"ui.pipe.{state}", lang, nearly=nearly) for state in looks.PIPE_STATES}


def element_names(table: pd.DataFrame, lang: Lang) -> pd.Series[str]:
    """Each element's name in ``lang``, its id where it has none."""
    names = table[f"name_{lang}"].map(without_mark)
    return names.where(names.str.strip() != "", table.index.to_series().astype(str))


def upstream_of(network: Network, element: str) -> tuple[str, ...]:
    """Every element whose water passes ``element``, itself included; ids of nodes and links."""
    links = network.links
    start = str(links.loc[element, "from_node"]) if element in links.index else element
    reached, wave = {start}, {start}
    while wave:
        wave = set(links["from_node"][links["to_node"].isin(wave)]) - reached
        reached |= wave
    above = links.index[links["to_node"].isin(reached)]
    return tuple(dict.fromkeys([element, *sorted(reached), *above]))
