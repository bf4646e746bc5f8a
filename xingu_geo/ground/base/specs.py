"""Specifications read from TOML and validated, every complaint collected with its file and key.

Comes in: a TOML file and a pydantic model. Goes out: the model, or one :class:`Complaints`.
Must not know: what any specification is for.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.base.say import Bilingual, Lang


class Spec(BaseModel):
    """The base of every specification: frozen, unknown keys refused, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class Label(Spec):
    """A label a planner writes in TOML as ``{zh = "…", en = "…"}``; both languages are required."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def to(self, lang: Lang) -> str:
        """The label in ``lang``."""
        return self.zh if lang == "zh" else self.en

    @property
    def spoken(self) -> Bilingual:
        """The label as a fact for :func:`xingu_geo.ground.base.say.say`."""
        return Bilingual(self.zh, self.en)


S = TypeVar("S", bound=Spec)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of the TOML file at ``path``; a missing, unreadable or broken file is one sentence."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise XinguError("file_missing", file=path.name, folder=path.parent) from error
    except tomllib.TOMLDecodeError as error:
        raise XinguError("toml_broken", file=path.name, detail=str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise XinguError("file_unreadable", file=path.name, detail=type(error).__name__) from error


def read_spec(model: type[S], path: Path) -> S:
    """The TOML file at ``path`` as a ``model``; see :func:`read_toml` and :func:`validated`."""
    return validated(model, read_toml(path), file=path.name)


def validated(model: type[S], tables: object, *, file: str, prefix: str = "", context: Any = None) -> S:
    """``tables`` as a ``model``; all complaints are raised together, each naming file, key, found and expected.

    ``context`` is what the model's validators may ask (pydantic's ``info.context``).
    """
    try:
        return model.model_validate(tables, context=context)
    except ValidationError as error:
        raise_all([_complaint(details, file=file, prefix=prefix) for details in error.errors()])
        raise


def _complaint(details: Any, *, file: str, prefix: str) -> XinguError:
    key = prefix + ".".join(str(part) for part in details["loc"])
    kind = details["type"]
    if kind == "missing":
        return XinguError("key_missing", file=file, key=key)
    if kind == "extra_forbidden":
        return XinguError("key_unknown", file=file, key=key)
    found = repr(details["input"])
    return XinguError("key_wrong", file=file, key=key, found=found[:60], expected=details["msg"])
