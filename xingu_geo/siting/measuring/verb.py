"""What a measure is: a verb with a unit, what it needs, and what it answers.

Comes in: nothing. Goes out: :class:`Verb`, :class:`Answer`, :class:`Absent`. Must not know: any single measure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.say import Bilingual, Lang, say, texts
from xingu_geo.ground.base.specs import Spec
from xingu_geo.siting.measuring.context import Context

Needs = Literal["sites", "vector", "raster", "sewers"]
Reason = Literal["layer", "feature", "unlocated", "column", "figure", "sewers", "incomplete", "phase", "project"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure for each site.

    ``values`` is indexed by site_id: floats with NaN for unknown, or text with ``""`` for unknown (a class).
    ``left_out`` counts the features of the layer that could not be considered, by reason (``unplaced``: no location
    known; ``vague``: located less well than the measure needs).
    """

    values: pd.Series[Any]
    confidence: Confidence
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a measure cannot be taken at all: ``what`` names the missing layer, figure, column."""

    reason: Reason
    what: str | Bilingual = ""

    def sentence(self, lang: Lang) -> str:
        """The reason in the reader's language."""
        spoken, what = texts(lang), self.what
        if self.reason == "figure":
            what = spoken.get(f"figure.{what}") or spoken.get(f"ui.figure.{what}") or what
        return say(f"absent.{self.reason}", lang, what=what)


class NoOptions(Spec):
    """The options of a verb that takes none."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a verb: the layer's role (``""`` for none) and the verb's own options."""

    layer: str
    options: Any


@dataclass(frozen=True, slots=True)
class Verb:
    """A registered measure.

    ``unit`` of its answer (:data:`AS_DECLARED`: the block in the TOML file says it), ``class`` for text; ``needs``
    says what must be there; ``options`` is the model its options are validated against. ``of_project`` is False for
    a verb that looks at sites and layers only: its answer serves every project.
    """

    function: Callable[[Context, Ask], Answer | Absent]
    unit: str
    needs: Needs = "sites"
    options: type[Spec] = NoOptions
    of_project: bool = True
