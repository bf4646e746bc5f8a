"""A map for paper: the base map's roles in their styles within a window, and shapes brought out above them, as SVG.

Comes in: a catalogue, a window, marks. Goes out: SVG. Must not know: scores, projects, why a shape is brought out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from xingu_geo.doors.paper.basemap import STYLES, is_shown
from xingu_geo.ground.base.inert import safe_text
from xingu_geo.ground.catalogue.read import Catalogue

Look = Mapping[str, object]

_LEFT_OUT: Final = frozenset({"actors", "subdistricts"})
_SIMPLE_PX: Final = 0.4
_BAR_M: Final = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


@dataclass(frozen=True, slots=True)
class Window:
    """What is shown: a rectangle of ground [m in the working CRS] and how wide it is drawn [px]."""

    west: float
    south: float
    east: float
    north: float
    width_px: float

    @property
    def px_per_m(self) -> float:
        """The scale."""
        return self.width_px / (self.east - self.west)

    @property
    def height_px(self) -> float:
        """The height that goes with the width."""
        return (self.north - self.south) * self.px_per_m

    def clipped(self, shapes: Iterable[BaseGeometry | None]) -> list[BaseGeometry]:
        """What of ``shapes`` lies inside, as fine as can be seen."""
        array = np.asarray([shape for shape in shapes if shape is not None and not shape.is_empty], dtype=object)
        margin = 10 / self.px_per_m
        cut = shapely.clip_by_rect(
            array, self.west - margin, self.south - margin, self.east + margin, self.north + margin
        )
        cut = shapely.simplify(cut, _SIMPLE_PX / self.px_per_m)
        return [shape for shape in cut if not shape.is_empty]

    def placed(self, points: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
        """Ground to picture: x to the right, y down."""
        return [
            (round((p[0] - self.west) * self.px_per_m, 1), round((self.north - p[1]) * self.px_per_m, 1))
            for p in points
        ]


@dataclass(frozen=True, slots=True)
class Mark:
    """Shapes brought out above the base map; ``look`` is a style as of :mod:`xingu_geo.doors.paper.basemap`."""

    shapes: tuple[BaseGeometry | None, ...]
    look: Look
    label: str = ""


def window_about(shape: BaseGeometry, *, reach_m: float, width_px: float, height_px: float) -> Window:
    """A window with ``reach_m`` of ground to the left and right of the middle of ``shape``."""
    middle = shape.centroid
    half = reach_m * height_px / width_px
    return Window(middle.x - reach_m, middle.y - half, middle.x + reach_m, middle.y + half, width_px)


def map_picture(catalogue: Catalogue, window: Window, marks: Sequence[Mark], *, alt: str) -> str:
    """The map as one ``<svg>``; ``alt`` says in words what it shows."""
    size = f'width="{window.width_px:.0f}" height="{window.height_px:.0f}"'
    box = f'viewBox="0 0 {window.width_px:.0f} {window.height_px:.0f}"'
    parts = [*_ground(catalogue, window), *(_marked(mark, window) for mark in marks), _scale_bar(window)]
    labels = [_labelled(mark, window) for mark in marks if mark.label]
    title = f"<title>{safe_text(alt)}</title>"
    return f'<svg {size} {box} role="img" xmlns="http://www.w3.org/2000/svg">{title}{"".join(parts + labels)}</svg>'


def _ground(catalogue: Catalogue, window: Window) -> Iterable[str]:
    yield f'<rect width="{window.width_px:.0f}" height="{window.height_px:.0f}" fill="#f3f4f1"/>'
    roles = [role for role in STYLES if role in catalogue and role not in _LEFT_OUT]
    for role in sorted(roles, key=lambda role: STYLES[role].order):
        table = catalogue.vector(role).table
        for stroke in STYLES[role].strokes:
            rows = zip(table.geometry, table.drop(columns="geometry").to_dict("records"), strict=True)
            shown = [shape for shape, row in rows if is_shown(stroke, {str(name): row[name] for name in row})]
            yield _drawn(window.clipped(shown), stroke.options, window)


def _marked(mark: Mark, window: Window) -> str:
    return _drawn(window.clipped(mark.shapes), mark.look, window)


def _labelled(mark: Mark, window: Window) -> str:
    shapes = window.clipped(mark.shapes)
    if not shapes:
        return ""
    west, _, east, north = shapely.total_bounds(np.asarray(shapes, dtype=object))
    ((x, y),) = window.placed([((west + east) / 2, north)])
    style = 'font-size="13" font-weight="700" text-anchor="middle" fill="#0f172a" stroke="#fff" stroke-width="3.5"'
    return f'<text x="{x}" y="{y - 6:.1f}" {style} paint-order="stroke">{safe_text(mark.label)}</text>'


def _drawn(shapes: Sequence[BaseGeometry], look: Look, window: Window) -> str:
    radius = look.get("radius")
    if radius is not None:
        middles = window.placed((shape.centroid.x, shape.centroid.y) for shape in shapes)
        return "".join(f'<circle cx="{x}" cy="{y}" r="{radius}" {_paint(look)}/>' for x, y in middles)
    path = "".join(_path(shape, window) for shape in shapes)
    return f'<path d="{path}" {_paint(look)}/>' if path else ""


def _path(shape: BaseGeometry, window: Window) -> str:
    if isinstance(shape, Polygon):
        return "".join(_run(ring.coords, window) + "Z" for ring in (shape.exterior, *shape.interiors))
    if isinstance(shape, LineString):
        return _run(shape.coords, window)
    return "".join(_path(part, window) for part in getattr(shape, "geoms", ()))


def _run(points: Iterable[Sequence[float]], window: Window) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in window.placed(points))


def _paint(look: Look) -> str:
    is_filled = look.get("fill", False)
    paint = {
        "fill": look.get("fillColor", look.get("color")) if is_filled else "none",
        "fill-opacity": look.get("fillOpacity", 1) if is_filled else None,
        "fill-rule": "evenodd" if is_filled else None,
        "stroke": look.get("color") if look.get("stroke", True) and look.get("weight") else "none",
        "stroke-width": look.get("weight"),
        "stroke-dasharray": look.get("dashArray"),
        "stroke-linecap": look.get("lineCap"),
        "stroke-linejoin": "round",
    }
    return " ".join(f'{name}="{value}"' for name, value in paint.items() if value is not None)


def _scale_bar(window: Window) -> str:
    length_m = max((bar for bar in _BAR_M if bar * window.px_per_m <= window.width_px / 4), default=_BAR_M[0])
    length, x, y = length_m * window.px_per_m, 12, window.height_px - 12
    said = f"{length_m // 1000} km" if length_m >= 1000 else f"{length_m} m"
    line = f'<path d="M{x},{y - 5:.1f}V{y:.1f}H{x + length:.1f}V{y - 5:.1f}" fill="none" stroke="#475569"/>'
    return line + f'<text x="{x + length / 2:.1f}" y="{y - 4:.1f}" font-size="10" text-anchor="middle">{said}</text>'
