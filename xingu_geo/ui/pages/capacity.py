"""环境容量: the sewers by load, what drains to an element, who uses it, what is over or nearly full.

Comes in: the place's sewers. Goes out: the capacity page. Must not know: any computation.
"""

from __future__ import annotations

import streamlit as st

from xingu_geo.base.say import say
from xingu_geo.planning.sites import sites_of
from xingu_geo.sewers.network import network_of
from xingu_geo.ui import cache, capacity_parts, session
from xingu_geo.ui.map_view import show_map
from xingu_geo.ui.markup import el
from xingu_geo.ui.parts import heading
from xingu_geo.ui.session import Key
from xingu_geo.ui.sewer_view import utilisation
from xingu_geo.ui.side import groups_of, hidden_of, layers_form
from xingu_geo.ui.view import is_illustrative, place_name


def page() -> None:
    """Map of loads, table of elements, the chosen element's upstream and users, the watch list."""
    lang, place = session.language(), cache.place()
    if "sewer_links" not in place:
        st.html(el("div", say("ui.cap_none", lang), cls="xg-empty"))
        return
    network = cache.once("network", lambda: network_of(place))
    sites = cache.once("sites", lambda: sites_of(place))
    table = utilisation(network, None)
    element = session.element()
    with st.sidebar:
        st.html(heading("ui.layers_heading", lang))
        layers_form(groups_of(list(place)), lang)
    hidden = hidden_of(groups_of(list(place)))
    title = say("ui.cap_title", lang, place=place_name(place, lang))
    example = is_illustrative(network.confidence)
    st.html(capacity_parts.capacity_title(title, table, is_example=example, lang=lang))
    paint = capacity_parts.pipe_paint(network, table, element)
    ground = capacity_parts.plain_sites(sites.table.index)
    show_map(sites, network, ground, paint, hidden=hidden, lang=lang, key=Key.CAPACITY_MAP)
    st.html(capacity_parts.pipe_legend(network, table, lang))
    left, middle, right = st.columns([10, 8, 7], gap="medium")
    with left:
        capacity_parts.elements_table(table, lang)
    with middle:
        st.html(capacity_parts.element_card(network, table, element, lang))
        if element in table.index:
            capacity_parts.users_table(network, element, lang)
    with right:
        st.html(heading("ui.cap_board", lang, rest=say("ui.cap_board_key", lang)))
        st.html(capacity_parts.watch_list(table, lang))
