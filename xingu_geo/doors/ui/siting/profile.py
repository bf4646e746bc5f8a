"""The long section of a sewer path: ground, pipes, and the water in them, from a tie-in to the outfall.

Comes in: a network, its water surface, a node. Goes out: a table and an SVG drawing. Must not know: sites, sessions.
"""

from __future__ import annotations

import base64
from typing import Final

import numpy as np
import pandas as pd

from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el
from xingu_geo.doors.ui.kit.sewer_view import element_names
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.inert import safe_text
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.sewers.network.backwater import Backwater
from xingu_geo.sewers.network.kinds import KINDS
from xingu_geo.sewers.network.network import Network
from xingu_geo.study.run.carrying import way_to_outfall

WIDTH: Final = 560
HEIGHT: Final = 230
LEFT: Final = 50
BOTTOM: Final = 30
TOP: Final = 16
LEVELS: Final = ("ground", "invert", "crown", "water")
STATES: Final = ("over", "backwater", "end_drowned")


def long_section(network: Network, surface: Backwater, node: str, lang: Lang) -> pd.DataFrame:
    """One row for each link from ``node`` to the outfall, in flow order, indexed by link id.

    Columns: ``name``, ``kind``, ``state`` (of the water surface), ``start_m`` and ``end_m`` along the way, and at the
    upper and lower end, in metres above datum: ``ground``, ``invert``, ``crown``, ``water`` (each ``_0`` and ``_1``;
    NaN where unknown, and water in a pressure main). Where flow splits, the first link of the way is followed.
    """
    way = [name for name in way_to_outfall(network, node) if name in network.links.index]
    followed, at = [], node
    for name in way:
        if network.links.loc[name, "from_node"] == at:
            followed.append(name)
            at = str(network.links.loc[name, "to_node"])
    links = network.links.loc[followed]
    ends = pd.DataFrame({"0": links["from_node"], "1": links["to_node"]})
    nodes, wet = network.nodes, surface.links.loc[followed]
    invert = {
        "0": links["invert_from_m"].fillna(nodes["invert_m"].reindex(ends["0"]).set_axis(links.index)),
        "1": links["invert_to_m"].fillna(nodes["invert_m"].reindex(ends["1"]).set_axis(links.index)),
    }
    depth = {"0": wet["upper_depth_m"], "1": wet["lower_depth_m"]}
    length = links["length_m"].fillna(0.0)
    table = pd.DataFrame({"name": element_names(links, lang), "kind": links["kind"], "state": wet["state"]})
    table["end_m"] = length.cumsum()
    table["start_m"] = table["end_m"] - length
    for end in ("0", "1"):
        table[f"ground_{end}"] = nodes["ground_m"].reindex(ends[end]).to_numpy()
        table[f"invert_{end}"] = invert[end]
        table[f"crown_{end}"] = invert[end] + links["diameter_mm"] / 1000
        table[f"water_{end}"] = invert[end] + depth[end]
    return table


def section_svg(table: pd.DataFrame, lang: Lang) -> Markup:
    """The drawing: ground, pipes (dashed where under pressure), water; red where a pipe runs too full."""
    heights = table[[f"{kind}_{end}" for kind in LEVELS for end in (0, 1)]].to_numpy(float)
    if table.empty or not np.isfinite(heights).any() or not table["end_m"].iloc[-1] > 0:
        return NOTHING
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    scale = _Scale(length=float(table["end_m"].iloc[-1]), low=low - 0.4, high=high + 0.6)
    parts = [*_axes(scale, lang), *_pipes(table, scale)]
    parts.append(_line(_points(table, "ground", scale), stroke="#8a6d3b", width=1.6))
    words = el("div", say("ui.section_key", lang), cls="xg-note")
    size = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": WIDTH, "height": HEIGHT}
    drawing = _tag("svg", *parts, xmlns="http://www.w3.org/2000/svg", font_family="sans-serif", **size)
    # As an image: the page's own sanitiser takes drawings out of HTML, and an image runs nothing.
    source = base64.b64encode(drawing.encode()).decode("ascii")
    alt = safe_text(say("ui.section_heading", lang))
    image = Markup(f'<img alt="{alt}" style="width:100%" src="data:image/svg+xml;base64,{source}">')
    return el("div", image, words, cls="xg-card")


