"""Figures kept on disk, site by site: what was measured once is not measured again until its ground changes.

Comes in: a context, a verb's question. Goes out: the answer for every site. Must not know: any single verb.

A verb that looks at a site's shape and at layers gives a site the same figure whichever others are asked with it, so
figures are kept by the shape they belong to: one parcel redrawn is one parcel measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import shapely

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.store import key_of
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.places.place.ground import Ground
from xingu_geo.siting.measuring.context import Context
from xingu_geo.siting.measuring.verb import Absent, Answer

KIND: Final = "figures"
OTHERS: Final = 3  # so many times the sites of the place, of shapes that are not theirs,
OTHERS_MIN: Final = 5_000  # and no fewer: a single parcel of somebody's own is no reason to forget a district
Measure = Callable[[Context], Answer | Absent]


def figures_kept(
    context: Context, question: tuple[str, ...], roles: frozenset[str], measure: Measure
) -> Answer | Absent:
    """What ``measure`` answers for the context's sites, taken from disk for every shape it was asked of before.

    Parameters
    ----------
    question
        The verb, its layer and its options.
    roles
        The layers that the answer rests on, beside the sites' shapes.
    """
    store, digests = context.ground.store, context.catalogue.digests
    layers = [digests[role] for role in sorted(roles & digests.keys())]
    key = key_of(KIND, str(context.catalogue.crs), list(question), layers, context.sites.confidence.value)
    shapes = context.ground.once("shape digests", lambda: _digests(context))
    held: dict[str, Any] = store.get(key) or {}
    known = shapes.isin(held["figures"].index) if held else pd.Series(data=False, index=shapes.index)
    if known.all() and held:
        return _answer(shapes, held)
    answer = measure(_part(context, shapes.index[~known]))
    if isinstance(answer, Absent):
        return answer
    if layers != _as_they_lie(context.catalogue, roles):  # changed meanwhile: what was kept is of other layers
        return measure(context) if known.any() else answer
    fresh = pd.Series(answer.values.to_numpy(), index=shapes[~known].to_numpy())
    every = pd.concat([fresh, held["figures"]]) if held else fresh
    # A shape that two sites share stands once; those of other sets of sites are kept for a while.
    every = every[~every.index.duplicated()]
    here = every.index.isin(shapes.to_numpy())
    found = {
        "figures": pd.concat([every[here], every[~here].head(max(OTHERS * len(shapes), OTHERS_MIN))]),
        "confidence": answer.confidence.value,
        "left_out": dict(answer.left_out),
    }
    store.put(key, found)
    return _answer(shapes, found)


def _answer(shapes: pd.Series[str], held: dict[str, Any]) -> Answer:
    values = pd.Series(held["figures"].reindex(shapes.to_numpy()).to_numpy(), index=shapes.index)
    return Answer(values, Confidence(held["confidence"]), held["left_out"])


def _as_they_lie(catalogue: Catalogue, roles: frozenset[str]) -> list[str] | None:
    """The digests of the layers' files as they are at this moment; None where one is gone."""
    try:
        return [catalogue.entries[role].digest for role in sorted(roles & catalogue.entries.keys())]
    except OSError:
        return None


def _part(context: Context, sites: pd.Index[str]) -> Context:
    """The context of some of the sites alone; what rests on layers is shared."""
    if len(sites) == len(context.sites.table):
        return context
    part = replace(context.sites, table=context.sites.table.loc[sites])
    return replace(context, sites=part, ground=Ground())


def _digests(context: Context) -> pd.Series[str]:
    shapes = shapely.to_wkb(context.sites.table.geometry.to_numpy(), include_srid=False)
    digests = ["" if shape is None else hashlib.blake2b(shape, digest_size=16).hexdigest() for shape in shapes]
    return pd.Series(digests, index=context.sites.table.index, dtype=object)
