"""Robustness and comparison in words, as documents, as columns.

Comes in: robustness, comparisons. Goes out: sentences, mappings, a table with two more columns.
Must not know: how anything was drawn.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import geopandas as gpd
import pandas as pd

from xingu_geo.base.say import Lang, say
from xingu_geo.outputs.sentences import criterion_titles
from xingu_geo.ranking.comparison import Comparison, comparison_sentence
from xingu_geo.ranking.robustness import Robustness
from xingu_geo.ranking.stability import stability_sentence
from xingu_geo.study.result import Result

SHOWN = 5


def with_robustness(table: gpd.GeoDataFrame, robustness: Robustness) -> gpd.GeoDataFrame:
    """``table`` with ``p_first`` and ``p_top`` of each site; missing where it never came among the first."""
    found = robustness.table.reindex(table.index)
    return table.assign(p_first=found["p_first"], p_top=found["p_top"])


def robustness_lines(result: Result, robustness: Robustness, lang: Lang) -> list[str]:
    """How firm first place is, who else may be first, and which weight decides."""
    lines = [stability_sentence(robustness.stability, lang)]
    rivals = robustness.table[robustness.table["p_first"] > 0].head(SHOWN)
    lines += [
        say("robust.chance", lang, site=site, first=row["p_first"], top=row["p_top"], places=robustness.sampling.top)
        for site, row in rivals.iterrows()
    ]
    titles = criterion_titles(result)
    for name, row in _tightest(robustness.switch).iterrows():
        low, high = float(row["low"]), float(row["high"])
        title = titles[str(name)].to(lang)
        lines.append(say("robust.switch", lang, criterion=title, weight=float(row["weight"]), low=low, high=high))
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
            agreement=comparison.agreement,
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
