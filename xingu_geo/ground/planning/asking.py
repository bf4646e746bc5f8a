"""What a rule and a criterion have in common: a title, a measure to ask for, whom it concerns, why, whence.

Comes in: TOML tables. Goes out: :class:`Asking` models, every complaint with file and key.
Must not know: limits, value functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self, TypeVar

from pydantic import Field, ValidationInfo, model_validator

from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.base.specs import Label, Spec, read_toml, validated

AS_DECLARED: Final = ""  # a verb whose unit is whatever the column or raster holds
CLASS: Final = "class"  # the unit of a verb that answers with a word


class VerbSheet(Protocol):
    """What a specification must know of a verb: its unit, what it needs, the model of its options."""

    @property
    def unit(self) -> str:
        """Of its answer; :data:`AS_DECLARED` where the block says it."""
        ...

    @property
    def needs(self) -> str:
        """``sites``, ``vector``, ``raster`` or ``sewers``."""
        ...

    @property
    def options(self) -> type[Spec]:
        """What its options are validated against."""
        ...


class AppliesTo(Spec):
    """Whom it concerns: kinds of site, and projects that need land or floors; all by default."""

    sites: tuple[Literal["parcel", "carrier"], ...] = ("parcel", "carrier")
    projects: tuple[Literal["land", "floor"], ...] = ("land", "floor")


class Asking(Spec):
    """The base of ``Rule`` and ``Criterion``.

    ``measure`` is a verb by name, ``layer`` the role it looks at, ``options``
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
    def _verb_fits(self, info: ValidationInfo) -> Self:
        verbs: Mapping[str, VerbSheet] = info.context or {}
        if not verbs:
            return self
        verb = verbs.get(self.measure)
        if verb is None:
            raise ValueError(f"measure is one of {', '.join(verbs)}")
        if (verb.needs in ("vector", "raster")) != bool(self.layer):
            raise ValueError(f"{self.measure} needs {'a' if verb.needs in ('vector', 'raster') else 'no'} layer")
        if verb.unit not in (AS_DECLARED, self.unit):
            raise ValueError(f"the unit of {self.measure} is {verb.unit}")
        return self

    @property
    def is_class(self) -> bool:
        """Whether the measure answers with a word instead of a number."""
        return self.unit == CLASS


A = TypeVar("A", bound=Asking)


def read_asking(model: type[A], path: Path, verbs: Mapping[str, VerbSheet]) -> tuple[A, ...]:
    """Every block of the TOML file at ``path`` as a ``model``, in the file's order; complaints are collected.

    ``verbs`` are the measures there are: a block that asks for another, or in another unit, is refused.
    """
    blocks: list[A] = []
    complaints: list[XinguError] = []
    for name, tables in read_toml(path).items():
        try:
            blocks.append(_block(model, name, tables, verbs, file=path.name))
        except XinguError as complaint:
            complaints += getattr(complaint, "complaints", (complaint,))
    raise_all(complaints)
    return tuple(blocks)


def layers_named(*files: Path) -> tuple[str, ...]:
    """The roles that the blocks of ``files`` name, each once, in their order; a file that is not there names none.

    What a block asks of them is not looked at, so that a role can be filled before the measures are known.
    """
    tables = [read_toml(file) for file in files if file.is_file()]
    blocks = [block for table in tables for block in table.values() if isinstance(block, dict)]
    return tuple(dict.fromkeys(name for one in blocks for name in layers_of(one.get("layer"), one.get("options"))))


def layers_of(layer: object, options: object) -> tuple[str, ...]:
    """The roles a question names: the layer it looks at, and the one that its options lead to."""
    goal = options.get("to_layer") if isinstance(options, Mapping) else None
    return tuple(str(role) for role in (layer, goal) if role)


def _block(model: type[A], name: str, tables: object, verbs: Mapping[str, VerbSheet], *, file: str) -> A:
    if not isinstance(tables, dict):
        raise XinguError("block_wrong", file=file, key=name)
    block = validated(model, {"id": name, **tables}, file=file, prefix=f"{name}.", context=verbs)
    validated(verbs[block.measure].options, block.options, file=file, prefix=f"{name}.options.")
    return block
