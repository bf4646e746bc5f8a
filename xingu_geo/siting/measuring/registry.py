"""The verbs a rule or a criterion may ask for, by name.

Comes in: the measures of this room. Goes out: :data:`VERBS`, :func:`measured`. Must not know: who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from xingu_geo.ground.base.specs import Spec
from xingu_geo.ground.planning.asking import AS_DECLARED, layers_of
from xingu_geo.siting.measuring import of_chain, of_layers, of_sewers, of_sites
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.kept import figures_kept
from xingu_geo.siting.measuring.verb import Absent, Answer, Ask, Verb

VERBS: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "site_number": Verb(of_sites.site_number, AS_DECLARED, "sites", of_sites.NumberOptions, of_project=False),
        "site_class": Verb(of_sites.site_class, "class", "sites", of_sites.ClassOptions, of_project=False),
        "compactness": Verb(of_sites.site_compactness, "share", of_project=False),
        "ratio_to_need": Verb(of_sites.ratio_to_need, "ratio", "sites", of_sites.RatioOptions),
        "land_use_fit": Verb(of_sites.land_use_fit, "class"),
        "way_in": Verb(of_sites.way_in, "class"),
        "project_flag": Verb(of_sites.project_flag, "class", "sites", of_sites.FlagOptions),
        "distance": Verb(of_layers.distance, "m", "vector", of_layers.PickOptions, of_project=False),
        "overlap_share": Verb(of_layers.overlap, "share", "vector", of_layers.PickOptions, of_project=False),
        "people_within": Verb(of_layers.people, "persons", "vector", of_layers.PeopleOptions, of_project=False),
        "road_distance": Verb(of_layers.road, "m", "vector", of_layers.RoadOptions, of_project=False),
        "zone_fit": Verb(of_layers.zone_fit, "class", "vector"),
        "raster": Verb(of_layers.raster, AS_DECLARED, "raster", of_layers.RasterOptions, of_project=False),
        "chain_neighbours": Verb(of_chain.neighbours, "count", "vector", of_chain.NearChainOptions),
        "chain_distance": Verb(of_chain.nearest_neighbour, "m", "vector", of_chain.ChainOptions),
        "headroom": Verb(of_sewers.headroom_m3_d, "m3_d", "sewers"),
        "headroom_to_come": Verb(of_sewers.headroom_to_come_m3_d, "m3_d", "sewers"),
        "headroom_after": Verb(of_sewers.headroom_after_m3_d, "m3_d", "sewers"),
        "headroom_ratio": Verb(of_sewers.headroom_ratio, "ratio", "sewers"),
        "tie_in_distance": Verb(of_sewers.tie_in_m, "m", "sewers"),
    }
)


def measured(context: Context, verb: str, *, layer: str, options: Spec) -> Answer | Absent:
    """The answer of ``verb``, or why there is none; the same question in one context is worked out once.

    The answer of a verb that does not look at the project is kept for every project of the ground.
    """
    known = VERBS[verb]
    if known.needs in ("vector", "raster") and layer not in context.catalogue:
        return Absent("layer", layer)
    question = (verb, layer, options.model_dump_json())

    def measure(asked: Context) -> Answer | Absent:
        return known.function(asked, Ask(layer, options))

    if known.of_project:
        return context.asked.once(question, lambda: measure(context))
    if known.needs == "sites" or not context.ground.store.is_on:
        return context.ground.once(question, lambda: measure(context))
    roles = frozenset(layers_of(layer, options.model_dump()))
    return context.ground.once(question, lambda: figures_kept(context, question, roles, measure))


def verbs_table() -> str:
    """The verbs as a Markdown table: name, unit, what they need, what they answer."""
    rows = ["| measure | unit | needs | answers |", "|---|---|---|---|"]
    for name, verb in VERBS.items():
        answer = (verb.function.__doc__ or "").split("\n", 1)[0]
        rows.append(f"| `{name}` | {verb.unit or 'as declared'} | {verb.needs} | {answer} |")
    return "\n".join(rows)
