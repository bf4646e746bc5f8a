"""What a rule and a criterion have in common: a title, a measure to ask for, whom it concerns, why, whence.

Comes in: TOML tables. Goes out: :class:`Asking` models, every complaint with file and key.
Must not know: limits, value functions.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, model_validator

from xingu_geo.base.errors import XinguError, raise_all
from xingu_geo.base.specs import Label, Spec, read_toml, validated
from xingu_geo.measuring.context import Context
from xingu_geo.measuring.registry import VERBS, measured
from xingu_geo.measuring.verb import AS_DECLARED, Absent, Measured


class AppliesTo(Spec):
    """Whom it concerns: kinds of site, and projects that need land or floors; all by default."""

    sites: tuple[Literal["parcel", "carrier"], ...] = ("parcel", "carrier")
    projects: tuple[Literal["land", "floor"], ...] = ("land", "floor")


class Asking(Spec):
    """The base of ``Rule`` and ``Criterion``.

    ``measure`` is a verb of :data:`xingu_geo.measuring.registry.VERBS`, ``layer`` the role it looks at, ``options``
    the verb's own. ``unit`` repeats the verb's unit, so that the file reads by itself; the two must agree.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Label
    measure: str
    layer: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    unit: str
    applies_to: AppliesTo = AppliesTo()
    why: Label
    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _verb_fits(self) -> Self:
        verb = VERBS.get(self.measure)
        if verb is None:
            raise ValueError(f"measure is one of {', '.join(VERBS)}")
        if (verb.needs in ("vector", "raster")) != bool(self.layer):
            raise ValueError(f"{self.measure} needs {'a' if verb.needs in ('vector', 'raster') else 'no'} layer")
        if verb.unit not in (AS_DECLARED, self.unit):
            raise ValueError(f"the unit of {self.measure} is {verb.unit}")
        return self

    @property
    def is_class(self) -> bool:
        """Whether the measure answers with a word instead of a number."""
        return VERBS[self.measure].is_class


A = TypeVar("A", bound=Asking)


def ask(context: Context, asking: Asking) -> Measured | Absent:
    """The measure of every site, blank (NaN or ``""``) where the site's kind is not concerned."""
    if context.brief.type.needs not in asking.applies_to.projects:
        return Absent("project", context.brief.type.needs)
    options = VERBS[asking.measure].options.model_validate(asking.options)
    answer = measured(context, asking.measure, layer=asking.layer, options=options)
    if isinstance(answer, Absent):
        return answer
    concerned = context.sites.table["kind"].isin(asking.applies_to.sites)
    blank = "" if asking.is_class else math.nan
    return Measured(answer.values.where(concerned, blank), answer.confidence, answer.left_out)


def read_asking(model: type[A], path: Path) -> tuple[A, ...]:
    """Every block of the TOML file at ``path`` as a ``model``, in the file's order; complaints are collected."""
    blocks: list[A] = []
    complaints: list[XinguError] = []
    for name, tables in read_toml(path).items():
        try:
            blocks.append(_block(model, name, tables, file=path.name))
        except XinguError as complaint:
            complaints += getattr(complaint, "complaints", (complaint,))
    raise_all(complaints)
    return tuple(blocks)


def _block(model: type[A], name: str, tables: object, *, file: str) -> A:
    if not isinstance(tables, dict):
        raise XinguError("block_wrong", file=file, key=name)
    block = validated(model, {"id": name, **tables}, file=file, prefix=f"{name}.")
    validated(VERBS[block.measure].options, block.options, file=file, prefix=f"{name}.options.")
    return block
