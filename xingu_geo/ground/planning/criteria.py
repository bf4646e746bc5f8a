"""A criterion as data: what is measured, and what each figure is worth on fixed anchors.

Comes in: ``data/criteria.toml``. Goes out: :class:`Criterion`, :func:`read_criteria`.
Must not know: which sites there are (anchors never depend on the candidates), weights chosen by a study.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from xingu_geo.ground.base.specs import Label, Spec
from xingu_geo.ground.planning.asking import Asking, VerbSheet, read_asking

Direction = Literal["more", "less", "target", "class"]
Group = Literal["land", "plan", "access", "environment", "sewers", "terrain"]


class ClassValue(Spec):
    """One word a class measure may answer with: how it is said, what it is worth."""

    value: float = Field(ge=0, le=1)
    label: Label


class Criterion(Asking):
    """One criterion.

    ``anchors`` are [figure, value] points, figures increasing: between two of them the value is linear, beyond the
    first and the last it stays. ``classes`` maps each word of a class measure to its value; a word not listed is
    missing. ``direction`` says how to read the anchors: ``more`` (never falling), ``less`` (never rising), ``target``
    (best in between), ``class``.
    """

    group: Group
    direction: Direction
    anchors: tuple[tuple[float, float], ...] = ()
    classes: dict[str, ClassValue] = Field(default_factory=dict)
    weight: float = Field(ge=0)

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        if self.is_class != bool(self.classes) or self.is_class == bool(self.anchors):
            raise ValueError("classes for a class measure, anchors for any other, never both")
        if self.is_class != (self.direction == "class"):
            raise ValueError("direction is class exactly for a class measure")
        if not self.is_class:
            _check_anchors(self.anchors, self.direction)
        return self

    def value(self, values: pd.Series[Any]) -> NDArray[np.float64]:
        """What each measured figure or word is worth, 0 to 1; NaN where unknown."""
        if self.is_class:
            by_word = {word: entry.value for word, entry in self.classes.items()}
            return np.asarray(values.map(by_word), dtype=np.float64)
        return self.worth(values.to_numpy(dtype=float))

    def worth(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each figure is worth on the anchors, any shape; a figure that is not finite is unknown (NaN)."""
        at, worths = np.array(self.anchors).T
        # np.interp keeps NaN, but would also take ±inf for an end.
        return np.where(np.isfinite(figures), np.interp(figures, at, worths), np.nan)


def read_criteria(path: Path, verbs: Mapping[str, VerbSheet]) -> tuple[Criterion, ...]:
    """The criteria of the TOML file at ``path``, in its order; complaints name file, key, found and expected."""
    return read_asking(Criterion, path, verbs)


def _check_anchors(anchors: tuple[tuple[float, float], ...], direction: Direction) -> None:
    figures, worths = [figure for figure, _ in anchors], [worth for _, worth in anchors]
    if len(anchors) < 2 or any(b <= a for a, b in pairwise(figures)):
        raise ValueError("at least two anchors, figures increasing")
    if min(worths) < 0 or max(worths) > 1:
        raise ValueError("the value of an anchor lies between 0 and 1")
    steps = [b - a for a, b in pairwise(worths)]
    if (direction == "more" and min(steps) < 0) or (direction == "less" and max(steps) > 0):
        raise ValueError(f"anchors that suit the direction {direction}")
