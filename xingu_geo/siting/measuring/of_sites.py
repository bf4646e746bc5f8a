"""Measures of a site by itself, or held against what the project needs.

Comes in: a context. Goes out: one figure or word for each site. Must not know: other layers.
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.specs import Spec
from xingu_geo.ground.geo.shapes import compactness
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.verb import Absent, Answer, Ask

LAND_USE_GROUP_DIGITS: Final = 4  # 100102 and 100103 are both 1001, industry


class NumberOptions(Spec):
    """Which number of the site."""

    column: Literal["area_m2", "floor_area_m2", "floor_area_free_m2", "plot_ratio_max", "height_max_m"]


class ClassOptions(Spec):
    """Which word of the site."""

    column: Literal["kind", "status", "land_use_code", "owner"]


class RatioOptions(NumberOptions):
    """Which number of the site, over which figure of the brief."""

    need: str


class FlagOptions(Spec):
    """Which flag of the project type."""

    flag: Literal["arsenic", "toxic_air", "fluoride", "plating"]


def site_number(context: Context, ask: Ask) -> Answer:
    """A number the site carries, such as its area."""
    return Answer(context.sites.table[ask.options.column].astype(float), context.sites.confidence)


def site_class(context: Context, ask: Ask) -> Answer:
    """A word the site carries, such as its status."""
    return Answer(context.sites.table[ask.options.column].astype(object), context.sites.confidence)


def site_compactness(context: Context, _ask: Ask) -> Answer:
    """4πA/P²: 1 for a disc, 0.785 for a square."""
    found = compactness(context.shapes)
    return Answer(pd.Series(found, index=context.sites.table.index), context.sites.confidence)


def ratio_to_need(context: Context, ask: Ask) -> Answer | Absent:
    """A number of the site over what the project needs: 1 is just enough."""
    need = context.brief.need(ask.options.need)
    if not math.isfinite(need) or need <= 0:
        return Absent("figure", ask.options.need)
    return Answer(context.sites.table[ask.options.column].astype(float) / need, context.sites.confidence)


def land_use_fit(context: Context, _ask: Ask) -> Answer | Absent:
    """How the site's land use suits the project type.

    ``first``: the type's first code; ``listed``: another of its codes; ``group``: the same main class (1001 industry)
    but not listed; ``other``. Unknown where the site has no code.
    """
    listed = context.brief.type.land_use_codes
    if not listed:
        return Absent("figure", "land_use_codes")
    code = context.sites.table["land_use_code"].astype(str)
    groups = {known[:LAND_USE_GROUP_DIGITS] for known in listed}
    fit = np.select(
        [code == "", code == listed[0], code.isin(listed), code.str[:LAND_USE_GROUP_DIGITS].isin(groups)],
        ["", "first", "listed", "group"],
        default="other",
    )
    return Answer(pd.Series(fit, index=code.index, dtype=object), context.sites.confidence)


def way_in(context: Context, _ask: Ask) -> Answer:
    """How the project would come to the site.

    ``land``: it takes the parcel; ``floor``: it moves into a carrier; ``build``: it needs floors and would build them
    on the parcel; ``none``: it needs land and the site offers floors only.
    """
    kind = context.sites.table["kind"]
    on_parcel, in_carrier = ("land", "none") if context.brief.type.needs == "land" else ("build", "floor")
    return Answer(kind.map({"parcel": on_parcel, "carrier": in_carrier}).astype(object), context.sites.confidence)


def project_flag(context: Context, ask: Ask) -> Answer:
    """Whether the project type carries a flag, ``yes`` or ``no``, the same for every site."""
    word = "yes" if ask.options.flag in context.brief.type.flags else "no"
    return Answer(pd.Series(word, index=context.sites.table.index, dtype=object), context.sites.confidence)
