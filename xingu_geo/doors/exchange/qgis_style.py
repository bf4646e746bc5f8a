"""How QGIS draws an exported layer by itself: rules by rank, score and eligibility, with labels.

Comes in: a frame. Goes out: the text of a QML style. Must not know: how a style is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as Tree

import geopandas as gpd
import pandas as pd

_GREENS: Final = ("237,248,233", "186,228,179", "116,196,118", "49,163,84", "0,109,44")
_GREY: Final = "190,190,190"
_BLUE: Final = "55,126,184"
_KIND: Final = {"polygon": ("fill", "SimpleFill"), "line": ("line", "SimpleLine"), "point": ("marker", "SimpleMarker")}


@dataclass(frozen=True, slots=True)
class _Rule:
    label: str
    filter: str
    colour: str


def qml_of(frame: gpd.GeoDataFrame) -> str:
    """A QGIS 3 style for ``frame``: green by fifths of the score's range, grey where excluded; else one symbol.

    A frame without a ``score`` gets one symbol. Features are labelled by ``name_zh`` if there is such a column.
    """
    kind = _kind_of(frame)
    rules = _score_rules(frame) if "score" in frame.columns else [_Rule("", "", _BLUE)]
    root = Tree.Element("qgis", version="3.22", styleCategories="Symbology|Labeling", labelsEnabled="1")
    renderer = Tree.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    tree = Tree.SubElement(renderer, "rules", key="root")
    symbols = Tree.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        attributes = {"symbol": str(number), "key": f"rule{number}", "label": rule.label}
        if rule.filter:
            attributes["filter"] = rule.filter
        Tree.SubElement(tree, "rule", attributes)
        symbols.append(_symbol(str(number), kind, rule.colour))
    if "name_zh" in frame.columns:
        root.append(_labels())
    body = Tree.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{body}"


def score_breaks(scores: pd.Series) -> list[float]:
    """Six bounds of five equal classes from the least to the greatest score; one class if they are all alike."""
    told = scores.dropna().astype(float)
    if told.empty:
        return []
    low, high = float(told.min()), float(told.max())
    return [low, high] if low == high else [low + (high - low) * part / 5 for part in range(6)]


def _score_rules(frame: gpd.GeoDataFrame) -> list[_Rule]:
    rules: list[_Rule] = []
    breaks = score_breaks(frame["score"])
    eligible = ' AND "eligible"' if "eligible" in frame.columns else ""
    for number, (low, high) in enumerate(pairwise(breaks)):
        is_last = number == len(breaks) - 2
        sign = "<=" if is_last else "<"
        # Bounds are written with all their digits: a score equal to a bound falls into exactly one class.
        where = f'"score" >= {low!r} AND "score" {sign} {high!r}{eligible}'
        colour = _GREENS[number if len(breaks) > 2 else -1]
        rules.append(_Rule(f"{low:.3g} – {high:.3g}", where, colour))
    rules.append(_Rule("不参与排名 · not ranked", "ELSE", _GREY))
    return rules


def _kind_of(frame: gpd.GeoDataFrame) -> str:
    kinds = frame.geometry.dropna().geom_type
    first = str(kinds.iloc[0]) if len(kinds) else "Polygon"
    return "polygon" if "Polygon" in first else "line" if "Line" in first else "point"


def _symbol(name: str, kind: str, colour: str) -> Tree.Element:
    family, layer_class = _KIND[kind]
    symbol = Tree.Element("symbol", name=name, type=family, alpha="0.8", clip_to_extent="1")
    layer = Tree.SubElement(symbol, "layer", {"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"})
    options: Sequence[tuple[str, str]]
    if kind == "line":
        options = (("line_color", f"{colour},255"), ("line_width", "0.6"), ("line_style", "solid"))
    else:
        options = (
            ("color", f"{colour},255"),
            ("outline_color", "80,80,80,255"),
            ("outline_width", "0.2"),
            ("style", "solid"),
        )
    wanted = Tree.SubElement(layer, "Option", type="Map")
    for key, value in options:
        Tree.SubElement(wanted, "Option", name=key, value=value, type="QString")
        Tree.SubElement(layer, "prop", k=key, v=value)  # QGIS before 3.20 reads these
    return symbol


def _labels() -> Tree.Element:
    labeling = Tree.Element("labeling", type="simple")
    settings = Tree.SubElement(labeling, "settings", calloutType="simple")
    style = Tree.SubElement(
        settings, "text-style", fieldName="name_zh", isExpression="0", fontSize="8", textColor="40,40,40,255"
    )
    Tree.SubElement(style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferColor="255,255,255,255")
    Tree.SubElement(settings, "placement", placement="1")
    return labeling