class _Scale:
    """Metres to pixels."""

    def __init__(self, *, length: float, low: float, high: float) -> None:
        self.length, self.low, self.high = length, low, high

    def x(self, along_m: float) -> float:
        """Pixels from the left."""
        return LEFT + (WIDTH - LEFT - 12) * along_m / self.length

    def y(self, level_m: float) -> float:
        """Pixels from the top."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - level_m) / (self.high - self.low)


def _pipes(table: pd.DataFrame, scale: _Scale) -> list[Markup]:
    parts = []
    for name, row in table.iterrows():
        x = scale.x(float(row["start_m"])), scale.x(float(row["end_m"]))
        invert = [float(row["invert_0"]), float(row["invert_1"])]
        crown = [float(row["crown_0"]), float(row["crown_1"])]
        water = [min(float(row[f"water_{end}"]), crown[end]) for end in (0, 1)]
        title = _tag("title", f"{row['name']} ({name})")
        if not np.isfinite([*invert, *crown]).all():
            continue
        if not KINDS[row["kind"]].is_pressure:
            if np.isfinite(water).all():
                colour = "#d9534f" if row["state"] in STATES else "#5fa8d3"
                parts.append(_area(x, invert, water, scale, colour))
            parts.append(_area(x, invert, crown, scale, "none", title))
        else:
            ends = [(x[0], scale.y(invert[0])), (x[1], scale.y(invert[1]))]
            parts.append(_line(ends, stroke="#475569", width=1.6, dash="6 4"))
    return parts


def _axes(scale: _Scale, lang: Lang) -> list[Markup]:
    parts = []
    for level in np.unique(np.round(np.linspace(scale.low, scale.high, 5))):
        y = scale.y(float(level))
        if TOP <= y <= HEIGHT - BOTTOM:
            parts.append(_line([(LEFT, y), (WIDTH - 12, y)], stroke="#e2e8f0", width=1))
            parts.append(_text(LEFT - 6, y + 4, number(level + 0.0, "whole"), anchor="end"))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        along = scale.length * share
        anchor = "middle" if share < 1 else "end"
        parts.append(_text(scale.x(along), HEIGHT - 12, Figure(along / 1000, "km").spoken(lang), anchor=anchor))
    parts.append(_text(4, 11, say("ui.section_level", lang), anchor="start"))
    return parts


def _points(table: pd.DataFrame, name: str, scale: _Scale) -> list[tuple[float, float]]:
    along = [float(table["start_m"].iloc[0]), *table["end_m"]]
    level = [float(table[f"{name}_0"].iloc[0]), *table[f"{name}_1"]]
    return [(scale.x(x), scale.y(y)) for x, y in zip(along, level, strict=True) if np.isfinite(y)]


def _area(
    x: tuple[float, float], low: list[float], high: list[float], scale: _Scale, fill: str, *children: Markup
) -> Markup:
    corners = [(x[0], low[0]), (x[1], low[1]), (x[1], high[1]), (x[0], high[0])]
    points = " ".join(f"{px:.1f},{scale.y(level):.1f}" for px, level in corners)
    stroke = "#475569" if fill == "none" else "none"
    return _tag("polygon", *children, points=points, fill=fill, stroke=stroke)


def _line(points: list[tuple[float, float]], *, stroke: str, width: float, dash: str = "none") -> Markup:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return _tag("polyline", points=joined, fill="none", stroke=stroke, stroke_width=width, stroke_dasharray=dash)


def _text(x: float, y: float, text: str, *, anchor: str) -> Markup:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text_anchor": anchor}
    return _tag("text", text, **place, font_size="13", fill="#64748b")


def _tag(name: str, *children: object, **attributes: object) -> Markup:
    """An SVG element; the values of its attributes are figures and words of this module, its texts are escaped."""
    written = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    inside = el("g", *children).removeprefix("<g>").removesuffix("</g>")
    return Markup(f"<{name}{written}>{inside}</{name}>")
