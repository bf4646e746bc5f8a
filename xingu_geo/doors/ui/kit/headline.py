"""What stands above and below the map: title, chip, key figures; the legend that explains every colour.

Comes in: a result, classes. Goes out: HTML. Must not know: the map element, widgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from xingu_geo.doors.ui.kit import looks
from xingu_geo.doors.ui.kit.looks import Classes
from xingu_geo.doors.ui.kit.markup import NOTHING, Markup, el, join
from xingu_geo.doors.ui.kit.outlook_view import short_later
from xingu_geo.doors.ui.kit.view import is_illustrative, site_names
from xingu_geo.ground.base.figures import number, per_cent
from xingu_geo.ground.base.inert import without_mark
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.study.run.result import Result

_OWN: Final = "background:#eefaf1;border-color:#b7e0c2;color:#14532d"


def title_line(
    title: str, figures: Sequence[tuple[str, str, str]], *, is_example: bool, lang: Lang, own: str = ""
) -> Markup:
    """Title, the chips for illustrative data and for the reader's own layers, and figures as (name, figure, rest)."""
    chip = el("span", say("ui.chip", lang), cls="xg-chip", title=say("ui.chip_help", lang)) if is_example else NOTHING
    mine = el("span", own, cls="xg-chip", style=_OWN) if own else NOTHING
    boxes = [el("span", name, el("b", value), rest, cls="xg-figure") for name, value, rest in figures]
    return el("div", el("span", title, cls="xg-title"), chip, mine, el("div", *boxes, cls="xg-figures"), cls="xg-top")


def siting_figures(
    result: Result, codes: pd.Series[int], pipes: pd.DataFrame | None, lang: Lang
) -> list[tuple[str, str, str]]:
    """How many sites are left, how many are out and why, which is first, which trunk is tightest."""
    total, ranked = len(codes), len(result.ranking.table)
    figures = [
        (say("ui.fig_open", lang), number(ranked), say("ui.fig_of", lang, total=number(total))),
        (say("ui.fig_hard", lang), number(int((codes == looks.HARD).sum())), say("ui.fig_sites", lang)),
    ]
    if pipes is not None:
        figures.append((say("ui.fig_full", lang), number(int((codes == looks.FULL).sum())), say("ui.fig_sites", lang)))
    later = short_later(result)
    if later is not None and later.any():
        figures.append((say("ui.fig_later", lang), number(int(later.sum())), say("ui.fig_sites", lang)))
    if ranked:
        first = str(result.ranking.table.index[0])
        name = site_names(result.sites.table.loc[[first]], lang).iloc[0]
        score = float(result.ranking.table["score"].iloc[0])
        figures.append((say("ui.fig_first", lang), name, say("ui.fig_points", lang, score=number(score, "points"))))
    if pipes is not None and pipes["utilisation"].notna().any():
        tightest: Any = pipes.loc[str(pipes["utilisation"].idxmax())]
        figures.append(
            (say("ui.fig_tight", lang), without_mark(tightest[f"name_{lang}"]), per_cent(tightest["utilisation"]))
        )
    return figures


def ramp_key(classes: Classes, lang: Lang) -> Markup:
    """The colours of the scores from low to high, with the score between two of them."""
    steps: list[object] = [el("span", say("ui.legend_low", lang), cls="xg-break")]
    for place, colour in enumerate(looks.ramp_colours(classes.breaks)):
        if place:
            steps.append(el("span", number(classes.breaks[place - 1], "points"), cls="xg-break"))
        steps.append(el("i", cls="xg-swatch", style=f"background:{colour};width:26px"))
    steps.append(el("span", say("ui.legend_high", lang), cls="xg-break"))
    return el("span", *steps, cls="xg-key", style="gap:2px")


def site_legend(classes: Classes, present: set[int], lang: Lang) -> Markup:
    """The ramp with its breaks, then the kinds of no that the map shows."""
    parts: list[object] = [el("b", say("ui.legend_score", lang))]
    if present & set(range(len(looks.RAMP))):
        parts.append(ramp_key(classes, lang))
    else:
        parts.append(el("span", say("ui.legend_none_ranked", lang), cls="xg-key"))
    fills = {
        looks.HARD: "background:#dcdfe3",
        looks.FULL: "background:repeating-linear-gradient(135deg,#c98a1b 0 1.5px,#fbf3e2 1.5px 5px)",
        looks.UNKNOWN: "background:#fff",
    }
    for code, name in looks.OUT_STATES.items():
        if code in present:
            parts.append(_key(el("i", cls="xg-swatch", style=fills[code]), say(f"ui.out.{name}", lang)))
    return join(*parts)


def pipe_legend(present: Mapping[str, int], words: Mapping[str, str], lang: Lang) -> Markup:
    """The strokes of the sewers, for the states that occur."""
    parts: list[object] = [el("b", say("ui.legend_sewers", lang))]
    for code, state in enumerate(looks.PIPE_STATES):
        if present.get(state):
            dash = " xg-dotted" if state == "unknown" else " xg-dashed" if looks.PIPE_DASHES[code] else ""
            stroke = el("i", cls=f"xg-stroke{dash}", style=f"border-color:{looks.PIPE_COLOURS[code]}")
            parts.append(_key(stroke, words[state]))
    return join(*parts)


def base_legend(groups: Sequence[str], lang: Lang) -> Markup:
    """What the base map shows beside the sites: outlines of the plan, ground, stations, actors."""
    ring = "width:10px;height:10px;border-radius:50%;background:#fff;border:2px solid #c2410c"
    marks = {
        "core": el("i", cls="xg-stroke xg-dashed", style="border-color:#b0134a;border-top-width:2.5px"),
        "street": el("i", cls="xg-stroke xg-dotted", style="border-color:#6d28d9;border-top-width:3px"),
        "structure": el("i", cls="xg-stroke xg-dotted", style="border-color:#8b93b8;border-top-width:2px"),
        "metro": el("i", cls="xg-swatch", style=ring),
        "actors": el("i", cls="xg-swatch", style="width:8px;height:8px;border-radius:50%;background:#0f172a"),
        "water": el("i", cls="xg-swatch", style="background:#cfe1ec"),
        "homes": el("i", cls="xg-swatch", style="background:#f3e3da"),
        "protected": el("i", cls="xg-swatch", style="background:#e3efdc"),
    }
    return join(*(_key(mark, say(f"ui.layer.{group}", lang)) for group, mark in marks.items() if group in groups))


def legend_strip(*parts: Markup) -> Markup:
    """All of it in one strip."""
    return el("div", *parts, cls="xg-legend")


def confidence_note(result: Result, lang: Lang) -> str:
    """One line where a verdict rests on illustrative layers."""
    return say("ui.illustrative_note", lang) if is_illustrative(result.measured.confidence) else ""


def _key(mark: Markup, text: str) -> Markup:
    return el("span", mark, text, cls="xg-key")


def heading(key: str, lang: Lang, *, rest: str = "") -> Markup:
    """A small heading, with a quiet word at its right."""
    return el("div", say(key, lang), *([el("small", rest)] if rest else []), cls="xg-h")
