"""The one table behind every export: a row per site, a column per fact.

Comes in: a result. Goes out: a frame in the working CRS. Must not know: file formats.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from xingu_geo.doors.telling.result_words import why
from xingu_geo.ground.base.say import LANGS
from xingu_geo.study.run.defending import explanation_of
from xingu_geo.study.run.result import Result

LEADING: Final = (
    "kind",
    "name_zh",
    "name_en",
    "zone_zh",
    "zone_en",
    "rank",
    "is_tied",
    "score",
    "eligible",
    "reasons",
    "flags",
    "confidence",
    "headroom_m3_d",
    "tie_in",
    "binding_element",
    "headroom_to_come_m3_d",
    "headroom_to_come_phase",
    "land_use_code",
    "status",
    "area_m2",
    "floor_area_free_m2",
    "why_zh",
    "why_en",
)


def result_table(result: Result) -> gpd.GeoDataFrame:
    """Every site of ``result``: the ranked first in rank order, then the others by id.

    Index ``site_id``; the columns :data:`LEADING`, then for each criterion ``<id>_raw`` (in ``<id>_unit``; a word for
    a class), ``<id>_value`` in [0, 1] and ``<id>_points``, its contribution to the score. ``reasons`` and ``flags``
    are rule ids joined by ``;``; ``headroom_to_come_m3_d`` is the least of the later phases. What is unknown is
    missing, never 0.
    """
    ranked = result.ranking.table
    rest = result.sites.table.index.difference(ranked.index)
    order = ranked.index.append(rest)
    sites = result.sites.table.loc[order]
    table = pd.DataFrame(index=order)
    for name in ("kind", "name_zh", "name_en", "land_use_code", "status", "area_m2", "floor_area_free_m2"):
        table[name] = sites.get(name, "")
    table["rank"] = ranked["rank"].reindex(order).astype("Int64")
    table["is_tied"] = ranked["is_tied"].reindex(order).astype("boolean")
    table["score"] = result.scores.score.reindex(order).round(6)
    table["eligible"] = result.eligibility.eligible.reindex(order)
    table["reasons"] = [";".join(result.eligibility.reasons(site)) for site in order]
    table["flags"] = [";".join(result.eligibility.flags(site)) for site in order]
    table["confidence"] = result.measured.confidence.value
    explanations = [explanation_of(result, str(site)) for site in order]
    for lang in LANGS:
        table[f"zone_{lang}"] = [result.measured.zones.spoken(str(site), lang) for site in order]
        table[f"why_{lang}"] = [why(result, explanation, lang) for explanation in explanations]
    table = table.join(_sewer(result))[list(LEADING)].join(_criteria(result))
    framed = gpd.GeoDataFrame(table, geometry=sites.geometry, crs=sites.crs)
    framed.index.name = "site_id"
    return framed


def _sewer(result: Result) -> pd.DataFrame:
    names = {"headroom_m3_d": "headroom_m3_d", "tie_in": "tie_in", "binding": "binding_element"}
    if result.measured.site_headroom is None:
        empty = pd.DataFrame(index=result.sites.table.index)
        now = empty.assign(headroom_m3_d=float("nan"), tie_in="", binding_element="")
    else:
        now = result.measured.site_headroom.table[list(names)].rename(columns=names)
    outlook = result.measured.outlook
    if outlook is None:
        return now.assign(headroom_to_come_m3_d=float("nan"), headroom_to_come_phase="")
    return now.assign(headroom_to_come_m3_d=outlook.least_m3_d, headroom_to_come_phase=outlook.tightest)


def _criteria(result: Result) -> pd.DataFrame:
    columns: dict[str, object] = {}
    units = {criterion.id: criterion.unit for criterion in result.measured.criteria}
    words = result.matrix.words
    for name in result.matrix.raw.columns:
        columns[f"{name}_raw"] = words[name] if name in words else result.matrix.raw[name]
        columns[f"{name}_unit"] = units[str(name)]
        columns[f"{name}_value"] = result.matrix.value[name]
        if name in result.scores.contributions:
            columns[f"{name}_points"] = result.scores.contributions[name]
    return pd.DataFrame(columns, index=result.matrix.raw.index)
