"""How each layer of the base map looks: order, group to switch, strokes, labels. Data, no drawing.

Comes in: a role. Goes out: its :class:`Style`. Must not know: folium, geometry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

GROUND: Final = "#f3f4f1"


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pass of the pencil; ``only`` limits it to features whose column holds one of the values.

    ``is_fallback`` draws the features of a layer that has no such column.
    """

    options: Mapping[str, object]
    only: tuple[str, tuple[str, ...]] | None = None
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """A role's look.

    ``group`` is what a reader switches on and off; ``order`` its height; ``label`` its text class. An area smaller
    than ``label_from_km2`` gets the class ``<label>-small``, shown only when near. ``label_on_top`` puts the label at
    the area's upper edge, clear of what lies inside.
    """

    group: str
    order: int
    strokes: tuple[Stroke, ...]
    label: str = ""
    label_from_km2: float = 0.0
    label_on_top: bool = False


def _area(
    fill: str, *, line: str = "", weight: float = 0, opacity: float = 1.0, dash: str = ""
) -> Mapping[str, object]:
    look: dict[str, object] = {"fill": bool(fill), "fillColor": fill or "none", "fillOpacity": opacity}
    look |= {"stroke": bool(weight), "color": line or "none", "weight": weight}
    return MappingProxyType(look | ({"dashArray": dash} if dash else {}))


def _line(color: str, weight: float, *, dash: str = "", opacity: float = 1.0) -> Mapping[str, object]:
    look: dict[str, object] = {"color": color, "weight": weight, "opacity": opacity, "fill": False, "lineCap": "round"}
    return MappingProxyType(look | ({"dashArray": dash} if dash else {}))


def _dot(fill: str, radius: float, *, line: str = "#ffffff", weight: float = 1.5) -> Mapping[str, object]:
    return MappingProxyType(
        {"radius": radius, "fillColor": fill, "fillOpacity": 1, "color": line, "weight": weight, "fill": True}
    )


_ROADS: Final = (
    Stroke(_line("#d3d7db", 2.6), only=("class", ("street",)), is_fallback=True),
    Stroke(_line("#c8ccd1", 4.4), only=("class", ("arterial",))),
    Stroke(_line("#c3b48f", 5.4), only=("class", ("expressway",))),
    Stroke(_line("#ffffff", 1.5), only=("class", ("street",)), is_fallback=True),
    Stroke(_line("#ffffff", 2.8), only=("class", ("arterial",))),
    Stroke(_line("#fff3d1", 3.4), only=("class", ("expressway",))),
)

STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "district": Style("ground", 210, (Stroke(_area("#fbfbf9", line="#b9bec4", weight=1.6)),)),
        "subdistricts": Style(
            "ground", 211, (Stroke(_area("", line="#cfd3d8", weight=1, dash="4 4")),), label="subdistrict"
        ),
        "river": Style(
            "water", 220, (Stroke(_area("#cfe1ec", line="#b4cfdf", weight=0.8)),), label="river", label_from_km2=5
        ),
        "protected": Style(
            "protected",
            230,
            (
                Stroke(
                    _area("#e3efdc", line="#c5dcb8", weight=0.8),
                    only=("kind", ("farmland", "ecology")),
                    is_fallback=True,
                ),
                Stroke(_area("#d8e8f1", line="#b4cfdf", weight=0.8), only=("kind", ("water",))),
            ),
        ),
        "residential": Style("homes", 235, (Stroke(_area("#f3e3da", line="#e4cbbd", weight=0.8)),)),
        "wings": Style(
            "structure",
            240,
            (Stroke(_area("", line="#8b93b8", weight=1.4, dash="2 5")),),
            label="wing",
            label_on_top=True,
        ),
        "dikes": Style("water", 245, (Stroke(_line("#9fb7c6", 1.6)),)),
        "roads": Style("roads", 250, _ROADS),
        "core_parts": Style("core", 420, (Stroke(_area("", line="#b0134a", weight=1, dash="2 4")),), label="part"),
        "core": Style(
            "core", 421, (Stroke(_area("", line="#b0134a", weight=2.4, dash="8 5")),), label="core", label_on_top=True
        ),
        "street": Style(
            "street", 425, (Stroke(_line("#ffffff", 5.5)), Stroke(_line("#6d28d9", 3, dash="1 6"))), label="street"
        ),
        "metro": Style("metro", 450, (Stroke(_dot("#ffffff", 4, line="#c2410c", weight=2)),), label="metro"),
        "actors": Style("actors", 455, (Stroke(_dot("#0f172a", 3.2, weight=1.2)),), label="actor"),
    }
)
GENERIC: Final = Style("other", 260, (Stroke(_line("#9aa3ad", 1)),), label="other")
UNDRAWN: Final = frozenset({"parcels", "carriers", "sewer_nodes", "sewer_links", "sewer_loads", "street_crossings"})


def is_shown(stroke: Stroke, row: Mapping[str, Any]) -> bool:
    """Whether the stroke applies to a feature."""
    if stroke.only is None:
        return True
    column, values = stroke.only
    return str(row[column]) in values if column in row else stroke.is_fallback


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A rendered map: ``element_id`` of the box it fills, the links it loads, and the script that draws it.

    ``south_west`` and ``north_east`` are (latitude, longitude) in degrees; ``digest`` names the script's content.
    """

    element_id: str
    js_links: tuple[str, ...]
    css_links: tuple[str, ...]
    script: str
    south_west: tuple[float, float]
    north_east: tuple[float, float]
    digest: str
