"""Which zones of the plan each site lies in: core, park, zone, street stretch, wing, subdistrict.

Comes in: sites and the structure layers of the plan (一核一街两翼), where the place has them. Goes out: :class:`Zones`.
Must not know: projects, which zones anybody prefers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.base.digest import digest_all
from xingu_geo.ground.base.say import Bilingual, Lang, say
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.geo.shapes import Shapes, as_shapes, majority
from xingu_geo.ground.planning.sites import Sites

COLUMNS: Final = ("core", "park", "zone", "street", "wing", "subdistrict")
ROLES: Final = MappingProxyType(
    {
        "core": "core",
        "park": "core_parts",
        "zone": "core_parts",
        "street": "street",
        "wing": "wings",
        "subdistrict": "subdistricts",
    }
)
STREET_REACH_M: Final = 500.0
SHARE_MIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of every site.

    ``table`` is indexed by site_id with the columns :data:`COLUMNS`: the id of the feature the site lies in, ``""``
    where it lies in none or the place has no such layer. A site lies in a polygon that holds at least half of it, and
    on the stretch of the street that is nearest, within 500 m. ``names`` speaks every id that occurs; ``absent`` are
    the columns the place has no layer for.
    """

    table: pd.DataFrame
    names: Mapping[str, Bilingual]
    absent: tuple[str, ...]
    confidence: Confidence
    digest: str

    @property
    def parts(self) -> dict[str, Any]:
        """The same as frames and plain values, to be kept on disk; :meth:`of_parts` is the way back."""
        names = {zone: [name.zh, name.en] for zone, name in self.names.items()}
        plain = {"absent": list(self.absent), "confidence": self.confidence.value, "digest": self.digest}
        return {"table": self.table, "names": names, **plain}

    @classmethod
    def of_parts(cls, parts: Mapping[str, Any]) -> Zones:
        """What :attr:`parts` took apart."""
        names = {zone: Bilingual(*name) for zone, name in parts["names"].items()}
        absent, confidence = tuple(parts["absent"]), Confidence(parts["confidence"])
        return cls(parts["table"], MappingProxyType(names), absent, confidence, parts["digest"])

    def of(self, site_id: str) -> tuple[str, ...]:
        """The ids of the zones ``site_id`` lies in, from the core down."""
        return tuple(str(zone) for zone in self.table.loc[site_id] if zone)

    def spoken(self, site_id: str, lang: Lang) -> str:
        """The zones of ``site_id`` by name in one line, or that it lies outside all of them."""
        names = [self.names[zone].to(lang) for zone in self.of(site_id)]
        return say("zones.join", lang).join(names) if names else say("zones.outside", lang)


def zones_of(sites: Sites, catalogue: Catalogue, *, street_reach_m: float = STREET_REACH_M) -> Zones:
    """The zones of ``sites``; a layer the place lacks leaves its column empty and named in ``absent``."""
    shapes = as_shapes(sites.table.geometry)
    table = pd.DataFrame("", index=sites.table.index, columns=list(COLUMNS), dtype=object)
    names: dict[str, Bilingual] = {}
    absent: tuple[str, ...] = tuple(column for column in COLUMNS if ROLES[column] not in catalogue)
    for column in COLUMNS:
        if column in absent:
            continue
        features = _features(catalogue, column)
        ids = np.append(features.index.to_numpy(dtype=object), "")
        near = _nearest if column == "street" else _inside
        table[column] = ids[near(shapes, as_shapes(features.geometry), street_reach_m)]
        names |= _names(features)
    layers = sorted({role for column, role in ROLES.items() if column not in absent})
    passports = [catalogue.passport(role) for role in layers]
    return Zones(
        table=table,
        names=MappingProxyType(names),
        absent=absent,
        confidence=weakest(sites.confidence, *[passport.confidence for passport in passports]),
        digest=digest_all([sites.digest, *(catalogue.vector(role).digest for role in layers)]),
    )


def _features(catalogue: Catalogue, column: str) -> gpd.GeoDataFrame:
    features = catalogue.vector(ROLES[column]).placed.sort_index()
    if column not in ("park", "zone"):
        return features
    return features[features["kind"] == column] if "kind" in features else features.iloc[:0]


def _inside(shapes: Shapes, zones: Shapes, _reach_m: float) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return majority(shapes, zones, share_min=SHARE_MIN)


def _nearest(shapes: Shapes, lines: Shapes, reach_m: float) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    best = np.full(len(shapes), -1, dtype=np.intp)
    if len(lines):
        # Stretches meet at their ends; by the site's middle one of them is nearer, and a tie goes to the lower id.
        middle = shapely.centroid(shapes)
        of_site, of_line = shapely.STRtree(lines).query_nearest(middle, all_matches=True)
        order = np.lexsort((-of_line, of_site))
        best[of_site[order]] = of_line[order]
        near = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=reach_m)[0]
        best[~np.isin(np.arange(len(shapes)), near)] = -1
    return best


def _names(features: gpd.GeoDataFrame) -> dict[str, Bilingual]:
    if not {"name_zh", "name_en"} <= set(features.columns):
        return {str(zone): Bilingual(str(zone), str(zone)) for zone in features.index}
    return {
        str(zone): Bilingual(str(zh or zone), str(en or zone))
        for zone, zh, en in zip(features.index, features["name_zh"], features["name_en"], strict=True)
    }
