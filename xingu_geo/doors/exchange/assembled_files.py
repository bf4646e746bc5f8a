"""Assemblies in words, as a document and as files.

Comes in: ranked assemblies. Goes out: sentences, a mapping, GeoJSON. Must not know: how parcels were joined.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd

from xingu_geo.doors.exchange.geojson import same_count, write_frame
from xingu_geo.doors.exchange.site_table import result_table
from xingu_geo.ground.base.atomic import Saving, write_set_atomically
from xingu_geo.ground.base.figures import Figure, number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.study.run.assembling import Assembled


def assembled_table(assembled: Assembled) -> gpd.GeoDataFrame:
    """The ranking's table with what each assembly is made of, and whether the building fits where one was asked for."""
    joined = assembled.assemblies.table
    facts = joined[["count", "perimeter_m", "compactness", "owners", "owners_unknown", "crosses_gap"]]
    named = facts.add_prefix("assembly_").rename_axis("site_id")
    table = result_table(assembled.result).join(named)
    if assembled.footprints is not None:
        table["footprint_fit"] = assembled.footprints["fit"]
    return table


def assembled_lines(assembled: Assembled, top: int, lang: Lang) -> list[str]:
    """How many were found and how exactly, then the first ``top`` places."""
    found, ranked = assembled.assemblies, assembled.result.ranking.table
    key = "assembly.found_exact" if found.is_exact else "assembly.found_searched"
    lines = [
        say(
            key,
            lang,
            found=len(found.table),
            scored=len(assembled.result.sites.table),
            eligible=len(ranked),
            area_m2=Figure(found.need.area_min_m2, "m2"),
        )
    ]
    for site, row in ranked.head(top).iterrows():
        facts = found.table.loc[[str(site)]].iloc[0].to_dict()
        line = say(
            "assembly.line",
            lang,
            rank=int(row["rank"]),
            site=site,
            score=number(row["score"], "points"),
            area_ha=number(facts["area_m2"] / M2_PER_HA, "hundredths"),
            owners=facts["owners"],
            compactness=Figure(facts["compactness"], "ratio"),
        )
        lines.append(line + _fit(assembled, str(site), lang))
    return lines


def assembled_document(assembled: Assembled, top: int) -> dict[str, Any]:
    """The same facts under stable keys."""
    table = assembled_table(assembled).drop(columns="geometry").head(top).astype(object)
    return {
        "found": len(assembled.assemblies.table),
        "is_exact": assembled.assemblies.is_exact,
        "confidence": assembled.result.measured.confidence.value,
        "assemblies": [{"site_id": site, **row.dropna().to_dict()} for site, row in table.iterrows()],
    }


def write_assembled(assembled: Assembled, folder: Path) -> tuple[Path, ...]:
    """``assemblies.geojson`` and, where a building was asked for, ``footprints.geojson``: all or none."""
    frames = {"assemblies.geojson": assembled_table(assembled)}
    if assembled.footprints is not None:
        placed = assembled.footprints[assembled.footprints.geometry.notna()]
        frames["footprints.geojson"] = placed.rename_axis("site_id")
    write_set_atomically([_saving(folder / name, frame) for name, frame in frames.items()])
    return tuple(folder / name for name in frames)


def _saving(path: Path, frame: gpd.GeoDataFrame) -> Saving:
    return Saving(path, lambda file: write_frame(frame, file), lambda file: same_count(frame, file))


def _fit(assembled: Assembled, site: str, lang: Lang) -> str:
    if assembled.footprints is None:
        return ""
    return say(f"assembly.fit_{assembled.footprints['fit'].loc[site]}", lang)
