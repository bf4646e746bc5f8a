"""下沙 and 白杨: the street grid inferred from facts, continued by sketched streets on all sides.

Comes in: the facts. Goes out: the :class:`~layers.draw.areas.Area` of the west bank. Must not know: parcels, sewers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from shapely.geometry import LineString, Polygon

from layers.draw import facts
from layers.draw.areas import Area, Street
from layers.draw.facts import LonLat
from layers.draw.ground import largest, metres, path, smooth
from layers.draw.outline import ground

Sketch = tuple[str, str, str, Sequence[LonLat]]
MAJOR_NS = ("11号大街", "21号大街", "25号大街")
MAJOR_EW = ("06", "12", "18")


@cache
def xiasha_area() -> Area:
    """下沙 and 白杨: the inferred grid of the facts, continued by sketched streets on all sides."""
    outline = _xiasha_outline()
    streets = [*_known_ns(), *_known_ew(), *_sketched()]
    return Area("xiasha", outline, tuple(streets))


def _xiasha_outline() -> Polygon:
    west = ground().west.buffer(-140)
    urban = path([(120.2935, 30.29), (120.2945, 30.3420), (120.3200, 30.3470), (120.3450, 30.3490), (120.3640, 30.3470),
                  (120.3800, 30.3395), (120.4100, 30.3250), (120.4000, 30.2600), (120.3000, 30.2600)])  # fmt: skip
    return largest(west.intersection(Polygon(urban.coords)))


def _bend(lon: float) -> float:
    """How far an east-west street has sunk south at ``lon``: nothing east of 15号大街, a little west of it (sketch)."""
    west = max(0.0, 120.3533 - lon)
    return 0.0016 * (1 - math.exp(-west / 0.012))


def _known_ns() -> list[Street]:
    streets = []
    for name, lon, _ in facts.GRID_NS:
        knots: list[LonLat] = [(lon, 30.3140), (lon, 30.2868)]
        if name == "21号大街":
            knots = [(120.3664, 30.3138), *[(x, y) for _, _, x, y, _, _ in facts.CROSSINGS]]
        elif name == "23号大街":
            knots = [(120.37180, 30.3138), (120.37176, 30.30893), (120.3725, 30.3050), (120.3725, 30.2872)]
        english = f"No. {name.removesuffix('号大街')} Street"
        rank = "arterial" if name in ("11号大街", "21号大街", "25号大街") else "street"
        streets.append(Street(name, english, rank, "inferred", path(knots)))
    return streets


def _known_ew() -> list[Street]:
    streets = []
    for number, name, _, lat, _, _ in facts.CROSSINGS:
        east = [(lon, lat) for lon in (120.3440 + 0.00331 * k for k in range(11))]
        knots = [(lon, lat - _bend(lon)) for lon, lat in east]
        rank = "arterial" if number in ("06", "12", "18") else "street"
        streets.append(Street(name, f"No. {int(number)} Street", rank, "inferred", path(knots)))
    xuezheng = path([(120.3440, 30.3085), (120.37176, 30.30893), (120.3771, 30.3090)])
    streets.append(Street("学正街", "Xuezheng Street", "street", "inferred", xuezheng))
    seen = facts.SEEN_CROSSINGS
    second = path([(120.3440, seen[0][3]), seen[1][2:], (120.3771, 30.3135)])
    streets.append(Street("2号大街", "No. 2 Street", "arterial", "inferred", second))
    return streets


def _sketched() -> list[Street]:
    """Every sketched street, cut to the outline, and the ring around it."""
    inside = _xiasha_outline()
    streets = []
    for name, english, rank, knots in (*_extensions_ns(), *_extensions_ew(), *_further_ns(), *_further_ew()):
        shape = smooth([metres(*at) for at in knots], step_m=150).intersection(inside)
        if not shape.is_empty:
            streets.append(Street(f"{name}(示意)", f"{english} (illustrative)", rank, "illustrative", shape))
    ring = LineString(inside.exterior.coords)
    riverside = Street(
        "下沙沿江及外环路(示意)", "Xiasha riverside and ring (illustrative)", "arterial", "illustrative", ring
    )
    return [*streets, riverside]


def _extensions_ns() -> list[Sketch]:
    """The known north-south streets, on to the north (not all of them) and to the south."""
    found: list[Sketch] = []
    for name, lon, _ in facts.GRID_NS:
        rank, number = "arterial" if name in MAJOR_NS else "street", name.removesuffix("号大街")
        if number not in ("13", "17"):
            top = 30.31232 + (lon - 120.34388) * 0.0355
            north = [(lon, top), (lon + 0.0006, 30.325), (lon + 0.0016, 30.338), (lon + 0.001, 30.352)]
            found.append((f"{name}北延", f"No. {number} Street, north", rank, north))
        south = [(lon, 30.2872), (lon - 0.0004, 30.280), (lon - 0.0002, 30.272), (lon - 0.0002, 30.262)]
        found.append((f"{name}南延", f"No. {number} Street, south", rank, south))
    return found


def _extensions_ew() -> list[Sketch]:
    """The known east-west streets, on to the west (bending a little south) and to the river."""
    found: list[Sketch] = []
    for number, name, _, lat, _, _ in facts.CROSSINGS:
        rank, english = "arterial" if number in MAJOR_EW else "street", f"No. {int(number)} Street"
        west = [(lon, lat - _bend(lon)) for lon in (120.285, 120.300, 120.315, 120.330, 120.3440)]
        east = [(120.3771, lat), (120.3850, lat + 0.0006), (120.4000, lat + 0.0020)]
        found += [(f"{name}西延", f"{english}, west", rank, west), (f"{name}东延", f"{english}, east", rank, east)]
    xuezheng = [(120.285, 30.3070), (120.3110, 30.3075), (120.3440, 30.3085)]
    second = [(120.285, 30.3126), (120.3080, 30.31231), (120.3212, 30.3116), (120.3309, 30.31177), (120.3440, 30.31232)]
    to_river = [(120.3771, 30.3135), (120.3880, 30.3143), (120.4100, 30.3150)]
    return [
        *found,
        ("学正街西延", "Xuezheng Street, west", "street", xuezheng),
        ("2号大街西延", "No. 2 Street, west", "arterial", second),
        ("2号大街东延", "No. 2 Street, east", "arterial", to_river),
    ]


def _further_ns() -> list[Sketch]:
    """Streets west of 11号大街 at the known spacing, and three between 25号大街 and the river."""
    found: list[Sketch] = []
    for k, lon in enumerate((120.2995, 120.3062, 120.3128, 120.3202, 120.3250, 120.3298, 120.3345, 120.3393), start=1):
        knots = [
            (lon + 0.0015, 30.350),
            (lon + 0.0006, 30.330),
            (lon, 30.3120),
            (lon - 0.0002, 30.295),
            (lon + 0.001, 30.262),
        ]
        found.append((f"下沙西{k}路", f"Xiasha west street {k}", "arterial" if k in (4, 6) else "street", knots))
    for k, lon in enumerate((120.3822, 120.3872, 120.3925), start=1):
        knots = [(lon + 0.002, 30.330), (lon, 30.3135), (lon - 0.0005, 30.300), (lon - 0.0015, 30.283)]
        found.append((f"下沙东{k}路", f"Xiasha east street {k}", "street", knots))
    return found


def _further_ew() -> list[Sketch]:
    """22号大街 to 28号大街 at the known spacing, and five streets north of 2号大街."""
    found: list[Sketch] = []
    for number, lat in ((22, 30.2842), (24, 30.2810), (26, 30.2775), (28, 30.2735)):
        knots = [(lon, lat - _bend(lon) * 0.5) for lon in (120.300, 120.320, 120.3440, 120.360, 120.3771, 120.392)]
        found.append((f"{number}号大街", f"No. {number} Street", "arterial" if number == 24 else "street", knots))
    rows = ((30.3172, 0.0022), (30.3222, 0.0026), (30.3275, 0.0030), (30.3335, 0.0034), (30.3400, 0.0036))
    for k, (lat, tilt) in enumerate(rows, start=1):
        lons = (120.285, 120.310, 120.335, 120.360, 120.385, 120.410)
        knots = [(lon, lat + tilt * (lon - 120.285) / 0.1) for lon in lons]
        found.append((f"下沙北{k}路", f"Xiasha north street {k}", "arterial" if k in (2, 4) else "street", knots))
    return found
