"""Criteria matrices for tests, by hand and at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.siting.judging.matrix import CriteriaMatrix


def matrix_of(
    values: object,
    *,
    sites: Sequence[str] | None = None,
    criteria: Sequence[str] | None = None,
    confidence: Mapping[str, Confidence] | None = None,
    not_assessed: tuple[str, ...] = (),
) -> CriteriaMatrix:
    array = np.asarray(values, dtype=float)
    names = list(criteria or "abcdefghijklmnop"[: array.shape[1]])
    index = pd.Index(sites or [f"s{i:03d}" for i in range(len(array))], name="site_id", dtype="str")
    value = pd.DataFrame(array, index=index, columns=names)
    surveyed = dict.fromkeys(names, Confidence.SURVEYED)
    return CriteriaMatrix(
        raw=value * 1000, value=value, confidence=confidence or surveyed, not_assessed=not_assessed, digest="0" * 64
    )


def everyone(matrix: CriteriaMatrix) -> pd.Series[bool]:
    return pd.Series(data=True, index=matrix.value.index)


def random_values(sites: int, criteria: int, *, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((sites, criteria))


# Coarse steps make ties, zeros and ones common, which is where ranking goes wrong.
VALUE = st.one_of(st.integers(0, 4).map(lambda k: k / 4), st.floats(0, 1, width=32))
WEIGHT = st.one_of(st.just(0.0), st.integers(1, 5).map(float), st.floats(0.01, 100))


@st.composite
def problems(draw: st.DrawFn, *, gaps: bool = False, sites: int = 6, criteria: int = 4) -> tuple[CriteriaMatrix, dict]:
    """A small random matrix and weights of which at least one is positive."""
    rows, columns = draw(st.integers(1, sites)), draw(st.integers(1, criteria))
    cell = st.one_of(VALUE, st.just(float("nan"))) if gaps else VALUE
    values = [[draw(cell) for _ in range(columns)] for _ in range(rows)]
    matrix = matrix_of(values)
    weights = {name: draw(WEIGHT) for name in matrix.value.columns}
    weights[draw(st.sampled_from(sorted(weights)))] = 1.0
    levels = st.sampled_from(list(Confidence))
    confidence = {name: draw(levels) for name in matrix.value.columns}
    return matrix_of(values, confidence=confidence), weights
