"""The base map: a folium map of whatever the catalogue holds, drawn offline, with every asset served from here.

Comes in: a catalogue. Goes out: a folium map, and its links and script for a page to host.
Must not know: scores, sessions, Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import shapely
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.utilities import JsCode
from shapely.geometry import box, mapping

from xingu_geo.doors.paper.basemap import GENERIC, STYLES, UNDRAWN, BaseMap, Style, is_shown
from xingu_geo.ground.base.digest import digest_value
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.inert import safe_text, without_mark
from xingu_geo.ground.base.say import Lang
from xingu_geo.ground.base.units import M2_PER_KM2
from xingu_geo.ground.catalogue.read import Catalogue, VectorLayer
from xingu_geo.ground.geo.crs import to_wgs84

LEAFLET: Final = {"leaflet": "leaflet.js", "leaflet_css": "leaflet.css"}
DEGREE_DIGITS: Final = 6
MAX_ZOOM: Final = 19
LABELS_ABOVE: Final = 470


def base_map(catalogue: Catalogue, *, lang: Lang) -> folium.Map:
    """The offline base map of a place: its layers as flat vectors with labels, no tiles, parcels left out.

    Every text of a layer passes :func:`~xingu_geo.ground.base.inert.safe_text`; geometry goes as bare numbers, without
    attributes. A role without a style of its own is drawn as a thin outline, so a user's extra layer is seen.

    Raises
    ------
    XinguError
        ``map_empty`` when no layer of the place has a location.
    """
    south, west, north, east = _bounds(catalogue)
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        control_scale=False,
        zoom_control=False,
        maxZoom=MAX_ZOOM,
        minZoom=8,
        zoom_snap=0.25,
        zoom_delta=0.5,
        attribution_control=False,
    )
    names = _Names((south, west, north, east))
    names.give(drawn, "map")
    for role in sorted(_vector_roles(catalogue), key=lambda role: (STYLES.get(role, GENERIC).order, role)):
        _draw(drawn, catalogue.vector(role), role, lang, names)
    return drawn


def rendered(drawn: folium.Map, catalogue: Catalogue, *, asset_url: str) -> BaseMap:
    """``drawn`` as links and script, every link rewritten to ``asset_url`` (a folder that serves Leaflet)."""
    rewrite_assets(drawn, asset_url=asset_url)
    figure = drawn.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a folium map hangs in a figure")
    figure.render()
    script = figure.script.render()
    south, west, north, east = _bounds(catalogue)
    return BaseMap(
        element_id=drawn.get_name(),
        js_links=tuple(url for _, url in drawn.default_js),
        css_links=tuple(url for _, url in drawn.default_css),
        script=script,
        south_west=(south, west),
        north_east=(north, east),
        digest=digest_value([script, asset_url])[:16],
    )


def rewrite_assets(drawn: folium.Map, *, asset_url: str) -> None:
    """Let every element of the map load only from ``asset_url``.

    Leaflet is kept, everything else folium would fetch (jQuery, Bootstrap, icon fonts) is dropped: nothing drawn here
    needs it. An element that does need more than Leaflet is refused rather than left to fetch from outside.
    """
    for element in walk(drawn):
        if isinstance(element, JSCSSMixin):
            if element is not drawn and (element.default_js or element.default_css):
                raise XinguError("map_asset_unknown", element=type(element).__name__)
            element.default_js = _own(element.default_js, asset_url)
            element.default_css = _own(element.default_css, asset_url)


def walk(element: Element) -> Iterator[Element]:
    """``element`` and everything below it."""
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca offers no public walk
        yield from walk(child)


def _own(links: list[tuple[str, str]], asset_url: str) -> list[tuple[str, str]]:
    return [(name, f"{asset_url}/{LEAFLET[name]}") for name, _ in links if name in LEAFLET]


class _Names:
    """Stable names in the order of drawing, so that the same layers give the same script; and the view they lie in."""

    def __init__(self, within: tuple[float, float, float, float]) -> None:
        self.count = 0
        self.within = within

    def give(self, element: Element, hint: str) -> None:
        self.count += 1
        element._id = f"xg_{hint}_{self.count}"  # noqa: SLF001 - branca draws random ids otherwise


def _vector_roles(catalogue: Catalogue) -> Iterator[str]:
    for role in catalogue:
        if role not in UNDRAWN and catalogue.passport(role).geometry not in ("table", "raster"):
            yield role


def _bounds(catalogue: Catalogue) -> tuple[float, float, float, float]:
    """South, west, north, east in degrees: of the sites, else of everything that is drawn."""
    roles = [role for role in ("parcels", "carriers", "core") if role in catalogue] or list(_vector_roles(catalogue))
    boxes = [to_wgs84(catalogue.vector(role).placed, name=role).total_bounds for role in roles]
    boxes = [box for box in boxes if not np.isnan(box).any()]
    if not boxes:
        raise XinguError("map_empty", folder=catalogue.folder)
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return float(south), float(west), float(north), float(east)


def _draw(drawn: folium.Map, layer: VectorLayer, role: str, lang: Lang, names: _Names) -> None:
    style = STYLES.get(role, GENERIC)
    placed = to_wgs84(layer.placed, name=layer.passport.path)
    if placed.empty:
        return
    pane = _pane(drawn, f"xg-{style.group}", style.order, names)
    for stroke in style.strokes:
        shown = placed[[is_shown(stroke, row) for _, row in placed.iterrows()]]
        if len(shown):
            _add_vectors(drawn, shown, dict(stroke.options), pane=pane, names=names)
    if style.label:
        label_pane = _pane(drawn, f"{pane}-labels", LABELS_ABOVE, names)
        areas_km2 = layer.placed.geometry.area / M2_PER_KM2
        _add_labels(drawn, placed.assign(area_km2=areas_km2), style, lang=lang, pane=label_pane, names=names)


def _pane(drawn: folium.Map, name: str, height: int, names: _Names) -> str:
    """The pane of that name, made on first use: what lies in one pane is switched on and off together."""
    if not any(getattr(child, "name", None) == name for child in drawn._children.values()):  # noqa: SLF001
        element = folium.map.CustomPane(name, z_index=height, pointer_events=False)
        names.give(element, "pane")
        drawn.add_child(element, name=element.get_name())
    return name


def _add_vectors(
    drawn: folium.Map, shown: gpd.GeoDataFrame, options: Mapping[str, object], *, pane: str, names: _Names
) -> None:
    look = {"interactive": False, **options}
    renderer = JsCode(f"L.svg({{pane: '{pane}', padding: 0.4}})")
    dot = None
    if set(shown.geom_type) & {"Point", "MultiPoint"}:
        dot = folium.CircleMarker()
        # Else Leaflet would draw the dots on a second canvas over the sites', which swallows their clicks.
        options_of_dot: dict[str, Any] = {**dot.options, "pane": pane, "renderer": renderer}
        dot.options = options_of_dot
    element = folium.GeoJson(
        _bare(shown),
        style_function=lambda _feature: look,
        smooth_factor=0.6,
        marker=dot,
        interactive=False,
        pane=pane,
        renderer=renderer,
    )
    names.give(element, "vectors")
    drawn.add_child(element, name=element.get_name())


def _bare(shown: gpd.GeoDataFrame) -> dict[str, Any]:
    """Geometry only, as features with a running number: no attribute ever reaches the map's script."""
    rounded = shapely.set_precision(shown.geometry.values, 10**-DEGREE_DIGITS)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": str(number), "properties": {}, "geometry": _geometry(shape)}
            for number, shape in enumerate(rounded)
        ],
    }


