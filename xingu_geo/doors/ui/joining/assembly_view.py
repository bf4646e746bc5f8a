"""Joined parcels on the page: the settings, the ranked list, the chosen assembly with its building, the files.

Comes in: assemblies, ranked. Goes out: parts of a page. Must not know: how parcels are joined or buildings placed.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from xingu_geo.doors.exchange.assembled_files import assembled_table
from xingu_geo.doors.exchange.geojson import geojson_text
from xingu_geo.doors.ui.joining import join_shelf
from xingu_geo.doors.ui.kit import cache, headline, looks, session
from xingu_geo.doors.ui.kit.exports import GEOJSON
from xingu_geo.doors.ui.kit.frame import progress
from xingu_geo.doors.ui.kit.looks import Classes
from xingu_geo.doors.ui.kit.map_view import TOP, SitePaint
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el
from xingu_geo.doors.ui.kit.notepad import bound, note, noted, taker
from xingu_geo.doors.ui.kit.payload import overlay_shapes
from xingu_geo.doors.ui.kit.view import is_illustrative, place_name
from xingu_geo.doors.ui.siting.site_card import site_card
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.figures import Figure, column_form, number, per_cent, rounded
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.ground.planning.projects import Brief
from xingu_geo.siting.land.footprint import NEAR_MISS
from xingu_geo.study.run.assembling import Assembled
from xingu_geo.study.run.spec import Study

OUTLINE: Final = {"color": "#c2410c", "weight": 3, "fill": False}
FITS: Final = {"color": "#0f172a", "weight": 1.6, "fill": True, "fillColor": "#fdf3dc", "fillOpacity": 0.9}
BORDERLINE: Final = {**FITS, "dashArray": "6 4", "fillOpacity": 0.55}
HEIGHT: Final = 560
TABLE: Final = "note.assemblies"
_SHOWN: Final = "assemblies_shown"


def settings(brief: Brief, lang: Lang) -> None:
    """How parcels may be joined, and which building is to be placed."""
    members, owners, gap, building, width, depth, setback = st.columns(
        [3, 3, 3, 3, 3, 3, 3], vertical_alignment="bottom"
    )
    members.selectbox(say("ui.join.members", lang), (2, 3, 4, 5), key=bound("members", 3), on_change=taker("members"))
    owners.selectbox(
        say("ui.join.owners", lang),
        (0, 1, 2, 3, 4),
        format_func=lambda count: str(count) if count else say("ui.join.owners_any", lang),
        key=bound("owners", 0),
        on_change=taker("owners"),
        help=say("ui.join.owners_help", lang),
    )
    _metres(gap, "gap", 0.0, lang, most=100.0, tip=say("ui.join.gap_help", lang))
    building.checkbox(
        say("ui.join.with_building", lang),
        key=bound("with_building", default=True),
        on_change=taker("with_building"),
    )
    usual = join_shelf.usual_size(brief)
    off = not noted("with_building", default=True)
    _metres(width, "width", usual[0], lang, least=1.0, off=off)
    _metres(depth, "depth", usual[1], lang, least=1.0, off=off)
    _metres(setback, "setback", 10.0, lang, most=200.0, off=off)
    if not off and join_shelf.is_example_size(brief):
        example = {side: Figure(size, "m", rule="whole") for side, size in zip(("width", "depth"), usual, strict=True)}
        st.html(el("div", say("ui.join.size_example", lang, **example), cls="xg-note"))


def searched(study: Study, lang: Lang) -> tuple[Assembled | None, str]:
    """What is at hand, or is found at once where that is quick; nothing else, and why where it was refused."""
    found = join_shelf.at_hand(study)
    if found is not None or not join_shelf.is_quick():
        return found, ""
    try:
        with progress(lang, needed=True) as tell:
            return join_shelf.joined(study, progress=tell), ""
    except XinguError as refusal:
        return None, refusal.sentence(lang)


def run_button(study: Study, lang: Lang) -> None:
    """The button of a place too large to be searched unasked; once pressed, the page is drawn with what was found."""
    if st.button(say("ui.join.run", lang), type="primary", key="note.run_join"):
        with progress(lang, needed=True) as tell:
            join_shelf.joined(study, progress=tell)
        st.rerun()


def title(assembled: Assembled | None, lang: Lang) -> Markup:
    """The line above the map: how many were found, how many are eligible, on how many the building fits."""
    words = say("ui.join.title", lang, place=place_name(cache.place().catalogue, lang))
    if assembled is None:
        return headline.title_line(words, [], is_example=False, lang=lang)
    ranked = assembled.result.ranking.table
    figures = [
        (say("ui.join.found", lang), number(len(assembled.assemblies.table)), ""),
        (say("ui.join.ranked", lang), number(len(ranked)), ""),
    ]
    if assembled.footprints is not None:
        fits = int((assembled.footprints["fit"].reindex(ranked.index) == "fits").sum())
        figures.append((say("ui.join.fits", lang), number(fits), f"/ {number(len(ranked))}"))
    example = is_illustrative(assembled.result.measured.confidence)
    return headline.title_line(words, figures, is_example=example, lang=lang)


def chosen_assembly(assembled: Assembled) -> str:
    """The assembly looked at: picked in the table, or the best with the parcel clicked on the map, else the first."""
    ranked = assembled.result.ranking.table.index.astype(str)
    if not len(ranked):
        return ""
    picked, parcel = str(noted("assembly", "")), session.selected()
    if parcel and parcel != noted("assembly_parcel", ""):
        note("assembly_parcel", parcel)
        picked = next((name for name in ranked if parcel in _members(assembled, name)), picked)
    if picked not in ranked:
        picked = str(ranked[0])
        _look_at(assembled, picked)
    note("assembly", picked)
    return picked


def ground_paint(assembled: Assembled, chosen: str, lang: Lang) -> tuple[SitePaint, Classes]:
    """Each parcel coloured by the best assembly it belongs to; the chosen one outlined with its building."""
    parcels = cache.sites().table.index
    best = best_of_parcels(assembled)
    classes = looks.site_classes(best["score"].reindex(parcels), best.index, {})
    table = assembled.result.sites.table
    overlay = overlay_shapes(table.loc[[chosen]], OUTLINE) if chosen else []
    if chosen and assembled.footprints is not None:
        placed = gpd.GeoDataFrame(assembled.footprints.loc[[chosen]])
        overlay += overlay_shapes(placed, FITS if placed["fit"].iloc[0] == "fits" else BORDERLINE)
    paint = SitePaint(
        codes=classes.codes,
        ranks=best["rank"].reindex(parcels),
        scores=best["score"].reindex(parcels),
        top=_marked(assembled),
        words={"unknown": say("ui.join.not_member", lang)},
        overlay=overlay,
    )
    return paint, classes


def best_of_parcels(assembled: Assembled) -> pd.DataFrame:
    """Rank and score of the best eligible assembly each parcel belongs to, by parcel."""
    ranked = assembled.result.ranking.table
    rows = [
        (member, float(row["rank"]), float(row["score"]))
        for name, row in ranked.iterrows()
        for member in _members(assembled, str(name))
    ]
    table = pd.DataFrame(rows, columns=["site", "rank", "score"]).drop_duplicates("site", keep="first")
    return table.set_index("site").astype(float)


def legend(assembled: Assembled, classes: Classes, chosen: str, lang: Lang) -> Markup:
    """The ramp, the outline, the building as it is drawn."""
    parts: list[Markup] = [el("b", say("ui.join.legend", lang)), headline.ramp_key(classes, lang)]
    if chosen:
        mark = el("i", cls="xg-swatch", style="background:#fff;border:2.5px solid #c2410c")
        parts.append(el("span", mark, say("ui.join.legend_outline", lang), cls="xg-key"))
        fit = _fit(assembled, chosen)
        if fit in ("fits", "borderline"):
            line = "solid" if fit == "fits" else "dashed"
            style = f"background:#fdf3dc;border:1.5px {line} #0f172a"
            key = "ui.join.legend_building" if fit == "fits" else "ui.join.legend_borderline"
            parts.append(el("span", el("i", cls="xg-swatch", style=style), say(key, lang), cls="xg-key"))
    return headline.legend_strip(*parts)


def assembly_table(assembled: Assembled, lang: Lang) -> pd.DataFrame:
    """One row for each eligible assembly, best first."""
    ranked = assembled.result.ranking.table
    joined = assembled.assemblies.table.loc[ranked.index]
    columns: dict[str, Any] = {
        "rank": ranked["rank"].astype(int),
        "name": ranked.index.astype(str),
        "score": rounded(ranked["score"], "points"),
        "area": rounded(joined["area_m2"] / M2_PER_HA, "hundredths"),
        "owners": joined["owners"].astype(int),
        "compactness": rounded(joined["compactness"], "hundredths"),
    }
    if assembled.assemblies.need.gap_m > 0:
        columns["crosses"] = joined["crosses_gap"].astype(bool)
    if assembled.footprints is not None:
        fits = assembled.footprints["fit"].reindex(ranked.index)
        columns["fit"] = [say(f"ui.join.fit_short.{fit}", lang) for fit in fits]
    return pd.DataFrame(columns, index=ranked.index)


def list_column(assembled: Assembled, chosen: str, lang: Lang) -> None:
    """The table; a selected row is shown on the map."""
    rows = assembly_table(assembled, lang)
    shown = [str(name) for name in rows.index]
    note(_SHOWN, shown)
    st.session_state[TABLE] = {"selection": {"rows": [shown.index(chosen)] if chosen in shown else []}}
    config = st.column_config
    titles = {name: say(f"ui.join.column.{name}", lang) for name in rows.columns}
    columns: dict[str, Any] = {name: config.Column(text) for name, text in titles.items()}
    columns["score"] = config.ProgressColumn(
        titles["score"], format=column_form("points"), min_value=0, max_value=100, width=92
    )
    for name, width in (("rank", 46), ("owners", 54 if lang == "zh" else 68)):
        columns[name] = config.NumberColumn(titles[name], width=width)
    for name, width in (("area", 56), ("compactness", 68 if lang == "zh" else 104)):
        columns[name] = config.NumberColumn(titles[name], format=column_form("hundredths"), width=width)
    columns["name"] = config.Column(titles["name"], width=212 if lang == "zh" else 190)
    st.dataframe(
        rows,
        key=TABLE,
        on_select=lambda: _take_row(assembled),
        selection_mode="single-row",
        hide_index=True,
        height=min(HEIGHT, 38 + 29 * max(1, len(rows))),
        row_height=29,
        column_config=columns,
        alt=say("ui.join.table_alt", lang),
    )


def card_column(assembled: Assembled, chosen: str, lang: Lang) -> None:
    """What the chosen assembly is made of, how the building stands on it, then the card of any site."""
    entry: Any = assembled.assemblies.table.loc[[chosen]].iloc[0]
    names = cache.names(cache.sites(), lang)
    facts = say(
        "ui.join.members_line",
        lang,
        members=say("ui.and", lang).join(names[member] for member in entry["members"]),
        area=number(entry["area_m2"] / M2_PER_HA, "hundredths"),
        owners=say(
            "ui.join.owners_unknown" if entry["owners_unknown"] else "ui.join.owners_known",
            lang,
            owners=entry["owners"],
            unknown=entry["owners_unknown"],
        ),
        compactness=Figure(entry["compactness"], "ratio"),
        perimeter=Figure(entry["perimeter_m"], "m"),
    )
    st.html(
        el(
            "div",
            el("div", facts, cls="xg-why"),
            el("div", say("ui.join.crosses", lang), cls="xg-warn") if entry["crosses_gap"] else NOTHING,
            _placed(assembled, chosen, lang),
            cls="xg-card",
        )
    )
    st.html(site_card(assembled.result, chosen, lang))


def downloads(assembled: Assembled, lang: Lang) -> None:
    """The assemblies, and the buildings where there are any, as GeoJSON."""
    frames = [("get_geojson", "assemblies.geojson", lambda: assembled_table(assembled))]
    footprints = assembled.footprints
    if footprints is not None:
        placed = footprints[footprints.geometry.notna()].rename_axis("site_id")
        frames.append(("get_footprints", "footprints.geojson", lambda: placed))
    for column, (name, file, frame) in zip(st.columns(len(frames)), frames, strict=True):
        column.download_button(
            say(f"ui.join.{name}", lang),
            data=lambda frame=frame: geojson_text(frame()).encode(),  # type: ignore[misc]
            file_name=file,
            mime=GEOJSON,
            key=f"note.{name}",
            on_click="ignore",
            width="stretch",
        )


def _placed(assembled: Assembled, chosen: str, lang: Lang) -> Markup:
    """The verdict on the building, and which way it stands."""
    if assembled.footprints is None:
        return NOTHING
    building = join_shelf.building_noted(assembled.result.brief)
    if building is None:
        return NOTHING
    row: Any = assembled.footprints.loc[[chosen]].iloc[0]
    verdict = say(f"ui.join.fit.{row['fit']}", lang, less=per_cent(1 - NEAR_MISS, "whole"))
    words = say(
        "ui.join.placed",
        lang,
        width=Figure(building.width_m, "m", rule="whole"),
        depth=Figure(building.depth_m, "m", rule="whole"),
        setback=Figure(building.setback_m, "m", rule="whole"),
        verdict=verdict,
    )
    if row["fit"] == "fits":
        words += say("ui.join.placed_at", lang, angle=number(row["angle_degree"], "whole"))
    look = "xg-why" if row["fit"] == "fits" else "xg-warn"
    return el("div", words, cls=look)


def _metres(
    place: Any, name: str, usual: float, lang: Lang, *, least: float = 0.0, most: float = 1_000.0, **more: Any
) -> None:
    place.number_input(
        say(f"ui.join.{name}", lang),
        min_value=least,
        max_value=most,
        step=5.0,
        format="%.0f",
        key=bound(name, usual),
        on_change=taker(name),
        disabled=more.get("off", False),
        help=more.get("tip"),
    )


def _marked(assembled: Assembled) -> list[str]:
    """The parcels that carry the number of one of the first assemblies: one each, whose best assembly it is."""
    ranked = assembled.result.ranking.table.head(TOP)
    best = best_of_parcels(assembled)["rank"]
    marked: list[str] = []
    for name, rank in ranked["rank"].items():
        own = [member for member in _members(assembled, str(name)) if best[member] == rank and member not in marked]
        marked += own[:1]
    return marked


def _members(assembled: Assembled, name: str) -> tuple[str, ...]:
    members: Any = assembled.assemblies.table.loc[name, "members"]
    return tuple(members)


def _fit(assembled: Assembled, name: str) -> str:
    return "" if assembled.footprints is None else str(assembled.footprints["fit"].loc[name])


def _take_row(assembled: Assembled) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    shown: list[str] = noted(_SHOWN, [])
    if rows and rows[0] < len(shown):
        note("assembly", shown[rows[0]])
        _look_at(assembled, shown[rows[0]])


def _look_at(assembled: Assembled, name: str) -> None:
    """Let the map move to the assembly."""
    parcel = _members(assembled, name)[0]
    note("assembly_parcel", parcel)
    session.select(parcel, follow=True)
