"""Robustness and comparison in words, as documents, as columns.

Comes in: robustness, comparisons. Goes out: sentences, mappings, a table with two more columns.
Must not know: how anything was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from xingu_geo.doors.telling.result_words import criterion_titles
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.figures import SHARE, Figure, number
from xingu_geo.ground.base.say import Lang, Spoken, say
from xingu_geo.siting.doubt.robustness import Robustness
from xingu_geo.siting.doubt.stability import Stability
from xingu_geo.siting.ranking.comparison import Comparison
from xingu_geo.study.run.result import Result

SHOWN = 5


def with_robustness(table: gpd.GeoDataFrame, robustness: Robustness) -> gpd.GeoDataFrame:
    """``table`` with ``p_first`` and ``p_top`` of each site; missing where it never came among the first."""
    found = robustness.table.reindex(table.index)
    return table.assign(p_first=found["p_first"], p_top=found["p_top"])


def robustness_lines(result: Result, robustness: Robustness, lang: Lang) -> list[str]:
    """How firm first place is, who else may be first, and which weight decides."""
    lines = [stability_sentence(robustness.stability, lang)]
    places, rivals = robustness.sampling.top, robustness.table[robustness.table["p_first"] > 0].head(SHOWN)
    lines += [
        say("robust.chance", lang, site=site, first=number(first, SHARE), top=number(top, SHARE), places=places)
        for site, first, top in rivals[["p_first", "p_top"]].itertuples()
    ]
    titles = criterion_titles(result)
    for name, row in _tightest(robustness.switch).iterrows():
        shares = {key: number(row[key], "share") for key in ("weight", "low", "high")}
        lines.append(say("robust.switch", lang, criterion=titles[str(name)].to(lang), **shares))
    return lines


def robustness_document(robustness: Robustness) -> dict[str, Any]:
    """The same facts under stable keys."""
    return {
        "stability": asdict(robustness.stability),
        "sampling": asdict(robustness.sampling),
        "standard_error": robustness.standard_error,
        "to_move": robustness.to_move,
        "move_rival": robustness.move_rival,
        "sites": _records(robustness.table),
        "switch": _records(robustness.switch),
    }


def comparison_lines(result: Result, comparison: Comparison, top: int, lang: Lang) -> list[str]:
    """How alike the two orders are, then the greatest moves, each with what drove it."""
    titles = criterion_titles(result)
    moved = comparison.moved
    lines = [
        say(
            "robust.compared",
            lang,
            agreement=number(comparison.agreement, "ratio"),
            moved=len(moved),
            entered=len(comparison.entered),
            left=len(comparison.left),
        )
    ]
    return lines + [
        comparison_sentence(comparison, lang, site_id=str(site), criteria=titles) for site in moved.index[:top]
    ]


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """The same facts under stable keys."""
    return {
        "agreement": comparison.agreement,
        "entered": list(comparison.entered),
        "left": list(comparison.left),
        "weights": _records(comparison.weights),
        "sites": _records(comparison.table),
    }


def _tightest(switch: pd.DataFrame) -> pd.DataFrame:
    """The criteria whose weight has the least room to move, nearest first."""
    return switch[switch["room"].notna()].sort_values("room", kind="stable").head(SHOWN)


def _records(table: pd.DataFrame) -> dict[str, dict[str, object]]:
    plain = table.astype(object).where(table.notna(), None)
    return {str(name): {str(key): cell for key, cell in row.items()} for name, row in plain.iterrows()}


def comparison_sentence(
    comparison: Comparison, lang: Lang, *, site_id: str, criteria: Mapping[str, Spoken] | None = None
) -> str:
    """What happened to one site between the two standings, in one sentence; the same numbers in both languages.

    Raises
    ------
    XinguError
        ``site_unknown``.
    """
    if site_id not in comparison.table.index:
        raise XinguError("site_unknown", site=site_id)
    row: Any = comparison.table.loc[site_id]
    ranked = (str(row["state_before"]) == "ranked", str(row["state_after"]) == "ranked")
    facts = {"site": site_id, "before": _place(row["rank_before"]), "after": _place(row["rank_after"])}
    if ranked != (True, True):
        key = {(False, True): "entered", (True, False): "left", (False, False): "neither"}[ranked]
        return say(f"compare.{key}", lang, **facts)
    key = "same" if row["moved"] == 0 else ("up" if row["moved"] > 0 else "down")
    said = say(f"compare.{key}", lang, **facts, change=Figure(row["change"], "points").signed)
    driver = str(row.get("driver", ""))
    if driver:
        title = criteria[driver].to(lang) if criteria and driver in criteria else driver
        said += say("compare.driver", lang, criterion=title, points=Figure(row["driver_points"], "points").signed)
    return said + say("why.end", lang)


def stability_sentence(stability: Stability, lang: Lang, *, site: str | None = None) -> str:
    """How firm first place is, in one sentence with the number behind the word."""
    said = say(
        f"stability.{stability.grade}",
        lang,
        site=site or stability.leader,
        share=Figure(stability.p_first, "share", rule="whole"),
        low=number(stability.low, "share", "whole"),
        high=Figure(stability.high, "share", rule="whole"),
        draws=number(stability.draws),
    )
    return (
        said if stability.is_settled else said + say("stability.unsettled", lang, draws=number(stability.draws_needed))
    )


def move_sentence(to_move: float, rival: str, lang: Lang) -> str:
    """How much of all weight must change hands before first place does, and who draws level then."""
    if not rival:
        return say("stability.never", lang)
    return say("stability.move", lang, share=Figure(to_move, "share"), site=rival)


def _place(rank: object) -> str:
    number = float(rank)  # type: ignore[arg-type]
    return "–" if np.isnan(number) else f"{number:.0f}"
