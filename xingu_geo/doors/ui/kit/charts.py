"""The plots of the defence as Vega-Lite specifications: plain data, drawn by the browser's own copy, offline.

Comes in: which columns, titles in the reader's language. Goes out: specifications. Must not know: results, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

Spec = dict[str, Any]

DEEP: Final = "#253a86"
BLUE: Final = "#2a6fae"
PALE: Final = "#b9d3e6"
OCHRE: Final = "#c98a1b"
INK: Final = "#0f172a"
LOST: Final = "#b42318"
ROW: Final = 24
# A plot is fitted into its height with axis and legend, so these come on top of the rows.
_AXIS: Final = {
    "labelLimit": 220,
    "title": None,
    "ticks": False,
    "domain": False,
    "labelPadding": 6,
    "labelOverlap": False,
}


def acceptability_chart(sites: Sequence[str], places: int, titles: Mapping[str, str]) -> Spec:
    """Stacked bars: for each site, the share of draws in which it took each place; the first place is darkest.

    The data have ``site``, ``place`` and ``share``; ``titles`` names the three.
    """
    ramp = ["#253a86", "#2a6fae", "#369fbe", "#6cc3c0", "#b5dfbf", "#e9f4c8"]
    return {
        "height": ROW * len(sites) + 100,
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 0.6},
        "encoding": {
            "y": {"field": "site", "type": "nominal", "sort": list(sites), "axis": _AXIS},
            "x": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "axis": {"format": ".0%", "title": None, "tickCount": 5},
            },
            "color": {
                "field": "place",
                "type": "quantitative",
                "scale": {"domain": [1, max(2, places)], "range": ramp},
                "legend": {
                    "title": titles["place"],
                    "orient": "bottom",
                    "direction": "horizontal",
                    "gradientLength": 200,
                    "gradientThickness": 9,
                    "format": ".0f",
                },
            },
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": [
                {"field": "site", "title": titles["site"]},
                {"field": "place", "title": titles["place"]},
                {"field": "share", "title": titles["share"], "format": ".1%"},
            ],
        },
    }


def tornado_chart(criteria: Sequence[str], lead: float, titles: Mapping[str, str]) -> Spec:
    """Bars from today's lead to the lead with one weight turned down and up; left of 0 first place is lost.

    The data have ``criterion``, ``side``, ``lead``, ``now``, ``leader`` and ``weight``; ``titles`` names them and both
    sides (``down``, ``up``).
    """
    row = {"field": "criterion", "type": "nominal", "sort": list(criteria), "axis": _AXIS}
    sides = [titles["down"], titles["up"]]
    bars = {
        "mark": {"type": "bar", "height": 15},
        "encoding": {
            "y": row,
            "x": {"field": "now", "type": "quantitative", "axis": {"title": titles["lead"]}},
            "x2": {"field": "lead"},
            "color": {
                "field": "side",
                "type": "nominal",
                "scale": {"domain": sides, "range": [OCHRE, BLUE]},
                "legend": {"title": titles["side"], "orient": "bottom"},
            },
            "opacity": {"value": 0.9},
            "tooltip": [
                {"field": name, "title": titles[name], **({"format": form} if form else {})}
                for name, form in (
                    ("criterion", ""),
                    ("side", ""),
                    ("weight", ".1%"),
                    ("lead", "+.2f"),
                    ("leader", ""),
                )
            ],
        },
    }
    lost = {"mark": {"type": "rule", "color": LOST, "strokeWidth": 1.6}, "encoding": {"x": {"datum": 0}}}
    today = {
        "mark": {"type": "rule", "color": INK, "strokeDash": [3, 3]},
        "encoding": {"x": {"datum": round(lead, 4)}},
    }
    return {"height": ROW * len(criteria) + 115, "layer": [bars, lost, today]}


def switch_chart(criteria: Sequence[str], titles: Mapping[str, str]) -> Spec:
    """For each criterion the range of weights in which first place stays, and the weight now.

    The data have ``criterion``, ``weight``, ``low``, ``high``, ``rival_low`` and ``rival_high``; ``titles`` names them.
    """
    row = {"field": "criterion", "type": "nominal", "sort": list(criteria), "axis": _AXIS}
    tips = [
        {"field": name, "title": titles[name], **({"format": form} if form else {})}
        for name, form in (
            ("criterion", ""),
            ("weight", ".1%"),
            ("low", ".1%"),
            ("high", ".1%"),
            ("rival_low", ""),
            ("rival_high", ""),
        )
    ]
    across = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "title": None}}
    return {
        "height": ROW * len(criteria) + 45,
        "layer": [
            {
                "mark": {"type": "bar", "height": 13, "color": PALE, "cornerRadius": 2},
                "encoding": {"y": row, "x": {"field": "low", **across}, "x2": {"field": "high"}, "tooltip": tips},
            },
            {
                "mark": {"type": "tick", "color": DEEP, "thickness": 2.5, "height": 19},
                "encoding": {"y": row, "x": {"field": "weight", **across}, "tooltip": tips},
            },
        ],
    }
