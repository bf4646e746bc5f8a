"""How a result looks to a reader: names, units, classes, in one language.

Comes in: a result. Goes out: texts, class codes, small tables. Must not know: Streamlit, the map element.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from xingu_geo.doors.ui.kit import looks
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.inert import without_mark
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.base.units import M2_PER_HA
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.siting.land.assemblies import JOIN
from xingu_geo.study.run.result import Result

PEERS: Final = 20


def place_name(catalogue: Catalogue, lang: Lang) -> str:
    """What the place is called: its core's or district's name, else the title of its parcels."""
    for role in ("core", "district"):
        if role in catalogue:
            table = catalogue.vector(role).table
            column = f"name_{lang}"
            if len(table) and column in table and table[column].iloc[0]:
                return without_mark(table[column].iloc[0])
    return catalogue.passport("parcels").title.to(lang) if "parcels" in catalogue else ""


def site_names(sites: pd.DataFrame, lang: Lang) -> pd.Series[str]:
    """Each site's name in ``lang``, its id where it has none."""
    named = sites[f"name_{lang}"].map(_without_marks)
    return named.where(named.str.strip() != "", sites.index.to_series().astype(str))


def _without_marks(name: object) -> str:
    # An assembly's name is its members' names, each with a mark of its own.
    return JOIN.join(without_mark(part) for part in ("" if name is None else str(name)).split(JOIN))


def site_facts(sites: pd.DataFrame, lang: Lang) -> pd.Series[str]:
    """One line for each site: its number, size, land use, status."""
    uses = {code: land_use(str(code), lang) for code in sites["land_use_code"].unique()}
    states = {name: status(str(name), lang) for name in sites["status"].unique()}
    lines = [
        say(
            "ui.site_facts",
            lang,
            id=site,
            area=number(area / M2_PER_HA, "ha"),
            use=uses[use],
            status=states[state],
        )
        for site, area, use, state in zip(
            sites.index, sites["area_m2"], sites["land_use_code"], sites["status"], strict=True
        )
    ]
    return pd.Series(lines, index=sites.index, dtype=object)


def land_use(code: str, lang: Lang) -> str:
    """The land use a code stands for (first the whole code, then its class), else the code itself."""
    known = texts(lang)
    for length in (len(code), 4, 2):
        key = f"ui.land_use.c{code[:length]}"
        if key in known:
            return known[key]
    return code or known["ui.unknown"]


def status(name: str, lang: Lang) -> str:
    """A site's status in words."""
    return texts(lang).get(f"ui.status.{name}", name or texts(lang)["ui.unknown"])


def out_codes(result: Result) -> pd.Series[int]:
    """The class each site has while it is not ranked: hard exclusion, trunk full and nothing else, or unknown.

    No weight changes it.
    """
    eligibility = result.eligibility
    on_headroom = {rule.id for rule in result.measured.rules if rule.kind == "capacity"}
    hard = [str(rule) for rule in eligibility.verdict.columns if eligibility.severity[str(rule)] == "exclude"]
    verdicts = eligibility.verdict[hard]
    others = verdicts[[rule for rule in hard if rule not in on_headroom]]
    on_trunk = verdicts[[rule for rule in hard if rule in on_headroom]]
    failed = others.isin((Verdict.FAIL,)).any(axis="columns")
    unknown = others.isin((Verdict.UNKNOWN,)).any(axis="columns") | on_trunk.isin((Verdict.UNKNOWN,)).any(
        axis="columns"
    )
    full = on_trunk.isin((Verdict.FAIL,)).any(axis="columns")
    codes = pd.Series(looks.UNKNOWN, index=verdicts.index)
    codes[full & ~unknown] = looks.FULL
    codes[failed] = looks.HARD
    return codes


def rule_counts(result: Result) -> pd.DataFrame:
    """For each excluding rule: how many sites it puts out, and how many it alone puts out."""
    eligibility = result.eligibility
    hard = [str(rule) for rule in eligibility.verdict.columns if eligibility.severity[str(rule)] == "exclude"]
    against = eligibility.verdict[hard].isin((Verdict.FAIL, Verdict.UNKNOWN))
    alone = against.sum(axis="columns") == 1
    return pd.DataFrame({"out": against.sum(), "alone": against[alone].sum()}).astype(int)


def is_illustrative(confidence: Confidence) -> bool:
    """Whether a verdict on it is for illustration only."""
    return confidence == Confidence.ILLUSTRATIVE


def cell(table: pd.DataFrame, row: str, column: str) -> float:
    """One number of a table."""
    found: Any = table.loc[row, column]
    return float(found)


def peer_medians(result: Result) -> Mapping[str, float]:
    """The median contribution, in points, of the best :data:`PEERS` sites to each criterion."""
    best = result.ranking.table.index[:PEERS]
    contributions = result.scores.contributions.reindex(best)
    return {str(name): float(value) for name, value in contributions.median().items()}