def _geometry(shape: shapely.Geometry) -> dict[str, Any]:
    plain = mapping(shape)  # type: ignore[arg-type]
    return {"type": plain["type"], "coordinates": _digits(plain["coordinates"])}


def _digits(coordinates: Any) -> Any:
    if isinstance(coordinates, (tuple, list)):
        return [_digits(part) for part in coordinates]
    return round(float(coordinates), DEGREE_DIGITS)


def _add_labels(
    drawn: folium.Map, placed: gpd.GeoDataFrame, style: Style, *, lang: Lang, pane: str, names: _Names
) -> None:
    column = f"name_{lang}"
    if column not in placed:
        return
    for place, text in zip(_label_places(placed, style, within=names.within), placed[column], strict=True):
        label = safe_text(without_mark(text))
        if not label:
            continue
        icon = folium.DivIcon(
            html=f'<span class="xg-label xg-label-{place.look}" lang="{lang}">{label}</span>',
            icon_size=(0, 0),
            class_name="xg-at",
        )
        marker = folium.Marker([place.lat, place.lon], icon=icon, interactive=False, keyboard=False, pane=pane)
        names.give(icon, "icon")
        names.give(marker, "label")
        drawn.add_child(marker, name=marker.get_name())


@dataclass(frozen=True, slots=True)
class _LabelPlace:
    lat: float
    lon: float
    look: str


def _label_places(
    placed: gpd.GeoDataFrame, style: Style, *, within: tuple[float, float, float, float]
) -> list[_LabelPlace]:
    """Where each label stands: in the widest part of an area that the map shows, or above its upper edge."""
    south, west, north, east = within
    shown = placed.geometry.intersection(box(west, south, east, north))
    shapes = shown.where(~shown.is_empty, placed.geometry)
    places = []
    for whole, shape, area_km2 in zip(placed.geometry, shapes, placed["area_km2"], strict=True):
        point = _widest(shape)
        lat = whole.bounds[3] if style.label_on_top else point.y
        lon = (whole.bounds[0] + whole.bounds[2]) / 2 if style.label_on_top else point.x
        small = "-small" if area_km2 < style.label_from_km2 else ""
        places.append(_LabelPlace(round(lat, DEGREE_DIGITS), round(lon, DEGREE_DIGITS), f"{style.label}{small}"))
    return places


def _widest(shape: shapely.Geometry) -> shapely.Point:
    """The middle of the largest circle inside an area; of anything else a point on it."""
    areas = [part for part in shapely.get_parts(np.asarray([shape])) if part.area > 0]
    if not areas:
        return shapely.Point(shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    largest = max(areas, key=lambda part: float(part.area))
    return shapely.Point(shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=1e-4))[0])
