"""The passport beside each layer file: what it is, whence it comes, how far it may be trusted.

Comes in: ``<layer>.toml``, or what a passport is to say. Goes out: a validated :class:`Passport`, its text.
Must not know: the layer's contents.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, field_validator

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.specs import Label, Spec, read_toml, validated
from xingu_geo.ground.catalogue.toml_text import toml_lines

Geometry = Literal["polygon", "line", "point", "any", "table", "raster"]
Topology = Literal["no_overlaps", "no_holes", "may_be_unplaced"]
Role = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Column(Spec):
    """One column of a layer: ``unit`` is ``text``, ``bool``, or a unit such as ``m2`` that its name also carries."""

    name: str = Field(min_length=1)
    meaning: Label
    unit: str = Field(min_length=1)
    required: bool


class Passport(Spec):
    """A layer's passport. Every key is required and unknown keys are refused.

    ``role`` is the slot the layer fills (``parcels``, ``residential``, …): the engine asks for roles, so an
    official layer replaces a shipped one by taking its role. ``id_field`` names the column with the stable,
    unique feature id. ``features`` counts the features of the file (bands of a raster), placed or not.
    """

    id: Role
    role: Role
    title: Label
    about: Label
    path: str = Field(min_length=1)
    geometry: Geometry
    crs: str = Field(pattern=r"^(EPSG:\d{4,6}|none)$")
    id_field: str
    fields: tuple[Column, ...]
    features: int = Field(ge=0)
    topology: tuple[Topology, ...]
    licence: str = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    valid_on: dt.date
    accessed_on: dt.date
    confidence: Confidence
    positional_accuracy_m: float = Field(ge=0)
    lineage: Label
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")

    @field_validator("path")
    @classmethod
    def _stays_beside(cls, path: str) -> str:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "://" in path or "\\" in path:
            raise ValueError("a path relative to the passport, inside its folder")
        return path


def read_passport(path: Path) -> Passport:
    """The passport at ``path``; complaints name the file, the key, what was found and what was expected."""
    return validated(Passport, read_toml(path), file=path.name)


def passport_text(passport: Passport) -> str:
    """The passport as TOML, which :func:`read_passport` reads back equal."""
    facts = passport.model_dump()
    columns = facts.pop("fields")
    lines = toml_lines(facts if columns else {**facts, "fields": ()})
    for column in columns:
        lines += ["", "[[fields]]", *toml_lines(column)]
    return "\n".join(lines) + "\n"
